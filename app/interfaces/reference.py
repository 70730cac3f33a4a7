"""The reference pages docs/api.md and docs/cli.md, written from the table of operations.

Run ``python -m app.interfaces.reference`` after changing the table; a test fails when a
page is stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_type_hints

from app.api import OPERATIONS, Operation
from app.interfaces.openapi import describe
from app.interfaces.schema import Schema, schema_of
from app.interfaces.terminal.parser import PROGRAM, words_of
from app.parameters import Parameter

DOCS = Path(__file__).resolve().parents[2] / "docs"

_API_INTRO = """\
# The REST API

<!-- written by `python -m app.interfaces.reference`; do not edit -->

`dumpster serve --json` prints one line: `url`, `entry`, `token` and `pid`. Every call below
`/api` carries the token in the header `X-Token`; media also take the cookie of the page.
Writes are `Content-Type: application/json`. The server answers to this machine only.
`GET /api/openapi.json` describes all this to programs.

Names are camelCase, times ISO 8601 in UTC, sizes bytes, ids texts. Names in addresses are
percent-encoded, slashes included. What takes long answers `202` with a job:
follow it at `/api/jobs/<id>` until its `state` is `done`, `failed` or `cancelled`.

## Errors

`{"error": {"code", "message", "hint", "details"}}`; branch on `code`, show the others.

| status | code | means |
|---|---|---|
| 400 | `invalid-input` | the request makes no sense as given |
| 401 | `no-token` | the call carries no valid token |
| 403 | `wrong-origin`, `wrong-site`, `no-cookie`, `entry-used` | another page, or a tab the app \
did not open |
| 404 | `not-found` | the thing asked for is not there |
| 405 | `wrong-method` | the address is not used that way |
| 409 | `conflict` | it is already there, in use, or already running |
| 415 | `wrong-content-type` | a write that is not JSON |
| 421 | `wrong-host` | the server does not answer to that name |
| 422 | `not-an-export` | the file is not a ChatGPT export |
| 500 | `storage-problem`, `bug` | the disk or the catalog let us down, or a fault of ours |
| 507 | `storage-problem` | not enough free space; `details` has `needed` and `free`, in bytes |

A job that failed holds the same error. Over the command line the same object is printed
with `--json`.
"""

_API_BY_HAND = """\
## Jobs, media, uploads

| call | does |
|---|---|
| `GET /api/jobs` | list jobs, newest first |
| `GET /api/jobs/<id>` | show one: `id, operation, state, progress{stage, done, total, item, \
unit, secondsLeft, rate}, result, error, createdAt, values` |
| `DELETE /api/jobs/<id>` | ask it to stop; it is over when its state says so |
| `GET /api/jobs/<id>/events` | server-sent events: `data: <job>` at each change; four streams \
at most, the oldest is closed |
| `GET /api/media/<export>/<path>` | a file below the export's folder, with ranges and \
validators; `?download=1` saves what could be shown |
| `POST /api/upload?filename=F` | send an archive as `application/octet-stream` (also `&name=N`, \
`&into=E`); answers the import's job |
| `POST /api/upload?filename=F&hold=1` | store only (also `&upload=ID` to add to an earlier one; \
F may be a relative path); answers `{"upload", "files"}`; name it later as the source `upload:ID` |
| `POST /api/offered` | with `{"sources"}`: bring the window forward and offer it files \
or folders to import; the person is asked |
| `DELETE /api/offered` | answer what was offered (`place, path, size`), and forget it |
| `GET /enter?k=KEY` | the entry address: works once, within a minute |
"""

_CLI_INTRO = """\
# The command line

<!-- written by `python -m app.interfaces.reference`; do not edit -->

`python3 run.py <command>` in a checkout, `dumpster <command>` once installed. Without a
command the app opens.

| option of every command | means |
|---|---|
| `--library DIR` | the library folder; else `DUMPSTER_LIBRARY`, else `~/Data Dumpster Diver` |
| `--json` | exactly one JSON document on standard output: the result, or `{"error": …}` |
| `--quiet` | no progress |
| `--verbose` | tell more on standard error |
| `--version` | show the version |

They may stand before or after the command. Progress and notices go to standard error.
Ctrl-C asks a long command to stop; a second one ends it at once. `NO_COLOR` is obeyed.

| exit code | means |
|---|---|
| 0 | done |
| 1 | failed: the disk let us down, or a fault of ours |
| 2 | refused: the request makes no sense, or something is not there or in use |
| 3 | finished, but the report names content that could not be brought over or read |
| 130 | stopped |
"""

_CLI_BY_HAND = """\
## `dumpster settings [KEY [VALUE]]`

Show every setting, show one, or change it.

## `dumpster serve [--port N]`

Serve the page without opening it; prints an address that works once, within a minute. With
`--json` one line: `{"url", "entry", "token", "pid"}`.

## `dumpster demo [--port N] [--no-open]`

Fill a scratch library with an invented export, and open it. With `--library` that library
is filled and kept.
"""


def api_page(operations: Sequence[Operation]) -> str:
    """Write docs/api.md."""
    parts = [_API_INTRO, "## Operations\n"]
    parts += [_api_section(each) for each in operations]
    parts += [_API_BY_HAND, "## Results\n"]
    named = describe(operations)["components"]["schemas"]
    parts += [_schema_section(name, schema) for name, schema in sorted(named.items())]
    return "\n".join(parts)


def cli_page(operations: Sequence[Operation]) -> str:
    """Write docs/cli.md."""
    commands = [each for each in operations if each.command]
    return "\n".join([_CLI_INTRO, *(_cli_section(each) for each in commands), _CLI_BY_HAND])


def main() -> None:
    """Write both pages."""
    for name, page in (("api.md", api_page(OPERATIONS)), ("cli.md", cli_page(OPERATIONS))):
        (DOCS / name).write_text(page, encoding="utf-8")


def _api_section(operation: Operation) -> str:
    place = "query" if operation.method == "GET" else "body"
    in_path = operation.path_names
    rows = [
        (
            f"`{each.wire_name}`",
            "path" if each.wire_name in in_path else place,
            _kind(each),
            each.help,
        )
        for each in operation.parameters
    ]
    result = _type(schema_of(get_type_hints(operation.function)["return"], {}))
    answers = f"Answers 202 and a job, whose `result` is {result}." if operation.is_long else ""
    return _section(
        f"### `{operation.method} /api{operation.path}`",
        operation.help,
        _table(("value", "in", "kind", "means"), rows),
        answers or f"Answers {result}.",
    )


def _cli_section(operation: Operation) -> str:
    given = [
        (words, each.help) for each in operation.parameters if (words := words_of(each, operation))
    ]
    rows = [(f"`{words}`", text) for words, text in given]
    line = " ".join([*_when(operation, given), *(words for words, _ in given)])
    head = f"## `{PROGRAM} {operation.command} {line}".rstrip() + "`"
    return _section(head, operation.help, _table(("value", "means"), rows))


def _when(operation: Operation, given: Sequence[tuple[str, str]]) -> list[str]:
    """Answer the option that means this operation, unless one of its values carries it."""
    meant = f"--{operation.when}"
    carried = any(words.startswith(f"{meant} ") for words, _ in given)
    return [meant] if operation.when and not carried else []


def _section(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    if not lines:
        return ""
    head = [" | ".join(titles), "|".join("---" for _ in titles)]
    return "\n".join(f"| {line} |" if "---" not in line else f"|{line}|" for line in head + lines)


def _kind(parameter: Parameter) -> str:
    kind = {"list": "list of texts", "value": "any"}.get(parameter.kind, parameter.kind)
    if parameter.choices:
        kind = ", ".join(f"`{choice}`" for choice in parameter.choices)
    if parameter.required:
        return f"{kind}, required"
    default = parameter.default
    return f"{kind} (`{default}`)" if default not in (None, "", False) else kind


def _schema_section(name: str, schema: Schema) -> str:
    fields = schema["properties"].items()
    titles: tuple[str, ...] = ("field", "type")
    rows: list[tuple[str, ...]] = [(f"`{field}`", _type(each)) for field, each in fields]
    if any("description" in each for _, each in fields):
        titles += ("means",)
        rows = [
            (*row, each.get("description", "")) for row, (_, each) in zip(rows, fields, strict=True)
        ]
    told = schema.get("description", "").replace("``", "`")
    return _section(f"### {name}", told, _table(titles, rows))


def _type(schema: Schema) -> str:
    """Say a schema in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    kind: Any = schema.get("type", "any")
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    if kind == "object" and "additionalProperties" in schema:
        return f"object of {_type(schema['additionalProperties'])}"
    if schema.get("format") == "date-time":
        return "time"
    words = {"string": "text", "integer": "number", "boolean": "true or false"}
    return " or ".join(
        words.get(each, each) for each in ([kind] if isinstance(kind, str) else kind)
    )


if __name__ == "__main__":
    main()
