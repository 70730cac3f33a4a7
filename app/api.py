"""The table of operations: one page that says all the program can do.

The command line, the REST API and the window's bridge are loops over OPERATIONS.
Conventions, all visible in a signature: ``library`` first; ``task`` second if and
only if the operation is long (that alone makes it a job); everything a person
supplies is keyword-only and annotated, with its help in ``Annotated``; the
docstring's first line is the help text; the result is a frozen dataclass or a
list of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_type_hints

from app.errors import AppError, Cancelled, InvalidInput
from app.files.uses import EVERY
from app.jobs import JobRunner
from app.library import Library
from app.operations import (
    catalog,
    conversations,
    exports,
    health,
    imports,
    migration,
    search,
    sources,
)
from app.operations import settings as settings_operations
from app.operations.backups import (
    browsing,
    cleaning,
    creating,
    putting_back,
    reindexing,
    restoring,
    scheduling,
    showing,
    standing,
    statistics,
    verifying,
)
from app.operations.backups.known.passphrase import lock_backups, unlock_backups
from app.operations.backups.known.replaced import settle_restore
from app.operations.managing import table as managing
from app.operations.media import gallery, missing
from app.operations.saving import saves
from app.parameters import Parameter, read_parameter
from app.progress import Task
from db.connection import connected


@dataclass(frozen=True)
class Operation:
    """One row of the table.

    ``method`` and ``path`` are its REST address below ``/api`` ("<export>" names a
    parameter); ``command`` its words on the command line, empty where it has none.
    ``writes``: it changes the library, so it waits for the one-writer lock.
    ``leaves_unread``: it leaves files behind that are to be indexed at the next look; a
    program that stays open does that at once, within the same job.
    Operations that share a command are told apart by the option ``when``, and take all
    their values by option; ``options`` names those called otherwise than their parameter.
    """

    name: str
    function: Callable[..., Any]
    method: str
    path: str
    command: str = ""
    writes: bool = False
    leaves_unread: bool = False
    when: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What the person supplies, in the order of the signature."""
        hints = get_type_hints(self.function, include_extras=True)
        signature = inspect.signature(self.function).parameters.values()
        return tuple(
            read_parameter(each.name, hints[each.name], each.default)
            for each in signature
            if each.kind is inspect.Parameter.KEYWORD_ONLY
        )

    @cached_property
    def is_long(self) -> bool:
        """Whether it reports progress, and so runs as a job over REST."""
        return "task" in inspect.signature(self.function).parameters

    @property
    def reads_contents(self) -> bool:
        """Whether it matters to it what the catalog knows of the insides of exports.

        Backups want to know which exports there are, no more: what was edited since the
        last look need not be indexed before it can be backed up.
        """
        return self.name.partition(" ")[0] not in ("backup", "schedule")

    @property
    def help(self) -> str:
        """The first line of the function's docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def read(self, values: Mapping[str, object]) -> dict[str, object]:
        """Check values given by their wire names. Raises InvalidInput."""
        known = {parameter.wire_name: parameter for parameter in self.parameters}
        if unknown := [name for name in values if name not in known]:
            raise InvalidInput(
                f"{self.name} does not take {unknown[0]}.",
                hint=f"It takes: {', '.join(known) or 'nothing'}.",
                name=unknown[0],
            )
        given = {name: value for name, value in values.items() if value is not None}
        for name, parameter in known.items():
            if parameter.required and name not in given:
                raise InvalidInput(f"{name} is missing.", hint=parameter.help, name=name)
        return {known[name].name: known[name].read(value) for name, value in given.items()}

    def _without_secrets(self, values: Mapping[str, object]) -> dict[str, object]:
        secret = {parameter.wire_name for parameter in self.parameters if parameter.secret}
        return {name: value for name, value in values.items() if name not in secret}

    def call(self, library: Library, checked: Mapping[str, object], task: Task) -> object:
        """Do it here and now, with a catalog connection open and, if it writes, the lock."""
        first: tuple[object, ...] = (library, task) if self.is_long else (library,)
        with connected(), self._held(library, checked):
            return self.function(*first, **checked)

    def _call_whole(self, library: Library, checked: Mapping[str, object], task: Task) -> object:
        """Do it, and what the next look would: else whoever reads next had to wait for that."""
        result = self.call(library, checked, task)
        if self.leaves_unread:
            with suppress(AppError, Cancelled):  # it is done; the rest has time until that look
                catalog.follow_folders(library, task)
        return result

    def _held(
        self, library: Library, checked: Mapping[str, object]
    ) -> AbstractContextManager[None]:
        """Hold the one-writer lock, or the export that something long reads; Conflict if not."""
        if self.writes:
            return library.writing(self.name)
        if not self.is_long or not self._exports_read:
            return nullcontext()
        return library.using(str(checked.get("export") or EVERY), self.name)

    @property
    def _exports_read(self) -> bool:
        """Whether it is about exports that are there."""
        return any(each.name in ("export", "names", "a") for each in self.parameters)

    def start(
        self,
        library: Library,
        values: Mapping[str, object],
        jobs: JobRunner,
        *,
        after: Callable[[], None] | None = None,
    ) -> object:
        """Do it: at once, or, if it is long, as a job. Answers the result or the Job.

        ``after`` is called when it is over, however it ended; not if the values are refused.
        """
        checked = self.read(values)
        if self.is_long:
            shown = self._without_secrets(values)
            return jobs.start(
                self.name,
                shown,
                lambda task: self._call_whole(library, checked, task),
                writes=self.writes,
                after=after,
            )
        try:
            return self.call(library, checked, Task())
        finally:
            if after is not None:
                after()


# fmt: off
OPERATIONS: tuple[Operation, ...] = (
    Operation("source inspect",    sources.inspect_sources,          "POST",  "/sources/inspect", "inspect"),
    Operation("export import",     imports.import_export,            "POST",  "/exports", "import", writes=True),
    Operation("export list",       exports.list_exports,             "GET",   "/exports", "exports list"),
    Operation("export show",       exports.show_export,              "GET",   "/exports/<export>", "exports show"),
    Operation("export check",      exports.check_exports,            "GET",   "/exports/<export>/health", "exports check"),
    Operation("export rename",     managing.rename_export,           "PATCH", "/exports/<export>", "exports rename", writes=True),
    Operation("export delete",     managing.delete_exports,          "POST",  "/exports/delete", "exports delete", writes=True),
    Operation("export delete one", managing.delete_export,           "DELETE", "/exports/<export>", writes=True),
    Operation("export duplicate",  managing.duplicate_export,        "POST",  "/exports/<export>/duplicate", "exports duplicate", writes=True),
    Operation("export merge",      managing.merge_exports,           "POST",  "/exports/merge", "exports merge", writes=True),
    Operation("export check many", managing.check_exports,           "POST",  "/exports/check"),
    Operation("export reveal",     managing.reveal_export,           "POST",  "/exports/<export>/reveal", "exports reveal"),
    Operation("export compare",    managing.compare_exports,         "POST",  "/exports/compare", "exports compare"),
    Operation("export follow",     managing.follow_exports,          "POST",  "/exports/follow", "exports follow"),
    Operation("deleted list",      managing.list_deleted,            "GET",   "/deleted", "exports deleted"),
    Operation("deleted restore",   managing.restore_deleted,         "POST",  "/deleted/<id>/restore", "exports undelete", writes=True),
    Operation("statistics",        managing.show_statistics,         "GET",   "/statistics", "exports statistics"),
    Operation("conversation list", conversations.list_conversations, "GET",   "/conversations/<export>", "conversations list"),
    Operation("conversation show", conversations.show_conversation,  "GET",   "/conversations/<export>/<id>", "conversations show"),
    Operation("conversation outline", conversations.outline_conversation, "GET", "/conversations/<export>/<id>/outline", "conversations outline"),
    Operation("conversation save", saves.save_conversations,         "POST",  "/conversations/<export>/save", "conversations save"),
    Operation("export save",       saves.save_exports,               "POST",  "/exports/save", "exports save"),
    Operation("search save",       saves.save_found,                 "POST",  "/search/save", "conversations save-found"),
    Operation("media list",        gallery.list_media,               "GET",   "/gallery"),
    Operation("media list one",    gallery.list_media,               "GET",   "/gallery/<export>", "media list"),
    Operation("media missing",     missing.list_missing_media,       "GET",   "/missing-media/<export>", "media missing"),
    Operation("media fill",        missing.fill_missing_media,       "POST",  "/missing-media/<export>/fill", "media fill", writes=True),
    Operation("message show",      conversations.show_message,       "GET",   "/conversations/<export>/<id>/messages/<message>", "conversations raw"),
    Operation("search",            search.search_messages,           "GET",   "/search", "search"),
    Operation("catalog rebuild",   catalog.rebuild_catalog,          "POST",  "/catalog/rebuild", "catalog rebuild", writes=True),
    Operation("migration list",    migration.list_sessions,          "GET",   "/migration/sessions", "migrate", when="list"),
    Operation("migration stats",   migration.show_stats,             "GET",   "/migration/stats", "migrate", when="stats"),
    Operation("migration run",     migration.migrate_session,        "POST",  "/migration/session", "migrate", writes=True, when="session", options={"session_id": "session", "export_name": "name"}),
    Operation("migration run all", migration.migrate_sessions,       "POST",  "/migration/sessions", "migrate", writes=True, when="all", options={"session_ids": "", "export_names": "", "conflicts": ""}),
    Operation("migration history", migration.show_history,           "GET",   "/migration/history", "migrate", when="history"),
    Operation("migration undo",    migration.undo_migration,         "DELETE", "/migration/history/<run>", "migrate", writes=True, when="undo", options={"run": "undo"}),
    Operation("backup create",     creating.create_backup,           "POST",  "/exports/<export>/backups", "backup create", writes=True),
    Operation("backup bulk",       creating.create_backups,          "POST",  "/backups/bulk", "backup bulk", writes=True),
    Operation("backup run",        creating.run_due_backups,         "POST",  "/backups/run", "backup run", writes=True),
    Operation("backup list",       showing.list_backups,             "GET",   "/exports/<export>/backups", "backup list"),
    Operation("backup list all",   showing.list_backups,             "GET",   "/backups"),
    Operation("backup status",     standing.show_status,             "GET",   "/backups/status", "backup status"),
    Operation("backup stats",      statistics.show_stats,            "GET",   "/backups/stats", "backup stats"),
    Operation("backup show",       showing.show_backup,              "GET",   "/exports/<export>/backups/<id>", "backup show"),
    Operation("backup browse",     browsing.browse_backup,           "GET",   "/exports/<export>/backups/<id>/files", "backup browse"),
    Operation("backup conversation", browsing.show_backed_up_conversation, "GET", "/exports/<export>/backups/<id>/conversation", "backup conversation"),
    Operation("backup preview",    showing.preview_restore,          "GET",   "/exports/<export>/backups/<id>/preview", "backup preview", options={"only": "only"}),
    Operation("backup verify",     verifying.verify_backups,         "POST",  "/exports/<export>/backups/<id>/verify", "backup verify"),
    Operation("backup verify export", verifying.verify_backups,      "POST",  "/exports/<export>/backups/verify"),
    Operation("backup verify all", verifying.verify_backups,         "POST",  "/backups/verify"),
    Operation("backup restore",    restoring.restore_backup,         "POST",  "/exports/<export>/backups/<id>/restore", "backup restore", writes=True, leaves_unread=True, options={"only": "only"}),
    Operation("backup settle",     settle_restore,                   "POST",  "/exports/<export>/backups/settle", "backup settle", writes=True),
    Operation("backup put back",   putting_back.put_back,            "POST",  "/exports/<export>/backups/put-back", "backup put-back", writes=True, leaves_unread=True),
    Operation("backup pin",        cleaning.pin_backup,              "POST",  "/exports/<export>/backups/<id>/pin", "backup pin"),
    Operation("backup unpin",      cleaning.unpin_backup,            "POST",  "/exports/<export>/backups/<id>/unpin", "backup unpin"),
    Operation("backup delete",     cleaning.delete_backup,           "DELETE", "/exports/<export>/backups/<id>", "backup delete", writes=True),
    Operation("backup cleanup",    cleaning.clean_up_backups,        "POST",  "/exports/<export>/backups/cleanup", "backup cleanup", writes=True),
    Operation("backup cleanup all", cleaning.clean_up_backups,       "POST",  "/backups/cleanup", writes=True),
    Operation("backup reindex",    reindexing.reindex_backups,       "POST",  "/backups/reindex", "backup reindex", writes=True),
    Operation("backup unlock",     unlock_backups,                   "POST",  "/backups/unlock", "backup unlock"),
    Operation("backup lock",       lock_backups,                     "POST",  "/backups/lock", "backup lock"),
    Operation("schedule show",     scheduling.show_schedule,         "GET",   "/backups/schedule", "backup schedule"),
    Operation("schedule change",   scheduling.change_schedule,       "PATCH", "/backups/schedule", "backup plan"),
    Operation("schedule entry",    scheduling.list_entries,          "GET",   "/backups/schedule/entry", "backup entry"),
    Operation("settings show",     settings_operations.show_settings, "GET",  "/settings"),
    Operation("settings change",   settings_operations.change_settings, "PATCH", "/settings"),
    Operation("health",            health.show_health,               "GET",   "/health"),
)
# fmt: on

BY_NAME = {operation.name: operation for operation in OPERATIONS}
