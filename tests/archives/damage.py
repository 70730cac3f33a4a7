"""Archives that are damaged, incomplete or strange, and what must be found in them all the same."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path

from tests.archives.expected import Expected, expect, refused
from tests.archives.messages import conversation, image, mixed, simple, user
from tests.archives.writing import USER, chat_html, classic_files, encoded, png, wire, write_zip


def malformed_json(folder: Path) -> Expected:
    """One element of the array is broken in the middle; the others are whole."""
    talks = [simple(number) for number in range(4)]
    pieces = [wire(talk) for talk in talks]
    pieces[1] = pieces[1].replace(b'"mapping":', b'"mapping" ', 1)
    files = {"conversations.json": b"[" + b",".join(pieces) + b"]", "user.json": USER}
    path = write_zip(folder / "malformed.zip", files)
    return expect(path, [talks[0], *talks[2:]], problems=["damaged-conversation"])


def truncated_json(folder: Path) -> Expected:
    """The array ends in the middle of its last element."""
    talks = [simple(number) for number in range(3)]
    body = wire(talks)
    path = write_zip(folder / "cut.zip", {"conversations.json": body[: -len(wire(talks[2])) // 2]})
    return expect(path, talks[:2], problems=["damaged-conversation"])


def recovered_from_page(folder: Path) -> Expected:
    """A conversation broken in conversations.json is whole in chat.html."""
    talks = [simple(number) for number in range(3)]
    pieces = [wire(talk) for talk in talks]
    pieces[2] = pieces[2][: len(pieces[2]) // 2]
    files = {"conversations.json": b"[" + b",".join(pieces), "chat.html": chat_html(talks, {})}
    return expect(write_zip(folder / "recover.zip", files), talks)


def only_page(folder: Path) -> Expected:
    """No conversations.json at all: chat.html has them once more, with braces in a file name."""
    name = "file-Q1w2E3r4T5y6U7i8O9p0A1-{a}; plan}.png"
    pointer = "file-service://file-Q1w2E3r4T5y6U7i8O9p0A1"
    talks = [
        simple(1),
        conversation(
            "c-page", user(mixed(image(pointer), "var jsonData = [1]\nvar assetsJson = {"))
        ),
    ]
    files = {"chat.html": chat_html(talks, {pointer: name}), name: png(3)}
    return expect(write_zip(folder / "page.zip", files), talks, [png(3)])


def poisoned(folder: Path) -> Expected:
    """The list of shared links lies where the conversations should be, as the old app left it."""
    talks = [simple(1), simple(2)]
    stubs = [{"id": "s1", "conversation_id": "c-simple-0001", "title": "x", "is_anonymous": True}]
    files = {"conversations.json": stubs, "chat.html": chat_html(talks, {})}
    return expect(write_zip(folder / "poisoned.zip", files), talks)


def one_bad_shard(folder: Path) -> Expected:
    """Of four shards one is empty, one is no JSON, one is null; the fourth is whole."""
    files = {
        "conversations-000.json": b"",
        "conversations-001.json": b"<html>502</html>",
        "conversations-002.json": b"null",
        "conversations-003.json": [simple(3)],
        "export_manifest.json": b"",
    }
    return expect(write_zip(folder / "bad shard.zip", files), [simple(3)])


def bom_and_wrapped(folder: Path) -> Expected:
    """A byte order mark, and the array inside an object."""
    talks = [simple(1), simple(2)]
    body = b"\xef\xbb\xbf" + wire({"conversations": talks})
    return expect(write_zip(folder / "bom.zip", {"conversations.json": body}), talks)


def json_lines(folder: Path) -> Expected:
    """One conversation a line."""
    talks = [simple(1), simple(2)]
    path = folder / "conversations.json"
    path.write_bytes(b"\n".join(wire(talk) for talk in talks) + b"\n")
    return expect(path, talks)


def single_object(folder: Path) -> Expected:
    """One conversation object, as a browser script saves it."""
    path = folder / "conversations.json"
    path.write_bytes(json.dumps(simple(1), indent=2).encode())
    return expect(path, [simple(1)])


def empty_array(folder: Path) -> Expected:
    """An account that never said anything."""
    return expect(write_zip(folder / "empty.zip", classic_files([])))


def huge(folder: Path, *, conversations: int = 200, paragraphs: int = 4_000) -> Expected:
    """Many conversations, one of them a message of megabytes, streamed to the disk."""
    big = conversation("c-huge", user("## again\n\nmany words\n\n" * paragraphs), title="H" * 5_000)
    path = folder / "huge.zip"
    talks = [big]
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("conversations.json", "w", force_zip64=True) as entry,
    ):
        entry.write(b"[" + wire(big))
        for number in range(conversations):
            talks.append(simple(number))
            entry.write(b"," + wire(talks[-1]))
        entry.write(b"]")
    return expect(path, talks)


def deep_chain(folder: Path, *, length: int = 10_000) -> Expected:
    """One conversation of ten thousand messages below each other."""
    talk = conversation("c-deep", *(user(f"message {n}") for n in range(length)), title="Deep")
    return expect(write_zip(folder / "deep.zip", classic_files([talk])), [talk])


def strange_media(folder: Path) -> Expected:
    """Media of no bytes, without an extension, and with a wrong one."""
    names = (
        "file-Empty0Empty0Empty0Emp-a.png",
        "file-Bare0Bare0Bare0Bare0B",
        "file-Wrong0Wrong0Wrong0W-b.jpg",
    )
    parts = [
        image(f"file-service://{'-'.join(name.split('-')[:2]).split('.')[0]}") for name in names
    ]
    talk = conversation("c-strange", user(mixed(*parts)))
    media = {names[0]: b"", names[1]: png(1), names[2]: png(2)}
    path = write_zip(folder / "strange.zip", classic_files([talk], media))
    return expect(path, [talk], [png(1), png(2)])


def bad_crc(folder: Path) -> Expected:
    """One picture's bytes are damaged; the conversations are whole."""
    name = "file-Bad0Bad0Bad0Bad0Bad01-a.png"
    talk = conversation("c-crc", user(mixed(image(f"file-service://{name[:28]}"))))
    path = write_zip(folder / "crc.zip", classic_files([talk], {name: png(5)}), stored=True)
    data = bytearray(path.read_bytes())
    place = data.index(png(5)) + 20
    data[place] ^= 0xFF
    path.write_bytes(data)
    return expect(path, [talk], problems=["damaged-file"])


def zip64(folder: Path) -> Expected:
    """Written with the fields for archives above 4 GiB, and a comment at its end."""
    path = folder / "zip64.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in classic_files([simple(1)]).items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(encoded(value))
        archive.comment = b"made by hand " * 40
    return expect(path, [simple(1)])


def truncated_zip(folder: Path) -> Expected:
    """A download that stopped: the list at the end of the ZIP is missing."""
    path = write_zip(folder / "download.zip", classic_files([simple(n) for n in range(50)]))
    path.write_bytes(path.read_bytes()[:-400])
    return refused(path)


def no_conversations(folder: Path) -> Expected:
    """A ZIP of something else entirely."""
    return refused(write_zip(folder / "holiday.zip", {"IMG_1.png": png(1), "notes.txt": "sea"}))


def only_look_alikes(folder: Path) -> Expected:
    """Only files whose names end as the real one's does."""
    files = {"shared_conversations.json": [{"id": "s"}], "sectioned_conversations.json": []}
    return refused(write_zip(folder / "alike.zip", files))


def not_a_zip(folder: Path) -> Expected:
    """A web page saved under a ZIP's name."""
    path = folder / "export.zip"
    path.write_bytes(b"<html><body>Please sign in</body></html>")
    return refused(path)


def empty_file(folder: Path) -> Expected:
    """A file of no bytes."""
    path = folder / "export.zip"
    path.write_bytes(b"")
    return refused(path)


def encrypted(folder: Path) -> Expected:
    """Every entry is encrypted (the flag is set, the bytes are noise)."""
    path = write_zip(folder / "locked.zip", classic_files([simple(1)]))
    lock(path)
    return refused(path, "invalid-input")


def lock(path: Path, name: str = "") -> None:
    """Mark the entries of a ZIP (or the one of that name) as encrypted, where both lists say it."""
    data = bytearray(path.read_bytes())
    for signature, flags, at in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        place = data.find(signature)
        while place >= 0:
            if data.startswith(name.encode(), place + at):
                data[place + flags] |= 1
            place = data.find(signature, place + 4)
    path.write_bytes(data)


def chat_page_of_one_line(folder: Path, *, size: int = 3_000_000) -> Expected:
    """A page whose one line of conversations is megabytes long, in a ZIP stored as it is."""
    talk = conversation("c-line", user("x" * size + "</script>"))
    held = io.BytesIO(chat_html([talk], {}))
    return expect(
        write_zip(folder / "line.zip", {"chat.html": held.getvalue()}, stored=True), [talk]
    )


def ratio(folder: Path) -> Expected:
    """A real conversation that packs a thousand to one: no bomb, only dull."""
    talk = conversation("c-dull", user("na " * 1_000_000 + "batman"))
    body = wire([talk])
    assert len(zlib.compress(body)) * 300 < len(body)
    return expect(write_zip(folder / "dull.zip", {"conversations.json": body}), [talk])


DAMAGED = (
    malformed_json,
    truncated_json,
    recovered_from_page,
    only_page,
    poisoned,
    one_bad_shard,
    bom_and_wrapped,
    json_lines,
    single_object,
    empty_array,
    huge,
    deep_chain,
    strange_media,
    bad_crc,
    zip64,
    chat_page_of_one_line,
    ratio,
)
REFUSED = (truncated_zip, no_conversations, only_look_alikes, not_a_zip, empty_file, encrypted)
