# ruff: noqa: E501 - what people say is as long as it is
"""Programs: Rust's lifetimes, a container that runs things, an editor that shares a file, a plugin."""

from __future__ import annotations

from app.demo.maker import Maker
from app.demo.talk import Talk, dumps, text


def tell(maker: Maker) -> None:
    """Tell the conversations about programming."""
    lifetimes(maker)
    sensor(maker)
    container(maker)
    editor(maker)
    plugin(maker)
    connector(maker)


def lifetimes(maker: Maker) -> None:
    """Tell the long road to understanding a borrow checker."""
    talk = Talk(maker, "Rust lifetimes again", "2024-09-15 20:10", model="gpt-4o", is_starred=True)
    talk.exchange(_LIFETIMES)
    talk.rate(talk.here, up=True, words="finally")


_LIFETIMES = (
    (
        "Why does this not compile?\n\n```rust\nfn longest(a: &str, b: &str) -> &str {\n    if a.len() > b.len() { a } else { b }\n}\n```",
        "The compiler must know how long the result may be used, and your signature does not say **whose** it is: `a`'s or `b`'s.\n\n"
        "```rust\nfn longest<'x>(a: &'x str, b: &'x str) -> &'x str {\n    if a.len() > b.len() { a } else { b }\n}\n```\n\n"
        "Read `'x` as *some stretch of the program during which both are alive*. The result may be used within it, no longer.",
    ),
    (
        "so 'x is the shorter of the two?",
        "Exactly: the caller picks the largest stretch that fits in both, which is the shorter one.\n\n"
        '```rust\nlet kept;\nlet long = String::from("rosemary");\n{\n    let short = String::from("dill");\n    kept = longest(&long, &short);\n} // `short` is dropped here\nprintln!("{kept}"); // error[E0597]: `short` does not live long enough\n```\n\n'
        "Even though `kept` would have been `rosemary`. The signature promised less than the body does.",
    ),
    (
        "And a struct that holds a reference?",
        "Then the struct cannot outlive what it points into, and its type says so:\n\n"
        "```rust\nstruct Bed<'g> {\n    name: &'g str,\n    herbs: Vec<&'g str>,\n}\n\nimpl<'g> Bed<'g> {\n    fn first(&self) -> Option<&'g str> {\n        self.herbs.first().copied()\n    }\n}\n```\n\n"
        "Note `Option<&'g str>` and not `Option<&str>`: what it returns lives as long as the *garden*, not merely as long as you hold the bed.\n\n"
        "When you find yourself writing three lifetimes, own the data instead. `String` is not a defeat.",
    ),
    (
        "`String` is not a defeat. I'm putting that on a mug. What about 'static?",
        "`'static` has two meanings that get mixed up:\n\n1. `&'static str`: a reference that is valid for the whole run, such as a literal.\n2. `T: 'static`: a type that **contains no shorter borrow**. An owned `String` qualifies, though it may be dropped in a second.\n\nThreads ask for the second.",
    ),
)


def sensor(maker: Maker) -> None:
    """Tell a review with code in several languages and a very long line."""
    talk = Talk(maker, "Moisture sensor firmware", "2025-05-17 22:05", model="gpt-4.1")
    talk.ask(
        "Sensor reads 0–4095, dry is high. Give me percent, smoothed. C++ for the board, and a query for the database it ends in."
    )
    talk.answer(_SENSOR)
    talk.ask(
        "The JSON it sends looks like this, is that ok? "
        + dumps(
            {
                "bed": "north",
                "readings": [{"at": n * 600, "moisture": 61 - n % 7} for n in range(60)],
            }
        )
    )
    talk.answer(
        'It is valid. Sixty objects with the same two keys are mostly keys, though; two arrays would be a third of the size:\n\n```json\n{"bed": "north", "every": 600, "moisture": [61, 60, 59, 58]}\n```'
    )


_SENSOR = """\
### On the board

```cpp
class Moisture {
 public:
  // Percent, 0 dry to 100 wet; a reading counts one eighth.
  int percent(int raw) {
    smooth_ += (raw - smooth_) / 8;
    return constrain(map(smooth_, kDry, kWet, 0, 100), 0, 100);
  }

 private:
  static constexpr int kDry = 3120, kWet = 1340;
  int smooth_ = kDry;
};
```

### In the database

```sql
SELECT strftime('%Y-%m-%d', at, 'unixepoch') AS day,
       round(avg(percent), 1) AS mean
FROM reading
WHERE bed = 'north'
GROUP BY day;
```

### On the page

```html
<meter min="0" max="100" low="25" value="48">48 %</meter>
```

Calibrate `kDry` in air and `kWet` in a glass of water; every sensor differs.
"""


def container(maker: Maker) -> None:
    """Tell commands run in a container, with a failing test and its repair."""
    talk = Talk(maker, "Failing test in the planner", "2025-10-28 19:33", model="gpt-5-thinking")
    talk.ask("The date test fails every autumn. Find out why.")
    talk.put(
        "assistant",
        {"content_type": "thoughts", "thoughts": _AUTUMN, "source_analysis_msg_id": talk.here},
        metadata=talk.told(reasoning_status="is_reasoning"),
        weight=0.0,
    )
    talk.call(
        "container.exec", dumps({"cmd": ["bash", "-lc", "pytest -x tests/test_dates.py"]}), "json"
    )
    talk.reply(
        "container.exec", text("E   AssertionError: 23 != 24 hours\n1 failed, 11 passed in 0.42s")
    )
    talk.put(
        "assistant",
        text("It fails on the day the clocks change. I'll look at how the day is computed."),
        metadata=talk.told(),
        channel="commentary",
        end_turn=False,
    )
    talk.call(
        "container.exec", dumps({"cmd": ["bash", "-lc", "grep -n timedelta planner/*.py"]}), "json"
    )
    talk.reply("container.exec", text("planner/days.py:14:    return start + timedelta(days=1)"))
    talk.put(
        "assistant",
        {"content_type": "reasoning_recap", "content": "Thought for 41 seconds"},
        metadata=talk.told(finished_duration_sec=41, reasoning_status="reasoning_ended"),
    )
    talk.answer(
        "`timedelta(days=1)` added to an aware time moves the *wall clock* by a day, but the test counts **real hours**: 25 on the last Sunday of October.\n\n```diff\n-    return start + timedelta(days=1)\n+    return (start.astimezone(UTC) + timedelta(hours=24)).astimezone(start.tzinfo)\n```\n\nOr ask the test what it means by a day. Gardens mean sunrise to sunrise."
    )


_AUTUMN = [
    {
        "summary": "Reproducing the failure",
        "content": "The test fails **every autumn**: that smells of daylight saving.",
        "chunks": [],
        "finished": True,
    },
    {
        "summary": "Checking how a day is added",
        "content": "If `start` is aware and zoneinfo is used, adding a `timedelta` keeps the wall time.",
        "chunks": [],
        "finished": True,
    },
]


def editor(maker: Maker) -> None:
    """Tell a question asked from an editor that shared its file."""
    talk = Talk(maker, "main.py: simplify", "2025-01-28 10:10", conversation_origin="apple")
    shared = {
        "content_type": "app_pairing_content",
        "workspaces": [{"id": "w1", "app_name": "Editor", "title": "main.py"}],
        "shared_content": [],
        "context_parts": [{"text": "def area(w, h):\n    result = w * h\n    return result\n"}],
        "thread_id": None,
    }
    talk.put("user", shared, hidden=True)
    talk.ask("simplify this")
    talk.answer(
        "```python\ndef area(width: float, height: float) -> float:\n    return width * height\n```"
    )


def plugin(maker: Maker) -> None:
    """Tell the days of plugins, of `function` and of `critic`."""
    talk = Talk(
        maker,
        "Old plugin: tide tables",
        "2023-07-21 08:05",
        model="gpt-4-plugins",
        plugin_ids=["plugin-3f1c"],
    )
    talk.ask("High water at Staithes on Saturday?")
    called = {"namespace": "tides", "plugin_id": "plugin-3f1c", "type": "remote"}
    talk.call(
        "tides__jit_plugin.getTides",
        dumps({"place": "Staithes", "day": "2023-07-22"}),
        "json",
        invoked_plugin=called,
    )
    talk.reply(
        "tides__jit_plugin.getTides",
        text(dumps({"high": ["06:52", "19:14"], "low": ["00:41", "13:02"]})),
        invoked_plugin=called,
    )
    talk.put("function", text('{"sunrise": "04:53"}'), name="sun", recipient="assistant")
    talk.put("critic", text("The answer should name both tides."), recipient="assistant")
    talk.answer(
        "High water is at **06:52** and **19:14**. For the beach below the cliffs go three hours after: from ten."
    )


def connector(maker: Maker) -> None:
    """Tell a connected sheet being read, and the developer's words behind it."""
    talk = Talk(maker, "Harvest sheet", "2025-11-30 17:20", model="gpt-5")
    talk.put(
        "developer",
        {"content_type": "developer_content", "text": "Use the connected sheet before answering."},
        hidden=True,
    )
    talk.put(
        "system", {"content_type": "system_content", "text": "Connectors: sheets."}, hidden=True
    )
    talk.ask("How many kilos of tomatoes this year, from my sheet?")
    talk.call(
        "api_tool.call_tool",
        dumps({"path": "/sheets/search", "args": {"query": "harvest 2025"}}),
        "json",
    )
    rows = {
        "rows": [
            {"month": "July", "kg": 4.2},
            {"month": "August", "kg": 11.9},
            {"month": "September", "kg": 6.4},
        ]
    }
    output = {
        "display_title": "Harvest 2025",
        "display_url": "https://sheets.example.org/harvest",
        "connector_id": "sheets",
        "connector_source": None,
    }
    talk.reply(
        "api_tool.call_tool",
        {"content_type": "citable_code_output", "output_str": dumps(rows), "metadata": output},
    )
    talk.answer("**22.5 kg**: 4.2 in July, 11.9 in August, 6.4 in September.")
    talk.ask("best year yet?")
    talk.answer("The sheet starts in 2023 with 9 kg, so: by far.")
