"""The REST API: a loop over the table, and by hand what is no operation.

By hand: following and stopping jobs, media (ranges), uploads (streams), the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote

from bottle import Bottle, HTTPError, HTTPResponse, request, response

from app.api import Operation
from app.bugs import as_bug
from app.errors import AppError, InvalidInput
from app.interfaces.http.events import EventStreams
from app.interfaces.http.files import Conditions
from app.interfaces.http.gate import Application, Environ, StartResponse, raw_path
from app.interfaces.http.media import show_backed_up, show_media
from app.interfaces.http.page import Page
from app.interfaces.http.uploads import drain
from app.interfaces.service import HELD, Service
from app.interfaces.wire import dump, error_to_wire, status_of, to_wire
from app.jobs import Job
from app.parameters import Parameter
from app.settings import read_settings

BODY_LIMIT = 32 * 1024 * 1024  # bytes of a JSON body; ids of a hundred thousand conversations fit
IMPORT = "export import"
SOURCES = Parameter("sources", "list", "files or folders on this computer", required=False)
UPLOAD_TAKES = frozenset({"filename", "name", "into", "hold", "upload"})


@dataclass(frozen=True)
class Site:
    """What HTTP has beside the service: event streams, and the page's files."""

    streams: EventStreams
    page: Page


class Routes:
    """The WSGI application behind the gate: the page's files, and the API.

    The API's many routes are made when the first is asked for: a page's files come before
    any call.
    """

    def __init__(self, service: Service, site: Site) -> None:
        self._page = _app([("GET", "/<path:path>", lambda path: _page(site, path))])
        self._page.route("/", "GET", _told(lambda: _page(site, "")))
        self._making = Lock()
        self._make = partial(_api, service, site)
        self._api: Application | None = None

    def _made(self) -> Application:
        """Answer what serves the API, made once."""
        with self._making:
            if self._api is None:
                self._api = self._make()
            return self._api

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        """Answer a request."""
        # Routed while still encoded: a name may hold a slash, a question mark, anything.
        path = environ["PATH_INFO"] = raw_path(environ)
        is_api = path == "/api" or path.startswith("/api/")
        return (self._made() if is_api else self._page)(environ, start_response)


def _app(routes: Iterable[tuple[str, str, Callable[..., HTTPResponse]]]) -> Bottle:
    app = Bottle()
    app.catchall = False
    app.default_error_handler = _no_such_address
    for method, path, answer in routes:
        app.route(path, method, _told(answer))
    return app


def _api(service: Service, site: Site) -> Bottle:
    routes: list[tuple[str, str, Callable[..., HTTPResponse]]] = []

    def add(method: str, path: str, answer: Callable[..., HTTPResponse]) -> None:
        routes.append((method, path, answer))

    for operation in service.operations:
        add(operation.method, f"/api{operation.path}", _operation(service, operation))
    described = cache(lambda: _describe(service.operations))
    add("GET", "/api/openapi.json", lambda: _json(described()))
    add("GET", "/api/jobs", lambda: _json(service.jobs.list()))
    add("GET", "/api/jobs/<job>", lambda job: _json(service.jobs.show(job)))
    add("DELETE", "/api/jobs/<job>", lambda job: _json(service.jobs.cancel(job)))
    add("GET", "/api/jobs/<job>/events", lambda job: _events(service, site, job))
    add("POST", "/api/upload", lambda: _upload(service))
    add("POST", "/api/offered", lambda: _offer(service))
    add("DELETE", "/api/offered", lambda: _json(service.offered.take()))
    add(
        "GET",
        "/api/backups/media/<export>/<backup>/<path:path>",
        lambda **names: _backed_up(service, **names),
    )
    add("GET", "/api/media/<export>/<path:path>", lambda **names: _media(service, **names))
    return _app(routes)


def _told(answer: Callable[..., HTTPResponse]) -> Callable[..., HTTPResponse]:
    """Answer errors as JSON; the edge where a bug ends the request, not the server."""

    def told(**names: str) -> HTTPResponse:
        try:
            return answer(**{name: _decoded(text) for name, text in names.items()})
        except AppError as error:
            return _refusal(error)
        except Exception as problem:  # noqa: BLE001 - the edge, told above
            return _refusal(as_bug(problem))

    return told


def _operation(service: Service, operation: Operation) -> Callable[..., HTTPResponse]:
    def answer(**names: str) -> HTTPResponse:
        values = {**_query(operation), **_body(), **names}
        return _start(service, operation, values)

    return answer


def _start(service: Service, operation: Operation, values: Mapping[str, object]) -> HTTPResponse:
    result = service.start(operation, values)
    return _accepted(result) if isinstance(result, Job) else _json(result)


def _offer(service: Service) -> HTTPResponse:
    """Offer sources to the page, and bring the window forward."""
    asked = _body()
    if unknown := [name for name in asked if name != "sources"]:
        raise InvalidInput(f"This does not take {unknown[0]}.", name=unknown[0])
    sources = SOURCES.read(asked.get("sources", []))
    assert isinstance(sources, list)  # noqa: S101 - a list of texts is read as one
    service.offered.add([Path(each) for each in sources])
    return _json({})


def _upload(service: Service) -> HTTPResponse:
    """Stream one file to disk; then import it, or hold it until all its fellows are there."""
    stream = request.environ["wsgi.input"]
    asked = dict(_pairs())
    try:
        if unknown := [name for name in asked if name not in UPLOAD_TAKES]:
            raise InvalidInput(f"The upload does not take {unknown[0]}.", name=unknown[0])
        held = service.uploads.receive(
            stream,
            _length(),
            asked.get("filename", ""),
            upload=asked.get("upload", ""),
            most=read_settings(service.library.settings_file).number("exports.maxFileBytes"),
        )
    except AppError:
        drain(stream)
        raise
    if asked.get("hold") in ("1", "true"):
        return _json(held)
    operation = next(each for each in service.operations if each.name == IMPORT)
    values: dict[str, object] = {"sources": [HELD + held.upload]}
    values |= {name: asked[name] for name in ("name", "into") if asked.get(name)}
    try:
        return _start(service, operation, values)
    except AppError:
        service.uploads.remove(held.upload)
        raise


def _describe(operations: Sequence[Operation]) -> dict[str, Any]:
    # Imported here: to describe every operation loads them all.
    from app.interfaces.openapi import describe

    return describe(operations)


def _events(service: Service, site: Site, job: str) -> HTTPResponse:
    headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
    if request.method == "HEAD":
        service.jobs.show(job)
        return HTTPResponse("", headers=headers)
    return HTTPResponse(site.streams.open(job), headers=headers)


def _media(service: Service, export: str, path: str) -> HTTPResponse:
    return show_media(
        service.library,
        export,
        path,
        Conditions.of(request.environ),
        download=dict(_pairs()).get("download") in ("1", "true"),
    )


def _backed_up(service: Service, export: str, backup: str, path: str) -> HTTPResponse:
    return show_backed_up(
        service.library,
        export,
        backup,
        path,
        Conditions.of(request.environ),
        download=dict(_pairs()).get("download") in ("1", "true"),
    )


def _page(site: Site, path: str) -> HTTPResponse:
    return site.page.show(path, Conditions.of(request.environ))


def _decoded(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as problem:
        raise InvalidInput("The address is not written in UTF-8.") from problem


def _pairs() -> list[tuple[str, str]]:
    """Read the query of the address."""
    try:
        return parse_qsl(
            request.environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="strict"
        )
    except ValueError as problem:
        raise InvalidInput("The query of the address cannot be read.") from problem


def _query(operation: Operation) -> dict[str, object]:
    """Read the query into values: a list where the operation takes one, else one of each."""
    lists = {each.wire_name for each in operation.parameters if each.kind == "list"}
    secret = {each.wire_name for each in operation.parameters if each.secret}
    values: dict[str, object] = {}
    for name, text in _pairs():
        if name in secret:
            raise InvalidInput(
                f"{name} does not belong in an address, which is remembered and logged.",
                hint="Send it in the body of the request.",
                name=name,
            )
        if name in lists:
            earlier = values.setdefault(name, [])
            assert isinstance(earlier, list)  # noqa: S101 - made one line above
            earlier.append(text)
        elif name in values:
            raise InvalidInput(f"{name} is given twice.", name=name)
        else:
            values[name] = text
    return values


def _length() -> int | None:
    text = request.environ.get("CONTENT_LENGTH", "")
    return int(text) if text.isdecimal() else None


def _body() -> dict[str, object]:
    """Read the JSON object of a write; nothing sent is an empty one."""
    if request.method not in ("POST", "PUT", "PATCH"):
        return {}
    if (_length() or 0) > BODY_LIMIT:
        raise InvalidInput("The request is too long.", hint="Ask for less at a time.")
    sent = request.environ["wsgi.input"].read(BODY_LIMIT + 1)
    if len(sent) > BODY_LIMIT:
        raise InvalidInput("The request is too long.", hint="Ask for less at a time.")
    try:
        values = to_wire(json.loads(sent or b"{}"))
    except (ValueError, RecursionError) as problem:
        raise InvalidInput("The request is not JSON.") from problem
    if not isinstance(values, dict):
        raise InvalidInput("The request must be a JSON object.")
    return values


def _json(value: object, status: int = 200) -> HTTPResponse:
    headers = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"}
    return HTTPResponse(dump(to_wire(value)).encode(), status=status, headers=headers)


def _accepted(job: Job) -> HTTPResponse:
    """Answer a job just started, and where to follow it."""
    answer = _json(job, 202)
    answer.set_header("Location", f"/api/jobs/{job.id}")
    return answer


def _refusal(error: AppError) -> HTTPResponse:
    return _json({"error": error_to_wire(error)}, status_of(error))


def _no_such_address(problem: HTTPError) -> str:
    """Say in our own words what bottle says in HTML: no such address, or not this method."""
    is_method = problem.status_code == 405
    code = "wrong-method" if is_method else "not-found"
    message = "This address is not used that way." if is_method else "There is no such address."
    response.set_header("Content-Type", "application/json; charset=utf-8")
    response.set_header("Cache-Control", "no-store")
    return dump({"error": {"code": code, "message": message, "hint": "", "details": {}}})
