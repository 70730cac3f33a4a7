# ruff: noqa: E501 - what people say is as long as it is
"""The rare ones: shapes of old and coming exports that a reader must survive."""

from __future__ import annotations

from app.demo.maker import Maker
from app.demo.talk import Talk, parts, text

_LONG_TITLE = (
    "A title that somebody pasted a whole question into because it seemed the quickest way, namely whether the water that stands in the saucer "
    "below a pot of rosemary after a night of rain ought to be poured away in the morning, or may be left until noon, or will be drunk by the plant by itself "
    "as the neighbour says"
)


def tell(maker: Maker) -> None:
    """Tell the rare conversations."""
    _nameless(maker)
    _coming(maker)
    _symbols(maker)
    _shape_of_the_tree(maker)
    _strange_times(maker)
    _shared_on(maker)
    _group(maker)
    _hidden_only(maker)


def _nameless(maker: Maker) -> None:
    for title, started, question, answer in (
        (
            None,
            "2023-12-03 10:00",
            "how long do eggs keep",
            "Three weeks in the fridge, blunt end up. Float one in water if in doubt: what swims is old.",
        ),
        ("", "2024-04-04 10:00", "thanks!", "You're welcome."),
        ("New chat", "2024-04-05 10:00", "test", "It works."),
        ("New chat", "2024-04-05 10:05", "test 2", "Still does."),
        (
            _LONG_TITLE,
            "2025-05-31 07:07",
            "see title",
            "Pour it away in the morning. Rosemary drinks when it wants to, not when it has to.",
        ),
        (
            'Line one\nline two / with: reserved? * "characters" <here>',
            "2025-06-01 08:00",
            "what may a file be called",
            "Almost anything, on some systems. Nothing with a slash on any.",
        ),
        (
            "CON",
            "2025-06-02 08:00",
            "Why can't I name a folder CON?",
            "It was the name of the console in 1974 and Windows is loyal.",
        ),
    ):
        Talk(maker, title, started).exchange([(question, answer)])


def _coming(maker: Maker) -> None:
    """Tell content and parts no one has met yet, and an old bare string."""
    talk = Talk(
        maker,
        "From the future",
        "2026-04-30 23:00",
        model="gpt-9-preview",
        holographic_scope={"planes": 3},
    )
    talk.ask("Show me the bed as it will be in June")
    talk.put(
        "assistant",
        {
            "content_type": "holograph_v1",
            "scene": {"planes": 3},
            "text": "A bed in June, all green.",
        },
        metadata=talk.told(),
    )
    talk.put(
        "assistant",
        parts(
            "It smells of",
            {"content_type": "scent_asset_pointer", "scent": "mint"},
            {"content_type": "image_file", "file_id": "file-NeverThere"},
        ),
        metadata=talk.told(),
    )
    talk.put("assistant", {"parts": ["No type at all, but words."]}, metadata=talk.told())
    talk.put("assistant", "A message that is only a string.", metadata=talk.told())
    talk.put("system", {"content_type": "system_message", "parts": ["End of demonstration."]})
    talk.answer("That is all I can show today.")


def _symbols(maker: Maker) -> None:
    """Tell text that breaks programs: half an emoji, joiners, NUL, separators, an unclosed fence."""
    talk = Talk(maker, "Emoji 👩🏽\u200d🌾 and other small print", "2024-12-31 23:59")
    talk.ask(
        "Half an emoji: \ud83d, a family: 👨\u200d👩\u200d👧, a flag: 🇳🇴, NUL: [\x00], line separator: [\u2028]"
    )
    talk.answer(
        "All received:\n\n```text\nthis fence is never closed\n$5 and $6 are money, \\[ is a bracket"
    )
    talk.ask("<script>alert('hello')</script> & <b>bold?</b> [a link](javascript:alert(1))")
    talk.answer(
        "Shown as you typed it: `<script>` is text here. Raw <em>HTML</em> in an answer is cleaned: <img src=x onerror=alert(1)>"
    )


def _shape_of_the_tree(maker: Maker) -> None:
    """Tell broken trees: a lost current message, no children lists, a second root, a loop."""
    lost = Talk(maker, "Current message lost", "2023-06-06 06:06", model="gpt-4")
    lost.exchange([("Where did we stop?", "Here.")])
    lost.fields["current_node"] = "00000000-0000-4000-8000-000000000000"
    bare = Talk(maker, "Children lists missing", "2026-03-03 03:03", model="gpt-5-2")
    bare.exchange([("one", "first"), ("two", "second"), ("three", "third")])
    for node in bare.mapping.values():
        del node["children"]
    loop = Talk(maker, "A loop and a second root", "2023-07-07 07:07", model="gpt-4")
    loop.exchange([("Does this end?", "The shown part does.")])
    here = loop.here
    loop.here = loop.add_node(
        {"id": "x", "author": {"role": "user"}, "content": text("I stand apart.")}, None
    )
    stray = loop.put("assistant", text("And I follow, in a circle."))
    loop.mapping[loop.mapping[stray]["parent"]]["parent"] = stray
    loop.mapping["emptied"] = None
    loop.here = here


def _strange_times(maker: Maker) -> None:
    for title, started, times in (
        ("Undated", "2023-03-03 03:03", {"create_time": None, "update_time": None}),
        (
            "Dated in milliseconds",
            "2024-02-02 02:02",
            {"create_time": 1706839320000, "update_time": "2024-02-02T02:09:00Z"},
        ),
    ):
        talk = Talk(maker, title, started, **times)
        talk.exchange([("What day is it?", "A Friday, if you go by the light.")])
        if title == "Undated":
            for node in talk.mapping.values():
                if node["message"]:
                    node["message"]["create_time"] = None


def _shared_on(maker: Maker) -> None:
    """Tell a conversation continued from someone's link, with a reply to one sentence."""
    talk = Talk(maker, "Continued from a shared link", "2025-02-14 14:14")
    talk.ask("First question, by someone else", shared_conversation_id=maker.uuid())
    talk.answer("An answer someone else got.", shared_conversation_id=maker.uuid())
    talk.ask("What do you mean by that?", targeted_reply="An answer someone else got.")
    talk.answer("That this sentence was not written for you, but you are welcome to it.")
    maker.shared.append(
        {
            "id": maker.uuid(),
            "conversation_id": maker.uuid(),
            "title": "Deleted since",
            "is_anonymous": True,
        }
    )


def _group(maker: Maker) -> None:
    """Tell a conversation of the family's group."""
    talk = Talk(
        maker,
        "Family: who brings what",
        "2025-12-20 18:00",
        model="gpt-5",
        owner={"user_id": maker.account, "name": "Mira"},
        context_scopes=["group"],
    )
    talk.put("user", text("I bring bread"), name="Mira")
    talk.put("user", text("soup. no hazelnuts!!"), name="Jonas")
    talk.answer("Bread from Mira, soup from Jonas. Missing: something sweet, and chairs.")


def _hidden_only(maker: Maker) -> None:
    talk = Talk(maker, "Nothing was said", "2024-08-08 08:08")
    talk.put("system", text("You are a helpful assistant."), hidden=True)
