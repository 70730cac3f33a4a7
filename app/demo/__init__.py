"""An invented sample: every content type, made from a seed.

`build_sample` writes a ChatGPT export as a ZIP, `build_legacy_session` a folder as the
predecessor left it. All people, places and sites in them are invented.
"""

from app.demo.legacy import build_legacy_session
from app.demo.sample import build_sample

__all__ = ["build_legacy_session", "build_sample"]
