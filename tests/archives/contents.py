# ruff: noqa: E501 - a shape on one line reads as a table
"""Archives by what their conversations hold: every content type, branch, source and canvas."""

from __future__ import annotations

import json
from pathlib import Path

from tests.archives.expected import Expected, expect
from tests.archives.messages import (
    Json,
    assistant,
    audio,
    call,
    code,
    conversation,
    grow,
    hidden,
    image,
    mixed,
    node,
    reply,
    spoken,
    text,
    user,
)
from tests.archives.writing import USER_FOLDER, classic_files, png, wav, write_zip

SHOT = f"{USER_FOLDER}/file_00000000000000d1-01.png"

# Every content type met so far, with who says it: (name, role, content, metadata).
CONTENTS: tuple[tuple[str, str, Json, Json], ...] = (
    ("text", "assistant", text("Hello", "", None, 7, {"text": "more"}), {}),
    ("multimodal_text", "user", mixed(image("sediment://file_00000000000000d1"), "What is this?"), {}),
    ("code", "assistant", code("print(2+2)", "python"), {}),
    ("execution_output", "tool", {"content_type": "execution_output", "text": "4\n"}, {}),
    ("execution_output with a traceback", "tool", {"content_type": "execution_output", "text": ""},
     {"aggregate_result": {"status": "failed_with_in_kernel_exception", "messages": [],
      "in_kernel_exception": {"name": "KeyError", "traceback": ["\x1b[0;31mKeyError\x1b[0m: 'x'"], "args": ["'x'"], "notes": []},
      "jupyter_messages": [{"msg_type": "stream", "content": {"text": "before\n"}}]}}),
    ("execution_output with a picture", "tool", {"content_type": "execution_output", "text": None},
     {"aggregate_result": {"messages": [{"message_type": "image", "image_url": "sediment://file_00000000000000d1", "width": 8, "height": 8}]}}),
    ("tether_browsing_display", "tool", {"content_type": "tether_browsing_display", "result": "L0: Garden page", "summary": None, "assets": None, "tether_id": None}, {}),
    ("tether_browsing_code", "assistant", {"content_type": "tether_browsing_code", "language": "unknown", "text": "open_url(1)"}, {}),
    ("tether_quote", "tool", {"content_type": "tether_quote", "url": "https://example.org/mint", "domain": "example.org", "text": "Mint spreads.", "title": "Mint", "tether_id": None}, {}),
    ("sonic_webpage", "tool", {"content_type": "sonic_webpage", "url": "https://example.org/a", "domain": "example.org", "title": "A", "text": "…", "snippet": "s", "pub_timestamp": None, "ref_id": "turn0fetch1"}, {}),
    ("system_error", "tool", {"content_type": "system_error", "name": "tool_error", "text": "Error: timed out"}, {}),
    ("thoughts", "assistant", {"content_type": "thoughts", "thoughts": [{"summary": "Checking shade", "content": "Mint tolerates it.", "chunks": [], "finished": True}], "source_analysis_msg_id": "m"}, {}),
    ("reasoning_recap", "assistant", {"content_type": "reasoning_recap", "content": "Thought for 7 seconds"}, {"finished_duration_sec": 7}),
    ("user_editable_context", "user", {"content_type": "user_editable_context", "user_profile": "I garden.", "user_instructions": "Be brief."}, {"is_user_system_message": True}),
    ("model_editable_context", "system", {"content_type": "model_editable_context", "model_set_context": "1. [2025-01-02]. Likes mint."}, {}),
    ("app_pairing_content", "user", {"content_type": "app_pairing_content", "workspaces": [{"id": "w", "app_name": "Editor", "title": "main.py"}], "context_parts": []}, {}),
    ("computer_initialize_state", "tool", {"content_type": "computer_initialize_state", "computer_id": "0", "state": None}, {}),
    ("computer_output", "tool", {"content_type": "computer_output", "computer_id": "0", "screenshot": image("sediment://file_00000000000000d1"), "state": {"type": "browser_state", "id": "b", "title": "Shop", "url": "https://example.org"}, "tether_id": None, "is_ephemeral": False}, {}),
    ("super_widget", "assistant", {"content_type": "super_widget", "widgets": {"navlinks": [{"title": "Guide", "url": "https://example.org/g"}]}}, {}),
    ("citable_code_output", "tool", {"content_type": "citable_code_output", "output_str": '{"rows":3}', "metadata": {"display_title": "Sheet", "display_url": "https://example.org/s", "connector_id": None, "connector_source": None}}, {}),
    ("system_content", "system", {"content_type": "system_content", "text": "Be kind."}, {}),
    ("developer_content", "developer", {"content_type": "developer_content", "parts": ["Use the sheet."]}, {}),
    ("system_message", "system", {"content_type": "system_message", "text": "End."}, {}),
    ("image_asset_pointer as a whole message", "tool", image("sediment://file_00000000000000d1", prompt="a kite"), {}),
    ("audio_asset_pointer as a whole message", "user", audio("sediment://file_00000000000000d2", 844), {}),
    ("audio_transcription as a whole message", "user", spoken("What grows in shade?"), {}),
    ("video_container_asset_pointer as a whole message", "user", {"content_type": "video_container_asset_pointer", "asset_pointer": {"asset_pointer": "sediment://file_00000000000000d3"}, "size_bytes": 5, "format": "mp4", "metadata": None}, {}),
    ("real_time_user_audio_video_asset_pointer as a whole message", "user", {"content_type": "real_time_user_audio_video_asset_pointer", "audio_asset_pointer": None, "video_container_asset_pointer": None, "frames_asset_pointers": [], "audio_start_timestamp": 1.0}, {}),
    ("a type from the future", "assistant", {"content_type": "holograph_v1", "text": "a bed in June", "planes": 3}, {}),
    ("no type at all", "assistant", {"parts": ["No type, but words."]}, {}),
    ("every kind of part", "user", mixed({"content_type": "image_file", "file_id": "file_00000000000000d1"}, {"type": "search_result", "url": "https://example.org", "title": "A", "snippet": "s"}, {"type": "search_result_group", "domain": "example.org", "entries": []}, {"content_type": "code", "language": "json", "text": "{}"}, {"content_type": "multimodal_text", "parts": ["inside", {"content_type": "multimodal_text", "parts": ["deeper"]}]}, {"content_type": "future_part", "scent": "mint"}, {}, 3.5, None), {}),
)  # fmt: skip


def all_content_types(folder: Path) -> Expected:
    """One conversation with a message of every content type."""
    said = []
    for _, role, content, metadata in CONTENTS:
        kinds = {"user": user, "assistant": assistant}
        say = kinds.get(role)
        told = say(content, metadata=metadata) if say else reply("tool", content, metadata=metadata)
        told["author"]["role"] = role
        said.append(told)
    talk = conversation("c-contents", *said, title="Every content type")
    media = {SHOT: png(13), "c-contents/audio/file_00000000000000d2-2.wav": wav(9)}
    assets = {"sediment://file_00000000000000d1": SHOT}
    path = write_zip(folder / "contents.zip", classic_files([talk], media, assets))
    lost = ["sediment://file_00000000000000d3"]
    return expect(path, [talk], media.values(), missing=lost, problems=["missing-media"])


def branches(folder: Path) -> Expected:
    """Edited questions, answers made anew, two at once, and branches three levels deep."""
    talk = conversation("c-branches", user("What grows in shade?"), title="Branches")
    first = grow(talk, "c-branches-n1", assistant("Mint.", end_turn=True))
    again = grow(talk, "c-branches-n1", assistant("Mint and chives."))
    edited = grow(talk, "c-branches-n0", user("What grows in *deep* shade?"))
    answer = grow(talk, edited, code_and_answer(), assistant("Ferns."))
    deeper = grow(talk, answer, user("Edible ones?"), assistant("Ostrich fern."))
    grow(talk, answer, user("Small ones?"), assistant("Wall rue."))
    variants = {"paragen_variants_info": {"type": "completion", "num_variants_in_stream": 2}}
    question = grow(talk, deeper, user("A poem about it"))
    grow(talk, question, assistant("Fern, unfurl.", metadata=variants))
    chosen = {**variants, "paragen_variant_choice": "chosen"}
    talk["current_node"] = grow(talk, question, assistant("Green fist,\nopen.", metadata=chosen))
    assert {first, again} < set(talk["mapping"])
    return expect(write_zip(folder / "branches.zip", classic_files([talk])), [talk])


def code_and_answer() -> Json:
    """A tool call that belongs to the branch of the answer after it."""
    return call("web", code('search("deep shade")'))


def broken_trees() -> list[Json]:
    """Conversations whose tree is not one: each has every message all the same."""
    found = [
        conversation(f"c-tree-{n}", user("one"), assistant("two"), user("three")) for n in range(12)
    ]
    for talk in found:
        talk["title"] = "A broken tree"
    mappings = [talk["mapping"] for talk in found]
    nodes = [list(mapping) for mapping in mappings]
    for each in mappings[0].values():
        del each["children"]  # exports of 2026
    mappings[1][nodes[1][1]]["children"] = ["nobody", nodes[1][2], nodes[1][2], None, 7]
    mappings[2][nodes[2][2]]["parent"] = nodes[2][2]  # its own parent
    mappings[3][nodes[3][1]]["parent"] = nodes[3][3]  # a cycle
    mappings[4][nodes[4][2]]["parent"] = ""
    mappings[5][nodes[5][2]]["parent"] = "gone"
    mappings[6]["c-tree-6-second"] = node("c-tree-6-second", user("another root"), None)
    found[7]["current_node"] = nodes[7][1]  # an inner one
    found[8]["current_node"] = "nobody"
    found[9]["current_node"] = None
    mappings[10][nodes[10][1]] = None
    for each in mappings[11].values():
        each.pop("parent")
        each["id"] = "something else"
    return found


def broken_dags(folder: Path) -> Expected:
    """Cycles, orphans, stale children, several roots, a lost current message."""
    talks = broken_trees()
    return expect(write_zip(folder / "dags.zip", classic_files(talks)), talks)


def mark(*pieces: str) -> str:
    """A citation as newer answers write it into their text."""
    return "\ue200" + "\ue202".join(pieces) + "\ue201"


def cited_answers() -> list[Json]:
    """Answers citing in each of the five ways; some overlap, one has an emoji before it."""
    page = {"type": "webpage", "title": "Mint", "url": "https://example.org/mint", "text": "…"}
    lenticular = "🌱 Mint spreads【12†source】, says one【12†L1-L3】."
    start = lenticular.index("【")
    citations = [
        {"start_ix": start, "end_ix": start + 11, "citation_format_type": "tether_og", "invalid_reason": None, "metadata": page},
        {"start_ix": start + 3, "end_ix": start + 11, "invalid_reason": None},
        {"start_ix": 900, "end_ix": 2, "metadata": None},
    ]  # fmt: skip
    shown = mark("cite", "turn0search3")
    newer = f"🌱👩‍🌾 Mint likes shade.{shown} Chives too. "
    item = {"title": "Mint", "url": "https://example.org/mint?utm_source=chatgpt.com", "attribution": "example.org", "snippet": "…", "refs": [], "supporting_websites": [{"title": "B", "url": "https://example.org/b"}]}  # fmt: skip
    references = [
        {"type": "grouped_webpages", "matched_text": shown, "start_idx": newer.index(shown) - 1, "end_idx": 40, "alt": "", "items": [item]},
        {"type": "sources_footnote", "matched_text": " ", "start_idx": 0, "end_idx": 1, "sources": [{"title": "Mint", "url": "https://example.org/mint", "attribution": "example.org"}]},
        {"type": "webpage", "matched_text": "", "title": "Nowhere", "url": "javascript:alert(1)"},
        None,
    ]  # fmt: skip
    entry = {"type": "search_result", "url": "https://example.org/c", "title": "C", "snippet": "", "ref_id": {"turn_index": 1, "ref_type": "news", "ref_index": 2}}  # fmt: skip
    groups = [{"type": "search_result_group", "domain": "example.org", "entries": [entry, None]}]
    return [
        assistant(lenticular, metadata={"citations": citations}),
        assistant(newer, metadata={"content_references": references}),
        hidden("tool", "", search_result_groups=groups),
        assistant(
            f"By the news{mark('cite', 'turn1news2')} and a file{mark('filecite', 'turn1file0', 'L3-L4')}."
        ),
        assistant("Left over: citeturn0search0 and filecite turn0file1, and \ue200cite\ue202turn"),
        assistant(
            "A file.",
            metadata={"n7jupd_crefs": [{"matched_text": "A", "type": "file", "name": "notes.pdf"}]},
        ),
    ]


def citations(folder: Path) -> Expected:
    """Answers with sources of all five kinds."""
    talk = conversation("c-cited", user("Mint?"), *cited_answers(), title="Sources")
    return expect(write_zip(folder / "cited.zip", classic_files([talk])), [talk])


def _canvas(version: int, **more: object) -> Json:
    told = {
        "textdoc_id": "td1",
        "textdoc_type": "document",
        "version": version,
        "title": "Shade list",
    }
    return {"canvas": {**told, "from_version": version - 1 or None, **more}}


def canvas_history(folder: Path) -> Expected:
    """A canvas document made, changed twice, commented, edited by hand; a broken one too."""
    body = json.dumps({"name": "shade_list", "type": "document", "content": "# Shade\n- mint\n"})
    change = json.dumps(
        {"updates": [{"pattern": "mint", "multiple": True, "replacement": "peppermint"}]}
    )
    evil = json.dumps({"updates": [{"pattern": "(a+)+$", "multiple": False, "replacement": "b"}]})
    remark = json.dumps({"comments": [{"pattern": "peppermint", "comment": "spreads fast"}]})
    edited = _canvas(4, has_user_edit=True, textdoc_content="# Shade\n- sage\n")
    talk = conversation(
        "c-canvas",
        user("A list, in a canvas"),
        call("canmore.create_textdoc", code(body, "json")),
        reply("canmore.create_textdoc", "Successfully created.", metadata=_canvas(1)),
        call("canmore.update_textdoc", text(change)),
        reply("canmore.update_textdoc", "Successfully updated.", metadata=_canvas(2)),
        call("canmore.update_textdoc", code(evil)),
        reply("canmore.update_textdoc", "Successfully updated.", metadata=_canvas(3)),
        call("canmore.comment_textdoc", code(remark)),
        reply("canmore.comment_textdoc", "Successfully commented.", metadata=_canvas(3)),
        user("I changed it", metadata=edited),
        call("canmore.create_textdoc", code('{"name":"cut","type":"code/python","content":"def f():\n')),
        reply("canmore.create_textdoc", "Error parsing."),
        assistant('Done: [list](canmore://textdoc/td1)\n\n:::writing{variant="email" id="1" subject="Mint"}\nDear all\n:::'),
        title="Canvas",
    )  # fmt: skip
    final = {
        "textdocs/td1.json": {"id": "td1", "title": "Shade list", "content": "# Shade\n- sage\n"}
    }
    path = write_zip(folder / "canvas.zip", {**classic_files([talk]), **final})
    return expect(path, [talk])


def deep_research(folder: Path) -> Expected:
    """Reports in a hidden tool message: as an object, as a text, and as broken text."""
    shown = mark("cite", "turn0search0")
    reference = {
        "type": "webpage",
        "matched_text": shown,
        "title": "A",
        "url": "https://example.org",
    }
    told = {
        "content": text(f"# Report\n\nPeat is not needed.{shown}"),
        "metadata": {"content_references": [reference]},
    }
    state = {"status": "finished", "report_message": told}
    talks = [
        conversation(
            f"c-research-{number}",
            user("Research peat"),
            call("api_tool.call_tool", code("{}", "json")),
            hidden("tool", "", chatgpt_sdk={"widget_state": held, "tool_response_metadata": {}}),
            title=f"Deep research {number}",
        )
        for number, held in enumerate((state, json.dumps(state), '{"report_message": ', None))
    ]
    return expect(write_zip(folder / "research.zip", classic_files(talks)), talks)


def projects_gpts_flags(folder: Path) -> Expected:
    """A project, a custom GPT, archived, starred, pinned and forgotten conversations."""

    def one(key: str, **keys: object) -> Json:
        return conversation(f"c-flag-{key}", user("hello"), assistant("hi"), title=key, **keys)

    talks = [
        one("project", gizmo_id="g-p-6789abc", gizmo_type="snorlax", conversation_template_id="g-p-6789abc"),
        one("project by template", conversation_template_id="g-p-6789abc"),
        one("gpt", gizmo_id="g-Abc123", gizmo_type="gpt"),
        one("archived", is_archived=True),
        one("starred", is_starred=True, pinned_time=1_735_700_100.5),
        one("forgotten", is_do_not_remember=True, memory_scope="project_enabled"),
        one("voice", voice={"name": "maple"}, plugin_ids=["plugin-1"], safe_urls=["https://example.org/a b", None]),
        one("newer keys", is_study_mode=True, owner={"user_id": "u"}, context_scopes=["x"], future_key={"a": [1]}),
        one("few keys", is_archived=..., gizmo_id=..., default_model_slug=..., conversation_id=...),
    ]  # fmt: skip
    return expect(write_zip(folder / "flags.zip", classic_files(talks)), talks)


ODD_TEXTS = (
    "half a pair \ud83d here",
    "NUL \x00 bell \x07 escape \x1b[31m red",
    "line\u2028separator and paragraph\u2029separator",
    "family 👨\u200d👩\u200d👧\u200d👦 farmer 👩🏽\u200d🌾 flag 🇳🇴",
    "\u202eright to left override\u202c مرحبا שלום",
    "composed é and de\u0301composed, ﬁ ligature, ＦＵＬＬ width",
    "要約 北京 กาแฟ 한국어 हिन्दी தமிழ்",
    "zero\u200bwidth\u200dand\ufeffbom \u00a0nbsp",
    "Z̸̡̢a̵l̶g̷o̸ " * 20,
    "\U0001f600" * 500,
)  # fmt: skip


def unicode_surrogates(folder: Path) -> Expected:
    """Text that breaks programs, in titles, questions and answers."""
    talks = [
        conversation(f"c-odd-{number}", user(words), assistant(words), title=words)
        for number, words in enumerate(ODD_TEXTS)
    ]
    return expect(write_zip(folder / "unicode.zip", classic_files(talks)), talks)


CONTENT = (
    all_content_types,
    branches,
    broken_dags,
    citations,
    canvas_history,
    deep_research,
    projects_gpts_flags,
    unicode_surrogates,
)
