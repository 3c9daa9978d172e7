"""The code of a notebook file, without what running it leaves there. Needs no notebook library: kernels are quick."""

from __future__ import annotations

import json
from pathlib import Path

from analysis.errors import InputError


def code_of(notebook: Path, *, tag: str = "") -> list[str]:
    """Sources of the code cells in order; prose, outputs, counts and metadata do not matter to what is computed.

    Args:
        notebook: the file.
        tag: only cells that carry this tag; '' for all.

    Raises:
        InputError: the file is no notebook.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        wanted = [cell for cell in cells if not tag or tag in cell["metadata"].get("tags", ())]
        return ["".join(cell["source"]) for cell in wanted if cell["cell_type"] == "code"]
    except FileNotFoundError:
        raise InputError(f"notebooks/{notebook.name} is missing; put it back from the project's repository") from None
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{notebook.name} is no notebook; save it again from JupyterLab") from None
