"""Archives of every layout since 2022, all of them whole."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from tests.archives.expected import Expected, expect
from tests.archives.messages import (
    Json,
    assistant,
    audio,
    conversation,
    image,
    mixed,
    reply,
    simple,
    spoken,
    user,
)
from tests.archives.writing import (
    USER,
    USER_FOLDER,
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

DOWNLOAD = f"{'3f' * 32}-2026-03-01-10-20-30-{'c4' * 16}.zip"


def classic(folder: Path) -> Expected:
    """One conversations.json and the side files of 2023, named as it is downloaded."""
    talks = [simple(number) for number in range(3)]
    return expect(write_zip(folder / DOWNLOAD, classic_files(talks)), talks)


def media_talks() -> tuple[list[Json], dict[str, bytes], dict[str, str]]:
    """Conversations with media of every era: the talks, files by path, and assetsJson."""
    files = {
        "file-Q1w2E3r4T5y6U7i8O9p0A1-garden plan.png": png(1),
        "dalle-generations/file-R4t5Y6u7I8o9P0a1S2d3F4-88aa.webp": png(2),
        f"{USER_FOLDER}/file_00000000aa11bb22cc33dd44-7c00.png": png(3),
        "file_00000000ee55ff66aa77bb88-sanitized.png": png(4),
        "file-Z9y8X7w6V5u4T3s2R1q0P9-notes..final.pdf": pdf("notes"),
        f"{USER_FOLDER}/file_00000000dd99ee88-1d00.part0.jpeg": png(5),
    }
    assets = {
        "file-service://file-Q1w2E3r4T5y6U7i8O9p0A1": "file-Q1w2E3r4T5y6U7i8O9p0A1-garden plan.png",
        "file-service://file-R4t5Y6u7I8o9P0a1S2d3F4": list(files)[1],
        "sediment://file_00000000aa11bb22cc33dd44": list(files)[2],
        "sediment://file_00000000dd99ee88": list(files)[5],
    }
    attached = {"id": "file-Z9y8X7w6V5u4T3s2R1q0P9", "name": "notes..final.pdf", "mime_type": ""}
    first = conversation(
        "c-media",
        user(mixed(image("file-service://file-Q1w2E3r4T5y6U7i8O9p0A1"), "What is this?")),
        assistant("A plan."),
        reply(
            "dalle.text2im",
            mixed(image("file-service://file-R4t5Y6u7I8o9P0a1S2d3F4", prompt="a kite")),
            recipient="all",
        ),
        user("and this", metadata={"attachments": [attached]}),
        assistant(
            mixed(image("sediment://file_00000000aa11bb22cc33dd44?shared_conversation_id=x"))
        ),
        user(mixed(image("sediment://file_00000000ee55ff66aa77bb88"))),
        user(mixed(image("sediment://file_00000000dd99ee88"))),
        title="Media",
    )
    return [first], files, assets


def classic_with_media(folder: Path) -> Expected:
    """Uploads, generated pictures and documents, under the names of their eras."""
    talks, files, assets = media_talks()
    lost = conversation("c-lost", user(mixed(image("sediment://file_0000000000000404"), "gone")))
    path = write_zip(folder / "media.zip", classic_files([*talks, lost], files, assets))
    return expect(
        path,
        [*talks, lost],
        files.values(),
        missing=["sediment://file_0000000000000404"],
        problems=["missing-media"],
    )


def voice(folder: Path) -> Expected:
    """A spoken conversation: recordings and a film below the conversation's own folder."""
    files = {
        "c-voice/audio/file_0000000000000a01-11.wav": wav(1),
        "c-voice/audio/file_0000000000000a02-12.wav": wav(2),
        "c-voice/video/file_0000000000000a03-13.mp4": mp4(),
        f"{USER_FOLDER}/file_0000000000000a04-14.part0.png": png(9),
    }
    live = {
        "content_type": "real_time_user_audio_video_asset_pointer",
        "expiry_datetime": "2027-01-01T00:00:00+00:00",
        "frames_asset_pointers": ["sediment://file_0000000000000a04"],
        "video_container_asset_pointer": {
            "content_type": "video_container_asset_pointer",
            "asset_pointer": "sediment://file_0000000000000a03",
            "size_bytes": len(mp4()),
            "format": "mp4",
        },
        "audio_asset_pointer": audio("sediment://file_0000000000000a01", len(wav(1))),
        "audio_start_timestamp": 3.5,
    }
    talk = conversation(
        "c-voice",
        user(mixed(spoken("What grows in shade?"), live), metadata={"voice_mode_message": True}),
        assistant(
            mixed(
                spoken("Mint does.", "out"),
                audio("sediment://file_0000000000000a02", len(wav(2))),
            )
        ),
        title="Spoken",
        voice="breeze",
    )
    assets = {f"sediment://{name.split('/')[-1].split('-')[0]}": name for name in files}
    path = write_zip(folder / "voice.zip", classic_files([talk], files, assets))
    return expect(path, [talk], files.values())


def nested_folder_macosx(folder: Path) -> Expected:
    """A folder packed again on a Mac: one folder at the top, and its rubbish beside it."""
    talks, files, assets = media_talks()
    inside = classic_files(talks, files, assets)
    nested: dict[str, object] = {}
    for name, value in inside.items():
        nested[f"my export/{name}"] = value
        nested[f"__MACOSX/my export/._{name.split('/')[-1]}"] = b"\0\5\x16\7rubbish"
    nested["my export/.DS_Store"] = b"\0\0\0\1Bud1"
    nested["my export/._conversations.json"] = b"\0\5\x16\7"
    return expect(write_zip(folder / "my export.zip", nested), talks, files.values())


def unpacked(folder: Path) -> Expected:
    """A folder, as Safari leaves it."""
    talks, files, assets = media_talks()
    path = write_folder(folder / "export", classic_files(talks, files, assets))
    return expect(path, talks, files.values())


def bare_json(folder: Path) -> Expected:
    """Only a conversations.json, called as a browser calls the second download."""
    path = folder / "conversations (1).json"
    path.write_bytes(wire([simple(1), simple(2)]))
    return expect(path, [simple(1), simple(2)])


def bare_shards(folder: Path) -> Expected:
    """Two shards chosen one by one; the same conversation is in both."""
    talks = [simple(number) for number in range(5)]
    first, second = folder / "conversations-000.json", folder / "conversations-001.json"
    first.write_bytes(wire(talks[:3]))
    second.write_bytes(wire(talks[2:]))
    found = expect(first, talks)
    return Expected(found.path, found.nodes, sources=(second,))


def _shards(talks: list[Json], size: int, *, digits: int = 3) -> dict[str, object]:
    return {
        f"conversations-{number:0{digits}d}.json": talks[start : start + size]
        for number, start in enumerate(range(0, len(talks), size))
    }


def _manifest(shards: dict[str, object]) -> Json:
    listed = [{"path": name, "size_bytes": len(wire(value))} for name, value in shards.items()]
    return {
        "version": 1,
        "manifest_file": "export_manifest.json",
        "export_files": listed,
        "logical_files": {"conversations.json": {"files": list(shards), "sharded": True}},
    }


def sixty_shards(folder: Path) -> Expected:
    """Sixty shards and their manifest; the names beside them only look like shards."""
    talks = [simple(number) for number in range(120)]
    shards = _shards(talks, 2)
    beside: dict[str, object] = {
        "export_manifest.json": _manifest(shards),
        "user.json": {"id": "user-7Hq", "email": None, "birth_year": None},
        "shared_conversations.json": [{"id": "s", "conversation_id": "c-simple-0001"}],
        "sectioned_conversations.json": [],
        "chat.html": chat_html(talks),
    }
    return expect(write_zip(folder / "shards.zip", {**shards, **beside}), talks)


def shards_without_manifest(folder: Path) -> Expected:
    """Shards with a gap in the numbers, one of four digits, and one conversation twice."""
    talks = [simple(number) for number in range(8)]
    later = {**talks[0], "title": "Herb 0, renamed", "update_time": talks[0]["update_time"] + 50}
    files: dict[str, object] = {
        "conversations-000.json": talks[:3],
        "conversations-002.json": talks[3:6],
        "conversations-1000.json": [*talks[6:], later],
        "user.json": USER,
    }
    return expect(write_zip(folder / "gap.zip", files), talks)


def manifest_names_missing_shard(folder: Path) -> Expected:
    """The manifest names a shard the archive lacks, and not one it has."""
    talks = [simple(number) for number in range(6)]
    shards = _shards(talks, 2)
    manifest = _manifest(shards)
    del shards["conversations-001.json"]
    shards["conversations-003.json"] = [simple(77)]
    path = write_zip(folder / "short.zip", {"export_manifest.json": manifest, **shards})
    return expect(path, [*talks[:2], *talks[4:], simple(77)], problems=["missing-shard"])


def shards_dat(folder: Path) -> Expected:
    """The form of 2026: shards, media as .dat, and the lists that tell their names."""
    talks, old, _ = media_talks()
    sound = conversation(
        "c-sound", user(mixed(spoken("hm"), audio("sediment://file_0000000000000a01", 844)))
    )
    chart = conversation("c-chart", assistant("See [chart.png](sandbox:/mnt/data/chart.png)."))
    media = {f"{_asset_id(name)}.dat": data for name, data in old.items()}
    media |= {"file_0000000000000a01.dat": wav(4), "file_0000000000000c01.dat": png(40)}
    names: dict[str, object] = {f"{_asset_id(name)}.dat": name for name in old}
    names |= {"file_0000000000000a01": "0b7e6f5a-1c2d-4e3f-8a9b-0c1d2e3f4a5b", "file_junk.dat": 7}
    rows = [
        _library_row("file_0000000000000c01", "chart.png", png(40), message="c-chart-n1"),
        _library_row("file-Z9y8X7w6V5u4T3s2R1q0P9", "notes..final.pdf", pdf("notes")),
    ]
    shards = _shards([*talks, sound, chart], 2)
    beside: dict[str, object] = {
        "conversation_asset_file_names.json": names,
        "library_files.json": rows,
        "user_settings.json": [{}],
        "ads.json": {"ads_profile": [], "ad_hides": []},
        "sites/export_manifest.json": {"artifacts": [], "requested_at": "2026-03-01T00:00:00Z"},
        "user.json": USER,
    }
    path = write_zip(
        folder / "dat.zip", {"export_manifest.json": _manifest(shards), **shards, **media, **beside}
    )
    return expect(path, [*talks, sound, chart], media.values())


def _asset_id(path: str) -> str:
    leaf = path.rsplit("/", maxsplit=1)[-1]
    kind, rest = leaf[:5], leaf[5:]
    return kind + rest.replace(".", "-").split("-")[0]


def _library_row(file_id: str, name: str, data: bytes, *, message: str | None = None) -> Json:
    return {
        "id": {"id": f"libfile_{name}"},
        "file_id": file_id,
        "file_name": name,
        "file_extension": name.rpartition(".")[2],
        "mime_type": "image/png" if name.endswith("png") else "application/pdf",
        "file_size_bytes": len(data),
        "sha256_digest": hashlib.sha256(data).hexdigest(),
        "library_artifact_type": "image" if message else None,
        "origination_message_id": message,
        "origination_thread_id": message and message.rpartition("-")[0],
        "created_at": "2026-03-01T08:00:00Z",
    }


def privacy_portal(folder: Path) -> Expected:
    """What a request at the privacy portal brings: archives in an archive, and tables."""
    talks, files, assets = media_talks()
    first = _packed({**classic_files(talks, files, assets)})
    second = _packed({"conversations.json": [simple(1), simple(2)]})
    made = png(50)
    uploads = _packed({"personal/files/c-media/c-media-n2/mnt/data/drawn.png": made})
    activity = "User Online Activity"
    outer = {
        "report.html": "<html>report</html>",
        f"{activity}/Conversations__5f1e-chatgpt-0001.zip": first,
        f"{activity}/Conversations__5f1e-chatgpt-part-0002.zip": second,
        f"{activity}/Files__77ab.zip": uploads,
        f"{activity}/Ads__77ab.zip": _packed({"ads.csv": "a,b\n"}),
        f"{activity}/Emails sent.csv": "date,subject\n",
        "User Profile/Payments Customer Profile.csv": "name\nSam\n",
        "Financial/Charge History.csv": "date,amount\n",
    }
    path = write_zip(folder / "portal.zip", outer)
    return expect(path, [*talks, simple(1), simple(2)], [*files.values(), made])


def _packed(files: dict[str, object]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files.items():
            archive.writestr(name, encoded(value))
    return held.getvalue()


def zip_as_attachment(folder: Path) -> Expected:
    """An earlier export, uploaded in a conversation: it is a file of it, and not looked into."""
    inner = _packed({"conversations.json": [simple(900)]})
    attached = {"id": "file-Old1Export2Zip3Here4567", "name": "old export.zip"}
    talk = conversation("c-zip", user("my old export", metadata={"attachments": [attached]}))
    files = {"file-Old1Export2Zip3Here4567.dat": inner}
    return expect(write_zip(folder / "zip.zip", classic_files([talk], files)), [talk], [inner])


def under_tmp(folder: Path) -> Expected:
    """Side files below tmp/, as some archives of late 2025 have them; all of odd types."""
    talks = [simple(1)]
    files: dict[str, object] = {
        "conversations.json": talks,
        "tmp/user.json": None,
        "tmp/message_feedback.json": {},
        "tmp/group_chats.json": [],
        "tmp/shopping.json": b"",
        "tmp/sora.json": "not JSON at all {",
        "shared_conversations.json": [None, 7, {"id": 5}],
        "model_comparisons.json": "null",
    }
    return expect(write_zip(folder / "tmp.zip", files), talks)


WHOLE = (
    classic,
    classic_with_media,
    voice,
    nested_folder_macosx,
    unpacked,
    bare_json,
    bare_shards,
    sixty_shards,
    shards_without_manifest,
    manifest_names_missing_shard,
    shards_dat,
    privacy_portal,
    zip_as_attachment,
    under_tmp,
)
