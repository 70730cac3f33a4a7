"""What the faults of the predecessor, a crash or a person did to sessions."""

from __future__ import annotations

import os
from pathlib import Path

from tests.archives.messages import simple
from tests.archives.writing import (
    USER,
    chat_html,
    classic_files,
    encoded,
    png,
    wire,
    write_folder,
    write_zip,
)
from tests.legacy.old_program import (
    A,
    B,
    C,
    Held,
    Old,
    archive,
    archive_index,
    archive_name,
    backup,
    backup_name,
    below,
    media,
    pretty,
    registry,
    session,
    single_files,
    stub,
)
from tests.legacy.versions import ASSETS, MEDIA, OTHERS, PICTURE_AT, RECORDING_AT, talks, whole


def _plain(number: int) -> tuple[dict[str, bytes], Held]:
    listed = [simple(number * 10), simple(number * 10 + 1)]
    return {"conversations.json": wire(listed), **single_files(listed)}, Held(listed)


def _registered(folder: Path, raw: bytes | None, codes: set[str]) -> Old:
    found: dict[str, Held] = {}
    for number, id_ in enumerate((A, B)):
        files, held = _plain(number)
        held.codes |= codes
        found[id_] = held
        write_folder(folder, session(id_, files))
    if raw is not None:
        write_folder(folder, {"data/sessions.json": raw})
    return Old(folder, found)


def registry_empty(folder: Path) -> Old:
    """The registry is `{}`, as builds that wrote it elsewhere left it."""
    return _registered(folder, b"{}", {"unlisted-session"})


def registry_missing(folder: Path) -> Old:
    """There is no registry at all."""
    return _registered(folder, None, {"unlisted-session"})


def registry_cut(folder: Path) -> Old:
    """The registry was cut off while it was written."""
    return _registered(folder, registry([A, B])[:-40], {"damaged-registry"})


def orphans(folder: Path) -> Old:
    """A session in no list, and one of which only the media are left."""
    files, held = _plain(1)
    held.codes.add("unlisted-session")
    more = {"data/sessions.json": registry([C])}
    write_folder(folder, {**session(A, files), **media(B, MEDIA), **more})
    lost = Held([], [], {"session-gone"})
    return Old(folder, {A: held, B: Held([], list(MEDIA.values())), C: lost})


def poisoned(folder: Path) -> Old:
    """The list of shared links overwrote the conversations; the page still has them all."""
    listed = talks()
    stubs = [stub(talk) for talk in listed[:3]]
    files = {
        "conversations.json": wire(stubs),
        "chat.html": chat_html(listed, {}),
        "user.json": encoded(USER),
        **single_files(stubs),
    }
    write_folder(folder, {**session(A, files), **media(A, MEDIA)})
    kept = [*MEDIA.values(), wire(stubs), *single_files(stubs).values()]
    held = Held(listed, kept, {"overwritten-conversations"}, recovered=len(listed), shares=3)
    return Old(folder, {A: held})


def poisoned_by_the_last_version(folder: Path) -> Old:
    """The same after the list was deleted too: only its rows are left, as files."""
    listed = talks()
    stubs = [stub(talk) for talk in (listed[0], listed[8])]
    files = {"chat.html": chat_html(listed, {}), **single_files(stubs)}
    write_folder(folder, session(A, files))
    kept = list(single_files(stubs).values())
    held = Held(listed, kept, {"overwritten-conversations"}, recovered=len(listed), shares=2)
    return Old(folder, {A: held})


def poisoned_for_good(folder: Path) -> Old:
    """The same without a page: the links are left, and the report says what is lost."""
    stubs = [stub(simple(1)), stub(simple(2))]
    files = {"conversations.json": wire(stubs), "user.json": encoded(USER)}
    write_folder(folder, session(A, files))
    kept = [wire(stubs), encoded(USER)]
    return Old(folder, {A: Held([], kept, {"overwritten-conversations"}, shares=2)})


def only_backups(folder: Path) -> Old:
    """The folder is gone; of three backups one is whole, one older, one cut off."""
    listed = talks()
    older = [*listed[:4], simple(99, title="Deleted since")]
    cut = backup(A, whole(listed))[:-500]
    binary = {"upload.zip": {"content": "PK\ufffd\ufffd", "size": 6}}
    short = {"notes.txt": {"content": "abc", "size": 900}}
    write_folder(
        folder,
        {
            backup_name(A, 12): backup(A, whole(listed), **binary, **short),
            backup_name(A, 11): backup(A, {**whole(older), "user.json": b'{"id":"user-7Hq"}'}),
            backup_name(A, 10): cut,
            "backups/readme.json": b'{"not": "a backup"}',
        },
    )
    kept = [encoded(USER), b'{"id":"user-7Hq"}', cut, backup(A, whole(listed), **binary, **short)]
    held = Held([*listed, older[-1]], kept, {"only-backups", "damaged-backup"})
    return Old(folder, {A: held})


def export_archives(folder: Path) -> Old:
    """An export of which only archives are left: a full one, and an incremental one after it."""
    listed = talks()
    inside = {**whole(listed[:6]), **MEDIA, **OTHERS}
    files = {**single_files(listed[:6], newest_wins=True), **below("media", inside)}
    files["assets.json"] = pretty(ASSETS)
    later = {**single_files(listed[6:]), "media/file-Zz11-late.png": png(9)}
    owners = {"Herbs of 2025": [archive_name(8), archive_name(9)]}
    write_folder(
        folder,
        {
            archive_name(8): archive(files, "Herbs of 2025/Herbs of 2025/"),
            archive_name(9): archive(later),
            "backups-exports/backup-index.json": archive_index(owners),
        },
    )
    kept = [*MEDIA.values(), *OTHERS.values(), encoded(USER), pretty(ASSETS), png(9)]
    held = Held(listed, kept, {"only-backups", "unlisted-session"}, title="Herbs of 2025")
    return Old(folder, {"Herbs of 2025": held})


def export_archives_cut(folder: Path) -> Old:
    """No index; beside the export an archive cut off, and two that nothing tells whose they are."""
    listed = [simple(number) for number in range(20, 29)]
    files = {**single_files(listed[:4]), "media/file-Ab12Cd34Ef56Gh78-herbs.png": png(3)}
    older = {**single_files(listed[4:]), "media/long.mp4": bytes(range(256)) * 999}
    cut = archive(older, "herbs/herbs/")[:-400]
    lost = {**single_files([simple(50)]), **below("media", {"notes.txt": b"found again"})}
    write_folder(folder, below("data/exports/herbs", files))
    write_folder(
        folder,
        {archive_name(6): cut, archive_name(7): archive(lost), archive_name(5): b"no archive"},
    )
    stems = [archive_name(day).rpartition("/")[2][: -len(".tar.gz")] for day in (7, 5)]
    codes = {"damaged-backup"}
    return Old(
        folder,
        {
            "herbs": Held(listed, [png(3), cut], codes),
            stems[0]: Held([simple(50)], [b"found again"], {"only-backups"}),
            stems[1]: Held([], [b"no archive"], codes),
        },
    )


def half_written(folder: Path) -> Old:
    """Files cut off or empty; each is whole in another place, but one."""
    listed = talks()
    singles = single_files(listed)
    names = list(singles)
    cut = singles[names[0]][: len(singles[names[0]]) // 2]
    singles |= {names[0]: cut, names[1]: b""}
    lonely = pretty(simple(77, title="Only here"))[:400]
    singles["conversations/2025.01.01_Only_here.json"] = lonely
    half = MEDIA[PICTURE_AT][:20]
    files = {"conversations.json": wire(listed), **singles, PICTURE_AT: half}
    write_folder(folder, {**session(A, files), **media(A, MEDIA)})
    kept = [cut, b"", lonely, half, *MEDIA.values()]
    codes = {"damaged-conversation", "empty-file"}
    return Old(folder, {A: Held(listed, kept, codes, failed=1)})


def list_cut(folder: Path) -> Old:
    """`conversations.json` was cut off; the page and the single files have what it lost."""
    listed = talks()
    raw = wire(listed)[:-900]
    files = {"conversations.json": raw, "chat.html": chat_html(listed[:4]), **single_files(listed)}
    write_folder(folder, session(A, files))
    return Old(folder, {A: Held(listed, [raw], {"damaged-conversation"}, recovered=3, failed=0)})


def page_cut(folder: Path) -> Old:
    """The page was cut off; what it lost is in the list and the single files."""
    listed = talks()
    page = chat_html(listed)[:-400]
    files = {"conversations.json": wire(listed), "chat.html": page, **single_files(listed)}
    write_folder(folder, session(A, files))
    return Old(folder, {A: Held(listed, [page], {"damaged-conversation"}, recovered=3, failed=0)})


def upload_cut(folder: Path) -> Old:
    """The uploaded archive was cut off; the rest of the session is whole."""
    files, held = _plain(1)
    path = write_zip(folder / "whole.zip", classic_files(held.talks))
    raw = path.read_bytes()[:-60]
    path.unlink()
    write_folder(folder, session(A, {**files, "upload.zip": raw}))
    held.kept.append(raw)
    held.codes.add("damaged-upload")
    return Old(folder, {A: held})


def upload_scratched(folder: Path) -> Old:
    """One picture in the uploaded archive is damaged; everything else in it is used."""
    listed = talks()
    path = write_zip(
        folder / f"data/sessions/{A}/upload.zip", classic_files(listed, MEDIA), stored=True
    )
    raw = bytearray(path.read_bytes())
    raw[raw.index(MEDIA[PICTURE_AT]) + 40] ^= 0xFF
    path.write_bytes(raw)
    kept = [bytes(raw), MEDIA[RECORDING_AT], encoded(USER)]
    return Old(folder, {A: Held(listed, kept, {"damaged-upload"}, recovered=len(listed))})


def versions_of_one(folder: Path) -> Old:
    """One conversation in three states: each place has messages the others have not."""
    short, longer, other = simple(1), simple(1), simple(1)
    extra = simple(2)["mapping"]["c-simple-0002-n1"]
    longer["mapping"]["longer"] = {**extra, "id": "longer", "parent": "c-simple-0001-n2"}
    longer["update_time"] += 500
    other["mapping"]["other"] = {**extra, "id": "other", "parent": "c-simple-0001-n0"}
    files = {
        "conversations.json": wire([short]),
        "chat.html": chat_html([longer]),
        **single_files([other]),
    }
    saved = {backup_name(A): backup(A, {"conversations.json": wire([short])})}
    write_folder(folder, {**session(A, files), **saved})
    return Old(folder, {A: Held([short, longer, other], [])})


def links(folder: Path) -> Old:
    """Links to files, folders and whole sessions elsewhere: named, not followed."""
    files, held = _plain(1)
    outside = write_folder(folder / "outside", {"secret.txt": b"not of the session"})
    base = write_folder(folder / "old", session(A, files))
    inside = base / "data/sessions" / A
    (inside / "secret.txt").symlink_to(outside / "secret.txt")
    (inside / "conversations" / "elsewhere.json").symlink_to(outside / "secret.txt")
    (inside / "audio").symlink_to(outside, target_is_directory=True)
    (inside / "round").symlink_to(inside, target_is_directory=True)
    (base / "data/sessions" / B).symlink_to(outside, target_is_directory=True)
    held.codes.add("link")
    return Old(base, {A: held, B: Held([], [], {"link"})})


def read_only(folder: Path) -> Old:
    """A folder on a medium that cannot be written."""
    listed = talks()
    files = {**whole(listed), **OTHERS, **single_files(listed)}
    write_folder(folder, {**session(A, files), **media(A, MEDIA)})
    for parent, folders, names in os.walk(folder):
        for name in names:
            Path(parent, name).chmod(0o444)
        for name in folders:
            Path(parent, name).chmod(0o555)
    return Old(folder, {A: Held(listed, [*MEDIA.values(), *OTHERS.values()])})


DAMAGES = (
    registry_empty,
    registry_missing,
    registry_cut,
    orphans,
    poisoned,
    poisoned_by_the_last_version,
    poisoned_for_good,
    only_backups,
    export_archives,
    export_archives_cut,
    half_written,
    list_cut,
    page_cut,
    upload_cut,
    upload_scratched,
    versions_of_one,
    links,
    read_only,
)
