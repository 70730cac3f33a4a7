"""What must hold, one function a bar: each makes its material, measures, and judges."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.api import BY_NAME
from app.core.blocks import Content
from app.core.conversation.reading import Reading
from app.files.export_folder import ExportFolder, ExportRecord
from app.interfaces.wire import to_wire
from app.library import Library, open_library
from app.progress import Task
from app.rendering.message import render_message
from db import conversations as catalog
from db.connection import close_catalog, connected
from db.models import Export
from run import PROGRAMS
from tests.bench import backup, exports, material
from tests.bench.browsing import exports_page
from tests.bench.measure import Verdict, child, outside, paired, peak_private_memory, ratios
from tests.bench.migrating import legacy
from tests.bench.migrating.space import space
from tests.bench.product import import_all
from tests.bench.taking_out import markdown
from tests.bench.window import endurance, starting
from tests.bench.window.opened import own_screen

GIBIBYTE = 1024**3
MEMORY_BAR = 300  # MiB
PAGE = 50  # messages
LONG = 5_000  # messages


def conversations(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Import 5,000 conversations, 150 MiB of JSON, against the bare floor."""
    json, archive = scratch / "conversations.json", scratch / "archive.zip"
    material.write_json(json, material.conversations(1, count=5_000))
    material.write_archive(archive, json)
    size = json.stat().st_size / material.MEBIBYTE
    found = ratios(child("product", archive), child("floor", archive), scratch, pairs)
    yield paired(f"import of 5,000 conversations, {size:.0f} MiB, to a bare floor", 1.5, found)


def media(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Import 1 GiB of media against unzip."""
    unzip = PROGRAMS["unzip"].find()
    if unzip is None:
        raise SystemExit("unzip is not here; this bar cannot be measured without it")
    archive = scratch / "media.zip"
    material.write_media_archive(archive, GIBIBYTE)
    theirs = outside(unzip, "-q", str(archive), "-d", "{}")
    found = ratios(child("product", archive), theirs, scratch, pairs)
    yield paired("import of 1 GiB of media, to unzip", 1.4, found)


def migration(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Migrate 1,000 conversations with 500 MB of media against copying and hashing the folder."""
    source = legacy.write_session(scratch / "old", 1_000, 500_000_000)
    ours, theirs = child("migrating.migrated", source), legacy.copied_and_hashed(source)
    found = ratios(ours, theirs, scratch, pairs)
    what = "migration of 1,000 conversations with 500 MB, to `cp -a` and its SHA-256"
    yield paired(what, 2, found)


def memory(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Import conversations.json of 1 and 2 GiB; once each, memory does not vary by luck."""
    first = 0.0
    for gibibytes in (1, 2):
        json = scratch / "conversations.json"
        material.write_json(json, material.conversations(gibibytes, size=gibibytes * GIBIBYTE))
        peak, seconds = peak_private_memory(json, scratch)
        json.unlink()
        first = first or peak
        what = f"private memory of importing {gibibytes} GiB of conversations"
        detail = f"in {seconds:.0f} s; {peak / first:.2f} times that of 1 GiB"
        yield Verdict(what, peak / material.MEBIBYTE, MEMORY_BAR, "MiB", detail)


def page(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Show 50 messages of a 5,000-message conversation never seen, against rendering such 50 alone.

    What is shown and what is rendered alone is never the same text: no cache may help either.
    Both are one thread's work, so the processor's time is judged: a busy machine changes it little.
    """
    library, shown, alone = long_conversations(scratch, 3 * pairs + 1)
    found = []
    for number, (conversation, contents) in enumerate(zip(shown, alone, strict=True)):
        if number % 2:
            theirs = worked(render_alone, contents)
            found.append((worked(show_page, library, conversation), theirs))
        else:
            ours = worked(show_page, library, conversation)
            found.append((ours, worked(render_alone, contents)))
    close_catalog()
    del found[0]  # the first of all pays for what Python loads on first use
    yield paired(f"first {PAGE} of {LONG:,} messages, to rendering such {PAGE} alone", 1.3, found)


def long_conversations(scratch: Path, pairs: int) -> tuple[Library, list[str], list[list[Content]]]:
    """Import long conversations; answer the ids of one half, the first messages of the other."""
    json, ids, contents = scratch / "conversations.json", [], []

    def made() -> Iterator[bytes]:
        for seed in range(2 * pairs):
            each = material.Writer(seed).conversation(LONG, rich=True, branch=False)
            if seed % 2:
                contents.append(first_contents(each))
            else:
                ids.append(each["id"])
                yield msgspec.json.encode(each)

    material.write_json(json, made())
    import_all(json, scratch / "run")
    gc.collect()
    gc.freeze()  # what was made here must not burden what is measured
    return open_library(scratch / "run"), ids, contents


def first_contents(conversation: dict) -> list[Content]:
    """Answer the first messages of a conversation, understood and ready to render."""
    reading = Reading.of(conversation)
    return [reading.content(node) for node in reading.path()[:PAGE]]


def render_alone(contents: list[Content]) -> list[str]:
    return [render_message(content, lambda reference: None) for content in contents]


def show_page(library: Library, conversation: str) -> object:
    values = {"export": "bench", "id": conversation, "limit": PAGE}
    return answer("conversation show", library, values)


def answer(name: str, library: Library, values: dict) -> object:
    """Do an operation as the server does, up to what goes on the wire."""
    operation = BY_NAME[name]
    return to_wire(operation.call(library, operation.read(values), Task()))


def worked(do: Callable[..., object], *arguments: object) -> float:
    """Answer the seconds the processor worked for this process, the system's part included."""
    began = time.process_time()
    do(*arguments)
    return time.process_time() - began


def seconds(do: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    do(*arguments)
    return time.perf_counter() - began


def lists(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Answer the first page of lists of 20,000 and 200,000 conversations, by every order."""
    for count in (20_000, 200_000):
        library = open_library(scratch / f"run-{count}")
        fill(library, count)
        worst, orders = 0.0, []
        for sort in catalog.SORTS:
            values = {"export": "bench", "sort": sort}
            answer("conversation list", library, values)
            took = [seconds(answer, "conversation list", library, values) for _ in range(30)]
            worst = max(worst, statistics.median(took))
            orders.append(f"{sort} {statistics.median(took) * 1000:.1f}")
        close_catalog()
        what = f"first page of {count:,} conversations, slowest order"
        yield Verdict(what, worst * 1000, 20, "ms", ", ".join(orders))


def fill(library: Library, count: int) -> None:
    """Put an export of so many conversations into the catalog, its folder beside it."""
    folder = ExportFolder(library.exports / "bench")
    folder.path.mkdir()
    now = datetime.now(UTC)
    folder.write_record(ExportRecord(id="bench", name="bench", created_at=now, updated_at=now))
    with connected():
        export = Export.create(
            key="bench",
            name="bench",
            folder="bench",
            stamp=folder.stamp(),
            created_at=now.timestamp(),
            updated_at=now.timestamp(),
            conversation_count=count,
        )
        catalog.add(export.row, map(listed, range(count)))


def listed(number: int) -> catalog.NewConversation:
    """Answer one conversation of a list; titles and times are in no order."""
    mixed = number * 7919 % 200_003
    title = f"Conversation {mixed:06d} about a garden"
    return catalog.NewConversation(
        id=f"c-{number}",
        file=f"{number}.json",
        title=title,
        title_key=title.casefold(),
        created_at=1.6e9 + mixed * 700,
        updated_at=1.6e9 + mixed * 900,
        message_count=mixed % 97,
        models='{"gpt-4o": 3}',
        starred=False,
        archived=False,
        gone=False,
        has_media=False,
        branches=0,
        project="",
        messages=(),
    )


def bridge(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Call over the window's bridge, against a bare pywebview function on the same page."""
    ours, bare = (child("window.calls", Path(kind)) for kind in ("ours", "bare"))
    with own_screen() as screen:
        os.environ["DISPLAY"] = screen  # for the programs that are measured
        found = ratios(ours, bare, scratch, pairs)
    yield paired("500 calls over the bridge, to a bare pywebview function", 1.3, found)


BARS: dict[str, Callable[[Path, int], Iterator[Verdict]]] = {
    "import": conversations,
    "media": media,
    "migration": migration,
    "space": space,
    "memory": memory,
    "page": page,
    "list": lists,
    "bridge": bridge,
    **starting.BARS,
    "endurance": endurance.endurance,
    "exports-look": exports.look,
    "exports-list": exports.listing,
    "exports-page": exports_page,
    "markdown": markdown,
    **backup.BARS,
}
