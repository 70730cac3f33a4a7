"""Taking out, against open tools that turn an archive into Markdown; they are installed here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import material
from tests.bench.measure import Timed, Verdict, once, outside, paired, ratios
from tests.bench.product import import_all

COUNT = 5_000


@dataclass(frozen=True)
class Rival:
    """A tool of the package index.

    ``words`` start it; "{json}", "{zip}" and "{}" stand for what it reads and writes.
    ``comparable``: it keeps media, writes front matter and loses no conversation. The
    others write the first text of each message and nothing else: they are told, not judged.
    """

    package: str
    words: tuple[str, ...]
    comparable: bool


RIVALS = (
    Rival("obsivault", ("obsivault", "convert", "--provider", "chatgpt", "{json}", "{}"), True),
    Rival("convoviz", ("convoviz", "-z", "{zip}", "-o", "{}", "--outputs", "markdown", "-I"), True),
    Rival("gpt2md", ("gpt2md", "{json}", "-o", "{}"), False),
    Rival("chatgpt-to-md", ("chatgpt-to-md", "{zip}", "-o", "{}"), False),
)


def markdown(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Save 5,000 conversations as Markdown, against the fastest comparable tool there is.

    Ours is the whole command, its start included, as theirs is.
    """
    json, archive = scratch / "conversations.json", scratch / "archive.zip"
    material.write_json(json, material.conversations(1, count=COUNT))
    material.write_archive(archive, json)
    library = scratch / "library"
    import_all(json, library)
    ours = outside(
        *(sys.executable, "-m", "app.main", "--quiet", "--library", str(library)),
        *("exports", "save", "bench", "--format", "markdown", "--to", "{}"),
    )
    found = dict(_timed(scratch, json, archive))
    if not any(rival.comparable for rival in found):
        raise SystemExit("no comparable tool can be installed here; this bar cannot be measured")
    for rival, (theirs, _) in found.items():
        if not rival.comparable:
            each = once(ours, scratch), once(theirs, scratch)
            print(f"    told only: {each[0]:.2f} s against {rival.package}'s {each[1]:.2f} s")
    fastest = min((each for each in found if each.comparable), key=lambda each: found[each][1])
    what = f"Markdown of {COUNT:,} conversations, to {fastest.package}"
    yield paired(what, 1 / 5, ratios(ours, found[fastest][0], scratch, pairs))


def _timed(scratch: Path, json: Path, archive: Path) -> Iterator[tuple[Rival, tuple[Timed, float]]]:
    """Install each tool by itself, run it once, and yield those that wrote every conversation."""
    for number, rival in enumerate(RIVALS):
        program = _installed(scratch / f"rival-{number}", rival)
        if program is None:
            print(f"    {rival.package} cannot be installed here")
            continue
        files = {"{json}": str(json), "{zip}": str(archive)}
        words = [files.get(word, word) for word in rival.words[1:]]
        run = outside(str(program), *words)
        try:
            took = once(_complete(run), scratch)
        except (subprocess.CalledProcessError, RuntimeError) as problem:
            print(f"    {rival.package} does not run here: {problem}")
            continue
        print(f"    {rival.package}: {took:.2f} s", flush=True)
        yield rival, (run, took)


def _complete(run: Timed) -> Timed:
    """Answer a timing that fails if not every conversation was written."""

    def timed(folder: Path) -> float:
        took = run(folder)
        written = sum(1 for _ in folder.rglob("*.md"))
        if written < COUNT:
            raise RuntimeError(f"it wrote {written:,} files")
        return took

    return timed


def _installed(folder: Path, rival: Rival) -> Path | None:
    """Install a tool into an environment of its own; answer its program, None if it cannot be."""
    quiet = subprocess.DEVNULL
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=quiet)
    place = folder / ("Scripts" if sys.platform == "win32" else "bin")
    command = [place / "python", "-m", "pip", "install", "--quiet", rival.package]
    done = subprocess.run(command, check=False, stdout=quiet, stderr=quiet)
    program = place / rival.words[0]
    return program if done.returncode == 0 and program.is_file() else None
