"""The other files of the sample: recordings, a moving picture, a PDF, a table.

Written in plain Python after the formats' own definitions: RIFF/WAVE (PCM),
GIF89a, and PDF 1.4 with one page of text.
"""

from __future__ import annotations

import array
import math
import struct
import sys
from collections.abc import Iterable, Sequence

RATE = 12_000

# Frequencies in hertz of the notes used, from A below middle C.
NOTES = {
    "A": 220.0,
    "C": 261.63,
    "D": 293.66,
    "E": 329.63,
    "F": 349.23,
    "G": 392.0,
    "a": 440.0,
    "c": 523.25,
}


def chords(music: str, *, each: float = 0.7) -> bytes:
    """Return a WAV file of soft chords: "CEG FAc" is two chords of ``each`` seconds."""
    samples = array.array("h")
    for chord in music.split():
        steps = [math.tau * NOTES[note] / RATE for note in chord]
        length = round(each * RATE)
        for place in range(length):
            swell = min(1.0, place / 900) * math.exp(-2.4 * place / length)
            tone = sum(math.sin(step * place) for step in steps) / len(steps)
            samples.append(round(11_000 * swell * tone))
    if sys.byteorder == "big":
        samples.byteswap()
    return wav(samples.tobytes())


def wav(samples: bytes) -> bytes:
    """Wrap 16-bit mono samples as a WAV file."""
    form = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def seconds(recording: bytes) -> float:
    """Return how long a recording made here lasts."""
    return (len(recording) - 44) / (2 * RATE)


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """Return a PDF of one page: a title and lines of text (Latin-1)."""
    shown = [f"BT /F1 20 Tf 60 770 Td ({_quoted(title)}) Tj ET"]
    shown += [
        f"BT /F1 11 Tf 60 {735 - 18 * place} Td ({_quoted(line)}) Tj ET"
        for place, line in enumerate(lines)
    ]
    stream = "\n".join(shown).encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        % (
            size,
            table,
            size,
        )
        + b"startxref\n%d\n%%%%EOF\n" % len(body)
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def growing_leaf() -> bytes:
    """Return an animated GIF of a seedling that grows."""
    side, frames = 96, bytearray()
    for size in range(2, 15):
        pixels = bytearray(side * side)
        for y in range(side):
            for x in range(side):
                pixels[y * side + x] = _seedling(x - side // 2, side - 16 - y, size)
        frames += b"\x21\xf9\x04\x04" + struct.pack("<H", 14) + b"\x00\x00"
        frames += b"\x2c" + struct.pack("<HHHHB", 0, 0, side, side, 0) + _lzw(pixels)
    palette = bytes((246, 241, 230, 92, 128, 84, 148, 170, 112, 150, 122, 92))
    head = b"GIF89a" + struct.pack("<HH", side, side) + b"\x91\x00\x00" + palette
    loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    return head + loop + bytes(frames) + b"\x3b"


def _seedling(across: int, up: int, size: int) -> int:
    """Say which of the four colours a point of the seedling has."""
    if up < 0:
        return 3
    if abs(across) <= 1 and up <= size * 3:
        return 1
    for height, length in ((size * 3, size * 1.6), (size * 2, size * 2.0)):
        rise = up - height - abs(across) * 0.5
        if abs(across) < length and abs(rise) < size * 0.45 * (1 - abs(across) / length):
            return 2
    return 0


def _lzw(pixels: Iterable[int]) -> bytes:
    """Compress two-bit pixels as GIF asks, and cut the result into sub-blocks."""
    codes: dict[bytes, int] = {}
    stream, bits, held = bytearray(), 0, 0

    def put(code: int, width: int) -> None:
        nonlocal bits, held
        bits |= code << held
        held += width
        while held >= 8:
            stream.append(bits & 255)
            bits, held = bits >> 8, held - 8

    put(4, 3)
    codes, following, width, word = {bytes((n,)): n for n in range(4)}, 6, 3, b""
    for pixel in pixels:
        longer = word + bytes((pixel,))
        if longer in codes:
            word = longer
            continue
        put(codes[word], width)
        codes[longer], following = following, following + 1
        word = bytes((pixel,))
        if following > 1 << width and width < 12:
            width += 1
        elif following == 4095:
            put(4, width)
            codes, following, width = {bytes((n,)): n for n in range(4)}, 6, 3
    put(codes[word], width)
    put(5, width)
    put(0, (8 - held) % 8)
    blocks = (bytes(stream[at : at + 255]) for at in range(0, len(stream), 255))
    return b"\x02" + b"".join(bytes((len(block),)) + block for block in blocks) + b"\x00"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file; no value here holds a comma or a quote."""
    lines = [",".join(header), *(",".join(map(str, row)) for row in rows)]
    return ("\r\n".join(lines) + "\r\n").encode()
