"""Files of conversations: any shape, any damage, any size; every whole element is found."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.loose import decoded
from app.files import json_scan
from app.files.json_stream import Element, elements, elements_in, readable, written

BOM = b"\xef\xbb\xbf"


def values(data: bytes) -> list[object]:
    return [element.broken or element.value for element in elements_in(data)]


def whole(data: bytes) -> list[dict[str, object]]:
    return [element.value for element in elements_in(data) if not element.broken]


def broken(data: bytes) -> list[Element]:
    return [element for element in elements_in(data) if element.broken]


def conversation(number: int, text: str = "hi") -> dict[str, object]:
    """A conversation small and like a real one: nested, with lists of objects in it."""
    message = {
        "author": {"role": "user"},
        "content": {"parts": [text, {"title": "inner", "id": "x"}, [], {}]},
    }
    return {
        "title": f"Number {number}",
        "create_time": 1735700400.25,
        "mapping": {"n1": {"id": "n1", "message": message, "parent": None, "children": []}},
        "safe_urls": [],
        "id": f"c-{number}",
    }


FIVE = [conversation(n, 'quotes " and \\ and { [ ] } , braces') for n in range(5)]


@pytest.mark.parametrize("bom", [b"", BOM])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda items: items,
        lambda items: {"conversations": items},
        lambda items: {"version": 1, "data": items, "next": None},
    ],
)
def test_lists_of_every_shape(bom: bytes, indent: int | None, wrap):
    """A list, an object around it, indented or not; offsets are where elements begin."""
    data = bom + json.dumps(wrap(FIVE), indent=indent).encode()

    found = list(elements_in(data))

    assert [element.value for element in found] == FIVE
    assert all(bytes(e.raw) == data[e.offset : e.offset + len(e.raw)] for e in found)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n"])
def test_json_lines(end: bytes):
    """A conversation on each line."""
    data = end.join(json.dumps(item).encode() for item in FIVE) + end

    assert values(data) == FIVE
    assert values(data.rstrip()) == FIVE


def test_one_conversation_alone():
    """Other programs keep each in a file; the key that looks like a list is its own."""
    alone = {**conversation(1), "data": [1]}

    assert values(json.dumps(alone).encode()) == [alone]


@pytest.mark.parametrize("data", [b"", b" \n", b"[]", b"{}", BOM, BOM + b"[ ]", b'{"items":[]}'])
def test_empty_files_hold_nothing(data: bytes, tmp_path: Path):
    """An empty shard is no damage."""
    path = tmp_path / "x.json"
    path.write_bytes(data)

    assert list(elements(path)) == []


@pytest.mark.parametrize(
    "data", [b"null", b"5", b'"x"', b'[1, null, [], "x"]', b"[[]]", b"{", b"["]
)
def test_what_is_no_conversation_is_told(data: bytes):
    """Nothing is dropped without a word."""
    found = list(elements_in(data))

    assert found
    assert all(element.broken for element in found)


def test_element_is_whole_though_no_strict_json():
    """Half a surrogate pair, NaN, a line break in a string: met in real exports."""
    data = b'[{"id": "\\ud83d", "mapping": {}}, {"id": NaN, "x": -Infinity}, {"id": "a\nb"}]'

    first, second, third = elements_in(data)

    assert first.value == {"id": "\ud83d", "mapping": {}}
    assert str(second.value["id"]) == "nan"
    assert third.value == {"id": "a\nb"}


@pytest.mark.parametrize(
    ("damage", "lost"),
    [
        (lambda text: text.replace('"Number 2"', '"Number 2', 1), 1),
        (lambda text: text.replace('"title": "Number 2"', '"title" "Number 2"', 1), 1),
        (lambda text: text.replace('"mapping"', '"mapping', 1), 1),
        (lambda text: text.replace("}, {", "} {", 1), 0),
        (lambda text: text[:-40], 1),
        (lambda text: text[:-1], 0),
        (lambda text: text[5:], 1),
        (lambda text: "garbage" + text, 0),
        (lambda text: text.replace('"c-1"}', '"c-1"', 1), 1),
        (lambda text: text.replace('"c-1"}', '"c-1"}}}]', 1), 0),
        (lambda text: text.replace('"c-3"', '"c-3\x00\x00\x00', 1), 1),
    ],
)
def test_damage_costs_only_where_it_is(damage, lost: int):
    """What is before and behind is found; what is lost is kept as bytes with its place."""
    data = damage(json.dumps(FIVE)).encode()

    kept = whole(data)

    assert len(kept) == 5 - lost
    assert all(item in FIVE for item in kept)
    for element in broken(data):
        assert bytes(element.raw) == data[element.offset : element.offset + len(element.raw)]


def test_truncated_tail_is_told():
    """What came before is kept; the reason says that the file ends."""
    data = json.dumps(FIVE).encode()

    for cut in (len(data) - 1, len(data) - 30, len(data) // 2):
        assert broken(data[:cut])[-1].broken == "the file ends before it does"


def test_invalid_utf8_costs_one_element():
    """The strict parser splits it, decoding finds it."""
    data = json.dumps(FIVE).encode().replace(b"Number 2", b"N\xff\xfeber 2")

    assert [item["id"] for item in whole(data)] == ["c-0", "c-1", "c-3", "c-4"]
    assert "text is damaged" in broken(data)[0].broken


def test_endless_nesting_is_survived():
    """No recursion over what comes from outside goes unlimited."""
    deep = b'{"mapping": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    good = json.dumps(FIVE[0]).encode()

    assert whole(b"[" + good + b"," + deep + b"," + good + b"]") == [FIVE[0]] * 2
    assert values(b'{"a":' * 100_000)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 10_000), st.sampled_from(range(256))),
        max_size=3,
    ),
    st.sampled_from([b", ", b",", b",\n  "]),
)
@example([(1, 0, ord("x"))], b",")
@example([(0, 250, ord('"')), (3, 10, ord("{"))], b", ")
def test_every_untouched_element_is_found(mutations: list[tuple[int, int, int]], separator: bytes):
    """Whatever bytes of some elements are changed, the others come out whole."""
    texts = [bytearray(json.dumps(item).encode()) for item in FIVE]
    touched = set()
    for number, place, byte in mutations:
        text = texts[number]
        if text[place % len(text)] != byte:
            text[place % len(text)] = byte
            touched.add(number)

    kept = whole(b"[" + separator.join(texts) + b"]")

    assert all(item in kept for number, item in enumerate(FIVE) if number not in touched)


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text('[]{},:" \\ae1', max_size=80).map(str.encode))
def test_any_bytes_are_survived(data: bytes):
    """Elements lie in order and inside the file."""
    end = 0
    for element in elements_in(data):
        assert element.offset >= end
        end = element.offset + len(element.raw)
        assert element.broken or isinstance(element.value, dict)
    assert end <= len(data)


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=20,
    ),
    st.booleans(),
)
def test_scanning_ends_where_the_object_does(value: object, ascii_only: bool):
    """Without the strict parser, by brackets and strings alone."""
    text = json.dumps({"x": value}, ensure_ascii=ascii_only).encode("utf-8", "replace")

    assert json_scan.closing(text + b'\x00, {"', 0, len(text) + 5) == len(text)


def test_strict_parser_tells_the_end_as_we_expect():
    """Its complaint is the only way to learn it; a new wording would only cost time."""
    assert json_scan._strict_end(b'  {"a": 1} \n ,', 2) == 10
    assert json_scan._strict_end(b'{"a": {}}{', 0) == 9
    assert json_scan._strict_end(b'{"a": NaN},', 0) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1.500000000000000000001,"b":1e400,"c":[],"d":{},"e":"\\u00e9/\\/"}',
        '{"half":"\\ud83d","n":NaN}',
        '{"same":1,"same":2}',
    ],
)
def test_readable_json_loses_nothing(text: str):
    """Every digit, every key; what is no strict JSON is written in ASCII and read back."""
    value, why = decoded(text.encode())

    laid = readable(text.encode(), value)

    assert why == ""
    assert b"\n" in laid
    assert repr(decoded(laid)[0]) == repr(value)
    if "half" not in text:
        assert laid.replace(b"\n", b"") == text.encode()
    else:
        assert laid.isascii()


_keys = st.sampled_from(["mapping", "title", "id", "a", "é", 'x"y', "", ","])
_texts = st.sampled_from(
    ['"id":1', ',"title":', '{"a":', "\\", '\\"mapping":{"a":', "plain", "é\n"]
)
_values = st.recursive(
    st.none() | st.integers() | st.text() | _texts,
    lambda inner: st.lists(inner) | st.dictionaries(_keys | st.text(), inner),
    max_leaves=25,
)


@given(st.dictionaries(_keys | st.text(), _values), st.booleans())
def test_lines_change_nothing(value: dict[str, object], ascii: bool):
    """Laid out in lines, JSON is what it was but for the breaks, whatever keys and texts hold."""
    raw = json.dumps(value, ensure_ascii=ascii, separators=(",", ":")).encode()

    laid = readable(raw, value)

    assert laid.replace(b"\n", b"") == raw
    assert json.loads(laid) == value


def test_a_conversation_has_a_line_for_each_message():
    """A key a line, a message a line, and the spaces of the source are gone."""
    value = {"title": "Mint", "mapping": {"a": {"id": "a"}, "b": {"id": "b"}}, "id": "c", "x": []}

    laid = readable(json.dumps(value, indent=3).encode(), value)

    assert laid.decode().splitlines() == [
        "{", '"title":"Mint",', '"mapping":{', '"a":{"id":"a"},', '"b":{"id":"b"}},',
        '"id":"c",', '"x":[]}',
    ]  # fmt: skip
    assert written(value) == laid


def test_laying_out_is_fast():
    """Keys that are written otherwise than expected do not make it slow."""
    nodes = {f"n{number}": {"text": "word " * 20} for number in range(20_000)}
    raw = json.dumps({"mapping": nodes}).encode().replace(b'"n', b'"\\u006e')
    began = time.process_time()

    laid = readable(raw, {"mapping": nodes})

    assert json.loads(laid) == {"mapping": nodes}
    assert time.process_time() - began < 2


def test_scanning_is_fast():
    """A damaged gigabyte is a matter of seconds, also without the strict parser's help."""
    text = json.dumps(conversation(1, 'words and \\"quotes\\" ' * 2000)).encode()
    data = b'[{"mapping": "\\ud83d"},' + b",".join([text] * 200) + b"]"
    began = time.process_time()

    found = sum(1 for _ in elements_in(data))

    assert found == 201
    assert len(data) / (time.process_time() - began) > 25e6  # bytes a second; bench: 250e6


def test_unclosed_starts_do_not_cost_the_square(monkeypatch: pytest.MonkeyPatch):
    """Thousands of elements that never close are followed a little way, then less."""
    monkeypatch.setattr(json_scan, "_REACH", ((1 << 20, 1 << 16), (2 << 20, 1 << 12)))
    monkeypatch.setattr(json_scan, "_LAST_REACH", 1 << 8)
    good = json.dumps(FIVE[0]).encode()
    began = time.process_time()

    data = b"[" + b'{"title": [\x00' * 20_000 + good + b"]"
    list(elements_in(data))

    assert time.process_time() - began < 10


def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    """The file is mapped: what the process owns stays small, damaged or not."""
    text = json.dumps(conversation(1, "x" * 50_000)).encode()
    for start in (b"[", b'[{"id": "\\ud83d"},'):
        path = tmp_path / "large.json"
        path.write_bytes(start + b",".join([text] * 3000) + b"]")  # 150 MB
        script = (
            "import sys, pathlib, tracemalloc\n"
            "from app.files.json_stream import elements\n"
            "tracemalloc.start()\n"
            "for element in elements(pathlib.Path(sys.argv[1])):\n"
            "    assert not element.broken\n"
            "print(tracemalloc.get_traced_memory()[1])\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
        )

        assert int(done.stdout) < 20_000_000  # bytes at the most, of a file of 150 MB
