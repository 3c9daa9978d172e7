"""An edition is whole and old, or whole and new, wherever the run that exchanges it is killed or fails."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.edition import publish
from analysis.edition.publish import JOURNAL, beside, fresh, heal_all, only_build, put_in_place, write_page
from analysis.errors import InputError
from analysis.runner import pages
from analysis.runner.build import lost
from analysis.runner.pages import Job, Outcome
from analysis.runner.workers import LocalWorkers, render_all

STEPS = ("_exchange", "_write_whole", "_sync_folder", "cleared")
KILLED = """
import os, signal, sys
from pathlib import Path
from analysis.edition import publish
from tests.edition.test_publish import STEPS, exchange

root, number, can = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "True"
count = 0

def stop():
    global count
    count += 1
    if count == number:
        os.kill(os.getpid(), signal.SIGKILL)

def stepping(work):
    def run(*given, **named):
        stop()
        result = work(*given, **named)
        stop()
        return result
    return run

if not can:
    publish._exchange = lambda first, second: False
for name in STEPS:
    setattr(publish, name, stepping(getattr(publish, name)))
os.rename = stepping(os.rename)
publish.Path.unlink = stepping(publish.Path.unlink)
exchange(root)
print(count)
"""


def folder(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "index.html").write_text(text, "utf-8")
    (path / f"only-{text}.html").write_text(text, "utf-8")
    return path


def project(root: Path, *, old: bool = True) -> Path:
    """An edition published before, and the next one built beside it."""
    for place in ("data/processed", "reports"):
        (root / place).mkdir(parents=True)
        if old:
            folder(root / place / "e", "old")
        folder(root / place / ".building-e", "new")
    return root


def exchange(root: Path) -> list[Path]:
    processed = root / "data/processed"
    finals = (processed / "e", root / "reports" / "e")
    return put_in_place(
        [(beside(final), final) for final in finals], processed / JOURNAL.format("e"), lock=processed / ".e.lock"
    )


def state(root: Path) -> list[str]:
    """What is published, per folder: the names of its files and what they say."""
    found = []
    for place in ("data/processed/e", "reports/e"):
        lies = root / place
        text = (lies / "index.html").read_text("utf-8") if lies.is_dir() else "nothing"
        names = {path.name for path in lies.iterdir()} if lies.is_dir() else set()
        whole = names <= {"index.html", f"only-{text}.html", ".publishing"} and (text == "nothing" or len(names) >= 2)
        found.append(text if whole else f"mixed {sorted(names)}")
    return found


def rest(root: Path) -> set[str]:
    """Everything beside the edition but the lock."""
    found = {path.name for place in ("data/processed", "reports") for path in (root / place).iterdir()}
    return found - {"e", ".e.lock"}


def killed_at(root: Path, number: int, can_exchange: bool) -> int:
    """Exchange in a process that kills itself at a step; returns its exit code."""
    command = [sys.executable, "-c", KILLED, str(root), str(number), str(can_exchange)]
    repository = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(repository / "src"), str(repository)])}
    return subprocess.run(command, cwd=repository, env=environment, check=False, capture_output=True).returncode


def forked(root: Path, number: int, can_exchange: bool) -> bool:
    """The same in a forked child, which is quick; True if it was killed."""
    child = os.fork()
    if child == 0:
        try:
            sys.argv = ["", str(root), str(number), str(can_exchange)]
            exec(compile(KILLED, "killed", "exec"), {})
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("old", [True, False], ids=["second", "first"])
@pytest.mark.parametrize("can_exchange", [True, False], ids=["exchange", "rename"])
def test_killed_anywhere_the_next_start_finds_or_makes_a_whole_edition(
    tmp_path: Path, can_exchange: bool, old: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    seen = set()
    for number in range(1, 200):
        root = project(tmp_path / str(number), old=old)
        killed = forked(root, number, can_exchange)
        heal_all(root / "data/processed")
        found = state(root)
        assert found in (["old", "old"] if old else ["nothing", "nothing"], ["new", "new"]), number
        assert not (root / "data/processed" / JOURNAL.format("e")).exists()
        if found[0] == "new":
            assert rest(root) == set(), number
        seen.add(found[0])
        if not killed:
            break
    assert number > 20, "the exchange has that many steps"
    assert seen == {"old" if old else "nothing", "new"}


def test_a_process_of_its_own_killed_between_the_two_exchanges(tmp_path: Path) -> None:
    root = project(tmp_path / "p")
    # token, token, journal: two steps each, and then the first exchange
    assert killed_at(root, 8, True) == -signal.SIGKILL
    assert state(root) == ["new", "old"]
    heal_all(root / "data/processed")
    assert state(root) == ["new", "new"]
    assert rest(root) == set()


@pytest.mark.parametrize("can_exchange", [True, False])
def test_the_next_build_takes_the_place_of_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(publish, "_exchange", lambda first, second: False)
    root = project(tmp_path / "p")
    assert exchange(root) == []
    assert state(root) == ["new", "new"]
    assert not list((root / "reports/e").glob(".*"))
    assert rest(root) == set()


def failing(work: Callable[..., Any], at: int, error: OSError) -> Callable[..., Any]:
    """``work``, but the call with that number fails."""
    calls = []

    def run(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == at:
            raise error
        return work(*given)

    return run


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_that_cannot_be_exchanged_leaves_both_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool, at: int
) -> None:
    root = project(tmp_path / "p")
    busy = OSError(16, "Device or resource busy", str(root / "reports/e"))
    if can_exchange:
        monkeypatch.setattr(publish, "_exchange", failing(publish._exchange, at, busy))
    else:
        monkeypatch.setattr(publish, "_exchange", lambda first, second: False)
        monkeypatch.setattr(os, "rename", failing(os.rename, 2 * at, busy))
    with pytest.raises(InputError, match="e: Device or resource busy; nothing was published and the edition before"):
        exchange(root)
    assert state(root) == ["old", "old"]
    assert rest(root) == {".building-e"}
    monkeypatch.undo()
    heal_all(root / "data/processed")
    assert state(root) == ["old", "old"]


def test_a_full_disk_before_the_exchange_leaves_both_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path / "p")
    monkeypatch.setattr(
        publish, "_write_whole", failing(publish._write_whole, 3, OSError(28, "No space left on device", "journal"))
    )
    with pytest.raises(InputError, match="No space left on device; nothing was published"):
        exchange(root)
    assert state(root) == ["old", "old"]


def test_an_old_edition_that_cannot_be_removed_is_told_and_does_not_stop_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path / "p")
    monkeypatch.setattr(shutil, "rmtree", lambda *given, **named: None)
    assert [path.name for path in exchange(root)] == [".building-e", ".building-e"]
    assert state(root) == ["new", "new"]
    assert rest(root) == {".remains-building-e-1"}
    assert list(fresh(root / "reports/.building-e").iterdir()) == []


def test_a_link_to_a_web_folder_stays_one(tmp_path: Path) -> None:
    root = project(tmp_path / "p")
    shutil.rmtree(root / "reports/.building-e")
    (tmp_path / "web").mkdir()
    (root / "reports/e").rename(tmp_path / "web/hr")
    (root / "reports/e").symlink_to(tmp_path / "web/hr")
    assert beside(root / "reports/e") == tmp_path / "web/.building-hr"
    folder(beside(root / "reports/e"), "new")
    exchange(root)
    assert (root / "reports/e").is_symlink()
    assert state(root) == ["new", "new"]
    assert [path.name for path in (tmp_path / "web").iterdir()] == ["hr"]


def test_a_token_that_an_earlier_exchange_left_means_nothing(tmp_path: Path) -> None:
    root = project(tmp_path / "p")
    (root / "reports/e/.publishing").write_text("0123456789abcdef", "utf-8")
    exchange(root)
    assert state(root) == ["new", "new"]


def test_an_exchange_at_work_is_not_healed_by_another_start(tmp_path: Path) -> None:
    root = project(tmp_path / "p")
    assert forked(root, 8, True)
    with only_build(root / "data/processed/.e.lock", "e"):
        # a lock held by this very process would not keep it out
        child = multiprocessing.get_context("spawn").Process(target=heal_all, args=(root / "data/processed",))
        child.start()
        child.join(60)
    assert state(root) == ["new", "old"]


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "a.html"
    write_page(page, "old")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_page(page, "new" * 10_000)
    assert page.read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_department_whose_page_did_not_fit_leaves_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pages").mkdir()
    monkeypatch.setattr("analysis.execution.execute.execute_notebook", lambda *given, **named: None)
    monkeypatch.setattr("analysis.publishing.pages.exporter.render_page", lambda *given: "<h1>x</h1>" * 1)
    monkeypatch.setattr(
        publish, "_write_whole", failing(publish._write_whole, 2, OSError(28, "No space left on device"))
    )
    job = Job("d1", tmp_path / "n.ipynb", {}, "d1", ("sv", "en"), tmp_path / "pages", tmp_path, tmp_path)
    outcome = pages.render(job)
    assert outcome.problem == "d1 could not be written: No space left on device; free space there and build again"
    assert outcome.pages == {}
    assert list((tmp_path / "pages").iterdir()) == []


def render_or_die(job: Job) -> Outcome:
    """A worker that is killed the first time, or each time, when it meets the job that says so."""
    noted = job.target / f"{job.department}.tries"
    tries = len(noted.read_text("utf-8")) if noted.is_file() else 0
    noted.write_text("x" * (tries + 1), "utf-8")
    if job.stem == "always" or (job.stem == "once" and not tries):
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(job.department, "", 0.0, {f"{job.department}.sv.html": "0"})


@pytest.mark.parametrize(("kind", "failed"), [("once", []), ("always", ["d2"])])
def test_what_a_killed_worker_left_is_rendered_by_a_fresh_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, failed: list[str]
) -> None:
    monkeypatch.setattr(pages, "render", render_or_die)
    jobs = [
        Job(f"d{n}", tmp_path, {}, kind if n == 2 else "well", ("sv",), tmp_path, tmp_path, tmp_path) for n in range(6)
    ]
    told: list[Outcome] = []
    outcomes = render_all(jobs, workers=LocalWorkers(2), tell=told.append)
    assert [outcome.department for outcome in outcomes] == [job.department for job in jobs]
    assert [outcome.department for outcome in outcomes if outcome.problem] == failed
    assert len(told) == len(jobs)
    assert all("killed each time" in outcome.problem for outcome in outcomes if outcome.problem)


@pytest.mark.parametrize(
    ("before", "failed", "kept"),
    [
        ('{"departments_failed": {}}', {"d1": "x"}, True),
        ('{"departments_failed": {"d1": "x"}}', {"d1": "x"}, False),
        ('{"departments_failed": {"d1": "x"}}', {"d1": "x", "d2": "x"}, True),
        ('{"departments_failed": {}}', {}, False),
        ("not a record", {"d1": "x"}, True),
        (None, {"d1": "x"}, False),
    ],
)
def test_an_edition_that_lost_departments_does_not_replace_a_whole_one(
    tmp_path: Path, before: str | None, failed: dict[str, str], kept: bool
) -> None:
    final = tmp_path / "e"
    if before is not None:
        final.mkdir()
        (final / "run.json").write_text(before, "utf-8")
    said = lost(final, failed)
    assert bool(said) == kept
    if kept:
        assert "the edition e was kept as it was" in said
        assert "--incomplete" in said


def _hold(lock: Path, ready: Any, release: Any) -> None:
    with only_build(lock, "e"):
        ready.set()
        release.wait(20)


def test_two_builds_of_one_edition_never_run_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / ".e.lock", ready, release))
    other.start()
    try:
        assert ready.wait(60)
        with pytest.raises(InputError, match="being built by another run"), only_build(tmp_path / ".e.lock", "e"):
            pass
    finally:
        release.set()
        other.join()
    with only_build(tmp_path / ".e.lock", "e"):
        pass
