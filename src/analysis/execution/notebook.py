"""Notebook files. The only place that imports nbformat, which is slow to import: a kernel never needs it."""

from __future__ import annotations

import sys
from pathlib import Path

# jsonschema builds a grammar for rarely used IRI formats when rfc3987_syntax can be imported, which costs every
# command 1.4-2.1 s; it does without when the import fails (python-jsonschema/jsonschema#1392)
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import nbformat  # noqa: E402
from nbformat import NotebookNode  # noqa: E402

__all__ = ["NotebookNode", "read", "validate", "write"]


def read(path: Path) -> NotebookNode:
    """Read a notebook as version 4."""
    return nbformat.read(path, as_version=4)


def write(node: NotebookNode) -> str:
    """A notebook as the text of its file."""
    return nbformat.writes(node)


def validate(node: NotebookNode) -> None:
    """Raise ``nbformat.ValidationError`` if the notebook breaks its format."""
    nbformat.validate(node)
