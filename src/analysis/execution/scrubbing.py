"""What is kept of a notebook that failed: its code and where it stopped, and nothing that may be a row.

The outputs of earlier cells are tables as often as not, and the message of an error often repeats the value it fell
over. Whoever needs them runs the notebook in JupyterLab.
"""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.execution.notebook import NotebookNode

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
FRAME = re.compile(r"(?:File [^\s:]+\.py:\d+(?:, in \w+)?|Cell In\[\d+\], line \d+)")
"""The line of a traceback that says where: a file or cell, a line, a function."""
OURS = frozenset({"InputError", "GateError"})
"""Errors whose messages are sentences for a person, with values masked."""


def scrub(node: NotebookNode) -> NotebookNode:
    """Remove every output of an executed notebook but the places of its errors; in place.

    Returns:
        The same notebook.
    """
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = [_places(output) for output in cell.outputs if output.output_type == "error"]
            cell.metadata.pop("papermill", None)
    return node


def _places(output: NotebookNode) -> NotebookNode:
    """An error without its message: its kind, and the lines of the traceback that name a place."""
    if output.ename not in OURS:
        output.evalue = ""
    lines = COLOURS.sub("", "\n".join(output.traceback)).splitlines()
    frames = [found.group() for line in lines if (found := FRAME.match(line.strip()))]
    output.traceback = [*frames, f"{output.ename}: {output.evalue}".rstrip(": ")]
    return output


def where(error: BaseException) -> list[str]:
    """An error nobody foresaw, as lines that name its kind and its places in the code but no value.

    Args:
        error: it, with what led to it.
    """
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.extract_tb(current.__traceback__)
        lines[:0] = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames] + [
            f"{type(current).__name__}"
        ]
        current = current.__cause__ or current.__context__
    return lines
