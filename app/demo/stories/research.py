# ruff: noqa: E501 - what people say is as long as it is
"""The web: answers with sources of each generation, pages looked at."""

from __future__ import annotations

from collections.abc import Sequence
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
    result = f"L0: Woodruff\nL1: {_WOODRUFF['text']}"
    display = {"content_type": "tether_browsing_display", "result": result}
    cite_metadata = {"citation_format": {"name": "tether_og"}, "metadata_list": [_WOODRUFF]}
    nothing = {"summary": None, "assets": None, "tether_id": None}
    talk.reply("browser", {**display, **nothing}, _cite_metadata=cite_metadata)
    quoting = {
        "content_type": "tether_browsing_code",
        "language": "unknown",
        "text": "quote_lines(1, 1)",
    }
    talk.put("assistant", {**quoting, "response_format_name": None}, recipient="browser")
    quote = {"content_type": "tether_quote", "domain": "herbs.example.org", "tether_id": None}
    seen = talk.reply(
        "browser", {**quote, **{key: _WOODRUFF[key] for key in ("url", "text", "title")}}
    )
    sentence = (
        "Not in small amounts. Keep to three grams of fresh herb in a litre【0†source】, "
        "picked before it flowers【0†L1-L1】."
    )
    citations = [_lenticular(sentence, mark, seen) for mark in ("【0†source】", "【0†L1-L1】")]
    citations.append({"start_ix": 0, "end_ix": 3, "invalid_reason": "not found"})
    talk.answer(sentence, citations=citations)


_WOODRUFF = {
    "type": "webpage",
    "title": "Woodruff",
    "url": "https://herbs.example.org/woodruff",
    "text": "Coumarin: 3 g of fresh herb a litre.",
}


def _lenticular(sentence: str, mark: str, message: str) -> Json:
    """Return the citation behind a mark such as 【0†source】."""
    start = sentence.index(mark)
    extra = {"cited_message_idx": 4, "cited_message_id": message, "evidence_text": "L1-L1"}
    return {
        "start_ix": start,
        "end_ix": start + len(mark),
        "citation_format_type": "tether_og",
        "invalid_reason": None,
        "metadata": {**_WOODRUFF, "pub_date": None, "extra": extra},
    }


def searching(maker: Maker) -> None:
    """Tell a search answer whose sources stand in its metadata, with a footnote of sources."""
    talk = Talk(maker, "Peat-free compost, compared", "2025-04-01 08:50", is_starred=True)
    talk.ask("Which peat-free composts did well in tests this year? 🌱🌱", system_hints=["search"])
    query = "peat-free compost test 2025"
    asked = {"search_query": [{"q": query}], "open": [{"ref_id": "turn0search1"}]}
    talk.call("web.run", dumps(asked), "json")
    talk.reply(
        "web.run",
        text(""),
        search_result_groups=[_found(_COMPOSTS)],
        search_queries=[{"type": "search", "q": query}],
    )
    talk.reply("web.open_url", _WOOL)
    sources = marker("cite", "turn0search0", "turn0search1")
    entity = marker("entity", '["plants","Coir",0]')
    sentence = (
        f"🌱 Mixtures of bark and {entity} came out best: they drain and still hold water.{sources}\n\n"
        f"- **Bark and coir**: best for pots\n- **Wool**: keeps longest{marker('cite', 'turn0fetch0')}, "
        "and slugs dislike it\n\nAvoid bags that only say *reduced*. "
    )
    named: Json = {"type": "entity", "matched_text": entity, "name": "Coir", "alt": "Coir"}
    named["extra_params"] = {"disambiguation": "coconut fibre"}
    references = cited(sentence, [_grouped(sources), named])
    end = len(sentence)
    footnote = {**_footnote(), "start_idx": end - 1, "end_idx": end}
    talk.answer(sentence, content_references=[*references, footnote])


_COMPOSTS = (
    ("Ten composts tested", "garden-tests.example.org/compost-2025", "Coir and bark won."),
    ("Bark, coir, wool", "soil.example.com/bark-coir-wool", "Wool holds water."),
)
_WOOL = {
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


def _found(pages: Sequence[tuple[str, str, str]]) -> Json:
    """Return what a search answered, numbered as citations name it."""
    entries = [
        {
            **page(*listed),
            "type": "search_result",
            "ref_id": {"turn_index": 0, "ref_type": "search", "ref_index": number},
        }
        for number, listed in enumerate(pages)
    ]
    domain = pages[0][1].split("/", maxsplit=1)[0]
    return {"type": "search_result_group", "domain": domain, "entries": entries}


def _grouped(matched: str) -> Json:
    title, path, snippet = _COMPOSTS[0]
    return {
        "type": "grouped_webpages",
        "matched_text": matched,
        "alt": f"([{title}](https://{path}))",
        "refs": [{"turn_index": 0, "ref_type": "search", "ref_index": 0}],
        "safe_urls": [f"https://{path}"],
        "prompt_text": None,
        "status": "done",
        "error": None,
        "style": "v2",
        "items": [page(title, path, snippet, _COMPOSTS[1][:2])],
        "fallback_items": None,
    }


def _footnote() -> Json:
    kept = ("title", "url", "attribution")
    sources = [{key: page(*listed)[key] for key in kept} for listed in _COMPOSTS]
    return {
        "type": "sources_footnote",
        "matched_text": " ",
        "sources": sources,
        "has_images": False,
    }


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


_PICTURE = {
    "image_result": {
        "title": "The lighthouse",
        "content_url": "https://img.example.org/l.jpg",
        "url": "https://coast.example.org/lighthouse",
        "thumbnail_url": "https://img.example.org/t.jpg",
    },
    "image_search_query": "lighthouse",
}
_LOFT = {
    "name": "The Net Loft",
    "address": "2 Harbour Row",
    "website_url": "https://netloft.example.org",
}


def _link(title: str, url: str, **more: str) -> dict[str, str]:
    return {"title": title, "url": url, **more}


def _references() -> list[tuple[str, Json]]:
    """Return the kinds of reference beside the usual ones, with what each needs."""
    site = "coast.example.org"
    guide = page("Path guide", f"{site}/guide", "Fourteen kilometres, two stiles.")
    listing: dict[str, Any] = {
        "tldr": {"text": "Cliffs, bay, rain."},
        "webpage": _link(guide["title"], guide["url"], snippet=guide["snippet"], attribution=site),
        "hidden": {},
        "image_group": {"images": [_PICTURE, _PICTURE]},
        "webpage_extended": _link("The bay", f"https://{site}/bay", attribution=site),
        "grouped_webpages_model_predicted_fallback": {"items": [guide], "fallback_items": [guide]},
        "attribution": {"attribution": site},
        "image_v2": {"images": [_PICTURE]},
        "image_inline": {"images": [_PICTURE]},
        "product_entity": {"product": _link("Rain jacket", "https://shop.example.org/jacket")},
        "products": {"products": [_link("Poncho", "https://shop.example.org/poncho", price="29")]},
        "alt_text": {"alt": "(three days, 41 km)"},
        "video": _link("The path in four minutes", "https://video.example.org/path"),
        "navigation": _link("Ferries", "https://ferry.example.org/"),
        "nav_list": {"items": [_link("Buses", "https://bus.example.org/")]},
        "businesses_map": {"businesses": [_LOFT]},
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
