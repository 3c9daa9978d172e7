"""Ways to make department reports, side by side: ours, the command lines, other engines, and the floor.

``python -m benchmarks.ways [N [ROUNDS]]`` makes N reports of the sample edition (all that it has where none is
said), two at a time each way, in interleaved rounds:

* ``ours``: our workers, one language and both; every file of a report, with its downloads;
* ``command lines``: ``papermill``, then ``jupyter nbconvert --to rapport``, one language, the sheets alone;
* ``floor``: the same cells, pages and downloads in two warm processes without a kernel, one language;
* ``ploomber-engine``: its engine in one process per report, then nbconvert's exporter in the same process;
* ``jupyter-cache``: its serial executor for all reports, then nbconvert's exporter.

The last two live in an environment of their own, ``.cache/benchmarks/engines``, which is made on first use and sees
the packages of this one. Sheets of the command lines and of the floor are compared with ours, byte by byte.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.costs import Cost, against, rounds
from benchmarks.environments import python_with
from benchmarks.keeping import keep

ROOT = Path(__file__).parents[1]
PROJECT = Path(os.environ.get("ANALYSIS_ROOT") or ROOT)
"""The project with the sample edition: this repository, where no other is named."""
DELIVERY = PROJECT / "data/raw/sample"
WORKSPACE = PROJECT / "data/processed/sample-2025-12"
NOTEBOOK = PROJECT / "notebooks/70-department.ipynb"
ENGINES = ("ploomber-engine==0.0.33", "jupyter-cache==1.0.1")
SHARED: dict[str, Any] = {
    "workspace": str(WORKSPACE), "delivery": str(DELIVERY), "period": "2025-12", "seed": 20251231
}  # fmt: skip
ONE, BOTH = ("sv",), ("sv", "en")
AT_ONCE = 2


def departments() -> list[str]:
    """Departments of the sample edition that have a report."""
    import pandas as pd

    table = pd.read_parquet(WORKSPACE / "protected/departments.parquet")
    return table.loc[table["status"] == "reported", "key"].tolist()


def ours(keys: Sequence[str], languages: tuple[str, ...], folder: Path) -> None:
    """By our workers."""
    from analysis.runner.pages import Job
    from analysis.runner.workers import LocalWorkers, render_all

    folder.mkdir(exist_ok=True)
    jobs = [
        Job(key, NOTEBOOK, {**SHARED, "department": key}, key, languages, folder, folder / "logs", WORKSPACE / "tables")
        for key in keys
    ]
    done = render_all(jobs, workers=LocalWorkers(AT_ONCE), tell=lambda outcome: None)
    assert not any(outcome.problem for outcome in done), done


def command_lines(keys: Sequence[str], folder: Path) -> None:
    """By papermill's and nbconvert's command lines, two reports at a time."""

    def one(key: str) -> None:
        words = [word for name in ("workspace", "delivery", "period") for word in ("-r", name, str(SHARED[name]))]
        run = [sys.executable, "-m", "papermill", str(NOTEBOOK), str(folder / f"{key}.ipynb"), *words, "-p"]
        subprocess.run([*run, "department", key], check=True, capture_output=True, cwd=NOTEBOOK.parent)
        convert = ["-m", "nbconvert", "--to", "rapport", "--RapportExporter.languages=sv"]
        output = ["--output", f"{key}.lines", str(folder / f"{key}.ipynb")]
        subprocess.run([sys.executable, *convert, *output], check=True, capture_output=True)

    folder.mkdir(exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, keys))


def elsewhere(what: str, keys: Sequence[str], folder: Path, python: str = sys.executable) -> None:
    """One way in processes of its own, each with its part of the reports."""
    folder.mkdir(exist_ok=True)
    parts = [part for place in range(AT_ONCE) if (part := list(keys[place::AT_ONCE]))]
    environment = os.environ | {"ANALYSIS_RENDER": "data", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PLOOMBER_STATS_ENABLED"] = "false"  # it would tell its makers
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    started = [
        subprocess.Popen([python, "-m", "benchmarks.ways", what, str(folder), *part], cwd=ROOT, env=environment)
        for part in parts
    ]
    assert [process.wait() for process in started] == [0] * len(started), what


def floor(folder: Path, keys: Sequence[str]) -> None:
    """Cells, pages and downloads in this process; it is warm after the first report, which is not counted."""
    from benchmarks.inprocess import run

    _pages(run(NOTEBOOK, {**SHARED, "department": keys[0]}), keys[0], folder)
    begun, busy = time.perf_counter(), time.process_time()
    for key in keys:
        _pages(run(NOTEBOOK, {**SHARED, "department": key}), key, folder)
    told = {"wall": time.perf_counter() - begun, "processor": time.process_time() - busy}
    (folder / f"floor-{keys[0]}.json").write_text(json.dumps(told), encoding="utf-8")


def _pages(node: Any, key: str, folder: Path) -> None:
    from analysis.downloads.files import page_files
    from analysis.publishing.pages.exporter import render_page
    from analysis.publishing.pages.names import FILES, SHEETS
    from analysis.runner.pages import units

    html = {file: render_page(node, "sv", ONE, file) for file in FILES}
    (folder / f"{key}.html").write_text(html[SHEETS], encoding="utf-8")
    page_files(key, {"sv": list(html.values())}, units(WORKSPACE / "protected"))


def ploomber(folder: Path, keys: Sequence[str]) -> None:
    """By ploomber-engine, which runs cells in its own process."""
    from ploomber_engine import execute_notebook

    for key in keys:
        os.chdir(NOTEBOOK.parent)
        node = execute_notebook(
            str(NOTEBOOK), str(folder / f"{key}.ipynb"), parameters={**SHARED, "department": key}, progress_bar=False
        )
        _exported(node, folder / f"{key}.html")


def cached(folder: Path, keys: Sequence[str]) -> None:
    """By jupyter-cache: notebooks with their parameters, executed one after the other, then exported."""
    import nbformat
    import papermill
    from jupyter_cache import get_cache
    from jupyter_cache.executors import load_executor

    cache = get_cache(str(folder / f"cache-{keys[0]}"))
    for key in keys:
        given = {**SHARED, "department": key}
        node = papermill.parameterize.parameterize_notebook(nbformat.read(NOTEBOOK, 4), given)
        node.metadata.pop("papermill", None)
        node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = NOTEBOOK.parent / f".{key}.cached.ipynb"
        nbformat.write(node, path)
        cache.add_nb_to_project(str(path))
    try:
        done = load_executor("local-serial", cache).run_and_cache(timeout=600)
        assert len(done.succeeded) == len(keys), done
        for record in cache.list_cache_records():
            _exported(cache.get_cache_bundle(record.pk).nb, folder / f"{record.pk}.html")
    finally:
        for key in keys:
            (NOTEBOOK.parent / f".{key}.cached.ipynb").unlink(missing_ok=True)


def _exported(node: Any, path: Path) -> None:
    from analysis.publishing.pages.exporter import render_page

    path.write_text(render_page(node, "sv", ONE), encoding="utf-8")


def main(count: int = 0, times: int = 3) -> None:
    """Compare the ways and keep what was found."""
    keys = departments()[: count or None]
    python = python_with("engines", ENGINES, ours=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        works = {
            "ours": lambda: ours(keys, ONE, folder / "ours"),
            "command lines": lambda: command_lines(keys, folder / "lines"),
            "ours, both languages": lambda: ours(keys, BOTH, folder / "both"),
            "floor": lambda: elsewhere("floor", keys, folder / "floor"),
        }
        if python:
            works["ploomber-engine"] = lambda: elsewhere("ploomber", keys, folder / "ploomber", str(python))
            works["jupyter-cache"] = lambda: elsewhere("cached", keys, folder / "cached", str(python))
        floors: list[dict[str, float]] = []
        found: dict[str, list[Cost]] = {}
        for _ in range(times):
            for way, costs in rounds(works, times=1).items():
                found.setdefault(way, []).extend(costs)
            told = [json.loads(path.read_text("utf-8")) for path in (folder / "floor").glob("floor-*.json")]
            # the warm part alone: imports and the first report are not what is compared
            floors.append({"wall": max(each["wall"] for each in told), "busy": sum(each["processor"] for each in told)})
            for key in keys:
                made = (folder / "ours" / key / f"{key}.sv.html").read_bytes()
                assert made == (folder / "lines" / f"{key}.lines.html").read_bytes(), f"{key}: another page"
                assert made == (folder / "floor" / f"{key}.html").read_bytes(), f"{key}: another page on the floor"
    found["floor"] = [Cost(each["wall"], each["busy"]) for each in floors]
    shared = {"reports": len(keys)}
    mine = found["ours"]
    for way in [way for way in found if way != "ours"]:
        keep(f"ways: {way}", {**shared, **against(mine, found[way])})
        kept = against(mine, found[way])
        print(f"{way}/ours {kept['ratio']:.2f} [{kept['low']:.2f}-{kept['high']:.2f}]", flush=True)


if __name__ == "__main__":
    alone = {"floor": floor, "ploomber": ploomber, "cached": cached}
    if sys.argv[1:] and sys.argv[1] in alone:
        alone[sys.argv[1]](Path(sys.argv[2]), sys.argv[3:])
    else:
        main(*(int(word) for word in sys.argv[1:]))
