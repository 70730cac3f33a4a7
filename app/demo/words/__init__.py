"""What was said, as tables: the sentences, apart from the shapes they are exported in."""

from __future__ import annotations

from collections.abc import Sequence

# A title, when it started (UTC), the model, and the questions with their answers.
Short = tuple[str, str, str, tuple[Sequence[str], ...]]
