"""``analysis worker``: a process that does reports, and whole builds, for a Dask scheduler (``cluster``)."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from analysis.errors import InputError
from analysis.execution import forked
from analysis.execution.kernels import stop_all
from analysis.execution.scratch import abandoned, release, scratch_folder
from analysis.runner.cluster import check_address, on_loopback, security

SECONDS = 60
"""How long a scheduler that does not answer is waited for."""


def serve(address: str) -> None:
    """Work for a scheduler until it ends, or until SIGTERM or Ctrl-C.

    What the worker keeps of tasks lies in a folder that its owner alone may enter; it is emptied at the end, and by
    the next worker of this person where this one is killed.

    Args:
        address: of the scheduler.

    Raises:
        InputError: Dask is not installed, the address may not be used, or nobody answers there.
    """
    trusted = security(check_address(address))
    os.umask(0o077)
    for left in abandoned():
        release(left)
    folder = scratch_folder(None)
    try:
        asyncio.run(_work(address, trusted, folder))
    finally:
        stop_all()
        forked.forget()
        release(folder)


async def _work(address: str, trusted: Any, folder: Path) -> None:
    import dask
    from distributed import Worker

    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    # what a worker tells about itself over HTTP nobody needs, and everybody on the network could read
    dask.config.set({"distributed.worker.http.routes": []})
    logging.getLogger("distributed").setLevel(logging.WARNING)
    host = urlsplit(address).hostname
    own = "127.0.0.1" if host is not None and on_loopback(host) else None
    try:
        worker = await Worker(
            address, nthreads=1, local_directory=str(folder), security=trusted, dashboard=False,
            death_timeout=SECONDS, memory_limit=0, host=own,
        )  # fmt: skip
    except (OSError, TimeoutError, ValueError):
        raise InputError(f"no scheduler answers at {address}; start one there first") from None
    told = asyncio.ensure_future(ended.wait())
    gone = asyncio.ensure_future(worker.finished())
    await asyncio.wait({told, gone}, return_when=asyncio.FIRST_COMPLETED)
    if not gone.done():
        # the scheduler is told first, so that what is at work here is begun elsewhere instead of failing here
        await worker.close(timeout=1, executor_wait=False, reason="told to stop")
    told.cancel()
