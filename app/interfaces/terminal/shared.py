"""Operations that share one command: `migrate --list`, `migrate --session ID` and so on.

Exactly one option says which is meant; it may carry one of the operation's own values.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.api import Operation
from app.errors import InvalidInput
from app.interfaces.terminal.options import VALUE, metavar_of, option_name
from app.parameters import Parameter

_WHEN = "when:"


def add_shared(
    commands: argparse._SubParsersAction[Any],
    word: str,
    operations: Sequence[Operation],
    add_global: Callable[[argparse.ArgumentParser], None],
) -> None:
    """Add a command for several operations, with the options of all of them."""
    text = f"{word}: {', '.join(f'--{each.when}' for each in operations)}"
    command = commands.add_parser(word, help=text, description=text, allow_abbrev=False)
    command.set_defaults(sharing=tuple(operations))
    meant = command.add_mutually_exclusive_group(required=True)
    for operation in operations:
        _add_when(meant, operation)
    known = {each.when for each in operations}
    for operation in operations:
        for name, parameter in _named(operation):
            if name not in known:
                known.add(name)
                _add_option(command, name, parameter)
    add_global(command)


def chosen(
    operations: Sequence[Operation], found: Mapping[str, object]
) -> tuple[Operation, dict[str, object]]:
    """Answer the operation meant and its values by wire name.

    Raises InvalidInput for an option that goes with another one.
    """
    operation = next(each for each in operations if _WHEN + each.when in found)
    names = {name: parameter.wire_name for name, parameter in _named(operation)}
    values: dict[str, object] = {}
    if operation.when in names:
        values[names[operation.when]] = found[_WHEN + operation.when]
    for place, value in found.items():
        name = place.removeprefix(VALUE)
        if not place.startswith(VALUE):
            continue
        if name not in names:
            raise InvalidInput(
                f"--{name} does not go with --{operation.when}.",
                hint=f"See dumpster {operation.command} --help.",
            )
        values[names[name]] = value
    return operation, values


def shared_words(parameter: Parameter, operation: Operation) -> str:
    """Write how a value of a shared command is given; empty if it is not given there."""
    name = _name(parameter, operation)
    if not name:
        return ""
    if parameter.kind == "flag":
        return f"[--{name}]"
    words = f"--{name} {metavar_of(parameter, name)}"
    return words if name == operation.when else f"[{words}]"


def _add_when(group: argparse._MutuallyExclusiveGroup, operation: Operation) -> None:
    text = operation.help.replace("%", "%%")
    place = _WHEN + operation.when
    carried = [each for name, each in _named(operation) if name == operation.when]
    if carried:
        metavar = metavar_of(carried[0], operation.when)
        group.add_argument(
            f"--{operation.when}",
            dest=place,
            metavar=metavar,
            default=argparse.SUPPRESS,
            help=text,
        )
    else:
        group.add_argument(
            f"--{operation.when}",
            dest=place,
            action="store_true",
            default=argparse.SUPPRESS,
            help=text,
        )


def _add_option(command: argparse.ArgumentParser, name: str, parameter: Parameter) -> None:
    text, place = parameter.help.replace("%", "%%"), VALUE + name
    if parameter.kind == "flag":
        command.add_argument(
            f"--{name}", dest=place, action="store_true", default=argparse.SUPPRESS, help=text
        )
        return
    shown = f" ({parameter.default})" if parameter.default not in (None, "") else ""
    command.add_argument(
        f"--{name}",
        dest=place,
        metavar=metavar_of(parameter, name),
        default=argparse.SUPPRESS,
        help=text + shown,
    )


def _named(operation: Operation) -> Iterator[tuple[str, Parameter]]:
    """Yield an operation's values with their options; not those without one."""
    for parameter in operation.parameters:
        if name := _name(parameter, operation):
            yield name, parameter


def _name(parameter: Parameter, operation: Operation) -> str:
    return operation.options.get(parameter.name, option_name(parameter))
