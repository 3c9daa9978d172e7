"""Run one notebook with papermill, safely: strict parameters, private sockets, nothing left where it may not be.

Everything else calls papermill through ``execute_notebook``, so that another engine can take its place.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis import settings
from analysis.errors import MACHINE, AnalysisError, GateError, InputError
from analysis.execution.notebook import NotebookNode, read, validate, write
from analysis.execution.parameters import check
from analysis.execution.scratch import release, scratch_folder
from analysis.execution.scrubbing import scrub
from analysis.private import private_file, private_folder

ERRNO = re.compile(r"\[[Ee]rrno (\d+)\]")
"""How Python and Arrow name an error of the machine in a message."""


class NotebookError(AnalysisError):
    """A notebook stopped for a reason that is no message to a person: a bug, to be read in its log."""

    exit_code = 1


def execute_notebook(
    path: Path, *, parameters: Mapping[str, Any], log: Path | None = None, seen: bool = True
) -> NotebookNode:  # fmt: skip
    """Run a notebook and return it executed.

    Args:
        path: the notebook.
        parameters: Python values by name; checked against the notebook's parameters cell first.
        log: where the code and the place of the error are kept if it fails, without outputs; None keeps nothing.
        seen: whether somebody will look at what the notebook shows; pictures are not drawn for nobody.

    Raises:
        InputError: wrong parameters, the notebook refused its input, or a disk is full or may not be written.
        GateError: the notebook's data did not pass a gate.
        NotebookError: anything else; its message names the error but no value, since values may be personal.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    from analysis.execution.kernels import Kernel, in_thread

    check(path, parameters)
    limit = _cell_seconds(path)
    # the default socket name is relative: two kernels started side by side would talk to each other
    sockets = _sockets()
    output = sockets / path.name
    config = Config(
        {
            "KernelManager": {
                "transport": "ipc",
                "ip": str(sockets / "s"),
                "connection_file": str(sockets / "kernel.json"),  # Jupyter's own folder may not be writable
            },
            # a kernel that is told to stop logs an error about it; what matters reaches us in its messages
            "NotebookClient": {"extra_arguments": ["--IPKernelApp.log_level=50"], "kernel_manager_class": Kernel},
        }
    )
    environment = _environment(sockets) | ({} if seen else {settings.PICTURES: "off"})
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        node: NotebookNode = in_thread(
            lambda: papermill.execute_notebook(
                str(path),
                str(output),
                parameters=dict(parameters),
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
                request_save_on_cell_execute=False,
                execution_timeout=limit,
                cwd=str(path.parent),
                config=config,
            )
        )
    except CellTimeoutError as error:
        raise NotebookError(
            f"{path.name}: a cell took more than {limit} seconds; raise cell_seconds in {settings.FILE}"
        ) from error
    except DeadKernelError as error:
        raise NotebookError(f"{path.name}: its kernel died; free memory or try again") from error
    except OSError as error:
        raise InputError(_machine(path, error.errno, error.strerror or type(error).__name__)) from None
    except PapermillExecutionError as error:
        if log is not None and output.is_file():
            with suppress(OSError):  # what stopped the notebook is told, whether or not its log can be kept
                _keep(output, log)
        raise _for_a_person(error, path) from None
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        release(sockets)
    return clean(node, path)


def _keep(output: Path, log: Path) -> None:
    """Keep a failed notebook without anything that may be a row."""
    private_folder(log.parent)
    private_file(log).write_text(write(scrub(read(output))), encoding="utf-8")


def _sockets() -> Path:
    """A folder of its own for what a kernel writes.

    Raises:
        InputError: nothing can be written to any folder for temporary files.
    """
    try:
        folder = scratch_folder(_short_tmp())
    except OSError as error:
        raise InputError(
            f"no folder for temporary files can be written ({error.strerror}); name one in TMPDIR"
        ) from None
    return folder


def _environment(folder: Path) -> dict[str, str]:
    """What a kernel finds in its environment: settings of its own where nobody has chosen, and the caller's modules.

    What a kernel writes for itself lies in ``folder``: a home folder may be missing or read-only, and a person's own
    start-up files are no part of an edition.
    """
    own = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    found = {name: os.environ.get(name, value) for name, value in own.items()}
    found |= {"IPYTHONDIR": str(folder / "ipython"), "JUPYTER_RUNTIME_DIR": str(folder), "PYTHONUTF8": "1"}
    if entries := os.environ.get("PYTHONPATH"):
        # a kernel runs in its notebook's folder: there a relative entry names another folder, and an installed package
        # of the same name would be imported in its place
        found["PYTHONPATH"] = os.pathsep.join(os.path.abspath(entry) for entry in entries.split(os.pathsep))
    return found


def _short_tmp() -> str | None:
    """A folder whose name leaves room for the sockets' (a Unix socket's path holds at most 104 bytes)."""
    return None if len(tempfile.gettempdir()) < 60 else "/tmp"


def _for_a_person(error: Any, path: Path) -> AnalysisError:
    kinds = {"InputError": InputError, "GateError": GateError}
    if error.ename in kinds:
        return kinds[error.ename](re.sub(r"\x1b\[[0-9;]*m", "", error.evalue))
    number = ERRNO.search(error.evalue)
    if number and int(number[1]) in MACHINE:
        return InputError(_machine(path, int(number[1]), os.strerror(int(number[1]))))
    return NotebookError(f"{path.name} stopped with {error.ename} in code cell {error.exec_count}")


def _machine(path: Path, number: int | None, said: str) -> str:
    """What the machine refused a notebook, and what to do."""
    if number in (errno.ENOSPC, errno.EDQUOT):
        where = "in the project's folder and in that for temporary files (TMPDIR)"
        return f"{path.name} stopped: {said}; make room {where} and build again"
    return f"{path.name} stopped: {said}; see to the rights to the project's folder and to TMPDIR, and build again"


def _cell_seconds(path: Path) -> int:
    root = settings.root_of(path.parent)
    return settings.load(root).cell_seconds if root else settings.CELL_SECONDS


def clean(node: NotebookNode, path: Path) -> NotebookNode:
    """Strip paths and timings from an executed notebook and check that it ran to its end.

    Raises:
        NotebookError: a code cell with content was never run (for example after ``sys.exit(0)``).
    """
    for number, cell in enumerate(node.cells):
        if cell.cell_type == "code":
            if cell.source.strip() and cell.execution_count is None:
                raise NotebookError(f"{path.name} ended before its cell {number + 1}")
            cell.metadata.pop("execution", None)
        cell.metadata.pop("papermill", None)
    node.metadata.pop("papermill", None)
    validate(node)
    return node
