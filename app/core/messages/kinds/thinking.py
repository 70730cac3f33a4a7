"""ChatGPT's reasoning: its thoughts, and how long they took."""

from __future__ import annotations

from app.core.blocks import Prose, Thought
from app.core.loose import Json, mapping, number
from app.core.messages.citations.rewriting import without_private
from app.core.messages.draft import Draft, words
from app.core.text import first_line, lines, one_line
from app.core.timestamps import read_seconds


def add_thoughts(draft: Draft, content: Json) -> None:
    """Append each step of reasoning that says something."""
    thoughts = content.get("thoughts")
    for each in thoughts if isinstance(thoughts, list) else [thoughts]:
        thought = mapping(each)
        summary = one_line(words(thought.get("summary")))
        said = words(thought.get("content")) or words(thought.get("chunks"))
        if not thought:
            said = words(each)
        text = lines(without_private(said)).strip()
        if summary or text:
            draft.add(Thought(summary, text))


def add_recap(draft: Draft, content: Json) -> None:
    """Append the line that sums the reasoning up."""
    text = lines(without_private(words(content.get("content")))).strip()
    if text:
        draft.add(Prose(text))


def thinking_label(metadata: Json) -> str:
    """Return how long ChatGPT thought, where the export tells."""
    seconds = number(metadata.get("finished_duration_sec"))
    if seconds is None:
        begin = read_seconds(metadata.get("reasoning_start_time"))
        end = read_seconds(metadata.get("reasoning_end_time"))
        seconds = end - begin if begin is not None and end is not None else None
    return f"Thought for {_duration(seconds)}" if seconds is not None and seconds > 0 else "Thought"


def recap_label(content: Json, metadata: Json) -> str:
    """Return the recap itself if it is a short line, else how long ChatGPT thought."""
    return first_line(words(content.get("content")), 100) or thinking_label(metadata)


def _duration(seconds: float) -> str:
    """Return a duration in words: "1 second", "2 minutes 5 seconds"."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    told = [_count(minutes, "minute")] if minutes else []
    return " ".join(told + ([_count(rest, "second")] if rest or not minutes else []))


def _count(number_of: int, what: str) -> str:
    return f"{number_of} {what}" + ("" if number_of == 1 else "s")
