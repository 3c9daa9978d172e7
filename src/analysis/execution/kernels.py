"""The kernels that run notebooks: always this interpreter, and none is left behind by a run that is stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from analysis.errors import Stopped
from analysis.execution import forked

_at_work: list[Kernel] = []


class Kernel(AsyncKernelManager):
    """A kernel of this interpreter, known while it runs; kernelspecs found on Jupyter's paths are not asked for.

    A ``python3`` of another installation that comes first on ``JUPYTER_PATH`` would run without this package.
    """

    @property
    def kernel_spec(self) -> KernelSpec:
        """The specification of this interpreter."""
        if self._kernel_spec is None:
            self._kernel_spec = KernelSpec(
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                display_name="Python 3",
                language="python",
            )
        return self._kernel_spec

    async def _async_start_kernel(self, **kw: Any) -> None:
        _at_work.append(self)
        if self.provisioner is None and forked.possible():
            self.kernel_id = self.kernel_id or str(uuid.uuid4())
            self.provisioner = forked.ForkedProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
        await super()._async_start_kernel(**kw)

    start_kernel: Callable[..., Any] = _async_start_kernel


def stop_all() -> None:
    """Kill every kernel of this process and wait until it is gone, so that it writes nothing more."""
    for kernel in _at_work:
        process = getattr(kernel.provisioner, "process", None)
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # a kernel leads a session of its own
            process.wait(timeout=10)
    _at_work.clear()


def in_thread(work: Callable[[], Any]) -> Any:
    """Do ``work`` in a thread, so that signals reach us and not the notebook's client, which would swallow them.

    Whatever interrupts the waiting kills the kernels first.
    """
    result: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            result.append(work())
        except BaseException as error:  # it is raised again below, in the thread that asked
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:
        stop_all()
        raise
    if failed:
        raise failed[0]
    return result[0]


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Turn SIGTERM and Ctrl-C into ``Stopped`` while the block runs, so that everything is tidied up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)  # asked twice, a run still tidies up once
        raise Stopped("stopped before its end; nothing was published and the edition before stands as it was")

    before = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
