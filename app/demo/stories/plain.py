"""The plain ones: short conversations from tables, some of them starred, archived or rated."""

from __future__ import annotations

from collections.abc import Iterable

from app.demo.maker import Maker
from app.demo.talk import Talk
from app.demo.words import Short

_STARRED = {"Sourdough that will not rise", "Haiku about a compost heap", "Bayes with mushrooms"}
_ARCHIVED = {"Descaling a kettle", "Hello", "Squeaky stairs", "Regex for ISO dates"}
_SHARED = {"Explain eigenvectors with a garden", "Explain rebase like I'm tired"}


def tell(maker: Maker, table: Iterable[Short]) -> None:
    """Tell each conversation of a table."""
    for title, started, model, exchanges in table:
        talk = Talk(maker, title, started, model=model)
        talk.exchange(exchanges)
        if title in _STARRED:
            talk.fields["is_starred"] = True
            talk.fields["pinned_time"] = round(talk.now, 3)
        if title in _ARCHIVED:
            talk.fields["is_archived"] = True
        if title in _SHARED:
            talk.share()
        if maker.random.random() < 0.2:
            talk.rate(talk.here, up=maker.random.random() < 0.8)
