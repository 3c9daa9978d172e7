"""What runs unattended: periods, links without figures, one run at a time, a status whatever happens."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.edition.names import latest, next_kept
from analysis.errors import GateError, InputError
from analysis.execution.execute import NotebookError
from analysis.runner import unattended
from analysis.runner.outbox import letters, page_of
from analysis.runner.schedule import Planned, Recipient, Schedule, load_schedule, month_of
from tests.conftest import REPOSITORY, make_project

EXAMPLES = REPOSITORY / "examples/unattended"
TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("rule", "day", "from_day", "month"),
    [
        ("last closed month", "2026-03-10", 1, "2026-02"),
        ("last closed month", "2026-03-10", 15, "2026-01"),
        ("last closed month", "2026-01-20", 15, "2025-12"),
        ("last closed tertial", "2026-03-10", 1, "2025-12"),
        ("last closed tertial", "2026-05-01", 1, "2026-04"),
        ("last closed tertial", "2026-05-01", 10, "2025-12"),
        ("2024-08", "2026-05-01", 1, "2024-08"),
    ],
)
def test_the_month_that_a_rule_means(rule: str, day: str, from_day: int, month: str) -> None:
    assert month_of(rule, date.fromisoformat(day), closed_from_day=from_day) == month


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "delivery: Field required"),
        ("deliveries = []", "delivery: Field required"),
        ("[[delivery]]\nfolder = 'x'\nperiod = 'last month'", "is not a month"),
        ("[[delivery]]\nfolder = 'x'\n[[recipient]]\nto = 'a'\ndepartment = '../x'", "no|not a key"),
        ("keep_months = 24\n[[delivery]]\nfolder = 'x'", "name the decision to erase"),
        ("[[delivery", "is not valid TOML"),
    ],
)
def test_a_wrong_schedule_is_told_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        load_schedule(path)


def test_the_example_can_be_read() -> None:
    assert load_schedule(EXAMPLES / "schedule.toml").delivery[0].after == "latest"


def test_a_letter_names_no_department_without_a_report_and_holds_no_figure() -> None:
    people = [Recipient(to="a@k.se", department="d0101"), Recipient(to="b@k.se", department="d0102")]
    pages = ["organisation/organisation.sv.html", "d0101/d0101.sv.html", "d0101/d0101.en.html", "index.html"]
    found = letters(
        people, edition="hr-2026-02", pages=pages, names={"d0101": "Förskola"}, address="https://x.se/r/", today=TODAY
    )
    assert found == [
        {
            "recipient": "a@k.se", "edition": "hr-2026-02", "department": "d0101", "name": "Förskola", "language": "sv",
            "link": "https://x.se/r/hr-2026-02/d0101/d0101.sv.html", "expires": "2026-04-09",
        }
    ]  # fmt: skip


def test_a_report_is_found_and_not_what_lies_beside_it() -> None:
    whole = ["organisation/underlag.en.html", "organisation/organisation.en.html", "organisation/a.en.csv"]
    assert page_of("all", "en", whole) == "organisation/organisation.en.html"
    assert page_of("d01", "sv", ["d01/underlag.sv.html", "d01/d01.sv.html", "d010/d010.sv.html"]) == "d01/d01.sv.html"
    assert page_of("d02", "sv", ["d01/d01.sv.html"]) == ""


def edition(root: Path, name: str, period: str, **record: Any) -> None:
    folder = root / "data/processed" / name
    (folder / "protected").mkdir(parents=True)
    (folder / "protected/cells.parquet").touch()
    (folder / "run.json").write_text(json.dumps({"period": period, **record}), "utf-8")


def test_the_latest_edition_is_of_an_earlier_period_and_stands_under_its_own_name(tmp_path: Path) -> None:
    processed = tmp_path / "data/processed"
    assert latest(processed, "hr-2026-02", "2026-02") == ""
    for name, period in (("hr-2025-08", "2025-08"), ("hr-2025-12", "2025-12"), ("hr-2026-02", "2026-02")):
        edition(tmp_path, name, period)
    edition(tmp_path, "hr-2025-12~1", "2025-12")
    edition(tmp_path, "hr-2026-01-preview", "2026-01", preview=True)
    assert latest(processed, "hr-2026-02", "2026-02") == "hr-2025-12"
    assert next_kept(processed, "hr-2025-12") == "hr-2025-12~2"
    assert next_kept(processed, "hr-2025-08") == "hr-2025-08~1"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which nothing is really built."""
    monkeypatch.setattr(unattended, "request", lambda **given: given)
    monkeypatch.setattr(unattended, "is_current", lambda asked: False)
    monkeypatch.setattr(unattended, "_told", lambda *given: [])
    return tmp_path


def plan(**more: Any) -> Schedule:
    return Schedule(delivery=(Planned(folder="data/raw/hr"),), wait_seconds=0, **more)


def status_of(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "runs/nightly/status.json").read_text("utf-8"))
    return found


def building(results: list[BaseException | None], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []

    def build(request: Any, **_: Any) -> Any:
        asked.append(request)
        result = results.pop(0)
        if result is not None:
            raise result
        return unattended.Built(Path(), Path(), ["all"], {}, done={"read": "new"})

    monkeypatch.setattr(unattended, "build", build)
    return asked


def test_a_run_that_succeeds_says_so_and_calls_what_it_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = building([None], monkeypatch)
    script = "import pathlib, sys; pathlib.Path(sys.argv[1]).with_name('called').write_text('x')"
    schedule = plan(on_success=(sys.executable, "-c", script, "{status}"), on_failure=("false",))
    status = unattended.run_schedule(project, schedule, name="nightly", today=TODAY)
    assert (status.state, status.exit_code) == ("succeeded", 0)
    assert status_of(project)["editions"][0]["edition"] == "hr-2026-02"
    assert asked[0]["period"] == "2026-02"
    assert (project / "runs/nightly/called").is_file()
    assert json.loads((project / "runs/nightly/outbox.json").read_text("utf-8")) == []
    assert "hr-2026-02: begun" in (project / status.log).read_text("utf-8")
    assert (project / "runs/nightly").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("results", "tries", "state", "code"),
    [
        ([NotebookError("its kernel died"), None], 2, "succeeded", 0),
        ([NotebookError("its kernel died")] * 3, 3, "failed", 1),
        ([GateError("too many rows set aside")], 1, "failed", 3),
        ([ValueError("anna.svensson")], 1, "failed", 1),
    ],
)
def test_a_fault_is_tried_again_within_limits_and_a_refusal_is_not(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    results: list[BaseException | None],
    tries: int,
    state: str,
    code: int,
) -> None:
    asked = building(list(results), monkeypatch)
    status = unattended.run_schedule(project, plan(retries=2), name="nightly", today=TODAY)
    assert (len(asked), status.state, status.exit_code) == (tries, state, code)
    assert status_of(project)["state"] == state
    assert "svensson" not in (project / status.log).read_text("utf-8") + str(status_of(project))


def test_a_run_that_is_told_to_stop_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unattended, "build", lambda asked, **_: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(unattended.Stopped):
        unattended.run_schedule(project, plan(), name="nightly", today=TODAY)
    assert status_of(project)["state"] == "stopped"
    assert status_of(project)["exit_code"] == 143


def test_one_run_at_a_time(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(asked: Any, **_: Any) -> Any:
        with pytest.raises(InputError, match="nightly is being run already"):
            unattended.run_schedule(project, plan(), name="nightly", today=TODAY)
        return unattended.Built(Path(), Path(), [], {})

    monkeypatch.setattr(unattended, "build", again)
    assert unattended.run_schedule(project, plan(), name="nightly", today=TODAY).state == "succeeded"


def test_an_account_without_a_home_is_told_what_failed_and_leaves_a_status() -> None:
    # an interpreter below somebody's home folder cannot be run by another account: then only the home is missing
    places = Path(sys.executable).resolve().parents
    nobody = 65534 if os.geteuid() == 0 and all(place.stat().st_mode & 0o001 for place in places) else None
    with tempfile.TemporaryDirectory(prefix="srv-") as folder:
        root = make_project(Path(folder) / "competence").root
        (root / "schedule.toml").write_text('[[delivery]]\nfolder = "data/raw/hr"\n', "utf-8")
        for path in (Path(folder), root, *root.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
            if nobody is not None:
                os.chown(path, nobody, nobody)
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY / "src"), "ANALYSIS_ROOT": str(root)}
        command = [sys.executable, "-B", "-c", "from analysis.cli import main; main()", "run", "schedule.toml"]
        done = subprocess.run(
            [*command, "--today", "2026-03-10"], cwd="/", env=environment, user=nobody, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 2, done.stderr
        assert "schedule failed: no edition; data/raw/hr" in done.stdout
        assert "Traceback" not in done.stdout + done.stderr
        status = json.loads((root / "runs/schedule/status.json").read_text("utf-8"))
        assert (status["state"], status["exit_code"]) == ("failed", 2)
        assert (root / status["log"]).is_file()


def test_a_command_finds_the_project_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from analysis.cli import app

    root = make_project(tmp_path / "competence").root
    monkeypatch.chdir("/")
    runner = CliRunner()
    assert isinstance(runner.invoke(app, ["editions"]).exception, InputError)
    monkeypatch.chdir("/")
    assert runner.invoke(app, ["--root", str(root), "editions", "--language", "en"]).exit_code == 0
    monkeypatch.chdir("/")
    assert runner.invoke(app, ["editions"], env={"ANALYSIS_ROOT": str(root)}).exit_code == 0
    monkeypatch.chdir("/")
    wrong = runner.invoke(app, ["--root", str(tmp_path), "editions"])
    assert "has no analysis.toml; name the project's folder with --root" in str(wrong.exception)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_the_units_are_valid(tmp_path: Path) -> None:
    for path in EXAMPLES.glob("analysis.*"):
        text = path.read_text("utf-8").replace("/opt/analysis/bin/analysis", "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    units = sorted(str(path) for path in tmp_path.glob("analysis.*"))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_units_and_the_crontab_call_a_command_that_there_is() -> None:
    from typer.main import get_command

    from analysis.cli import app

    texts = [(EXAMPLES / name).read_text("utf-8") for name in ("analysis.service", "crontab")]
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    for text in texts:
        (line,) = [line for line in text.splitlines() if "/bin/analysis" in line]
        words = line.split("/bin/analysis ", 1)[1].split()
        assert words[0] == "--root"
        assert words[2] in known
        assert words[3].endswith(".toml")
