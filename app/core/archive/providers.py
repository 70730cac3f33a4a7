"""Telling ChatGPT's exports from those of other providers, by a look at the first bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.errors import NotAnExport

_MAPPING = re.compile(rb'"mapping"\s*:')
_MESSAGES_OF_OURS = re.compile(rb'"(?:current_node|content_type|conversation_id|author)"\s*:')

# Every pattern must be met in the first bytes for a file to be the provider's.
_BY_CONTENT: tuple[tuple[str, tuple[re.Pattern[bytes], ...]], ...] = (
    ("DeepSeek", (re.compile(rb'"inserted_at"\s*:'), re.compile(rb'"(?:fragments|mapping)"\s*:'))),
    ("Claude", (re.compile(rb'"chat_messages"\s*:'),)),
    ("Grok", (re.compile(rb'"conversations"\s*:\s*\['), re.compile(rb'"responses"\s*:'))),
    ("LibreChat", (re.compile(rb'"conversationId"\s*:'), re.compile(rb'"messages(?:Tree)?"\s*:'))),
    ("Open WebUI", (re.compile(rb'"chat"\s*:\s*\{'), re.compile(rb'"history"\s*:\s*\{'))),
)
_BY_NAME: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Grok", re.compile(r"(?:^|/)prod-grok-backend\.json$")),
    ("Google Gemini", re.compile(r"(?:^|/)My ?Activity\.(?:json|html)$", re.IGNORECASE)),
    ("Mistral Le Chat", re.compile(r"(?:^|/)chat-[0-9a-f-]{8,}\.json$")),
    ("Perplexity", re.compile(r"(?:^|/)perplexity[^/]*\.(?:json|md|csv)$", re.IGNORECASE)),
)


def is_conversation(head: bytes) -> bool:
    """Whether a file's first bytes are those of one ChatGPT conversation, or several."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        return False
    return _MAPPING.search(head) is not None and not by_content(head)


def by_content(head: bytes) -> str:
    """Name the provider whose shape a JSON file's first bytes have; empty for ChatGPT's."""
    if _MAPPING.search(head) and _MESSAGES_OF_OURS.search(head) and b'"inserted_at"' not in head:
        return ""
    for provider, patterns in _BY_CONTENT:
        if all(pattern.search(head) for pattern in patterns):
            return provider
    return ""


def by_names(names: Iterable[str]) -> str:
    """Name the provider whose files these seem to be; empty if none is known by them."""
    for name in names:
        for provider, pattern in _BY_NAME:
            if pattern.search(name):
                return provider
    return ""


def refusal(provider: str) -> NotAnExport:
    """Say that this is another provider's export."""
    return NotAnExport(
        f"This seems to be an export from {provider}, not from ChatGPT.",
        hint="Only ChatGPT's exports can be imported: choose the ZIP file ChatGPT sent.",
        provider=provider,
    )
