"""A large file read, checked and pseudonymised, beside bare ``pandas.read_csv`` with the same options.

One employments file of a million rows: cp1252, semicolons, decimal comma, ten columns, about 90 MB. Persons are a
third of a million employee numbers, or the 5,844 numbers of Skatteverket's official test series that are born 1981 to
1988 (no others are ever made), each with as many more rows; rows stand by person, as in pay systems, or in any order.
Both sides get the same facts: delimiter, decimal mark, encoding, which columns are text, which dates. Each runs in a
process of its own, in turn, and reports its seconds and the peak of memory above its imports. Ours reads on one
processor and checks on another: where others use them too, its seconds suffer more than those of the bare reading.

Ours ends with the clean rows staged in blocks, in memory up to 32 MB and on disk beyond (``extracts.rows.staging``):
all there is to show, and what quality checks and editions go through. ``kept`` also writes them as the parquet file an
edition keeps. Bare ends with its table in memory. Three times the rows show whether memory grows with them.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.costs import Cost, against
from benchmarks.keeping import keep

ROWS = 1_000_000
LARGER = 3
"""Times as many rows for the second look at memory."""
ROUNDS = 5
CASES = (
    (False, False, "employee numbers, by person"),
    (False, True, "employee numbers, in any order"),
    (True, False, "personnummer, by person"),
    (True, True, "personnummer, in any order"),
)
"""Personnummer or not, in any order or not, and both in words."""
HARDEST = (True, True)
"""The case that is kept: the slowest of the four."""
DAYS = 2922
"""Days of the years 1981 to 1988."""
DATES = ["Fr o m", "T o m", "Född"]
TEXT = ["Person", "Anställning", "Enhet", "AID", "Befattning", "Form"]
TITLES = ["Förskollärare", "Barnskötare", "Lärare, åk 4–6", "Undersköterska", "Måltidsbiträde", "Rektor", "Kurator"]
AIDS = ["402010", "403010", "401011", "207008", "552010", "151010", "351010"]
MANIFEST = """
[delivery]
name = "Benchmark"
municipality = "Exempelkommun"
extracted = 2026-01-07

[[file]]
table = "employments"
path = "employments.csv"
encoding = "cp1252"
delimiter = ";"
decimal = ","
personnummer = {personnummer}
[file.columns]
person = "Person"
employment = "Anställning"
unit = "Enhet"
aid = "AID"
title = "Befattning"
form = "Form"
rate = "Grad"
start = "Fr o m"
end = "T o m"
pay = "Lön"
[file.scale]
rate = 0.01
[file.values.form]
"Tillsvidare" = "permanent"
"Vikariat" = "temporary"
"Timavlönad" = "hourly"
"""


def write_delivery(folder: Path, *, rows: int, personnummer: bool, mixed: bool = False, seed: int = 1) -> None:
    """Write ``delivery.toml`` and ``employments.csv`` (two to three rows per employment, one in ten thousand wrong)."""
    rng = np.random.default_rng(seed)
    # in the order of pay systems: by person; two to three rows of terms per employment, one following the other
    person = np.sort(rng.integers(0, 2 * DAYS if personnummer else max(rows // 3, 1), rows))
    another = np.arange(1, rows) % 3 == 0 if personnummer else rng.random(rows - 1) < 0.1
    employment = np.cumsum(np.append(True, (np.diff(person) > 0) | another))
    first = np.append(True, np.diff(employment) > 0)
    begun = rng.integers(0, 3650, rows)[np.maximum.accumulate(np.where(first, np.arange(rows), 0))]
    within = np.arange(rows) - np.maximum.accumulate(np.where(first, np.arange(rows), 0))
    start = np.datetime64("2005-01-01") + begun + 365 * within
    end = (start + 364).astype("str")
    last = np.append(first[1:], True)
    kind = rng.integers(0, len(TITLES), rows)
    rate = rng.choice([100.0, 75.0, 80.0, 50.0, 92.5], rows)
    rate[rng.random(rows) < 1e-4] = 7500.0
    table = pd.DataFrame(
        {
            "Person": official_series(person) if personnummer else (person + 10_000_000).astype("str"),
            "Anställning": (employment + 1_000_000).astype("str"),
            "Enhet": np.char.add("d", rng.integers(100, 900, rows).astype("str")),
            "AID": np.array(AIDS)[kind],
            "Befattning": np.array(TITLES, dtype="object")[kind],
            "Form": rng.choice(np.array(["Tillsvidare", "Vikariat", "Timavlönad"]), rows, p=[0.7, 0.2, 0.1]),
            "Grad": rate,
            "Fr o m": start.astype("str"),
            "T o m": np.where(last & (rng.random(rows) < 0.5), "", end),
            "Lön": rng.integers(230, 650, rows) * 100 + 0.5,
        }
    )
    if mixed:
        table = table.sample(frac=1.0, random_state=seed)
    table.to_csv(folder / "employments.csv", sep=";", decimal=",", index=False, encoding="cp1252", float_format="%.2f")
    text = MANIFEST.format(personnummer="true" if personnummer else "false")
    (folder / "delivery.toml").write_text(text, encoding="utf-8")


def official_series(person: np.ndarray) -> np.ndarray:
    """Twelve digits of the official test series: serials 238 and 239 of every day of the years 1981 to 1988."""
    born = (np.datetime64("1981-01-01") + person // 2 % DAYS).astype("str")
    digits = np.char.replace(born, "-", "").astype("int64") * 1000 + 238 + person % 2
    total = np.zeros(len(person), dtype="int64")
    for place in range(9):
        digit = digits // 10**place % 10 * (2 if place % 2 == 0 else 1)
        total += digit // 10 + digit % 10
    return (digits * 10 + (-total) % 10).astype("str")


def ours(folder: Path) -> int:
    """Rows accepted by ``read_delivery``; the clean table is left where it can be read in blocks."""
    from analysis.extracts import read_delivery

    return read_delivery(folder, key=b"0" * 32).records["accepted"]


def kept(folder: Path) -> int:
    """Rows accepted, the clean table written as parquet as an edition keeps it."""
    from analysis.extracts import read_delivery
    from analysis.tables.parquet import write_frames

    delivery = read_delivery(folder, key=b"0" * 32)
    write_frames(delivery.tables.frames("employments"), folder / "employments.parquet")
    return delivery.records["accepted"]


def bare(folder: Path) -> int:
    """Rows read by pandas with the same options; nothing is checked."""
    table = pd.read_csv(
        folder / "employments.csv",
        sep=";",
        decimal=",",
        encoding="cp1252",
        dtype=dict.fromkeys(TEXT, "str"),
        parse_dates=[name for name in DATES if name != "Född"],
    )
    return len(table)


SIDES = {"ours": ours, "kept": kept, "bare": bare}


def measure(side: str, folder: Path) -> dict[str, float]:
    """Seconds of one run, and megabytes of memory at its peak above those after the imports."""
    import analysis.extracts
    import analysis.tables.parquet  # noqa: F401

    base = resident()
    peak = [base]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            peak[0] = max(peak[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, busy = time.perf_counter(), time.process_time()
    try:
        rows = SIDES[side](folder)
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
    finally:
        done.set()
        watcher.join()
    return {"seconds": seconds, "busy": busy, "peak": peak[0] - base, "rows": rows}


def resident() -> float:
    """Megabytes of memory this process holds now (Linux), else the most it ever held."""
    pages = Path("/proc/self/statm")
    if pages.is_file():
        return int(pages.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def runs(folder: Path, *, rounds: int) -> dict[str, list[dict[str, float]]]:
    """All sides in turn, each run in a process of its own."""
    found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for _ in range(rounds):
        for side, mine in found.items():
            command = [sys.executable, "-m", "benchmarks.ingestion", side, str(folder)]
            mine.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    return found


def main() -> None:
    """Print seconds and the ratio ours / bare of every case, and the peaks of memory with three times the rows."""
    for personnummer, mixed, words in CASES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_delivery(folder, rows=ROWS, personnummer=personnummer, mixed=mixed)
            size = (folder / "employments.csv").stat().st_size / 1e6
            found = runs(folder, rounds=ROUNDS)
        kept = against(*([Cost(run["seconds"], run["busy"]) for run in found[side]] for side in ("ours", "bare")))
        if (personnummer, mixed) == HARDEST:
            keep("ingestion", {"rows": ROWS, "peak": max(run["peak"] for run in found["ours"]), **kept})
        middle = {side: statistics.median(run["seconds"] for run in mine) for side, mine in found.items()}
        busy = {side: statistics.median(run["busy"] for run in mine) for side, mine in found.items()}
        print(
            f"ingestion of {ROWS:,} rows ({size:.0f} MB, cp1252, {words}): read, checked and pseudonymised in "
            f"{middle['ours']:.2f} s; bare pandas.read_csv {middle['bare']:.2f} s; "
            f"ours/bare {1 / kept['ratio']:.2f} [{1 / kept['high']:.2f}-{1 / kept['low']:.2f}]; "
            f"written as parquet too {middle['kept']:.2f} s; "
            f"of processors {busy['ours']:.2f} s and {busy['bare']:.2f} s",
            flush=True,
        )
    for rows in (ROWS, LARGER * ROWS):
        with tempfile.TemporaryDirectory() as name:
            write_delivery(Path(name), rows=rows, personnummer=False, mixed=True)
            found = runs(Path(name), rounds=1)
        peaks = {side: round(run["peak"]) for side, (run,) in found.items()}
        print(
            f"memory of {rows:,} rows in any order: peak {peaks['ours']} MB, and {peaks['kept']} MB with the clean "
            f"table written; bare pandas.read_csv {peaks['bare']} MB",
            flush=True,
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
