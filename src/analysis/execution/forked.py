"""Kernels forked from a process that has imported what they need (``forkserver``), instead of started anew.

Starting a kernel and importing takes longer than most reports' own work. Where processes cannot be forked (Windows),
or ``ANALYSIS_KERNELS`` is ``plain``, kernels are started as Jupyter starts them, and the pages are the same.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completer", "jedi")
REPORTS = (*KERNEL, "analysis.stages.report", "analysis.sections.registry")
STAGES = (
    *REPORTS, "analysis.stages.turnover", "analysis.stages.staffing", "analysis.stages.figures",
    "analysis.stages.preloaded", "seaborn",
)  # fmt: skip
OF_A_KERNEL = ("ANALYSIS_", "JPY_", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "PYTEST_")
"""Variables that may differ from kernel to kernel: nothing that is imported reads them while it is imported."""


def possible() -> bool:
    """Whether kernels are to be forked here."""
    return hasattr(os, "fork") and os.environ.get("ANALYSIS_KERNELS") != "plain"


class Server:
    """The process that kernels are forked from, and the way to speak to it.

    Args:
        modules: what it imports.
        environment: the variables it finds when it does.
    """

    def __init__(self, modules: Sequence[str], environment: dict[str, str]) -> None:
        self.modules, self.made_for = tuple(modules), _of_imports(environment)
        self._one_at_a_time = threading.Lock()
        ours, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "analysis.execution.forkserver", str(its.fileno()), *self.modules],
                pass_fds=[its.fileno()], stdin=subprocess.DEVNULL, env=environment, start_new_session=True,
            )  # fmt: skip
        self._asked = Connection(ours.detach())

    def suits(self, modules: Sequence[str], environment: dict[str, str]) -> bool:
        """Whether it has imported ``modules`` as a kernel of ``environment`` would, and still runs."""
        return (
            self._process.poll() is None
            and self.modules == tuple(modules)
            and self.made_for == _of_imports(environment)
        )

    def ask(self, question: Any) -> Any:
        """Put a question (see ``forkserver.serve``).

        Raises:
            ConnectionError: it is gone.
        """
        with self._one_at_a_time:
            try:
                self._asked.send(question)
                return self._asked.recv()
            except (EOFError, OSError):
                raise ConnectionError from None

    def close(self) -> None:
        """End it, and every kernel of it."""
        self._asked.close()
        self._process.wait()


def _of_imports(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(OF_A_KERNEL)}


_server: Server | None = None
_modules: Sequence[str] = STAGES


def prepare(modules: Sequence[str]) -> None:
    """Say what kernels of this process will need (``STAGES`` where nothing is said)."""
    global _modules
    _modules = modules


def server(environment: dict[str, str]) -> Server:
    """The process to fork a kernel with ``environment`` from; one that does not suit makes room for another."""
    global _server
    if _server is None or not _server.suits(_modules, environment):
        forget()
        _server = Server(_modules, environment)
    return _server


def forget() -> None:
    """End the process that kernels are forked from, with its kernels; the next kernel gets another."""
    global _server
    if _server is not None:
        _server.close()
    _server = None


class Process:
    """A forked kernel as ``subprocess.Popen`` would have it: it is our child's child, which alone can wait for it."""

    stdin = stdout = stderr = None

    def __init__(self, of: Server, argv: Sequence[str], env: dict[str, str], cwd: str) -> None:
        self._server = of
        self.returncode: int | None = None
        self.pid: int = of.ask({"argv": list(argv), "env": env, "cwd": cwd})

    def poll(self) -> int | None:
        """Its exit code, None while it runs; −9 where the process that it was forked from is gone, and it with it."""
        if self.returncode is None:
            try:
                self.returncode = self._server.ask(self.pid)
            except ConnectionError:
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit code.

        Raises:
            subprocess.TimeoutExpired: it runs on after ``timeout`` seconds.
        """
        begun = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - begun > timeout:
                raise subprocess.TimeoutExpired("a kernel", timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class ForkedProvisioner(LocalProvisioner):
    """Provides a kernel by forking."""

    process: Any = None  # Jupyter takes whatever polls, waits and signals as ``subprocess.Popen`` does

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel that runs what ``cmd`` would.

        Args:
            cmd: command that starts a kernel: interpreter, ``-m``, the launcher, its arguments.
            kwargs: ``env`` and ``cwd`` of the kernel.
        """
        env, cwd = dict(kwargs.get("env") or os.environ), str(kwargs.get("cwd") or os.getcwd())
        try:
            self.process = Process(server(env), cmd[2:], env, cwd)
        except ConnectionError:  # it was killed a moment ago
            forget()
            self.process = Process(server(env), cmd[2:], env, cwd)
        self.pid = self.pgid = self.process.pid  # it leads a session of its own
        self.cwd = cwd
        return self.connection_info
