"""What each version of the predecessor left of a session that went well."""

from __future__ import annotations

from pathlib import Path

from tests.archives.messages import Json, assistant, conversation, image, mixed, simple, user
from tests.archives.writing import (
    USER,
    chat_html,
    classic_files,
    encoded,
    mp4,
    pdf,
    png,
    wav,
    wire,
    write_folder,
    write_zip,
)
from tests.legacy.old_program import (
    UPLOADED,
    A,
    B,
    Held,
    Old,
    backup,
    backup_name,
    below,
    media,
    pretty,
    registry,
    session,
    single_files,
)

PICTURE, RECORDING = png(3), wav(5)
PICTURE_AT = "file-Ab12Cd34Ef56Gh78-herbs.png"
RECORDING_AT = "c-picture/audio/file_00000000000000a1-1.wav"
FILM_AT = "c-picture/video/clip.mp4"
MEDIA = {PICTURE_AT: PICTURE, RECORDING_AT: RECORDING}
ASSETS = {"file-service://file-Ab12Cd34Ef56Gh78": PICTURE_AT}
OTHERS = {
    FILM_AT: mp4(),
    "notes..final.pdf": pdf("notes"),
    "file-Zz99Yy88Xx77Ww66.dat": b"\x00\x01 no picture",
    "c-picture/IMG_0001.heic": b"....ftypheic",
    "model_comparisons.json": b"[]",
    "notes.txt": b"Not from ChatGPT; the old program kept it anyway.\n",
}
JUNK = {"__MACOSX/._chat.html": b"Mac", ".DS_Store": b"Bud1", "audio/._a.wav": b"Mac"}


def talks() -> list[Json]:
    """Conversations of which two share their day and title, and two have no ASCII title."""
    shown = mixed(image("file-service://file-Ab12Cd34Ef56Gh78", len(PICTURE)), "What is this?")
    picture = conversation("c-picture", user(shown), assistant("Thyme."), title="A picture")
    twins = [simple(1, title="Mint"), simple(2, title="Mint"), simple(3, title="Mint!")]
    twins[1]["update_time"] += 60
    foreign = [simple(4, title="日本語のハーブ"), simple(5, title="🌱👩‍🌾"), simple(6, title=None)]
    return [picture, *twins, *foreign, simple(7, title="Été à Paris"), simple(8)]


def whole(listed: list[Json], *, page: bool = True) -> dict[str, bytes]:
    """What an archive has at its top besides media."""
    files = {"conversations.json": wire(listed), "user.json": encoded(USER)}
    return {**files, "chat.html": chat_html(listed, ASSETS)} if page else files


def only_upload(folder: Path) -> Old:
    """The first versions, stopped before they unpacked anything: the archive itself."""
    listed = talks()
    write_zip(folder / f"data/sessions/{A}/upload.zip", classic_files(listed, MEDIA, ASSETS))
    kept = [*MEDIA.values(), encoded(USER)]
    return Old(folder, {A: Held(listed, kept, recovered=len(listed))})


def until_december(folder: Path) -> Old:
    """Everything unpacked into the session, media copied besides; the oldest of a name stays."""
    listed = talks()
    files = {**whole(listed), **MEDIA, **OTHERS, **JUNK, **single_files(listed)}
    served = {**MEDIA, **{f"audio/{n}": b"Mac" for n in ("._x.wav",)}}
    rows = {"data/sessions.json": pretty([[A, {"uploadedAt": UPLOADED}]])}
    write_folder(folder, {**session(A, files), **media(A, served), **rows})
    kept = [*MEDIA.values(), *OTHERS.values(), encoded(USER)]
    return Old(folder, {A: Held(listed, kept, recovered=3)})


def december(folder: Path) -> Old:
    """Media moved away, everything else in the session; one backup."""
    listed = talks()
    files = {**whole(listed), **OTHERS, **single_files(listed)}
    saved = {backup_name(A): backup(A, whole(listed))}
    more = {"data/sessions.json": registry([A]), **saved}
    write_folder(folder, {**session(A, files), **media(A, MEDIA), **more})
    kept = [*MEDIA.values(), *OTHERS.values(), encoded(USER)]
    return Old(folder, {A: Held(listed, kept, recovered=3)})


def last_sessions(folder: Path) -> Old:
    """The last version: `conversations.json` deleted, the newest of a name stays."""
    listed = talks()
    files = {**whole(listed), **OTHERS, **single_files(listed, newest_wins=True)}
    del files["conversations.json"]
    more = {"data/sessions.json": registry([A], exportName="My herbs")}
    write_folder(folder, {**session(A, files), **media(A, MEDIA), **more})
    kept = [*MEDIA.values(), *OTHERS.values(), encoded(USER)]
    return Old(folder, {A: Held(listed, kept, title="My herbs")})


def top_folder(folder: Path) -> Old:
    """The archive's own top folder was kept, in both places; a map of assets for once."""
    listed = talks()
    inside = {**whole(listed), **OTHERS, "assets.json": pretty(ASSETS)}
    files = {**below("Test-Chat-Combine", inside), **single_files(listed)}
    served = below("Test-Chat-Combine", MEDIA)
    write_folder(folder, {**session(A, files), **media(A, served)})
    kept = [*MEDIA.values(), *OTHERS.values(), encoded(USER), pretty(ASSETS)]
    return Old(folder, {A: Held(listed, kept, {"unlisted-session"}, recovered=3)})


def other_top_folder(folder: Path) -> Old:
    """A top folder of any name, and everything below it."""
    listed = talks()
    inside = {**whole(listed), **MEDIA, **OTHERS}
    write_folder(folder, {**session(A, below("chatgpt 2025-11", inside))})
    kept = [*MEDIA.values(), *OTHERS.values(), encoded(USER)]
    return Old(folder, {A: Held(listed, kept, {"unlisted-session"}, recovered=len(listed))})


def asset_maps(folder: Path) -> Old:
    """`assets.json` as a list of pairs and as objects with a name."""
    pairs = pretty([[pointer, path] for pointer, path in ASSETS.items()])
    named = pretty({pointer: {"name": path} for pointer, path in ASSETS.items()})
    found: dict[str, Held] = {}
    for id_, assets in ((A, pairs), (B, named)):
        listed = talks()[:2]
        files = {"conversations.json": wire(listed), "assets.json": assets}
        write_folder(folder, {**session(id_, files), **media(id_, MEDIA)})
        found[id_] = Held(listed, [*MEDIA.values(), assets], {"unlisted-session"})
    return Old(folder, found)


def exports(folder: Path) -> Old:
    """The predecessor's own exports, one listed and one not."""
    found: dict[str, Held] = {}
    for name in ("Herbs of 2025", "庭"):
        listed = talks()
        inside = {**whole(listed), **MEDIA, **OTHERS}
        files = {**single_files(listed, newest_wins=True), **below("media", inside)}
        files["assets.json"] = pretty(ASSETS)
        write_folder(folder, below(f"data/exports/{name}", files))
        kept = [*MEDIA.values(), *OTHERS.values(), encoded(USER), pretty(ASSETS)]
        found[name] = Held(listed, kept, title=name)
    row = {"name": "Herbs of 2025", "createdAt": UPLOADED, "size": 1, "conversationCount": 9}
    write_folder(folder, {"data/exports.json": pretty([["Herbs of 2025", row]])})
    return Old(folder, found)


def dumpsters(folder: Path) -> Old:
    """The later command line's folders: no page, no sidecars; a name people see, and bins."""
    listed = talks()
    named = [(name, raw) for talk in listed for name, raw in single_files([talk]).items()]
    singles = {
        f"chats/{number:02d}_{name.removeprefix('conversations/')}": raw
        for number, (name, raw) in enumerate(named)
    }
    files = {**singles, "assets.json": pretty(ASSETS), **below("media", MEDIA)}
    rows = [["herbs", {"name": "herbs", "displayName": "Herbs, all", "createdAt": UPLOADED}]]
    bins = pretty([["green", {"name": "green", "items": ["herbs"]}]])
    lists = {"data/dumpsters.json": pretty(rows), "data/bins.json": bins}
    write_folder(folder, {**below("data/dumpsters/herbs", files), **lists})
    kept = [*MEDIA.values(), pretty(ASSETS), bins]
    return Old(folder, {"herbs": Held(listed, kept, title="Herbs, all", recovered=0)})


VERSIONS = (
    only_upload,
    until_december,
    december,
    last_sessions,
    top_folder,
    other_top_folder,
    asset_maps,
    exports,
    dumpsters,
)
