"""Reports on workers of a Dask scheduler: the bytes of a local run, also where a worker is killed in the middle."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.runner import cluster
from analysis.runner.cluster import Expected, check_address, connected, security
from analysis.runner.current import is_current
from analysis.runner.making import Making
from analysis.runner.pages import Job, Outcome
from analysis.runner.request import request
from analysis.runner.schedule import Planned, Schedule
from analysis.runner.unattended import run_schedule
from analysis.runner.workers import LocalWorkers, render_all
from tests.conftest import EDITION, KEYS, REPOSITORY, Project, working_in

TAKEN = 4
"""Reports of the edition that are made again."""


@pytest.mark.parametrize("address", ["tls://cluster.kommunen.example:8786", "tcp://127.0.0.1:8786", "tcp://[::1]:8786"])
def test_a_scheduler_is_reached_with_certificates_or_on_this_machine(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://10.0.0.7:8786", "open to whoever is on the network.*tls://10.0.0.7:8786"),
        ("tcp://0.0.0.0:8786", "open to whoever is on the network"),
        ("tcp://127.0.0.1.example.com:8786", "open to whoever is on the network"),
        ("http://127.0.0.1:8786", "names no scheduler; write tls://HOST:PORT"),
        ("tls://cluster", "names no scheduler"),
        ("tls://cluster:port", "names no scheduler"),
        ("cluster:8786", "names no scheduler"),
    ],
)
def test_any_other_address_is_refused_in_a_sentence(address: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as found:
        check_address(address)
    assert "\n" not in str(found.value)


def test_without_dask_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed.security", None)
    with pytest.raises(InputError, match=r"pip install 'analysis\[dask\]'"):
        security("tcp://127.0.0.1:8786")


def test_a_machine_that_sees_something_else_takes_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copyfile(REPOSITORY / "analysis.toml", tmp_path / "analysis.toml")
    monkeypatch.setenv("ANALYSIS_PSEUDONYM_KEY", KEYS["first"])
    token = tmp_path / "token"
    token.write_text("7", "utf-8")
    here = Expected(tmp_path, token, "7", cluster.code_hash(tmp_path), cluster._key_digits(tmp_path))
    assert here.refusal() == ""
    assert "runs another version" in replace(here, code="0").refusal()
    assert "mount it there under the same path" in replace(here, number="8").refusal()
    assert "mount it there under the same path" in replace(here, token=tmp_path / "elsewhere").refusal()
    monkeypatch.setenv("ANALYSIS_PSEUDONYM_KEY", KEYS["second"])
    assert "another key of the pseudonyms" in here.refusal()
    assert replace(here, key="").refusal() == "", "pages are made without the key"


# --- with a real scheduler ---


@pytest.fixture(scope="module")
def distributed() -> None:
    """Dask; where it is absent this is said loudly, since then nothing here has been tried."""
    pytest.importorskip("distributed", reason="DASK IS NOT INSTALLED: nothing was tried on workers of a scheduler")


@dataclass
class Running:
    """A scheduler and its workers on this machine."""

    address: str
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]]
    temporary: Path

    def start(self) -> None:
        """Let a worker come."""
        command = [sys.executable, "-c", "from analysis.cli import main; main()", "worker", self.address]
        self.workers.append(subprocess.Popen(command, env=self.environment, cwd=self.temporary))

    def folders(self) -> list[Path]:
        """Folders of the workers."""
        return [path.parent for path in self.temporary.glob("analysis-nb-*/dask-scratch-space")]


def certificates(folder: Path) -> dict[str, str]:
    """Dask's settings with a certificate of its own; none where openssl is not here."""
    if shutil.which("openssl") is None:
        return {}
    key, certificate = (str(folder / name) for name in ("key.pem", "certificate.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    found = {"distributed.comm.tls.ca-file": certificate}
    for role in ("client", "worker", "scheduler"):
        found |= {f"distributed.comm.tls.{role}.key": key, f"distributed.comm.tls.{role}.cert": certificate}
    return found


@pytest.fixture
def running(distributed: None, tmp_path: Path) -> Iterator[Running]:
    """A real scheduler with two workers, over tls where certificates can be made."""
    import dask

    own = certificates(tmp_path)
    variables = {f"DASK_{name.upper().replace('.', '__').replace('-', '_')}": value for name, value in own.items()}
    temporary = Path("/tmp") / f"dask-{os.getpid()}"  # short: kernels' sockets lie in it
    temporary.mkdir(mode=0o700)
    environment = os.environ | variables | {
        "ANALYSIS_PSEUDONYM_KEY": KEYS["first"], "PYTHONPATH": str(REPOSITORY / "src"), "TMPDIR": str(temporary),
    }  # fmt: skip
    known = tmp_path / "scheduler.json"
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", f"{'tls' if own else 'tcp'}://127.0.0.1:0",
         "--no-dashboard", "--scheduler-file", str(known)],
        env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    started = Running("", environment, [], temporary)
    try:
        for _ in range(600):
            if known.is_file() and known.read_text("utf-8").strip().endswith("}"):
                break
            assert scheduler.poll() is None
            time.sleep(0.1)
        started.address = json.loads(known.read_text("utf-8"))["address"]
        with ExitStack() as settings:
            settings.enter_context(dask.config.set(own))
            started.start()
            started.start()
            yield started
    finally:
        for process in (*started.workers, scheduler):
            process.kill()
            process.wait(timeout=30)
        shutil.rmtree(temporary, ignore_errors=True)


def jobs_of(built: Project, target: Path) -> list[Job]:
    """Some reports of the edition that stands, to be made again in a folder of their own."""
    asked = request(root=built.root, delivery=built.delivery, period="2025-12", edition=EDITION)
    making = Making(asked, built.workspace, target / "pages")
    (target / "pages").mkdir()
    return [replace(job, logs=target / "logs") for job in making._jobs()[:TAKEN]]


def test_pages_are_those_of_a_local_run_though_a_worker_is_killed_in_the_middle(
    built: Project, running: Running, tmp_path: Path
) -> None:
    jobs, killed = jobs_of(built, tmp_path), []
    with working_in(built.root, KEYS["first"]), connected(running.address, built.root) as there:
        there.client.wait_for_workers(2, timeout=60)
        assert {path.stat().st_mode & 0o777 for path in running.folders()} == {0o700}
        processes: dict[str, int] = dict(there.client.run(os.getpid))

        def kill_one(outcome: Outcome) -> None:
            if not killed:
                busy = {name for name, keys in there.client.processing().items() if keys}
                name = sorted(busy)[0]
                os.kill(processes[name], signal.SIGKILL)
                killed.append(processes[name])

        outcomes = render_all(jobs, workers=there, tell=kill_one)
        assert killed, "a worker died with a report in its hands"
    assert [outcome.problem for outcome in outcomes] == [""] * TAKEN
    for job, outcome in zip(jobs, outcomes, strict=True):
        assert len(outcome.pages) >= 4
        assert job.reads.is_file(), "what it read is there for the key of the page"
        for name in outcome.pages:
            assert (job.target / name).read_bytes() == (built.reports / name).read_bytes(), name
    assert not list(tmp_path.rglob(f"{cluster.BY}*")), "nothing of the workers' own folders is left"
    assert not list((built.root / "data/processed").glob(".scheduler-*"))

    # whole builds are tasks too: this one finds that nothing has changed, so that it takes no time here
    with working_in(built.root, KEYS["first"]):
        assert is_current(request(root=built.root, delivery=built.delivery, period="2025-12", edition=EDITION))
    schedule = Schedule(delivery=(Planned(folder="data/raw/sample", period="2025-12", edition=EDITION, after=""),))
    with working_in(built.root, KEYS["first"]):
        status = run_schedule(built.root, schedule, name="there", today=date(2026, 1, 16), scheduler=running.address)
    assert status.state == "succeeded"
    assert "nothing has changed" in (built.root / status.log).read_text("utf-8")

    # a worker that is told to stop empties its folder, and that of the one that was killed
    left = [process for process in running.workers if process.pid not in killed]
    before = set(running.folders())
    running.start()
    for _ in range(600):
        if len(now := set(running.folders())) == 2 and now != before:
            break
        time.sleep(0.1)
    for process in (*left, running.workers[-1]):
        process.terminate()
        assert process.wait(timeout=60) == 0
    assert running.folders() == []


def test_a_scheduler_that_is_not_there_or_has_no_certificates_is_a_sentence(
    distributed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(REPOSITORY / "analysis.toml", tmp_path / "analysis.toml")
    monkeypatch.setattr(cluster, "SECONDS", 0.5)
    nobody = pytest.raises(InputError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9; start one there")
    with nobody, connected("tcp://127.0.0.1:9", tmp_path):
        pass
    with pytest.raises(InputError, match="needs certificates; name them in Dask's settings"):
        security("tls://127.0.0.1:9")


def test_local_workers_are_the_same_seam() -> None:
    assert render_all([], workers=LocalWorkers(2), tell=lambda outcome: None) == []
