"""The project's own promises: locks without addresses, sizes, names, folders."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from app.interfaces.http.files import Conditions
from app.interfaces.http.page import Page

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [ROOT / "requirements" / name for name in ("run.txt", "test.txt")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCES = sorted(
    path for part in ("app", "db", "tests", "web", "build") for path in (ROOT / part).rglob("*")
)
PYTHON = [path for path in SOURCES if path.suffix == ".py"]
PROGRAM = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in ("app", "db")]
EDGES = {"app/jobs.py"}  # a bug ends the job, not the thread


def pins(lock: Path) -> dict[str, str]:
    """Answer what a lock pins: normalised name to version."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock.read_text(encoding="ascii"), re.M)
    return {name.lower().replace("_", "-"): version for name, version in found}


def wanted(requirements: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements)
    return {name[0].lower().replace("_", "-") for name in names if name}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_address_and_hashes_everything(lock: Path) -> None:
    """A lock holds names, versions and hashes: no index, no address, nothing unhashed."""
    text = lock.read_text(encoding="ascii")

    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|@ ", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert len(entries) == len(pins(lock))


def test_every_dependency_is_pinned() -> None:
    """What pyproject asks for is in the locks, the same versions in both."""
    run_pins, test_pins = map(pins, LOCKS)

    assert wanted(PROJECT["dependencies"]) <= set(run_pins)
    assert wanted(PROJECT["optional-dependencies"]["test"]) <= set(test_pins)
    assert run_pins.items() <= test_pins.items()


def test_no_module_is_needed_to_load_itself() -> None:
    """Modules are loaded late, by many threads at once, so none waits for one that waits for it.

    A module waits for its packages too: one of those that loaded its own modules would be such a
    circle, out of which Python lets one thread see half a module.
    """
    modules = {module_name(path): path for path in PROGRAM}
    waits = {name: waited_for(name, path, modules) for name, path in modules.items()}

    assert len(list(TopologicalSorter(waits).static_order())) == len(modules)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def waited_for(name: str, path: Path, modules: Mapping[str, Path]) -> set[str]:
    """Answer which modules of ours must be loaded before this one is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {name.rpartition(".")[0]}
    for node in loaded_at_once(tree.body):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return {each for each in found if each in modules}


def loaded_at_once(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Answer the statements that run when a module is loaded: no function's, no type's alone."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        for inner in ("body", "orelse", "finalbody"):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from loaded_at_once(getattr(node, inner, []))


def test_files_stay_readable() -> None:
    """No Python file is longer than 500 lines, no folder holds more than 15 modules."""
    long = [path for path in PYTHON if len(path.read_text(encoding="utf-8").splitlines()) > 500]
    folders = {path.parent for path in PYTHON}
    full = [folder for folder in folders if len(list(folder.glob("[!_]*.py"))) > 15]

    assert long == []
    assert full == []


def test_every_module_says_what_it_is_for() -> None:
    """Every file of the program opens with one sentence."""
    silent = [path for path in PROGRAM if not ast.get_docstring(ast.parse(path.read_bytes()))]

    assert silent == []


def test_names_are_from_the_glossary() -> None:
    """Nothing is called after what it is not."""
    refused = re.compile(r"^(utils?|helpers?|misc|common|managers?|handlers?|part\d+)$")

    assert [path for path in SOURCES if refused.match(path.stem)] == []


def test_packages_are_named_one_by_one() -> None:
    """The wheel holds app and db; build/ is no package and is not ignored."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wheel = tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["wheel"]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert wheel["packages"] == ["app", "db"]
    assert not (ROOT / "build" / "__init__.py").exists()
    assert not {"build", "build/", "/build", "/build/"} & set(ignored)


def test_changelog_tells_of_this_version() -> None:
    """The version of the program has its place in the changelog."""
    said = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.search(r'__version__ = "(.+)"', (ROOT / "app" / "__init__.py").read_text())

    assert version
    assert f"## [{version[1]}]" in said


def test_no_test_is_switched_off() -> None:
    """No test is skipped or expected to fail by decoration."""
    marks = re.compile(r"@pytest\.mark\.(skip|skipif|xfail)\b")
    switched_off = [path for path in PYTHON if marks.search(path.read_text(encoding="utf-8"))]

    assert switched_off == []


def test_nothing_names_a_machine() -> None:
    """No file that is kept names a home folder of somebody's machine."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    tracked = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    home = re.compile(rb"(?<![\w.])/(root|home/[a-z]\w+|Users/[A-Z]\w+)/")
    text = {".py", ".md", ".js", ".css", ".html", ".toml", ".txt", ".json"}
    found = [
        path
        for path in tracked
        if path.suffix in text and path.is_file() and home.search(path.read_bytes())
    ]

    assert found == []


def test_page_wears_every_stylesheet() -> None:
    """styles.css imports each stylesheet once, and the program sends it as one."""
    web = ROOT / "web"
    names = [f"styles/{path.name}" for path in (web / "styles").iterdir()]
    imported = re.findall(r'^@import "([^"]+)";$', (web / "styles.css").read_text("utf-8"), re.M)
    assert sorted(imported) == sorted(names)

    sent = b"".join(Page(web).show("styles.css", Conditions("GET")).body)

    assert b"@import" not in sent
    assert all((web / name).read_bytes() in sent for name in names)
