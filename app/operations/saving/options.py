"""How something is taken out: as what, named how, into which folders, linked how."""

from __future__ import annotations

from typing import Literal, cast

from msgspec import Struct

from app.core.saved_places import Layout, Names
from app.library import Library
from app.rendering.saved.markdown_file import Links
from app.settings import read_settings

Format = Literal["markdown", "html", "html-pages", "text", "json", "pdf"]

EXTENSIONS: dict[Format, str] = {
    "markdown": ".md",
    "html": ".html",
    "html-pages": ".html",
    "text": ".txt",
    "json": ".json",
    "pdf": ".pdf",
}


class Options(Struct, frozen=True):
    """What was asked for; what was not is as the settings say."""

    format: Format
    naming: Names
    layout: Layout
    links: Links

    @property
    def extension(self) -> str:
        """What the files' names end in."""
        return EXTENSIONS[self.format]

    @property
    def word(self) -> str:
        """One word for these options: two saves with the same word bring the same files."""
        return f"{self.format}/{self.naming}/{self.layout}"


def options(
    library: Library,
    format_: Format,
    naming: Names | None,
    layout: Layout | None,
    links: Links | None,
) -> Options:
    """Answer what was asked for, the settings filling in the rest."""
    set_ = read_settings(library.settings_file)
    return Options(
        format_,
        naming or cast("Names", set_.text("saving.names")),
        layout or cast("Layout", set_.text("saving.layout")),
        links or cast("Links", set_.text("saving.links")),
    )
