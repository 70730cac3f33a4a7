"""Places for files below one folder, handed out so that none gets in another's way."""

from __future__ import annotations

from app.core.naming import key, unique


class Places:
    """Paths taken so far: no two alike to any file system, none both a file and a folder."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._taken: set[str] = set()  # files and folders

    def take(self, wanted: str) -> str:
        """Answer ``wanted``, or it with a suffix where that is taken, and take it."""
        folder = ""
        *above, leaf = wanted.split("/")
        for part in above:
            path = unique(f"{folder}{part}", self._files)
            self._taken.add(key(path))
            folder = f"{path}/"
        path = unique(f"{folder}{leaf}", self._taken)
        self._files.add(key(path))
        self._taken.add(key(path))
        return path
