"""Numbers of bytes as people say them."""

from __future__ import annotations


def readable_size(size: float) -> str:
    """Return a size for people: "812 bytes", "4.6 kB", "128 MB", "1.2 GB"."""
    if size < 1000:
        return f"{size:.0f} bytes"
    for unit in ("kB", "MB", "GB", "TB"):
        size /= 1000
        if size < 999.5 or unit == "TB":
            break
    return f"{size:.0f} {unit}" if size >= 100 else f"{size:.1f} {unit}"
