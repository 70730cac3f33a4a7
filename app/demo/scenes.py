"""The pictures of the sample: a garden plan, a loaf, a coast, charts and small things.

Each function draws one scene and returns PNG bytes with their size; what varies
comes from the random source given, so a seed always gives the same pictures.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from random import Random

from msgspec import Struct

from app.demo.pictures import Colour, Picture, mix

PAPER: Colour = (246, 241, 230)
INK: Colour = (54, 52, 46)
GREENS: tuple[Colour, ...] = ((92, 128, 84), (122, 154, 101), (70, 106, 78), (148, 170, 112))


class Drawn(Struct, frozen=True):
    """A picture as PNG bytes, with its size in pixels."""

    data: bytes
    width: int
    height: int


def _drawn(picture: Picture) -> Drawn:
    return Drawn(picture.png(), picture.width, picture.height)


def garden_plan(
    random: Random, beds: Sequence[str] = ("MINT", "CHIVES", "PARSLEY"), *, plants: int = 26
) -> Drawn:
    """Draw a bed by a north wall from above, one patch for each name."""
    picture = Picture(960, 640, PAPER)
    picture.box(60, 60, 900, 92, (150, 132, 118))
    picture.write("NORTH WALL", 70, 68, 3, PAPER)
    wide = 840 / len(beds)
    for place, name in enumerate(beds):
        left = 60 + place * wide
        picture.box(left + 6, 110, left + wide - 6, 470, (205, 186, 156))
        for _ in range(plants):
            x = random.uniform(left + 30, left + wide - 30)
            y = random.uniform(140, 440)
            green = random.choice(GREENS)
            for turn in range(5):
                picture.leaf(x, y, random.uniform(16, 30), turn * 1.26 + x, green)
        picture.write(name, round(left + 18), 488, 4, INK)
    picture.box(60, 540, 900, 584, (222, 214, 199))
    for stone in range(14):
        picture.oval(90 + stone * 60, 562, 24, 15, (196, 187, 172), (178, 168, 152))
    return _drawn(picture)


def loaf(random: Random) -> Drawn:
    """Draw a round loaf with a scored crust on a board."""
    picture = Picture(800, 600, (228, 216, 200), (206, 190, 170))
    picture.oval(400, 470, 350, 70, (176, 140, 102), (158, 122, 86))
    picture.oval(400, 350, 270, 165, (214, 160, 92), (140, 84, 44))
    picture.oval(390, 315, 235, 118, (226, 178, 112), (186, 126, 68))
    for cut in range(4):
        picture.leaf(250.0 + cut * 88, 390, 190, -1.15, (242, 214, 164), width=0.16)
    for _ in range(240):
        angle, far = random.uniform(0, math.tau), math.sqrt(random.random())
        x, y = 395 + math.cos(angle) * far * 225, 318 + math.sin(angle) * far * 108
        picture.oval(x, y, 2.4, 1.6, (246, 232, 206))
    return _drawn(picture)


def coast(random: Random, *, evening: bool = False) -> Drawn:
    """Draw cliffs, sea and sky, by day or in the evening."""
    sky = ((58, 72, 110), (240, 178, 132)) if evening else ((118, 168, 208), (226, 236, 232))
    picture = Picture(1200, 800, *sky)
    picture.oval(860, 330 if evening else 170, 62, 62, (255, 226, 170))
    sea = (74, 100, 132) if evening else (84, 146, 160)
    for y in range(420, 800):
        picture.span(y, 0, 1200, mix(sea, (30, 62, 84), (y - 420) / 380))
    for _ in range(130):
        y = random.randrange(430, 790)
        x = random.uniform(0, 1150)
        picture.span(y, x, x + random.uniform(20, 120), mix(sea, (240, 240, 230), 0.35))
    for layer in range(3):
        height, shade = 300 + layer * 90, layer / 3
        points = [(0.0, 800.0), (0.0, float(height))]
        x = 0.0
        while x < 520 - layer * 120:
            x += random.uniform(24, 60)
            points.append((x, height + x * 0.32 + random.uniform(-18, 18)))
        points.append((x + 40, 800.0))
        picture.shape(points, mix((122, 132, 104), (52, 62, 58), shade))
    return _drawn(picture)


def bars(values: Sequence[float], names: Sequence[str], *, title: str) -> Drawn:
    """Draw a bar chart as a plotting library would."""
    picture = Picture(900, 540, (255, 255, 255))
    picture.write(title, 80, 30, 4, INK)
    top = max(values)
    for line in range(5):
        y = 460 - line * 85
        picture.box(80, y, 860, y + 1, (222, 222, 216))
        picture.write(f"{top * line / 4.25:.0f}", 34, y - 8, 3, (120, 120, 112))
    wide = 780 / len(values)
    for place, (value, name) in enumerate(zip(values, names, strict=True)):
        left, high = 80 + place * wide, value / top * 361
        picture.box(left + wide * 0.18, 460 - high, left + wide * 0.82, 460, (78, 121, 104))
        picture.write(name, round(left + wide * 0.2), 476, 3, INK)
    picture.box(80, 460, 860, 462, INK)
    return _drawn(picture)


def curve(values: Sequence[float], *, title: str) -> Drawn:
    """Draw a line chart."""
    picture = Picture(720, 420, (255, 255, 255))
    picture.write(title, 50, 24, 3, INK)
    low, high = min(values), max(values)
    step = 620 / (len(values) - 1)
    points = [
        (50 + place * step, 360 - (value - low) / (high - low) * 280)
        for place, value in enumerate(values)
    ]
    picture.shape([*points, (670, 372), (50, 372)], (226, 234, 226))
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        picture.shape([(x1, y1 - 2), (x2, y2 - 2), (x2, y2 + 2), (x1, y1 + 2)], (78, 121, 104))
    picture.box(50, 372, 670, 374, INK)
    return _drawn(picture)


def herb(random: Random, *, background: Colour = (238, 234, 222)) -> Drawn:
    """Draw one stem with leaves, as in a herbarium."""
    picture = Picture(640, 800, background)
    green = random.choice(GREENS)
    picture.shape([(316, 760), (312, 120), (320, 120), (326, 760)], mix(green, INK, 0.4))
    for pair in range(9):
        y, length = 690 - pair * 66, 190 - pair * 15
        tilt = random.uniform(-0.15, 0.15)
        picture.leaf(318, y, length, -0.55 + tilt, mix(green, (240, 240, 210), pair / 24))
        picture.leaf(318, y - 14, length, math.pi + 0.55 + tilt, mix(green, INK, 0.12))
    picture.leaf(316, 140, 96, -math.pi / 2, mix(green, (240, 240, 210), 0.4))
    return _drawn(picture)


def kite(random: Random) -> Drawn:
    """Draw a kite over hills."""
    picture = Picture(1024, 1024, (132, 182, 220), (238, 240, 228))
    for cloud in range(6):
        x, y = random.uniform(60, 960), 120 + cloud * 70
        for puff in range(4):
            picture.oval(x + puff * 44, y + (puff % 2) * 12, 52, 26, (248, 248, 244))
    picture.shape([(560, 210), (690, 400), (560, 640), (470, 380)], (196, 92, 72))
    picture.shape([(560, 210), (690, 400), (560, 400)], (226, 168, 84))
    picture.shape([(470, 380), (560, 400), (560, 640)], (236, 214, 168))
    for knot in range(6):
        x = 560 - knot * 26 + math.sin(knot) * 30
        picture.leaf(x, 660 + knot * 34, 44, 0.3, (196, 92, 72))
        picture.leaf(x, 660 + knot * 34, 44, math.pi - 0.3, (226, 168, 84))
    for layer, colour in enumerate(((150, 178, 128), (110, 146, 102), (84, 118, 88))):
        points = [(0.0, 1024.0)]
        points += [
            (x, 860 + layer * 46 + math.sin(x / (170 + layer * 60) + layer) * 34)
            for x in range(0, 1061, 36)
        ]
        picture.shape([*points, (1060.0, 1024.0)], colour)
    return _drawn(picture)


def cup(random: Random) -> Drawn:
    """Draw a cup of tea by a window."""
    picture = Picture(512, 512, (214, 222, 222), (232, 226, 214))
    picture.box(0, 380, 512, 512, (158, 128, 100))
    picture.oval(256, 400, 150, 26, (236, 232, 224), (206, 200, 190))
    picture.oval(352, 300, 48, 54, (196, 208, 200))
    picture.oval(352, 300, 28, 34, (222, 224, 218))
    picture.shape([(150, 230), (350, 230), (322, 396), (178, 396)], (196, 208, 200))
    picture.oval(250, 230, 100, 24, (218, 226, 220))
    picture.oval(250, 233, 86, 18, (150, 96, 48), (184, 124, 66))
    for steam in range(3):
        x = 214 + steam * 36 + random.uniform(-6, 6)
        for up in range(40):
            y = 196 - up * 3
            picture.oval(x + math.sin(up / 6 + steam) * 8, y, 3.4, 2.4, (226, 230, 228))
    return _drawn(picture)


def screen(title: str, *, lines: int = 9) -> Drawn:
    """Draw a browser window with a page of blocks, as a screenshot would show it."""
    picture = Picture(1280, 800, (252, 252, 250))
    picture.box(0, 0, 1280, 56, (226, 228, 226))
    for dot, colour in enumerate(((214, 96, 84), (226, 178, 84), (112, 172, 104))):
        picture.oval(34 + dot * 30, 28, 9, 9, colour)
    picture.box(140, 14, 1220, 42, (248, 248, 246))
    picture.write(title, 80, 110, 6, INK)
    for line in range(lines):
        wide = 1040 - (line * 137) % 420
        picture.box(80, 180 + line * 42, 80 + wide, 196 + line * 42, (220, 221, 216))
    picture.box(80, 180 + lines * 42, 300, 232 + lines * 42, (78, 121, 104))
    picture.write("ORDER", 130, 194 + lines * 42, 5, (255, 255, 255))
    return _drawn(picture)


def page(title: str) -> Drawn:
    """Draw a photographed page of handwriting."""
    picture = Picture(600, 840, (250, 247, 238), (240, 234, 220))
    picture.write(title, 60, 60, 5, (60, 76, 112))
    for line in range(22):
        y = 130 + line * 30
        picture.box(50, y + 18, 550, y + 19, (206, 214, 222))
        x = 60.0
        while x < 470 + (line * 53) % 70:
            word = 18 + (line * 31 + round(x) * 17) % 58
            picture.box(x, y + 8, x + word, y + 12, (92, 104, 132))
            x += word + 12
    return _drawn(picture)
