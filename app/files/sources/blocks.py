"""Blocks of bytes written to a file while they are hashed, or read as a stream."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from app.files.sources import refusals

CHUNK = 1 << 20  # bytes read at once


class Closable(Protocol):
    """Anything that is let go of by closing it."""

    def close(self) -> None:
        """Let go."""


OnBytes = Callable[[int], None]


def write_blocks(blocks: Iterator[bytes], target: Path, on_bytes: OnBytes) -> str:
    """Write blocks to a new file and answer their SHA-256 in hex; on failure leave no file.

    Raises StorageProblem if the file can't be written, and whatever ``blocks`` raises.
    """
    digest = hashlib.sha256()
    try:
        with _created(target) as out:
            for block in blocks:
                digest.update(block)
                out.write(block)
                on_bytes(len(block))
    except OSError as error:
        with suppress(OSError):
            target.unlink()
        raise refusals.writing_failed(target, error) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def _created(target: Path) -> BinaryIO:
    try:
        return target.open("wb")
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.open("wb")


def stream_blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what is left of a stream, in blocks."""
    while block := stream.read(CHUNK):
        yield block


class BlockReader(io.RawIOBase):
    """Reads an iterator of blocks as a file; wrap it in a BufferedReader."""

    def __init__(self, blocks: Iterator[bytes], handle: Closable | None = None) -> None:
        super().__init__()
        self._blocks = blocks
        self._handle = handle
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Answer that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill ``buffer`` with what comes next; 0 at the end."""
        room = memoryview(buffer)  # type: ignore[arg-type]
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._left = memoryview(block)
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def close(self) -> None:
        """Let go of the blocks and of the file they come from."""
        if not self.closed and self._handle is not None:
            self._handle.close()
        super().close()
