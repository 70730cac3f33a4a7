"""The catalog: its steps and its tables agree, its pages hold, its words are found."""

import sqlite3
from contextlib import closing

import pytest

from db import conversations, exports, search
from db.connection import CatalogRefused, close_catalog, connected, long_transaction, open_catalog
from db.conversations import NewConversation, NewMessage
from db.migrations import MIGRATIONS
from db.models import TABLES


@pytest.fixture
def catalog(tmp_path):
    open_catalog(tmp_path / "catalog.sqlite3")
    with connected():
        yield tmp_path / "catalog.sqlite3"
    close_catalog()


def conversation(number, *, updated=None, title="", words="hello", messages=1):
    return NewConversation(
        id=f"c{number}",
        file=f"{number}.json",
        title=title or f"Title {number}",
        title_key=(title or f"Title {number}").casefold(),
        created_at=updated,
        updated_at=updated,
        message_count=messages,
        models='{"gpt-4o": 2}',
        starred=False,
        archived=False,
        gone=False,
        has_media=False,
        branches=0,
        project="",
        messages=[NewMessage(f"m{number}", "user", "text", updated, "", words)],
    )


def test_steps_are_numbered_in_order():
    """Step n is called m000n_…"""
    for number, step in enumerate(MIGRATIONS, start=1):
        assert step.__name__.startswith(f"m{number:04d}_")


def test_steps_end_where_the_models_are(catalog):
    """Every model's columns are the columns of its table."""
    with closing(sqlite3.connect(catalog)) as plain:
        for table in TABLES:
            columns = [row[1] for row in plain.execute(f"PRAGMA table_info({table._meta.name})")]
            declared = [f.column_name for f in table._meta.sorted_fields if f.name != "rowid"]
            assert sorted(columns) == sorted(declared), table


def test_newer_catalog_is_put_aside(tmp_path):
    """A catalog this program does not know is kept under another name, and begun anew."""
    path = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA user_version = 999")

    open_catalog(path)

    assert [file for file in tmp_path.iterdir() if "damaged" in file.name]
    with connected():
        assert exports.every() == []


def test_damaged_catalog_is_put_aside(tmp_path):
    """A file that is no database is kept, and a new catalog made."""
    path = tmp_path / "catalog.sqlite3"
    path.write_bytes(b"not a database at all" * 1000)

    open_catalog(path)

    (kept,) = [file for file in tmp_path.iterdir() if "damaged" in file.name]
    assert kept.read_bytes().startswith(b"not a database")


def test_a_disk_that_refuses_is_no_damage(tmp_path):
    """Where the disk does not let the catalog be opened, it stays where it is, as it is."""
    path = tmp_path / "catalog.sqlite3"
    open_catalog(path)
    close_catalog()
    before = path.read_bytes()
    (tmp_path / "catalog.sqlite3-wal").mkdir()  # so that the log cannot be opened

    with pytest.raises(CatalogRefused):
        open_catalog(path)

    assert path.read_bytes() == before
    assert not [file for file in tmp_path.iterdir() if "damaged" in file.name]


@pytest.mark.parametrize("sort", ["updated", "created", "title", "messages"])
def test_pages_hold_every_conversation_once(catalog, sort):
    """Page after page, in any order, each conversation comes exactly once, ties included."""
    row = exports.begin("k", "One", "One")
    made = [conversation(n, updated=None if n % 5 == 0 else float(n // 3)) for n in range(50)]
    conversations.add(row, made)
    column, _ = conversations.SORTS[sort]

    seen, after = [], None
    while page := conversations.page(row, sort=sort, limit=7, after=after):
        seen += [each.id for each in page]
        after = (getattr(page[-1], column.name), page[-1].row)

    assert sorted(seen) == sorted(each.id for each in made)
    if sort in ("updated", "created"):
        undated = {each.id for each in made if each.updated_at is None}
        assert set(seen[-len(undated) :]) == undated


def test_removed_words_are_not_found(catalog):
    """What is forgotten is out of the index too, and the index stays sound."""
    row = exports.begin("k", "One", "One")
    conversations.add(row, [conversation(1, words="mint"), conversation(2, words="chives")])
    numbers = conversations.rows_by_id(row)

    conversations.remove([numbers["c1"][0]])

    assert search.count('"mint"') == 0
    assert search.count('"chives"') == 1
    exports.remove("One")
    assert search.count('"chives"') == 0
    with closing(sqlite3.connect(catalog)) as plain:
        plain.execute("INSERT INTO messageindex(messageindex) VALUES('integrity-check')")


def test_figures_add_up(catalog):
    """An export's figures are the sums of its conversations'."""
    row = exports.begin("k", "One", "One")
    moments = [1_700_000_000.0, 1_700_000_000.0, 1_710_000_000.0]
    conversations.add(row, [conversation(n, updated=at) for n, at in enumerate(moments)])

    figures = exports.figures(row)

    assert figures.months == {"2023-11": 2, "2024-03": 1}
    assert figures.models == {"gpt-4o": 6}
    assert (figures.conversations, figures.messages) == (3, 3)


def test_long_transaction_is_all_or_nothing(catalog):
    """An exception inside leaves the catalog as it was."""
    with pytest.raises(KeyError), long_transaction():
        exports.begin("k", "One", "One")
        raise KeyError

    assert exports.every() == []
