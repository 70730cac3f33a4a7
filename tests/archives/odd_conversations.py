"""Conversations nobody should crash on, each by what is odd about it (cases 16 to 50).

``ODD`` maps a short description to a function that makes the conversation; all of
their messages must still be there after an import.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.archives.messages import (
    Json,
    assistant,
    call,
    code,
    conversation,
    hidden,
    image,
    mixed,
    node,
    reply,
    text,
    user,
)

Make = Callable[[], Json]

_KEY = "c-odd-one"
_JUNK = (None, "", "a string", 7, 1.5, True, [], [None], {}, {"a": {"b": [None]}})


def _plain(**keys: object) -> Json:
    return conversation(_KEY, user("question"), assistant("answer"), **keys)  # type: ignore[arg-type]


def _with_message(**keys: object) -> Json:
    """A conversation one of whose messages has odd keys; ... leaves a key out."""
    talk = _plain()
    told = talk["mapping"][f"{_KEY}-n2"]["message"]
    told.update(keys)
    for key in [key for key, value in told.items() if value is ...]:
        del told[key]
    return talk


def _content(content: object, **metadata: object) -> Json:
    return _with_message(content=content, metadata=metadata)


def _without_tree(mapping: object) -> Json:
    return {**_plain(), "mapping": mapping}


def _deep_parts(levels: int = 200) -> Json:
    part: object = "bottom"
    for _ in range(levels):
        part = mixed(part)
    return _content(part)


def _nested_list() -> str:
    return "\n".join("  " * depth + "- item" for depth in range(500))


def _odd_root() -> Json:
    talk = _plain()
    talk["mapping"] |= {"null": None, "list": [], "text": "x", "": node("", user("nameless"), None)}
    return talk


ODD: dict[str, Make] = {
    **{f"16 title {value!r}": (lambda value=value: _plain(title=value)) for value in _JUNK},
    "16 title of a megabyte": lambda: _plain(title="t" * 1_000_000),
    "17 no id": lambda: _plain(id=...),
    "17 no conversation_id": lambda: _plain(conversation_id=...),
    **{
        f"18 times {value!r}": (lambda value=value: _plain(create_time=value, update_time=value))
        for value in (*_JUNK, 0, -5.0, 1e300, 1706839320000, "2024-02-02T02:09:00Z", "soon")
    },
    "18 no times": lambda: _plain(create_time=..., update_time=...),
    **{f"19 mapping {value!r}": (lambda value=value: _without_tree(value)) for value in _JUNK},
    **{f"20 current_node {v!r}": (lambda v=v: _plain(current_node=v)) for v in (*_JUNK, "nobody")},
    "20 no current_node": lambda: _plain(current_node=...),
    "24 odd nodes": _odd_root,
    "24 no messages anywhere": lambda: conversation(_KEY, None, None, None),
    "26 unknown keys": lambda: _plain(future={"deep": [1, {"x": None}]}),
    "27 voice object, plugin list, junk urls": lambda: _plain(
        voice={"name": 5},
        plugin_ids=["p", None, 3],
        safe_urls=[None, 5, "a b", {}],
        blocked_urls="x",
    ),
    **{
        f"28 author {value!r}": (lambda value=value: _with_message(author=value)) for value in _JUNK
    },
    "28 author of an unknown role": lambda: _with_message(author={"role": "oracle", "name": 7}),
    **{
        f"29 metadata {value!r}": (lambda value=value: _with_message(metadata=value))
        for value in _JUNK
    },
    "29 no metadata": lambda: _with_message(metadata=...),
    **{
        f"30 content {value!r}": (lambda value=value: _with_message(content=value))
        for value in _JUNK
    },
    "30 no content": lambda: _with_message(content=...),
    **{
        f"31 parts {value!r}": (
            lambda value=value: _content({"content_type": "text", "parts": value})
        )
        for value in (*_JUNK, [{}], [[["deep"]]], [1, 2.5, True, None])
    },
    "31 no parts": lambda: _content({"content_type": "text"}),
    "31 parts nested 200 deep": _deep_parts,
    "32 unknown content type": lambda: _content({"content_type": "holograph", "result": "words"}),
    "32 content type that is no string": lambda: _content(
        {"content_type": {"x": 1}, "parts": ["w"]}
    ),
    "32 unknown part type": lambda: _content(mixed({"content_type": "scent", "text": "mint"})),
    **{
        f"33 thoughts {value!r}": (
            lambda value=value: _content({"content_type": "thoughts", "thoughts": value})
        )
        for value in (*_JUNK, [{"summary": None}], [5])
    },
    "33 recap without duration": lambda: _content(
        {"content_type": "reasoning_recap", "content": None}
    ),
    "34 no recipient, weight, status": lambda: _with_message(recipient=..., weight=..., status=...),
    "34 odd recipient, weight, status": lambda: _with_message(recipient=[], weight="x", status={}),
    **{
        f"35 asset_pointer {value!r}": (
            lambda value=value: _content(mixed({**image("x"), "asset_pointer": value}))
        )
        for value in (
            *_JUNK,
            "sediment://",
            "ftp://file_1?x=1#p",
            "sediment://9f#file_00aa#p_2.jpg",
        )
    },
    **{
        f"36 image metadata {value!r}": (
            lambda value=value: _content(mixed(image("sediment://file_00", metadata=value)))
        )
        for value in (*_JUNK, {"dalle": 5, "generation": []})
    },
    **{
        f"37 frames {value!r}": (
            lambda value=value: _content(
                mixed(
                    {
                        "content_type": "real_time_user_audio_video_asset_pointer",
                        "frames_asset_pointers": value,
                        "audio_asset_pointer": value,
                    }
                )
            )
        )
        for value in _JUNK
    },
    **{
        f"38 attachments {value!r}": (
            lambda value=value: _content(text("see file"), attachments=value)
        )
        for value in (
            *_JUNK,
            [{"name": "no id"}],
            [{"id": "no-name"}],
            [{"id": 5, "mime_type": ""}],
        )
    },
    **{
        f"39 citations {value!r}": (
            lambda value=value: _content(text("a 【1†source】"), citations=value)
        )
        for value in (*_JUNK, [{"start_ix": 5, "end_ix": 1}], [{"start_ix": "x", "metadata": 3}])
    },
    **{
        f"39 references {value!r}": (
            lambda value=value: _content(text("a b c d"), content_references=value)
        )
        for value in (
            *_JUNK,
            [{"type": "webpage", "matched_text": " "}],
            [{"type": 5, "matched_text": {"x": 1}, "items": 7}],
            [{"type": "grouped_webpages", "matched_text": "b", "items": [None, 5, {}]}],
        )
    },
    "40 a citation that never ends": lambda: _content(
        text("a \ue200cite\ue202turn0search0 and on")
    ),
    "40 citation leftovers": lambda: _content(
        text("citeturn0search0 cite turn0news1 \ue201\ue204")
    ),
    "41 broken canvas": lambda: conversation(
        _KEY, call("canmore.create_textdoc", code('{"name":"x","content":"unfinished'))
    ),
    "41 catastrophic pattern": lambda: conversation(
        _KEY,
        call(
            "canmore.create_textdoc",
            code('{"name":"x","type":"document","content":"' + "a" * 5_000 + '"}'),
        ),
        reply(
            "canmore.create_textdoc", "ok", metadata={"canvas": {"textdoc_id": "t", "version": 1}}
        ),
        call(
            "canmore.update_textdoc", code('{"updates":[{"pattern":"(a*)*b","replacement":"c"}]}')
        ),
        reply(
            "canmore.update_textdoc", "ok", metadata={"canvas": {"textdoc_id": "t", "version": 2}}
        ),
    ),
    **{f"41 canvas {v!r}": (lambda v=v: _content(text("x"), canvas=v)) for v in _JUNK},
    **{
        f"42 aggregate_result {value!r}": (
            lambda value=value: _content(
                {"content_type": "execution_output", "text": None}, aggregate_result=value
            )
        )
        for value in (*_JUNK, {"messages": None}, {"messages": [None, 5], "in_kernel_exception": 7})
    },
    "43 half a pair, NUL, separators": lambda: _content(
        text("\ud83d \x00 \u2028 \u202e مرحبا 👩\u200d🌾")
    ),
    "44 a message of five megabytes": lambda: _content(text("word " * 1_000_000)),
    "44 four thousand paragraphs": lambda: _content(text("paragraph\n\n" * 4_000)),
    "44 a fence that never ends": lambda: _content(text("```python\nprint(1)")),
    "44 a list 500 levels deep": lambda: _content(text(_nested_list())),
    "44 a quote 500 levels deep": lambda: _content(text(">" * 500 + " deep")),
    "45 prices and brackets": lambda: _content(text("$5 and $6, \\[ open, \\( open, $$ open")),
    "46 links that run": lambda: _content(
        text("[a](javascript:alert(1)) [b](data:text/html,x) <script>")
    ),
    **{
        f"47 widget_state {value!r}": (
            lambda value=value: conversation(
                _KEY,
                user("research"),
                hidden("tool", "", chatgpt_sdk={"widget_state": value}),
            )
        )
        for value in (*_JUNK, "{", '{"report_message": 5}', {"report_message": {"content": []}})
    },
    "48 no model anywhere": lambda: conversation(
        _KEY, user("q"), assistant("a", metadata={}), default_model_slug=...
    ),
    "49 the last message in progress": lambda: _with_message(status="in_progress", end_turn=None),
    "50 only hidden messages": lambda: conversation(
        _KEY, hidden("system", "x"), hidden("user", "y")
    ),
}
