"""Kernels forked from one process: none sees another's traces, and each is as one that was started anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from analysis.execution import forked
from analysis.execution.execute import NotebookError, execute_notebook

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork processes")


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """One server for the tests of this file, with what a report needs."""
    monkeypatch.setattr(forked, "_modules", forked.REPORTS)


def written(folder: Path, source: str) -> Path:
    parameters = nbformat.v4.new_code_cell("year: int = 2025  # a year", metadata={"tags": ["parameters"]})
    path = folder / "asked.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[parameters, nbformat.v4.new_code_cell(source)]), path)
    return path


def run(folder: Path, source: str) -> str:
    path = written(folder, source)
    node = execute_notebook(path, parameters={})
    return "".join(output.get("text", "") for output in node.cells[-1].outputs).strip()


PLANT = """
import builtins, os, random, warnings
import numpy as np, pandas as pd
from analysis.stages.stage import Stage
os.environ["PLANTED"] = "1"
pd.set_option("display.max_rows", 3)
Stage.planted = True
builtins.planted = True
np.random.seed(1); random.seed(1)
warnings.simplefilter("error")
os.chdir("/")
planted = 1
"""
LOOK = """
import builtins, os, random
import numpy as np, pandas as pd
from analysis.stages.stage import Stage
print("PLANTED" in os.environ, pd.get_option("display.max_rows"), hasattr(Stage, "planted"),
      hasattr(builtins, "planted"), random.random(), os.getcwd(), [name for name in globals() if name.startswith("pl")])
"""


def test_nothing_planted_in_one_report_is_found_in_the_next(tmp_path: Path) -> None:
    run(tmp_path, PLANT)
    first, second = run(tmp_path, LOOK).split(), run(tmp_path, LOOK).split()
    assert first[:4] == ["False", "60", "False", "False"]
    assert first[5:] == [str(tmp_path), "[]"]
    assert first[4] != second[4]  # nor do they draw the same


def test_a_forked_kernel_finds_what_one_started_anew_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = (
        "import locale, os, signal, sys\n"
        "print(sys.path, sys.executable, sys.argv[1:2], os.getcwd(), os.getsid(0) == os.getpid(), sys.stdin.closed,\n"
        "      locale.getpreferredencoding(), signal.getsignal(signal.SIGINT), sys.flags, __name__,\n"
        "      sorted(set(os.environ) - {'JPY_PARENT_PID'}))"
    )
    forks = run(tmp_path, ask)
    monkeypatch.setenv("ANALYSIS_KERNELS", "plain")
    assert forks == run(tmp_path, ask).replace(", 'ANALYSIS_KERNELS'", "").replace("['ANALYSIS_KERNELS', ", "[")


def test_the_process_they_are_forked_from_has_one_thread_of_ours_and_no_file_open(tmp_path: Path) -> None:
    parent = int(run(tmp_path, "import os\nprint(os.getppid())"))
    threads = {path.read_text(encoding="utf-8").strip() for path in Path(f"/proc/{parent}/task").glob("*/comm")}
    assert len(threads - {"jemalloc_bg_thd"}) == 1  # Arrow's allocator has one of its own, and is made for forks
    opened = [os.readlink(link) for link in Path(f"/proc/{parent}/fd").iterdir() if int(link.name) > 2]
    assert all(name.startswith(("socket:", "anon_inode:", "pipe:")) for name in opened), opened


def test_a_killed_kernel_is_one_sentence_and_the_next_runs(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="its kernel died"):
        run(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert run(tmp_path, "print(1)") == "1"


def test_where_the_process_itself_is_killed_another_takes_its_place(tmp_path: Path) -> None:
    parent = int(run(tmp_path, "import os\nprint(os.getppid())"))
    os.kill(parent, signal.SIGKILL)
    assert int(run(tmp_path, "import os\nprint(os.getppid())")) != parent


def test_kernels_end_with_the_one_who_asked_for_them(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    source = f"import os, pathlib, time\npathlib.Path({str(told)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    path = written(tmp_path, source)
    code = (
        "import sys; from pathlib import Path; from analysis.execution import forked; "
        "from analysis.execution.execute import execute_notebook; forked.prepare(forked.KERNEL); "
        "execute_notebook(Path(sys.argv[1]), parameters={})"
    )
    asking = subprocess.Popen([sys.executable, "-c", code, str(path)])
    while not told.is_file() or not told.read_text():
        assert asking.poll() is None
        time.sleep(0.05)
    kernel = int(told.read_text())
    asking.kill()
    asking.wait()
    for _ in range(600):
        if not Path(f"/proc/{kernel}").exists():
            break
        time.sleep(0.05)
    assert not Path(f"/proc/{kernel}").exists()


def test_a_variable_that_imports_may_read_asks_for_another_process() -> None:
    held = {"HOME": "/a", "ANALYSIS_RENDER": "data", "JPY_PARENT_PID": "1"}
    assert forked._of_imports(held) == {"HOME": "/a"}
