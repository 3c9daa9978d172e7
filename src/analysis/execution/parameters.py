"""Strict parameters: what a notebook may be given, by name and type, before anything runs.

Papermill's command line turns text that looks like a number into a number and only warns about unknown names; both
would publish the wrong report without a word.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.execution.cells import code_of
from analysis.periods import parse_period
from analysis.tables.keys import is_key

if TYPE_CHECKING:
    from analysis.execution.notebook import NotebookNode

TYPES = {"str": str, "int": int, "bool": bool, "float": float}


def declared(notebook: NotebookNode) -> dict[str, str]:
    """Names and annotated types in the notebook's cell tagged ``parameters``.

    Raises:
        InputError: no such cell, or a parameter without one of the known annotations.
    """
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            found = {}
            for node in ast.parse(cell.source).body:
                if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
                    raise InputError("every line of the parameters cell is written `name: type = default  # help`")
                kind = node.annotation.id if isinstance(node.annotation, ast.Name) else ""
                if kind not in TYPES:
                    raise InputError(f"parameter {node.target.id} has no known type; use {', '.join(TYPES)}")
                found[node.target.id] = kind
            return found
    raise InputError("the notebook has no cell tagged parameters")


def defaults(path: Path) -> dict[str, object]:
    """Parameters of the notebook at ``path`` with their defaults, by name.

    Raises:
        InputError: the notebook has no parameters cell, or a default that is no plain value.
    """
    for source in code_of(path, tag="parameters"):
        assigned = [node for node in ast.parse(source).body if isinstance(node, ast.AnnAssign)]
        try:
            return {node.target.id: ast.literal_eval(node.value) for node in assigned}  # type: ignore[union-attr,arg-type]
        except (AttributeError, ValueError, TypeError):
            raise InputError(f"every parameter of {path.name} needs a plain value as its default") from None
    raise InputError(f"{path.name} has no cell tagged parameters")


def check(path: Path, given: Mapping[str, object]) -> None:
    """Refuse unknown or ill-typed parameters for the notebook at ``path``.

    Raises:
        InputError: a name the notebook does not declare, or a value of another type.
    """
    from analysis.execution.notebook import read

    known = declared(read(path))
    for name, value in given.items():
        if name not in known:
            raise InputError(f"{path.name} has no parameter {name!r}; it has {', '.join(known)}")
        if type(value) is not TYPES[known[name]]:
            raise InputError(
                f"parameter {name} of {path.name} must be {known[name]}, not {type(value).__name__} ({value!r})"
            )


def check_values(
    *, workspace: object, delivery: object, period: object, seed: object, department: object = "all"
) -> None:
    """What every notebook's first call checks: types and form of its parameters.

    Raises:
        InputError: one of them is not what its name says.
    """
    for name, value in {
        "workspace": workspace,
        "delivery": delivery,
        "period": period,
        "department": department,
    }.items():
        if not isinstance(value, str):
            raise InputError(
                f"parameter {name} must be text, not {type(value).__name__} ({value!r}); "
                "with papermill's command line use -r instead of -p"
            )
    if type(seed) is not int:
        raise InputError(f"parameter seed must be a whole number, not {seed!r}")
    parse_period(str(period))
    if not is_key(str(department)):
        raise InputError(
            f"department {department!r} is not a key; keys are small letters and digits, a letter first, "
            "and stand in tables/units.parquet beside the employer's own codes"
        )
