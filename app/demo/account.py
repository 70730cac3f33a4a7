"""The whole invented account: every story told, in the order an export lists them."""

from __future__ import annotations

from app.demo.maker import Maker
from app.demo.stories import (
    canvas,
    diary,
    garden,
    odd,
    plain,
    programs,
    reports,
    research,
    study,
    thinking,
    voices,
)
from app.demo.talk import Json
from app.demo.words import languages, short_home, short_mind


def told(seed: int) -> Maker:
    """Tell every story from a seed."""
    maker = Maker(seed)
    for table in (short_home, short_mind, languages):
        plain.tell(maker, table.SHORT)
    for theme in (garden, programs, voices, study, canvas, research, reports, thinking, odd):
        theme.tell(maker)
    diary.tell(maker)
    return maker


def conversations(maker: Maker) -> list[Json]:
    """Return the conversations as an export lists them, newest first."""
    return [talk.raw() for talk in sorted(maker.talks, key=lambda talk: -talk.now)]
