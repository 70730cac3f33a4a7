"""Running one command: read it, do it, say how it ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper

from app.api import Operation
from app.bugs import as_bug
from app.errors import AppError, Cancelled, InvalidInput, NotFound, PassphraseNeeded
from app.interfaces.terminal.outcome import DONE, FAILED, STOPPED, code_of_error, code_of_result
from app.interfaces.terminal.parser import Asked, read_command, version
from app.interfaces.terminal.phrases import plain
from app.interfaces.terminal.program import Program, library_folder, open_asked_library
from app.interfaces.wire import dump, error_to_wire, stopped_to_wire, to_wire
from app.library import Library

BRINGS = ("export import", "migration run", "migration run all")  # a backup may be due after it


def run(program: Program, arguments: Sequence[str]) -> int:
    """Run one command line and answer its exit code."""
    _speak_utf8()
    as_json = "--json" in arguments
    try:
        asked = read_command(program.operations, arguments)
        return _do(program, asked)
    except SystemExit as shown:  # argparse showed a help page
        return DONE if shown.code is None else int(shown.code)
    except (Cancelled, KeyboardInterrupt):
        _tell_stopped(as_json=as_json)
        return STOPPED
    except AppError as error:
        _tell_error(error, as_json=as_json)
        return code_of_error(error)
    except BrokenPipeError:  # whoever read us has seen enough
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as problem:  # noqa: BLE001 - the edge: a bug is told calmly and logged
        bug = as_bug(problem)
        _tell_error(bug, as_json=as_json)
        return code_of_error(bug)


def _do(program: Program, asked: Asked) -> int:
    if asked.command == "version":
        print(dump({"version": version()}) if asked.json else version())
        return DONE
    if asked.command in ("serve", "demo", ""):
        # Imported here: the server's libraries take longer to load than most commands to run.
        from app.interfaces.terminal.serving import serve

        return serve(program, asked)
    if asked.command == "settings":
        return _settings(program, asked)
    if asked.operation is None:
        raise InvalidInput("This command is not known.", hint="See dumpster --help.")
    result = _call(program, asked, asked.operation)
    _tell(result, as_json=asked.json)
    if asked.operation.name in BRINGS:
        _back_up_what_came(program, asked)
    return code_of_result(result)


def _back_up_what_came(program: Program, asked: Asked) -> None:
    """Make the backups the settings ask for after an import: nobody stays open to make them.

    What was asked for is done and told by now; how this went is told beside it.
    """
    library = Library(library_folder(asked))
    operation = program.find("backup run")
    from app.interfaces.terminal.watching import watched_task

    try:
        with watched_task(quiet=asked.quiet) as task:
            report = operation.call(library, {"changed": True}, task)
    except Cancelled:
        print("The backup was stopped; what was asked for before is done.", file=sys.stderr)
        return
    except AppError as error:
        _tell_error(error, as_json=False)
        return
    for each in getattr(report, "items", ()):
        failed = each.error
        told = f"{failed.message} {failed.hint}" if failed else f"Backed up, {each.why}."
        print(plain(f"{each.export}: {told}"), file=sys.stderr)


def _call(program: Program, asked: Asked, operation: Operation) -> object:
    """Call an operation; where a passphrase is all it lacks, ask for that and call it again."""
    try:
        return _call_once(program, asked, operation)
    except PassphraseNeeded as needed:
        from app.interfaces.terminal.asking import ask_passphrase
        from app.operations.backups.known.passphrase import unlock

        unlock(Library(library_folder(asked)), ask_passphrase(needed))
        return _call_once(program, asked, operation)


def _call_once(program: Program, asked: Asked, operation: Operation) -> object:
    """Call an operation with progress shown; its values are checked before anything opens."""
    from app.interfaces.terminal.watching import watched_task

    checked = operation.read({**operation.typed, **asked.values})
    with watched_task(quiet=asked.quiet or not operation.is_long) as task:
        library = open_asked_library(program, asked, task, library_folder(asked))
        return operation.call(library, checked, task)


def _settings(program: Program, asked: Asked) -> int:
    """Show all settings, show one, or change it."""
    key = asked.values.get("key")
    change = "value" in asked.values
    operation = program.find("settings change" if change else "settings show")
    found = _call(program, asked if change else _without_values(asked), operation)
    if not isinstance(found, list):
        raise TypeError("settings are a list")
    one = [each for each in found if each.key == key]
    if key is not None and not one:
        known = ", ".join(each.key for each in found)
        raise NotFound(f"There is no setting called {key}.", hint=f"There are: {known}.", key=key)
    _tell(one[0] if one and not change else one or found, as_json=asked.json)
    return DONE


def _without_values(asked: Asked) -> Asked:
    return Asked(asked.command, asked.library, asked.json, asked.quiet, asked.verbose)


def _tell(result: object, *, as_json: bool) -> None:
    if as_json:
        print(dump(to_wire(result), indent=2))
        return
    from app.interfaces.terminal.text.show import show

    show(result)


def _tell_error(error: AppError, *, as_json: bool) -> None:
    if as_json:
        print(dump({"error": error_to_wire(error)}))
        return
    print(plain(error.message), file=sys.stderr)
    if error.hint:
        print(plain(error.hint), file=sys.stderr)


def _tell_stopped(*, as_json: bool) -> None:
    if as_json:
        print(dump({"error": stopped_to_wire(Cancelled())}))
    else:
        print("Stopped. Nothing half-done was kept.", file=sys.stderr)


def _speak_utf8() -> None:
    """Write any script, whatever the terminal's code page says; scripts read UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
