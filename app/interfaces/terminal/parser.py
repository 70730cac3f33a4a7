"""The command line's words, made from the table of operations."""

from __future__ import annotations

import argparse
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NoReturn

from app import __version__
from app.api import Operation
from app.errors import InvalidInput
from app.interfaces.terminal.options import VALUE as _VALUE
from app.interfaces.terminal.options import metavar_of, option_name
from app.interfaces.terminal.shared import add_shared, chosen, shared_words
from app.parameters import Parameter

PROGRAM = "dumpster"
GLOBAL = frozenset({"library", "json", "quiet", "verbose", "version"})


@dataclass(frozen=True)
class Asked:
    """What a command line asks for.

    ``command`` is "serve", "demo", "settings", "version", empty for no command, or
    "operation", and then ``operation`` and ``values`` (by wire name) say which.
    """

    command: str
    library: Path | None
    json: bool
    quiet: bool
    verbose: bool
    operation: Operation | None = None
    values: Mapping[str, object] = field(default_factory=dict)


class _Parser(argparse.ArgumentParser):
    """Refuses as the rest of the program does, not by printing and leaving."""

    def error(self, message: str) -> NoReturn:
        """Turn argparse's complaint into a refusal."""
        raise InvalidInput(f"{message[:1].upper()}{message[1:]}.", hint=f"See {self.prog} --help.")


def read_command(operations: Sequence[Operation], arguments: Sequence[str]) -> Asked:
    """Read a command line. Raises InvalidInput; SystemExit after showing a help page.

    A parser of the rows named in the command line reads nearly all, and spares loading
    the other rows' modules; a help page, and what it cannot read, are the whole one's.
    """
    words, sources = _without_sources(arguments, _commands(operations))
    if not {"-h", "--help"} & set(words):
        named = [each for each in operations if set(each.command.split()) <= set(words)]
        with suppress(InvalidInput):
            return _read(_build_parser(named), words, sources)
    return _read(_build_parser(operations), words, sources)


def _commands(operations: Sequence[Operation]) -> frozenset[str]:
    """Answer the first words of all commands."""
    ours = (each.command.partition(" ")[0] for each in operations if each.command)
    return frozenset((*ours, "settings", "serve", "demo"))


def _build_parser(operations: Sequence[Operation]) -> _Parser:
    """Build the parser: a command a row, and those that are no operation."""
    parser = _Parser(
        prog=PROGRAM,
        description="Keeps your ChatGPT history on your own disk. Without a command: open the app.",
        allow_abbrev=False,
    )
    _add_global(parser, is_top=True)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    groups: dict[str, argparse._SubParsersAction[_Parser]] = {}
    for operation in operations:
        if operation.when:
            continue
        words = operation.command.split()
        if len(words) == 2:
            if words[0] not in groups:
                groups[words[0]] = _group(commands, words[0], operations)
            _add_operation(groups[words[0]], words[1], operation)
        elif words:
            _add_operation(commands, words[0], operation)
    for command in dict.fromkeys(each.command for each in operations if each.when):
        sharing = [each for each in operations if each.command == command]
        add_shared(commands, command, sharing, partial(_add_global, is_top=False))
    _add_settings(commands)
    _add_serving(commands)
    return parser


def _read(parser: _Parser, words: Sequence[str], sources: Sequence[str]) -> Asked:
    """Read a command line without ``sources``, the files given without a command."""
    found = vars(parser.parse_args(words))
    if sources:
        found[_VALUE + "sources"] = sources
    values = {
        name.removeprefix(_VALUE): value for name, value in found.items() if name.startswith(_VALUE)
    }
    command = "version" if found["version"] else found.get("command", "")
    if "sharing" in found:
        return Asked(
            "operation",
            found["library"],
            found["json"],
            found["quiet"],
            found["verbose"],
            *chosen(found["sharing"], found),
        )
    return Asked(
        command,
        found["library"],
        found["json"],
        found["quiet"],
        found["verbose"],
        found.get("operation"),
        values,
    )


def _without_sources(
    arguments: Sequence[str], commands: Container[str]
) -> tuple[list[str], list[str]]:
    """Take out files given without a command, as "Open with" does; they are to be imported.

    What is no file here stays: the parser knows the commands, and what to say of others.
    """
    words: list[str] = []
    sources: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word in commands:
            return list(arguments), []
        if word == "--library":
            words += [word, *islice(waiting, 1)]
        elif not word.startswith("-") and Path(word).exists():
            sources.append(word)
        else:
            words.append(word)
    return words, sources


def _add_global(parser: argparse.ArgumentParser, *, is_top: bool) -> None:
    """Add the options that stand before or after the command alike."""

    def default(value: object) -> object:
        return value if is_top else argparse.SUPPRESS

    group = parser.add_argument_group("options of every command")
    group.add_argument(
        "--library",
        metavar="DIR",
        type=Path,
        default=default(None),
        help="the library folder (else DUMPSTER_LIBRARY, else ~/Data Dumpster Diver)",
    )
    for name, meaning in (
        ("json", "answer one JSON document"),
        ("quiet", "no progress"),
        ("verbose", "tell more on standard error"),
        ("version", "show the version"),
    ):
        group.add_argument(f"--{name}", action="store_true", default=default(False), help=meaning)


def _group(
    commands: argparse._SubParsersAction[_Parser], word: str, operations: Sequence[Operation]
) -> argparse._SubParsersAction[_Parser]:
    """Add a noun whose verbs are commands: ``exports``, ``conversations`` …"""
    verbs = [each.command.split()[1] for each in operations if each.command.startswith(f"{word} ")]
    text = f"{word}: {', '.join(verbs)}"
    noun = commands.add_parser(word, help=text, description=text, allow_abbrev=False)
    _add_global(noun, is_top=False)
    return noun.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)


def _add_operation(
    commands: argparse._SubParsersAction[_Parser], word: str, operation: Operation
) -> None:
    text = operation.help.replace("%", "%%")
    command = commands.add_parser(word, help=text, description=text, allow_abbrev=False)
    command.set_defaults(command="operation", operation=operation)
    for parameter in operation.parameters:
        if not parameter.secret:
            _add_parameter(command, parameter, operation)
    _add_global(command, is_top=False)


def _add_parameter(
    command: argparse.ArgumentParser, parameter: Parameter, operation: Operation
) -> None:
    """Add one value, by its place or by its name.

    Choices and numbers are checked by the table, so that every skin refuses alike.
    """
    name, metavar = option_name(parameter), metavar_of(parameter)
    place = _VALUE + parameter.wire_name
    text = parameter.help.replace("%", "%%")
    if _is_positional(parameter, operation):
        many = "+" if parameter.required else "*"
        one = None if parameter.required else "?"
        nargs = many if parameter.kind == "list" else one
        command.add_argument(
            place, metavar=metavar, nargs=nargs, default=argparse.SUPPRESS, help=text
        )
    elif parameter.kind == "flag":
        command.add_argument(
            f"--{name}",
            dest=place,
            action=argparse.BooleanOptionalAction,
            default=argparse.SUPPRESS,
            help=text,
        )
    else:
        usual = "all" if parameter.wire_name in operation.typed else parameter.default
        shown = f" ({usual})" if usual not in (None, "", []) else ""
        command.add_argument(
            f"--{name}",
            dest=place,
            metavar=metavar,
            nargs="+" if parameter.kind == "list" else None,
            default=argparse.SUPPRESS,
            help=text + shown,
        )


def words_of(parameter: Parameter, operation: Operation) -> str:
    """Write how one value is given on the command line: ``EXPORT``, ``[ID…]``, ``[--limit N]``.

    Empty if it cannot be given there.
    """
    if parameter.secret:
        return ""
    if operation.when:
        return shared_words(parameter, operation)
    name = option_name(parameter)
    metavar = metavar_of(parameter)
    if _is_positional(parameter, operation):
        many = f"{metavar}…" if parameter.kind == "list" else metavar
        return many if parameter.required else f"[{many}]"
    more = "…" if parameter.kind == "list" else ""
    return f"[--{name}]" if parameter.kind == "flag" else f"[--{name} {metavar}{more}]"


def _is_positional(parameter: Parameter, operation: Operation) -> bool:
    """Tell whether a value is given by its place: required, in the address, or a list.

    A list that the operation names among its options is one: ``--only PATH…``.
    """
    if parameter.required or parameter.wire_name in operation.path_names:
        return True
    return parameter.kind == "list" and parameter.name not in operation.options


def _add_settings(commands: argparse._SubParsersAction[_Parser]) -> None:
    """Add ``settings [KEY [VALUE]]``: two operations under one word."""
    text = "Show every setting, show one, or change it."
    command = commands.add_parser("settings", help=text, description=text, allow_abbrev=False)
    command.set_defaults(command="settings")
    for name, meaning in (("key", "which setting"), ("value", "its new value")):
        command.add_argument(
            _VALUE + name,
            metavar=name.upper(),
            nargs="?",
            default=argparse.SUPPRESS,
            help=meaning,
        )
    _add_global(command, is_top=False)


def _add_serving(commands: argparse._SubParsersAction[_Parser]) -> None:
    """Add ``serve`` and ``demo``."""
    serve_text = "Serve the page without opening it; prints an address that works once."
    demo_text = "Fill a scratch library with an invented export, and open it."
    for word, text in (("serve", serve_text), ("demo", demo_text)):
        command = commands.add_parser(word, help=text, description=text, allow_abbrev=False)
        command.set_defaults(command=word)
        command.add_argument(
            "--port",
            dest=f"{_VALUE}port",
            metavar="N",
            default="0",
            help="the port to serve on (any that is free)",
        )
        if word == "demo":
            command.add_argument(
                "--no-open",
                dest=f"{_VALUE}noOpen",
                action="store_true",
                help="print the address instead of opening it",
            )
        _add_global(command, is_top=False)


def version() -> str:
    """Answer the line ``--version`` prints."""
    return f"{PROGRAM} {__version__}"
