"""Long conversations read by the page: as little as possible, and never of another file."""

import json
import os

import pytest

from app.core.conversation.reading import Reading
from app.errors import StorageProblem
from app.files.light_reading import FEW, LONG, lightly_read, message_places, placed_reading
from tests.core.shapes import chain, message

COUNT = 2 * FEW


@pytest.fixture
def long(tmp_path):
    """A file of a conversation that is longer than what is read whole."""
    said = [message(f"{number} " + "word " * (LONG // COUNT // 4)) for number in range(COUNT)]
    path = tmp_path / "long.json"
    path.write_text(json.dumps(chain(*said), indent=1))
    assert path.stat().st_size > LONG
    return path


def test_reading_by_places_is_reading_the_whole(long):
    """Every message, looked at one by one, is what reading the whole file gives."""
    placed = placed_reading(long, message_places(long))
    whole = Reading.of(lightly_read(long))

    assert placed.path() == whole.path()
    assert len(whole.path()) == COUNT
    assert [placed.content(node) for node in placed.path()] == [
        whole.content(node) for node in whole.path()
    ]


def test_short_file_has_no_places(tmp_path):
    """A file that is read in no time is not written about in the catalog."""
    path = tmp_path / "short.json"
    path.write_text(json.dumps(chain(message("hello"))))

    assert message_places(path) is None


def test_damaged_file_has_no_places(long):
    """A long file that is no JSON has none, and says nothing worse."""
    long.write_bytes(b"{" + long.read_bytes())

    assert message_places(long) is None


def test_changed_file_is_not_read_by_old_places(long):
    """Size or time differ: the places are not believed."""
    places = message_places(long)
    os.utime(long, ns=(0, places.modified_ns + 1))

    assert placed_reading(long, places) is None


def test_file_changed_while_read_is_told(long):
    """Between two messages the file becomes another: better a sentence than a wrong message."""
    reading = placed_reading(long, message_places(long))
    first, *_, last = reading.line()
    reading.content(first)
    os.utime(long, ns=(0, 0))

    with pytest.raises(StorageProblem, match="changed while it was read"):
        reading.content(last)


def test_file_gone_while_read_is_told(long):
    """The same for a file that is gone."""
    reading = placed_reading(long, message_places(long))
    long.unlink()

    with pytest.raises(StorageProblem, match="changed while it was read"):
        reading.content(reading.line()[-1])
