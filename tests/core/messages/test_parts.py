"""Pictures, recordings, films and files of a message, and the list of attachments."""

from __future__ import annotations

import pytest

from app.core import blocks as b
from tests.core.shapes import message, understood

POINTER = "sediment://file_00aa11"


def of(*parts, role="user", **fields):
    return understood(
        message({"content_type": "multimodal_text", "parts": list(parts)}, role, **fields)
    )


def image(**fields):
    return {"content_type": "image_asset_pointer", "asset_pointer": POINTER, **fields}


def test_generated_image():
    """A tool's picture is shown, with its prompt and where else to look for it."""
    made = {
        "dalle": {"gen_id": "G1", "prompt": "a kite", "seed": None},
        "watermarked_asset_pointer": "sediment://file_00aa12",
    }
    found = of(image(size_bytes=204800, width=1024, height=1024, metadata=made), role="tool")

    assert (found.kind, found.display) == ("image", "show")
    assert found.blocks == (
        b.AssetReference(
            POINTER,
            "image",
            caption="a kite",
            size_bytes=204800,
            width=1024,
            height=1024,
            note="generated",
            alternatives=("sediment://file_00aa12",),
        ),
    )


def test_title_of_a_generated_image():
    """With an empty prompt the title of the image is its caption."""
    metadata = {"dalle": {"prompt": ""}, "generation": {"gen_id": "G"}}
    found = of(image(metadata=metadata), role="tool", metadata={"image_gen_title": "Kite"})

    assert found.blocks[0].caption == "Kite"


def test_page_rendered_for_the_model():
    """A page of a document, made a picture for the model, stays folded."""
    page = image(asset_pointer="sediment://9f3c#file_00aa11#p_2.jpg")
    found = of("Contents", page, role="tool", name="file_search")

    assert found.display == "fold"
    assert found.blocks[1].note == "page 2"


@pytest.mark.parametrize(
    ("pointer", "kept"),
    [
        (None, ""),
        (5, ""),
        ({"asset_pointer": POINTER}, POINTER),
        ({}, ""),
        (POINTER + "?shared_conversation_id=x", POINTER + "?shared_conversation_id=x"),
        ("gopher://odd", "gopher://odd"),
        (" \ud800 ", "\ufffd"),
    ],
)
def test_case_35_pointers(pointer, kept):
    """A pointer is kept as exported; a missing one still leaves a place for the picture."""
    found = of(image(asset_pointer=pointer))

    assert found.blocks == (b.AssetReference(kept, "image"),)


@pytest.mark.parametrize("metadata", [None, [], "x", {"dalle": None}, {"dalle": 5}])
def test_case_36_image_metadata(metadata):
    """A picture's metadata may be null or anything."""
    found = of(image(metadata=metadata, width="wide"))

    assert found.blocks == (b.AssetReference(POINTER, "image"),)


def test_voice():
    """A spoken question is its words and its recording."""
    found = of(
        {
            "content_type": "audio_transcription",
            "text": "What grows in shade?",
            "direction": "in",
            "decoding_id": None,
        },
        {
            "content_type": "real_time_user_audio_video_asset_pointer",
            "frames_asset_pointers": [],
            "video_container_asset_pointer": None,
            "audio_asset_pointer": {
                "content_type": "audio_asset_pointer",
                "asset_pointer": "sediment://file_0a",
                "format": "wav",
                "size_bytes": 96044,
                "metadata": {"start": 0.0, "end": 2.0},
            },
        },
    )

    assert (found.kind, found.display) == ("audio", "show")
    assert found.blocks == (
        b.Transcript("What grows in shade?", "in"),
        b.AssetReference("sediment://file_0a", "audio", size_bytes=96044, mime_type="audio/wav"),
    )


def test_video_and_frames():
    """A film and its frames are all there; a frame may be a bare pointer."""
    found = of(
        {
            "content_type": "real_time_user_audio_video_asset_pointer",
            "frames_asset_pointers": ["sediment://file_f1", image()],
            "video_container_asset_pointer": {"asset_pointer": {"asset_pointer": "file-v"}},
            "audio_asset_pointer": "sediment://file_0a",
        }
    )

    assert [(block.kind, block.pointer, block.note) for block in found.blocks] == [
        ("audio", "sediment://file_0a", ""),
        ("video", "file-v", ""),
        ("image", "sediment://file_f1", "frame"),
        ("image", POINTER, "frame"),
    ]


@pytest.mark.parametrize("frames", [None, 5, [None], [5], "x", [[]]])
def test_case_37_frames(frames):
    """Frames may be null or anything."""
    part = {
        "content_type": "video_container_asset_pointer",
        "asset_pointer": "sediment://file_v",
        "format": "mp4",
        "frames_asset_pointers": frames,
    }

    assert of(part).blocks == (
        b.AssetReference("sediment://file_v", "video", mime_type="video/mp4"),
    )


def test_other_parts():
    """Files, search results and code in parts are understood; unknown parts lose no string."""
    found = of(
        {"content_type": "file", "file_id": "file-1"},
        {"type": "search_result", "url": "https://example.org", "title": "T", "snippet": "s"},
        {"content_type": "code", "text": "x=1", "language": "python"},
        {"content_type": "odd", "text": "said", "more": ["kept"], "asset_pointer": "file-9"},
    )

    assert found.not_understood == ("odd",)
    assert found.blocks == (
        b.AssetReference("file-1", "file"),
        b.Card("T", "https://example.org", "", "s"),
        b.Code("x=1", "python"),
        b.AssetReference("file-9", "file"),
        b.Plain("said"),
        b.NotUnderstood("odd", "kept"),
    )


def test_part_as_the_whole_content():
    """A part may stand where a content should."""
    assert understood(message(image(), "user")).blocks == (b.AssetReference(POINTER, "image"),)


def test_parts_nested_without_end():
    """Parts within parts end somewhere; what is below is still not lost."""
    part: object = "bottom"
    for _ in range(500):
        part = {"content_type": "multimodal_text", "parts": [part]}
    found = of(part)

    assert isinstance(found.blocks[0], b.NotUnderstood | b.Plain)


def test_attachments():
    """An uploaded file is listed after the text, by its name."""
    attached = {
        "id": "file-Q1w2E3",
        "name": "garden plan.pdf",
        "size": 88213,
        "mime_type": "application/pdf",
        "width": None,
        "source": "local",
    }
    found = of("Look", metadata={"attachments": [attached]})

    assert found.blocks == (
        b.Plain("Look"),
        b.AssetReference(
            "file-Q1w2E3",
            "file",
            name="garden plan.pdf",
            size_bytes=88213,
            mime_type="application/pdf",
        ),
    )


def test_attachment_that_is_also_a_part():
    """A picture listed twice is one picture, with the name only the list knows."""
    attached = [{"id": "file_00aa11", "name": "leaf.heic", "mime_type": ""}] * 2
    found = of(image(), metadata={"attachments": attached})

    assert found.blocks == (b.AssetReference(POINTER, "image", name="leaf.heic"),)


def test_uploads_of_the_older_scheme_are_told_apart():
    """Pictures under file-service:// lend names by their ids, not by the scheme they share."""
    pointers = [f"file-service://file-Q1w2E{n}" for n in (3, 4)]
    attached = [{"id": f"file-Q1w2E{n}", "name": f"{n}.png", "mime_type": ""} for n in (4, 3)]
    found = of(
        *(image(asset_pointer=pointer) for pointer in pointers), metadata={"attachments": attached}
    )

    assert found.blocks == (
        b.AssetReference(pointers[0], "image", name="3.png"),
        b.AssetReference(pointers[1], "image", name="4.png"),
    )


@pytest.mark.parametrize(
    ("attachments", "names"),
    [
        (None, []),
        ("x", []),
        ([None, {}, {"id": None, "name": 5}], []),
        ([{"name": "a.bin"}], [("", "a.bin", "file")]),
        ([{"id": "file-1"}], [("file-1", "", "file")]),
        ([{"id": "file-1", "name": "x.PNG", "mime_type": ""}], [("file-1", "x.PNG", "image")]),
        ([{"id": "f", "name": "x.svg", "mime_type": "image/svg+xml"}], [("f", "x.svg", "file")]),
        ([{"id": "f", "name": "a.m4a"}, {"id": "g", "name": "b.mov"}], None),
    ],
)
def test_case_38_attachments(attachments, names):
    """Attachments without id or name, or with an empty type, are taken for what they tell."""
    found = of("Look", metadata={"attachments": attachments}).blocks[1:]

    if names is None:
        assert [block.kind for block in found] == ["audio", "video"]
    else:
        assert [(block.pointer, block.name, block.kind) for block in found] == names
