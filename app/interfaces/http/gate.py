"""The gate before everything: who may call, asked in one order, for static files too.

A page of another site, another port of this machine, or a stolen cookie gets nothing:

1. ``Host`` is ours (stops DNS rebinding), else 421.
2. ``Origin``, if sent, is ours, else 403.
3. ``Sec-Fetch-Site``, if sent, is "same-origin" or "none", else 403 (another port of
   127.0.0.1 is "same-site", so a SameSite cookie alone does not stop it).
4. ``/enter?k=…``: a key that works once, for a minute, opens the door and sets the cookie.
   The window's own key says that it is the window that enters.
5. The cookie for the page and media; the ``X-Token`` header for the rest of ``/api``:
   cookies ignore ports, so a page of another local server may hold ours.
6. Writes are JSON (the upload: ``application/octet-stream``), so no plain form gets in: 415.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from msgspec import Struct

from app.interfaces.wire import dump

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

KEY_SECONDS = 60.0  # how long an entry key waits to be used
BY_COOKIE = ("/api/media/", "/api/backups/media/")  # what pages show: an image sends no header
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# pywebview makes the bridge's functions with `new Function`; inline script and foreign hosts
# stay forbidden in the window too.
WINDOW_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'")
SECURITY_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)

_CALM_STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;max-width:34rem;margin:20vh auto 0;padding:0 1rem;"
    "color:#2b2a27;background:#faf8f3}@media(prefers-color-scheme:dark)"
    "{body{color:#e8e4da;background:#1c1a17}}"
)
_CALM_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    f"<title>Data Dumpster Diver</title><style>{_CALM_STYLE}</style>"
    "<main><h1>Open it from the app</h1><p>{reason}</p><p>Start Data Dumpster Diver again, or "
    "use the address it prints: your history is shown only to the tab it opens.</p></main></html>"
)
_CALM_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_CALM_STYLE.encode()).digest()).decode()}'"
)


class _Key(Struct, frozen=True):
    """An entry key not yet spent: until when it works, and whether it is the window's."""

    end: float
    window: bool


class Refused(Exception):
    """The gate says no: a status, a stable code, and a sentence."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.hint = status, code, message, hint


class Gate:
    """A WSGI application that lets in only the tab we opened and scripts that hold the token."""

    def __init__(
        self, inner: Application, port: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._inner = inner
        self._clock = clock
        self._keys: dict[str, _Key] = {}
        self._lock = threading.Lock()
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._origins = frozenset(f"http://{host}" for host in self._hosts)
        self._cookie_name = f"app_{port}"
        self._cookie = secrets.token_urlsafe(32)
        self._window_cookie = secrets.token_urlsafe(32)
        self.token = secrets.token_urlsafe(32)

    def new_key(self, *, window: bool = False) -> str:
        """Make an entry key: it opens the door once, within KEY_SECONDS."""
        key = secrets.token_urlsafe(24)
        with self._lock:
            now = self._clock()
            self._keys = {each: given for each, given in self._keys.items() if given.end > now}
            self._keys[key] = _Key(now + KEY_SECONDS, window)
        return key

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Admit the request or answer the refusal; security headers either way."""
        policy = WINDOW_POLICY if self._is_window(environ) else POLICY

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            given = {name.lower() for name, _ in headers}
            wanted = (("Content-Security-Policy", policy), *SECURITY_HEADERS)
            added = [each for each in wanted if each[0].lower() not in given]
            return start_response(status, headers + added, exc_info)

        path = raw_path(environ)
        try:
            self._check_caller(environ)
            if path == "/enter":
                return self._enter(environ, start)
            self._check_admission(environ, path)
            _check_content_type(environ, path)
        except Refused as refusal:
            return _answer(refusal, path, start)
        return self._inner(environ, start)

    def _check_caller(self, environ: Environ) -> None:
        """Rules 1 to 3: is it a page of ours, or no page at all, that calls?"""
        if environ.get("HTTP_HOST", "") not in self._hosts:
            raise Refused(421, "wrong-host", "This server does not answer to that name.")
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and origin not in self._origins:
            raise Refused(403, "wrong-origin", "Another page may not call this server.")
        if environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("same-origin", "none"):
            raise Refused(403, "wrong-site", "Another site may not call this server.")

    def _enter(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Rule 4: spend the key, hand out the cookie, and the token where only the page sees it."""
        if environ["REQUEST_METHOD"] != "GET":
            raise Refused(405, "wrong-method", "The entry address is opened, not written to.")
        key = parse_qs(environ.get("QUERY_STRING", "")).get("k", [""])[0]
        with self._lock:
            spent = self._keys.pop(key, None)
        if spent is None or spent.end < self._clock():
            raise Refused(403, "entry-used", "This address worked once, and that was before.")
        value = self._window_cookie if spent.window else self._cookie
        cookie = f"{self._cookie_name}={value}; HttpOnly; SameSite=Strict; Path=/"
        headers = [
            ("Location", f"/#k={self.token}" + "&w=1" * spent.window),
            ("Set-Cookie", cookie),
            ("Cache-Control", "no-store"),
            ("Content-Length", "0"),
        ]
        start_response("303 See Other", headers)
        return []

    def _check_admission(self, environ: Environ, path: str) -> None:
        """Rule 5: the token for the API; for the page and media the cookie will do."""
        if _same(environ.get("HTTP_X_TOKEN", ""), self.token):
            return
        is_api = path == "/api" or path.startswith("/api/")
        if is_api and not path.startswith(BY_COOKIE):
            hint = "Open the program again, or send the X-Token that serve --json prints."
            raise Refused(401, "no-token", "This call carries no valid token.", hint)
        given = _cookie(environ, self._cookie_name)
        if not (_same(given, self._cookie) or _same(given, self._window_cookie)):
            raise Refused(403, "no-cookie", "This tab was not opened by the app.")

    def _is_window(self, environ: Environ) -> bool:
        return _same(_cookie(environ, self._cookie_name), self._window_cookie)


def raw_path(environ: Environ) -> str:
    """Answer the path as it was sent, still percent-encoded: a name may hold an encoded slash."""
    uri = str(environ.get("REQUEST_URI") or environ.get("PATH_INFO", "/")).partition("?")[0]
    if not uri.startswith("/"):  # the absolute form a proxy would use
        uri = "/" + uri.partition("://")[2].partition("/")[2]
    return uri


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _cookie(environ: Environ, name: str) -> str:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _check_content_type(environ: Environ, path: str) -> None:
    """Rule 6: a form another page could send without asking is never a write."""
    method = environ["REQUEST_METHOD"]
    if method not in WRITES:
        return
    has_body = environ.get("CONTENT_LENGTH", "") not in ("", "0") or bool(
        environ.get("HTTP_TRANSFER_ENCODING")
    )
    if method == "DELETE" and not has_body:
        return
    wanted = "application/octet-stream" if path == "/api/upload" else "application/json"
    given = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    if given != wanted:
        raise Refused(415, "wrong-content-type", f"Send this as {wanted}.")


def _answer(refusal: Refused, path: str, start_response: StartResponse) -> list[bytes]:
    """Answer a refusal: JSON under /api, a calm page elsewhere."""
    if path.startswith("/api"):
        body = dump(
            {
                "error": {
                    "code": refusal.code,
                    "message": refusal.message,
                    "hint": refusal.hint,
                    "details": {},
                }
            }
        ).encode()
        headers = [("Content-Type", "application/json; charset=utf-8")]
    else:
        body = _CALM_PAGE.replace("{reason}", refusal.message).encode()
        headers = [("Content-Type", "text/html; charset=utf-8")]
        headers.append(("Content-Security-Policy", _CALM_POLICY))
    # The body is not read: closing is cheaper than swallowing what a stranger sends.
    headers += [("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    headers.append(("Connection", "close"))
    start_response(f"{refusal.status} {HTTPStatus(refusal.status).phrase}", headers)
    return [body]
