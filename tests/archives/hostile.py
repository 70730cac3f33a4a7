"""Archives made to do harm: names that climb out, links, bombs, and text that runs."""

from __future__ import annotations

import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.archives.damage import lock
from tests.archives.expected import Expected, expect
from tests.archives.messages import (
    Json,
    assistant,
    call,
    code,
    conversation,
    image,
    mixed,
    reply,
    simple,
    user,
)
from tests.archives.writing import classic_files, encoded, png, write_zip

# The bytes of every entry that must not come out anywhere.
EVIL = b"this must not be written outside"

Attack = Callable[[Path], Expected]


def _with(folder: Path, names: dict[str, bytes], *problems: str) -> Expected:
    """A small whole export with further entries, some twice."""
    path = folder / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile says when a name is written twice
        for name, value in {**classic_files([simple(1)]), **names}.items():
            archive.writestr(name, encoded(value))
    return expect(path, [simple(1)], problems=problems)


def slip(folder: Path) -> Expected:
    """Entries that climb out of the folder they are unpacked to."""
    names = ("../evil.txt", "media/../../evil.txt", "a/b/../../../../evil.txt", "..")
    return _with(folder, dict.fromkeys(names, EVIL), "unsafe-name")


def absolute(folder: Path) -> Expected:
    """Entries with absolute names, of both kinds of system."""
    names = ("/tmp/evil.txt", "C:/evil.txt", "C:evil.txt", "//server/share/evil.txt", "~/evil.txt")
    return _with(folder, dict.fromkeys(names, EVIL), "unsafe-name")


def backslash(folder: Path) -> Expected:
    """Entries whose separators are backslashes, climbing and not."""
    return _with(
        folder, {"..\\evil.txt": EVIL, "user-abc\\file_0000000a-1.png": png(1)}, "unsafe-name"
    )


def symlink(folder: Path) -> Expected:
    """A link to outside, and an entry that would be written through it."""
    path = _with(folder, {}).path
    with zipfile.ZipFile(path, "a") as archive:
        for name, target in (("out", ".."), ("passwords", "/etc/passwd")):
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, target)
        archive.writestr("out/evil.txt", EVIL)
    return expect(path, [simple(1)])


def special_file(folder: Path) -> Expected:
    """An entry that says it is a device."""
    path = _with(folder, {}).path
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("device")
        entry.create_system = 3
        entry.external_attr = (stat.S_IFCHR | 0o666) << 16
        archive.writestr(entry, EVIL)
    return expect(path, [simple(1)])


def nul_in_name(folder: Path) -> Expected:
    """A name with NUL in it, which some programs cut there."""
    found = _with(folder, {"evil.txt@.png": EVIL})
    data = found.path.read_bytes()
    found.path.write_bytes(data.replace(b"evil.txt@.png", b"evil.txt\0.png"))
    return found


def duplicate(folder: Path) -> Expected:
    """The conversations twice under one name; the last is the one that counts."""
    path = _with(folder, {}).path
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        archive.writestr("conversations.json", encoded([simple(1), simple(2)]))
    return expect(path, [simple(1), simple(2)], problems=["duplicate-name"])


def case_colliding(folder: Path) -> Expected:
    """Names that some file systems cannot tell apart: case, and composed letters."""
    names = {
        "file-Aa0Aa0Aa0Aa0Aa0Aa0Aa0A-x.png": png(1),
        "FILE-AA0AA0AA0AA0AA0AA0AA0A-X.PNG": png(2),
        "caf\u00e9.png": png(3),
        "cafe\u0301.png": png(4),
    }
    found = _with(folder, names, "colliding-name")
    return Expected(found.path, found.nodes, problems=found.problems)


def long_names(folder: Path) -> Expected:
    """Names of more than 255 bytes, a path far longer than any system takes."""
    names = {"é" * 200 + ".png": png(1), "/".join(["d" * 100] * 12) + "/x.png": png(2)}
    return _with(folder, names, "long-name")


def double_dots(folder: Path) -> Expected:
    """Two dots within a name, which is legal and must be kept."""
    name = "file-Dot0Dot0Dot0Dot0Dot0Do-notes..final..png"
    pointer = f"file-service://{name[:27]}"
    talk = conversation("c-dots", user(mixed(image(pointer))))
    return expect(
        write_zip(folder / "dots.zip", classic_files([talk], {name: png(1)})), [talk], [png(1)]
    )


def reserved_names(folder: Path) -> Expected:
    """Names Windows keeps for itself, and some ending in dots and spaces."""
    names = ("CON.png", "nul", "aux/x.png", "trailing. ", "a:b.png", "what?.png", "<>.png")
    return _with(folder, dict.fromkeys(names, png(1)))


def file_and_folder(folder: Path) -> Expected:
    """One name is both a file and a folder."""
    return _with(folder, {"thing": b"file", "thing/inside.txt": b"below it"})


def one_locked(folder: Path) -> Expected:
    """One picture is encrypted; the rest is open."""
    name = "file-Lock0Lock0Lock0Lock0Lo-a.png"
    talk = conversation("c-lock", user(mixed(image(f"file-service://{name[:27]}"))))
    path = write_zip(folder / "one locked.zip", classic_files([talk], {name: png(2)}))
    lock(path, name)
    return expect(path, [talk], problems=["encrypted-entry"])


def lying_size(folder: Path) -> Expected:
    """An entry that says it is small and unpacks to far more."""
    name = "file-Liar0Liar0Liar0Liar0Li-a.bin"
    path = write_zip(folder / "liar.zip", {**classic_files([simple(1)]), name: b"\0" * 5_000_000})
    data = bytearray(path.read_bytes())
    size = (5_000_000).to_bytes(4, "little")
    place = data.find(size)
    while place >= 0:
        data[place : place + 4] = (100).to_bytes(4, "little")
        place = data.find(size, place + 4)
    path.write_bytes(data)
    return expect(path, [simple(1)], problems=["damaged-file"])


def bomb(folder: Path, *, declared: int = 1 << 50) -> Expected:
    """An entry that claims a pebibyte: more than any disk has."""
    path = write_zip(folder / "bomb.zip", {**classic_files([simple(1)]), "big.bin": b"\0" * 70_000})
    with zipfile.ZipFile(path, "a") as archive:
        entry = archive.getinfo("big.bin")
        entry.file_size = declared
        archive.comment = b" "  # makes zipfile write the list again, with the size we claim
    return Expected(path, refused="storage-problem")


def zip_in_zip_in_zip(folder: Path) -> Expected:
    """Archives in archives, eight deep, called as the portal calls its own."""
    inner = write_zip(folder / "0.zip", {"conversations.json": [simple(9)]})
    for depth in range(1, 8):
        name = f"Conversations__{depth}.zip"
        inner = write_zip(folder / f"{depth}.zip", {name: inner.read_bytes()}, stored=True)
    return Expected(inner, refused="not-an-export")


MALICIOUS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        slip,
        absolute,
        backslash,
        symlink,
        special_file,
        nul_in_name,
        duplicate,
        case_colliding,
        long_names,
        double_dots,
        reserved_names,
        file_and_folder,
        one_locked,
        lying_size,
        bomb,
        zip_in_zip_in_zip,
    )
}


def attacked_conversations() -> list[Json]:
    """A conversation for each string that tries to run a script, in every place it can be."""
    from tests.attacks import ATTACKS  # only who wants them needs them

    return [_attacked(f"c-{name}", text) for name, text in ATTACKS]


def _attacked(key: str, words: str) -> Json:
    page = {
        "type": "webpage",
        "matched_text": "source",
        "title": words,
        "url": f"javascript:{words}",
    }
    attached = {"id": "file-Evil", "name": words, "mime_type": words}
    return conversation(
        key,
        user(words, metadata={"attachments": [attached]}),
        assistant(words),
        assistant(
            f"a source {words}", metadata={"content_references": [page], "model_slug": words}
        ),
        call(words, code(words, words)),
        reply(words, {"content_type": "execution_output", "text": words}),
        reply(words, {"content_type": "system_error", "name": words, "text": words}),
        assistant({"content_type": "thoughts", "thoughts": [{"summary": words, "content": words}]}),
        assistant(
            mixed(
                image(f"sediment://{words}", prompt=words), {"content_type": words, "text": words}
            )
        ),
        assistant({"content_type": words, "text": words}),
        title=words,
        default_model_slug=words,
        gizmo_id=f"g-{words}",
    )


def hostile_titles(folder: Path) -> Expected:
    """Every attack as title, question, answer, file name, tool, model and link."""
    talks = attacked_conversations()
    return expect(write_zip(folder / "titles.zip", classic_files(talks)), talks)
