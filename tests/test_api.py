"""The table of operations: parameters read from signatures, values checked once for all skins."""

from __future__ import annotations

import inspect
import re
from typing import Annotated, Literal

import pytest

from app.api import OPERATIONS, Operation
from app.errors import Conflict, InvalidInput
from app.jobs import Job, JobRunner
from app.library import Library
from app.parameters import ASKED_FOR, MOST, Parameter
from app.progress import Task


def make(
    library: Library,
    *,
    name: Annotated[str, "the name"],
    level_of_care: Annotated[int, "how much"] = 3,
    kind: Annotated[Literal["a", "b"] | None, "which"] = None,
    from_: Annotated[list[str] | None, "where from"] = None,
    dry_run: Annotated[bool, "only say"] = False,
    anything: Annotated[object, "any plain value"] = None,
) -> str:
    """Make something. The rest is not help."""
    return f"{name} {level_of_care} {kind} {from_} {dry_run} {anything}"


def write(library: Library, task: Task, *, name: Annotated[str, "the name"] = "") -> str:
    """Write something."""
    task.step("writing")
    return str((library.root / ".lock").exists())


MAKE = Operation("thing make", make, "POST", "/things", "things make")
WRITE = Operation("thing write", write, "POST", "/things/write", writes=True)


def test_parameters_are_read_from_the_signature() -> None:
    """Kind, help, choices and default come from the annotation, nothing is said twice."""
    assert MAKE.parameters == (
        Parameter("name", "text", "the name", required=True),
        Parameter("level_of_care", "number", "how much", required=False, default=3),
        Parameter("kind", "text", "which", required=False, choices=("a", "b")),
        Parameter("from_", "list", "where from", required=False),
        Parameter("dry_run", "flag", "only say", required=False, default=False),
        Parameter("anything", "value", "any plain value", required=False),
    )
    assert [each.wire_name for each in MAKE.parameters] == [
        "name",
        "levelOfCare",
        "kind",
        "from",
        "dryRun",
        "anything",
    ]
    assert (MAKE.is_long, WRITE.is_long) == (False, True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "x"}, {"name": "x"}),
        ({"name": "x", "levelOfCare": "-5"}, {"name": "x", "level_of_care": -5}),
        ({"name": "x", "levelOfCare": 0}, {"name": "x", "level_of_care": 0}),
        ({"name": "x", "kind": "b"}, {"name": "x", "kind": "b"}),
        ({"name": "x", "kind": None}, {"name": "x"}),
        ({"name": "x", "from": "y"}, {"name": "x", "from_": ["y"]}),
        ({"name": "x", "from": []}, {"name": "x", "from_": []}),
        ({"name": "x", "dryRun": ""}, {"name": "x", "dry_run": True}),
        ({"name": "x", "dryRun": "false"}, {"name": "x", "dry_run": False}),
        ({"name": "x", "dryRun": True}, {"name": "x", "dry_run": True}),
        ({"name": "x", "anything": False}, {"name": "x", "anything": False}),
        ({"name": "x", "anything": 7}, {"name": "x", "anything": 7}),
    ],
)
def test_values_are_read(given: dict[str, object], expected: dict[str, object]) -> None:
    """Values come by wire name, as JSON or as text, and are converted once."""
    assert MAKE.read(given) == expected


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "name is missing"),
        ({"name": None}, "name is missing"),
        ({"name": 5}, "name must be a text"),
        ({"name": ["x"]}, "name must be a text"),
        ({"name": "a\0b"}, "name must be a text"),
        ({"name": "x", "unknown": 1}, "does not take unknown"),
        ({"name": "x", "level_of_care": 1}, "does not take level_of_care"),
        ({"name": "x", "levelOfCare": "many"}, "levelOfCare must be a number"),
        ({"name": "x", "levelOfCare": True}, "levelOfCare must be a number"),
        ({"name": "x", "levelOfCare": 1.5}, "levelOfCare must be a number"),
        ({"name": "x", "levelOfCare": MOST + 1}, "levelOfCare must be a number"),
        ({"name": "x", "levelOfCare": "9" * 5000}, "levelOfCare must be a number"),
        ({"name": "x", "kind": "c"}, "kind must be a or b"),
        ({"name": "x", "from": [1]}, "from must be a list"),
        ({"name": "x", "from": ["a\0"]}, "from must be a list"),
        ({"name": "x", "from": {}}, "from must be a list"),
        ({"name": "x", "dryRun": "perhaps"}, "dryRun must be a flag"),
        ({"name": "x", "dryRun": 1}, "dryRun must be a flag"),
        ({"name": "x", "anything": [1]}, "anything must be a value"),
        ({"name": "x", "anything": "\0"}, "anything must be a value"),
    ],
)
def test_senseless_values_are_refused(given: dict[str, object], word: str) -> None:
    """What makes no sense is refused with its name."""
    with pytest.raises(InvalidInput, match=re.escape(word)):
        MAKE.read(given)


def test_short_operation_answers_at_once(library: Library) -> None:
    """What is not long is done here and now."""
    jobs = JobRunner()

    answer = MAKE.start(library, {"name": "x", "from": ["y"]}, jobs)

    assert answer == "x 3 None ['y'] False None"
    assert jobs.list() == []


def test_long_operation_is_a_job(library: Library) -> None:
    """What reports progress runs as a job, holding the lock if it writes."""
    jobs = JobRunner()

    job = WRITE.start(library, {}, jobs)

    assert isinstance(job, Job)
    *_, last = jobs.follow(job.id)
    assert last is not None
    assert (last.state, last.result) == ("done", "True")
    jobs.close()


def test_writing_waits_for_no_other_process(library: Library) -> None:
    """While another process writes, a write is refused and says so."""
    with library.writing(), pytest.raises(Conflict, match="changing this library"):
        WRITE.call(library, {}, Task())


def test_tidying_up_after_a_short_operation(library: Library) -> None:
    """Done or failed, ``after`` is called once; refused values leave things as they were."""
    called: list[str] = []

    def after() -> None:
        called.append("tidied")

    with pytest.raises(InvalidInput):
        MAKE.start(library, {}, JobRunner(), after=after)
    assert called == []
    MAKE.start(library, {"name": "x"}, JobRunner(), after=after)
    assert called == ["tidied"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_rows_keep_the_conventions(operation: Operation) -> None:
    """Library first, task second if long, all else by name; the address names parameters."""
    positional = [
        each.name
        for each in inspect.signature(operation.function).parameters.values()
        if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    in_path = re.findall(r"<(\w+)>", operation.path)

    assert positional == ["library", "task"][: 1 + operation.is_long]
    assert set(in_path) <= {each.wire_name for each in operation.parameters}
    assert operation.method in ("GET", "POST", "PATCH", "DELETE")
    assert not (operation.writes and operation.method == "GET")


def test_no_two_rows_share_an_address_or_a_command() -> None:
    """Every row can be reached."""
    addresses = [(each.method, each.path) for each in OPERATIONS]
    commands = [(each.command, each.when) for each in OPERATIONS if each.command]
    names = [each.name for each in OPERATIONS]

    for several in (addresses, commands, names):
        assert len(set(several)) == len(several)


def test_what_is_asked_for_is_not_shown_with_the_job(library: Library) -> None:
    """A passphrase reaches the operation, and nobody who looks at its job."""
    given: list[str] = []

    def seal(
        library: Library, task: Task, *, passphrase: Annotated[str, "which", ASKED_FOR] = ""
    ) -> str:
        """Seal something."""
        given.append(passphrase)
        return "sealed"

    jobs = JobRunner()
    job = Operation("thing seal", seal, "POST", "/seal").start(
        library, {"passphrase": "four words in a row"}, jobs
    )
    assert isinstance(job, Job)
    *_, last = jobs.follow(job.id)
    jobs.close()

    assert given == ["four words in a row"]
    assert last is not None
    assert "four words" not in repr(last)
