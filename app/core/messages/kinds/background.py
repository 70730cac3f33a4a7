"""What ChatGPT was told beside the conversation: custom instructions, memory, system texts."""

from __future__ import annotations

from app.core.blocks import Instructions, Plain
from app.core.loose import Json, mapping, strings
from app.core.messages.draft import Draft, words
from app.core.messages.parts import add_parts
from app.core.text import lines

_CUSTOM = (("user_profile", "About you"), ("user_instructions", "How to answer"))
_CUSTOM_IN_METADATA = (
    ("about_user_message", "About you"),
    ("about_model_message", "How to answer"),
)
_MEMORY = (
    ("model_set_context", "Memory"),
    ("repository", "Repository"),
    ("repo_summary", "About the repository"),
    ("structured_context", "Context"),
)


def add_custom_instructions(draft: Draft, content: Json) -> None:
    """Append the custom instructions; old exports have them in the metadata."""
    told = mapping(draft.metadata.get("user_context_message_data"))
    _add(draft, _pairs(content, _CUSTOM) or _pairs(told, _CUSTOM_IN_METADATA))


def add_memory(draft: Draft, content: Json) -> None:
    """Append what ChatGPT remembered of the person."""
    _add(draft, _pairs(content, _MEMORY))


def add_system(draft: Draft, content: Json) -> None:
    """Append a text for the model's eyes: never shown unless asked for."""
    if content.get("parts"):
        add_parts(draft, content["parts"])
    text = lines(words(content.get("text")))
    if text.strip():
        draft.add(Plain(text))


def add_app_context(draft: Draft, content: Json) -> None:
    """Append what a paired app showed the model."""
    rest = {key: value for key, value in content.items() if key != "content_type"}
    text = lines("\n".join(strings(rest)))
    if text.strip():
        draft.add(Plain(text))


def _pairs(told: Json, labels: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return label and text of each field that says something."""
    texts = ((label, lines(words(told.get(key))).strip()) for key, label in labels)
    return tuple((label, text) for label, text in texts if text)


def _add(draft: Draft, pairs: tuple[tuple[str, str], ...]) -> None:
    if pairs:
        draft.add(Instructions(pairs))
