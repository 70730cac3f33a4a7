"""The files beside the conversations: account, feedback, links, comparisons, and chat.html."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from app.demo.maker import Asset, Maker
from app.demo.talk import Json, text

_PAGE = """\
<html>
<head>
<title>ChatGPT Data Export</title>
<style>body {{ font: 16px/1.5 sans-serif; }} .message {{ margin: 1em; }}</style>
</head>
<body>
<div id="root"></div>
<script>
var jsonData = {conversations}
var assetsJson = {assets}
document.getElementById("root").textContent = jsonData.length + " conversations";
</script>
</body>
</html>
"""


def wire(value: object) -> str:
    """Return JSON as exports write it: one line, ASCII, half surrogates kept as escapes."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def chat_page(conversations: Sequence[Json], assets: Mapping[str, str]) -> str:
    """Return the page ChatGPT puts beside the conversations, which holds them again."""
    shown = wire(conversations).replace("</", "<\\/")
    return _PAGE.format(conversations=shown, assets=wire(assets))


def side_files(maker: Maker, *, sharded: bool) -> dict[str, object]:
    """Return the JSON files of the account by name; a sharded export has more of them."""
    person: Json = {"id": maker.account, "email": "mira@example.org", "chatgpt_plus_user": True}
    person |= {"birth_year": 1999} if sharded else {"phone_number": None}
    files: dict[str, object] = {
        "user.json": person,
        "message_feedback.json": maker.feedback,
        "shared_conversations.json": maker.shared,
        "model_comparisons.json": [_comparison(maker)],
        "group_chats.json": {"chats": [_group(maker)]},
        "shopping.json": [
            {
                "id": "s1",
                "title": "Rain jackets",
                "description": None,
                "create_time": "2025-08-30T19:05:00Z",
            }
        ],
        "sora.json": {
            "user": None,
            "generations": [],
            "tasks": [{"id": "t1", "title": None, "prompt": "a kite over hills"}],
            "presets": [],
            "uploads": [],
        },
        "basispoints.json": {"attachments": [], "containers": [], "container_bindings": []},
    }
    files |= {f"textdocs/{name}.json": document for name, document in maker.textdocs.items()}
    if sharded:
        files |= {
            "user_settings.json": [{}],
            "sectioned_conversations.json": [],
            "ads.json": {"ads_profile": [], "ad_hides": []},
            "sites/export_manifest.json": {"artifacts": [], "requested_at": "2026-05-01T08:00:00Z"},
            "library_files.json": _library(maker),
            "conversation_asset_file_names.json": {
                f"{asset.id}.dat": asset.path if not asset.name else asset.name
                for asset in maker.assets
            },
        }
    return files


def _library(maker: Maker) -> list[Json]:
    """Return the rows of the files page: uploads by name, and what programs made."""
    made = {asset_id: rest for asset_id, *rest in maker.made}
    rows = []
    for number, asset in enumerate(maker.assets):
        name, message, talk = made.get(asset.id, (asset.name, None, None))
        if name:
            rows.append(_library_row(asset, f"libfile_{number}", str(name), message, talk))
    return rows


def _library_row(
    asset: Asset, row_id: str, name: str, message: str | None, talk: str | None
) -> Json:
    return {
        "id": {"id": row_id},
        "file_id": asset.id,
        "file_name": name,
        "file_extension": name.rpartition(".")[2],
        "mime_type": asset.mime_type,
        "file_size_bytes": len(asset.data),
        "sha256_digest": hashlib.sha256(asset.data).hexdigest(),
        "library_file_category": "image" if asset.width else "document",
        "library_artifact_type": "image" if message else None,
        "origination_message_id": message,
        "origination_thread_id": talk,
        "image_gen_generation_id": None,
        "created_at": "2026-03-01T08:00:00Z",
        "current_version_number": 1,
    }


def _group(maker: Maker) -> Json:
    return {
        "id": "g1",
        "title": "Family",
        "create_time": "2025-12-01T00:00:00Z",
        "participant_ids": [maker.account],
    }


def _comparison(maker: Maker) -> Json:
    """Return one pair of answers the person was asked to choose between."""
    question = {
        "id": "m1",
        "author": {"role": "user", "name": None},
        "create_time": 1683000000.0,
        "content": text("Rust or Python for a plant sensor?"),
        "weight": 1.0,
        "recipient": "all",
    }
    steps = {
        "feedback_version": "comparison_feedback_modal:a:1.0",
        "feedback_step_1": {"rating": "none", "critique_text": "", "tags": []},
        "feedback_step_2": {
            "original_turn": [],
            "new_turn": [],
            "completion_comparison_rating": "same",
            "new_completion_placement": "not-applicable",
        },
    }
    return {
        "id": "cmp-1",
        "user_id": maker.account,
        "create_time": "2023-05-02T04:00:00.000000+00:00",
        "input": {
            "conversation_id": maker.talks[0].id,
            "prompt_convo": {"id": "x", "messages": [question]},
        },
        "output": steps,
        "metadata": {},
    }
