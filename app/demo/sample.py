"""Write the invented account as a ChatGPT export, in the older form or the newer."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from app.demo.account import conversations, told
from app.demo.maker import Maker
from app.demo.side_files import chat_page, side_files, wire
from app.demo.talk import Json

Era = Literal["classic", "sharded"]

_STAMP = (2026, 5, 1, 8, 0, 0)
_PER_SHARD = 30
# What does not get smaller, and so is stored as it is.
_PACKED = (".png", ".gif", ".pdf", ".dat")


def build_sample(target: Path, *, seed: int = 7, era: Era = "classic") -> Path:
    """Write an invented export as a ZIP at ``target``; return where it is.

    The same seed gives the same bytes. "classic" has one `conversations.json` and named
    media, "sharded" numbered shards, a manifest, and media called ``<asset id>.dat``.
    """
    maker = told(seed)
    files = _sharded(maker) if era == "sharded" else _classic(maker)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.external_attr = 0o644 << 16
            packed = name.endswith(_PACKED)
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return target


def classic_files(maker: Maker) -> dict[str, bytes]:
    """Return the files of the older form by their path in the archive."""
    return _classic(maker)


def _classic(maker: Maker) -> dict[str, bytes]:
    listed = conversations(maker)
    pointers = {asset.pointer: asset.path for asset in maker.assets}
    files: dict[str, object] = {"conversations.json": listed, **side_files(maker, sharded=False)}
    written = {name: wire(value).encode() for name, value in files.items()}
    written["chat.html"] = chat_page(listed, pointers).encode()
    return written | {asset.path: asset.data for asset in maker.assets}


def _sharded(maker: Maker) -> dict[str, bytes]:
    listed = conversations(maker)
    shards: dict[str, list[Json]] = {
        f"conversations-{number:03d}.json": listed[start : start + _PER_SHARD]
        for number, start in enumerate(range(0, len(listed), _PER_SHARD))
    }
    files: dict[str, object] = {**shards, **side_files(maker, sharded=True)}
    written = {name: wire(value).encode() for name, value in files.items()}
    written["chat.html"] = chat_page(listed, {}).encode()
    written |= {f"{asset.id}.dat": asset.data for asset in maker.assets}
    manifest = {
        "version": 1,
        "manifest_file": "export_manifest.json",
        "export_files": [{"path": name, "size_bytes": len(data)} for name, data in written.items()],
        "logical_files": {"conversations.json": {"files": list(shards), "sharded": True}},
    }
    return {"export_manifest.json": wire(manifest).encode(), **written}
