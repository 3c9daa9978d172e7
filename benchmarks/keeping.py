"""What benchmarks found: kept in ``benchmarks/results.json`` with machine and date, and written to docs from there."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")


def keep(name: str, found: dict[str, Any], path: Path = RESULTS) -> None:
    """Keep what one benchmark found in place of what it found before."""
    kept = results(path)
    kept[name] = {"at": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine(), **found}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def results(path: Path = RESULTS) -> dict[str, dict[str, Any]]:
    """Everything that is kept, by name."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def machine() -> str:
    """The machine in words: processors, memory, system, Python, and how much others asked of it meanwhile."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {load:.0f}"
    )


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, Any]:
    """Seconds of both sides (medians), and the median of theirs/ours over interleaved rounds with its range."""
    each = sorted(their / our for our, their in zip(ours, theirs, strict=True))
    return {
        "ours": round(statistics.median(ours), 3),
        "peer": round(statistics.median(theirs), 3),
        "ratio": round(statistics.median(each), 3),
        "low": round(each[0], 3),
        "high": round(each[-1], 3),
        "rounds": len(each),
    }
