"""Random municipalities of linked tables: leavers by cause, two variants of turnover, a series, a track record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import CAUSES, policy
from analysis.sections import shipped_plan
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION
from tests.audit.pages import Row, figure, write

LIMITS = Thresholds.of(policy(), "internal")
PERIOD, BEFORE = "2025-12", "2024-12"
GROUPS = (("women", "men"), ("permanent", "temporary"))


def municipality(seed: int) -> dict[str, np.ndarray]:
    """Leavers of each department: rows are sexes, columns causes, for permanent and temporary posts."""
    random = np.random.default_rng(seed)
    many, mean = int(random.integers(2, 6)), float(random.choice([1.0, 3.0, 6.0]))
    return {f"d{place}": random.poisson(mean, size=(2, 2, len(CAUSES))) for place in range(many)}


def corrected(people: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """The same with one to three leavers' causes corrected."""
    random = np.random.default_rng(seed)
    found = {key: counts.copy() for key, counts in people.items()}
    for _ in range(int(random.integers(1, 4))):
        counts = found[str(random.choice(sorted(found)))]
        sex, form = random.integers(0, 2, size=2)
        old, new = random.integers(0, len(CAUSES), size=2)
        if counts[sex, form, old]:
            counts[sex, form, old] -= 1
            counts[sex, form, new] += 1
    return found


def facts_of(people: dict[str, np.ndarray], seed: int) -> pd.DataFrame:
    """Facts of every table, the whole as the sum of its departments."""
    random = np.random.default_rng([seed, 1])
    gone = {key: int(random.integers(0, 5)) for key in people}
    staff = {key: 150 + 10 * place for place, key in enumerate(people)}
    every = people | {ORGANISATION: np.sum(list(people.values()), axis=0)}
    gone[ORGANISATION], staff[ORGANISATION] = sum(gone.values()), sum(staff.values())
    rows: list[dict[str, object]] = []

    def add(table: str, key: str, row: str, column: str, count: float, base: float, unit: str) -> None:
        value = count if unit == "persons" else count / base
        rows.append({
            "table": table, "department": key, "row": row, "column": column, "numerator": count, "denominator": base,
            "n": base if unit != "persons" else count, "value": value, "unit": unit,
        })  # fmt: skip

    for key, counts in every.items():
        total = int(counts.sum())
        by_cause = counts.sum(axis=(0, 1))
        permanent = counts[:, 0].sum(axis=0)
        resigned, retired = CAUSES.index("resignation"), CAUSES.index("retirement")
        add("exits", key, "total", "total", total, total, "persons")
        for cause, count in zip(CAUSES, by_cause, strict=True):
            add("exits", key, cause, "total", float(count), total, "persons")
        own = float(permanent[resigned])
        add("definitions_turnover", key, "turnover_own_excl_pension", "now", own, staff[key], "share")
        add(
            "definitions_turnover",
            key,
            "turnover_own_incl_pension",
            "now",
            own + permanent[retired],
            staff[key],
            "share",
        )
        add("turnover_series", key, PERIOD, "own_request", own, staff[key], "rate")
        add("headcount", key, "total", "total", staff[key], staff[key], "persons")
        if total >= gone[key]:
            add("outcome", key, BEFORE, "observed", total - gone[key], staff[key], "persons")
    return facts(rows)


def protected(every: pd.DataFrame) -> pd.DataFrame:
    reported = sorted(set(every["department"]) - {ORGANISATION})
    return protect(every, plan=shipped_plan(), thresholds=LIMITS, reported=reported, period=PERIOD)


def rendered(cells: pd.DataFrame, folder: Path) -> Path:
    """The cells as pages print them, one per department."""
    pages = {}
    for key, mine in cells.groupby("department", sort=True):
        rows: list[Row] = []
        for line in mine.to_dict("records"):
            name = "/".join(str(line[part]) for part in ("table", "department", "row", "column", "layer") if line[part])
            text = None
            if line["status"] in ("published", "zero"):
                per_cent = line["unit"] in ("share", "rate")
                text = f"{100 * line['value']:.1f} %" if per_cent else f"{line['value']:.0f}"
            rows.append((f"{line['table']} {line['row']}", {name: text}))
        pages[str(key)] = figure(rows)
    return write(folder, **pages)


def reasons(cells: pd.DataFrame) -> dict[tuple[str, str, str, str, str], str]:
    """Why each withheld figure is withheld."""
    silent = cells[cells["status"] == "withheld"]
    keys = silent[["table", "department", "row", "column", "layer"]].itertuples(index=False, name=None)
    return dict(zip(keys, silent["reason"], strict=True))
