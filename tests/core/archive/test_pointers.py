"""Which file a pointer means: the steps in their order, and no file but the right one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.archive.asset_lists import (
    LibraryFile,
    read_asset_names,
    read_assets_json,
    read_library_files,
)
from app.core.archive.pointers import AssetIndex, Hints, Pointer, asset_id, parse

JUNK = [None, 5, [], {}, "x", [None], {"a": None}, [5], {"file-a": 5}, [{"file_id": []}], True]


def index(*paths: str, **lists: object) -> AssetIndex:
    sizes = {path: number for number, path in enumerate(paths, start=1)}
    return AssetIndex(sizes, **lists)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pointer", "wanted"),
    [
        ("file-service://file-Q1w2E3", "file-Q1w2E3"),
        (" sediment://file_00aa11 ", "file_00aa11"),
        ("sediment://file_00aa11?shared_conversation_id=c-1", "file_00aa11"),
        ("sediment://9f3c#file_00aa11#p_2.jpg", "file_00aa11"),
        ("sediment://9f3c%23file_00aa11%23p_2.jpg", "file_00aa11"),
        ("file-id://file-Q1w2E3", "file-Q1w2E3"),
        ("file-Q1w2E3", "file-Q1w2E3"),
        ("file_00aa11.dat", "file_00aa11"),
        ("file_00aa11.wav", "file_00aa11"),
        ("unknown-scheme://file-Q1w2E3", "file-Q1w2E3"),
        ("sediment://9f3c", ""),
    ],
)
def test_pointers_of_every_form_hold_an_id(pointer: str, wanted: str):
    """Scheme, query, fragment and ending fall away."""
    parsed = parse(pointer)

    assert parsed is not None
    assert parsed.id == wanted


@pytest.mark.parametrize(
    "pointer",
    [None, 5, {}, [], "", "  ", "https://example.org/file-Q1w2", "data:image/png;base64,AA",
     "canmore://textdoc/1", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_pointer_means_no_file(pointer: object):
    """Null and objects are met; addresses on the web are not files of the export."""
    assert parse(pointer) is None
    assert index("file-Q1w2.png").resolve(pointer) is None


def test_assets_json_comes_first():
    """Its path exactly, then below a folder around everything, then its leaf."""
    assets = {"sediment://file_00aa": "user-X/other.png"}
    pointer = "sediment://file_00aa"

    assert (
        index("user-X/other.png", "file_00aa.dat", assets_json=assets).resolve(pointer)
        == "user-X/other.png"
    )
    assert index("top/user-X/other.png", assets_json=assets).resolve(pointer) == (
        "top/user-X/other.png"
    )
    assert index("media/other.png", assets_json=assets).resolve(pointer) == "media/other.png"
    assert index("a/other.png", "b/other.png", assets_json=assets).resolve(pointer) is None
    assert index("xuser-X/other.png", "y/other.png", assets_json=assets).resolve(pointer) is None


def test_assets_json_is_found_by_another_form_of_the_pointer():
    """The query of a shared conversation is not in the map."""
    assets = {"sediment://file_00aa": "a.png"}

    assert index("a.png", assets_json=assets).resolve("sediment://file_00aa?x=1") == "a.png"
    assert index("a.png", assets_json=assets).resolve("file_00aa") == "a.png"


def test_dat_at_the_root_comes_before_other_files_of_the_id():
    """As archives of 2026 have them."""
    found = index("file-Q1w2-plan.png", "file-Q1w2.dat").resolve("file-service://file-Q1w2")

    assert found == "file-Q1w2.dat"


def test_of_several_files_the_one_that_fits_is_taken():
    """Size, then folder, then kind, then the whole rather than a part."""
    files = AssetIndex({
        "c-1/audio/file_00aa-1.wav": 10,
        "c-2/audio/file_00aa-1.wav": 20,
        "dalle-generations/file_00aa-2.webp": 30,
        "user-X/file_00aa-3.part0.jpeg": 40,
        "user-X/file_00aa-3.jpeg": 50,
    })  # fmt: skip

    def found(**hints: object) -> str | None:
        return files.resolve("sediment://file_00aa", Hints(**hints))  # type: ignore[arg-type]

    assert found(size_bytes=20) == "c-2/audio/file_00aa-1.wav"
    assert found(kind="audio", conversation_id="c-2") == "c-2/audio/file_00aa-1.wav"
    assert found(kind="image", generated=True) == "dalle-generations/file_00aa-2.webp"
    assert found(kind="image", size_bytes=50) == "user-X/file_00aa-3.jpeg"
    assert index("x/file_00aa-3.part0.jpeg", "x/file_00aa-3.z.jpeg").resolve("file_00aa") == (
        "x/file_00aa-3.z.jpeg"
    )


def test_page_of_a_document_is_not_the_document():
    """Where both are there, each is found by its own pointer."""
    files = index("file_00aa#p_1.jpg", "file_00aa#p_2.jpg", "file_00aa-doc.pdf")

    assert files.resolve("sediment://9f#file_00aa#p_2.jpg") == "file_00aa#p_2.jpg"
    assert files.resolve("sediment://file_00aa") == "file_00aa-doc.pdf"


def test_known_names_find_files_that_lost_their_id():
    """Unless two assets share the name, or two files have it."""
    names = read_asset_names({"file-Q1w2.dat": "plan.pdf", "file-R3t4": "x/plan2.pdf", "a": "b"})

    assert index("plan.pdf", names=names).resolve("file-Q1w2") == "plan.pdf"
    assert index("y/plan2.pdf", names=names).resolve("file-R3t4") == "y/plan2.pdf"
    assert index("a/plan.pdf", "b/plan.pdf", names=names).resolve("file-Q1w2") is None
    twice = {"file-Q1w2": "plan.pdf", "file-Z9": "plan.pdf"}
    assert index("plan.pdf", names=twice).resolve("file-Q1w2") is None


def test_attachment_of_the_message_finds_its_file_by_name():
    """Its id is the pointer's, its name a file's."""
    hints = Hints(attachments=(("file-Q1w2", "plan.pdf"), ("file-other", "b.pdf")))

    assert index("plan.pdf", "b.pdf").resolve("file-Q1w2", hints) == "plan.pdf"
    assert index("plan.pdf", "b.pdf").resolve("file-none", hints) is None


def test_prefix_of_an_id_may_be_the_other_or_none():
    """``file-`` and ``file_`` were swapped between eras."""
    assert index("file_Q1w2E3-1.png").resolve("file-Q1w2E3") == "file_Q1w2E3-1.png"
    assert index("00aa11bb22cc33-1.png").resolve("sediment://file_00aa11bb22cc33") == (
        "00aa11bb22cc33-1.png"
    )
    assert index("plan-1.png").resolve("file-plan") is None


def test_older_exports_are_asked_last():
    """Only for what this one does not hold."""
    asked: list[Pointer] = []

    def older(pointer: Pointer, hints: Hints) -> str:
        asked.append(pointer)
        return "older/x.png"

    files = index("file-Q1w2.png", older=older)

    assert files.resolve("file-Q1w2") == "file-Q1w2.png"
    assert asked == []
    assert files.resolve("file-R3t4") == "older/x.png"
    assert [pointer.id for pointer in asked] == ["file-R3t4"]


def test_file_a_program_wrote_is_found_in_the_library_or_the_portal():
    """By message and name, message, thread and name, name; what is doubtful is not guessed."""
    library = (
        LibraryFile("file-A1", "chart.png", message_id="m-1", conversation_id="c-1"),
        LibraryFile("file-A2", "chart.png", message_id="m-2", conversation_id="c-2"),
        LibraryFile("file-A3", "only.csv", message_id="m-3", conversation_id="c-3"),
    )
    portal = "personal/files/c-9/n/mnt/data/data.csv"
    files = index("file-A1.dat", "file-A2.dat", "file-A3.dat", portal, library=library)

    def found(name: str, message: str = "", conversation: str = "") -> str | None:
        hints = Hints(message_id=message, conversation_id=conversation)
        return files.resolve(f"sandbox:/mnt/data/{name}", hints)

    assert found("chart.png", "m-1") == "file-A1.dat"
    assert found("renamed.png", "m-3") == "file-A3.dat"
    assert found("chart.png", "m-9", "c-2") == "file-A2.dat"
    assert found("only.csv") == "file-A3.dat"
    assert found("chart.png") is None
    assert found("data.csv", "m", "c-9") == portal
    assert found("data.csv", "m", "c-1") is None


IDS = st.from_regex(r"file[-_][A-Za-z0-9]{1,12}", fullmatch=True)
TAILS = st.sampled_from(["", ".dat", ".png", "-plan.png", "-1f2e.part0.jpeg", "#p_2.jpg"])


@settings(deadline=None)
@given(IDS, st.text("ABCabc012", min_size=1, max_size=4), TAILS, st.sampled_from(["", "u/", "c/"]))
def test_id_that_begins_another_never_finds_its_file(short: str, more: str, tail: str, folder: str):
    """``file-ab`` is not ``file-abc``: the old program showed strangers' pictures by that."""
    longer = f"{folder}{short}{more}{tail}"

    assert index(longer).resolve(f"sediment://{short}") is None
    assert index(longer).resolve(f"sediment://{short}{more}") == longer
    assert asset_id(longer) == short + more


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_may_be_a_pointer(pointer: str):
    """It finds a file or none."""
    files = index("file-Q1w2.png", "a/b.wav")

    assert files.resolve(pointer) in (None, "file-Q1w2.png", "a/b.wav")
    assert files.resolve(f"sandbox:{pointer}") is None


@pytest.mark.parametrize("value", JUNK)
def test_lists_of_any_shape_are_survived(value: object):
    """Sidecars may be null, empty or of the wrong type."""
    assert isinstance(read_assets_json(value), dict)
    assert read_asset_names(value) == {}
    assert read_library_files(value) == ()


def test_lists_are_read():
    """Paths may be objects; names are by id; rows of the library keep what is used."""
    assert read_assets_json({"p": {"file_path": "a"}, "q": {"download_url": "b"}, "r": "c"}) == {
        "p": "a", "q": "b", "r": "c"
    }  # fmt: skip
    row = {
        "file_id": "file_00aa",
        "file_name": "a.pdf",
        "file_size_bytes": 5,
        "sha256_digest": "AB",
        "origination_message_id": "m",
        "origination_thread_id": "c",
        "library_artifact_type": None,
    }
    assert read_library_files([row]) == (
        LibraryFile("file_00aa", "a.pdf", "", 5, "ab", "m", "c", ""),
    )
    assert index(names={"file_00aa": "x.pdf"}).known_name("file_00aa.dat") == "x.pdf"
    assert index(library=read_library_files([row])).known_name("file_00aa.dat") == "a.pdf"
    assert index().known_name("chat.html") == ""
