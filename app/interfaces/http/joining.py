"""The modules of the page's first look, joined into one: a browser asks once instead of 33 times.

Each module stays a function of its own, so its private names stay private; what it exports is
found by its address. Who imports it at that address, as modules that come later do, is given the
very same objects. For modules written as ours are: named imports and exports, one a statement,
each at the beginning of a line.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from posixpath import normpath
from threading import Lock

from app.errors import AppError
from app.files.paths import join_inside

MAIN = "main.js"
_IMPORT = re.compile(r'^import (?:\{([^{}]*)\} from )?"(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const)\b)", re.MULTILINE)
_EXPORTED = re.compile(
    r"^export (?:async function|function|class|const)[ *]+([\w$]+)", re.MULTILINE
)
_LATER = re.compile(r'import\("(\.[^"]+)"\)')
_NOT_JOINED = re.compile(r"^(?:import|export|await)\b.*|import\.meta", re.MULTILINE)

log = logging.getLogger("app.page")


class FirstLook:
    """Answers what stands at the addresses of the joined modules; a changed file is seen."""

    def __init__(self, web: Path) -> None:
        self._web = web
        self._lock = Lock()
        self._answers: Mapping[str, bytes] = {}
        self._seen: tuple[int, ...] | None = None

    def find(self, path: str) -> bytes | None:
        """Answer what to send for a module, by its path in the page's folder; None: the file.

        Where modules cannot be joined all are sent as they are.
        """
        with self._lock:
            if self._seen is None or self._seen != self._times():
                try:
                    self._answers = join(self._web)
                except (AppError, OSError, ValueError) as problem:
                    log.warning("the page's modules are sent one by one: %s", problem)
                    self._answers = {}
                self._seen = self._times()
            return self._answers.get(path)

    def _times(self) -> tuple[int, ...]:
        files = [self._web / name for name in self._answers or (MAIN,)]
        return tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)


def join(web: Path) -> dict[str, bytes]:
    """Answer what to send for ``main.js`` and for each module it imports, by its path.

    Raises ValueError where one is not written so that it can be joined, OSError where one
    cannot be read.
    """
    modules: dict[str, _Module] = {}
    _gather(web, MAIN, modules, ())
    whole = "".join(each.wrapped() for each in modules.values())
    answers = {path: module.handed_on().encode() for path, module in modules.items()}
    return {**answers, MAIN: f"export const $modules = {{}};\n{whole}".encode()}


class _Module:
    """One module: its text, what it imports by path, and what it exports."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.imports = [(names, _meant(path, address)) for names, address in _IMPORT.findall(text)]
        self.exports = _EXPORTED.findall(text)
        body = _EXPORT.sub("", _IMPORT.sub("", text))
        if left := _NOT_JOINED.search(body):
            raise ValueError(f"{path} has {left[0]!r}")
        self._body = _LATER.sub(lambda found: f'import("/{_meant(path, found[1])}")', body)

    def wrapped(self) -> str:
        """Write it as a function whose result are its exports."""
        given = "".join(
            f'const {{{names.replace(" as ", ": ")}}} = $modules["{path}"];\n'
            for names, path in self.imports
            if names
        )
        exported = f"return {{ {', '.join(self.exports)} }};"
        return f'\n$modules["{self.path}"] = (() => {{\n{given}{self._body}{exported}\n}})();\n'

    def handed_on(self) -> str:
        """Write what stands at its own address: what it exports, from the joined module."""
        names = ", ".join(self.exports)
        return (
            f'import {{ $modules }} from "/{MAIN}";\n'
            f'export const {{ {names} }} = $modules["{self.path}"];\n'
        )


def _gather(web: Path, path: str, found: dict[str, _Module], within: tuple[str, ...]) -> None:
    """Add a module after those it imports, as a browser runs them."""
    if path in within:
        raise ValueError(f"{path} imports itself")
    if path in found:
        return
    module = _Module(path, join_inside(web, path).read_text(encoding="utf-8"))
    for _names, imported in module.imports:
        _gather(web, imported, found, (*within, path))
    found[path] = module


def _meant(path: str, address: str) -> str:
    """Answer which path an address means that stands in the module at ``path``."""
    return normpath(str(PurePosixPath(path).parent / address))
