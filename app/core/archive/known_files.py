"""The names of files an export holds, apart from media."""

from __future__ import annotations

import re

_CONVERSATIONS = re.compile(r"conversations(?:-(\d+))?(?: ?\(\d+\))?\.json", re.IGNORECASE)
_COPY = re.compile(r" ?\(\d+\)(?=\.[A-Za-z]+$)")

MANIFEST = "export_manifest.json"
PAGE = "chat.html"

# leaf, lower case -> the name code calls it by
SIDECARS = {
    "user.json": "user",
    "user_settings.json": "user_settings",
    "message_feedback.json": "message_feedback",
    "shared_conversations.json": "shared_conversations",
    "sharedconversations.json": "shared_conversations",
    "model_comparisons.json": "model_comparisons",
    "group_chats.json": "group_chats",
    "shopping.json": "shopping",
    "basispoints.json": "basispoints",
    "sora.json": "sora",
    "library_files.json": "library_files",
    "libraryfiles.json": "library_files",
    "conversation_asset_file_names.json": "conversation_asset_file_names",
    "export_manifest.json": "export_manifest",
    "sectioned_conversations.json": "sectioned_conversations",
    "ads.json": "ads",
    "tool_messages.json": "tool_messages",
    "assets.json": "assets",
    "readme.txt": "readme",
}


def is_conversation_file(leaf: str) -> bool:
    """Whether a leaf name is conversations.json or a shard of it, and not merely ends so."""
    return _CONVERSATIONS.fullmatch(leaf) is not None


def shard_number(leaf: str) -> int:
    """Answer a conversation file's place among its shards; the whole file comes first."""
    found = _CONVERSATIONS.fullmatch(leaf)
    return int(found[1]) if found and found[1] else -1


def sidecar_name(leaf: str) -> str:
    """Answer the name a known sidecar is called by; empty if the leaf is not one."""
    return SIDECARS.get(_COPY.sub("", leaf).lower(), "")
