"""Addresses a message may link to: of the web, and without the tracking ChatGPT adds."""

from __future__ import annotations

import re

from app.core.text import clean

_WEB = re.compile(r"https?://[^\s<>\"]+\Z", re.IGNORECASE)
_TRACKING = re.compile(r"([?&])utm_source=(?:chatgpt\.com|openai|chatgpt)(?=[&#\s)\]>\"'|,]|$)(&?)")


def web_url(value: object) -> str:
    """Return ``value`` if it is an http or https address, cleaned; else an empty string."""
    if not isinstance(value, str):
        return ""
    url = clean(value).strip()
    return without_tracking(url) if _WEB.match(url) else ""


def without_tracking(text: str) -> str:
    """Return ``text`` without the ``utm_source`` that ChatGPT appends to addresses."""
    if "utm_source=" not in text:
        return text
    # the mark before it stays if another parameter follows, and goes if none does
    return _TRACKING.sub(lambda found: found.group(1) if found.group(2) else "", text)


def markdown_link(title: str, url: str) -> str:
    """Return a Markdown link whose title and address cannot break out of it."""
    shown = re.sub(r"([\\\[\]])", r"\\\1", title) or url
    target = url.replace("(", "%28").replace(")", "%29")
    return f"[{shown}]({target})"
