"""Cases that others have published, where tables that are each safe give away a count together.

The first is sdcTable's: github.com/sdcTools/UserSupport issue 136 (Langsrud 2020), «protectLinkedTables can be unsafe».
Eight regions belong to two counties and to two groups; counts below four are withheld. Each table hides two or three
regions of every sum, and both together leave region K no choice.
"""

from __future__ import annotations

import dataclasses
import re
from itertools import product
from pathlib import Path

import pandas as pd

from analysis.disclosure.plan import PublishingPlan, plan_of
from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, SHOWN

REGIONS = {"a": 2, "b": 2, "i": 8, "j": 8, "k": 3, "l": 3, "m": 3, "n": 7}
COUNTIES = {"county_1": "abij", "county_2": "klmn"}
GROUPS = {"big": "lm", "small": "abijkn"}
LEAST = 4
LIMITS = dataclasses.replace(Thresholds.of(policy(), "internal"), low=LEAST)
SUMS = {name: tuple(members) for name, members in (COUNTIES | GROUPS).items()}


def the_plan(*linked: dict[str, str]) -> PublishingPlan:
    sums = [(name, *members) for each in linked for name, members in each.items()]
    sums += [("whole", *each) for each in linked]
    table = {
        "id": "regions", "sensitivity": "low", "rule": "count", "lines": ("rows",), "zeros": "shown", "sums": sums,
    }  # fmt: skip
    return plan_of([table])


def withheld(plan: PublishingPlan) -> set[str]:
    """Regions and sums that are withheld."""
    counts = REGIONS | {name: sum(REGIONS[each] for each in members) for name, members in SUMS.items()}
    counts |= {"whole": sum(REGIONS.values())}
    wanted = {row for each in plan["regions"].sums for row in each} | set(REGIONS)
    every = facts(
        {
            "table": "regions", "department": ORGANISATION, "row": row, "value": float(count), "n": float(count),
            "numerator": float(count), "denominator": float(count), "unit": "persons",
        }
        for row, count in counts.items()
        if row in wanted
    )  # fmt: skip
    cells = protect(every, plan=plan, thresholds=LIMITS, reported=[], period="2025-12")
    return set(cells.loc[~cells["status"].isin(SHOWN), "row"])


def possible(hidden: set[str]) -> dict[str, set[int]]:
    """What each withheld region may be, by trying every count from one to nine: a nought would have been shown."""
    unknown = sorted(hidden & set(REGIONS))
    found: dict[str, set[int]] = {row: set() for row in unknown}
    known = [(members, sum(REGIONS[each] for each in members)) for name, members in SUMS.items() if name not in hidden]
    for tried in product(range(1, 10), repeat=len(unknown)):
        counts = REGIONS | dict(zip(unknown, tried, strict=True))
        if all(sum(counts[each] for each in members) == total for members, total in known):
            for row, count in zip(unknown, tried, strict=True):
                found[row].add(count)
    return found


def test_table_by_table_leaves_no_choice() -> None:
    # each table by itself is content with the five small regions
    by_table = withheld(the_plan(COUNTIES)) | withheld(the_plan(GROUPS))
    few = {row for row, count in REGIONS.items() if count < LEAST}
    assert possible(few)["k"] == {3}
    assert few <= by_table


def test_as_one_problem_every_small_region_keeps_its_range() -> None:
    hidden = withheld(the_plan(COUNTIES, GROUPS))
    for row, counts in possible(hidden).items():
        if REGIONS[row] < LEAST:
            assert set(range(1, LEAST)) <= counts, row
    assert pd.Series(sorted(hidden)).isin([*REGIONS, *SUMS]).all()
    assert "whole" not in hidden


ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_way_that_was_found_names_tests_that_exist() -> None:
    rows = [line for line in (ROOT / "docs/attacks.md").read_text("utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 8
    for row in rows:
        named = NAMED.findall(row)
        assert named, row[:60]
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), test
