"""Errors a person should read, and the one signal that is not an error.

    AppError
    ├── InvalidInput      the request makes no sense as given
    │   ├── NotAnExport   the file is not a ChatGPT export
    │   └── PassphraseNeeded  it is encrypted, or is to be, and no passphrase is known
    ├── NotFound          the thing asked for is not there
    ├── Conflict          it is already there, in use, or already running
    ├── StorageProblem    the disk, the archive or the catalog let us down
    └── Bug               a fault of ours; made only at the edges, by `app/bugs.py`

    Cancelled             the person asked us to stop (not an AppError)

Anything else that reaches an interface is a bug, and is reported as one.
This module imports nothing from the project.
"""

from __future__ import annotations

from typing import ClassVar


class AppError(Exception):
    """Base of every error whose message is written for the person using the app.

    ``message`` says what happened, ``hint`` what to do about it; ``details``
    holds plain JSON values for programs. ``code`` is stable.
    """

    code: ClassVar[str] = "app-error"

    def __init__(self, message: str, *, hint: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details


class InvalidInput(AppError):
    """The request makes no sense as given."""

    code = "invalid-input"


class NotAnExport(InvalidInput):
    """The file is not a ChatGPT export."""

    code = "not-an-export"


class PassphraseNeeded(InvalidInput):
    """It is encrypted, or is to be, and no passphrase is known.

    The detail ``new`` tells that one is to be chosen, and so asked for twice.
    """

    code = "passphrase-needed"


class NotFound(AppError):
    """The thing asked for is not there."""

    code = "not-found"


class Conflict(AppError):
    """It is already there, in use, or already running."""

    code = "conflict"


class StorageProblem(AppError):
    """The disk, the archive or the catalog let us down."""

    code = "storage-problem"


class Bug(AppError):
    """Not the person's fault and not the disk's: ours."""

    code = "bug"


class Cancelled(BaseException):
    """The person asked us to stop.

    Derives from BaseException, as asyncio's own does, so that an
    ``except Exception`` on the way up cannot swallow it.
    """
