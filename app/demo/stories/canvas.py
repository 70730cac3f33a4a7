# ruff: noqa: E501 - what people say is as long as it is
"""Canvas documents: written, changed, commented, edited by hand, and a box to send."""

from __future__ import annotations

import re
from contextlib import suppress

from app.demo.maker import Maker
from app.demo.talk import Json, Talk, dumps, text


class _Paper:
    """A canvas document of a conversation, and the calls that change it."""

    def __init__(self, talk: Talk, name: str, kind: str) -> None:
        self.talk, self.name, self.kind = talk, name, kind
        self.id, self.version, self.content = talk.maker.uuid().replace("-", ""), 0, ""

    def create(self, content: str) -> None:
        """Write the first version."""
        self.content = content
        body = {"name": self.name, "type": self.kind, "content": content}
        self._do("canmore.create_textdoc", dumps(body), "Successfully created text document.")

    def update(self, pattern: str, replacement: str, *, multiple: bool = False) -> None:
        """Change what a pattern finds, as the tool does."""
        change = {"pattern": pattern, "multiple": multiple, "replacement": replacement}
        flags = re.DOTALL if pattern == ".*" else 0
        count = 0 if multiple else 1
        with suppress(re.error):  # a wrong pattern changes nothing, and the tool says so
            self.content = re.sub(
                pattern, lambda _: replacement, self.content, count=count, flags=flags
            )
        self._do(
            "canmore.update_textdoc",
            dumps({"updates": [change]}),
            "Successfully updated text document.",
        )

    def comment(self, *comments: tuple[str, str]) -> None:
        """Put remarks beside what patterns find."""
        rows = [{"pattern": pattern, "comment": words} for pattern, words in comments]
        self._do(
            "canmore.comment_textdoc",
            dumps({"comments": rows}),
            "Successfully created comments.",
            same=True,
        )

    def by_hand(self, content: str, words: str) -> None:
        """Let the person change the document and say something."""
        self.content = content
        self.version += 1
        canvas = {
            **self._canvas(),
            "has_user_edit": True,
            "textdoc_content": content,
            "textdoc_content_length": len(content),
        }
        self.talk.put("user", text(words), metadata={"canvas": canvas})

    def keep(self) -> None:
        """Note the last state, which some exports hold as a file."""
        self.talk.maker.textdocs[self.id] = {
            "id": self.id,
            "title": self.name,
            "type": self.kind,
            "version": self.version,
            "content": self.content,
        }

    def _do(self, tool: str, body: str, answer: str, *, same: bool = False) -> None:
        self.talk.call(tool, body, "json")
        before = self.version
        self.version += 0 if same else 1
        canvas = {**self._canvas(), "from_version": before or None}
        self.talk.reply(tool, text(answer), canvas=canvas)

    def _canvas(self) -> Json:
        return {
            "textdoc_id": self.id,
            "textdoc_type": self.kind,
            "version": self.version,
            "title": self.name.replace("_", " ").capitalize(),
            "create_source": "model",
        }


def tell(maker: Maker) -> None:
    """Tell the conversations with canvas documents."""
    guide(maker)
    planner(maker)
    broken(maker)
    letter(maker)


def guide(maker: Maker) -> None:
    """Tell a document through five versions, with remarks."""
    talk = Talk(maker, "A guide to our shady bed", "2025-01-05 13:20", model="gpt-4o")
    talk.ask("Write a one-page guide to the bed for whoever waters it in July. In a canvas.")
    paper = _Paper(talk, "shady_bed_guide", "document")
    paper.create(_GUIDE)
    talk.answer(
        "I've put a one-page guide into the canvas, in the order in which one walks along the bed."
    )
    talk.ask("Say peppermint, not mint, everywhere")
    paper.update("mint", "peppermint", multiple=True)
    talk.answer("Done, in three places.")
    talk.ask("And a warning for the hose: it's hot at noon")
    paper.update(
        "## Water",
        "## Water\n\n> **The first litre from the hose is hot.** Let it run into the barrel.",
    )
    talk.answer("Added under *Water*.")
    talk.ask("Any remarks?")
    paper.comment(
        ("evenings", "Mornings are better against slugs."),
        ("a handful", "How much is that for a person with small hands?"),
    )
    talk.answer("Two remarks in the margin.")
    paper.by_hand(
        paper.content.replace("evenings", "mornings"),
        "I changed it to mornings myself. Anything else?",
    )
    talk.answer("No, it is ready. I would print it and put it in a jar, against the rain.")
    paper.update(".*", paper.content + "\n\n*Thank you! There is jam in the cellar.*\n")
    talk.answer("And I have thanked them for you.")
    paper.keep()


_GUIDE = """\
# The shady bed

Left to right: mint, chives, parsley with chervil between.

## Water

Two cans, in the evenings, every second day. The mint tells you first when it is dry.

## Harvest

- **Chives**: cut a handful at a time, to the ground
- **Parsley**: from outside in
- **mint**: as much as you like, and then more
"""


def planner(maker: Maker) -> None:
    """Tell a program in a canvas."""
    talk = Talk(maker, "Watering planner in Python", "2025-03-22 21:40", model="gpt-4o")
    talk.ask("A small program: which days to water, given rain in mm for the week")
    paper = _Paper(talk, "watering_planner", "code/python")
    paper.create(_PLANNER)
    talk.answer(
        "The program is in the canvas: it carries what is left of yesterday's rain over to today."
    )
    talk.ask("make the need a parameter")
    paper.update(r"def days\(rain\):", "def days(rain, need=6.0):")
    paper.update(r"left < 6\.0", "left < need", multiple=True)
    talk.answer("`need` is in millimetres a day and is 6.0 unless you say otherwise.")
    paper.keep()


_PLANNER = '''\
"""Which days to water."""


def days(rain):
    """Return the indexes of the days on which rain does not suffice."""
    left, dry = 0.0, []
    for day, fallen in enumerate(rain):
        left = left * 0.5 + fallen
        if left < 6.0:
            dry.append(day)
            left = 6.0
    return dry


print(days([0, 12, 3, 0, 0, 8, 1]))
'''


def broken(maker: Maker) -> None:
    """Tell canvas calls as they really arrive: cut short, and with a pattern that fits nothing."""
    talk = Talk(maker, "Poem in canvas, cut short", "2024-12-15 23:58", model="gpt-4o")
    talk.ask("A poem about first snow on the rosemary, in a canvas")
    talk.call(
        "canmore.create_textdoc",
        '{"name":"snow","type":"document","content":"First snow on rosemary,\nneedle by needle',
        "json",
    )
    talk.reply("canmore.create_textdoc", text("Error parsing the function call."), canvas={})
    paper = _Paper(talk, "first_snow", "document")
    paper.create("First snow on rosemary,\nneedle by needle the hedge\ngrows old in one night.\n")
    paper.update("(unclosed", "nothing")
    talk.answer("The second try went through. The last change found nothing to change.")


def letter(maker: Maker) -> None:
    """Tell a letter in a writing box, and a document opened again later."""
    talk = Talk(maker, "Email to the allotment committee", "2026-03-28 10:00", model="gpt-5-2")
    talk.ask("Email: we'd like plot 9, we have references, we promise not to plant bamboo")
    talk.answer(
        'Here it is:\n\n:::writing{variant="email" id="51203" subject="Plot 9"}\nDear committee,\n\nwe would be glad to take over **plot 9**. We have looked after three metres of north wall for two years, '
        "and our neighbours will tell you that nothing has climbed over yet.\n\nWe promise not to plant bamboo.\n\nWith kind regards\nMira Solberg\n:::\n\nShall I make it shorter?",
    )
    talk.ask("no it's perfect. open the guide again?")
    document = next(iter(maker.textdocs))
    talk.answer(
        f"Here is the [guide](canmore://textdoc/{document}).",
        open_in_canvas_view={"id": document, "type": "textdoc"},
    )
