"""What the command line is made of, and which library it is about."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.api import Operation
from app.core.problems import Problem
from app.interfaces.terminal.parser import Asked
from app.interfaces.terminal.phrases import plain
from app.library import Library, open_library
from app.progress import Task


@dataclass(frozen=True)
class Program:
    """What the command line is made of, put together by `app/main.py`.

    ``prepare`` is told the open library before anything is read from it, and whether the
    insides of exports will be read; it answers what a person should know. ``begin_log`` is
    told whether to be verbose.
    """

    operations: Sequence[Operation]
    prepare: Callable[[Library, Task, bool], Sequence[Problem]]
    begin_log: Callable[[Library, bool], None]
    build_sample: Callable[[Path], Path]
    build_legacy_session: Callable[[Path], Path]

    def find(self, name: str) -> Operation:
        """Answer the operation of this name."""
        return next(each for each in self.operations if each.name == name)


def open_asked_library(program: Program, asked: Asked, task: Task, root: Path) -> Library:
    """Open the library at ``root``, bring it up to date, and tell what a person should know."""
    library = open_as_it_is(program, asked, root)
    contents = asked.operation is None or asked.operation.reads_contents
    tell_problems(program.prepare(library, task, contents))
    return library


def open_as_it_is(program: Program, asked: Asked, root: Path) -> Library:
    """Open the library at ``root`` as the catalog remembers it, for who looks at it later."""
    library = open_library(root)
    program.begin_log(library, asked.verbose)
    return library


def tell_problems(problems: Iterable[Problem]) -> None:
    """Tell what a person should know, in a line each."""
    for problem in problems:
        print(f"{plain(problem.message)} {plain(problem.hint)}".strip(), file=sys.stderr)


def library_folder(asked: Asked) -> Path:
    """Answer which library is meant: the option, the environment, or the usual place."""
    if asked.library is not None:
        return asked.library.expanduser().absolute()
    if named := os.environ.get("DUMPSTER_LIBRARY", ""):
        return Path(named).expanduser().absolute()
    return Path.home() / "Data Dumpster Diver"
