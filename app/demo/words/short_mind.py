# ruff: noqa: E501 - what people say is as long as it is
"""Short conversations about study, work, words and travel: (title, started, model, exchanges)."""

from __future__ import annotations

from app.demo.words import Short

SHORT: tuple[Short, ...] = (
    (
        "Hello",
        "2022-12-14 21:07",
        "text-davinci-002-render",
        (
            (
                "Are you a person?",
                "No. I am a language model: a program that has learned from a great deal of text how sentences go on.",
            ),
            (
                "That's a bit eerie",
                "It can be. A music box is also a little eerie until you open it; I am happy to be opened.",
            ),
        ),
    ),
    (
        "Difference between affect and effect",
        "2023-01-09 09:33",
        "text-davinci-002-render-sha",
        (
            (
                "affect vs effect, one line",
                "You *affect* something (verb); the *effect* is what comes of it (noun).",
            ),
        ),
    ),
    (
        "Explain eigenvectors with a garden",
        "2023-04-22 14:18",
        "gpt-4",
        (
            (
                "Explain eigenvectors like I only know gardens",
                "Imagine wind over a meadow: every blade is pushed somewhere new. A few directions are special: blades that lie along them are **stretched or shortened but not turned**. "
                "Those directions are the eigenvectors of the wind; how much they stretch is the eigenvalue.\n\n"
                "In symbols, for the wind \\(A\\) and such a blade \\(v\\):\n\n\\[ A v = \\lambda v \\]\n\n"
                "For example\n\n$$\nA = \\begin{pmatrix} 2 & 1 \\\\ 1 & 2 \\end{pmatrix}, \\qquad v_1 = \\begin{pmatrix} 1 \\\\ 1 \\end{pmatrix}, \\; \\lambda_1 = 3\n$$",
            ),
            (
                "And why does everyone care?",
                "Because after many gusts only the strongest direction is left to see. Repeated change — populations, rankings, vibrations — shows you its largest eigenvector in the end.",
            ),
        ),
    ),
    (
        "Cover letter, second try",
        "2023-09-12 22:41",
        "gpt-4",
        (
            (
                "Shorten to 90 words, no adjectives about myself: I studied environmental engineering, wrote my thesis on rain gardens in narrow courtyards, measured 14 of them for a year, now want to work at the city's water office.",
                "For a year I measured fourteen rain gardens in courtyards narrower than eight metres: how much they held, how soon they were dry again, and what grew. "
                "Two thirds held a thirty-year storm. The others failed for one reason, compacted soil, which can be repaired in a day.\n\n"
                "I would like to do that for the city's own courtyards. My degree is in environmental engineering, my thesis and its data are public, and I can start in January.",
            ),
        ),
    ),
    (
        "Python: group a list by key",
        "2023-10-05 11:20",
        "gpt-4",
        (
            (
                "group a list of dicts by a key without pandas",
                '```python\nfrom collections import defaultdict\n\n\ndef grouped(rows, key):\n    """Return the rows of each value of a key, in order."""\n    groups = defaultdict(list)\n    for row in rows:\n        groups[row[key]].append(row)\n    return dict(groups)\n```\n\n'
                "`itertools.groupby` would need the rows **sorted** first, which people forget.",
            ),
            (
                "nice. type hints?",
                "```python\nfrom collections.abc import Hashable, Iterable, Mapping\n\nRow = Mapping[str, Hashable]\n\n\ndef grouped(rows: Iterable[Row], key: str) -> dict[Hashable, list[Row]]: ...\n```",
            ),
        ),
    ),
    (
        "Night train to Vienna",
        "2024-01-08 19:50",
        "gpt-4",
        (
            (
                "Is the night train worth it with a cello?",
                "With a seat, no; with a compartment of your own, yes. The cello travels on the upper berth, strapped, or between the berth and the window. Book the *lower* berth for yourself: you will want to reach it when the train brakes in Linz at four.",
            ),
        ),
    ),
    (
        "SQL: latest row per group",
        "2024-03-19 10:02",
        "gpt-4-turbo",
        (
            (
                "sqlite: newest reading per sensor",
                "```sql\nSELECT sensor, at, moisture\nFROM (\n  SELECT *, row_number() OVER (PARTITION BY sensor ORDER BY at DESC) AS place\n  FROM reading\n)\nWHERE place = 1;\n```\n\n"
                "SQLite also lets you write `SELECT sensor, max(at), moisture FROM reading GROUP BY sensor`: the bare column comes from the row of the maximum. It is documented, but no other database does so.",
            ),
        ),
    ),
    (
        "Haiku about a compost heap",
        "2024-06-30 22:15",
        "gpt-4o",
        (
            (
                "haiku about my compost heap please",
                "Peelings, tea, old news —\nunder the lid a small sun\nbreathes in the darkness.",
            ),
            (
                "another, funnier",
                "The lid lifts itself:\nthe avocado stone is\nplanning its escape.",
            ),
        ),
    ),
    (
        "Regex for ISO dates",
        "2024-08-13 13:37",
        "gpt-4o-mini",
        (
            (
                "regex for YYYY-MM-DD that rejects month 13",
                "```regex\n^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$\n```\n\nIt still takes 31 February. If that matters, parse instead: `datetime.date.fromisoformat(text)`.",
            ),
        ),
    ),
    (
        'Etymology of "window"',
        "2024-10-02 23:11",
        "gpt-4o",
        (
            (
                "where does the word window come from",
                "From Old Norse *vindauga*: **wind-eye**. The hole in the roof that let smoke out and weather in. German took the Latin *fenestra* instead, and so looks out through a *Fenster*.",
            ),
        ),
    ),
    (
        "Explain rebase like I'm tired",
        "2024-11-11 17:59",
        "gpt-4o",
        (
            (
                "explain git rebase like I'm tired",
                "You wrote three pages at the back of a notebook. Meanwhile others added pages at the front. Rebase tears out your three and **copies them again after theirs**. Same words, new page numbers. Do not do it to pages others have already quoted.",
            ),
            (
                "what if it goes wrong halfway",
                "```bash\ngit rebase --abort\n```\n\nThat puts everything back. Then tea.",
            ),
        ),
    ),
    (
        "Questions to ask at a flat viewing",
        "2025-02-22 09:08",
        "gpt-4o",
        (
            (
                "10 questions for a flat viewing, ones agents don't like",
                "1. Why did the last people leave?\n2. What did heating cost them last winter?\n3. May I open this window? And this one?\n4. Who lives above?\n5. Where does the sun stand at four?\n"
                "6. When was the wiring last done?\n7. Is there a drain that blocks?\n8. What is being built across the street?\n9. May I see the cellar?\n10. What would *you* change first?",
            ),
        ),
    ),
    (
        "Bayes with mushrooms",
        "2025-03-30 16:44",
        "o3-mini",
        (
            (
                "2% of mushrooms of this look are deadly. My test finds 99% of deadly ones and wrongly flags 5% of good ones. It says deadly. How worried?",
                "Of 1000 such mushrooms 20 are deadly and 980 good. The test flags\n\n\\[\n\\begin{aligned}\n\\text{deadly, flagged} &= 20 \\times 0.99 = 19.8 \\\\\n\\text{good, flagged} &= 980 \\times 0.05 = 49\n\\end{aligned}\n\\]\n\nso\n\n\\[ P(\\text{deadly} \\mid \\text{flagged}) = \\frac{19.8}{19.8 + 49} \\approx 0.29. \\]\n\nLess than a third. And still: **do not eat it.** The price of being wrong is not symmetrical, and a mushroom costs $5 or $6 at the market.",
            ),
        ),
    ),
    (
        "Shell: rename photos by date",
        "2025-05-09 20:20",
        "gpt-4.1",
        (
            (
                "rename all IMG_*.jpg to date from exif, bash",
                '```bash\nfor photo in IMG_*.jpg; do\n  taken=$(exiftool -s3 -d \'%Y-%m-%d_%H%M%S\' -DateTimeOriginal "$photo")\n  [ -n "$taken" ] && mv -n -- "$photo" "$taken.jpg"\ndone\n```\n\n`-n` keeps `mv` from overwriting when two were taken in the same second.',
            ),
        ),
    ),
    (
        "Résumé en français d'un article sur les haies",
        "2025-06-15 10:30",
        "gpt-4o",
        (
            (
                "Résume en trois phrases : une haie mixte nourrit les oiseaux, arrête le vent et demande moins de taille qu'une haie de thuyas ; on la plante en novembre, serrée, sur deux rangs.",
                "Une haie mixte nourrit les oiseaux et coupe le vent. Elle se taille moins souvent qu'une haie de thuyas. Plantez-la en novembre, serrée, sur deux rangs.",
            ),
            (
                "Et en allemand ?",
                "Eine gemischte Hecke ernährt Vögel und bremst den Wind. Sie braucht weniger Schnitt als Thuja. Pflanzen Sie sie im November, dicht und in zwei Reihen.",
            ),
        ),
    ),
    (
        "C: why does this leak",
        "2025-07-02 14:14",
        "o4-mini",
        (
            (
                '```c\nchar *name(int id) {\n    char *s = malloc(32);\n    snprintf(s, 32, "bed-%d", id);\n    return s;\n}\nint main(void) { for (int i = 0; i < 9; i++) puts(name(i)); }\n```\nvalgrind complains',
                '`puts(name(i))` drops the only pointer to each block. Keep it long enough to free it:\n\n```c\nfor (int i = 0; i < 9; i++) {\n    char *s = name(i);\n    puts(s);\n    free(s);\n}\n```\n\nOr let the caller bring the buffer, and nobody has to free anything:\n\n```c\nvoid name(char out[32], int id) { snprintf(out, 32, "bed-%d", id); }\n```',
            ),
        ),
    ),
    (
        "Packing for three weeks with one bag",
        "2025-09-01 21:55",
        "gpt-5",
        (
            (
                "Three weeks, 32 litres, coast in september, one dinner that needs to look decent",
                "- 2 trousers, of which one dark\n- 4 shirts, one linen and *ironed by hanging in the shower*\n- 1 wool jumper, 1 rain jacket\n- 5 pairs of everything small, a clothes line\n- shoes you walk in; shoes you dine in, soft enough to fold\n\n"
                "Wash every fifth day. The dinner: dark trousers, linen shirt, jumper over the shoulders. No one will count.",
            ),
        ),
    ),
    (
        "Kalender: Wochen zählen in Excel",
        "2025-10-20 08:48",
        "gpt-5",
        (
            (
                "Formel für ISO-Kalenderwoche in deutschem Excel?",
                "`=ISOKALENDERWOCHE(A2)`\n\nDie ältere Form `=KALENDERWOCHE(A2;21)` liefert dasselbe; `KALENDERWOCHE(A2)` allein zählt amerikanisch und liegt in manchen Jahren daneben.",
            ),
        ),
    ),
    (
        "Trois mots pour la pluie",
        "2026-03-11 07:20",
        "gpt-5-2",
        (
            (
                "trois mots français pour la pluie fine",
                "**La bruine** (elle flotte), **le crachin** (il insiste, surtout en Bretagne), **la pluviote** (un mot rare qui mérite de revenir).",
            ),
        ),
    ),
    (
        "Naming things",
        "2026-04-02 11:11",
        "gpt-5-2",
        (
            (
                "variable name for a person's position in a queue that isn't pos, idx, n",
                "`place`. It reads as people speak: *what is my place in the queue?*",
            ),
        ),
    ),
)
