"""A delivery takes no more memory when it has more rows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.ingestion import write_delivery

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.large
def test_three_times_the_rows_take_the_memory_of_blocks_not_of_rows(tmp_path: Path) -> None:
    peaks = []
    for rows in (500_000, 1_500_000):
        folder = tmp_path / str(rows)
        folder.mkdir()
        write_delivery(folder, rows=rows, personnummer=False, mixed=True)
        command = [sys.executable, "-m", "benchmarks.ingestion", "kept", str(folder)]
        peaks.append(json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)["peak"])
    # a million more rows are 255 MB of clean table; how far apart the peaks of blocks fall is chance
    assert peaks[1] - peaks[0] < 100
