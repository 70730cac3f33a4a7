"""Results for people at a terminal: one renderer a type of result."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from rich.console import Console
from rich.text import Text

from app.core.sizes import readable_size
from app.interfaces.terminal import exports_text, migration_text, taking_out_text
from app.interfaces.terminal.backups import text as backups_text
from app.interfaces.terminal.exports_text import tally
from app.interfaces.terminal.phrases import count, day, duration, line, moment, plain
from app.interfaces.terminal.tables import facts, problems, table
from app.interfaces.wire import to_wire
from app.operations.managing.results import (
    CheckedExports,
    Comparison,
    DeletedExport,
    DeletedExports,
    DuplicatedExport,
    ExportDetails,
    Followed,
    MergedExports,
    RecentlyDeleted,
    RenamedExport,
    RestoredExport,
    RevealedExport,
    Statistics,
)
from app.operations.media.results import FilledMedia, MediaPage, MissingMediaList
from app.operations.migrating.results import (
    LegacySessionShown,
    MigrationReport,
    MigrationStats,
    UndoneMigration,
)
from app.operations.results import (
    ConversationOutline,
    ConversationPage,
    ConversationSummary,
    ConversationView,
    ExportHealth,
    ExportSummary,
    Health,
    ImportReport,
    Inspection,
    RawMessage,
    RebuiltCatalog,
    SearchPage,
    ServiceHealth,
    SettingShown,
    ShownMessage,
)
from app.operations.saving.results import SavedConversations

WIDE = 10_000  # columns where the output is no terminal: nothing is cut


def show(result: object) -> None:
    """Print a result on standard output, as tables and short sentences."""
    console = Console(highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        _print(result, console)
        return
    page = io.StringIO()
    _print(result, Console(file=page, width=WIDE, highlight=False, markup=False, emoji=False))
    for row in page.getvalue().removesuffix("\n").split("\n"):
        print(row.rstrip())


def _print(result: object, console: Console) -> None:
    if not isinstance(result, list):
        render(result, console)
    elif result and type(result[0]) in _TABLES:
        _TABLES[type(result[0])](result, console)
    elif result:
        for each in result:
            render(each, console)
    else:
        console.print("Nothing here yet.")


@singledispatch
def render(result: object, console: Console) -> None:
    """Print one result; a type without words of its own shows its fields."""
    wire = to_wire(result)
    fields = wire.items() if isinstance(wire, dict) else [("", wire)]
    facts(console, [(name, line(str(value))) for name, value in fields])


@render.register
def _inspection(result: Inspection, console: Console) -> None:
    console.print(f"This is a ChatGPT export ({line(result.kind)}, {line(result.layout)}).")
    shown = [
        ("conversations", f"{result.conversations:,}"),
        ("messages", f"{result.messages:,}"),
        ("media", f"{result.assets:,}"),
        ("size", readable_size(result.bytes)),
        ("account", line(result.account)),
        ("exported", moment(result.exported_at)),
    ]
    facts(console, shown)
    problems(console, result.problems)


@render.register
def _import(result: ImportReport, console: Console) -> None:
    did = "Imported as" if result.created else "Merged into"
    console.print(f"{did} “{line(result.export)}” in {duration(result.seconds)}.")
    counts, assets = result.conversations, result.assets
    if not result.created and not (counts.added or counts.updated or assets.stored):
        console.print("Nothing in it was new.")
    shown = [
        ("conversations", f"{counts.added:,} added, {counts.updated:,} updated"),
        ("", f"{counts.unchanged:,} unchanged, {counts.failed:,} failed"),
        ("messages", f"{result.messages:,}"),
        ("media", f"{assets.stored:,} stored, {assets.missing:,} missing"),
        ("no longer there", f"{result.gone:,} kept" if result.gone else ""),
        ("not understood", tally(result.not_understood)),
    ]
    facts(console, shown)
    problems(console, result.warnings)


@render.register
def _health(result: Health, console: Console) -> None:
    for each in result.exports:
        _export_health(each, console)


def _export_health(result: ExportHealth, console: Console) -> None:
    verdict = "is whole" if result.ok else "has problems"
    console.print(f"“{line(result.export)}” {verdict}: {count(result.checked, 'file')} checked.")
    problems(console, result.problems)


@render.register
def _conversations(result: ConversationPage, console: Console) -> None:
    rows = [
        (
            line(each.title) or "Untitled",
            day(each.updated_at),
            f"{each.message_count:,}",
            ", ".join(_marks(each)),
            each.id,
        )
        for each in result.items
    ]
    table(console, ("Title", "Updated", "Messages", "", "Id"), rows, right=(2,))
    console.print(f"{len(result.items):,} of {count(result.total, 'conversation')}.")
    _more(console, result.next)


def _marks(each: ConversationSummary) -> Iterable[str]:
    if each.starred:
        yield "starred"
    if each.archived:
        yield "archived"
    if each.has_media:
        yield "media"
    if each.branches > 1:
        yield f"{each.branches} branches"
    if each.gone:
        yield "no longer in the source"


@render.register
def _conversation(result: ConversationView, console: Console) -> None:
    console.print(Text(line(result.title) or "Untitled", "bold"))
    span = f"{day(result.created_at)} to {day(result.updated_at)}"
    models = f" · {line(', '.join(result.models))}" if result.models else ""
    console.print(f"{span} · {count(result.message_count, 'message')}{models}")
    for message in result.messages:
        _message(console, message)
    _more(console, result.next)


@render.register
def _outline(result: ConversationOutline, console: Console) -> None:
    for warning in result.warnings:
        console.print(f"! {line(warning)}")
    for question in result.questions:
        console.print(f"{question.message}  {line(question.text)}")
    console.print(f"{count(result.shown_count, 'message')} shown.")
    if result.hidden_count:
        noun = count(result.hidden_count, "more is", "more are")
        console.print(f"{noun} hidden; --hidden shows them.")


def _message(console: Console, message: ShownMessage) -> None:
    head = [line(message.author or message.role), moment(message.created_at), line(message.model)]
    if message.branch is not None and message.branch.count > 1:
        head.append(f"{message.branch.index} of {message.branch.count}")
    console.print()
    console.print(Text(" · ".join(each for each in head if each), "bold"))
    if message.display == "fold" and message.label:
        console.print(Text(line(message.label), "italic"))
    if message.text:
        console.print(plain(message.text))
    for asset in message.assets:
        where = f"missing: {line(asset.missing)}" if asset.path is None else line(asset.path)
        console.print(f"[{asset.kind}] {line(asset.name)} ({where})")


@render.register
def _raw(result: RawMessage, console: Console) -> None:
    console.print(plain(result.json), soft_wrap=True)


@render.register
def _hits(result: SearchPage, console: Console) -> None:
    for hit in result.hits:
        console.print(
            Text.assemble(
                (line(hit.title) or "Untitled", "bold"),
                f" · {line(hit.role)} · {day(hit.created_at)} · {line(hit.export)}",
            )
        )
        console.print(Text("  ").append_text(_snippet(hit.snippet)))
        console.print(Text(f"  {hit.conversation_id}", "dim"))
    found = count(result.total, "message")
    console.print(f"{found} found in {result.milliseconds:.0f} ms.")
    _more(console, result.next)


def _snippet(markup: str) -> Text:
    """Turn a snippet's HTML, escaped text with marks, into text with the words found bold."""
    text = Text()
    for number, part in enumerate(markup.replace("</mark>", "<mark>").split("<mark>")):
        text.append(line(f"|{html.unescape(part)}|")[1:-1], "bold" if number % 2 else "")
    return text


@render.register
def _rebuilt(result: RebuiltCatalog, console: Console) -> None:
    holds = (count(result.exports, "export"), count(result.conversations, "conversation"))
    console.print(f"The catalog was made again in {duration(result.seconds)}: {', '.join(holds)}.")
    problems(console, result.problems)


def _settings(results: Sequence[SettingShown], console: Console) -> None:
    rows = [(each.key, _setting(each.value), line(each.meaning)) for each in results]
    table(console, ("Setting", "Value", "Meaning"), rows)


@render.register
def _one_setting(result: SettingShown, console: Console) -> None:
    _settings([result], console)


@render.register
def _service(result: ServiceHealth, console: Console) -> None:
    shown = [("status", result.status), ("version", result.version), ("library", result.library)]
    facts(console, [*shown, ("holds", tally(result.counts))])


render.register(SavedConversations)(taking_out_text.show_saved)
render.register(MediaPage)(taking_out_text.show_media)
render.register(MissingMediaList)(taking_out_text.show_missing)
render.register(FilledMedia)(taking_out_text.show_filled)
backups_text.register(render)
render.register(MigrationReport)(migration_text.show_report)
render.register(MigrationStats)(migration_text.show_stats)
render.register(UndoneMigration)(migration_text.show_undone)
render.register(ExportDetails)(exports_text.show_details)
render.register(RenamedExport)(exports_text.show_renamed)
render.register(DeletedExport)(exports_text.show_one_deleted)
render.register(DeletedExports)(exports_text.show_deleted)
render.register(DuplicatedExport)(exports_text.show_duplicated)
render.register(MergedExports)(exports_text.show_merged)
render.register(CheckedExports)(exports_text.show_checked)
render.register(Followed)(exports_text.show_followed)
render.register(Comparison)(exports_text.show_comparison)
render.register(RevealedExport)(exports_text.show_revealed)
render.register(RestoredExport)(exports_text.show_restored)
render.register(Statistics)(exports_text.show_statistics)

_TABLES: Mapping[type, Callable[[Any, Console], None]] = {
    ExportSummary: exports_text.show_list,
    RecentlyDeleted: exports_text.show_trash,
    SettingShown: _settings,
    **backups_text.TABLES,
    LegacySessionShown: migration_text.show_sessions,
}


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return line(str(value)) or "(empty)"


def _more(console: Console, cursor: str | None) -> None:
    if cursor is not None:
        console.print(f"More: --after {line(cursor)}")
