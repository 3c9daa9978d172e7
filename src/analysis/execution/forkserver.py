"""A process that has imported what notebooks need, has read no data, and becomes a kernel when asked.

It runs on its own (``python -m analysis.execution.forkserver FD MODULE …``) and speaks through one socket with the
process that started it (``forked``). Each kernel is a fork of it, so that none sees what another has done, and then
lives as if it had been started by ``python -m ipykernel_launcher``: own session, own environment, own folder. When
the process at the other end is gone, so are its kernels.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import signal
import sys
import warnings
from multiprocessing.connection import Connection
from typing import Any

_found = frozenset(os.environ)
"""Variables that were there before anything was imported; what imports add a kernel finds as well."""
_codes: dict[int, int | None] = {}
"""Exit code of each kernel by its process; None while it runs."""


def serve(asked: Connection) -> dict[str, Any] | None:
    """Answer until the other end is gone; returns in a kernel with what it is to run, else with None.

    Questions are ``{"argv": […], "env": {…}, "cwd": …}``, answered by the new process, and a process, answered by its
    exit code (None while it runs).
    """
    while True:
        try:
            question = asked.recv()
        except (EOFError, OSError):
            return None
        if isinstance(question, int):
            asked.send(_code(question))
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a second thread: Arrow's allocator has one, and is made for forks
            process = os.fork()
        if process == 0:
            return dict(question)
        _codes[process] = None
        asked.send(process)


def _code(process: int) -> int | None:
    if _codes.get(process, 0) is None:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            _codes[process] = os.waitstatus_to_exitcode(status)
    return _codes.get(process)


def become(kernel: dict[str, Any]) -> None:
    """Run a kernel in this process, and end it with the kernel."""
    os.setsid()
    imported = {name: value for name, value in os.environ.items() if name not in _found}
    os.environ.clear()
    os.environ.update(imported | kernel["env"])
    os.environ["JPY_PARENT_PID"] = str(os.getppid())  # a kernel leaves when its parent does
    os.chdir(kernel["cwd"])
    sys.argv = list(kernel["argv"])
    from ipykernel import kernelapp

    kernelapp.launch_new_instance(argv=sys.argv[1:])
    # taking apart what was imported before the fork would first copy it: what has to be done at the end is done here
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def main() -> None:
    """Import, then wait for questions."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    del sys.path[0]  # this folder: nothing is imported from where a build happens to stand
    asked = Connection(int(sys.argv[1]))
    for name in sys.argv[2:]:
        importlib.import_module(name)
    gc.freeze()  # a kernel's collector leaves what it shares with the others alone
    kernel = serve(asked)
    asked.close()
    if kernel is None:
        for process in [process for process in _codes if _code(process) is None]:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process, signal.SIGKILL)
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    become(kernel)


if __name__ == "__main__":
    main()
