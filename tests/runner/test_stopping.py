"""A run that is told to stop tidies up: no half-made folder, no kernel, one sentence."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import KEYS, REPOSITORY, make_project


def kernels(runtime: Path) -> list[str]:
    """Processes that run notebooks, or that they are forked from, of the run whose temporary files lie in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().decode("utf-8", "replace")
            variables = (path / "environ").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if f"TMPDIR={runtime}" in variables and ("ipykernel" in words or "forkserver" in words):
            found.append(words)
    return found


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder of temporary files whose name is short enough for the kernels' sockets; ``tmp_path`` is not."""
    with tempfile.TemporaryDirectory(prefix="rt-") as folder:
        yield Path(folder)


@pytest.mark.skipif(not Path("/proc/self/cmdline").is_file(), reason="looks at processes as Linux shows them")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_told_to_stop_leaves_nothing_behind(
    mini_sample: Path, tmp_path: Path, runtime: Path, number: signal.Signals
) -> None:
    project = make_project(tmp_path / "project")
    shutil.copytree(mini_sample, project.delivery)
    environment = os.environ | {
        "ANALYSIS_PSEUDONYM_KEY": KEYS["first"], "TMPDIR": str(runtime),
        "PYTHONPATH": str(REPOSITORY / "src"),
    }  # fmt: skip
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "build", str(project.delivery)]
    run = subprocess.Popen(
        [*command, "--period", "2025-12"], cwd=project.root, env=environment, stderr=subprocess.PIPE, text=True
    )
    working = project.root / "data/processed/.building-sample-2025-12/stages/read.json"
    try:
        for _ in range(2400):
            if (working.is_file() and kernels(runtime)) or run.poll() is not None:
                break
            time.sleep(0.1)
        assert working.is_file(), "a stage is at work"
        assert kernels(runtime)
        run.send_signal(number)
        _, error = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == 143
    assert "analysis: stopped before its end; nothing was published" in error
    assert "Traceback" not in error
    assert not list(project.root.glob("*/.building-*"))
    assert not list((project.root / "data/processed").glob(".building-*"))
    assert not list((project.root / "data/processed").glob("sample*"))
    assert kernels(runtime) == []
