# ruff: noqa: E501 - what people say is as long as it is
"""Short conversations about house, kitchen and garden: (title, started, model, exchanges)."""

from __future__ import annotations

from app.demo.words import Short

SHORT: tuple[Short, ...] = (
    (
        "Sourdough that will not rise",
        "2023-02-11 08:20",
        "text-davinci-002-render-sha",
        (
            (
                "my sourdough is flat as a stone for the third time. starter bubbles fine in the jar. what am I doing wrong?",
                "A lively starter and a flat loaf usually mean the dough was **underproofed**, not that the yeast is weak.\n\n"
                "Look for these signs before you shape it:\n\n"
                "1. It has grown by about half, not doubled.\n"
                "2. The edge where it meets the bowl is domed, not flat.\n"
                "3. It jiggles when you nudge the bowl.\n\n"
                "At 20 °C this often takes **7 to 9 hours**, far longer than most recipes say.",
            ),
            (
                "kitchen is 17 degrees in winter so that explains it",
                "It does. Put the bowl in the oven with only the light on: that is close to 26 °C, and your seven hours become about five.",
            ),
        ),
    ),
    (
        "Descaling a kettle",
        "2023-03-02 18:44",
        "text-davinci-002-render-sha",
        (
            (
                "vinegar or citric acid for the kettle?",
                "Citric acid. It works as well, smells of nothing, and does not leave a taste of salad in your tea. Two level teaspoons in half a litre, "
                "bring to the boil, wait twenty minutes, rinse twice.",
            ),
        ),
    ),
    (
        "Why are my tomato leaves curling",
        "2023-06-18 19:02",
        "gpt-4",
        (
            (
                "The lower leaves of my tomatoes roll up lengthwise but stay green. No insects that I can see.",
                "That is almost certainly **physiological leaf roll**: a reaction to heat, wind or uneven watering. It looks alarming and costs you nothing.\n\n"
                "| What you see | Likely cause | Do |\n|---|---|---|\n"
                "| Rolled, green, low on the plant | heat or irregular water | mulch, water deeply twice a week |\n"
                "| Rolled *and* twisted, at the top | drift of a weedkiller | wait; remove only if it gets worse |\n"
                "| Rolled with yellow veins | a virus | pull the plant, do not compost it |",
            ),
            (
                "It's the first row then. Does mulch from the lawn work?",
                "Yes, if you let the clippings dry for a day first. Fresh ones mat together and turn sour. A layer of three centimetres is enough.",
            ),
        ),
    ),
    (
        "Letter to the landlord about the boiler",
        "2023-11-20 07:55",
        "gpt-4",
        (
            (
                "Write a polite but firm note: boiler has been failing since Thursday, 14°C in the bedroom, third time this winter.",
                "Subject: **Heating failure since Thursday, third this winter**\n\n"
                "Dear Ms Okafor,\n\n"
                "the boiler has been out since Thursday evening; this morning the bedroom was at 14 °C. It is the third failure this winter, after 3 and 9 November.\n\n"
                "Please let me know by tomorrow noon when a technician will come. I am at home all day on Wednesday and Friday, and can be there at an hour's notice otherwise.\n\n"
                "With kind regards",
            ),
            (
                "bit softer in the second paragraph",
                "> Could you let me know by tomorrow noon when a technician might come? Wednesday and Friday suit me all day; otherwise I can be there at an hour's notice.",
            ),
        ),
    ),
    (
        "What to do with a glut of courgettes",
        "2023-08-07 17:30",
        "gpt-4",
        (
            (
                "I have eleven courgettes. Help.",
                "Eleven is a good number; here is a week of it.\n\n"
                "- **Monday**: grated into fritters with feta and dill (3)\n- **Tuesday**: ribbons, lemon, almonds, raw (1)\n"
                "- **Thursday**: roasted with tomatoes until they collapse, over pasta (3)\n- **Saturday**: a cake, as with carrots, but squeeze them first (2)\n\n"
                "Leave two on a neighbour's step, ring, and run.",
            ),
            (
                "ha. recipe for the cake please",
                "For a 24 cm tin:\n\n- 300 g courgette, grated, squeezed dry\n- 250 g flour, 2 tsp baking powder, a pinch of salt\n- 180 g sugar\n- 3 eggs\n- 150 ml sunflower oil\n- zest of a lemon\n\n1. Whisk eggs and sugar until pale, then the oil.\n2. Fold in the dry things, then courgette and zest.\n3. Bake 45 minutes at 175 °C.",
            ),
        ),
    ),
    (
        "Moving checklist",
        "2024-02-03 10:12",
        "gpt-4",
        (
            (
                "We move on the 29th. Make me a checklist for the four weeks.",
                "## Four weeks before\n- [x] Give notice on the old flat\n- [x] Book the van\n- [ ] Measure the new stairwell (the sofa!)\n\n"
                "## Two weeks before\n- [ ] Redirect the post\n- [ ] Electricity: tell both companies the date\n- [ ] Eat the freezer empty\n\n"
                "## The last three days\n- [ ] Defrost the fridge **on the 27th**\n- [ ] Photograph the meters\n- [ ] Pack one box named *first night*: kettle, cups, sheets, screwdriver, lamp",
            ),
            (
                "what should go in the first night box that people forget",
                "Toilet paper, a kitchen knife, bin bags, a phone charger, and the screws of the bed. Tape those to its frame.",
            ),
        ),
    ),
    (
        "Removing candle wax from a tablecloth",
        "2024-12-27 11:05",
        "gpt-4o",
        (
            (
                "beeswax on linen, quickly, mother in law arrives at 3",
                "1. Ice cube in a bag on the wax for five minutes; snap off what you can.\n2. Brown paper above and below, iron on *wool*, move to fresh paper until nothing comes.\n"
                "3. A drop of washing-up liquid on the shadow, rinse with hot water.\n\nForty minutes with drying. You have time for a cup of tea.",
            ),
        ),
    ),
    (
        "Composting in a small yard",
        "2024-04-14 16:20",
        "gpt-4-turbo",
        (
            (
                "How do I compost on 4 square metres without annoying the neighbours?",
                "A closed wooden bin of 60 × 60 cm is plenty for two people. Smell comes from too much wet stuff, so keep a sack of dry leaves beside it and give "
                "**two handfuls of brown for each handful of green**. Nothing cooked, no citrus mountains, and stir it every other week.",
            ),
            (
                "What counts as brown?",
                "Dry leaves, shredded cardboard, egg boxes, straw, twigs thinner than a pencil. Paper with glossy print does not.",
            ),
            (
                "and worms?",
                "They come by themselves once the bottom stands on soil. If it stands on paving, give it a bucket of finished compost from someone: that is full of them.",
            ),
        ),
    ),
    (
        "Names for a ginger cat",
        "2024-05-01 20:31",
        "gpt-4o",
        (
            (
                "She is ginger, suspicious and sits on books",
                "**Paprika**, **Marginalia** (Margie when she is good), **Saffron**, **Colophon**, **Miss Tansy**.",
            ),
            ("Marginalia it is", "A fine name for someone who leaves her mark on every page. 🐈"),
        ),
    ),
    (
        "Knitting pattern arithmetic",
        "2025-01-19 15:48",
        "gpt-4o",
        (
            (
                "Gauge is 22 stitches / 10 cm, pattern says 18. I need 46 cm width. how many stitches",
                "At your own gauge: \\(46 \\times \\frac{22}{10} = 101.2\\), so cast on **101** (or 102 if the pattern repeats over two).\n\n"
                "The pattern would have said \\(46 \\times 1.8 \\approx 83\\): at your tension that is only 37.7 cm.",
            ),
        ),
    ),
    (
        "When to prune lavender",
        "2025-08-24 09:15",
        "gpt-5",
        (
            (
                "When do I prune lavender, and how hard?",
                "Right after it flowers, so about now. Take off the flower stems **and a third of this year's green growth**, but never into bare wood: lavender does not sprout again from it.\n\n"
                "In March only tidy what the frost has killed.",
            ),
            (
                "Mine is woody up to 30 cm, is it lost?",
                "For its shape, yes; for its life, no. Take ten cuttings this week: 8 cm, from shoots without flowers, lower leaves off, into sandy soil in the shade. Half will root by October.",
            ),
        ),
    ),
    (
        "Christmas menu for seven, one vegan",
        "2025-12-06 13:40",
        "gpt-5",
        (
            (
                "Seven people, one vegan, one oven. I want everyone to eat the same main.",
                "**Starter** Celeriac soup with hazelnut oil\n\n**Main** Mushroom, chestnut and lentil pie with an olive-oil crust; red cabbage with apple; roast potatoes in rapeseed oil\n\n"
                "**Dessert** Poached pears, dark chocolate, a bowl of cream for those who want it\n\n"
                "The pie can be filled on the 23rd. On the day the oven does potatoes at 200 °C, then both together at 190 °C for 40 minutes.",
            ),
        ),
    ),
    (
        "Squeaky stairs",
        "2026-01-17 18:05",
        "gpt-5",
        (
            (
                "third stair from the top squeaks, carpet on it, no access from below",
                "There are screws made for that: they go through the carpet and snap off below its surface. Find the joist by knocking, set three in a row 10 cm apart, wiggle off the heads. Talcum powder does not last.",
            ),
        ),
    ),
    (
        "Seed order for spring",
        "2026-02-08 19:26",
        "gpt-5-2",
        (
            (
                "Last year: too many beans, no late salad. Budget 25. North wall bed plus two tubs.",
                "| Seed | Where | Sow | About |\n|:--|:--|:--|--:|\n| Winter purslane | north bed | Aug–Sep | 2.40 |\n| Lamb's lettuce | tubs | Aug | 2.10 |\n"
                "| Chervil | north bed | Mar, again Aug | 1.90 |\n| Dwarf bean, *one* packet | tub 1 | May | 3.20 |\n| Red-veined sorrel | north bed | Apr | 2.60 |\n| Nasturtium | edge | May | 2.30 |\n\n"
                "That is **14.50**, which leaves you room for one foolish thing from the catalogue.",
            ),
            (
                "The foolish thing is a fig tree",
                "Then it is not foolish: a fig against the *south* wall, in a tub sunk into the ground so that its roots stay cramped. Figs fruit out of boredom.",
            ),
        ),
    ),
)
