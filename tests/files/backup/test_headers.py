"""The headers we write are those py7zr reads, whatever is in them; and the other way round."""

import io
import zlib

import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.backup.manifest import Block
from app.files.backup.sevenzip import layout, parsing
from app.files.backup.sevenzip.codecs import Damaged
from app.files.backup.sevenzip.layout import Filled, Member

names = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\\/:", exclude_categories=("Cs", "Cc")),
    min_size=1,
    max_size=12,
).filter(lambda name: name.strip(". ") != "")
files = st.tuples(st.binary(min_size=1, max_size=40), st.integers(0, 0o777), st.integers(0, 2**61))
archives = st.lists(st.lists(files, min_size=1, max_size=5), min_size=1, max_size=6)


def built(groups, empties) -> bytes:
    """Write a whole archive of stored blocks."""
    body, filled, number = b"", [], 0
    for group in groups:
        members = []
        for data, mode, moment in group:
            members.append(Member(f"file {number}", len(data), moment, mode, zlib.crc32(data)))
            number += 1
        data = b"".join(each[0] for each in group)
        block = Block("copy", 32 + len(body), len(data), len(data), zlib.crc32(data))
        filled.append(Filled(block, tuple(members)))
        body += data
    empty = [Member(f"{n} {i}", folder=folder) for i, (n, folder) in enumerate(empties)]
    packed, leader = layout.encoded_header(layout.header(filled, empty), 32 + len(body), 6)
    start = layout.signature(leader, 32 + len(body) + len(packed))
    return start + body + packed + leader


@given(archives, st.lists(st.tuples(names, st.booleans()), max_size=9))
@settings(max_examples=150, deadline=None)
def test_header_is_what_py7zr_reads(groups, empties):
    """Names, sizes, CRCs, times, modes and what is empty arrive at another reader."""
    with py7zr.SevenZipFile(io.BytesIO(built(groups, empties))) as archive:
        read = list(archive.files)

    flat = [each for group in groups for each in group]
    assert [each.filename for each in read[: len(flat)]] == [f"file {n}" for n in range(len(flat))]
    assert [each.uncompressed for each in read[: len(flat)]] == [len(data) for data, *_ in flat]
    assert [each.crc32 for each in read[: len(flat)]] == [zlib.crc32(data) for data, *_ in flat]
    assert [each.posix_mode for each in read[: len(flat)]] == [mode for _, mode, _ in flat]
    assert [int(each.lastwritetime) for each in read[: len(flat)]] == [
        moment // 100 + layout.EPOCH for *_, moment in flat
    ]
    assert [(each.filename, each.is_directory) for each in read[len(flat) :]] == [
        (f"{name} {place}", folder) for place, (name, folder) in enumerate(empties)
    ]


@given(st.integers(0, 2**64 - 1))
def test_numbers_come_back(value):
    """7z's numbers of variable length are read as they were written, and no longer than need be."""
    cursor = parsing._Cursor(layout.number(value) + b"rest")

    assert cursor.number() == value
    assert cursor.take(4) == b"rest"


@given(archives, st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_header_is_damage_and_nothing_else(groups, data):
    """Whatever bytes a header is made of, reading it answers blocks or says it is damaged."""
    raw = bytearray(built(groups, []))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))

    for damaged in (bytes(raw), bytes(raw[:cut])):
        try:
            place = parsing.read_signature(damaged[:32])
            parsing.read_streams(damaged[place.offset : place.end])
        except Damaged:
            continue


@pytest.mark.parametrize("raw", [b"", b"\x01", b"\x17\x06" + b"\xff" * 9, b"\x01\x04\x06\x00\xc0"])
def test_senseless_header_is_refused(raw):
    """Counts that no header could hold are refused before anything is made of them."""
    with pytest.raises(Damaged):
        parsing.read_streams(raw)
