"""A bare pywebview "hello", as a program: a page of one line and a function that answers it.

It asks nothing of the app, so that it can be packaged bare.
"""

from __future__ import annotations

import sys

import webview

PAGE = "<!doctype html><title>hello</title><h1>hello</h1>"


def call() -> str:
    """Answer the page."""
    return "hello"


def main() -> None:
    """Show the page until the window is closed."""
    window = webview.create_window("hello", html=PAGE)
    assert window is not None
    window.expose(call)
    webview.start(gui="qt" if sys.platform == "linux" else None)


if __name__ == "__main__":
    main()
