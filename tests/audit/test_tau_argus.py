"""Statistics Netherlands' Tau-Argus, in its open build with HiGHS, as an oracle that shares no code with this project.

Its audit is given the leavers of several departments by cause with our pattern, and says how far each withheld count is
open. It is a development tool: without it the test is skipped, and fails where CI is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.protect import protect
from analysis.reference import CAUSES
from analysis.sections import shipped_plan
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, SHOWN
from tests.audit.linked import LIMITS, PERIOD

WHY = "no pytauargus: the oracle of single tables was NOT asked; pip install pytauargus==0.6.0"
AUDIT = """
import json, sys
from pytauargus._tauargus import audit_jj
found = [[[row["cell"], row["min"], row["max"]] for row in audit_jj(path)] for path in sys.argv[1:]]
print(json.dumps(found))
"""
CLOSE = 1e-6
Place = tuple[str, str]


def table(seed: int) -> dict[Place, int]:
    """Leavers by department and cause, with every sum."""
    random = np.random.default_rng([seed, 7])
    keys = [f"d{place}" for place in range(int(random.integers(2, 6)))]
    rows = ["total", *CAUSES]
    counts = {
        (key, cause): int(count)
        for key in keys
        for cause, count in zip(CAUSES, random.poisson(random.choice([2.0, 5.0, 9.0]), len(CAUSES)), strict=True)
    }
    counts |= {(key, "total"): sum(counts[key, cause] for cause in CAUSES) for key in keys}
    return counts | {(ORGANISATION, row): sum(counts[key, row] for key in keys) for row in rows}


def protected(counts: dict[Place, int]) -> pd.DataFrame:
    every = facts(
        {
            "table": "exits", "department": key, "row": row, "value": float(count), "n": float(count),
            "numerator": float(count), "denominator": float(counts[key, "total"]), "unit": "persons",
        }
        for (key, row), count in counts.items()
    )  # fmt: skip
    keys = sorted({key for key, _ in counts} - {ORGANISATION})
    return protect(every, plan=shipped_plan(), thresholds=LIMITS, reported=keys, period=PERIOD)


def written(path: Path, counts: dict[Place, int], hidden: set[Place]) -> Path:
    """The table as Tau-Argus' JJ file: cells with status and bounds, then the sums."""
    place = {key: at for at, key in enumerate(counts)}
    keys = sorted({key for key, _ in counts} - {ORGANISATION})
    sums = [((key, "total"), [(key, cause) for cause in CAUSES]) for key in [*keys, ORGANISATION]]
    sums += [((ORGANISATION, row), [(key, row) for key in keys]) for row in ("total", *CAUSES)]
    lines = ["0", str(len(counts))]
    for key, count in counts.items():
        lines.append(f"{place[key]} {count} {count} {'u' if key in hidden else 's'} 0 100000 1 1 0")
    lines.append(str(len(sums)))
    for total, parts in sums:
        terms = " ".join(f"{place[part]} (1)" for part in parts)
        lines.append(f"0 {len(parts) + 1} : {place[total]} (-1) {terms}")
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def narrow(folder: Path, seeds: range) -> tuple[list[str], int]:
    """Counts that Tau-Argus finds more tightly than the policy leaves open, and how many it looked at."""
    tables, patterns, files = [], [], []
    for seed in seeds:
        counts = table(seed)
        cells = protected(counts).set_index(["department", "row"])
        hidden = {(str(key), str(row)) for (key, row), status in cells["status"].items() if status not in SHOWN}
        if not hidden:
            continue
        tables.append(counts)
        patterns.append(hidden)
        files.append(written(folder / f"{seed}.jj", counts, hidden))
    done = subprocess.run(
        [sys.executable, "-c", AUDIT, *files], capture_output=True, text=True, timeout=300, check=True, cwd=folder
    )
    found, tried = [], 0
    for counts, hidden, rows in zip(tables, patterns, json.loads(done.stdout.splitlines()[-1]), strict=True):
        places = list(counts)
        assert {places[cell] for cell, _, _ in rows} == hidden
        for cell, least, most in rows:
            key, row = places[cell]
            if row == "total" or counts[key, row] >= LIMITS.medium:
                continue  # withheld to guard another
            tried += 1
            bases = [counts[each] for each in ((key, "total"), (ORGANISATION, row)) if each not in hidden]
            if least > CLOSE or most < min([LIMITS.medium - 1, *bases]) - CLOSE:
                found.append(f"{key}/{row}: {least:g} to {most:g}")
    return found, tried


@pytest.fixture(scope="module", autouse=True)
def _oracle() -> None:
    if find_spec("pytauargus") is None:
        if os.environ.get("CI"):
            pytest.fail(WHY)
        warnings.warn(WHY, stacklevel=2)
        pytest.skip(WHY)


def test_the_oracle_finds_no_small_count_in_single_tables(tmp_path: Path) -> None:
    found, tried = narrow(tmp_path, range(12))
    assert found == []
    assert tried > 50


@pytest.mark.large
def test_the_oracle_finds_no_small_count_in_a_hundred_tables(tmp_path: Path) -> None:
    assert narrow(tmp_path, range(100, 200))[0] == []


def test_the_oracle_sees_a_forgotten_margin(tmp_path: Path) -> None:
    counts = table(0)
    hidden = {("d0", CAUSES[0])}
    path = written(tmp_path / "one.jj", counts, hidden)
    done = subprocess.run([sys.executable, "-c", AUDIT, path], capture_output=True, text=True, timeout=60, check=True)
    ((_, least, most),) = json.loads(done.stdout.splitlines()[-1])[0]
    assert least == most == counts["d0", CAUSES[0]]
