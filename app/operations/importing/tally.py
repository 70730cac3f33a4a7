"""What an import has found so far; at its end, the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from app.core.problems import Problem
from app.operations.results import AssetCounts, ConversationCounts, ImportReport

MOST_WARNINGS = 500  # told one by one; the rest are counted in one line


@dataclass
class Tally:
    """Counts and problems of one import. Conversations are counted once, by id."""

    outcome: dict[str, str] = field(default_factory=dict)  # id -> added, updated, unchanged
    failed: int = 0
    messages: int = 0
    stored: int = 0
    kept: int = 0  # damaged pieces whose bytes were kept
    missing: int = 0
    gone: int = 0
    not_understood: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def add(self, problems: Iterable[Problem]) -> None:
        """Remember problems, each once."""
        known = set(self.problems)
        for problem in problems:
            if problem not in known:
                known.add(problem)
                self.problems.append(problem)

    def recover(self, count: int, files: Sequence[str]) -> None:
        """Say that what these files could not give was found in `chat.html` after all."""
        self.failed -= count
        self.problems = [
            replace(problem, loss=False, hint="It was recovered from chat.html.")
            if problem.code.startswith("damaged") and any(file in problem.message for file in files)
            else problem
            for problem in self.problems
        ]

    @property
    def conversations(self) -> ConversationCounts:
        """How many conversations met which end."""
        ends = Counter(self.outcome.values())
        return ConversationCounts(ends["added"], ends["updated"], ends["unchanged"], self.failed)

    @property
    def changed(self) -> bool:
        """Whether the export is any different for this import."""
        grown = any(end != "unchanged" for end in self.outcome.values())
        return grown or self.stored > 0 or self.kept > 0

    def report(self, export: str, *, created: bool, seconds: float) -> ImportReport:
        """Make the report."""
        return ImportReport(
            export=export,
            created=created,
            conversations=self.conversations,
            messages=self.messages,
            assets=AssetCounts(self.stored, self.missing),
            not_understood=dict(self.not_understood.most_common()),
            gone=self.gone,
            warnings=_told(self.problems),
            seconds=round(seconds, 3),
        )


def _told(problems: list[Problem]) -> tuple[Problem, ...]:
    """Name losses first, and no more than a person would scroll through."""
    ordered = sorted(problems, key=lambda problem: not problem.loss)
    if len(ordered) <= MOST_WARNINGS:
        return tuple(ordered)
    rest = ordered[MOST_WARNINGS:]
    return (
        *ordered[:MOST_WARNINGS],
        Problem(
            "more-warnings",
            f"{len(rest):,} more warnings like these are not listed.",
            loss=any(problem.loss for problem in rest),
        ),
    )
