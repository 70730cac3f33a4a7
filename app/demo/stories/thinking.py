# ruff: noqa: E501 - what people say is as long as it is
"""Models that think, what the person told them about herself, and what they remembered."""

from __future__ import annotations

from app.demo.maker import Maker
from app.demo.talk import Talk, text

PROFILE = "My name is Mira. I finish environmental engineering, keep a herb bed below a north wall, and learn Rust in the evenings."
WISHES = "Be brief. Metric units. If you are not sure, say so in the first sentence."


def tell(maker: Maker) -> None:
    """Tell thinking, instructions and memory."""
    plums(maker)
    knights(maker)
    empty_thoughts(maker)
    instructed(maker)
    instructed_long_ago(maker)
    remembered(maker)


def plums(maker: Maker) -> None:
    """Tell an answer that was thought about, with its recap and two searches between."""
    talk = Talk(
        maker, "How many jars for 14 kg of plums", "2025-09-07 16:20", model="gpt-5-thinking"
    )
    talk.ask(
        "14 kg of plums, stones 6 %, boils down to 70 %, jars of 340 ml, jam weighs 1.3 g/ml, sugar one third of the fruit. How many jars?"
    )
    thoughts = [
        {
            "summary": "Weighing the fruit",
            "content": "14 kg less 6 % stones: **13.16 kg** of flesh.",
            "chunks": ["14 kg less 6 % stones: ", "**13.16 kg** of flesh."],
            "finished": True,
        },
        {
            "summary": "Adding sugar, boiling down",
            "content": "A third of it in sugar: 4.39 kg, together 17.55 kg. Does *boils down to 70 %* mean with the sugar? Most recipes mean the pot. So 12.28 kg.",
            "chunks": [],
            "finished": True,
        },
        {
            "summary": "Filling jars",
            "content": "12.28 kg / 1.3 g/ml = 9.45 l; 9.45 / 0.34 = 27.8.",
            "chunks": [],
            "finished": True,
        },
    ]
    talk.put(
        "assistant",
        {"content_type": "thoughts", "thoughts": thoughts, "source_analysis_msg_id": talk.here},
        metadata=talk.told(reasoning_status="is_reasoning", thinking_effort="standard"),
    )
    talk.put(
        "assistant",
        {"content_type": "reasoning_recap", "content": "Thought for 7 seconds"},
        metadata=talk.told(reasoning_status="reasoning_ended", finished_duration_sec=7),
    )
    final = "**28 jars**, and have two spare.\n\n\\[\n\\begin{aligned}\n\\text{flesh} &= 14 \\times 0.94 = 13.16\\ \\text{kg} \\\\\n\\text{with sugar} &= 13.16 \\times \\tfrac43 = 17.55\\ \\text{kg} \\\\\n\\text{boiled down} &= 17.55 \\times 0.7 = 12.28\\ \\text{kg} \\\\\n\\text{jars} &= \\frac{12.28}{1.3 \\times 0.34} \\approx 27.8\n\\end{aligned}\n\\]\n\nI took *boils down to 70 %* to mean the whole pot, sugar included."
    talk.put("assistant", text(final), metadata=talk.told(), channel="final", end_turn=True)
    talk.ask("29 in the end. One was for the cook")
    talk.answer("The cook's jar is never in the formula.")


def knights(maker: Maker) -> None:
    """Tell a puzzle where the analysis itself was exported as text."""
    talk = Talk(maker, "Knights, knaves and a gardener", "2025-01-31 22:00", model="o1")
    talk.ask("A says: B lies. B says: C lies. C says: A and B both lie. Who tells the truth?")
    talk.put(
        "assistant",
        text(
            "Try A true: then B lies, so C tells the truth, so A lies: contradiction. So A lies, B is true, C lies: A and B both lie is false, consistent."
        ),
        metadata=talk.told(),
        channel="analysis",
        weight=0.0,
    )
    talk.answer(
        "**B** alone.\n\n- If A were truthful, B would lie, C would be truthful, and A would lie: impossible.\n- So A lies, hence B is truthful, hence C lies; and C's claim is indeed false."
    )
    talk.rate(talk.here, up=True, tags=["correct"])


def empty_thoughts(maker: Maker) -> None:
    """Tell thoughts an export left empty, with a recap that has no duration."""
    talk = Talk(maker, "Is 2027 prime?", "2026-04-10 12:00", model="gpt-5-2-thinking")
    talk.ask("Is 2027 prime?")
    talk.put(
        "assistant",
        {"content_type": "thoughts", "thoughts": [], "source_analysis_msg_id": ""},
        metadata=talk.told(),
    )
    talk.put("assistant", {"content_type": "thoughts", "thoughts": None}, metadata=talk.told())
    talk.put("assistant", {"content_type": "reasoning_recap", "content": ""}, metadata=talk.told())
    talk.answer("Yes. No prime up to 45 divides it; the nearest try is \\(43 \\times 47 = 2021\\).")


def instructed(maker: Maker) -> None:
    """Tell a conversation that began with custom instructions, and with the memory shown."""
    talk = Talk(maker, "Weekend plan", "2024-11-15 17:30", model="gpt-4o")
    context = {
        "content_type": "user_editable_context",
        "user_profile": PROFILE,
        "user_instructions": WISHES,
    }
    about = {"about_user_message": PROFILE, "about_model_message": WISHES}
    talk.put(
        "user",
        context,
        hidden=True,
        timed=False,
        metadata={"is_user_system_message": True, "user_context_message_data": about},
    )
    talk.put(
        "system",
        {
            "content_type": "model_editable_context",
            "model_set_context": "1. [2024-05-12]. Has a herb bed below a north wall.\n2. [2024-09-15]. Learns Rust.",
            "repository": None,
            "structured_context": None,
        },
        hidden=True,
        timed=False,
    )
    talk.ask("Two days, rain on Sunday. What do I do when?")
    talk.answer(
        "**Saturday** outside: divide the chives, cover the sage. **Sunday** inside: chapter 10 of the Rust book, jam."
    )


def instructed_long_ago(maker: Maker) -> None:
    """Tell the older way custom instructions were kept: only in the metadata."""
    talk = Talk(maker, "Bread for eight", "2023-10-14 12:20", model="gpt-4")
    about = {
        "about_user_message": "I bake on Saturdays.",
        "about_model_message": "Weights in grams.",
    }
    talk.put(
        "system",
        text(""),
        timed=False,
        metadata={"is_user_system_message": True, "user_context_message_data": about},
    )
    talk.ask(
        "Scale my loaf (500 flour, 350 water, 10 salt, 100 starter) for eight people at two slices each"
    )
    talk.answer(
        "One loaf gives about fourteen slices, so multiply by 1.2: **600** flour, **420** water, **12** salt, **120** starter."
    )


def remembered(maker: Maker) -> None:
    """Tell something worth remembering, and a conversation that was not to be remembered."""
    talk = Talk(maker, "Allergic to hazelnuts", "2024-06-22 19:45", model="gpt-4o")
    talk.ask("My brother is allergic to hazelnuts, keep that in mind for recipes")
    talk.put(
        "assistant",
        text("The user's brother is allergic to hazelnuts."),
        recipient="bio",
        metadata=talk.told(),
    )
    talk.reply("bio", text("Model set context updated."))
    talk.answer("Noted: no hazelnuts when your brother eats with you.")
    talk.put(
        "tool",
        text("Likes short answers."),
        name="personalized_context",
        recipient="assistant",
        hidden=True,
    )
    secret = Talk(
        maker, "Present for Jonas", "2025-10-30 21:30", model="gpt-5", is_do_not_remember=True
    )
    secret.exchange(
        [
            (
                "Present for someone who has every garden tool",
                "Something that is used up: a load of leaf mould, delivered.",
            )
        ]
    )
