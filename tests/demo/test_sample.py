"""The invented account holds everything an export can hold, and is the same for a seed."""

from __future__ import annotations

import json
import struct
import wave
import zipfile
import zlib
from io import BytesIO

import pytest

from app.demo.legacy import build_legacy_session
from app.demo.sample import build_sample

CONTENT_TYPES = {
    "text", "multimodal_text", "code", "execution_output", "tether_browsing_display",
    "tether_browsing_code", "tether_quote", "sonic_webpage", "system_error", "thoughts",
    "reasoning_recap", "user_editable_context", "model_editable_context", "app_pairing_content",
    "computer_output", "computer_initialize_state", "super_widget", "citable_code_output",
    "system_content", "developer_content", "system_message", "image_asset_pointer",
    "audio_transcription", "holograph_v1",
}  # fmt: skip
PART_TYPES = {
    "image_asset_pointer", "audio_asset_pointer", "audio_transcription", "multimodal_text",
    "real_time_user_audio_video_asset_pointer", "image_file", "code", "scent_asset_pointer",
}  # fmt: skip
REFERENCE_TYPES = {
    "hidden", "attribution", "grouped_webpages", "grouped_webpages_model_predicted_fallback",
    "sources_footnote", "file", "webpage", "webpage_extended", "entity", "image_v2", "image_inline",
    "image_group", "product_entity", "products", "alt_text", "video", "navigation", "nav_list",
    "businesses_map", "tldr",
}  # fmt: skip


@pytest.fixture(scope="module")
def classic(tmp_path_factory):
    with zipfile.ZipFile(build_sample(tmp_path_factory.mktemp("demo") / "a.zip")) as archive:
        yield archive


@pytest.fixture(scope="module")
def sharded(tmp_path_factory):
    target = tmp_path_factory.mktemp("demo") / "b.zip"
    with zipfile.ZipFile(build_sample(target, era="sharded")) as archive:
        yield archive


@pytest.fixture(scope="module")
def talks(classic):
    return json.loads(classic.read("conversations.json"))


@pytest.fixture(scope="module")
def messages(talks):
    nodes = (node for talk in talks for node in talk["mapping"].values() if node)
    return [node["message"] for node in nodes if node["message"]]


def pointers(value):
    """Return every asset pointer anywhere in a JSON value."""
    if isinstance(value, list):
        return [found for item in value for found in pointers(item)]
    if not isinstance(value, dict):
        return []
    own = [
        item
        for key, item in value.items()
        if key in {"asset_pointer", "watermarked_asset_pointer", "image_url"}
        and isinstance(item, str)
    ]
    return own + [found for item in value.values() for found in pointers(item)]


def test_a_seed_always_gives_the_same_bytes(tmp_path, classic):
    """Two samples of one seed are equal, two of different seeds are not."""
    again = build_sample(tmp_path / "again.zip").read_bytes()
    other = build_sample(tmp_path / "other.zip", seed=8).read_bytes()

    with open(classic.filename, "rb") as first:  # noqa: PTH123 - its name is text
        assert first.read() == again
    assert other != again


def test_every_content_type_occurs(messages):
    """Each content type an export can have is in the sample, and one no one knows."""
    met = {m["content"].get("content_type") for m in messages if isinstance(m["content"], dict)}

    assert met >= CONTENT_TYPES


def test_every_part_type_occurs(messages):
    """Each type of part is in the sample, and one no one knows."""
    contents = [m["content"] for m in messages if isinstance(m["content"], dict)]
    parts = [part for content in contents for part in content.get("parts") or []]

    assert {part.get("content_type") for part in parts if isinstance(part, dict)} >= PART_TYPES


def test_every_kind_of_reference_occurs(messages):
    """Each type of content reference is in the sample, placed where its text stands."""
    met = set()
    for message in messages:
        for reference in message.get("metadata", {}).get("content_references", []):
            met.add(reference["type"])
            text = message["content"]["parts"][0]
            start, end = reference["start_idx"], reference["end_idx"]
            assert text[start:end] == reference["matched_text"]

    assert met >= REFERENCE_TYPES


def test_every_asset_is_there_but_the_lost_ones(classic, talks):
    """Pointers lead to files of the archive; a handful lead nowhere, on purpose."""
    page = classic.read("chat.html").decode()
    start = page.index("assetsJson = ") + len("assetsJson = ")
    assets = json.JSONDecoder().raw_decode(page, start)[0]
    names = set(classic.namelist())
    used = {pointer.split("#")[0] for pointer in pointers(talks) if "#" not in pointer}

    assert set(assets.values()) <= names
    assert 3 <= len(used - set(assets)) <= 8
    assert len(used & set(assets)) > 25


def test_pictures_and_recordings_can_be_opened(classic):
    """PNG checksums are right, WAV headers read, the PDF knows where its table is."""
    for name in classic.namelist():
        data = classic.read(name)
        if name.endswith(".png"):
            assert len(zlib.decompress(idat(data))) > 10_000
        elif name.endswith(".wav"):
            with wave.open(BytesIO(data)) as recording:
                assert recording.getnframes() / recording.getframerate() > 1
        elif name.endswith(".pdf"):
            place = int(data.rstrip().splitlines()[-2])
            assert data[place:].startswith(b"xref")
        elif name.endswith(".gif"):
            assert data.startswith(b"GIF89a")
            assert data.endswith(b";")


def idat(png):
    """Return the pixel data of a PNG file, each chunk's checksum verified."""
    place, found = 8, b""
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", png[place + 8 + length :][:4])[0]
        found += body if kind == b"IDAT" else b""
        place += 12 + length
    return found


def test_it_is_an_account_of_a_believable_size(talks, classic):
    """About a hundred conversations over four years, one of them very long, a few MB."""
    years = {int(talk["create_time"] / 31_557_600) + 1970 for talk in talks if known(talk)}

    assert 80 <= len(talks) <= 120
    assert len({talk["id"] for talk in talks}) == len(talks)
    assert years >= {2023, 2024, 2025, 2026}
    assert max(len(talk["mapping"]) for talk in talks) > 390
    assert max(len(talk["title"] or "") for talk in talks) > 300
    assert sum(entry.compress_size for entry in classic.infolist()) < 4_000_000


def known(talk):
    return isinstance(talk["create_time"], float)


def test_flags_projects_and_voices_occur(talks):
    """Starred, archived, project, custom GPT, voice, group and forgotten conversations."""
    assert any(talk["is_starred"] for talk in talks)
    assert any(talk["is_archived"] for talk in talks)
    assert {talk["gizmo_type"] for talk in talks} == {None, "gpt", "snorlax"}
    assert {type(talk["voice"]) for talk in talks} == {type(None), str, dict}
    assert any(talk["is_do_not_remember"] for talk in talks)
    assert any("owner" in talk for talk in talks)


def test_branches_stops_and_side_files_occur(talks, classic):
    """A question asked three times, a stopped answer, feedback, links, comparisons."""
    garden = next(talk for talk in talks if talk["title"] == "Planning the herb garden")
    widths = sorted(len(node["children"]) for node in garden["mapping"].values())

    assert widths[-2:] == [3, 3]
    assert len(json.loads(classic.read("message_feedback.json"))) > 5
    assert len(json.loads(classic.read("shared_conversations.json"))) >= 4
    assert json.loads(classic.read("model_comparisons.json"))
    assert [name for name in classic.namelist() if name.startswith("textdocs/")]


def test_sharded_form_holds_the_same(classic, sharded, talks):
    """The newer form has the same conversations and media, differently named."""
    manifest = json.loads(sharded.read("export_manifest.json"))
    shards = manifest["logical_files"]["conversations.json"]["files"]
    media = [name for name in sharded.namelist() if name.endswith(".dat")]
    names = json.loads(sharded.read("conversation_asset_file_names.json"))
    sizes = {row["path"]: row["size_bytes"] for row in manifest["export_files"]}

    assert [talk for name in shards for talk in json.loads(sharded.read(name))] == talks
    assert set(names) == set(media)
    assert all(len(sharded.read(name)) == size for name, size in sizes.items())
    assert {sharded.getinfo(name).CRC for name in media} <= {e.CRC for e in classic.infolist()}


def test_conversations_of_chat_page_are_the_same(classic, talks):
    """The page beside the conversations holds them once more, on one line."""
    page = classic.read("chat.html").decode()
    line = next(line for line in page.splitlines() if line.startswith("var jsonData = "))

    assert json.loads(line.removeprefix("var jsonData = ")) == talks


def test_legacy_folder_has_a_whole_and_a_damaged_session(tmp_path):
    """The predecessor's folder: registry, sessions, media, a backup, and the known damage."""
    root = build_legacy_session(tmp_path / "old app")
    (whole, _), (poisoned, _) = json.loads((root / "data/sessions.json").read_text())
    sessions = root / "data/sessions"
    stubs = json.loads((sessions / poisoned / "conversations.json").read_text())
    backup = json.loads(next((root / "backups").iterdir()).read_text())
    kept = json.loads((sessions / whole / "conversations.json").read_text())

    assert len(list((sessions / whole / "conversations").iterdir())) > 20
    assert all(set(stub) == {"id", "conversation_id", "title", "is_anonymous"} for stub in stubs)
    assert "mapping" in (sessions / poisoned / "chat.html").read_text()
    assert [path for path in (root / "public/media/sessions" / whole).rglob("*") if path.is_file()]
    assert json.loads(backup["files"]["conversations.json"]["content"]) == kept
