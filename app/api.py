"""The table of operations: one page that says all the program can do.

The command line, the REST API and the window's bridge are loops over OPERATIONS.
Conventions, all visible in a signature: ``library`` first; ``task`` second if and
only if the operation is long (that alone makes it a job); everything a person
supplies is keyword-only and annotated, with its help in ``Annotated``; the
docstring's first line is the help text; the result is a frozen dataclass or a
list of them.

A row names its function by module and name below ``app.operations``, and looks it up
when it is first called or described: starting the program loads only what it is asked.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any, get_type_hints

from app.errors import AppError, Cancelled, InvalidInput
from app.files.uses import EVERY
from app.jobs import JobRunner
from app.library import Library
from app.parameters import Parameter, read_parameter
from app.progress import Task
from db.connection import connected

_ROOM = "app.operations"
_NAME = re.compile(r"<(\w+)>")
_WHOLE = {"limit": 1_000_000_000}


@dataclass(frozen=True)
class Operation:
    """One row of the table.

    ``does`` is the function, or its name below ``app.operations``: "exports.list_exports".
    ``method`` and ``path`` are its REST address below ``/api`` ("<export>" names a
    parameter); ``command`` its words on the command line, empty where it has none.
    ``writes``: it changes the library, so it waits for the one-writer lock.
    ``leaves_unread``: it leaves files behind that are to be indexed at the next look; a
    program that stays open does that at once, within the same job.
    Operations that share a command are told apart by the option ``when``, and take all
    their values by option; ``options`` names those called otherwise than their parameter,
    ``typed`` has what the command line asks for where the person says nothing: who reads in
    a terminal wants a list whole, who calls over REST a page.
    """

    name: str
    does: Callable[..., Any] | str
    method: str
    path: str
    command: str = ""
    writes: bool = False
    leaves_unread: bool = False
    when: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def function(self) -> Callable[..., Any]:
        """What is called; its module is loaded now if it was not yet."""
        if not isinstance(self.does, str):
            return self.does
        module, _, name = self.does.rpartition(".")
        found: Callable[..., Any] = getattr(import_module(f"{_ROOM}.{module}"), name)
        return found

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

    @property
    def path_names(self) -> list[str]:
        """The parameters that stand in its address."""
        return _NAME.findall(self.path)

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
            from app.operations.managing.following import follow_folders

            with suppress(AppError, Cancelled):  # it is done; the rest has time until that look
                follow_folders(library, task)
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
    Operation("source inspect",        "sources.inspect_sources",                             "POST",   "/sources/inspect", "inspect"),
    Operation("export import",         "imports.import_export",                               "POST",   "/exports", "import", writes=True),
    Operation("export list",           "exports.list_exports",                                "GET",    "/exports", "exports list"),
    Operation("export show",           "exports.show_export",                                 "GET",    "/exports/<export>", "exports show"),
    Operation("export check",          "exports.check_exports",                               "GET",    "/exports/<export>/health", "exports check"),
    Operation("export rename",         "managing.table.rename_export",                        "PATCH",  "/exports/<export>", "exports rename", writes=True),
    Operation("export delete",         "managing.table.delete_exports",                       "POST",   "/exports/delete", "exports delete", writes=True),
    Operation("export delete one",     "managing.table.delete_export",                        "DELETE", "/exports/<export>", writes=True),
    Operation("export duplicate",      "managing.table.duplicate_export",                     "POST",   "/exports/<export>/duplicate", "exports duplicate", writes=True),
    Operation("export merge",          "managing.table.merge_exports",                        "POST",   "/exports/merge", "exports merge", writes=True),
    Operation("export check many",     "managing.table.check_exports",                        "POST",   "/exports/check"),
    Operation("export reveal",         "managing.table.reveal_export",                        "POST",   "/exports/<export>/reveal", "exports reveal"),
    Operation("export compare",        "managing.table.compare_exports",                      "POST",   "/exports/compare", "exports compare"),
    Operation("export follow",         "managing.table.follow_exports",                       "POST",   "/exports/follow", "exports follow"),
    Operation("deleted list",          "managing.table.list_deleted",                         "GET",    "/deleted", "exports deleted"),
    Operation("deleted restore",       "managing.table.restore_deleted",                      "POST",   "/deleted/<id>/restore", "exports undelete", writes=True),
    Operation("statistics",            "managing.table.show_statistics",                      "GET",    "/statistics", "exports statistics"),
    Operation("conversation list",     "conversations.list_conversations",                    "GET",    "/conversations/<export>", "conversations list"),
    Operation("conversation show",     "conversations.show_conversation",                     "GET",    "/conversations/<export>/<id>", "conversations show"),
    Operation("conversation outline",  "conversations.outline_conversation",                  "GET",    "/conversations/<export>/<id>/outline", "conversations outline"),
    Operation("conversation save",     "saving.saves.save_conversations",                     "POST",   "/conversations/<export>/save", "conversations save"),
    Operation("export save",           "saving.saves.save_exports",                           "POST",   "/exports/save", "exports save"),
    Operation("search save",           "saving.saves.save_found",                             "POST",   "/search/save", "conversations save-found"),
    Operation("media list",            "media.gallery.list_media",                            "GET",    "/gallery"),
    Operation("media list one",        "media.gallery.list_media",                            "GET",    "/gallery/<export>", "media list"),
    Operation("media missing",         "media.missing.list_missing_media",                    "GET",    "/missing-media/<export>", "media missing"),
    Operation("media fill",            "media.missing.fill_missing_media",                    "POST",   "/missing-media/<export>/fill", "media fill", writes=True),
    Operation("message show",          "conversations.show_message",                          "GET",    "/conversations/<export>/<id>/messages/<message>", "conversations raw"),
    Operation("search",                "search.search_messages",                              "GET",    "/search", "search"),
    Operation("catalog rebuild",       "catalog.rebuild_catalog",                             "POST",   "/catalog/rebuild", "catalog rebuild", writes=True),
    Operation("migration list",        "migration.list_sessions",                             "GET",    "/migration/sessions", "migrate", when="list"),
    Operation("migration stats",       "migration.show_stats",                                "GET",    "/migration/stats", "migrate", when="stats"),
    Operation("migration run",         "migration.migrate_session",                           "POST",   "/migration/session", "migrate", writes=True, when="session", options={"session_id": "session", "export_name": "name"}),
    Operation("migration run all",     "migration.migrate_sessions",                          "POST",   "/migration/sessions", "migrate", writes=True, when="all", options={"session_ids": "", "export_names": "", "conflicts": ""}),
    Operation("migration history",     "migration.show_history",                              "GET",    "/migration/history", "migrate", when="history"),
    Operation("migration undo",        "migration.undo_migration",                            "DELETE", "/migration/history/<run>", "migrate", writes=True, when="undo", options={"run": "undo"}),
    Operation("backup create",         "backups.creating.create_backup",                      "POST",   "/exports/<export>/backups", "backup create", writes=True),
    Operation("backup bulk",           "backups.creating.create_backups",                     "POST",   "/backups/bulk", "backup bulk", writes=True),
    Operation("backup run",            "backups.creating.run_due_backups",                    "POST",   "/backups/run", "backup run", writes=True),
    Operation("backup list",           "backups.showing.list_backups",                        "GET",    "/exports/<export>/backups", "backup list"),
    Operation("backup list all",       "backups.showing.list_backups",                        "GET",    "/backups"),
    Operation("backup status",         "backups.standing.show_status",                        "GET",    "/backups/status", "backup status"),
    Operation("backup stats",          "backups.statistics.show_stats",                       "GET",    "/backups/stats", "backup stats"),
    Operation("backup show",           "backups.showing.show_backup",                         "GET",    "/exports/<export>/backups/<id>", "backup show", typed=_WHOLE),
    Operation("backup browse",         "backups.browsing.browse_backup",                      "GET",    "/exports/<export>/backups/<id>/files", "backup browse", typed=_WHOLE),
    Operation("backup conversation",   "backups.browsing.show_backed_up_conversation",        "GET",    "/exports/<export>/backups/<id>/conversation", "backup conversation"),
    Operation("backup preview",        "backups.showing.preview_restore",                     "GET",    "/exports/<export>/backups/<id>/preview", "backup preview", options={"only": "only"}),
    Operation("backup verify",         "backups.verifying.verify_backups",                    "POST",   "/exports/<export>/backups/<id>/verify", "backup verify"),
    Operation("backup verify export",  "backups.verifying.verify_backups",                    "POST",   "/exports/<export>/backups/verify"),
    Operation("backup verify all",     "backups.verifying.verify_backups",                    "POST",   "/backups/verify"),
    Operation("backup restore",        "backups.restoring.restore_backup",                    "POST",   "/exports/<export>/backups/<id>/restore", "backup restore", writes=True, leaves_unread=True, options={"only": "only"}),
    Operation("backup settle",         "backups.known.replaced.settle_restore",               "POST",   "/exports/<export>/backups/settle", "backup settle", writes=True),
    Operation("backup put back",       "backups.putting_back.put_back",                       "POST",   "/exports/<export>/backups/put-back", "backup put-back", writes=True, leaves_unread=True),
    Operation("backup pin",            "backups.cleaning.pin_backup",                         "POST",   "/exports/<export>/backups/<id>/pin", "backup pin"),
    Operation("backup unpin",          "backups.cleaning.unpin_backup",                       "POST",   "/exports/<export>/backups/<id>/unpin", "backup unpin"),
    Operation("backup delete",         "backups.cleaning.delete_backup",                      "DELETE", "/exports/<export>/backups/<id>", "backup delete", writes=True),
    Operation("backup cleanup",        "backups.cleaning.clean_up_backups",                   "POST",   "/exports/<export>/backups/cleanup", "backup cleanup", writes=True),
    Operation("backup cleanup all",    "backups.cleaning.clean_up_backups",                   "POST",   "/backups/cleanup", writes=True),
    Operation("backup old list",       "migrating.old_backups.list_old_backups",              "GET",    "/backups/old", "backup old"),
    Operation("backup old restore",    "migrating.old_backups.restore_old_backup",            "POST",   "/backups/old/restore", "backup restore-old", writes=True),
    Operation("backup reindex",        "backups.reindexing.reindex_backups",                  "POST",   "/backups/reindex", "backup reindex", writes=True),
    Operation("backup unlock",         "backups.known.unlocking.unlock_backups",              "POST",   "/backups/unlock", "backup unlock"),
    Operation("backup lock",           "backups.known.unlocking.lock_backups",                "POST",   "/backups/lock", "backup lock"),
    Operation("schedule show",         "backups.scheduling.show_schedule",                    "GET",    "/backups/schedule", "backup schedule"),
    Operation("schedule change",       "backups.scheduling.change_schedule",                  "PATCH",  "/backups/schedule", "backup plan"),
    Operation("schedule entry",        "backups.scheduling.list_entries",                     "GET",    "/backups/schedule/entry", "backup entry"),
    Operation("settings show",         "settings.show_settings",                              "GET",    "/settings"),
    Operation("settings change",       "settings.change_settings",                            "PATCH",  "/settings"),
    Operation("health",                "health.show_health",                                  "GET",    "/health"),
)
# fmt: on

BY_NAME = {operation.name: operation for operation in OPERATIONS}
