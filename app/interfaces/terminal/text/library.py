"""The library in words: exports in a list, imports, conversations, what was found, settings."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from app.core.sizes import readable_size
from app.interfaces.terminal.phrases import count, day, duration, line, moment, plain
from app.interfaces.terminal.tables import facts, more, problems, table, tally
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


def _exports(results: Sequence[ExportSummary], console: Console) -> None:
    """Print a table of exports."""
    rows = [
        (
            line(each.name),
            f"{each.conversation_count:,}",
            f"{each.message_count:,}",
            f"{each.media_count:,}",
            readable_size(each.size_bytes),
            day(each.created_at),
            count(each.problems, "problem") if each.problems else each.health,
        )
        for each in results
    ]
    titles = ("Export", "Conversations", "Messages", "Media", "Size", "Imported", "Health")
    table(console, titles, rows, right=(1, 2, 3, 4))


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


def _health(result: Health, console: Console) -> None:
    for each in result.exports:
        _export_health(each, console)


def _export_health(result: ExportHealth, console: Console) -> None:
    verdict = "is whole" if result.ok else "has problems"
    console.print(f"“{line(result.export)}” {verdict}: {count(result.checked, 'file')} checked.")
    problems(console, result.problems)


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
    more(console, result.next)


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


def _conversation(result: ConversationView, console: Console) -> None:
    console.print(Text(line(result.title) or "Untitled", "bold"))
    span = f"{day(result.created_at)} to {day(result.updated_at)}"
    models = f" · {line(', '.join(result.models))}" if result.models else ""
    console.print(f"{span} · {count(result.message_count, 'message')}{models}")
    for message in result.messages:
        _message(console, message)
    more(console, result.next)


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


def _raw(result: RawMessage, console: Console) -> None:
    console.print(plain(result.json), soft_wrap=True)


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
    more(console, result.next)


def _snippet(markup: str) -> Text:
    """Turn a snippet's HTML, escaped text with marks, into text with the words found bold."""
    text = Text()
    for number, part in enumerate(markup.replace("</mark>", "<mark>").split("<mark>")):
        text.append(line(f"|{html.unescape(part)}|")[1:-1], "bold" if number % 2 else "")
    return text


def _rebuilt(result: RebuiltCatalog, console: Console) -> None:
    holds = (count(result.exports, "export"), count(result.conversations, "conversation"))
    console.print(f"The catalog was made again in {duration(result.seconds)}: {', '.join(holds)}.")
    problems(console, result.problems)


def _settings(results: Sequence[SettingShown], console: Console) -> None:
    rows = [(each.key, _setting(each.value), line(each.meaning)) for each in results]
    table(console, ("Setting", "Value", "Meaning"), rows)


def _one_setting(result: SettingShown, console: Console) -> None:
    _settings([result], console)


def _service(result: ServiceHealth, console: Console) -> None:
    shown = [("status", result.status), ("version", result.version), ("library", result.library)]
    facts(console, [*shown, ("holds", tally(result.counts))])


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return line(str(value)) or "(empty)"


RENDERERS: Mapping[type, Callable[[Any, Console], None]] = {
    Inspection: _inspection,
    ImportReport: _import,
    Health: _health,
    ConversationPage: _conversations,
    ConversationView: _conversation,
    ConversationOutline: _outline,
    RawMessage: _raw,
    SearchPage: _hits,
    RebuiltCatalog: _rebuilt,
    SettingShown: _one_setting,
    ServiceHealth: _service,
}

TABLES: Mapping[type, Callable[[Any, Console], None]] = {
    ExportSummary: _exports,
    SettingShown: _settings,
}
