"""The rules of backups as tables of values: manifests, plans, differences, cleanups, names."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.backup.choosing import chosen, is_plain, named_here, stays_inside
from app.core.backup.cleanup import Holding, sort_archives, worth_joining
from app.core.backup.difference import Renamed, difference
from app.core.backup.levels import compressible, level_named
from app.core.backup.manifest import (
    Blob,
    Block,
    Entry,
    Manifest,
    decode_head,
    decode_inventory,
    decode_manifest,
    encode_manifest,
    is_backup_id,
)
from app.core.backup.marks import Mark, decode_marks, encode_marks
from app.core.backup.member_names import MemberNames, bare
from app.core.backup.planning import (
    path_key,
    plan_snapshot,
    recogniser,
    relocated,
    renumbered,
    same_facts,
    told_apart,
)
from app.core.backup.waymarks import MarkedBlock, MarkedFile, Waymark, encode_waymark, find_waymarks
from app.errors import InvalidInput, NotFound, StorageProblem

HASH = {letter: letter * 64 for letter in "abcdef"}
NOW = 10**18


def manifest(**facts) -> Manifest:
    return Manifest(
        **{
            "id": "backup-20260101T000000Z-0000abcd",
            "export": "e",
            "name": "E",
            "type": "full",
            "created_at": datetime(2026, 1, 1, tzinfo=UTC),
            "archives": ("backup-20260101T000000Z-0000abcd.7z",),
            **facts,
        }
    )


def file(path: str, letter: str = "a", **facts) -> Entry:
    values = {"size": 10, "mtime_ns": NOW, "mode": 0o644, "inode": 5, "ctime_ns": NOW, "where": 0}
    return Entry(path, "file", sha256=HASH[letter], **{**values, **facts})


def found(entry: Entry, **facts) -> Entry:
    """The same file as a look at the disk finds it: without its hash."""
    return msgspec.structs.replace(entry, sha256="", where=-1, **facts)


whole = st.integers(0, 2**62)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
paths = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
entries = st.builds(
    Entry, paths, st.sampled_from(["file", "folder", "link"]), whole, st.integers(-(2**62), 2**62),
    whole, whole, whole, st.one_of(st.just(""), hashes), st.just(0), st.tuples(paths), paths,
    hashes,
)  # fmt: skip


@given(st.lists(entries, max_size=8), st.lists(hashes, max_size=8), st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_manifest_comes_back(some, stored, note):
    """What is written is read again, whole, as an inventory and as a head."""
    blocks = (Block("deflate", 32, 10, 100, 7),)
    blobs = tuple(Blob(sha256, 0, 0, 100) for sha256 in stored)
    written = manifest(entries=tuple(some), blobs=blobs, blocks=blocks, note=note)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.core.backup.manifest._TOGETHER", 3)  # in several pieces
        raw = b"".join(encode_manifest(written))

    assert decode_manifest(raw) == written
    assert decode_inventory(raw).blobs == blobs
    assert decode_head(raw).note == note
    assert raw.startswith(b'{"formatVersion"')


@given(st.binary(max_size=200))
def test_anything_else_is_no_manifest(raw):
    """Bytes that are no manifest are told, and raise nothing else."""
    with pytest.raises(StorageProblem):
        decode_manifest(raw)


@pytest.mark.parametrize(
    "facts",
    [
        {"id": "../../etc"},
        {"archives": ("../other.7z",)},
        {"archives": ("a/b.7z",)},
        {"format_version": 2},
        {"entries": (Entry("", "file"),)},
        {"entries": (Entry("a\0b", "file"),)},
        {"entries": (Entry("a", "file", -1),)},
        {"entries": (Entry("a", "file", where=1),)},
        {"entries": (Entry("a", "file", sha256="x"),)},
        {"blobs": (Blob(HASH["a"], 0, 0, 1),)},
        {"blobs": (Blob(HASH["a"], 0, 5, 6),), "blocks": (Block("copy", 32, 10, 10, 0),)},
        {"blobs": (Blob("a", 0, 0, 1),), "blocks": (Block("copy", 32, 10, 10, 0),)},
        {"blocks": (Block("copy", -1, 10, 10, 0),)},
    ],
)
def test_senseless_manifest_is_refused(facts):
    """Facts no backup of ours has are refused before anyone goes by them."""
    with pytest.raises(StorageProblem):
        decode_manifest(b"".join(encode_manifest(manifest(**facts))))


KNOWN = file("a.json")


def recognised(known: Entry, since: int, **facts) -> Entry | None:
    """What a file is known by whose facts are those of ``known``, but for some."""
    here = found(known, **facts)
    recognise = recogniser({path_key(known.path): known}, scanned_ns=since)
    times = (here.mtime_ns, here.ctime_ns)
    return recognise(here.path, here.size, *times, here.mode, here.inode)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ({}, False),
        ({"size": 11}, True),
        ({"mtime_ns": NOW + 1}, True),
        ({"mode": 0o600}, True),
        ({"inode": 6}, True),
        ({"inode": 0}, False),
        ({"ctime_ns": NOW + 1}, True),
        ({"ctime_ns": 0}, False),
        ({"path": "b.json"}, True),
    ],
)
def test_what_looks_touched_is_read(change, read):
    """Any fact that differs means reading; facts a file system does not have mean nothing."""
    known = recognised(KNOWN, NOW + 3_000_000_000, **change)

    assert known is (None if read else KNOWN)
    assert same_facts(KNOWN, found(KNOWN, **change)) is not read


@pytest.mark.parametrize("since", [-5, 0, 1_999_999_999, 2_000_000_000])
def test_file_touched_around_the_last_look_is_read(since):
    """Within two seconds of the last look, or later, a file may have changed unseen."""
    assert recognised(KNOWN, NOW + since) is None


@pytest.mark.parametrize(
    "facts", [{"flags": ("unreadable",)}, {"where": -1}, {"kind": "link"}, {"size": 0}]
)
def test_what_was_not_kept_well_is_read_again(facts):
    """A file that was flagged, or whose bytes are nowhere, is read whatever its facts say."""
    known = msgspec.structs.replace(KNOWN, **facts)

    assert recognised(known, NOW * 2) is None


def test_names_are_recognised_only_as_they_are():
    """A name with its accents taken apart is known again as such, and as no other."""
    known = file("Cafe\u0301.json")

    assert recognised(known, NOW * 2) is known
    assert recognised(known, NOW * 2, path="Caf\u00e9.json") is None


def test_only_files_with_bytes_are_read():
    """Folders, links and empty files need no reading, nor what was recognised."""
    new, empty, folder = found(file("z")), found(file("e", size=0)), Entry("f", "folder")

    plan = plan_snapshot([new, empty, found(file("b")), folder], [KNOWN])

    assert [entry.path for entry in plan.read] == ["b", "z"]
    assert (plan.plain, plan.unchanged, plan.read_bytes) == ((empty, folder), (KNOWN,), 20)


def test_accents_taken_apart_are_the_same_name():
    """A name that came back from another system with its accents apart is known again."""
    known = file("Caf\u00e9.json")

    assert not told_apart({"Caf\u00e9.json": known}, [known])
    told = difference([known], [file("Cafe\u0301.json")])
    assert (told.added, told.removed) == ((), ())


@pytest.mark.parametrize(
    ("after", "apart"),
    [
        ([file("a"), file("b", "b")], False),
        ([file("a")], True),
        ([file("a"), file("b", "c")], True),
        ([file("a"), file("b", "b"), file("c")], True),
        ([file("a"), file("b", "b", mtime_ns=1)], True),
        ([file("a"), file("b", "b", inode=9, ctime_ns=3)], False),
    ],
)
def test_states_are_told_apart_by_what_a_restore_brings(after, apart):
    """Bytes, names, modes and times of files count; inodes do not."""
    before = {entry.path: entry for entry in (file("a"), file("b", "b"))}

    assert told_apart(before, after) is apart
    assert told_apart(before, after[1:], unchanged=1) is apart


def test_difference_of_two_states():
    """Added, changed, removed, renamed: each file is told once."""
    before = [file("same"), file("changed", "b"), file("removed", "c"), file("old", "d")]
    after = [file("same"), file("changed", "e"), file("added", "f"), file("new", "d")]

    told = difference(before, after)

    assert (told.added, told.changed, told.removed) == (("added",), ("changed",), ("removed",))
    assert told.renamed == (Renamed("old", "new"),)
    assert (told.unchanged, told.bytes_added, told.count) == (1, 20, 4)


def test_places_follow_their_archives():
    """Hints are renumbered when the list of archives changes, and looked up when it is wrong."""
    listed = [file("a", where=0), file("b", "b", where=1), Entry("d", "folder")]

    moved = renumbered(listed, ("one", "two"), {"two": 0, "own": 1})
    archives, again = relocated(listed, {HASH["b"]: "three"})

    assert [entry.where for entry in moved] == [-1, 0, -1]
    assert archives == ("three",)
    assert [entry.where for entry in again] == [-1, 0, -1]


def holding(name: str, letters: str, *, dropped: bool, readable: bool = True) -> Holding:
    return Holding(name, 100, dropped, {HASH[letter]: 10 for letter in letters}, readable)


@pytest.mark.parametrize(
    ("holdings", "live", "delete", "keep"),
    [
        ([holding("1", "ab", dropped=True), holding("2", "c", dropped=False)], "c", "1", ""),
        ([holding("1", "ab", dropped=True), holding("2", "c", dropped=False)], "ac", "", "1"),
        ([holding("1", "a", dropped=True), holding("2", "a", dropped=False)], "a", "1", ""),
        ([holding("1", "a", dropped=True), holding("2", "a", dropped=True)], "a", "1", "2"),
        ([holding("1", "", dropped=True, readable=False)], "", "1", ""),
        ([holding("1", "", dropped=True, readable=False)], "a", "", "1"),
        ([holding("1", "a", dropped=False)], "a", "", ""),
    ],
)
def test_archive_goes_only_when_nothing_needs_it(holdings, live, delete, keep):
    """Whoever holds bytes nobody else has stays; what cannot be read may hold them."""
    told = sort_archives(holdings, {HASH[letter] for letter in live})

    assert (told.delete, told.keep) == (tuple(delete), tuple(keep))


@pytest.mark.parametrize(
    ("size", "needed", "count", "worth"),
    [(0, 0, 0, False), (100, 90, 1, False), (100, 70, 1, True), (100, 100, 11, True)],
)
def test_joining_pays_from_three_tenths_on(size, needed, count, worth):
    """Archives are joined when much of them is dead, or when there are many."""
    assert worth_joining(size, needed, count) is worth


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("a/b.json", True), ("a:b", True), ("x\\y", True), ("..", False), ("a/../b", False),
        ("/a", False), ("a//b", False), ("a/./b", False), ("C:x/y", False), ("a\\b/c", False),
        ("a\0b", False), ("", False), ("...", True),
    ],
)  # fmt: skip
def test_paths_that_stay_where_they_are_put(path, plain):
    """Whatever could lead elsewhere on some system is not taken as it is."""
    assert is_plain(path) is plain


@given(st.lists(paths, max_size=12, unique=True), st.booleans(), st.booleans())
@example(["/", '"'], True, True)
@settings(max_examples=200, deadline=None)
def test_restored_names_are_safe_and_different(some, windows, folding):
    """However hostile the list, no file leaves its folder and no two share a name."""
    brought = named_here([Entry(path, "file") for path in some], windows=windows, folding=folding)

    names = [each.path for each in brought]
    assert all(is_plain(name) for name in names)
    assert len(set(names)) == len(names)
    assert not any(f"{other}/" == name[: len(other) + 1] for name in names for other in names)


@pytest.mark.parametrize(
    ("path", "target", "inside"),
    [
        ("a/link", "b", True), ("a/link", "../b", True), ("link", "../b", False),
        ("a/link", "../../b", False), ("a", "/etc/passwd", False), ("a", "C:\\x", False),
        ("a", "b/../../c", False), ("a", "", False), ("a/b/c", "..\\..\\..\\x", False),
    ],
)  # fmt: skip
def test_links_are_restored_only_inside(path, target, inside):
    """A link that would lead out of the export, at any step, is not made."""
    assert stays_inside(path, target) is inside


def test_chosen_files_and_folders():
    """A name means a file or all of a folder; one that means nothing is refused."""
    listed = [file("a/b"), file("a/c"), file("ab"), Entry("a", "folder")]

    assert [entry.path for entry in chosen(listed, ["a"])] == ["a/b", "a/c", "a"]
    assert [entry.path for entry in chosen(listed, ["a/c", "ab"])] == ["a/c", "ab"]
    with pytest.raises(NotFound):
        chosen(listed, ["b"])


def test_member_names():
    """A path no system minds is the member's name; another of its case, or ours, is not."""
    names = MemberNames()
    given_names = [
        names.take(file(path)) for path in ("a.json", "A.json", ".backup/x", "x?", "b/c")
    ]

    assert given_names == ["a.json", "", "", "", "b/c"]
    assert [e.path for e in bare([Entry("d", "folder"), Entry("e", "folder"), file("d/f")])] == [
        "e"
    ]


@pytest.mark.parametrize(
    ("number", "name"), [("0", "store"), ("1", "fast"), ("6", "balanced"), ("9", "smallest")]
)
def test_levels_have_names_and_numbers(number, name):
    """Ten numbers are five levels."""
    assert level_named(number) is level_named(name)
    with pytest.raises(InvalidInput):
        level_named("10")


@pytest.mark.parametrize(
    ("path", "answer"),
    [("a/b.JSON", True), ("a.webp", False), ("a.json/b", None), ("file-1.dat", None)],
)
def test_names_tell_whether_compressing_pays(path, answer):
    """By its extension a file is text, media, or must be tried."""
    assert compressible(path) is answer


@pytest.mark.parametrize(
    ("text", "proper"),
    [
        ("backup-20260101T000000Z-0000abcd", True),
        ("backup-20260101T000000Z-0000abcd.7z", False),
        ("backup-20260101T000000Z-0000abcd\n", False),
        ("../backup-20260101T000000Z-0000abcd", False),
    ],
)
def test_ids_have_one_form(text, proper):
    """What is not exactly an id is none: it becomes the name of a file."""
    assert is_backup_id(text) is proper


def test_marks_come_back_and_nonsense_is_none():
    """Pins are remembered; a file that makes no sense remembers nothing."""
    marks = {"backup-20260101T000000Z-0000abcd": Mark(pinned=True, note="n")}

    assert decode_marks(encode_marks(marks)) == marks
    assert decode_marks(b"{nonsense") == {}


@given(st.binary(max_size=60), st.binary(max_size=60), st.integers(0, 400))
@settings(deadline=None)
def test_waymark_is_found_anywhere_or_not_at_all(before, after, cut):
    """Between any bytes a whole waymark is found where it is; a cut one never."""
    files = (MarkedFile("a", HASH["a"], 3),)
    mark = Waymark(manifest(), (MarkedBlock("copy", 3, 3, 0, files),))
    raw = encode_waymark(mark)

    assert [found[:2] for found in find_waymarks(before + raw + after)] == [
        (len(before), len(before) + len(raw))
    ]
    assert list(find_waymarks(before + raw[: max(0, len(raw) - 1 - cut)])) == []
