# ruff: noqa: E501 - what people say is as long as it is
"""The web: answers with sources of each generation, pages looked at."""

from __future__ import annotations

from typing import Any

from app.demo.maker import Maker
from app.demo.talk import Json, Talk, dumps, parts, text


def tell(maker: Maker) -> None:
    """Tell the conversations that used the web."""
    browsing(maker)
    searching(maker)
    widgets(maker)
    unresolved(maker)


def marker(*pieces: str) -> str:
    """Return a citation as newer answers write it into their text."""
    return "\ue200" + "\ue202".join(pieces) + "\ue201"


def cited(sentence: str, references: list[Json]) -> list[Json]:
    """Give each reference the place of its matched text, counted in code points."""
    for reference in references:
        start = sentence.find(reference["matched_text"])
        reference["start_idx"], reference["end_idx"] = start, start + len(reference["matched_text"])
    return references


def page(title: str, path: str, snippet: str = "", *more: tuple[str, str]) -> Json:
    """Return a web page as references and search results list it."""
    site = path.split("/", maxsplit=1)[0]
    return {
        "title": title,
        "url": f"https://{path}?utm_source=chatgpt.com",
        "pub_date": None,
        "snippet": snippet,
        "attribution": site,
        "attribution_segments": None,
        "refs": [],
        "supporting_websites": [
            {
                "title": name,
                "url": f"https://{where}",
                "pub_date": None,
                "snippet": "",
                "attribution": where.split("/")[0],
            }
            for name, where in more
        ],
        "hue": None,
        "attributions": None,
    }


def browsing(maker: Maker) -> None:
    """Tell the older browser: pages read line by line, lenticular citations."""
    talk = Talk(maker, "Is woodruff poisonous?", "2023-05-30 20:15", model="gpt-4-browsing")
    talk.ask("Is woodruff poisonous? Look it up please.")
    talk.call("browser", 'search("woodruff coumarin safe amount")')
    listed = [
        {
            "type": "webpage",
            "title": "Woodruff",
            "url": "https://herbs.example.org/woodruff",
            "text": "Coumarin: 3 g of fresh herb a litre.",
        }
    ]
    talk.reply(
        "browser",
        {
            "content_type": "tether_browsing_display",
            "result": "L0: Woodruff\nL1: Coumarin: 3 g of fresh herb a litre.",
            "summary": None,
            "assets": None,
            "tether_id": None,
        },
        _cite_metadata={"citation_format": {"name": "tether_og"}, "metadata_list": listed},
    )
    talk.put(
        "assistant",
        {
            "content_type": "tether_browsing_code",
            "language": "unknown",
            "response_format_name": None,
            "text": "quote_lines(1, 1)",
        },
        recipient="browser",
    )
    quote = {
        "content_type": "tether_quote",
        "url": "https://herbs.example.org/woodruff",
        "domain": "herbs.example.org",
        "text": "Coumarin: 3 g of fresh herb a litre.",
        "title": "Woodruff",
        "tether_id": None,
    }
    talk.reply("browser", quote)
    sentence = "Not in small amounts. Keep to three grams of fresh herb in a litre【0†source】, picked before it flowers【0†L1-L1】."
    citations = []
    for mark in ("【0†source】", "【0†L1-L1】"):
        start = sentence.index(mark)
        details = {
            "type": "webpage",
            "title": "Woodruff",
            "url": "https://herbs.example.org/woodruff",
            "text": quote["text"],
            "pub_date": None,
            "extra": {
                "cited_message_idx": 4,
                "cited_message_id": talk.here,
                "evidence_text": "L1-L1",
            },
        }
        citations.append(
            {
                "start_ix": start,
                "end_ix": start + len(mark),
                "citation_format_type": "tether_og",
                "invalid_reason": None,
                "metadata": details,
            }
        )
    citations.append({"start_ix": 0, "end_ix": 3, "invalid_reason": "not found"})
    talk.answer(sentence, citations=citations)


def searching(maker: Maker) -> None:
    """Tell a search answer whose sources stand in its metadata, with a footnote of sources."""
    talk = Talk(
        maker, "Peat-free compost, compared", "2025-04-01 08:50", model="gpt-4o", is_starred=True
    )
    talk.ask("Which peat-free composts did well in tests this year? 🌱🌱", system_hints=["search"])
    talk.call(
        "web.run",
        dumps(
            {
                "search_query": [{"q": "peat-free compost test 2025"}],
                "open": [{"ref_id": "turn0search1"}],
            }
        ),
        "json",
    )
    pages = [
        page("Ten composts tested", "garden-tests.example.org/compost-2025", "Coir and bark won."),
        page("Bark, coir, wool", "soil.example.com/bark-coir-wool", "Wool holds water."),
    ]
    entries = [
        {
            **item,
            "type": "search_result",
            "ref_id": {"turn_index": 0, "ref_type": "search", "ref_index": n},
        }
        for n, item in enumerate(pages)
    ]
    groups = [
        {"type": "search_result_group", "domain": "garden-tests.example.org", "entries": entries}
    ]
    talk.reply(
        "web.run",
        text(""),
        search_result_groups=groups,
        search_queries=[{"type": "search", "q": "peat-free compost test 2025"}],
    )
    opened = {
        "content_type": "sonic_webpage",
        "url": "https://wool.example.org/pellets",
        "domain": "wool.example.org",
        "title": "Wool pellets",
        "text": "Pellets of sheep's wool swell and keep slugs away.",
        "snippet": "Pellets swell.",
        "pub_timestamp": None,
        "crawl_timestamp": None,
        "pub_date": None,
        "ref_id": {"turn_index": 0, "ref_type": "fetch", "ref_index": 0},
    }
    talk.reply("web.open_url", opened)
    first, second, third = (
        marker("cite", "turn0search0", "turn0search1"),
        marker("cite", "turn0fetch0"),
        marker("entity", '["plants","Coir",0]'),
    )
    sentence = f"🌱 Mixtures of bark and {third} came out best: they drain and still hold water.{first}\n\n- **Bark and coir**: best for pots\n- **Wool**: keeps longest{second}, and slugs dislike it\n\nAvoid bags that only say *reduced*. "
    grouped = {
        "type": "grouped_webpages",
        "matched_text": first,
        "alt": "([Ten composts tested](https://garden-tests.example.org/compost-2025))",
        "refs": [],
        "safe_urls": [],
        "prompt_text": None,
        "status": "done",
        "error": None,
        "style": "v2",
        "items": [
            page(
                "Ten composts tested",
                "garden-tests.example.org/compost-2025",
                "Coir and bark won.",
                ("Bark, coir, wool", "soil.example.com/bark-coir-wool"),
            )
        ],
        "fallback_items": None,
    }
    footnote = {
        "type": "sources_footnote",
        "matched_text": " ",
        "sources": [
            {"title": item["title"], "url": item["url"], "attribution": item["attribution"]}
            for item in pages
        ],
        "has_images": False,
    }
    references = cited(
        sentence,
        [
            grouped,
            {
                "type": "entity",
                "matched_text": third,
                "name": "Coir",
                "alt": "Coir",
                "extra_params": {"disambiguation": "coconut fibre"},
            },
        ],
    )
    talk.answer(
        sentence,
        content_references=[
            *references,
            {**footnote, "start_idx": len(sentence) - 1, "end_idx": len(sentence)},
        ],
    )


def widgets(maker: Maker) -> None:
    """Tell an answer with every other kind of reference an answer can hold."""
    talk = Talk(maker, "Three days on the coast path", "2025-08-30 19:00", model="gpt-5")
    talk.ask(
        "Plan three days on the coast path with pictures, places and something to buy for rain"
    )
    kinds = _references()
    marks = {kind: marker(kind, f"turn0{kind}{n}") for n, (kind, _) in enumerate(kinds)}
    sentence = _COAST.format(**marks)
    references = [
        {"type": kind, "matched_text": marks[kind], "alt": None, **rest} for kind, rest in kinds
    ]
    talk.answer(sentence, content_references=cited(sentence, references), image_results=[])
    links = [
        {"title": "Path guide", "url": "https://coast.example.org/guide"},
        {"title": "Tide tables", "url": "https://tides.example.org/"},
    ]
    talk.put(
        "assistant",
        {"content_type": "super_widget", "widgets": {"navlinks": links}},
        metadata=talk.told(),
    )


_COAST = """\
{tldr}## Day one: to the lighthouse{webpage}

Fourteen kilometres on the cliffs.{hidden} {image_group}

## Day two: the bay

Sleep long; the path starts behind the church.{webpage_extended} {grouped_webpages_model_predicted_fallback}{attribution}

{image_v2}{image_inline}

## Day three: rain

It will. Take a jacket{product_entity}; others like a poncho.{products} {alt_text}{video}{navigation}{nav_list}{businesses_map}
"""


def _references() -> list[tuple[str, Json]]:
    """Return the kinds of reference beside the usual ones, with what each needs."""
    guide = page("Path guide", "coast.example.org/guide", "Fourteen kilometres, two stiles.")
    picture = {
        "image_result": {
            "title": "The lighthouse",
            "content_url": "https://img.example.org/l.jpg",
            "url": "https://coast.example.org/lighthouse",
            "thumbnail_url": "https://img.example.org/t.jpg",
        },
        "image_search_query": "lighthouse",
    }
    places: list[Json] = [
        {
            "name": "The Net Loft",
            "address": "2 Harbour Row",
            "website_url": "https://netloft.example.org",
        }
    ]
    listing: dict[str, Any] = {
        "tldr": {"text": "Cliffs, bay, rain."},
        "webpage": {
            "title": guide["title"],
            "url": guide["url"],
            "snippet": guide["snippet"],
            "attribution": "coast.example.org",
        },
        "hidden": {},
        "image_group": {"images": [picture, picture]},
        "webpage_extended": {
            "title": "The bay",
            "url": "https://coast.example.org/bay",
            "attribution": "coast.example.org",
        },
        "grouped_webpages_model_predicted_fallback": {"items": [guide], "fallback_items": [guide]},
        "attribution": {"attribution": "coast.example.org"},
        "image_v2": {"images": [picture]},
        "image_inline": {"images": [picture]},
        "product_entity": {
            "product": {"title": "Rain jacket", "url": "https://shop.example.org/jacket"}
        },
        "products": {
            "products": [
                {"title": "Poncho", "url": "https://shop.example.org/poncho", "price": "29"}
            ]
        },
        "alt_text": {"alt": "(three days, 41 km)"},
        "video": {"title": "The path in four minutes", "url": "https://video.example.org/path"},
        "navigation": {"title": "Ferries", "url": "https://ferry.example.org/"},
        "nav_list": {"items": [{"title": "Buses", "url": "https://bus.example.org/"}]},
        "businesses_map": {"businesses": places},
    }
    return list(listing.items())


def unresolved(maker: Maker) -> None:
    """Tell citations that only earlier search results explain, and some nothing explains."""
    talk = Talk(maker, "News about the harbour bridge", "2025-11-02 07:40", model="gpt-5")
    talk.ask("Is the harbour bridge open again?")
    entry = {
        "type": "search_result",
        "url": "https://harbour.example.org/bridge",
        "title": "Bridge opens Monday",
        "snippet": "From six o'clock.",
        "ref_id": {"turn_index": 0, "ref_type": "news", "ref_index": 2},
        "pub_date": 1761955200.0,
        "attribution": "harbour.example.org",
    }
    talk.reply(
        "web",
        text(""),
        search_result_groups=[
            {"type": "search_result_group", "domain": "harbour.example.org", "entries": [entry]}
        ],
    )
    cite, lost = marker("cite", "turn0news2"), marker("cite", "turn9search9")
    link = marker("url", "the council's page", "https://council.example.org/bridge")
    talk.answer(
        f"From Monday at six{cite}, says {link}. Bicycles already cross{lost}. citeturn0search7\n\n`In code {marker('cite', 'turn0news2')} stays.` \ue200navlist\ue202"
    )
    result = {
        "type": "search_result",
        "url": "https://ferry.example.org/times",
        "title": "Ferry times",
        "snippet": "Every half hour.",
    }
    group = {"type": "search_result_group", "domain": "ferry.example.org", "entries": [result]}
    talk.put(
        "tool",
        parts(
            "Until then:",
            result,
            group,
            {"content_type": "code", "language": "json", "text": '{"every": 30}'},
            30,
            None,
        ),
        name="web",
        recipient="all",
    )
