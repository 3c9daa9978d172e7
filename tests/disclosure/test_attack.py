"""Counts too small to be shown do not follow from several tables of one edition together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.disclosure.primary import primary
from analysis.disclosure.protect import cells_of, protect
from analysis.reference import ladders
from analysis.sections import shipped_plan
from analysis.sections.need.skill_gap import now_facts
from analysis.sections.need.within import within_facts
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION
from tests.disclosure.attack import give_away
from tests.disclosure.test_skill_gap import LIMITS, headcount, now, qualified

People = dict[tuple[str, str], list[int]]
"""Persons not assessed and on each step of the ladder, by department and occupation."""


def on_ladder(people: People, model: str, wanted: dict[str, int]) -> pd.DataFrame:
    """Facts of headcount, ladder and skill gap of the same people."""
    rows = [
        (*pair, model, wanted[pair[1]], sum(levels[wanted[pair[1]] :]), sum(levels[1 : wanted[pair[1]]]), levels[0])
        for pair, levels in people.items()
        if sum(levels)
    ]
    table = now(rows)
    steps = []
    for where in (ORGANISATION, *sorted({key for key, _ in people})):
        levels = np.sum([levels for (key, _), levels in people.items() if where in (key, ORGANISATION)], axis=0)
        steps += [(where, str(step), float(count), float(levels.sum())) for step, count in enumerate(levels) if step]
    counts = pd.DataFrame(steps, columns=["department", "row", "value", "denominator"])
    counts = counts.assign(table="ladder", column=model, n=counts["value"], numerator=counts["value"], unit="persons")
    return facts(pd.concat([headcount(table), facts(counts), now_facts(table, ladders())], ignore_index=True))


def shielded(every: pd.DataFrame) -> pd.DataFrame:
    reported = sorted(set(every["department"]) - {ORGANISATION})
    return protect(every, plan=shipped_plan(), thresholds=LIMITS, reported=reported, period="2025-12")


def bare(every: pd.DataFrame) -> pd.DataFrame:
    """Cells that each table's own counts protect, and nothing else."""
    plan = shipped_plan()
    reason = pd.concat([primary(part, plan[str(name)], LIMITS) for name, part in every.groupby("table")])
    return cells_of(
        every.assign(table=every["table"].map(plan.released)),
        reason.sort_index(),
        pd.Series("medium", index=every.index),
    )


IT = on_ladder({("d1", "it_specialist"): [2, 16, 20, 11, 6, 8, 31]}, "it_ladder", {"it_specialist": 4})


def test_two_who_are_not_assessed_are_not_the_staff_less_the_steps() -> None:
    assert give_away(bare(IT), IT, LIMITS) == [
        f"{where}: 2 {rest}"
        for rest in ("on step 0 of it_ladder", "not assessed, it_ladder:4:it_specialist")
        for where in ("all", "d1")
    ]
    found = shielded(IT)
    assert give_away(found, IT, LIMITS) == []
    # one step goes, on both pages, and the rest of the ladder stays
    steps = found[found["table"] == "ladder"]
    assert (steps["status"] == "withheld").groupby(steps["department"]).sum().to_dict() == {"all": 1, "d1": 1}


def test_the_ladder_is_guarded_without_any_requirement_too() -> None:
    every = IT[IT["table"].isin(["headcount", "ladder"])].reset_index(drop=True)
    # without a row of the skill gap nobody says how many are assessed, but the staff less the steps does
    assert give_away(bare(every), every, LIMITS) != []
    assert give_away(shielded(every), every, LIMITS) == []


def test_a_small_step_is_not_the_difference_of_two_requirements_or_of_the_assessed_and_the_other_steps() -> None:
    people = {
        ("d1", "social_worker"): [5, 13, 25, 23, 14, 3, 25],
        ("d2", "social_worker"): [6, 13, 14, 18, 14, 9, 17],
        ("d3", "social_worker"): [8, 11, 12, 10, 16, 8, 22],
    }
    every = on_ladder(people, "social_ladder", {"social_worker": 5})
    assert "d1: 3 on step 5 of social_ladder" in give_away(bare(every), every, LIMITS)
    found = shielded(every)
    assert give_away(found, every, LIMITS) == []
    assert (found.loc[found["table"] == "ladder", "status"] == "published").mean() > 0.5


LEVELS = st.lists(st.integers(0, 14), min_size=7, max_size=7)


@given(
    st.lists(st.tuples(LEVELS, LEVELS), min_size=1, max_size=3), st.integers(2, 6), st.integers(2, 6),
)  # fmt: skip
@example([([2, 16, 20, 11, 6, 8, 31], [0] * 7), ([9, 16, 20, 11, 6, 8, 31], [0] * 7)], 4, 4)
# twelve assessors on step 6 and fifteen in all put all three social workers there, so that one is left on step 1
@example([([0, 0, 0, 0, 0, 0, 3], [0, 1, 7, 0, 0, 0, 12]), ([0] * 7, [0] * 7)], 2, 3)
@example(
    [
        ([0, 2, 8, 0, 9, 0, 12], [0, 4, 2, 10, 5, 2, 10]), ([0, 5, 0, 5, 5, 3, 0], [13, 0, 9, 0, 0, 10, 7]),
        ([6, 1, 9, 14, 10, 8, 0], [6, 7, 0, 0, 10, 7, 0]), ([0] * 7, [12, 9, 1, 1, 0, 9, 9]),
    ], 5, 3,
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_nobody_on_a_ladder_is_found_from_all_tables_together(
    counts: list[tuple[list[int], list[int]]], one: int, other: int
) -> None:
    names = ("social_worker", "needs_assessor")
    people = {
        (f"d{place}", name): levels
        for place, row in enumerate(counts)
        for name, levels in zip(names, row, strict=True)
        if sum(levels)
    }
    if people:
        every = on_ladder(people, "social_ladder", dict(zip(names, (one, other), strict=True)))
        assert give_away(shielded(every), every, LIMITS) == []


def licensed(counts: dict[str, dict[str, tuple[int, int]]]) -> pd.DataFrame:
    """Facts of headcount, licences and those without one, who are all in full-time posts."""
    table = now([(key, name, "qualified", 0, *pair, 0) for key, row in counts.items() for name, pair in row.items()])
    share = qualified(table)
    lack = {key: sum(pair[1] for pair in row.values()) for key, row in counts.items()}
    lack = {ORGANISATION: sum(lack.values())} | lack
    beside = pd.DataFrame(
        [(key, year, float(count)) for key, count in lack.items() for year in (2025, 2030)],
        columns=["department", "year", "persons"],
    )
    beside = beside.assign(
        occupation="total", part="of_unqualified", n=100.0, expected=beside["persons"], p10=0.0, p90=90.0
    )
    return facts(pd.concat([headcount(table), share, now_facts(table, ()), within_facts(beside)], ignore_index=True))


def test_few_without_a_licence_are_not_found_from_those_in_post_without_one() -> None:
    # beside d1 the share of d2 goes, where fewest have a licence, and the number of d3, where fewest are without
    every = licensed(
        {
            "d1": {"teacher_lower": (60, 3), "teacher_upper": (30, 0)},
            "d2": {"teacher_lower": (20, 8), "teacher_upper": (20, 12)},
            "d3": {"teacher_lower": (50, 3), "teacher_upper": (30, 3)},
        }
    )
    assert give_away(bare(every), every, LIMITS) != []
    found = shielded(every)
    assert give_away(found, every, LIMITS) == []
    rows = found[found["table"].isin(["qualified", "within"])]
    shown = rows.pivot_table(index=["department", "column"], columns="table", values="status", aggfunc="first")
    assert (shown["qualified"].xs("total", level="column") == "published").to_dict() == {
        "all": True, "d1": False, "d2": False, "d3": True,
    }  # fmt: skip
    # what the share does not say of d2 its number does not say either, nor does the horizon
    for column in ("now", "horizon"):
        assert shown["within"]["d2", column] == shown["within"]["d1", column] == "withheld"


@pytest.mark.parametrize("counts", [{"d1": (0, 2, 1), "d2": (0, 4, 3)}, {"d1": (0, 0, 1)}, {"d1": (1, 6, 0)}])
def test_bands_are_shown_all_or_none(counts: dict[str, tuple[int, ...]]) -> None:
    every = dict(counts) | {"d8": (4, 5, 6), "d9": (7, 8, 3)}
    every[ORGANISATION] = tuple(np.sum(list(every.values()), axis=0))
    rows = [
        {
            "table": "span", "department": key, "row": row, "value": count, "n": sum(bands), "numerator": count,
            "denominator": sum(bands), "unit": "posts",
        }
        for key, bands in every.items()
        for row, count in zip(("u15", "15_30", "over_30"), bands, strict=True)
    ]  # fmt: skip
    mean = [
        {
            "table": "staff_per_manager", "department": key, "row": "total", "value": 24.0, "n": sum(bands),
            "numerator": sum(bands), "denominator": sum(bands), "unit": "ratio",
        }
        for key, bands in every.items()
    ]  # fmt: skip
    table = facts([*rows, *mean])
    found = shielded(table)
    assert give_away(found, table, LIMITS) == []
    bands = found[found["table"] == "span"]
    withheld = (bands["status"] == "withheld").groupby(bands["department"]).sum()
    assert set(withheld) <= {0, 3}
    assert withheld["d1"] == 3
    assert (withheld == 0).any()
