"""What of the skill gap may be shown beside the other tables about the same persons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.sections.need.skill_gap import ahead_facts, now_facts, row_key
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

LIMITS = Thresholds.of(policy(), "internal")
TEACHERS = ("teacher_lower", "teacher_upper", "special_teacher")
SOCIAL = ("social_worker", "needs_assessor")
LADDERS = ("social_ladder",)
SUMS = ["needed", "held", "unclear", "missing", "assessed", "staff"]

Counts = dict[tuple[str, str], tuple[int, int]]
"""Persons with and without, by department and occupation."""


def now(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Table ``skill_now`` from (department, occupation, model, step, held, lacking, unassessed)."""
    columns = ["department", "occupation", "model", "step", "held", "lacking", "unassessed"]
    table = pd.DataFrame(rows, columns=columns)
    table["assessed"] = table["held"] + table["lacking"]
    table["staff"] = table["assessed"] + table["unassessed"]
    table["needed"] = 0.6 * table["staff"]
    table["unclear"] = np.minimum((table["needed"] - table["held"]).clip(lower=0), table["unassessed"])
    table["missing"] = (table["needed"] - table["held"]).clip(lower=0) - table["unclear"]
    keys = ["occupation", "model", "step"]
    whole = table.groupby(keys, as_index=False)[SUMS].sum().assign(department=ORGANISATION)
    return pd.concat([whole, table], ignore_index=True).drop(columns=["lacking", "unassessed"])


def headcount(table: pd.DataFrame) -> pd.DataFrame:
    """Facts of the number of persons by occupation, as the table ``headcount`` has them."""
    heads = table.drop_duplicates(["department", "occupation"])
    total = heads.groupby("department", as_index=False)["staff"].sum().assign(occupation="total")
    rows = pd.concat([heads[["department", "occupation", "staff"]], total], ignore_index=True)
    return facts(
        rows.assign(table="headcount", row=rows["occupation"], value=rows["staff"], n=rows["staff"],
                    numerator=rows["staff"], denominator=rows["staff"], unit="persons")
    )  # fmt: skip


def qualified(table: pd.DataFrame) -> pd.DataFrame:
    """Facts of the share qualified in each department."""
    sums = table.groupby("department", as_index=False)[["held", "staff"]].sum()
    return facts(
        sums.assign(table="qualified", row="total", value=sums["held"] / sums["staff"], n=sums["staff"],
                    numerator=sums["held"], denominator=sums["staff"], unit="share")
    )  # fmt: skip


def ladder(steps: dict[tuple[str, str], list[int]]) -> pd.DataFrame:
    """Facts of persons by step, occupations of the ladder together."""
    rows = []
    for where in (ORGANISATION, *sorted({key for key, _ in steps})):
        mine = [counts for (key, _), counts in steps.items() if where in (key, ORGANISATION)]
        for step, count in enumerate(np.sum(mine, axis=0), start=1):
            rows.append((where, str(step), float(count), float(np.sum(mine))))
    table = pd.DataFrame(rows, columns=["department", "row", "value", "denominator"])
    return facts(
        table.assign(table="ladder", column="social_ladder", n=table["value"], numerator=table["value"], unit="persons")
    )


def cells(*parts: pd.DataFrame) -> pd.DataFrame:
    every = facts(pd.concat(parts, ignore_index=True))
    reported = sorted(set(every["department"]) - {ORGANISATION})
    return protect(every, plan=shipped_plan(), thresholds=LIMITS, reported=reported, period="2025-12")


def status(found: pd.DataFrame, department: str, row: str, column: str = "held", layer: str = "now") -> str:
    mine = found[(found["table"] == "skills") & (found["department"] == department) & (found["row"] == row)]
    return mine[(mine["column"] == column) & (mine["layer"] == layer)]["status"].item()


MI = row_key("mi", 0, "social_worker")


def of_mi(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    return now([(key, "social_worker", "mi", 0, *counts) for key, *counts in rows])


def test_a_group_is_shown_when_those_who_have_it_and_those_who_lack_it_are_each_enough():
    table = of_mi(("d1", 20, 12, 6), ("d2", 15, 15, 0), ("d3", 18, 9, 9))
    found = cells(now_facts(table, LADDERS), headcount(table))
    for key in ("d1", "d2", "d3", "all"):
        assert [status(found, key, MI, name) for name in ("needed", "held", "assessed")] == ["published"] * 3
    assert status(found, "d1", MI, "missing") in ("published", "zero")


@pytest.mark.parametrize("few", [(3, 20, 4), (20, 3, 4), (0, 20, 4), (8, 7, 0)])
def test_a_small_group_is_withheld_whole_and_so_is_another_beside_it(few):
    # the last one has fifteen persons in all: below the limit of forecasts, which holds for every row
    table = of_mi(("d1", *few), ("d2", 15, 15, 0), ("d3", 18, 9, 9))
    found = cells(now_facts(table, LADDERS), headcount(table))
    assert [status(found, "d1", MI, name) for name in ("held", "unclear", "missing")] == ["withheld"] * 3
    beside = sorted(status(found, key, MI) for key in ("d2", "d3"))
    # one other is enough: beside it the small one may be nobody or several
    assert beside == ["published", "withheld"]
    assert found.loc[found["status"] == "withheld", ["value", "low", "high", "n"]].isna().all(axis=None)


def test_groups_that_are_all_too_small_are_withheld_without_anything_to_hold_them_against():
    table = of_mi(("d1", 2, 10, 8), ("d2", 2, 19, 0))
    found = cells(now_facts(table, LADDERS))
    assert {status(found, key, MI) for key in ("d1", "d2", "all")} == {"withheld"}


def test_few_not_assessed_are_not_given_away_by_what_is_missing():
    table = of_mi(("d1", 10, 20, 2), ("d2", 15, 15, 6), ("d3", 18, 9, 9))
    found = cells(now_facts(table, LADDERS), headcount(table))
    assert status(found, "d1", MI) == "published"
    assert [status(found, "d1", MI, name) for name in ("assessed", "unclear", "missing")] == ["withheld"] * 3


def test_all_licensed_is_no_secret_and_all_above_a_step_is_one():
    rows = [
        (key, "social_worker", "social_ladder", 2, *counts) for key, *counts in (("d1", 30, 0, 0), ("d2", 20, 20, 0))
    ]
    rows += [(key, "teacher_lower", "qualified", 0, *counts) for key, *counts in (("d1", 30, 0, 0), ("d2", 20, 20, 0))]
    table = now(rows)
    found = cells(now_facts(table, LADDERS), headcount(table))
    assert status(found, "d1", row_key("qualified", 0, "teacher_lower")) == "published"
    assert status(found, "d1", row_key("social_ladder", 2, "social_worker")) == "withheld"


def test_the_horizon_is_shown_only_where_today_is():
    table = of_mi(("d1", 3, 20, 4), ("d2", 15, 15, 0), ("d3", 18, 9, 9))
    ahead = table.assign(year=2030, low=1.0, high=30.0, missing_low=0.0, missing_high=9.0, n=table["staff"])
    found = cells(now_facts(table, LADDERS), ahead_facts(ahead, table, LADDERS, year=2030), headcount(table))
    for key in ("d1", "d2", "d3", "all"):
        assert status(found, key, MI, "held", "2030") == status(found, key, MI)
    assert {status(found, key, MI) for key in ("d1", "d2")} == {"withheld"}


def test_a_row_is_not_shown_where_the_number_of_that_occupation_is_not():
    table = of_mi(("d1", 20, 12, 0), ("d2", 15, 15, 0), ("d3", 18, 9, 9))
    heads = headcount(table)
    # two nurses make the social workers of d1 the only other figure of a line
    nurse = heads[(heads["department"] == "d1") & (heads["row"] == "social_worker")].assign(
        row="nurse", value=2.0, n=2.0, numerator=2.0, denominator=2.0
    )
    heads.loc[
        (heads["department"] == "d1") & (heads["row"] == "total"), ["value", "n", "numerator", "denominator"]
    ] += 2
    found = cells(now_facts(table, LADDERS), heads, nurse)
    silent = found[(found["table"] == "headcount") & (found["department"] == "d1") & (found["status"] == "withheld")]
    assert {"nurse", "social_worker"} <= set(silent["row"])
    assert [status(found, "d1", MI, name) for name in ("needed", "held", "missing")] == ["withheld"] * 3


# ---- an attacker with a pen: every sum of unknowns that is shown, against every one that is not ----


def follows(secret: np.ndarray, known: list[np.ndarray]) -> bool:
    if not known:
        return not secret.any()
    rows = np.array(known)
    return bool(np.linalg.matrix_rank(np.vstack([rows, secret])) == np.linalg.matrix_rank(rows))


@given(
    st.lists(st.tuples(*[st.tuples(st.integers(0, 30), st.integers(0, 12))] * 3), min_size=2, max_size=3)
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_a_departments_share_of_qualified_never_gives_away_an_occupation_that_is_withheld(counts):
    keys = [f"d{place}" for place in range(len(counts))]
    own = {
        (key, name): pair
        for key, row in zip(keys, counts, strict=True)
        for name, pair in zip(TEACHERS, row, strict=True)
    }
    table = now([(key, name, "qualified", 0, *pair, 0) for (key, name), pair in own.items() if sum(pair)])
    if table.empty:
        return
    found = cells(now_facts(table, LADDERS), headcount(table), qualified(table))
    order = {pair: place for place, pair in enumerate(own)}

    def form(where: str, names: tuple[str, ...], half: int) -> np.ndarray:
        row = np.zeros(2 * len(order))
        for (key, name), place in order.items():
            if name in names and where in (key, ORGANISATION):
                row[2 * place + half] = 1
        return row

    base, shown, hidden = [], [], []
    for (key, name), place in order.items():
        if not sum(own[key, name]):
            base += list(np.eye(2 * len(order))[2 * place : 2 * place + 2])  # nobody is there, as everyone knows
    for line in found[found["table"] == "qualified"].to_dict("records"):
        if line["status"] == "published":
            base += [form(line["department"], TEACHERS, half) for half in (0, 1)]
    heads = found[(found["table"] == "headcount") & (found["row"] != "total") & (found["status"] == "published")]
    for line in heads.to_dict("records"):
        base.append(form(line["department"], (line["row"],), 0) + form(line["department"], (line["row"],), 1))
    rows = found[(found["table"] == "skills") & (found["column"] == "held") & (found["layer"] == "now")]
    for line in rows.to_dict("records"):
        name = line["row"].split(":")[2]
        halves = [form(line["department"], (name,), half) for half in (0, 1)]
        (shown if line["status"] == "published" else hidden).extend(halves)
    for secret in hidden:
        assert follows(secret, base) or not follows(secret, base + shown)


STEPS = st.lists(st.integers(0, 14), min_size=6, max_size=6)


@given(st.lists(st.tuples(STEPS, STEPS), min_size=2, max_size=3), st.integers(2, 6), st.integers(2, 6))
@settings(max_examples=20, deadline=None)
def test_steps_that_the_ladder_withholds_do_not_follow_from_the_skill_gap(counts, one, other):
    keys = [f"d{place}" for place in range(len(counts))]
    own = {
        (key, name): steps
        for key, row in zip(keys, counts, strict=True)
        for name, steps in zip(SOCIAL, row, strict=True)
    }
    own = {pair: steps for pair, steps in own.items() if sum(steps)}
    wanted = {"social_worker": one, "needs_assessor": other}
    rows = [
        (key, name, "social_ladder", wanted[name], sum(steps[wanted[name] - 1 :]), sum(steps[: wanted[name] - 1]), 7)
        for (key, name), steps in own.items()
    ]
    if not rows:
        return
    table = now(rows)
    found = cells(now_facts(table, LADDERS), headcount(table), ladder(own))
    order = {pair: place for place, pair in enumerate(own)}

    def form(where: str, names: tuple[str, ...], low: int, high: int) -> np.ndarray:
        row = np.zeros(6 * len(order))
        for (key, name), place in order.items():
            if name in names and where in (key, ORGANISATION):
                row[6 * place + low - 1 : 6 * place + high] = 1
        return row

    base, shown, hidden = [], [], []
    for line in found[found["table"] == "ladder"].to_dict("records"):
        one_step = form(line["department"], SOCIAL, int(line["row"]), int(line["row"]))
        (base if line["status"] == "published" else hidden).append(one_step)
    skills = found[(found["table"] == "skills") & (found["layer"] == "now")]
    for line in skills.to_dict("records"):
        _, step, name = line["row"].split(":")
        halves = [form(line["department"], (name,), int(step), 6), form(line["department"], (name,), 1, int(step) - 1)]
        if line["column"] == "assessed" and line["status"] == "published":
            base.append(halves[0] + halves[1])
        if line["column"] == "held":
            (shown if line["status"] == "published" else hidden).extend(halves)
    for secret in hidden:
        if secret.any():
            assert follows(secret, base) or not follows(secret, base + shown)


def whole_of(*rows: tuple[str, int, int, int]) -> tuple[pd.DataFrame, set[str]]:
    """What the whole lacks of a competence, and which departments' rows are withheld."""
    table = of_mi(*rows)
    found = cells(now_facts(table, LADDERS), headcount(table))
    mine = found[(found["table"] == "skills") & (found["column"] == "missing") & (found["layer"] == "now")]
    return mine.set_index("department"), set(mine.loc[mine["status"] == "withheld", "department"])


def test_what_the_whole_lacks_is_not_shown_where_withheld_departments_together_lack_another_number():
    # d1 needs 14.4 and has 3, d2 needs 18 and has 25: apart they lack 11.4, together 4.4
    _, silent = whole_of(("d1", 3, 21, 0), ("d2", 25, 5, 0), ("d3", 28, 25, 0), ("d4", 30, 32, 0))
    assert silent == {"d1", "d2", ORGANISATION}


def test_what_the_whole_lacks_is_shown_where_withheld_departments_each_lack_some():
    # d1 lacks 14.4 less 3 and d2 24 less 20: so they do together, as what is shown of the others says
    whole, silent = whole_of(("d1", 3, 21, 0), ("d2", 20, 20, 0), ("d3", 28, 25, 0), ("d4", 30, 32, 0))
    assert silent == {"d1", "d2"}
    assert whole["value"][ORGANISATION] == pytest.approx(11.4 + 4.0 + 3.8 + 7.2)


def test_one_departments_surplus_does_not_hide_what_another_lacks_where_only_the_assessed_are_withheld():
    # d1 has ten places open, of which its two not assessed may fill two; d2 has more than it needs, and five of its own
    # not assessed would fill another five of those ten
    _, silent = whole_of(("d1", 20, 28, 2), ("d2", 30, 8, 5), ("d3", 40, 32, 9))
    assert silent == {"d1", "d2", ORGANISATION}


def test_two_steps_of_one_occupation_do_not_tell_the_few_between_them() -> None:
    def rows(low: int, high: int) -> pd.DataFrame:
        found = []
        for key, more, fewer in (("d1", low, high), ("d2", 30, 15), ("d3", 40, 20)):
            for step, held in ((3, more), (4, fewer)):
                found.append((key, "social_worker", "social_ladder", step, held, 60 - held, 0))
        return now(found)

    keys = [row_key("social_ladder", step, "social_worker") for step in (3, 4)]
    table = rows(28, 14)
    found = cells(now_facts(table, LADDERS), headcount(table))
    assert [status(found, "d1", key) for key in keys] == ["published", "published"]
    table = rows(28, 26)
    found = cells(now_facts(table, LADDERS), headcount(table))
    assert "withheld" in [status(found, "d1", key) for key in keys]


def test_a_row_does_not_tell_the_few_of_another_occupation_that_nothing_is_asked_of() -> None:
    # two of nine special teachers lack a licence, and only the other teachers have a row
    rows = [(key, "teacher_lower", "qualified", 0, 30, 20, 0) for key in ("d1", "d2", "d3")]
    table = now(rows)
    special = now(
        [("d1", "special_teacher", "qualified", 0, 7, 2, 0), ("d2", "special_teacher", "qualified", 0, 9, 8, 0)]
    )
    both = pd.concat([table, special], ignore_index=True)
    found = cells(now_facts(table, LADDERS), headcount(both), qualified(both))
    shown = {key: status(found, key, row_key("qualified", 0, "teacher_lower")) for key in ("d1", "d2", "d3")}
    assert shown["d1"] == "withheld"
    assert "published" in shown.values()
