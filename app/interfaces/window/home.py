"""Which addresses are of our own page: what a window shows is given the bridge."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_home(address: str, home: str) -> bool:
    """Tell whether an address is of the origin of ``home``: same scheme, host and port."""
    try:
        there, ours = urlsplit(address), urlsplit(home)
        same = (there.scheme, there.hostname, there.port) == (ours.scheme, ours.hostname, ours.port)
    except ValueError:
        return False
    return same and "@" not in there.netloc
