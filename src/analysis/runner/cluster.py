"""Reports, and whole builds, on workers of a Dask scheduler: ``analysis build --scheduler tls://…``.

Whoever reaches a scheduler can have its workers run anything. So it is spoken to with certificates on both sides
(tls), or on this machine alone (tcp on the loopback). Workers see the project's folder under the same path, run the
same code, and do one task at a time, since a notebook's folder and variables are those of its whole process.

A worker that is lost is made good by the scheduler: what it had not handed over another one does again. Each job
writes into a folder of the build it belongs to, from which the build takes what was handed over: a worker that was
thought lost writes nothing that a later build publishes.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from analysis.edition.passport import code_hash
from analysis.errors import AnalysisError, InputError
from analysis.private import private_file, private_folder
from analysis.runner import pages
from analysis.runner.pages import Job, Outcome
from analysis.runner.workers import KILLED, rendering

T = TypeVar("T")
R = TypeVar("R")
SECONDS = 30
"""How long the scheduler, and then the first worker, is waited for."""
BY = ".by-"
"""Beginning of the names of folders that workers write to."""
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Expected:
    """What a worker must find before it does anything: a file of the project with a number, and the project's code."""

    root: Path
    token: Path
    number: str
    code: str
    key: str = ""
    """By which digits the key of the pseudonyms is recognised; '' where rows about persons are not read."""

    def refusal(self) -> str:
        """Why the machine that asks this may not take part, '' where it may."""
        try:
            seen = self.token.read_text(encoding="utf-8")
        except OSError:
            seen = ""
        if seen != self.number:
            return f"does not see {self.root} of this project; mount it there under the same path"
        if code_hash(self.root) != self.code:
            return "runs another version of the package; install the same one there"
        if self.key and _key_digits(self.root) != self.key:
            return "has another key of the pseudonyms; name one file for all machines (key_file in analysis.toml)"
        return ""


@dataclass(frozen=True)
class Cluster:
    """Workers of a scheduler, as ``workers.Workers``."""

    client: Any
    address: str
    expected: Expected

    def render_all(self, jobs: Sequence[Job], take: Callable[[Outcome], None]) -> None:
        """Render every job, each on whichever worker is free.

        Raises:
            InputError: the scheduler is lost.
        """
        by = f"{BY}{secrets.token_hex(4)}"
        for folder in dict.fromkeys(folder for job in jobs for folder in (job.target / by, job.logs / by)):
            private_folder(folder)
        own = {job.department: job for job in jobs}
        there = [replace(job, target=job.target / by, logs=job.logs / by) for job in jobs]
        for sent, done in self.each(render_there, there):
            job = own[sent.department]
            if isinstance(done, Exception):
                take(Outcome(job.department, _problem(done), 0.0))
            else:
                take(_taken(job, by, done))
        for folder in {folder for job in jobs for folder in (job.target / by, job.logs / by)}:
            shutil.rmtree(folder, ignore_errors=True)

    def each(self, work: Callable[[Expected, T], R], items: Sequence[T]) -> Iterator[tuple[T, R | Exception]]:
        """Do ``work`` for every item; gives each with its result, or what it raised, as soon as it is there.

        Raises:
            InputError: the scheduler is lost.
        """
        from distributed import CancelledError, as_completed
        from distributed.comm import CommClosedError

        futures = {self.client.submit(work, self.expected, item, pure=False): item for item in items}
        try:
            for future in as_completed(futures, loop=self.client.loop):
                error = future.exception()
                if isinstance(error, CancelledError | CommClosedError):
                    raise _lost(self.address)
                yield futures[future], error if isinstance(error, Exception) else future.result()
        except (CancelledError, CommClosedError, OSError):
            raise _lost(self.address) from None
        finally:
            with suppress(Exception):  # whatever ends this, what waits is not begun any more
                self.client.cancel(list(futures), force=True)


def _taken(job: Job, by: str, done: Outcome) -> Outcome:
    """Bring what a worker wrote to where a local worker would have written it."""
    try:
        for name in done.pages:
            (job.target / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(job.target / by / name, job.target / name)
        for name in (job.reads.name, f"{job.stem}.ipynb"):
            with suppress(FileNotFoundError):
                os.replace(job.logs / by / name, job.logs / name)
    except OSError as error:
        return Outcome(job.department, f"what a worker wrote is not here: {error.strerror}; build again", 0.0)
    return done


def render_there(expected: Expected, job: Job) -> Outcome:
    """Render a report on a worker."""
    with alone(expected), rendering():
        return pages.render(job)


@contextmanager
def alone(expected: Expected) -> Iterator[None]:
    """Do one task at a time in this process, and none that does not belong here."""
    if refusal := expected.refusal():
        raise InputError(f"a worker {refusal}")
    with _one_at_a_time:
        before, umask = Path.cwd(), os.umask(0o077)
        try:
            yield
        finally:
            os.umask(umask)
            os.chdir(before)


def _problem(error: Exception) -> str:
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return KILLED
    return str(error) if isinstance(error, AnalysisError) else f"the worker stopped ({type(error).__name__})"


def check_address(address: str) -> str:
    """The address of a scheduler that may be spoken to.

    Raises:
        InputError: it is none, or one that others on the network could reach without a certificate.
    """
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme not in ("tls", "tcp") or not host or port is None:
        raise InputError(f"{address!r} names no scheduler; write tls://HOST:PORT, or tcp://127.0.0.1:PORT")
    if parts.scheme == "tcp" and not on_loopback(host):
        raise InputError(
            f"{address} would be open to whoever is on the network; give scheduler and workers certificates and "
            f"name it tls://{parts.netloc}"
        )
    return address


def on_loopback(host: str) -> bool:
    """Whether a host is this machine, by a name or number that never leaves it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def security(address: str) -> Any:
    """How a scheduler is spoken to: by Dask's own settings for tls, without certificates on the loopback.

    Raises:
        InputError: Dask is not installed, or has been told of no certificates.
    """
    try:
        from distributed.security import Security
    except ImportError:
        raise InputError("--scheduler needs Dask; install it with: pip install 'analysis[dask]'") from None
    if address.startswith("tcp:"):
        return None
    found: Any = Security(require_encryption=True)
    if not (found.tls_ca_file and found.tls_client_cert and found.tls_client_key):
        raise InputError(
            f"{address} needs certificates; name them in Dask's settings (distributed.comm.tls, docs/running.md)"
        )
    return found


@contextmanager
def connected(address: str, root: Path, *, rows: bool = False) -> Iterator[Cluster]:
    """The workers of a scheduler, asked whether they may take part, while the block runs.

    Args:
        address: of the scheduler.
        root: the project's folder.
        rows: the tasks read rows about persons, so that every worker needs the key of the pseudonyms.

    Raises:
        InputError: the scheduler or its workers cannot be reached, or one may not take part.
    """
    trusted = security(check_address(address))
    from distributed import Client

    token = root / "data/processed" / f".scheduler-{secrets.token_hex(4)}"
    number = secrets.token_hex(16)
    expected = Expected(root, token, number, code_hash(root), _key_digits(root) if rows else "")
    try:
        client = Client(address, security=trusted, timeout=SECONDS, set_as_default=False, direct_to_workers=False)
    except (OSError, TimeoutError, ValueError, RuntimeError):
        raise InputError(f"no scheduler answers at {address}; start one there, or build without --scheduler") from None
    try:
        token.parent.mkdir(parents=True, exist_ok=True)
        private_file(token).write_text(number, encoding="utf-8")
        _check_workers(client, address, expected)
        yield Cluster(client, address, expected)
    finally:
        token.unlink(missing_ok=True)
        with suppress(Exception):
            client.close()


def _check_workers(client: Any, address: str, expected: Expected) -> None:
    try:
        client.wait_for_workers(1, timeout=SECONDS)
        said: dict[str, str] = client.run(Expected.refusal, expected)
    except TimeoutError:
        raise InputError(
            f"no worker has come to {address} within {SECONDS} seconds; start some with: analysis worker {address}"
        ) from None
    except OSError:
        raise _lost(address) from None
    except Exception as error:  # a worker that cannot even be asked, such as one without the package
        raise InputError(
            f"a worker at {address} cannot be asked ({type(error).__name__}); install the package there"
        ) from None
    threads = {name: info["nthreads"] for name, info in client.scheduler_info(n_workers=-1)["workers"].items()}
    for name, refusal in sorted(said.items()):
        if refusal:
            raise InputError(f"the worker {name} {refusal}")
        if threads.get(name, 1) != 1:
            raise InputError(f"the worker {name} has {threads[name]} threads; start it with: analysis worker {address}")


def _lost(address: str) -> InputError:
    return InputError(f"the scheduler at {address} was lost; nothing was published, build again")


def _key_digits(root: Path) -> str:
    """Digits by which the key of the pseudonyms on this machine is recognised; '' where there is none."""
    from analysis.extracts.persons.secret_keys import NoKeyError, fingerprint_of, installation_key

    try:
        return fingerprint_of(installation_key(create=False, root=root))
    except NoKeyError:
        return ""
