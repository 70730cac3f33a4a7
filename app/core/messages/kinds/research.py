"""Deep research of 2026: the report sits in the state of a hidden tool message's widget."""

from __future__ import annotations

import json

from app.core.loose import Json, items, mapping

_LONGEST = 50_000_000
_DEEPEST = 6


def report_of(metadata: Json) -> Json | None:
    """Return the report message a widget holds, or None if there is none with any text."""
    sdk = mapping(metadata.get("chatgpt_sdk"))
    places = (sdk.get("widget_state"), metadata.get("venus_widget_state"))
    for place in (*places, sdk.get("tool_response_metadata")):
        found = _report_in(place, 0) if place else None
        if found is not None:
            return found
    return None


def report_parts(report: Json) -> list[object]:
    """Return the texts of a report."""
    content = report.get("content")
    if isinstance(content, str):
        return [content]
    parts = mapping(content).get("parts")
    return [parts] if isinstance(parts, str) else items(parts)


def report_metadata(report: Json) -> Json:
    """Return a report's metadata with its references, wherever of three places they are."""
    metadata = mapping(report.get("metadata"))
    for holder in (metadata, report, mapping(report.get("content"))):
        references = items(holder.get("content_references"))
        if references:
            return {**metadata, "content_references": references}
    return metadata


def _report_in(state: object, depth: int) -> Json | None:
    """Look for a report message in a state: an object, or JSON in a string."""
    if isinstance(state, str) and "report_message" in state and len(state) <= _LONGEST:
        try:
            state = json.loads(state, strict=False)
        except (ValueError, RecursionError):
            return None
    if not isinstance(state, dict) or depth > _DEEPEST:
        return None
    report = mapping(state.get("report_message"))
    if any(isinstance(part, str) and part.strip() for part in report_parts(report)):
        return report
    for below in list(state.values())[:200]:
        found = _report_in(below, depth + 1) if isinstance(below, (dict, str)) else None
        if found is not None:
            return found
    return None
