"""The server on this machine's own address: a port the system picks, and a clean end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial

from cheroot import wsgi
from cheroot.server import HTTPConnection

from app.api import Operation
from app.errors import Conflict
from app.interfaces.http.events import EventStreams
from app.interfaces.http.following import Follower
from app.interfaces.http.gate import Gate
from app.interfaces.http.page import Page, web_folder
from app.interfaces.http.rest import Routes, Site
from app.interfaces.http.uploads import Uploads
from app.interfaces.service import Service
from app.jobs import JobRunner
from app.library import Library
from app.operations.backups.attending import Attendant

BACK_UP_DUE = "backup run"
ADDRESS = "127.0.0.1"
THREADS = 16  # four may be held by event streams; a page asks six at a time
HEADER_LIMIT = 64 * 1024  # bytes of a request's line and headers
TIMEOUT = 30  # seconds a connection may stall: a slow disk feeding an upload does

log = logging.getLogger("app.server")


class PageServer:
    """Serves the page and the REST API of one library, to the tab it opened only."""

    def __init__(
        self,
        library: Library,
        operations: Sequence[Operation],
        jobs: JobRunner,
        *,
        port: int = 0,
        follow: Callable[[], object] = lambda: None,
    ) -> None:
        """Bind the port (0: the system picks one). Raises Conflict if it is taken.

        ``follow`` brings the catalog up to date with the folders; called now and then
        before something is read.
        """
        uploads = Uploads(library.uploads)
        uploads.remove_old()
        self._jobs = jobs
        self._streams = EventStreams(jobs)
        self._server = _Server(
            (ADDRESS, port),
            None,
            numthreads=THREADS,
            server_name="dumpster",
            timeout=TIMEOUT,
            shutdown_timeout=2,
        )
        self._server.max_request_header_size = HEADER_LIMIT
        try:
            self._server.prepare()
        except OSError as problem:
            raise Conflict(
                f"Port {port} cannot be used: {problem.strerror or problem}.",
                hint="Choose another one with --port, or leave it out.",
            ) from problem
        self.port: int = self._server.bind_addr[1]
        follower = Follower(follow, jobs)
        self.service = Service(library, operations, jobs, uploads, follower)
        site = Site(self._streams, Page(web_folder()))
        self._routes = Routes(self.service, site)
        self._gate = Gate(self._routes, self.port)
        self._server.wsgi_app = self._gate
        self._attendant = _attendant(self.service)
        self._thread = threading.Thread(target=self._server.serve, name="server", daemon=True)

    @property
    def url(self) -> str:
        """Where it serves; of use only to who holds the token or the cookie."""
        return f"http://{ADDRESS}:{self.port}/"

    @property
    def token(self) -> str:
        """What scripts send as ``X-Token``."""
        return self._gate.token

    def entry_address(self, *, window: bool = False) -> str:
        """Make an address that opens the page once, within a minute."""
        return f"{self.url}enter?k={self._gate.new_key(window=window)}"

    def start(self) -> None:
        """Begin to answer, and to look after backups."""
        self._thread.start()
        if self._attendant is not None:
            self._attendant.start()

    def stop(self) -> None:
        """Stop answering, and stop every job; what a job had begun leaves no trace."""
        if self._attendant is not None:
            self._attendant.stop()
        self._streams.close()
        self._jobs.close()
        self._server.stop()
        if self._thread.is_alive():
            self._thread.join(5)


def _attendant(service: Service) -> Attendant | None:
    """Answer who looks after backups, if the table has them."""
    for operation in service.operations:
        if operation.name == BACK_UP_DUE:
            run = partial(service.start, operation, {})
            return Attendant(service.library, service.jobs, run)
    return None


class _Connection(HTTPConnection):
    """Cheroot's connection, which when it is over does not try to send what could not be sent."""

    def close(self) -> None:
        """Let go of the writing side too: Python 3.13 prints what goes wrong when it is late."""
        self.wfile.raw.close()
        super().close()


class _Server(wsgi.Server):
    """Cheroot's server, whose complaints go to the log without the addresses they quote."""

    ConnectionClass = _Connection

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Take one complaint; its first words tell enough."""
        del traceback
        log.log(level, "server: %s", msg.partition("\n")[0][:80])
