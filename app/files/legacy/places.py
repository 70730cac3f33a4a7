"""Where the predecessor usually lies: beside this program, here, and where it was installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from app.files.legacy.finding import base_folder, is_base

NAMES = ("data-dumpster-diver", "Data Dumpster Diver", "DataDumpsterDiver", "ddd")
PROGRAM = Path(__file__).resolve().parents[3]


def usual_bases(
    remembered: str = "",
    *,
    home: Path | None = None,
    here: Path | None = None,
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
) -> list[Path]:
    """Answer the places that hold anything of the predecessor's, each once.

    ``remembered`` is the folder a person named before. Looks at names only. Archives of
    exports lie wherever the predecessor was started: often the home folder.
    """
    home = home or Path.home()
    here = here or Path.cwd()
    places = [Path(remembered).expanduser()] if remembered.strip() else []
    places += [PROGRAM, here, *_around(PROGRAM.parent), *_around(here), *_around(here.parent)]
    places += [home, *_around(home), *_installed(home, platform, environment)]
    found = (base_folder(place) if place == places[0] else place for place in places)
    return list(dict.fromkeys(place.absolute() for place in found if is_base(place)))


def _around(folder: Path) -> Iterator[Path]:
    return (folder / name for name in NAMES)


def _installed(home: Path, platform: str, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders packages of the three systems, and npm's global ones, unpack to."""
    if platform == "darwin":
        for applications in (Path("/Applications"), home / "Applications"):
            yield from (applications / f"{n}.app" / "Contents/Resources/app" for n in NAMES)
        yield from _around(home / "Library/Application Support")
        modules = [Path("/usr/local/lib"), Path("/opt/homebrew/lib")]
    elif platform.startswith("win"):
        local, programs = environment.get("LOCALAPPDATA"), environment.get("PROGRAMFILES")
        for parent in (f"{local}/Programs" if local else None, programs):
            yield from (Path(parent) / n / "resources/app" for n in NAMES if parent)
        roaming = environment.get("APPDATA")
        yield from _around(Path(roaming)) if roaming else ()
        modules = [Path(roaming) / "npm"] if roaming else []
    else:
        for parent in ("/opt", "/usr/lib", "/usr/share"):
            yield from (Path(parent) / n / "resources/app" for n in NAMES)
        yield from _around(home / ".config")
        modules = [Path("/usr/local/lib"), Path("/usr/lib"), home / ".npm-global/lib"]
    yield from _npm([*modules, *_node_versions(home)])


def _npm(parents: Iterable[Path]) -> Iterator[Path]:
    for parent in parents:
        yield from _around(parent / "node_modules")


def _node_versions(home: Path) -> Iterator[Path]:
    try:
        with os.scandir(home / ".nvm/versions/node") as entries:
            yield from sorted(Path(entry.path) / "lib" for entry in entries)
    except OSError:
        return
