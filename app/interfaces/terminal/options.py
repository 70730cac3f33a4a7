"""What a value of an operation is called on the command line."""

from __future__ import annotations

from app.parameters import Parameter

VALUE = "value:"  # so that no parameter can be taken for an option of the program's own
_METAVARS = {
    "q": "QUERY",
    "sources": "SOURCE",
    "ids": "ID",
    "names": "NAME",
    "pointers": "POINTER",
    "source": "DIR",
    "session": "ID",
    "undo": "RUN",
    "only": "PATH",
    "exports": "EXPORT",
    "as": "NAME",
}


def option_name(parameter: Parameter) -> str:
    """Answer the name of the option that gives a value."""
    return parameter.name.rstrip("_").replace("_", "-")


def metavar_of(parameter: Parameter, name: str = "") -> str:
    """Answer what stands for a value in a line of help."""
    name = name or option_name(parameter)
    short = "N" if parameter.kind == "number" else name.upper()
    return _METAVARS.get(name, "|".join(parameter.choices) or short)
