"""A whole message as sanitised HTML, and a cache of what was rendered."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from itertools import groupby

from app.core.blocks import AssetReference, Block, Content, Prose, Source
from app.rendering.blocks import MessageWriter
from app.rendering.markdown.citations import source_list, without_citations
from app.rendering.media import PlacedAsset, Resolve
from app.rendering.wall import sanitised

RENDERER_VERSION = 1  # raise it when the same message would come out differently
CACHE_BYTES = 64_000_000
_MARKERS = re.compile("[\ufdd0-\ufdef]")
_SANDBOX = re.compile(r"sandbox:[^\s)>\"]{1,500}")


def render_message(content: Content, resolve: Resolve) -> str:
    """Return a message's blocks and sources as HTML that is safe to put into a page.

    ``resolve`` places each file the message refers to; it must not raise. Headings
    are h3 to h6, no id is ever written, nothing is loaded but what ``resolve`` placed.
    """
    writer = MessageWriter(resolve, {source.number: source for source in content.sources})
    html = "".join(_grouped(writer, content)) + source_list(content.sources)
    if _MARKERS.search(html):
        html = _MARKERS.sub("", without_citations(html))
    return sanitised(html)


def _grouped(writer: MessageWriter, content: Content) -> Iterator[str]:
    """Yield the blocks; pictures that follow each other stand in one grid."""
    for pictures, run in groupby(content.blocks, key=_is_picture):
        written = [writer.write(block) for block in run]
        if pictures and len(written) > 1:
            yield f'<div class="media-grid">{"".join(written)}</div>'
        else:
            yield from written


def _is_picture(block: Block) -> bool:
    return isinstance(block, AssetReference) and block.kind == "image"


Key = tuple[int, tuple[Block, ...], tuple[Source, ...], tuple[PlacedAsset, ...]]


class RenderCache:
    """Rendered messages by what they were rendered from, the least used forgotten first."""

    def __init__(self, max_bytes: int = CACHE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, str] = OrderedDict()
        self._lock = threading.Lock()

    def render(self, content: Content, resolve: Resolve) -> str:
        """Return `render_message` of the content, from memory if nothing it depends on changed."""
        key = _key(content, resolve)
        with self._lock:
            if (html := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return html
        html = render_message(content, resolve)
        with self._lock:
            self._keep(key, html)
        return html

    def _keep(self, key: Key, html: str) -> None:
        if key in self._kept or len(html) > self._max_bytes:
            return
        self._kept[key] = html
        self._bytes += len(html)
        while self._bytes > self._max_bytes:
            _, forgotten = self._kept.popitem(last=False)
            self._bytes -= len(forgotten)


def _key(content: Content, resolve: Resolve) -> Key:
    placed = tuple(resolve(reference) for reference in _references(content))
    return RENDERER_VERSION, content.blocks, content.sources, placed


def _references(content: Content) -> Iterator[AssetReference]:
    for block in content.blocks:
        if isinstance(block, AssetReference):
            yield block
        elif isinstance(block, Prose) and "sandbox:" in block.text:
            for pointer in _SANDBOX.findall(block.text):
                yield AssetReference(pointer, "file")
