"""Random sets of linked tables in three editions: by attack and by enumeration, nothing inside the protected range."""

from __future__ import annotations

import dataclasses
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.audit.attack import Former, attack
from analysis.disclosure.editions import Former as FormerCells
from analysis.disclosure.editions import beside_former
from analysis.disclosure.protect import protect
from analysis.reference import CAUSES
from analysis.sections import shipped_plan
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, SHOWN
from tests.audit.linked import LIMITS, PERIOD, corrected, facts_of, municipality, protected, reasons, rendered

THRESHOLDS = dataclasses.asdict(LIMITS)


def three_editions(seed: int, folder: Path) -> None:
    """An edition, the same after a small correction, and the same after another: each attacked, and each pair."""
    people, before = municipality(seed), None
    for edition in range(3):
        every = facts_of(people, seed)
        cells = protected(every)
        if before is not None:
            departments = sorted(people)
            former = FormerCells(before, frozenset(departments), PERIOD)
            cells, _ = beside_former(cells, former, period=PERIOD, departments=departments, thresholds=LIMITS)
            pair = before.merge(cells, on=["table", "department", "row", "column", "layer"])
            shown = pair["status_x"].isin(SHOWN) & pair["status_y"].isin(SHOWN)
            assert not (~pair["status_x"].isin(SHOWN) & pair["status_y"].isin(SHOWN)).any(), seed
            # no more than three rows differ: every figure stands
            assert (pair["value_x"] == pair["value_y"])[shown].all(), seed
        pages = rendered(cells, folder / f"{seed}-{edition}")
        beside = (Former(folder / f"{seed}-{edition - 1}", PERIOD),) if edition else ()
        found = attack(pages, THRESHOLDS, period=PERIOD, reasons=reasons(cells), editions=beside)
        assert found.sentences == [], (seed, edition, found.sentences)
        assert "contradiction" not in found.statuses, (seed, edition)
        before, people = cells, corrected(people, seed + edition)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_found_in_three_editions_of_linked_tables(seed: int, tmp_path: Path) -> None:
    three_editions(seed, tmp_path)


@pytest.mark.large
def test_nothing_is_found_in_two_thousand_sets_of_linked_tables(tmp_path: Path) -> None:
    for seed in range(100, 2100):
        three_editions(seed, tmp_path)


FEW = CAUSES[:3]
"""Causes of the small tables."""


def grid(seed: int) -> np.ndarray:
    """Leavers of two departments by cause: small enough to try every table that could be behind the pages."""
    return np.random.default_rng(seed).poisson(3.0, size=(2, len(FEW)))


def enumerated(cells: pd.DataFrame) -> dict[tuple[str, str], set[int]]:
    """What each withheld count may be: of all tables of whole numbers that agree with what is shown."""
    mine = cells[cells["table"] == "exits"].set_index(["department", "row"])
    value = {key: int(line["value"]) if line["status"] in SHOWN else None for key, line in mine.iterrows()}
    most = max(count for count in value.values() if count is not None)
    options = {}
    for key in ("d0", "d1"):
        axes = [[value[key, row]] if value[key, row] is not None else range(most + 1) for row in FEW]
        total = value[key, "total"]
        options[key] = [row for row in product(*axes) if total is None or sum(row) == total]
    possible: dict[tuple[str, str], set[int]] = {key: set() for key, count in value.items() if count is None}
    by_sum: dict[tuple[int | None, ...], list[tuple[int, ...]]] = {}
    wanted = [value[ORGANISATION, row] for row in FEW]
    for one in options["d0"]:
        rest = tuple(None if whole is None else whole - part for whole, part in zip(wanted, one, strict=True))
        by_sum.setdefault(rest, []).append(one)
    for other in options["d1"]:
        for rest, ones in by_sum.items():
            if all(left is None or left == part for left, part in zip(rest, other, strict=True)):
                for one in ones:
                    for key, counts in (("d0", one), ("d1", other)):
                        for row, count in zip(FEW, counts, strict=True):
                            if (key, row) in possible:
                                possible[key, row].add(count)
    return possible


@pytest.mark.parametrize("seed", range(8))
def test_every_table_that_may_be_behind_the_pages_leaves_the_protected_range(seed: int) -> None:
    counts = grid(seed)
    rows = {"d0": counts[0], "d1": counts[1], ORGANISATION: counts.sum(axis=0)}
    every = facts(
        {
            "table": "exits", "department": key, "row": row, "value": float(count), "n": float(count),
            "numerator": float(count), "denominator": float(line.sum()), "unit": "persons",
        }
        for key, line in rows.items()
        for row, count in [*zip(FEW, line, strict=True), ("total", line.sum())]
    )  # fmt: skip
    cells = protect(every, plan=shipped_plan(), thresholds=LIMITS, reported=["d0", "d1"], period=PERIOD)
    possible = enumerated(cells)
    shown = cells[cells["status"].isin(SHOWN)].set_index(["department", "row"])["value"].to_dict()
    for (key, row), values in possible.items():
        truth = rows[key][FEW.index(row)] if row != "total" else None
        if truth is None or truth >= LIMITS.medium or not values:
            continue
        base = min(shown.get((key, "total"), np.inf), shown.get((ORGANISATION, row), np.inf))
        assert {0, int(min(LIMITS.medium - 1, base))} <= values, (key, row, values)
