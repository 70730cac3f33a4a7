"""What ChatGPT asked of its tools, and what they answered."""

from __future__ import annotations

import json
import re

from app.core.blocks import AssetReference, Code, Output
from app.core.loose import Json, items, mapping, string, whole
from app.core.messages.citations.rewriting import without_private
from app.core.messages.draft import Draft, words
from app.core.messages.visibility import tool_of
from app.core.text import clean, first_line, lines, one_line

_ANSI = re.compile(r"\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_SEARCH_CALL = re.compile(r"\A\s*m?search\(\s*[\"'](.{1,500}?)[\"']")
_WEB = ("browser", "web", "search")
_FILES = ("file_search", "myfiles_browser")
_SHELLS = ("container", "bash", "terminal")
_LONGEST_JSON = 2_000_000


def add_code(draft: Draft, content: Json) -> None:
    """Append source code, a query or a tool's arguments."""
    text = lines(words(content.get("text")))
    if text.strip():
        draft.add(Code(text, _language(draft, content, text)))


def _language(draft: Draft, content: Json, text: str) -> str:
    stated = one_line(string(content.get("language"))).lower()
    if stated and stated != "unknown":
        return stated
    if arguments(text) is not None:
        return "json"
    return "python" if draft.recipient == "python" else ""


def arguments(text: str) -> Json | None:
    """Return a tool's arguments if ``text`` is a JSON object."""
    if text.lstrip()[:1] != "{" or len(text) > _LONGEST_JSON:
        return None
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def call_label(recipient: str, text: str) -> str:
    """Return in a few words what ChatGPT did by calling a tool."""
    tool = recipient.partition(".")[0]
    if tool == "python":
        return "Ran Python"
    if tool in _SHELLS:
        return "Ran a command"
    if tool == "bio":
        return "Saved to memory"
    if tool == "canmore":
        return "Worked on a canvas"
    if tool in _WEB or tool in _FILES:
        place = "the web" if tool in _WEB else "your files"
        query = _query(text)
        return f"Searched {place}: {query}" if query else f"Looked at {place}"
    asked = arguments(text) if '"prompt"' in text else None
    if tool == "dalle" or (asked is not None and isinstance(asked.get("prompt"), str)):
        return "Made an image"
    if tool == "computer":
        return "Used a computer"
    return f"Used {first_line(recipient, 60)}"


def _query(text: str) -> str:
    """Return what was searched for, from ``search("…")`` or from JSON."""
    called = _SEARCH_CALL.match(text)
    if called:
        return first_line(called.group(1), 120)
    asked = arguments(text) or {}
    for key in ("search_query", "image_query", "queries", "query", "q"):
        for each in asked[key] if isinstance(asked.get(key), list) else [asked.get(key)]:
            found = each if isinstance(each, str) else string(mapping(each).get("q"))
            if found.strip():
                return first_line(found, 120)
    return ""


def answer_label(message: Json) -> str:
    """Return in a few words whose answer this is."""
    tool = tool_of(message)
    family = tool.partition(".")[0]
    if family == "python":
        return "Result of Python"
    if family in _WEB:
        return "Results from the web"
    if family in _FILES:
        return "Results from your files"
    if family == "bio":
        return "Memory updated"
    if family == "canmore":
        return "Canvas updated"
    return f"Answer of {first_line(tool, 60)}" if tool else "Answer of a tool"


def add_execution(draft: Draft, content: Json) -> None:
    """Append what a program printed, why it failed, and the pictures and tables it made."""
    aggregate = mapping(draft.metadata.get("aggregate_result"))
    failure = _failure(aggregate)
    text = plain_output(words(content.get("text"))) or _streams(aggregate)
    if not text.strip() and (code := string(aggregate.get("code"))).strip():
        _add_lost_code(draft, lines(code))
    if text.strip():
        draft.add(Output(text, failed=bool(failure) and failure.strip() in text))
    if failure.strip() and failure.strip() not in text:
        draft.add(Output(failure, failed=True))
    for each in items(aggregate.get("messages")):
        picture = mapping(each)
        pointer = clean(string(picture.get("image_url"))).strip()
        if pointer:
            width, height = whole(picture.get("width")), whole(picture.get("height"))
            draft.add(
                AssetReference(pointer, "image", width=width, height=height, note="from code")
            )
    add_visualizations(draft)


def add_visualizations(draft: Draft) -> None:
    """Append the tables and charts of data analysis, which are files."""
    for each in items(draft.metadata.get("ada_visualizations")):
        shown = mapping(each)
        pointer = clean(string(shown.get("file_id"))).strip()
        if pointer:
            title, kind = one_line(string(shown.get("title"))), one_line(string(shown.get("type")))
            draft.add(AssetReference(pointer, "file", name=title, note=kind))


def _add_lost_code(draft: Draft, code: str) -> None:
    """Append the code that ran if the call before no longer holds it (some exports strip it)."""
    above = draft.context.above(draft.node)
    held = words(mapping((above or {}).get("content")).get("text"))
    if not held.strip():
        draft.add(Code(code, "python"))


def plain_output(text: str) -> str:
    """Return a program's output without the colours of a terminal and without marker characters."""
    return lines(without_private(_ANSI.sub("", text) if "\x1b" in text else text))


def _streams(aggregate: Json) -> str:
    """Return what was printed, and the value of the last expression."""
    said = [
        string(mapping(each).get("text"))
        for each in items(aggregate.get("messages"))
        if mapping(each).get("message_type") == "stream"
    ]
    return plain_output("".join(said) + words(aggregate.get("final_expression_output")))


def _failure(aggregate: Json) -> str:
    """Return the traceback of a program that failed, or why the system stopped it."""
    raised = mapping(aggregate.get("in_kernel_exception"))
    if raised:
        trace = [each for each in items(raised.get("traceback")) if isinstance(each, str)]
        name, args = words(raised.get("name")), words(raised.get("args"))
        return plain_output("\n".join(trace) or f"{name}: {args}".strip(": "))
    stopped = plain_output(words(aggregate.get("system_exception")))
    timed_out = "It ran too long and was stopped." if aggregate.get("timeout_triggered") else ""
    return stopped.strip() or timed_out
