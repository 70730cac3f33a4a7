"""What the window decides without one: closing, its place, its seat, what is lacking."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest

from app.errors import InvalidInput
from app.interfaces.window import frame, lacking, outside
from app.interfaces.window.closing import UNHEARD, Closing
from app.interfaces.window.place import (
    LEAST,
    MAXIMIZED,
    MINIMIZED,
    NORMAL,
    Area,
    Place,
    fitted,
    followed,
    read_place,
    write_place,
)
from app.interfaces.window.pushing import Pusher
from app.interfaces.window.single import take_seat
from tests.conftest import require_program
from tests.window.conftest import Screen, x_server

SCREEN = Area(0, 0, 1400, 900)


class Sitting:
    """A window that can be busy, and remembers what it was told."""

    def __init__(self) -> None:
        self.busy, self.now, self.told = True, 0.0, list[str]()
        self.closing = Closing(
            is_busy=lambda: self.busy,
            ask=lambda: self.told.append("ask"),
            close=lambda: self.told.append("close"),
            clock=lambda: self.now,
        )


def test_idle_window_closes_at_once() -> None:
    """Nothing is asked where nothing runs."""
    sitting = Sitting()
    sitting.busy = False

    assert sitting.closing.may_close()
    assert sitting.told == []


def test_busy_window_asks_and_does_as_told() -> None:
    """Staying stays, stopping closes, finishing closes once the last job is over."""
    sitting = Sitting()
    assert not sitting.closing.may_close()
    sitting.closing.answer("heard")
    sitting.closing.answer("stay")
    assert sitting.told == ["ask"]

    sitting.closing.answer("finish")
    sitting.closing.look()
    assert sitting.told == ["ask"]
    sitting.busy = False
    sitting.closing.look()
    sitting.closing.look()
    assert sitting.told == ["ask", "close"]

    sitting.busy = True
    sitting.closing.answer("stop")
    assert sitting.told == ["ask", "close", "close"]
    assert sitting.closing.may_close()


def test_page_that_does_not_answer_is_not_asked_for_ever() -> None:
    """A dead page cannot keep its window; one that shows the question can."""
    sitting = Sitting()
    assert not sitting.closing.may_close()
    sitting.now = UNHEARD + 1
    assert sitting.closing.may_close()

    sitting = Sitting()
    assert not sitting.closing.may_close()
    sitting.closing.answer("heard")
    sitting.now = UNHEARD + 1
    assert not sitting.closing.may_close()


def test_place_is_kept_and_nonsense_is_not(tmp_path: Path) -> None:
    """What was written is read again; a damaged file is as good as none."""
    file = tmp_path / ".window" / "place.json"
    place = Place(10, -20, 900, 640, maximized=True)
    assert read_place(file) == Place()

    write_place(file, place)
    assert read_place(file) == place

    whole = {"x": 1, "y": 2, "width": 900, "height": 640, "maximized": False}
    for wrong in ("", "[]", "null", json.dumps({**whole, "x": "1"}), json.dumps({"x": 1})):
        file.write_text(wrong)
        assert read_place(file) == Place()


def test_folded_or_filling_the_screen_it_is_remembered_as_it_was_before() -> None:
    """Windows puts one folded away far outside, and tells the size of one that is maximized."""
    place = followed(Place(), NORMAL, {"x": 40, "y": 30})
    place = followed(place, NORMAL, {"width": 900, "height": 640})
    assert place == Place(40, 30, 900, 640)

    place = followed(place, MAXIMIZED, {"width": 1920, "height": 1040})
    place = followed(place, MINIMIZED, {"x": -32000, "y": -32000})
    assert place == Place(40, 30, 900, 640, maximized=True)

    assert followed(place, NORMAL, {"x": 50}) == Place(50, 30, 900, 640)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(100, 50, 900, 640), Place(100, 50, 900, 640)),
        (Place(100, 50, 9000, 6400), Place(100, 50, 1400, 900)),
        (Place(100, 50, 10, 10), Place(100, 50, *LEAST)),
        (Place(3000, 50, 900, 640), Place(None, None, 900, 640)),
        (Place(-850, 50, 900, 640), Place(None, None, 900, 640)),
        (Place(-700, 50, 900, 640), Place(-700, 50, 900, 640)),
        (Place(100, -30, 900, 640), Place(None, None, 900, 640)),
        (Place(), Place()),
    ],
)
def test_window_is_always_within_reach(place: Place, expected: Place) -> None:
    """Its title bar is on a screen there is, and it is no larger than one."""
    assert fitted(place, [SCREEN]) == expected


def test_one_seat_a_library(tmp_path: Path) -> None:
    """The second finds the seat taken, until the first leaves it."""
    first = take_seat(tmp_path / ".window")
    second = take_seat(tmp_path / ".window")
    assert (first.is_taken, second.is_taken) == (False, True)

    first.leave()

    third = take_seat(tmp_path / ".window")
    assert not third.is_taken
    third.leave()


def test_reasons_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch, a missing module and a missing library each say what is the matter."""
    monkeypatch.setenv(lacking.SWITCH, "1")
    assert lacking.find_reason() == "DUMPSTER_NO_WINDOW is set."
    monkeypatch.delenv(lacking.SWITCH)
    monkeypatch.setattr(lacking, "LIBRARIES", {"libnone.so.9": "libnone9"})
    assert "sudo apt-get install -y --no-install-recommends libnone9" in lacking.find_reason()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert lacking.find_reason() == "The program was installed without its window."


def test_card_draws_only_where_there_is_one(
    tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine needs a device that draws, and a screen that lets it."""
    monkeypatch.setenv("DISPLAY", screen.name)
    assert not lacking.has_graphics_card(tmp_path)

    (tmp_path / "dri").mkdir()
    (tmp_path / "dri" / "card0").touch()  # a screen, and nothing that draws on it
    assert not lacking.has_graphics_card(tmp_path)

    (tmp_path / "dri" / "renderD128").touch()
    assert lacking.has_graphics_card(tmp_path)
    with x_server(require_program("Xvfb"), "-extension", "GLX") as distant:
        monkeypatch.setenv("DISPLAY", distant)
        assert not lacking.has_graphics_card(tmp_path)


def test_what_qt_misses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Qt is there and cannot be loaded, the reason names what it misses."""
    monkeypatch.setitem(sys.modules, "webview.platforms.qt", None)

    with pytest.raises(frame.CannotOpen, match=r"^Qt cannot be loaded: .*webview\.platforms\.qt"):
        frame._load_qt()


def test_executable_checks_what_it_does_not_bring(monkeypatch: pytest.MonkeyPatch) -> None:
    """What must fit the machine is asked of it, and the packages that bring it are known."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(lacking, "_loads", lambda name: False)

    assert lacking.missing_libraries() == list(lacking.NOT_BUNDLED)
    assert lacking.packages_of(lacking.NOT_BUNDLED, Path("/none"))[-1] == "libxcb-dri3-0"


def test_only_web_and_mail_go_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything else is refused before any program hears of it."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    for address in ("file:///x", "javascript:1", "-x", "", "http://a\nb", "ftp://a", "HTTP:\x00"):
        with pytest.raises(InvalidInput):
            outside.open_outside(address)
    for address in ("https://example.org/?a=1#b", "mailto:sam@example.org", "HTTP://example.org"):
        outside.open_outside(address)

    assert opened == ["https://example.org/?a=1#b", "mailto:sam@example.org", "HTTP://example.org"]


def test_what_is_pushed_is_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in a value stays a value in the page's script."""
    run: list[str] = []
    done = threading.Event()

    def take(script: str) -> None:
        run.append(script)
        done.set()

    pusher = Pusher(take)
    pusher.push("saved", {"place": "\u2028</script>'\"\\"})
    pusher._begin("pushing", pusher._send)
    assert done.wait(5)

    inside = run[0].partition("detail: ")[2].removesuffix("})); 0") + "}"
    assert json.loads(inside.rstrip("}") + "}") == {"place": "\u2028</script>'\"\\"}
    assert "\u2028" not in run[0]
    pusher._news.put(None)
