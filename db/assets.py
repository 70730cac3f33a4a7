"""Queries over the files of an export and the messages that use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import peewee as pw

from db.models import Asset, AssetUse, Conversation, as_tuples, database


@dataclass(frozen=True, slots=True)
class NewUse:
    """A message's pointer to a file; ``path`` is None where no source held it."""

    conversation: str  # its id
    message: str
    pointer: str
    kind: str
    path: str | None


def replace_files(export: int, files: Iterable[tuple[str, str, int, str]]) -> None:
    """Say which files an export has now: (path, kind, bytes, sha256)."""
    Asset.delete().where(Asset.export == export).execute()
    database.connection().executemany(
        "INSERT INTO asset(export_id, path, kind, size_bytes, sha256) VALUES(?,?,?,?,?)",
        ((export, *file) for file in files),
    )


def add_uses(export: int, uses: Iterable[NewUse]) -> None:
    """Add messages' pointers; those of conversations this export has not are passed over."""
    ours = Conversation.select(Conversation.id, Conversation.row)
    rows = dict(as_tuples(ours.where(Conversation.export == export)))
    database.connection().executemany(
        "INSERT INTO assetuse(conversation_id, message_id, pointer, kind, path) VALUES(?,?,?,?,?)",
        (
            (rows[use.conversation], use.message, use.pointer, use.kind, use.path)
            for use in uses
            if use.conversation in rows
        ),
    )


def remove_uses(export: int, conversations: Iterable[str]) -> None:
    """Forget the pointers of these conversations' messages."""
    for id_ in conversations:
        ours = Conversation.select(Conversation.row).where(
            (Conversation.export == export) & (Conversation.id == id_)
        )
        AssetUse.delete().where(AssetUse.conversation.in_(ours)).execute()


def place(export: int, found: Mapping[str, str]) -> None:
    """Say where files are that were missing, or elsewhere: pointer -> path."""
    ours = Conversation.select(Conversation.row).where(Conversation.export == export)
    for pointer, path in found.items():
        AssetUse.update(path=path).where(
            AssetUse.conversation.in_(ours) & (AssetUse.pointer == pointer)
        ).execute()


def hashes(export: int) -> dict[str, str]:
    """Answer path -> sha256 of the files whose hash is known."""
    query = Asset.select(Asset.path, Asset.sha256).where(Asset.export == export)
    return {path: digest for path, digest in as_tuples(query) if digest}


def kinds(export: int) -> list[tuple[str, int, int]]:
    """Answer each kind of files an export has: how many there are, and their bytes."""
    size = pw.fn.sum(Asset.size_bytes)
    query = (
        Asset.select(Asset.kind, pw.fn.count(Asset.row), size)
        .where(Asset.export == export)
        .group_by(Asset.kind)
        .order_by(size.desc(), Asset.kind)
    )
    return list(as_tuples(query))


def missing(export: int, limit: int) -> Sequence[AssetUse]:
    """Answer uses whose file no source held, with their conversations."""
    return list(
        AssetUse.select(AssetUse, Conversation)
        .join(Conversation)
        .where((Conversation.export == export) & AssetUse.path.is_null())
        .order_by(AssetUse.row)
        .limit(limit)
    )


def missing_count(export: int) -> int:
    """Answer how many different pointers no source held the file of."""
    query = (
        AssetUse.select(pw.fn.count(AssetUse.pointer.distinct()))
        .join(Conversation)
        .where((Conversation.export == export) & AssetUse.path.is_null())
    )
    return int(query.scalar() or 0)
