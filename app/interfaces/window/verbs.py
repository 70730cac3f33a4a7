"""What only a window can do, as operations its bridge carries: dialogs, links, closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Literal, Protocol

from msgspec import Struct

from app.api import Operation
from app.interfaces.offered import OfferedSource, describe_source
from app.interfaces.window.closing import Answer, Closing
from app.interfaces.window.outside import open_outside

ARCHIVES = "*.zip;*.7z;*.tar;*.tgz;*.gz;*.bz2;*.xz;*.zst;*.json;*.dat"
Theme = Literal["system", "light", "dark"]


class Dialogs(Protocol):
    """The system's own dialogs; each answers nothing if the person thinks better of it."""

    def files(self, kind: str, patterns: str) -> Sequence[str]:
        """Ask for files; ``kind`` names them, ``patterns`` are those shown first."""

    def folder(self, start: str) -> str:
        """Ask for a folder."""

    def place_to_save(self, name: str) -> str:
        """Ask where to save a file."""


class ChosenPlace(Struct, frozen=True):
    """A place the person chose; empty if they chose none."""

    place: str


class Done(Struct, frozen=True):
    """It was done; there is nothing to tell."""


def build_verbs(
    dialogs: Dialogs,
    closing: Closing,
    toggle_full_screen: Callable[[], None],
    wear: Callable[[str], None],
) -> tuple[Operation, ...]:
    """Build the window's own verbs over its dialogs."""

    def pick_files() -> list[OfferedSource]:
        """Ask for the files to import."""
        return [describe_source(Path(each)) for each in dialogs.files("Archives", ARCHIVES)]

    def pick_folder(*, start: Annotated[str, "where to begin"] = "") -> list[OfferedSource]:
        """Ask for a folder."""
        chosen = dialogs.folder(start)
        return [describe_source(Path(chosen))] if chosen else []

    def pick_place(*, name: Annotated[str, "what the file would be called"]) -> ChosenPlace:
        """Ask where to save a file."""
        return ChosenPlace(dialogs.place_to_save(Path(name).name))

    def open_link(*, address: Annotated[str, "a web or mail address"]) -> Done:
        """Open a link in the person's own browser."""
        open_outside(address)
        return Done()

    def close_window(
        *, answer: Annotated[Literal["ask", "heard", "finish", "stop", "stay"], "what is wished"]
    ) -> Done:
        """Close the window, or answer its question about the jobs that run."""
        decided: Answer = answer
        closing.answer(decided)
        return Done()

    def full_screen() -> Done:
        """Fill the screen, or stop doing so."""
        toggle_full_screen()
        return Done()

    def wear_theme(*, theme: Annotated[Theme, "what the page wears"]) -> Done:
        """Let the menu and the dialogs wear what the page wears."""
        wear(theme)
        return Done()

    return (
        Operation("pick files", pick_files, "GET", ""),
        Operation("pick folder", pick_folder, "GET", ""),
        Operation("pick place", pick_place, "GET", ""),
        Operation("open outside", open_link, "POST", ""),
        Operation("close window", close_window, "POST", ""),
        Operation("full screen", full_screen, "POST", ""),
        Operation("wear theme", wear_theme, "POST", ""),
    )
