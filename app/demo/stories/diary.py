# ruff: noqa: E501 - what people say is as long as it is
"""One very long conversation: a garden diary kept for a year, composed from a table of sentences."""

from __future__ import annotations

from app.demo.maker import Maker
from app.demo.talk import Talk

_SEEN = (
    "First purple tips on the mint.",
    "Chervil is up, eleven seedlings.",
    "Somebody has dug a hole, about cat sized.",
    "Aphids on the nasturtium, ants farming them.",
    "Frost on the slates this morning, gone by nine.",
    "The sage flowers. Three kinds of bees.",
    "A toad behind the water can!",
    "Parsley looks yellow at the edges.",
    "Chives in full flower.",
    "It rained all night, saucers full.",
    "Powdery white on the oldest leaves of the courgette.",
    "First tomatoes, four of them, and a fifth I ate.",
    "Wind took the fleece, found it at number 12.",
    "Everything has doubled while I was away.",
    "Blackbird nest in the ivy, I stay away from that end.",
    "Nothing at all happened today, which was nice.",
)
_DONE = (
    "Watered, two cans.",
    "Didn't water.",
    "Weeded for ten minutes.",
    "Tied up the beans.",
    "Turned the compost, it's warm.",
    "Picked a bowl of leaves for supper.",
    "Sowed another row of radish.",
    "Mulched with the last of the leaves.",
    "Only looked.",
    "Mowed the strip by the steps.",
)
_ANSWERS = (
    "Noted. {temperature} °C and {sky}: nothing to worry about tonight.",
    "Good. With {sky} like this I would leave the fleece off until the weekend.",
    "At {temperature} °C growth nearly stops, so be patient with it.",
    "Noted. That is the {ordinal} time this month; shall I keep count?",
    "Lovely. Tomorrow stays at {temperature} °C, so water in the morning if at all.",
    "Written down. If it is still so on day three, take off the oldest leaves and look again.",
    "Then rest too. {sky_start} is forecast until Thursday.",
)
_MONTHLY = """\
Here is your month in numbers:

| | this month | before |
|---|--:|--:|
| days with an entry | {entries} | {before} |
| cans of water | {cans} | {cans_before} |
| bowls picked | {bowls} | {bowls_before} |

The best entry was: *{best}*
"""
_SKIES = (
    "a clear sky",
    "low cloud",
    "drizzle",
    "a soft wind from the west",
    "thunder about",
    "fog until ten",
)


def tell(maker: Maker) -> None:
    """Tell a year of entries, some four hundred messages in one conversation."""
    random = maker.random
    talk = Talk(maker, "Garden diary", "2025-01-02 19:00", model="gpt-4o", is_starred=True)
    talk.ask(
        "I'll tell you every other day what I see in the garden. Answer in one line, and give me a summary each month."
    )
    talk.answer("Happily. One line a day, one table a month.")
    entries = 0
    for day in range(186):
        talk.now += random.uniform(1.4, 2.2) * 86_400
        talk.ask(f"{random.choice(_SEEN)} {random.choice(_DONE)}")
        temperature = round(11 - 9 * abs(day - 95) / 95 + random.uniform(0, 9))
        sky = random.choice(_SKIES)
        answer = random.choice(_ANSWERS).format(
            temperature=temperature,
            sky=sky,
            sky_start=sky[0].upper() + sky[1:],
            ordinal=("second", "third", "fourth")[day % 3],
        )
        talk.answer(answer)
        entries += 1
        if day % 15 == 14:
            _summary(talk, entries)
            entries = 0
    talk.ask("That was the year. Thank you.")
    talk.answer("It was a good one to read. The toad was my favourite.")


def _summary(talk: Talk, entries: int) -> None:
    random = talk.maker.random
    talk.ask("Summary of the month, please")
    numbers = {
        name: random.randrange(3, 30)
        for name in ("before", "cans", "cans_before", "bowls", "bowls_before")
    }
    talk.answer(_MONTHLY.format(entries=entries, best=random.choice(_SEEN), **numbers))
