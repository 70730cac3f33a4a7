"""The window's bridge: one more loop over the table, and the verbs only a window has.

The page calls ``call(token, name, values)``, the values as JSON text. What it answers is
plain JSON, the same bodies as over REST: ``{"ok": result}`` or ``{"error": {"code",
"message", "hint", "details"}}``.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from app.api import Operation
from app.bugs import as_bug
from app.errors import AppError, InvalidInput, NotFound
from app.interfaces.offered import OfferedSource
from app.interfaces.service import Service
from app.interfaces.wire import error_to_wire, to_wire
from app.jobs import Job

Answer = dict[str, object]
Call = Callable[[object, object, object], Answer]


def build(service: Service, token: str, verbs: Iterable[Operation] = ()) -> Call:
    """Build the one function a window hands to its page.

    A closure, not an object: pywebview makes every attribute of an object callable from the
    page, and follows dotted names without asking whether they begin with an underscore.
    ``verbs`` are the window's own; their functions take no library.

    The page proves itself with the token, because a web view gives its bridge to whatever
    page it shows: the token stays with our origin.
    """
    operations = {operation.name: operation for operation in service.operations}
    own = {verb.name: verb for verb in (*_verbs(service), *verbs)}

    def call(token_given: object = "", name: object = "", sent: object = "{}") -> Answer:
        """Do one operation by name, its values as JSON text; never raises."""
        try:
            _check(token_given, token)
            asked = _read(sent)
            if verb := own.get(str(name)):
                return {"ok": to_wire(verb.function(**verb.read(asked)))}
            return {"ok": to_wire(service.start(_find(operations, name), asked))}
        except AppError as error:
            return {"error": error_to_wire(error)}
        except Exception as problem:  # noqa: BLE001 - the edge: pywebview would show a traceback
            return {"error": error_to_wire(as_bug(problem))}

    return call


def _verbs(service: Service) -> tuple[Operation, ...]:
    """Answer what REST serves by hand: following jobs, and what was offered from outside."""
    jobs = service.jobs

    def list_jobs() -> list[Job]:
        """List jobs, newest first."""
        return jobs.list()

    def show_job(*, job: Annotated[str, "which job"]) -> Job:
        """Show one job."""
        return jobs.show(job)

    def cancel_job(*, job: Annotated[str, "which job"]) -> Job:
        """Ask a job to stop; over when its state says so."""
        return jobs.cancel(job)

    def take_offered() -> list[OfferedSource]:
        """Answer the sources offered from outside, and forget them."""
        return service.offered.take()

    return (
        Operation("job list", list_jobs, "GET", ""),
        Operation("job show", show_job, "GET", ""),
        Operation("job cancel", cancel_job, "DELETE", ""),
        Operation("offered take", take_offered, "DELETE", ""),
    )


def _check(given: object, token: str) -> None:
    """Refuse a page that is not ours, in the words REST has for it."""
    text = given if isinstance(given, str) else ""
    if not hmac.compare_digest(text.encode("utf-8", "replace"), token.encode()):
        raise WrongToken("This call carries no valid token.", hint="Open the program again.")


def _read(sent: object) -> Mapping[str, object]:
    """Read the JSON text the page sent: an object, its texts without lone surrogates.

    A text, because pywebview's own way to write values walks whatever looks like a list.
    """
    try:
        clean = to_wire(json.loads(sent if isinstance(sent, str) else "null"))
    except (ValueError, RecursionError) as problem:
        raise InvalidInput("The request is not JSON.") from problem
    if not isinstance(clean, dict):
        raise InvalidInput("The request must be a JSON object.")
    return clean


def _find(operations: Mapping[str, Operation], name: object) -> Operation:
    try:
        return operations[str(name)]
    except KeyError:
        raise NotFound(f"There is no operation {name}.", hint="Reload the page.") from None


class WrongToken(AppError):
    """The page that calls is not ours."""

    code = "no-token"
