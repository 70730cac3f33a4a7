"""A small archive that shows what a tool takes along, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.archives.messages import (
    Json,
    assistant,
    call,
    code,
    conversation,
    grow,
    image,
    mixed,
    reply,
    user,
)
from tests.archives.writing import classic_files, png, write_folder, write_zip

PICTURE = "file-PrObEpIcTuReOfAgArDeNbEd-bed.png"
# What stands in the file if it was taken along, by what it is.
WORDS = {
    "the question": "whichherbwhere",
    "the answer": "minttotheshade",
    "another branch": "basilinstead",
    "code": "pricesbyrow",
    "what a tool answered": "fourhundredseeds",
    "thoughts": "weighingtheshade",
    "sources": "https://example.org/shadeherbs",
}
AT_LEAST = frozenset({"front matter", "the question", "the answer", "pictures"})


def write_probe(folder: Path) -> tuple[Path, Path]:
    """Write the archive; answer conversations.json as it lies unpacked, and the ZIP."""
    files = classic_files([_talk()], {PICTURE: png(7)})
    unpacked = write_folder(folder / "unpacked", files)
    return unpacked / "conversations.json", write_zip(folder / "probe.zip", files)


def kept(folder: Path) -> frozenset[str]:
    """Answer what of the archive is in the Markdown files below a folder, and beside them."""
    pages = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}
    found = {name for name, word in WORDS.items() if any(word in page for page in pages.values())}
    if any(page.startswith("---\n") for page in pages.values()):
        found.add("front matter")
    if _shows_picture(folder, pages):
        found.add("pictures")
    return frozenset(found)


def _shows_picture(folder: Path, pages: Mapping[Path, str]) -> bool:
    """Tell whether the picture was brought along and a page names it."""
    there = [path for path in folder.rglob("*") if path.suffix == ".png"]
    brought = [path for path in there if path.read_bytes() == png(7)]
    return any(path.name in page for path in brought for page in pages.values())


def _talk() -> Json:
    asked = mixed(image(f"file-service://{PICTURE[:29]}", len(png(7))), WORDS["the question"])
    mark = "\ue200cite\ue202turn0search0\ue201"
    source = {
        "matched_text": mark,
        "type": "grouped_webpages",
        "items": [{"title": "Herbs", "url": WORDS["sources"], "attribution": "example.org"}],
        "safe_urls": [WORDS["sources"]],
    }
    thoughts = [{"summary": "Shade", "content": WORDS["thoughts"]}]
    talk = conversation(
        "c-probe",
        user(asked),
        call("python", code(WORDS["code"], "python")),
        reply(
            "python", {"content_type": "execution_output", "text": WORDS["what a tool answered"]}
        ),
        assistant({"content_type": "thoughts", "thoughts": thoughts}),
        assistant(
            f"{WORDS['the answer']} {mark}",
            metadata={"model_slug": "gpt-4o", "content_references": [source]},
        ),
    )
    grow(talk, "c-probe-n1", assistant(WORDS["another branch"]))
    return talk
