# ruff: noqa: E501 - what people say is as long as it is
"""Long reports of each generation, and an agent that used a browser."""

from __future__ import annotations

from app.demo import scenes
from app.demo.maker import Maker
from app.demo.stories.research import cited, marker
from app.demo.talk import Json, Talk, dumps, text


def tell(maker: Maker) -> None:
    """Tell the conversations that took the assistant long."""
    kickoff(maker)
    report(maker)
    agent(maker)


def kickoff(maker: Maker) -> None:
    """Tell the first generation of long research: questions first, then a long report."""
    talk = Talk(maker, "Research: rain gardens in cities", "2025-03-05 09:10", model="o3")
    talk.ask("Research how cities pay people to build rain gardens", system_hints=["research"])
    talk.answer("Which countries, and is money for maintenance part of it?")
    talk.ask("Northern Europe, yes")
    task = {
        "async_task_type": "research",
        "async_task_id": "task_41",
        "async_task_title": "Rain garden subsidies in Northern Europe",
    }
    talk.call(
        "research_kickoff_tool.start_research_task", dumps({"task": "subsidies"}), "json", **task
    )
    talk.reply("research_kickoff_tool.start_research_task", text("Started."), **task)
    sentence = _REPORT + "【1†source】【2†source】"
    citations = [
        {
            "start_ix": sentence.index(mark),
            "end_ix": sentence.index(mark) + len(mark),
            "citation_format_type": "tether_v4",
            "invalid_reason": None,
            "metadata": {
                "type": "webpage",
                "title": title,
                "url": url,
                "text": "",
                "pub_date": None,
                "extra": None,
            },
        }
        for mark, title, url in (
            ("【1†source】", "City water fees", "https://water.example.org/fees"),
            ("【2†source】", "Who keeps it up?", "https://gardens.example.org/upkeep"),
        )
    ]
    talk.answer(sentence, citations=citations, **task)


_REPORT = """\
# Rain garden subsidies in Northern Europe

## Summary

Cities pay in three ways: **a share of the building cost**, **a lower water fee**, or **plants and advice for nothing**.

| Way | Typical | Strength | Weakness |
|---|--:|---|---|
| Share of cost | 30–60 % | gets gardens built | nobody looks afterwards |
| Lower fee | 12–90 a year | rewards upkeep | slow, small |
| Plants and advice | ~400 in kind | reaches tenants | needs staff |

## What keeps a garden alive

The lower fee does: it stops when the garden does. Of gardens paid only once, a third no longer drained after five years.

## What this means for a courtyard

Ask for the fee *and* the advice; pay for the digging yourselves."""


def report(maker: Maker) -> None:
    """Tell reports of 2026, which lie in what a hidden tool message carried."""
    for title, started, body, source, as_text in (
        ("which apple for a wall?", "2026-02-27 14:00", _APPLES, "Trials on walls", False),
        ("quiet heat pumps", "2026-03-19 18:30", _PUMPS, "Measured at the fence", True),
    ):
        talk = Talk(maker, f"Deep research: {title}", started, model="gpt-5-2")
        talk.ask(title.capitalize())
        talk.call("api_tool.call_tool", dumps({"path": "/deep_research/start"}), "json")
        mark = marker("cite", "turn0search0")
        cited_body = body.replace("[1]", mark)
        url = f"https://trials.example.org/{source.replace(' ', '-').lower()}"
        reference = {"type": "webpage", "matched_text": mark, "title": source, "url": url}
        state: Json = {
            "status": "finished",
            "report_message": {
                "content": {"content_type": "text", "parts": [cited_body]},
                "metadata": {"content_references": cited(cited_body, [reference])},
            },
        }
        sdk = {
            "widget_state": dumps(state) if as_text else state,
            "tool_response_metadata": {"title": title},
        }
        talk.put(
            "tool",
            text(""),
            name="api_tool.call_tool",
            recipient="assistant",
            hidden=True,
            metadata={"chatgpt_sdk": sdk, "venus_widget_state": None},
        )


_APPLES = "# Which apple for a north-east wall?\n\nTake a cooking apple: it wants less sun to be good.[1]\n\n1. **Early sour ones** ripen even with four hours of light.\n2. As a fan, 1.8 m high, on a weak rootstock.\n3. Two sorts that flower together, or a neighbour with a tree.\n"
_PUMPS = "# Quiet heat pumps\n\nThree numbers matter: sound *power*, distance, and what the wall behind it throws back.[1]\n\n| Distance | 50 dB(A) at the pump becomes |\n|--:|--:|\n| 2 m | 39 |\n| 5 m | 31 |\n| 10 m | 25 |\n"


def agent(maker: Maker) -> None:
    """Tell an agent that ordered seeds: screens it saw, a mistake, a result."""
    talk = Talk(maker, "Order the seeds for me", "2025-09-10 10:10", model="agent-mode")
    talk.ask("Order two packets of winter purslane from the seed shop, then stop before paying")
    begun = {"type": "browser_state", "id": "b0", "title": "New tab", "url": "about:blank"}
    start = {"content_type": "computer_initialize_state", "computer_id": "0", "state": begun}
    talk.reply("computer.initialize", start)
    for number, title in enumerate(("SEEDS", "PURSLANE", "BASKET")):
        click = {"action": "click", "x": 120 + number * 40, "y": 560}
        talk.call("computer.do", dumps({"actions": [click]}), "json")
        screen = maker.drawing(scenes.screen(title, lines=9 - number * 3))
        state = {
            "type": "browser_state",
            "id": "b",
            "title": title.capitalize(),
            "url": f"https://seeds.example.org/{title.lower()}",
            "dom": None,
        }
        talk.reply("computer.do", _seen(screen.part(), state))
    mistake = {"content_type": "system_error", "name": "ChatGPTAgentToolException"}
    talk.reply("computer.do", {**mistake, "text": "The page closed before the click."})
    talk.reply("computer.get", _seen(None, None))
    talk.answer(
        "Two packets of winter purslane are in the basket: **4.80** with postage. I have stopped before paying, as you asked."
    )


def _seen(screenshot: Json | None, state: Json | None) -> Json:
    return {
        "content_type": "computer_output",
        "computer_id": "0",
        "screenshot": screenshot,
        "state": state,
        "tether_id": None,
        "is_ephemeral": screenshot is None,
    }
