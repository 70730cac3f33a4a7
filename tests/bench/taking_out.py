"""Taking out, against open tools that turn an archive into Markdown; they are installed here.

Which of them are comparable is tried, not claimed. Each is given a small archive first
(`tests/bench/probe.py`), and comparable is one that does the least of what taking out is
for: a file with front matter for each conversation, its questions and answers, and its
pictures beside it. A tool that leaves pictures behind has not saved the conversation, and
copying text is the quicker for it. What each leaves behind is printed, ours with the rest,
and so is its time: the others are told, not judged.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import material, probe
from tests.bench.measure import Timed, Verdict, once, outside, paired, ratios
from tests.bench.product import import_all

COUNT = 5_000
Archive = tuple[Path, Path]  # conversations.json as it lies unpacked, and the ZIP


@dataclass(frozen=True)
class Tool:
    """A program that writes Markdown, asked to leave out as little as it can be asked to.

    ``words`` start it; "{json}", "{zip}" and "{}" stand for what it reads and writes.
    """

    name: str
    words: tuple[str, ...]

    def run(self, json: Path, archive: Path) -> Timed:
        """Answer a timing of the whole command, its start included."""
        files = {"{json}": str(json), "{zip}": str(archive)}
        return outside(*(files.get(word, word) for word in self.words))


_OBSIVAULT = ("convert", "--provider", "chatgpt", "--branches", "--include-tools")
RIVALS = (
    Tool("obsivault", ("obsivault", *_OBSIVAULT, "--include-thinking", "{json}", "{}")),
    Tool("convoviz", ("convoviz", "-z", "{zip}", "-o", "{}", "--outputs", "markdown", "-I")),
    Tool("gpt2md", ("gpt2md", "{json}", "-o", "{}")),
    Tool("chatgpt-to-md", ("chatgpt-to-md", "{zip}", "-o", "{}")),
)


def markdown(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Save 5,000 conversations as Markdown, against the fastest comparable tool there is."""
    small = probe.write_probe(scratch / "probe")
    large = scratch / "conversations.json", scratch / "archive.zip"
    material.write_json(large[0], material.conversations(1, count=COUNT))
    material.write_archive(large[1], large[0])
    if not _comparable(ours(scratch / "small", small[1]), small, scratch):
        raise SystemExit("ours leaves out what others would have to keep")
    saved = _aside(ours(scratch / "library", large[1]).run(*large), scratch)
    rivals = dict(_timed(scratch, small, large))
    if not rivals:
        raise SystemExit("no comparable tool can be installed here; this bar cannot be measured")
    fastest = min(rivals, key=lambda name: rivals[name][1])
    what = f"Markdown of {COUNT:,} conversations, to {fastest}"
    yield paired(what, 1 / 5, ratios(saved, rivals[fastest][0], scratch, pairs))


def _timed(
    scratch: Path, small: Archive, large: Archive
) -> Iterator[tuple[str, tuple[Timed, float]]]:
    """Install each tool, run it once, and yield the comparable ones with how long they took."""
    for number, rival in enumerate(RIVALS):
        tool = _installed(rival, scratch / f"rival-{number}")
        if tool is None:
            print(f"    {rival.name} cannot be installed here")
            continue
        try:
            comparable = _comparable(tool, small, scratch)
            run = _aside(_complete(tool.run(*large)), scratch)
            took = once(run, scratch)
        except (subprocess.CalledProcessError, RuntimeError) as problem:
            print(f"    {tool.name} does not run here: {problem}")
            continue
        print(f"    {tool.name}: {took:.2f} s{'' if comparable else ', told only'}", flush=True)
        if comparable:
            yield tool.name, (run, took)


def ours(library: Path, archive: Path) -> Tool:
    """Import an archive; answer our command that saves it."""
    import_all(archive, library)
    command = (sys.executable, "-m", "app.main", "--quiet", "--library", str(library))
    return Tool(
        "ours", (*command, "exports", "save", "bench", "--format", "markdown", "--to", "{}")
    )


def _comparable(tool: Tool, small: Archive, scratch: Path) -> bool:
    """Have a tool save the small archive, print what it left behind, and tell if it may be."""
    folder = scratch / f"probe-{tool.name}"
    folder.mkdir()
    tool.run(*small)(folder)
    kept = probe.kept(folder)
    left = sorted({*probe.WORDS, *probe.AT_LEAST} - kept)
    print(f"    {tool.name} leaves behind: {', '.join(left) or 'nothing'}", flush=True)
    return kept >= probe.AT_LEAST


def _complete(run: Timed) -> Timed:
    """Answer a timing that fails if not every conversation was written."""

    def timed(folder: Path) -> float:
        took = run(folder)
        written = sum(1 for _ in folder.rglob("*.md"))
        if written < COUNT:
            raise RuntimeError(f"it wrote {written:,} files")
        return took

    return timed


def _aside(run: Timed, scratch: Path) -> Timed:
    """Answer a timing whose files are put aside, not deleted, until all is measured.

    ext4 does not use the place of a file again in the minute after it was deleted, and
    looks at each such place for every new file: who comes after a deletion of thousands
    pays seconds for it.
    """

    def timed(folder: Path) -> float:
        took = run(folder)
        put = scratch / "written" / str(len(list((scratch / "written").glob("*"))))
        put.parent.mkdir(exist_ok=True)
        folder.rename(put)
        folder.mkdir()
        return took

    return timed


def _installed(rival: Tool, folder: Path) -> Tool | None:
    """Install a tool into an environment of its own, by the newest Python that takes it."""
    for python in _pythons():
        shutil.rmtree(folder, ignore_errors=True)
        quiet = subprocess.DEVNULL
        subprocess.run([python, "-m", "venv", folder], check=True, stdout=quiet)
        place = folder / ("Scripts" if sys.platform == "win32" else "bin")
        command = [place / "python", "-m", "pip", "install", "--quiet", rival.name]
        done = subprocess.run(command, check=False, stdout=quiet, stderr=quiet)
        program = shutil.which(rival.words[0], path=str(place))
        if done.returncode == 0 and program:
            return Tool(rival.name, (program, *rival.words[1:]))
    return None


def _pythons() -> list[str]:
    """Answer the Pythons that are here, the newest first: some tools want a newer one than ours."""
    names = [f"python3.{minor}" for minor in range(14, 10, -1)]
    kept = sorted(Path.home().glob(".pyenv/versions/3.1[1-4]*/bin/python"), reverse=True)
    found = [*map(str, kept), *filter(None, map(shutil.which, names)), sys.executable]
    return [python for python in dict.fromkeys(found) if _runs(python)]


def _runs(python: str) -> bool:
    done = subprocess.run([python, "-c", "import venv"], check=False, capture_output=True)
    return done.returncode == 0
