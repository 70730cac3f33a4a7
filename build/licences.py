"""The licences of all that is bundled, collected from what is really in the bundle."""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
INDEX = "licences.txt"
STARTER = "pyinstaller"
SHARED_TEXTS = Path("/usr/share/common-licenses")  # Debian's and its kin's
SHARED = {"LGPL-3.0": ("LGPL-3", "GPL-3"), "LGPL-2.1": ("LGPL-2.1",)}  # the first rests on GPL-3


def write_licences(analysis: Any, folder: Path) -> list[tuple[str, str, str]]:
    """Write the licence texts of the bundled packages below ``folder``; answer them as data files.

    A package without a text of its own is named in the index with what its metadata says.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [_python(folder)]
    for package in sorted(_bundled(analysis), key=lambda each: each.metadata["Name"].lower()):
        name, version = package.metadata["Name"], package.version
        texts = _texts(package)
        for text in texts:
            target = folder / name / text.name
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(text, target)
        known = texts or _take_shared_texts(_named(package), folder / name)
        lines.append(f"{name} {version}: {_named(package)}" + ("" if known else " (no text)"))
    (folder / INDEX).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [
        (f"licences/{path.relative_to(folder).as_posix()}", str(path), "DATA")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def _bundled(analysis: Any) -> list[Distribution]:
    """Answer the packages that at least one bundled file comes from, and whose starter it is."""
    inside = {
        str(_origin(place, source).resolve())
        for table in (analysis.pure, analysis.binaries, analysis.datas)
        for place, source, *_ in table
        if source
    }
    return [
        each
        for each in distributions()
        if not inside.isdisjoint(_files(each)) or each.metadata["Name"].lower() == STARTER
    ]


def _origin(place: str, source: str) -> Path:
    """Answer the file a bundled one was made of: loose modules are compiled first, elsewhere."""
    if place.endswith(".pyc"):
        return Path(sysconfig.get_path("purelib"), place).with_suffix(".py")
    return Path(source)


def _files(package: Distribution) -> Iterable[str]:
    return (str(Path(str(package.locate_file(file))).resolve()) for file in package.files or ())


def _texts(package: Distribution) -> list[Path]:
    found: dict[str, Path] = {}
    for file in package.files or ():
        inside = ".dist-info" in file.parts[0] or len(file.parts) <= 2
        if inside and _LICENCE_FILE.search(file.name) and not file.name.endswith((".py", ".pyc")):
            path = Path(str(package.locate_file(file)))
            if path.is_file():
                found.setdefault(path.name, path)
    return list(found.values())


def _take_shared_texts(licence: str, folder: Path) -> bool:
    """Take over the system's texts of a licence its package only names; tell whether there are."""
    names = next((texts for code, texts in SHARED.items() if code in licence), ())
    found = [SHARED_TEXTS / name for name in names if (SHARED_TEXTS / name).is_file()]
    for text in found:
        folder.mkdir(exist_ok=True)
        shutil.copyfile(text, folder / f"{text.name}.txt")
    return bool(found)


def _named(package: Distribution) -> str:
    """Answer the licence's name as the metadata has it, in one line."""
    told = package.metadata
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or ()
        if each.startswith("License ::")
    ]
    words = told["License-Expression"] or ", ".join(classifiers) or told["License"] or "not stated"
    return str(words).strip().splitlines()[0]


def _python(folder: Path) -> str:
    """Take over Python's own licence; answer its line in the index."""
    version = "{}.{}.{}".format(*sys.version_info[:3])
    places = [
        Path(sysconfig.get_paths()["stdlib"]) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
    ]
    for place in places:
        if place.is_file():
            (folder / "Python").mkdir()
            shutil.copyfile(place, folder / "Python" / "LICENSE.txt")
            break
    return f"Python {version}: PSF-2.0"
