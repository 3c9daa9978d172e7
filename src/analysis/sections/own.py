"""Sections of a municipality's own: files in the folders that ``analysis.toml`` names under ``sections``.

A file is checked against an allow-list before it runs: what it imports, and the names it touches. That keeps honest
work on the right side of the wall. It is no sandbox: a municipality trusts its own code as it trusts its own analysts.
"""

from __future__ import annotations

import ast
import builtins
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from analysis import settings
from analysis.errors import InputError
from analysis.sections.indicator import definition
from analysis.sections.registry import held_by
from analysis.sections.section import EVERY, Section

MODULES = frozenset(
    {
        "__future__", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "functools", "itertools",
        "math", "statistics", "typing", "numpy", "pandas",
        "analysis.sections", "analysis.publishing.objects.atoms", "analysis.publishing.objects.need",
        "analysis.publishing.objects.shares", "analysis.publishing.objects.stock", "analysis.publishing.words.naming",
        "analysis.publishing.words.rounding", "analysis.reference", "analysis.tables.facts",
        "analysis.tables.protected",
    }
)  # fmt: skip
"""What an own file may import."""

CALLS = frozenset(
    {
        "open", "exec", "eval", "compile", "__import__", "input", "globals", "locals", "vars", "getattr", "setattr",
        "delattr", "breakpoint", "memoryview",
    }
)  # fmt: skip
"""Built-in functions that an own file may not name."""

READERS = frozenset(
    {
        "ProtectedReport",
        "load",
        "fromfile",
        "memmap",
        "genfromtxt",
        "loadtxt",
        "save",
        "savez",
        "savetxt",
        "tofile",
        "io",
        "eval",
    }
)
"""Names of attributes and imports that open files, whatever they belong to."""

CONVERSIONS = frozenset(
    {
        "to_datetime",
        "to_dict",
        "to_frame",
        "to_list",
        "to_numeric",
        "to_numpy",
        "to_period",
        "to_series",
        "to_timedelta",
        "to_timestamp",
    }
)
"""Methods called ``to_…`` that write no file."""


def own_files(root: Path) -> list[Path]:
    """The files of own sections, in the order of folders and names.

    Raises:
        InputError: a folder that ``analysis.toml`` names does not exist.
    """
    found = []
    for name in settings.load(root).sections:
        folder = root / name
        if not folder.is_dir():
            raise InputError(
                f"{settings.FILE} names the folder {name} for own sections, which does not exist; create it"
            )
        found += sorted(folder.glob("*.py"))
    return found


@cache
def own_sections(root: Path) -> tuple[Section, ...]:
    """The own sections of an installation, each checked before its file is run.

    Raises:
        InputError: a file does something that an own section may not, or holds no section.
    """
    found: list[Section] = []
    for path in own_files(root):
        found += _read(path)
    return tuple(found)


def own_definitions(root: Path) -> list[dict[str, Any]]:
    """The definitions of own indicators, as every other definition stands in an edition's record.

    Raises:
        InputError: a definition is missing or lacks something.
    """
    found = []
    for section in own_sections(root):
        for indicator in section.indicators:
            file = Path(str(section.file)).with_suffix(".toml")
            words = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
            found.append(definition(indicator.id, words, file, indicator.unit))
    return found


def _read(path: Path) -> list[Section]:
    source = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(source, filename=path.name)
    except SyntaxError as error:
        raise InputError(f"{path.name}, line {error.lineno}: not valid Python ({error.msg})") from None
    for line, what in breaches(tree):
        raise InputError(f"{path.name}, line {line}: {what}; docs/analysts.md says what an own section may do")
    module = ModuleType(f"own_{path.stem}")
    module.__file__ = str(path)
    try:
        exec(compile(tree, str(path), "exec"), module.__dict__)  # checked above, and trusted by its owner
    except InputError:
        raise
    except Exception as error:  # what a municipality's own file does wrong is said, not traced
        raise InputError(f"{path.name} could not be loaded ({type(error).__name__}: {error})") from None
    sections = held_by(module)
    if not sections:
        raise InputError(f"{path.name} declares no section; see examples/own")
    for section in sections:
        if section.reads == EVERY:
            raise InputError(f"{path.name}: the section {section.id} must name the tables that it reads")
        section.own = True
    return sections


def breaches(tree: ast.AST) -> list[tuple[int, str]]:
    """What a file does that an own section may not: (line, sentence), in the order of the lines."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        line = int(getattr(node, "lineno", 0))
        if isinstance(node, ast.Import):
            found += [(line, f"it imports {item.name}") for item in node.names if item.name not in MODULES]
        elif isinstance(node, ast.ImportFrom):
            if node.level or node.module not in MODULES:
                found.append((line, f"it imports {node.module or '.'}"))
            found += [(line, f"it imports {item.name}") for item in node.names if _hidden(item.name)]
        elif isinstance(node, ast.Attribute) and _hidden(node.attr):
            found.append((line, f"it uses .{node.attr}"))
        elif isinstance(node, ast.Name) and (node.id in CALLS or node.id.startswith("__")):
            found.append((line, f"it uses {node.id}"))
    return sorted(found)


def _hidden(name: str) -> bool:
    writes = name.startswith(("read_", "to_")) and name not in CONVERSIONS
    return (
        name.startswith("_")
        or name == "*"
        or writes
        or name in READERS
        or (name in CALLS and name not in dir(builtins))
    )
