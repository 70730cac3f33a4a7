# ruff: noqa: E501 - what people say is as long as it is
"""The herb garden: a project with photographs, branches, a program that measures, a seed list."""

from __future__ import annotations

from app.demo import documents, scenes
from app.demo.maker import Maker
from app.demo.talk import Talk, dumps, parts, text

PROJECT = {
    "gizmo_id": "g-p-68a1c04f2b7e8191",
    "gizmo_type": "snorlax",
    "memory_scope": "project_enabled",
}
RAIN = (48, 31, 52, 27, 19, 38)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN")


def tell(maker: Maker) -> None:
    """Tell the conversations of the garden project."""
    planning(maker)
    measuring(maker)
    identifying(maker)
    watering(maker)
    _plain_project_talks(maker)


def planning(maker: Maker) -> None:
    """Tell the planning of the bed: a question asked three times, a picture, a list."""
    talk = Talk(maker, "Planning the herb garden", "2024-05-12 14:02", is_starred=True, **PROJECT)
    _ask_three_times(talk)
    _answer_three_times(talk)
    talk.ask("Mint spreads like mad. Pot or barrier?")
    talk.answer(
        "A pot without a bottom, sunk to its rim: 30 cm deep, the rim **two fingers above the soil**, "
        "or the runners climb over it. Slate works too, if you like the look of old slate."
    )
    talk.ask("and can you draw it?")
    _paint(
        talk,
        "A narrow herb bed below a brick wall, seen from above, labelled patches of mint, chives and parsley",
        scenes.garden_plan(maker.random),
    )
    talk.answer(
        "Three patches, mint at the left where the steps hold it in. Shall I make a version with the paving stones further out?"
    )
    talk.ask("No, that's lovely. List what I have to buy.")
    talk.answer(
        "- [ ] 2 mint (one peppermint, one *Mentha spicata*)\n- [ ] 5 chives, from the market, divided\n- [ ] 1 packet of flat parsley\n- [x] slate (you have it)\n- [ ] 80 l compost, without peat"
    )
    talk.share(anonymous=False)


def _ask_three_times(talk: Talk) -> None:
    """Tell a question edited twice; the last has a photograph."""
    drawn = scenes.garden_plan(talk.maker.random, ("1 M", "2 M", "3 M"), plants=0)
    photo = talk.maker.photo("north wall.png", drawn)
    before = talk.here
    for question, answer in (
        (
            "what grows in shade",
            "That depends on how deep the shade is. Under trees, ferns; beside a wall, many herbs.",
        ),
        (
            "What herbs grow in the shade of a wall?",
            "Most mints, chives, parsley, chervil, sorrel and woodruff get along with half a day of shade.",
        ),
    ):
        talk.ask(question)
        talk.answer(answer)
        talk.here = before
    talk.ask(
        "What grows in the shade of a north wall? I have three metres, brick, heavy soil:", photo
    )


def _answer_three_times(talk: Talk) -> None:
    """Tell an answer made anew twice; the first was not liked."""
    question = talk.here
    first = talk.answer("Mint and chives will manage. Basil will not.", message_type="variant")
    talk.rate(first, up=False, words="too short, I showed you the plan", tags=["not-helpful"])
    talk.here = question
    talk.answer(
        "You could grow mint, chives, parsley, and also lovage if you have room for a plant as tall as you are.",
        message_type="variant",
    )
    talk.here = question
    talk.rate(talk.answer(_BED), up=True)


_BED = """\
With three metres of north wall and heavy soil I would plant from left to right:

| Place | Herb | Why there | Distance |
|:--|:--|:--|--:|
| 0 – 1 m | **Mint** | the steps stop its runners on one side | 40 cm |
| 1 – 2 m | **Chives** | edge of the light at noon | 20 cm |
| 2 – 3 m | **Parsley**, chervil between | chervil bolts in sun, here it will not | 15 cm |

Before you plant:

1. Fork in a hand's breadth of compost; heavy soil in shade stays cold.
2. Leave 25 cm free at the wall. The soil there is dry, *even when it rains*.
3. Paint the wall white if you may: it gives back more light than you would think.
"""


def _paint(talk: Talk, prompt: str, drawn: scenes.Drawn) -> None:
    """Tell how the older image tool paints: a call, a picture, a nudge to be silent."""
    asset = talk.maker.painting(drawn)
    size = f"{drawn.width}x{drawn.height}"
    talk.call("dalle.text2im", dumps({"prompt": prompt, "size": size, "n": 1}), "json")
    generation = {
        "gen_id": talk.maker.letters(16),
        "prompt": prompt,
        "seed": 2411,
        "parent_gen_id": None,
        "edit_op": None,
        "serialization_title": "DALL-E generation metadata",
    }
    picture = asset.part({"dalle": generation, "gizmo": None, "sanitized": False})
    talk.reply("dalle.text2im", parts(picture), recipient="all")
    talk.reply(
        "dalle.text2im",
        text(
            "DALL-E returned some images. They are already displayed to the user. Do not list the image prompts."
        ),
    )


def measuring(maker: Maker) -> None:
    """Tell an analysis of a table: code, its output, a chart, an error, a link to a result."""
    talk = Talk(maker, "Rain and soil moisture, first half year", "2024-07-03 09:15", **PROJECT)
    rows = [(f"2024-{n + 1:02d}", rain, 61 - n * 4) for n, rain in enumerate(RAIN)]
    sheet = maker.upload(
        "rain.csv", "text/csv", documents.table(("month", "rain_mm", "moisture"), rows)
    )
    talk.ask(
        "Here is what the gauge and the sensor say. Chart the rain and tell me which month to mulch.",
        sheet,
    )
    talk.call(
        "python",
        "import pandas as pd\n\nrain = pd.read_csv('/mnt/data/rain.csv')\nrain.describe()",
        "python",
    )
    talk.reply(
        "python",
        {"content_type": "execution_output", "text": _DESCRIBED},
        aggregate_result=_run(_DESCRIBED),
        ada_visualizations=[{"type": "table", "file_id": sheet.id, "title": "Rain and moisture"}],
    )
    talk.call("python", "rain.plot.bar(x='mont', y='rain_mm')", "python")
    talk.reply(
        "python", {"content_type": "execution_output", "text": ""}, aggregate_result=_failed()
    )
    talk.call(
        "python",
        "ax = rain.plot.bar(x='month', y='rain_mm', legend=False)\nax.set_title('Rain by month')\nax.figure.savefig('/mnt/data/rain.png')",
        "python",
    )
    _chart(talk)
    answer = talk.answer(
        "March was the wettest month with **52 mm**, and May the driest with 19 mm. The soil lost about four points of moisture a month whatever fell, "
        "so mulch **before May**: in the last week of April.\n\nYou can download the chart: [rain.png](sandbox:/mnt/data/rain.png)"
    )
    maker.made.append((maker.assets[-1].id, "rain.png", answer, talk.id))


def _chart(talk: Talk) -> None:
    """Tell the chart the program drew."""
    drawn = scenes.bars(RAIN, MONTHS, title="RAIN BY MONTH")
    chart = talk.maker.painting(drawn)
    message = {
        "message_type": "image",
        "time": talk.now,
        "sender": "server",
        "image_payload": None,
        "image_url": chart.pointer,
        "width": drawn.width,
        "height": drawn.height,
    }
    talk.reply(
        "python",
        {"content_type": "execution_output", "text": "<Figure size 900x540 with 1 Axes>"},
        recipient="all",
        aggregate_result={**_run(""), "messages": [message]},
    )


_DESCRIBED = "         rain_mm   moisture\ncount   6.000000   6.000000\nmean   35.833333  51.000000\nmin    19.000000  41.000000\nmax    52.000000  61.000000"


def _run(output: str) -> dict[str, object]:
    stream = {"message_type": "stream", "stream_name": "stdout", "sender": "server", "text": output}
    return {
        "status": "success",
        "run_id": "9e1d7a40-3c55-4e0b-9b60-0f5a4c8d1e22",
        "start_time": 1719998121.2,
        "update_time": 1719998122.9,
        "end_time": 1719998122.9,
        "code": "rain.describe()",
        "final_expression_output": output or None,
        "in_kernel_exception": None,
        "system_exception": None,
        "timeout_triggered": None,
        "messages": [stream] if output else [],
        "jupyter_messages": [],
    }


def _failed() -> dict[str, object]:
    traceback = ["\x1b[0;31mKeyError\x1b[0m: 'mont'", "rain.plot.bar(x='mont', y='rain_mm')"]
    return {
        **_run(""),
        "status": "failed_with_in_kernel_exception",
        "in_kernel_exception": {
            "name": "KeyError",
            "traceback": traceback,
            "args": ["'mont'"],
            "notes": [],
        },
    }


def identifying(maker: Maker) -> None:
    """Tell two photographs in one question, and one whose file is gone."""
    talk = Talk(maker, "Which of these is chervil?", "2024-06-02 18:40", model="gpt-4o", **PROJECT)
    left = maker.photo("IMG_0412.png", scenes.herb(maker.random))
    right = maker.photo("IMG_0413.png", scenes.herb(maker.random, background=(226, 232, 236)))
    talk.ask("One of them I sowed, one came by itself. I'd rather not eat hemlock.", left, right)
    talk.answer(
        "Good instinct. From pictures alone **nobody should tell you that a wild umbellifer is safe**. What you can check:\n\n"
        "- Chervil smells of aniseed when crushed; hemlock of mice.\n- Hemlock has purple blotches on a *smooth* stem.\n\n"
        "The left one was sown in a row, wasn't it? Eat from the row, pull the stranger with gloves."
    )
    lost = {**left.part(), "asset_pointer": maker.gone(), "width": 1024, "height": 768}
    listed = {"id": lost["asset_pointer"].removeprefix("sediment://"), "name": "IMG_0414.png"}
    talk.put(
        "user",
        parts(lost, "stem close up, no blotches"),
        metadata={"attachments": [listed]},
    )
    talk.answer("No blotches is reassuring, but young plants often have none. Aniseed or mice?")
    talk.ask("aniseed!! strongly")
    talk.answer("Then you have chervil in two places. It sows itself, and will do so again.")


def watering(maker: Maker) -> None:
    """Tell an answer that was stopped, one that failed, and one that was cut and went on."""
    talk = Talk(maker, "Drip irrigation from a rain barrel", "2025-04-06 11:31", **PROJECT)
    talk.ask("Barrel is 60 cm above the bed, 200 litres. Can I do drip irrigation without a pump?")
    talk.put(
        "assistant",
        text(
            "Yes. Sixty centimetres give you about 0.06 bar, which is enough for drippers made for"
        ),
        metadata=talk.told(
            finish_details={"type": "interrupted", "reason": "client_stopped"}, is_complete=None
        ),
        status="in_progress",
    )
    talk.ask("sorry, pressed stop. go on")
    error = {
        "content_type": "system_error",
        "name": "TransportError",
        "text": "The answer could not be delivered.",
    }
    talk.put("tool", error, name="web", metadata={"is_error": True})
    talk.put(
        "assistant",
        text(
            "drippers made for gravity: look for *0 to 0.1 bar* on the packet. The usual ones want one bar and only sulk.\n\n1. Barrel tap, then a **filter** (leaves!)\n2. One 16 mm hose along the wall\n3. A dripper every 30 cm, ten in all, about 1 litre an hour each"
        ),
        metadata=talk.told(finish_details={"type": "max_tokens"}),
        end_turn=False,
    )
    talk.put(
        "assistant",
        text(
            "4. The far end folded over and tied, so that you can flush it in spring\n\nTen litres an hour: open the tap for half an hour every second evening."
        ),
        metadata=talk.told(message_type="continue"),
        end_turn=True,
    )


def _plain_project_talks(maker: Maker) -> None:
    for title, started, question, answer in _TALKS:
        talk = Talk(maker, title, started, **PROJECT)
        talk.exchange([(question, answer)])


_TALKS = (
    (
        "Slugs and the lettuce",
        "2024-06-19 06:50",
        "Slugs ate eleven of twelve lettuces in one night. Coffee grounds?",
        "Coffee grounds amuse slugs. What works: plant at the *end* of June when they are fewer, water in the morning, and lay a board beside the bed that you lift at breakfast. They will all be under it.",
    ),
    (
        "Sage cuttings",
        "2024-08-21 17:12",
        "How do I take cuttings from sage",
        "Eight centimetres from a shoot that has not flowered, lower leaves off, into sand and compost half and half, a jar over it, shade. Three weeks.",
    ),
    (
        "Frost dates for the balcony",
        "2025-03-04 08:30",
        "When is the last frost here, roughly? Fourth floor, city, courtyard.",
        "Walls and height give you about two weeks over the countryside: count on **mid April**, and keep a fleece until 10 May.",
    ),
    (
        "Bees on the chives",
        "2025-05-25 12:00",
        "Should I cut the chive flowers? The bees are all over them.",
        "Leave half. Cut the other half to the ground and you have new green in three weeks; then swap.",
    ),
    (
        "What the bed looks like in winter",
        "2025-12-14 15:45",
        "List what stands in the bed today: parsley (snowed on), purslane, chervil seedlings, a very smug sage.",
        "A fine winter bed. Parsley goes on below the snow; cut purslane as you need it; do nothing at all to the chervil. The sage is entitled.",
    ),
)
