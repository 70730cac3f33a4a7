"""A small canvas that draws soft shapes and writes itself as PNG, in plain Python.

Everything is made of horizontal spans: a span is one slice assignment, so a picture
of a megapixel takes some tens of milliseconds. The ends of a span are blended by the
part of the pixel they cover, which is what makes edges smooth.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Sequence

Colour = tuple[int, int, int]

# Letters five pixels high, one string of rows each; what is missing is a space.
_LETTERS = {
    "A": ".##. #..# #### #..# #..#",
    "B": "###. #..# ###. #..# ###.",
    "C": ".### #... #... #... .###",
    "D": "###. #..# #..# #..# ###.",
    "E": "#### #... ###. #... ####",
    "F": "#### #... ###. #... #...",
    "G": ".### #... #.## #..# .###",
    "H": "#..# #..# #### #..# #..#",
    "I": "# # # # #",
    "J": "..# ..# ..# #.# .#.",
    "K": "#..# #.#. ##.. #.#. #..#",
    "L": "#.. #.. #.. #.. ###",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#..# ##.# #.## #..# #..#",
    "O": ".##. #..# #..# #..# .##.",
    "P": "###. #..# ###. #... #...",
    "R": "###. #..# ###. #.#. #..#",
    "S": ".### #... .##. ...# ###.",
    "T": "### .#. .#. .#. .#.",
    "U": "#..# #..# #..# #..# .##.",
    "V": "#...# #...# .#.#. .#.#. ..#..",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#.# #.# .#. #.# #.#",
    "Y": "#.# #.# .#. .#. .#.",
    "Z": "#### ...# .##. #... ####",
    "0": ".#. #.# #.# #.# .#.",
    "1": ".# ## .# .# .#",
    "2": "##. ..# .#. #.. ###",
    "3": "##. ..# .#. ..# ##.",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ##. ..# ##.",
    "6": ".## #.. ##. #.# .#.",
    "7": "### ..# .#. .#. .#.",
    "8": ".#. #.# .#. #.# .#.",
    "9": ".#. #.# .## ..# ##.",
    "-": "... ... ### ... ...",
    ".": ". . . . #",
}


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour ``share`` of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


class Picture:
    """An RGB canvas; the origin is the top left corner, lengths are pixels."""

    def __init__(self, width: int, height: int, top: Colour, bottom: Colour | None = None) -> None:
        self.width, self.height = width, height
        rows = bytearray()
        for y in range(height):
            rows += bytes(mix(top, bottom or top, y / max(1, height - 1))) * width
        self._rows = rows

    def span(self, y: int, start: float, end: float, colour: Colour) -> None:
        """Colour a piece of a row; its ends may lie inside a pixel."""
        start, end = max(0.0, start), min(float(self.width), end)
        if not 0 <= y < self.height or end <= start:
            return
        first, last = math.ceil(start), math.floor(end)
        base = y * self.width
        if last > first:
            self._rows[(base + first) * 3 : (base + last) * 3] = bytes(colour) * (last - first)
        if first > start:
            self._blend(base + first - 1, colour, min(first, end) - start)
        if end > last >= first:
            self._blend(base + last, colour, end - last)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Fill an upright rectangle."""
        for y in range(round(top), round(bottom)):
            self.span(y, left, right, colour)

    def oval(
        self,
        x: float,
        y: float,
        across: float,
        down: float,
        colour: Colour,
        fade: Colour | None = None,
    ) -> None:
        """Fill an ellipse around a point, from ``colour`` at its top to ``fade``."""
        for row in range(math.floor(y - down), math.ceil(y + down) + 1):
            high = (row + 0.5 - y) / down
            if abs(high) < 1:
                half = across * math.sqrt(1 - high * high)
                tint = mix(colour, fade, (high + 1) / 2) if fade else colour
                self.span(row, x - half, x + half, tint)

    def shape(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon, whatever its form (even-odd rule)."""
        lowest = math.floor(min(y for _, y in points))
        highest = math.ceil(max(y for _, y in points))
        edges = list(zip(points, [*points[1:], points[0]], strict=True))
        for row in range(max(0, lowest), min(self.height, highest + 1)):
            level = row + 0.5
            crossings = sorted(
                x1 + (level - y1) * (x2 - x1) / (y2 - y1)
                for (x1, y1), (x2, y2) in edges
                if (y1 <= level) != (y2 <= level)
            )
            for start, end in zip(crossings[::2], crossings[1::2], strict=False):
                self.span(row, start, end, colour)

    def leaf(
        self,
        x: float,
        y: float,
        length: float,
        angle: float,
        colour: Colour,
        *,
        width: float = 0.36,
    ) -> None:
        """Fill a leaf that starts at a point and goes off at an angle (radians)."""
        points = []
        for step in range(25):
            along = step / 12 if step <= 12 else (24 - step) / 12
            aside = math.sin(math.pi * along) * width * length / 2 * (1 if step <= 12 else -1)
            points.append(
                (
                    x + math.cos(angle) * along * length - math.sin(angle) * aside,
                    y + math.sin(angle) * along * length + math.cos(angle) * aside,
                )
            )
        self.shape(points, colour)

    def write(self, words: str, x: int, y: int, size: int, colour: Colour) -> None:
        """Write capital letters and digits; ``size`` is the side of a letter's dots."""
        for letter in words.upper():
            rows = _LETTERS.get(letter, "..").split()
            for down, row in enumerate(rows):
                for across, dot in enumerate(row):
                    if dot == "#":
                        left, top = x + across * size, y + down * size
                        self.box(left, top, left + size, top + size, colour)
            x += (len(rows[0]) + 1) * size

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        stride = self.width * 3
        lines = bytearray()
        for y in range(self.height):
            lines.append(0)
            lines += self._rows[y * stride : (y + 1) * stride]
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        return b"".join(
            (
                b"\x89PNG\r\n\x1a\n",
                _chunk(b"IHDR", head),
                _chunk(b"IDAT", zlib.compress(bytes(lines), 7)),
                _chunk(b"IEND", b""),
            )
        )

    def _blend(self, pixel: int, colour: Colour, share: float) -> None:
        place = pixel * 3
        for channel in range(3):
            old = self._rows[place + channel]
            self._rows[place + channel] = round(old + (colour[channel] - old) * share)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
