# ruff: noqa: E501 - what people say is as long as it is
"""Voices and pictures: spoken conversations, a camera, images made and edited."""

from __future__ import annotations

from app.demo import documents, scenes
from app.demo.maker import Asset, Maker
from app.demo.talk import Json, Talk, dumps, parts, text
from app.demo.words.spoken_words import SPOKEN, TEA


def tell(maker: Maker) -> None:
    """Tell the conversations with recordings and pictures."""
    spoken(maker)
    evening(maker)
    camera(maker)
    kite(maker)
    poster(maker)
    scanned(maker)
    moving(maker)


def _audio(asset: Asset, start: float) -> Json:
    length = documents.seconds(asset.data)
    return {
        "content_type": "audio_asset_pointer",
        "asset_pointer": asset.pointer,
        "size_bytes": len(asset.data),
        "format": "wav",
        "expiry_datetime": "2026-12-31T00:00:00+00:00",
        "metadata": {
            "start": 0.0,
            "end": round(length, 2),
            "start_timestamp": start,
            "end_timestamp": start + length,
        },
    }


def _transcript(words: str, direction: str) -> Json:
    return {
        "content_type": "audio_transcription",
        "text": words,
        "direction": direction,
        "decoding_id": None,
    }


def _speak(talk: Talk, words: str, answer: str, music: str, *, start: float) -> None:
    """Tell one thing said and what was said back, both with their recordings."""
    heard = talk.maker.recording(talk, documents.chords(music))
    container: Json = {
        "content_type": "real_time_user_audio_video_asset_pointer",
        "expiry_datetime": "2026-12-31T00:00:00+00:00",
        "frames_asset_pointers": [],
        "video_container_asset_pointer": None,
        "audio_asset_pointer": _audio(heard, start),
        "audio_start_timestamp": start,
    }
    talk.put(
        "user", parts(_transcript(words, "in"), container), metadata={"voice_mode_message": True}
    )
    said = talk.maker.recording(talk, documents.chords(music[::-1]))
    content = parts(_transcript(answer, "out"), _audio(said, start + 4))
    talk.put("assistant", content, metadata=talk.told(voice_mode_message=True), end_turn=True)


def spoken(maker: Maker) -> None:
    """Tell a walk through the garden, spoken aloud."""
    talk = Talk(
        maker, "Walking through the garden", "2025-02-01 10:40", voice="breeze", is_starred=True
    )
    for number, (words, answer, music) in enumerate(SPOKEN):
        _speak(talk, words, answer, music, start=3.5 + number * 21)
    talk.ask("(typed) write me the three things you promised")
    talk.answer("1. Cover the sage tonight.\n2. Buy sand for the cuttings.\n3. Call your sister.")


def evening(maker: Maker) -> None:
    """Tell a spoken conversation whose voice is an object, and a recording that is gone."""
    talk = Talk(
        maker,
        "Tea, out loud",
        "2025-09-18 21:02",
        model="gpt-4o",
        voice={"name": "maple", "mode": "advanced"},
    )
    for number, (words, answer, music) in enumerate(TEA):
        _speak(talk, words, answer, music, start=2.0 + number * 14)
    lost = {
        "content_type": "audio_asset_pointer",
        "asset_pointer": maker.gone(),
        "size_bytes": 96_044,
        "format": "wav",
        "metadata": {"start": 0.0, "end": 2.0},
    }
    talk.put(
        "user",
        parts(_transcript("And with honey?", "in"), lost),
        metadata={"voice_mode_message": True},
    )
    talk.put(
        "assistant",
        parts(_transcript("With honey, always; but after it has cooled a little.", "out")),
        metadata=talk.told(voice_mode_message=True),
    )
    talk.put("user", _transcript("Good night then.", "in"), metadata={"dictation": True})


def camera(maker: Maker) -> None:
    """Tell a call with the camera on: frames arrived, the film itself did not."""
    talk = Talk(
        maker, "What is wrong with this plant (camera)", "2025-06-08 16:16", voice="juniper"
    )
    frames = [
        maker.drawing(scenes.herb(maker.random, background=(214, 220, 214))) for _ in range(2)
    ]
    film = {
        "content_type": "video_container_asset_pointer",
        "asset_pointer": maker.gone(),
        "size_bytes": 1_204_112,
        "format": "mp4",
        "frames_asset_pointers": [],
        "metadata": None,
    }
    live = {
        "content_type": "real_time_user_audio_video_asset_pointer",
        "expiry_datetime": "2026-12-31T00:00:00+00:00",
        "frames_asset_pointers": [frames[0].part(), frames[1].pointer],
        "video_container_asset_pointer": film,
        "audio_asset_pointer": _audio(maker.recording(talk, documents.chords("DFa CEG")), 1.0),
        "audio_start_timestamp": 1.0,
    }
    talk.put(
        "user",
        parts(_transcript("Can you see the spots? Is that rust?", "in"), live),
        metadata={"real_time_audio_has_video": True},
    )
    talk.put(
        "assistant",
        parts(
            _transcript(
                "I see pale spots between the veins and clean undersides. Rust would show orange dust below. This looks like a lack of magnesium.",
                "out",
            )
        ),
        metadata=talk.told(voice_mode_message=True),
    )


def kite(maker: Maker) -> None:
    """Tell a picture made by the newer tool, then edited, then made in the background."""
    talk = Talk(maker, "A kite for the invitation", "2025-04-27 13:00", model="gpt-4o")
    talk.ask(
        "A kite over soft hills, paper-cut style, for a birthday invitation",
        system_hints=["picture_v2"],
    )
    _make(talk, "Kite over hills", scenes.kite(maker.random))
    talk.ask("Lovely. The same in the evening at the sea, no kite")
    _make(talk, "Evening coast", scenes.coast(maker.random, evening=True))
    talk.ask("and once by day, take your time")
    task = {
        "image_gen_async": True,
        "image_gen_task_id": "task_7d1",
        "async_task_type": "image_gen",
        "async_task_title": "Coast by day",
    }
    talk.put(
        "assistant",
        text("I'm on it; the picture will appear here."),
        metadata=talk.told(**task),
        end_turn=True,
    )
    drawn = scenes.coast(maker.random)
    talk.reply(
        "t2uay3k.sj1i4kz",
        parts(maker.drawing(drawn).part(_generation(talk, drawn))),
        recipient="all",
        **task,
    )
    talk.answer("Here is the coast at noon. Print it at 12 cm and it stays sharp.")


def _make(talk: Talk, title: str, drawn: scenes.Drawn) -> None:
    talk.call(
        "t2uay3k.sj1i4kz",
        dumps({"prompt": title, "size": f"{drawn.width}x{drawn.height}", "n": 1}),
        "json",
    )
    picture = talk.maker.drawing(drawn).part(_generation(talk, drawn))
    talk.reply("t2uay3k.sj1i4kz", parts(picture), recipient="all", image_gen_title=title)
    nudge = "GPT-4o returned 1 images. From now on, do not say or show ANYTHING. Please end this turn now."
    talk.put("system", text(nudge), recipient="assistant", weight=0.0)


def _generation(talk: Talk, drawn: scenes.Drawn) -> Json:
    made = {
        "gen_id": talk.maker.letters(16),
        "gen_size": "image",
        "seed": None,
        "parent_gen_id": None,
        "height": drawn.height,
        "width": drawn.width,
        "transparent_background": False,
        "serialization_title": "Image Generation metadata",
    }
    dalle = {
        "gen_id": made["gen_id"],
        "prompt": "",
        "seed": None,
        "parent_gen_id": None,
        "edit_op": None,
        "serialization_title": "DALL-E generation metadata",
    }
    return {
        "dalle": dalle,
        "generation": made,
        "gizmo": None,
        "sanitized": False,
        "container_pixel_height": drawn.height,
        "container_pixel_width": drawn.width,
        "watermarked_asset_pointer": None,
    }


def poster(maker: Maker) -> None:
    """Tell pictures for a stall: four at once, one kept only with its watermark."""
    talk = Talk(maker, "Four pictures for the bread stall", "2024-01-21 15:30", model="gpt-4")
    talk.ask("Make pictures for the stall: a loaf, a cup of tea, herbs, and our plan of the bed")
    prompt = "Flat illustration in warm colours of "
    shown = []
    for what, drawn in (
        ("a round sourdough loaf", scenes.loaf(maker.random)),
        ("a cup of tea by a window", scenes.cup(maker.random)),
        ("a stem of an aromatic herb", scenes.herb(maker.random)),
        (
            "a herb bed from above",
            scenes.garden_plan(maker.random, ("THYME", "SAGE", "DILL", "RUE")),
        ),
    ):
        asset = maker.painting(drawn)
        dalle = {
            "gen_id": maker.letters(16),
            "prompt": prompt + what,
            "seed": 77,
            "parent_gen_id": None,
            "edit_op": None,
            "serialization_title": "DALL-E generation metadata",
        }
        shown.append(asset.part({"dalle": dalle, "gizmo": None}))
    shown[3] = {**shown[3], "asset_pointer": maker.gone()}
    shown[3]["metadata"] = {
        **shown[3]["metadata"],
        "watermarked_asset_pointer": maker.assets[-1].pointer,
    }
    talk.call(
        "dalle.text2im",
        dumps({"prompts": [prompt + "bread, tea, herbs"], "size": "1024x1024"}),
        "json",
    )
    talk.reply("dalle.text2im", parts(*shown), recipient="all")
    talk.answer("Bread, tea, herbs, and the bed. The loaf has four cuts, as yours do.")


def scanned(maker: Maker) -> None:
    """Tell handwriting read from a page, and the page of a document shown as a picture."""
    talk = Talk(maker, "Grandmother's notebook", "2025-10-05 19:19", model="gpt-5")
    page = maker.photo("notebook 12 may.png", scenes.page("NOTES 12 MAY"))
    talk.ask("Can you read this page? It's from 1961.", page)
    talk.answer(
        "As far as I can make it out:\n\n> 12 May. Cold still. Sowed the chervil behind the shed where father had the leeks. Aunt came with eggs. "
        "If it does not rain by Sunday I shall carry water, and I shall say nothing about it.\n\nThe word before *Sunday* could also be *on*."
    )
    rendered = {**page.part(), "asset_pointer": f"sediment://9f3c21aa#{page.id}#p_2.png"}
    talk.put(
        "user",
        parts(
            rendered,
            {
                "content_type": "multimodal_text",
                "parts": ["and this is page two,", {"text": "the other side"}],
            },
        ),
    )
    talk.answer(
        "Page two is mostly sums: eggs, thread, a stamp. And at the bottom, very small: *chervil up.*"
    )


def moving(maker: Maker) -> None:
    """Tell an uploaded moving picture, and a picture that is a whole message by itself."""
    talk = Talk(maker, "Time lapse of the seedling", "2026-02-20 12:12", model="gpt-5-2")
    film = maker.upload(
        "seedling.gif", "image/gif", documents.growing_leaf(), scenes.Drawn(b"", 96, 96)
    )
    talk.ask("Fourteen days in two seconds!", film)
    talk.answer(
        "And it never once looked at its phone. The second pair of leaves are the first *true* ones: now it may be pricked out."
    )
    drawn = scenes.curve((1, 2, 2, 3, 5, 8, 9, 13, 15, 18, 24, 29), title="HEIGHT IN MM")
    talk.put(
        "tool", maker.drawing(drawn).part(_generation(talk, drawn)), name="chart", recipient="all"
    )
