"""The last wall: whatever was rendered, only these tags, attributes and classes reach a page."""

from __future__ import annotations

from functools import cache

import nh3

from app.rendering.code import ROLES
from app.rendering.markdown.maths import MATHML
from app.rendering.media import RATIO_CLASSES

_PLAIN_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "sub", "h3", "h4", "h5", "h6", "ul", "blockquote"),
    *("pre", "code", "samp", "kbd", "bdi", "table", "thead", "tbody", "tr", "th", "td", "dl"),
    *("dt", "dd", "sup", "span", "div", "section", "figure", "figcaption", "summary"),
}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "data-source"},
    "audio": {"src", "controls", "aria-label"},
    "button": {"data-copy", "data-lightbox", "aria-label"},
    "details": {"open", "data-canvas-version"},
    "div": {"tabindex"},
    "img": {"src", "alt", "width", "height"},
    "li": {"value", "data-source"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "span": {"title", "data-source", "data-tex", "data-state", "tabindex", "aria-label"},
    "video": {"src", "controls", "width", "height", "aria-label"},
}
_VALUES: dict[str, dict[str, set[str]]] = {
    "a": {"target": {"_blank"}},
    "audio": {"preload": {"metadata"}},
    "button": {"type": {"button"}},
    "img": {"loading": {"lazy"}, "decoding": {"async"}},
    "span": {"role": {"img"}},
    "video": {"preload": {"metadata"}},
}
_CLASSES: dict[str, set[str]] = {
    "a": {"media-file", "outside-image"},
    "blockquote": {"card"},
    "button": {"media-image"},
    "code": {"tex"},
    "details": {"rest", "canvas-version"},
    "div": {
        *("plain", "table", "transcript", "spoken-in", "spoken-out", "links", "thought"),
        *("canvas-text", "not-understood", "media-frame", "media-grid"),
        *RATIO_CLASSES,
    },
    "dl": {"instructions"},
    "figure": {
        *("code", "output", "failed", "media", "image", "audio", "video", "file", "missing"),
    },
    "li": {"task"},
    "ol": {"sources"},
    "p": {
        *("notice", "quiet", "error", "chip", "card-title", "card-site", "links-title", "media"),
        *("thought-summary", "canvas-title", "box-title", "media-what", "media-why", "file"),
        *("media-pointer", "sources-title"),
    },
    "section": {"canvas", "box", "notes", "sources-section"},
    "span": {
        *("math", "display", "dead-link", "outside-image", "task-box", "code-language"),
        *("code-title", "canvas-kind", "media-note", "site", "snippet"),
        *ROLES,
    },
    "sup": {"cite", "note-mark"},
    "td": {"align-left", "align-right", "align-center"},
    "th": {"align-left", "align-right", "align-center"},
    "ul": {"canvas-comments", "definitions"},
}


def sanitised(html: str) -> str:
    """Return the HTML with everything else taken out; scripts and styles with what they hold.

    Links get ``rel="noopener noreferrer nofollow"``. Addresses are http, https,
    mailto, or relative ones, which only media have.
    """
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_PLAIN_TAGS | set(_ATTRIBUTES) | set(_VALUES) | set(MATHML),
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES | MATHML,
        tag_attribute_values=_VALUES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
