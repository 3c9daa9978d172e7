"""A notebook's cells in this process, without a kernel: the floor that running notebooks is measured against.

What one notebook leaves behind here the next one finds, which is why nothing that is published is made so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from analysis.execution.cells import code_of


def run(notebook: Path, parameters: Mapping[str, Any]) -> nbformat.NotebookNode:
    """Run the code cells as papermill would: the parameters' cell, what is given, then the others.

    Raises:
        RuntimeError: a cell failed; the message names the error and says nothing of any value.
    """
    first, *others = code_of(notebook)
    given = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    before = Path.cwd()
    os.chdir(notebook.parent)
    try:
        cells = [_cell(shell, number, source) for number, source in enumerate((first, given, *others), 1)]
    finally:
        os.chdir(before)
    return nbformat.v4.new_notebook(cells=cells)


def _cell(shell: InteractiveShell, number: int, source: str) -> nbformat.NotebookNode:
    results: list[Any] = []
    shell.display_trap.hook = results.append  # the shell would print it
    with capture_output() as seen:
        done = shell.run_cell(source, store_history=False)
    if done.error_in_exec or done.error_before_exec:
        raise RuntimeError(f"cell {number}: {type(done.error_in_exec or done.error_before_exec).__name__}")
    shown = [output.data for output in seen.outputs]
    shown += [shell.display_formatter.format(result)[0] for result in results if result is not None]
    outputs = [nbformat.v4.new_output("display_data", data=json.loads(json.dumps(data, default=str))) for data in shown]
    return nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=number)
