"""The REST API told to programs: OpenAPI 3.1, made from the table of operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_type_hints

from app import __version__
from app.api import Operation
from app.interfaces.offered import OfferedSource
from app.interfaces.schema import Schema, schema_of
from app.parameters import Parameter

_KINDS: dict[str, Schema] = {
    "text": {"type": "string"},
    "number": {"type": "integer"},
    "flag": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
    "value": {},
}
_ERRORS = {"$ref": "#/components/responses/Error"}
_JOB_PATH = {"name": "job", "in": "path", "required": True, "schema": {"type": "string"}}
_PROGRESS: Schema = {
    "type": "object",
    "properties": {
        "stage": {"type": "string"},
        "done": {"type": "integer"},
        "total": {"type": ["integer", "null"]},
        "item": {"type": "string"},
        "unit": {"type": "string", "description": "what done and total count"},
        "secondsLeft": {"type": ["number", "null"]},
        "rate": {"type": ["number", "null"], "description": "units a second, in this stage"},
    },
    "required": ["stage", "done", "total", "item", "unit", "secondsLeft", "rate"],
}
_ERROR: Schema = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "description": "stable, for programs"},
        "message": {"type": "string", "description": "what happened, for people"},
        "hint": {"type": "string", "description": "what to do about it"},
        "details": {"type": "object"},
    },
    "required": ["code", "message", "hint", "details"],
}
_JOB: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "operation": {"type": "string"},
        "state": {"enum": ["queued", "running", "done", "failed", "cancelled"]},
        "progress": {"$ref": "#/components/schemas/Progress"},
        "result": {"description": "the operation's result once it is done"},
        "error": {"anyOf": [{"$ref": "#/components/schemas/Error"}, {"type": "null"}]},
        "createdAt": {"type": "string", "format": "date-time"},
        "values": {"type": "object", "description": "what it was started with"},
    },
    "required": [
        "id",
        "operation",
        "state",
        "progress",
        "result",
        "error",
        "createdAt",
        "values",
    ],
}
_UPLOAD: Schema = {
    "type": "object",
    "properties": {"upload": {"type": "string"}, "files": {"type": "integer"}},
    "required": ["upload", "files"],
}


def describe(operations: Sequence[Operation]) -> dict[str, Any]:
    """Describe the whole REST API over a table of operations."""
    named: dict[str, Schema] = {
        "Error": _ERROR,
        "Progress": _PROGRESS,
        "Job": _JOB,
        "Upload": _UPLOAD,
    }
    schema_of(OfferedSource, named)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        address = "/api" + operation.path.replace("<", "{").replace(">", "}")
        paths.setdefault(address, {})[operation.method.lower()] = _operation(operation, named)
    for address, methods in _by_hand().items():
        paths.setdefault(address, {}).update(methods)
    error_body = {
        "type": "object",
        "properties": {"error": {"$ref": "#/components/schemas/Error"}},
        "required": ["error"],
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Data Dumpster Diver", "version": __version__},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": named,
            "responses": {"Error": _json("The request was refused or failed.", error_body)},
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Token"}},
        },
    }


def value_schema(parameter: Parameter) -> Schema:
    """Answer the schema of one value an operation takes."""
    schema = {**_KINDS[parameter.kind]}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.default not in (None, ()):
        schema["default"] = parameter.default
    return schema


def _operation(operation: Operation, named: dict[str, Schema]) -> dict[str, Any]:
    in_path = operation.path_names
    others = [each for each in operation.parameters if each.wire_name not in in_path]
    writes = operation.method != "GET"
    described: dict[str, Any] = {
        "operationId": operation.name.replace(" ", "-"),
        "summary": operation.help,
        "parameters": [_parameter(each, "path") for each in _in_path(operation)]
        + [_parameter(each, "query") for each in others if not writes],
        "responses": {**_answer(operation, named), "default": _ERRORS},
    }
    if writes:
        described["requestBody"] = {
            "required": any(each.required for each in others),
            "content": {"application/json": {"schema": _body(others)}},
        }
    return described


def _in_path(operation: Operation) -> list[Parameter]:
    names = operation.path_names
    return [each for each in operation.parameters if each.wire_name in names]


def _parameter(parameter: Parameter, place: str) -> dict[str, Any]:
    return {
        "name": parameter.wire_name,
        "in": place,
        "required": place == "path" or parameter.required,
        "description": parameter.help,
        "schema": value_schema(parameter),
    }


def _body(parameters: Sequence[Parameter]) -> Schema:
    return {
        "type": "object",
        "properties": {
            each.wire_name: {**value_schema(each), "description": each.help} for each in parameters
        },
        "required": [each.wire_name for each in parameters if each.required],
        "additionalProperties": False,
    }


def _answer(operation: Operation, named: dict[str, Schema]) -> dict[str, Any]:
    result = schema_of(get_type_hints(operation.function)["return"], named)
    if not operation.is_long:
        return {"200": _json("The result.", result)}
    answer = _json("Started as a job.", {"$ref": "#/components/schemas/Job"})
    answer["x-result"] = result  # what the job's result will be
    return {"202": answer}


def _json(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _get(name: str, summary: str, answer: dict[str, Any], *parameters: Any) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {"200": answer, "default": _ERRORS},
    }


def _asked(name: str, place: str, schema: Schema, description: str = "") -> dict[str, Any]:
    required = place == "path" or name == "filename"
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": description,
        "schema": schema,
    }


def _by_hand() -> dict[str, dict[str, Any]]:
    """Describe what is served without being an operation."""
    job: Schema = {"$ref": "#/components/schemas/Job"}
    jobs: Schema = {"type": "array", "items": job}
    events = {
        "description": "`data: <job>` at each change, until its state is final.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
    openapi = _json("OpenAPI 3.1.", {"type": "object"})
    stop = _get("job-cancel", "Ask a job to stop; over when its state says so.", _json("", job))
    return {
        "/api/jobs": {"get": _get("job-list", "List jobs, newest first.", _json("", jobs))},
        "/api/jobs/{job}": {
            "get": _get("job-show", "Show one job.", _json("", job), _JOB_PATH),
            "delete": {**stop, "parameters": [_JOB_PATH]},
        },
        "/api/jobs/{job}/events": {
            "get": _get("job-events", "Follow a job, event by event.", events, _JOB_PATH)
        },
        "/api/backups/media/{export}/{backup}/{path}": {"get": _backed_up()},
        "/api/media/{export}/{path}": {"get": _media()},
        "/api/offered": {"post": _offer(), "delete": _take_offered()},
        "/api/openapi.json": {"get": _get("openapi", "Describe this API.", openapi)},
        "/api/upload": {"post": _upload()},
    }


def _media() -> dict[str, Any]:
    whole = {"description": "The bytes.", "content": {"*/*": {"schema": {}}}}
    text: Schema = {"type": "string"}
    described = _get(
        "media",
        "Answer a file of an export, or the range of it asked for.",
        whole,
        _asked("export", "path", text),
        _asked("path", "path", text, "below the export's folder; its slashes stay as they are"),
        _asked("download", "query", {"type": "boolean"}, "save it even if it could be shown"),
    )
    described["responses"]["206"] = {**whole, "description": "The range asked for."}
    described["responses"]["304"] = {"description": "Not changed since."}
    described["responses"]["416"] = {"description": "The file has no such range."}
    return described


def _backed_up() -> dict[str, Any]:
    """Describe the bytes of a file inside a backup: as those of an export, and which backup."""
    described = _media()
    described["operationId"] = "backup-media"
    described["summary"] = "Answer a file inside a backup, or the range of it asked for."
    text: Schema = {"type": "string"}
    described["parameters"].insert(1, _asked("backup", "path", text, "the backup's id"))
    return described


def _upload() -> dict[str, Any]:
    text: Schema = {"type": "string"}
    held: Schema = {"$ref": "#/components/schemas/Upload"}
    job: Schema = {"$ref": "#/components/schemas/Job"}
    later = 'name it later as the source "upload:ID"'
    described = _get(
        "upload",
        "Send an archive and import it, or hold files until all are there.",
        _json(f"Held; {later}.", held),
        _asked("filename", "query", text, "what the file is called; with hold, a relative path"),
        _asked("name", "query", text, "name of the new export"),
        _asked("into", "query", text, "an export to add to"),
        _asked("hold", "query", {"type": "boolean"}, f"store only; {later}"),
        _asked("upload", "query", text, "an earlier upload this file belongs to"),
    )
    described["responses"]["202"] = _json("Stored, and its import started as a job.", job)
    binary = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    described["requestBody"] = {"required": True, "content": binary}
    return described


def _offer() -> dict[str, Any]:
    sources = value_schema(Parameter("sources", "list", "", required=False))
    body: Schema = {
        "type": "object",
        "properties": {"sources": {**sources, "description": "paths on this computer"}},
        "additionalProperties": False,
    }
    described = _get(
        "offer",
        "Bring the window forward, and offer it sources to import.",
        _json("Told.", {"type": "object", "additionalProperties": False}),
    )
    described["requestBody"] = {
        "required": False,
        "content": {"application/json": {"schema": body}},
    }
    return described


def _take_offered() -> dict[str, Any]:
    offered: Schema = {"type": "array", "items": schema_of(OfferedSource, {})}
    return _get("offered-take", "Answer what was offered, and forget it.", _json("", offered))
