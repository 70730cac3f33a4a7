"""Strategies for conversations of any JSON: mostly shaped like real ones, never quite."""

from __future__ import annotations

from hypothesis import strategies as st

TYPES = [
    "text",
    "multimodal_text",
    "code",
    "execution_output",
    "tether_browsing_display",
    "tether_quote",
    "sonic_webpage",
    "system_error",
    "thoughts",
    "reasoning_recap",
    "user_editable_context",
    "model_editable_context",
    "app_pairing_content",
    "computer_output",
    "super_widget",
    "citable_code_output",
    "system_content",
    "image_asset_pointer",
    "audio_transcription",
    "audio_asset_pointer",
    "hologram",
    "real_time_user_audio_video_asset_pointer",
    "video_container_asset_pointer",
]
KEYS = [
    "content_type",
    "type",
    "parts",
    "text",
    "language",
    "result",
    "summary",
    "url",
    "domain",
    "title",
    "thoughts",
    "content",
    "name",
    "metadata",
    "attachments",
    "id",
    "asset_pointer",
    "size_bytes",
    "citations",
    "content_references",
    "n7jupd_crefs",
    "matched_text",
    "start_idx",
    "items",
    "refs",
    "alt",
    "aggregate_result",
    "messages",
    "image_url",
    "traceback",
    "in_kernel_exception",
    "widgets",
    "navlinks",
    "screenshot",
    "state",
    "output_str",
    "user_profile",
    "frames_asset_pointers",
    "audio_asset_pointer",
    "chatgpt_sdk",
    "widget_state",
    "report_message",
    "canvas",
    "textdoc_id",
    "textdoc_content",
    "entries",
    "ref_id",
    "search_result_groups",
    "dalle",
    "prompt",
    "is_visually_hidden_from_conversation",
    "is_user_system_message",
    "finish_details",
    "image_results",
    "updates",
    "pattern",
    "replacement",
    "create_time",
    "status",
]
WORDS = [
    *("hello", "", "  ", "\ud800x", "a\x00b", "\ue200cite\ue202turn0search3\ue201", "é日本"),
    *(
        "citeturn0search0",
        "【1†source】",
        "```\n\ue200cite\ue201\n",
        "[x](sandbox:/mnt/data/a.csv)",
    ),
    *("file-abc", "sediment://file_00aa11#p_2.jpg", "turn0search3", ":::writing\nhi\n:::"),
    *('{"prompt":"kite"}', "\x1b[31mred", "https://e.org/?utm_source=chatgpt.com", "\ufdd0", "all"),
    *('{"updates":[{"pattern":"(a+)+$","replacement":"x"}]}', "a\r\nb\rc"),
]

words = st.sampled_from(WORDS) | st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words
values = st.recursive(
    scalars,
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(st.sampled_from(KEYS), below, max_size=5),
        st.builds(
            lambda kind, rest: {**rest, "content_type": kind},
            st.sampled_from(TYPES),
            st.dictionaries(st.sampled_from(KEYS), below, max_size=4),
        ),
    ),
    max_leaves=12,
)
messages = values | st.fixed_dictionaries(
    {
        "author": values
        | st.fixed_dictionaries(
            {
                "role": st.sampled_from(["user", "assistant", "tool", "system", "critic", 5]),
                "name": st.sampled_from([None, "python", "bio", "web", "canmore.x"]),
            }
        ),
        "content": st.builds(
            lambda kind, rest: {**rest, "content_type": kind},
            st.sampled_from(TYPES),
            st.dictionaries(st.sampled_from(KEYS), values, max_size=5),
        )
        | values,
    },
    optional={
        "recipient": st.sampled_from(
            ["all", "python", "bio", "canmore.create_textdoc", "canmore.update_textdoc", None, 3]
        ),
        "metadata": st.dictionaries(st.sampled_from(KEYS), values, max_size=4) | values,
        "status": st.sampled_from(["in_progress", "error", None, 3]),
        "channel": st.sampled_from([None, "analysis", "final", 3]),
        "create_time": st.sampled_from([None, 1.7e9, "x", 1e300, float("nan")]),
    },
)
ids = st.sampled_from(["a", "b", "c", "d", "e", "", "\ud800"])
nodes = values | st.fixed_dictionaries(
    {"message": messages | st.none()},
    optional={"parent": ids | st.none(), "children": st.lists(ids, max_size=3) | values},
)
conversations = st.fixed_dictionaries(
    {"mapping": st.dictionaries(ids, nodes, max_size=6) | values},
    optional={"current_node": ids | st.none(), "title": values, "default_model_slug": values},
)


@st.composite
def agreeing(draw):
    """Nodes as most exports have them: one root, each other node listed by its parent."""
    mapping = {"n0": {"parent": None, "children": [], "message": draw(st.none() | st.just({}))}}
    for number in range(1, draw(st.integers(1, 12))):
        parent = draw(st.sampled_from(sorted(mapping)))
        mapping[parent]["children"].append(f"n{number}")
        mapping[f"n{number}"] = {"parent": parent, "children": [], "message": {"id": number}}
    keys = draw(st.permutations(sorted(mapping)))
    return {key: mapping[key] for key in keys}
