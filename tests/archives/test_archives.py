"""Every built archive holds what it says, read with nothing but zipfile and json."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.archives import contents, damage, hostile, layouts, pairs, providers
from tests.archives.odd_conversations import ODD
from tests.archives.writing import bulk, wire

CONVERSATIONS = re.compile(r"conversations(-\d+)?( \(\d+\))?\.json")
NESTED = re.compile(r"(Conversations|Files)__.*\.zip")


def files_of(path):
    """Every file of an archive, a folder or a file alone, the portal's own archives opened."""
    if path.is_dir():
        return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}
    if path.suffix != ".zip":
        return {path.name: path.read_bytes()}
    return unzipped(path.read_bytes())


def unzipped(data, above=""):
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            body = archive.read(entry)
            if NESTED.fullmatch(entry.filename.rsplit("/", maxsplit=1)[-1]):
                found |= unzipped(body, f"{above}{entry.filename}/")
            else:
                found[above + entry.filename] = body
    return found


def talks_of(files):
    """The conversations of an archive by id; one in two shards has the nodes of both."""
    talks = {}
    for name, data in files.items():
        if CONVERSATIONS.fullmatch(PurePosixPath(name).name):
            for talk in json.loads(data):
                key = talk.get("conversation_id") or talk["id"]
                talks[key] = talks.get(key, frozenset()) | frozenset(talk["mapping"])
    return talks


def by_name(builders):
    return pytest.mark.parametrize("builder", builders, ids=lambda builder: builder.__name__)


@by_name((*layouts.WHOLE, *contents.CONTENT))
def test_whole_archives_hold_what_they_say(builder, tmp_path):
    """Conversations, nodes and media of an archive are exactly those expected."""
    expected = builder(tmp_path)
    files = {}
    for path in (expected.path, *expected.sources):
        files |= files_of(path)

    assert talks_of(files) == expected.nodes
    assert expected.media <= {hashlib.sha256(data).hexdigest() for data in files.values()}
    assert all(
        json.dumps(pointer)[1:-1].encode() in b"".join(files.values())
        for pointer in expected.missing
    )


@by_name(damage.DAMAGED)
def test_damaged_archives_still_hold_what_is_expected(builder, tmp_path):
    """Each expected conversation and picture is somewhere in the archive, damaged as it is."""
    expected = builder(tmp_path)
    if builder is damage.bad_crc:
        with pytest.raises(zipfile.BadZipFile, match="CRC"):
            files_of(expected.path)
        return
    files = files_of(expected.path)
    strings = set(re.findall(rb'"([\w-]+)"', b"".join(files.values())))

    assert {key.encode() for key in expected.conversations} <= strings
    assert {node.encode() for nodes in expected.nodes.values() for node in nodes} <= strings
    assert expected.media <= {hashlib.sha256(data).hexdigest() for data in files.values()}


@pytest.mark.parametrize(
    "builder", [damage.malformed_json, damage.truncated_json, damage.one_bad_shard, damage.poisoned]
)
def test_damage_is_real(builder, tmp_path):
    """What is said to be damaged cannot simply be read."""
    files = files_of(builder(tmp_path).path)

    with pytest.raises((ValueError, KeyError, TypeError)):
        talks_of(files)


@by_name(damage.REFUSED)
def test_refused_archives_have_nothing_to_read(builder, tmp_path):
    """There is no conversation in them that could be read without a password."""
    expected = builder(tmp_path)

    assert expected.refused
    assert expected.path.exists()
    try:
        files = files_of(expected.path)
    except (zipfile.BadZipFile, RuntimeError):
        return
    assert not [name for name in files if CONVERSATIONS.fullmatch(PurePosixPath(name).name)]


@pytest.mark.parametrize("name", providers.OTHERS)
def test_other_assistants_have_no_conversations_of_ours(name, tmp_path):
    """None of their messages has an author and content as ChatGPT's have."""
    files = files_of(providers.other(name, tmp_path).path)

    assert b'"author"' not in b"".join(files.values())


@by_name(pairs.PAIRS)
def test_pairs_are_two_archives_that_overlap_or_differ(builder, tmp_path):
    """Both can be read; what both hold together is what is expected of the library."""
    pair = builder(tmp_path)
    first, second = files_of(pair.first.path), files_of(pair.second.path)
    everything = b"".join((*first.values(), *second.values()))

    assert talks_of(first) == pair.first.nodes
    assert talks_of(second) == pair.second.nodes
    assert {**pair.first.nodes, **pair.second.nodes}.keys() == pair.both.nodes.keys()
    assert pair.gone == pair.first.conversations - pair.second.conversations or pair.accounts == 2
    assert all(text.encode() in everything for text in pair.texts)
    assert (first["user.json"] == second["user.json"]) == (pair.accounts == 1)


def test_the_poorer_archive_lost_what_the_richer_has(tmp_path):
    """Thoughts and picture are only in the first archive, the thanks only in the second."""
    pair = pairs.older_richer_newer_poorer(tmp_path)
    first, second = (b"".join(files_of(p.path).values()) for p in (pair.first, pair.second))

    assert [text.encode() in first for text in pair.texts] == [True, True, False]
    assert [text.encode() in second for text in pair.texts] == [False, False, True]


ATTACKED = {
    "slip": lambda entry: ".." in entry.filename.split("/"),
    "absolute": lambda entry: entry.filename.startswith("/") or entry.filename[1:2] == ":",
    "backslash": lambda entry: "\\" in entry.orig_filename,
    "symlink": lambda entry: entry.external_attr >> 28 == 0o12,
    "special_file": lambda entry: entry.external_attr >> 28 == 0o2,
    "nul_in_name": lambda entry: "\0" in entry.orig_filename,
    "duplicate": lambda entry: entry.filename == "conversations.json",
    "case_colliding": lambda entry: entry.filename.casefold().startswith("file-aa0"),
    "long_names": lambda entry: len(entry.filename.encode()) > 255,
    "double_dots": lambda entry: ".." in entry.filename,
    "reserved_names": lambda entry: entry.filename.startswith(("CON.", "nul")),
    "file_and_folder": lambda entry: entry.filename.startswith("thing"),
    "one_locked": lambda entry: entry.flag_bits & 1,
    "lying_size": lambda entry: entry.filename.endswith(".bin") and entry.file_size == 100,
    "bomb": lambda entry: entry.file_size > 1 << 49,
    "zip_in_zip_in_zip": lambda entry: NESTED.fullmatch(entry.filename),
}


@pytest.mark.parametrize("name", hostile.MALICIOUS)
def test_malicious_archives_attack_as_they_say(name, tmp_path):
    """Each is a readable ZIP with an entry of the kind its name tells."""
    expected = hostile.MALICIOUS[name](tmp_path)
    with zipfile.ZipFile(expected.path) as archive:
        entries = archive.infolist()
        last = [entry for entry in entries if entry.filename == "conversations.json"][-1:]
        listed = [json.loads(archive.read(entry)) for entry in last]

    assert any(ATTACKED[name](entry) for entry in entries)
    assert {talk["id"] for talks in listed for talk in talks} >= expected.conversations


def test_every_attack_is_in_every_place(tmp_path):
    """Each attacking text is a title, a question, an answer and the name of a tool."""
    from tests.attacks import ATTACKS

    talks = json.loads(files_of(hostile.hostile_titles(tmp_path).path)["conversations.json"])

    assert len(talks) == len(ATTACKS)
    for talk, (_, text) in zip(talks, ATTACKS, strict=True):
        messages = [node["message"] for node in talk["mapping"].values() if node["message"]]
        assert talk["title"] == text
        assert text in {message["author"]["name"] for message in messages}
        assert [m["content"] for m in messages[:2]] == [
            {"content_type": "text", "parts": [text]}
        ] * 2


@pytest.mark.parametrize("name", ODD)
def test_odd_conversations_can_be_written(name):
    """Each odd conversation is an object JSON can hold, and comes out as it went in."""
    talk = ODD[name]()

    assert json.loads(wire(talk)) == talk
    assert isinstance(talk, dict)


def test_odd_conversations_cover_every_case():
    """Cases 16 to 50 of what must not crash are there; trees have builders of their own."""
    covered = {int(name.split()[0]) for name in ODD}

    assert set(range(16, 51)) - covered == {21, 22, 23, 25}
    assert {contents.broken_dags, *damage.DAMAGED} >= {contents.broken_dags, damage.deep_chain}


def test_bulk_archive_is_of_the_size_asked(tmp_path):
    """The number of conversations and of mebibytes are both kept to; a seed repeats itself."""
    few = bulk(tmp_path / "few.zip", conversations=5)
    small = bulk(tmp_path / "small.zip", conversations=1_000, mebibytes=1)

    assert len(json.loads(files_of(few)["conversations.json"])) == 5
    assert 500_000 < len(files_of(small)["conversations.json"]) <= 1 << 20
    assert files_of(few) == files_of(bulk(tmp_path / "again.zip", conversations=5))


def test_huge_archive_is_streamed_with_a_message_of_megabytes(tmp_path):
    """The size of the big message is what is asked for."""
    expected = damage.huge(tmp_path, conversations=3, paragraphs=100_000)

    assert len(files_of(expected.path)["conversations.json"]) > 2_000_000
    assert len(expected.conversations) == 4
    assert isinstance(expected.path, Path)
