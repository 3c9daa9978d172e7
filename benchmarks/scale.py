"""Time and memory of a build by the number of employees: ``python -m benchmarks.scale 6800 25000 100000``.

Each size gets a project and a sample of its own in a folder for temporary files, and one build. Memory is the
proportional set size (PSS: what is shared is counted once) of the build and everything it starts, looked at twice a
second, and counted to the step that ended next; so are processor seconds, which do not grow where others use the
machine. Sizes that are named again replace what is kept of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.keeping import keep

ROOT = Path(__file__).parents[1]
STEPS = ("read", "workforce", "competence", "turnover", "staffing", "disclosure")
EVERY = 0.5
"""Seconds between two looks at memory."""


def project(folder: Path, employees: int, years: int = 9) -> Path:
    """A project with a sample of a size; returns the delivery."""
    for name in ("analysis.toml", "requirements.lock"):
        shutil.copyfile(ROOT / name, folder / name)
    for name in ("notebooks", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    delivery = folder / "data/raw/sample"
    run(folder, "sample", str(delivery), "--employees", str(employees), "--years", str(years)).check_returncode()
    return delivery


def command(*words: str) -> list[str]:
    """``analysis`` of this environment."""
    return [sys.executable, "-c", "from analysis.cli import main; main()", *words]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One command in a project."""
    return subprocess.run(command(*words), cwd=folder, check=False, capture_output=True, text=True, env=environment())


def environment() -> dict[str, str]:
    """Variables of a measured command: a key of its own."""
    return os.environ | {"ANALYSIS_PSEUDONYM_KEY": "benchmark-key-number-one"}


def measured(folder: Path, *words: str) -> dict[str, dict[str, float]]:
    """Seconds, processor seconds and peak of memory (MB) of every step of a build, by the name its line begins with.

    Raises:
        RuntimeError: the build failed; its last lines are the message.
    """
    begun = time.perf_counter()
    started = subprocess.Popen(command(*words), cwd=folder, stderr=subprocess.PIPE, text=True, env=environment())
    peak, busy, done = [0.0], [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(EVERY):
            processes = family(started.pid)
            peak[0] = max(peak[0], sum(pss(process) for process in processes))
            busy[0] = max(busy[0], sum(processor(process) for process in processes))

    watcher = threading.Thread(target=watch)
    watcher.start()
    found: dict[str, dict[str, float]] = {}
    lines: list[str] = []
    before, busy_before = begun, 0.0
    assert started.stderr is not None
    for line in started.stderr:
        lines.append(line)
        name, now = (line.split() or [""])[0], time.perf_counter()
        step = name if name in (*STEPS, "audit") else "pages" if " s" in line and line.startswith("  ") else ""
        if step:
            mine = found.setdefault(step, {"seconds": 0.0, "busy": 0.0, "peak": 0.0})
            mine["seconds"] += now - before
            mine["peak"] = max(mine["peak"], peak[0])
            mine["busy"] += busy[0] - busy_before
            before, busy_before, peak[0] = now, busy[0], 0.0
            print(f"    {line.strip()}  [{mine['peak']:.0f} MB]", flush=True)
    code = started.wait()
    done.set()
    watcher.join()
    if code:
        raise RuntimeError("".join(lines[-5:]))
    found["all"] = {
        "seconds": time.perf_counter() - begun,
        "busy": sum(each["busy"] for each in found.values()),
        "peak": max(each["peak"] for each in found.values()),
    }
    return found


def family(process: int) -> list[int]:
    """A process and everything that it, or what it started, has started; kernels lead sessions of their own."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
    found, waiting = [], [process]
    while waiting:
        now = waiting.pop()
        found.append(now)
        waiting += [child for child, parent in parents.items() if parent == now]
    return found


def pss(process: int) -> float:
    """Megabytes that a process holds, what it shares divided among those that share it."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:  # it has just ended
        pass
    return 0.0


def processor(process: int) -> float:
    """Processor seconds of a process, and of those it started that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(fields[place]) for place in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")


def main(sizes: list[int]) -> None:
    """Measure the sizes and keep what was found."""
    for employees in sizes:
        with tempfile.TemporaryDirectory(prefix="scale-") as name:
            folder = Path(name)
            begun = time.perf_counter()
            delivery = project(folder, employees)
            size = sum(path.stat().st_size for path in delivery.iterdir() if path.is_file()) / 1e6
            print(f"{employees:,} employees: {size:.0f} MB written in {time.perf_counter() - begun:.0f} s", flush=True)
            found = measured(folder, "build", str(delivery), "--period", "2025-12")
        whole = found["all"]
        print(f"  {whole['seconds']:.0f} s, {whole['peak']:.0f} MB", flush=True)
        keep(f"scale {employees}", {"employees": employees, "megabytes": size, "steps": found})


if __name__ == "__main__":
    main([int(word.replace("_", "")) for word in sys.argv[1:]] or [6_800, 25_000, 100_000])
