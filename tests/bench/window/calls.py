"""Calls over the window's bridge, or over a bare pywebview function, as a program.

Run with "ours" or "bare" and an empty folder; prints the seconds 500 calls took, one after
another, from the page's side.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import webview

from app.api import OPERATIONS
from app.interfaces import bridge
from app.interfaces.http.server import PageServer
from app.interfaces.window.frame import _prepare_platform
from app.jobs import JobRunner
from app.library import open_library

AT_REST = 4.0  # seconds until the page has loaded and asked all it does as it opens
LOOP = """
(async () => {
  const call = () => window.pywebview.api.call(TOKEN, "job list", "{}");
  for (let warm = 0; warm < 20; warm += 1) await call();
  const began = performance.now();
  for (let number = 0; number < 500; number += 1) await call();
  return (performance.now() - began) / 1000;
})()
"""


def main(kind: str, folder: Path) -> None:
    """Measure one side and leave: both on the same page, served by the same server."""
    _prepare_platform()
    server = PageServer(open_library(folder), OPERATIONS, JobRunner())
    server.start()

    def call(token: str = "", name: str = "", sent: str = "") -> dict[str, Any]:
        return {"ok": []}

    ours = bridge.build(server.service, server.token)
    window = webview.create_window("bench", server.entry_address(window=True))
    assert window is not None
    window.expose(ours if kind == "ours" else call)

    def tell(seconds: object) -> None:
        print(seconds, flush=True)
        os._exit(0)

    def measure() -> None:
        window.events.loaded.wait(60)
        time.sleep(AT_REST)
        window.evaluate_js(LOOP.replace("TOKEN", repr(server.token)), tell)

    threading.Thread(target=measure, daemon=True).start()
    webview.start(gui="qt" if sys.platform == "linux" else None)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
