"""``make profile``: where a build's time goes, drawn into ``build/profile/index.html``.

Every stage, and one department's report with its page, runs in a process of its own without a kernel, watched by
pyinstrument: two hundred times a second it notes what is being computed. Time is counted to the innermost function of
this package that was at work, with whatever libraries did for it. Beside the picture lies, for each step, the whole
tree of calls (``<step>.html``), and ``profile.json`` with the same figures.

``python -m benchmarks.profile [--employees N | --delivery FOLDER] [STEP …]``
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.keeping import keep, machine
from benchmarks.scale import environment, project

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "build/profile"
INTERVAL = 0.005
"""Seconds between two looks."""
REPORT, PAGE = "report", "page"
SHOWN = 12
"""Functions listed per step."""
PERIOD, SEED = "2025-12", 20251231


def steps() -> dict[str, str]:
    """Notebooks by step, in the order of a build; the last is a department's report."""
    from analysis.stages.pipeline import PIPELINE, REPORTS

    return {step.name: step.notebook for step in PIPELINE} | {REPORT: REPORTS["department"]}


def watch(step: str, folder: Path, delivery: Path, target: Path) -> None:
    """Run one step here under pyinstrument and write what was seen. Runs in a process of its own."""
    from pyinstrument import Profiler

    from analysis.stages.marks import seal
    from analysis.turnover.scores import evaluation
    from benchmarks.inprocess import run

    evaluation.WORTH_PROCESSES = sys.maxsize  # what other processes compute is not seen here
    work = folder / "data/processed/profile"
    notebook = folder / "notebooks" / steps()[step]
    shared: dict[str, Any] = {"workspace": str(work), "delivery": str(delivery), "period": PERIOD, "seed": SEED}
    if step == REPORT:
        import pandas as pd

        table = pd.read_parquet(work / "protected/departments.parquet")
        shared["department"] = table.loc[table["status"] == "reported", "key"].iloc[0]
        seal(work, "profile")
    imported = time.perf_counter()
    _preload(step)
    imported = time.perf_counter() - imported
    profiler = Profiler(interval=INTERVAL, async_mode="disabled")
    with profiler:
        node = run(notebook, shared)
        if step == REPORT:
            _pages(node)
    session = profiler.last_session
    assert session is not None
    (target / f"{step}.html").write_text(profiler.output_html(), encoding="utf-8")
    found = {
        "seconds": session.duration,
        "processor": session.cpu_time,
        "imports": imported,
        "functions": dict(counted(session.frame_records).most_common()),
    }
    (target / f"{step}.json").write_text(json.dumps(found), encoding="utf-8")


def _preload(step: str) -> None:
    """Import what the process that kernels are forked from has imported: it is done once per build."""
    import importlib

    from analysis.execution import forked

    for name in forked.REPORTS if step == REPORT else forked.STAGES:
        importlib.import_module(name)


def _pages(node: Any) -> None:
    """The pages of a report, in both languages, as a worker makes them."""
    from analysis.downloads.files import page_files
    from analysis.publishing.pages.exporter import render_page
    from analysis.publishing.pages.names import FILES

    made = {code: [render_page(node, code, ("sv", "en"), file) for file in FILES] for code in ("sv", "en")}
    page_files("d0101", made, {})


def counted(records: list[tuple[list[str], float]]) -> Counter[str]:
    """Seconds by the innermost function of ours in each stack: ``room.module: function``.

    Args:
        records: stacks, outermost first, with their seconds. A frame is named ``function NUL file NUL line …``.
    """
    found: Counter[str] = Counter()
    package = str(ROOT / "src/analysis") + "/"
    for stack, seconds in records:
        for frame in reversed(stack):
            function, path, *_ = frame.split("\x00")
            if path.startswith(package):
                module = path.removeprefix(package).removesuffix(".py").replace("/", ".")
                found[f"{module}: {function}"] += seconds
                break
        else:
            found["no function of ours"] += seconds
    return found


def drawn(found: dict[str, dict[str, Any]]) -> str:
    """The page: a bar per step, divided by room, and the functions that take most of each."""
    whole = sum(each["seconds"] for each in found.values())
    longest = max(each["seconds"] for each in found.values())
    rooms = Counter[str]()
    for each in found.values():
        for name, seconds in each["functions"].items():
            rooms[name.partition(".")[0]] += seconds
    colour = {room: f"hsl({place * 47 % 360} 55% {52 + place % 3 * 9}%)" for place, (room, _) in enumerate(
        rooms.most_common())}  # fmt: skip
    bars, tables = [], []
    for row, (step, each) in enumerate(found.items()):
        y, x = 8 + row * 30, 130.0
        own = Counter[str]()
        for name, seconds in each["functions"].items():
            own[name.partition(".")[0]] += seconds
        bars.append(f'<text x="120" y="{y + 15}" text-anchor="end">{step}</text>')
        for room, seconds in own.most_common():
            width = 620 * seconds / longest
            said = escape(f"{step}, {room}: {seconds:.2f} s")
            bars.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="22" fill="{colour[room]}">'
                        f"<title>{said}</title></rect>")  # fmt: skip
            if width > 70:
                bars.append(f'<text x="{x + 4:.1f}" y="{y + 15}">{escape(room[:14])}</text>')
            x += width
        bars.append(f'<text x="{x + 6:.1f}" y="{y + 15}">{each["seconds"]:.1f} s</text>')
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{seconds:.2f}</td><td>{100 * seconds / each['seconds']:.0f} %</td></tr>"
            for name, seconds in list(each["functions"].items())[:SHOWN]
        )
        tables.append(
            f"<h2>{step}: {each['seconds']:.1f} s, of a processor {each['processor']:.1f} s</h2>"
            f'<p><a href="{step}.html">every call</a></p>'
            f"<table><tr><th>innermost function of ours</th><th>s</th><th>share</th></tr>{rows}</table>"
        )
    height = 16 + 30 * len(found)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Where a build’s time goes</title>'
        "<style>body{font:15px/1.4 system-ui;max-width:62rem;margin:2rem auto;padding:0 1rem}"
        "td,th{padding:.1rem .8rem .1rem 0;text-align:left}td+td,th+th{text-align:right}</style>"
        f"<h1>Where a build’s time goes</h1><p>{escape(machine())}; {whole:.0f} s in all: every stage once and one "
        "report of a department in two languages, one after the other, imports left out.</p>"
        f'<svg viewBox="0 0 840 {height}" role="img" aria-label="Seconds by step and room" '
        f'style="width:100%;font-size:12px">{"".join(bars)}</svg>{"".join(tables)}'
    )


def main() -> None:
    """Profile the steps that are named, or all, and draw them."""
    parser = argparse.ArgumentParser(description="Where a build's time goes.")
    parser.add_argument("steps", nargs="*", help="only these steps; those before them run, and are drawn too")
    parser.add_argument("--employees", type=int, default=6800)
    parser.add_argument("--delivery", type=Path, help="a delivery of your own in place of the sample")
    parser.add_argument("--watch", nargs=3, metavar=("STEP", "PROJECT", "DELIVERY"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    if asked.watch:
        step, folder, delivery = asked.watch
        watch(step, Path(folder), Path(delivery), TARGET)
        return
    names = list(steps())
    if strange := [name for name in asked.steps if name not in names]:
        sys.exit(f"profile: there is no step {strange[0]}; choose among {', '.join(names)}")
    last = max((names.index(name) for name in asked.steps), default=len(names) - 1)
    found: dict[str, dict[str, Any]] = {}
    quiet = environment() | {"ANALYSIS_RENDER": "data", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    with tempfile.TemporaryDirectory(prefix="profile-") as name:
        folder = Path(name)
        delivery = project(folder, asked.employees)
        delivery = asked.delivery.resolve() if asked.delivery else delivery
        for step in names[: last + 1]:
            command = [sys.executable, "-m", "benchmarks.profile", "--watch", step, str(folder), str(delivery)]
            subprocess.run(command, cwd=ROOT, env=quiet, check=True)
            found[step] = json.loads((TARGET / f"{step}.json").read_text(encoding="utf-8"))
            (TARGET / f"{step}.json").unlink()
            (first, seconds), *_ = found[step]["functions"].items()
            print(f"{step}: {found[step]['seconds']:.1f} s; most in {first} ({seconds:.1f} s)", flush=True)
    if len(found) == len(names) and not asked.delivery:
        told = {
            step: {"processor": each["processor"], "most": list(each["functions"].items())[:3]}
            for step, each in found.items()
        }
        keep("profile", {"employees": asked.employees, "steps": told})
    (TARGET / "profile.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (TARGET / "index.html").write_text(drawn(found), encoding="utf-8")
    print(f"Open {(TARGET / 'index.html').relative_to(ROOT)}")


if __name__ == "__main__":
    main()
