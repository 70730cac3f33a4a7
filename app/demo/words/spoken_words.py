# ruff: noqa: E501 - what people say is as long as it is
"""What was said aloud in the spoken conversations: words, answer, and the chords heard."""

from __future__ import annotations

SPOKEN = (
    (
        "Okay, I'm standing in front of the north bed. It's the first of February. What should I look at?",
        "Start low. Is anything green between the stems of last year's mint?",
        "CEG FAc GDa CEG",
    ),
    (
        "Yes, tiny purple tips, about a centimetre.",
        "That's the mint waking up. Leave the old stems another two weeks, they keep the frost off. How is the sage?",
        "FAc CEG DFa",
    ),
    (
        "It looks, hmm, offended.",
        "Then it is well. Cover it tonight anyway, they promise minus seven.",
        "AcE GDa CEG",
    ),
    (
        "And remind me to take cuttings. And to call my sister.",
        "Sand for the cuttings, and your sister. I'll write both down at the end.",
        "CEG GDa",
    ),
)

TEA = (
    (
        "How long do I leave peppermint in the pot?",
        "Seven minutes, with the lid on. What smells so good in the air is missing in the cup.",
        "DFa GDa CEG",
    ),
    (
        "Fresh or dried?",
        "Fresh in summer, a whole handful. Dried in winter, a spoon per cup.",
        "FAc DFa",
    ),
)
