"""The catalog's tables; rows only. Queries are functions in `db/<noun>.py`.

Everything here can be made again from the exports' folders. Times are seconds since
1970 in UTC, as ChatGPT has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import peewee as pw
from playhouse.sqlite_ext import FTS5Model, RowIDField, SearchField

database = pw.DatabaseProxy()


class Table(pw.Model):
    """Base of the tables: binds them to the one open catalog."""

    class Meta:
        database = database


class Export(Table):
    """One export.

    ``stamp`` is what the folder looked like when these rows were made: where it differs,
    the folder has changed. ``problems`` are those worth mending, as they were found when the
    export was last imported, indexed or (``checked_at``) checked.
    """

    row = pw.AutoField()
    key = pw.CharField(index=True)  # the id in export.json
    name = pw.CharField()
    folder = pw.CharField(unique=True)
    stamp = pw.CharField(default="")
    account = pw.CharField(default="")
    created_at = pw.FloatField(default=0.0)
    updated_at = pw.FloatField(default=0.0)
    conversation_count = pw.IntegerField(default=0)
    message_count = pw.IntegerField(default=0)
    media_count = pw.IntegerField(default=0)
    missing_count = pw.IntegerField(default=0)
    size_bytes = pw.BigIntegerField(default=0)
    first_message_at = pw.FloatField(null=True)
    last_message_at = pw.FloatField(null=True)
    months = pw.TextField(default="{}")  # JSON: "2024-05" -> conversations
    models = pw.TextField(default="{}")  # JSON: slug -> messages
    media_bytes = pw.TextField(default="{}")  # JSON: kind -> bytes
    conversation_bytes = pw.BigIntegerField(default=0)  # of the conversations' files
    source_count = pw.IntegerField(default=0)
    imports = pw.TextField(default="{}")  # JSON: "2024-05" -> [conversations, bytes] brought
    problems = pw.TextField(default="[]")  # JSON: the first of them
    problem_count = pw.IntegerField(default=0)
    checked_at = pw.FloatField(null=True)


class Conversation(Table):
    """One conversation; ``*_sort`` are its times with the undated last."""

    row = pw.AutoField()
    export = pw.ForeignKeyField(Export, on_delete="CASCADE", index=False)
    id = pw.CharField()
    file = pw.CharField()  # its name below the export's conversations/
    size_bytes = pw.BigIntegerField(default=0)  # of the file, when it was indexed
    modified = pw.BigIntegerField(default=0)  # nanoseconds since 1970, likewise
    title = pw.TextField()
    title_key = pw.TextField()  # folded, for sorting and filtering
    created_at = pw.FloatField(null=True)
    updated_at = pw.FloatField(null=True)
    created_sort = pw.FloatField()
    updated_sort = pw.FloatField()
    message_count = pw.IntegerField()
    models = pw.TextField()  # JSON: slug -> messages, in order of use
    starred = pw.BooleanField()
    archived = pw.BooleanField()
    gone = pw.BooleanField(default=False)  # not in the latest source
    has_media = pw.BooleanField()
    branches = pw.IntegerField()
    project = pw.CharField()

    class Meta:
        indexes = (
            (("export", "id"), False),
            (("export", "updated_sort", "row"), False),
            (("export", "created_sort", "row"), False),
            (("export", "title_key", "row"), False),
            (("export", "message_count", "row"), False),
        )


class MessagePlaces(Table):
    """Where each message of a long conversation stands in its file: a page is not all of it.

    Right for a file of this size and time only; ``encoded`` is `app`'s affair.
    """

    conversation = pw.ForeignKeyField(Conversation, primary_key=True, on_delete="CASCADE")
    size = pw.BigIntegerField()
    modified_ns = pw.BigIntegerField()
    encoded = pw.BlobField()


class Message(Table):
    """One message's words. The title stands as a message of role "title" with no id.

    ``text`` is segmented for the index: unsegment it before showing it.
    """

    row = pw.AutoField()
    conversation = pw.ForeignKeyField(Conversation, on_delete="CASCADE")
    id = pw.CharField()
    role = pw.CharField()
    kind = pw.CharField()
    created_at = pw.FloatField(null=True)
    model = pw.CharField()
    text = pw.TextField()


class MessageIndex(FTS5Model):
    """Full-text index over Message.text; rowid is Message.row."""

    rowid = RowIDField()
    text = SearchField()

    class Meta:
        database = database
        options = {  # noqa: RUF012 - peewee reads it once
            "content": "message",
            "content_rowid": "row",
            "tokenize": "unicode61 remove_diacritics 2",
        }


class Asset(Table):
    """One file below an export's media/, and the first message that shows it.

    ``name_key`` is its name, folded, then the title of its conversation; ``created_sort``
    the time of the message, as in `Conversation`; ``conversation_row`` is null, and
    ``message_id`` empty, for a file no message shows.
    """

    row = pw.AutoField()
    export = pw.ForeignKeyField(Export, on_delete="CASCADE")
    path = pw.TextField()
    kind = pw.CharField()
    size_bytes = pw.BigIntegerField()
    sha256 = pw.CharField(default="")  # empty until it had to be known
    name_key = pw.TextField(default="")
    created_sort = pw.FloatField(default=-1e18)
    conversation_row = pw.IntegerField(null=True)  # no foreign key: rows are made anew often
    message_id = pw.CharField(default="")
    width = pw.IntegerField(null=True)
    height = pw.IntegerField(null=True)

    class Meta:
        indexes = (
            (("kind", "created_sort", "row"), False),
            (("kind", "size_bytes", "row"), False),
            (("kind", "name_key", "row"), False),
            (("export", "kind", "created_sort", "row"), False),
            (("export", "kind", "size_bytes", "row"), False),
            (("export", "kind", "name_key", "row"), False),
        )


class AssetUse(Table):
    """A message's pointer to an asset; ``path`` is null where no source held the file.

    ``name`` is what the message calls it, ``created_at`` when the message was written.
    """

    row = pw.AutoField()
    conversation = pw.ForeignKeyField(Conversation, on_delete="CASCADE")
    message_id = pw.CharField()
    pointer = pw.TextField(index=True)
    kind = pw.CharField()
    path = pw.TextField(null=True)
    name = pw.TextField(default="")
    created_at = pw.FloatField(null=True)
    width = pw.IntegerField(null=True)
    height = pw.IntegerField(null=True)


class MigrationRun(Table):
    """One migration of legacy sessions; ``report`` is all of it, as JSON.

    ``stamp`` is what its file among the library's migrations looked like when this row
    was made.
    """

    row = pw.AutoField()
    run = pw.CharField(unique=True)
    stamp = pw.CharField()
    started_at = pw.FloatField()
    seconds = pw.FloatField()
    state = pw.CharField()
    undone_at = pw.FloatField(null=True)
    report = pw.TextField()


class MigrationSession(Table):
    """What became of one session in one run; ``error`` is a code, empty if it went well."""

    row = pw.AutoField()
    run = pw.ForeignKeyField(MigrationRun, on_delete="CASCADE")
    session = pw.CharField(index=True)
    export = pw.CharField()
    status = pw.CharField()
    conversations = pw.IntegerField()
    recovered = pw.IntegerField()
    size_bytes = pw.BigIntegerField()
    seconds = pw.FloatField()
    verified = pw.BooleanField()
    error = pw.CharField()


class Backup(Table):
    """One archive of the folder of backups, as its own manifest tells of it.

    ``size`` and ``mtime_ns`` are by what the file is known again; where it could not be
    opened ``why`` says the reason and ``head`` is empty.
    """

    row = pw.AutoField()
    archive = pw.CharField(unique=True)
    size = pw.BigIntegerField()
    mtime_ns = pw.BigIntegerField()
    backup = pw.CharField(index=True)
    export = pw.CharField(index=True)  # the id in the export's export.json
    name = pw.CharField()
    sequence = pw.IntegerField()
    created_at = pw.FloatField()
    sha256 = pw.CharField(default="")  # of the file; empty until it was read whole
    head = pw.TextField(default="")  # JSON: the manifest without its lists
    why = pw.TextField(default="")


class BackupEvent(Table):
    """One thing that happened to backups, as the journal in the library tells it.

    ``stamp`` is what the journal's file looked like when its rows were made.
    """

    row = pw.AutoField()
    stamp = pw.CharField()
    event = pw.TextField()  # JSON


class SessionLook(Table):
    """What a look into a legacy session found; ``key`` changes with the session's files."""

    row = pw.AutoField()
    key = pw.CharField(unique=True)
    look = pw.TextField()  # JSON


# what the tables are; `db/migrations.py` makes them
TABLES = (
    Export,
    Conversation,
    MessagePlaces,
    Message,
    MessageIndex,
    Asset,
    AssetUse,
    MigrationRun,
    MigrationSession,
    Backup,
    BackupEvent,
    SessionLook,
)


def as_tuples(query: Any) -> Iterable[Any]:
    """Read a query as plain tuples: peewee's own types know only rows of models."""
    return cast("Iterable[Any]", query.tuples())
