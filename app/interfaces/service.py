"""What every skin that stays open answers from: the library, its jobs, what was offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.api import Operation
from app.interfaces.http.following import Follower
from app.interfaces.http.uploads import Uploads
from app.interfaces.offered import Offered
from app.jobs import JobRunner
from app.library import Library

HELD = "upload:"  # a source that starts so is an upload held earlier


@dataclass(frozen=True)
class Service:
    """One open library being served; the REST API and the window's bridge start from here."""

    library: Library
    operations: Sequence[Operation]
    jobs: JobRunner
    uploads: Uploads
    follower: Follower
    offered: Offered = field(default_factory=Offered)

    def start(self, operation: Operation, values: Mapping[str, object]) -> object:
        """Start an operation; sources held as uploads are found, and removed once imported."""
        if operation.method == "GET":
            self.follower.look()
        found, held = self._with_uploads(values)

        def remove() -> None:
            for upload in held:
                self.uploads.remove(upload)

        after = remove if operation.writes else None
        return operation.start(self.library, found, self.jobs, after=after)

    def _with_uploads(self, values: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
        """Put the paths of held uploads where their names stand; answer the ids too."""
        compared = values.get("b")
        if isinstance(compared, str) and _is_held(compared):
            return {**values, "b": str(self.uploads.source(compared[len(HELD) :]))}, []
        sources = values.get("sources")
        if not isinstance(sources, list):
            return dict(values), []
        held = [each[len(HELD) :] for each in sources if _is_held(each)]
        paths = [
            str(self.uploads.source(each[len(HELD) :])) if _is_held(each) else each
            for each in sources
        ]
        return {**values, "sources": paths}, held


def _is_held(source: object) -> bool:
    return isinstance(source, str) and source.startswith(HELD)
