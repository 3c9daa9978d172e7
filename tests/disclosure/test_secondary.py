"""What cannot be found by subtraction within a table."""

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.disclosure.primary import primary
from analysis.disclosure.protect import protect
from analysis.disclosure.secondary import lines, secondary
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import CAUSES, policy
from analysis.sections import shipped_plan
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

LIMITS = Thresholds.of(policy(), "internal")
EXITS = shipped_plan()["exits"]


def exits(counts: list[list[int]]) -> pd.DataFrame:
    """Facts of leavers by cause: a row of counts per department, totals added."""
    table = np.array(counts)
    named = {f"d{place:02d}": row for place, row in enumerate(table)} | {ORGANISATION: table.sum(axis=0)}
    return facts(
        {
            "table": "exits", "department": department, "row": row, "value": value, "n": value,
            "numerator": value, "denominator": sum(values), "unit": "persons",
        }
        for department, values in named.items()
        for row, value in [*zip(CAUSES, values, strict=False), ("total", sum(values))]
    )  # fmt: skip


def test_one_small_cause_takes_the_next_smallest_with_it() -> None:
    table = exits([[30, 12, 2, 8, 9, 7]])
    table = table[table["department"] == "d00"].reset_index(drop=True)
    own = primary(table, EXITS, LIMITS)
    assert own.tolist() == ["", "", "few_persons", "", "", "", ""]
    both = secondary(table, own, EXITS, LIMITS.medium)
    assert both.tolist() == ["", "", "few_persons", "", "", "secondary", ""]


def test_two_small_causes_that_hold_too_few_together_take_a_third() -> None:
    table = exits([[30, 12, 1, 2, 9, 7]])
    table = table[table["department"] == "d00"].reset_index(drop=True)
    both = secondary(table, primary(table, EXITS, LIMITS), EXITS, LIMITS.medium)
    assert both.tolist() == ["", "", "few_persons", "few_persons", "", "secondary", ""]


@settings(max_examples=150, deadline=None)
@given(
    st.integers(2, 6).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 14), min_size=len(CAUSES), max_size=len(CAUSES)), min_size=size, max_size=size
        )
    ),
    st.integers(0, 2),
)
def test_no_line_of_a_shown_total_hides_exactly_one_figure(counts: list[list[int]], unreported: int) -> None:
    table = exits(counts)
    own = primary(table, EXITS, LIMITS)
    hidden = table["department"].isin([f"d{place:02d}" for place in range(unreported)])
    own = own.mask((own == "") & hidden, "few_persons")
    state = secondary(table, own, EXITS, LIMITS.medium)
    assert (state[own != ""] != "").all(), "a primary suppression was lifted"
    for parts, total in lines(table, EXITS):
        if len(total) and state[total[0]] != "":
            continue
        members = [i for i in parts if state[i] != ""]
        assert len(members) != 1, "a withheld figure equals the total minus what is shown"
        shown = [i for i in parts if state[i] == "" and table["numerator"][i] > 0]
        if members and shown:
            assert table["numerator"][members].sum() >= LIMITS.medium


def found_by_solving(table: pd.DataFrame, state: pd.Series) -> list[int]:
    """Withheld figures that follow from all row and department sums together, by an attacker who solves equations."""
    unknown = [i for i in table.index if state[i] != ""]
    equations = []
    for keys, whole in ((["department"], "total"), (["row"], ORGANISATION)):
        axis = "row" if keys == ["department"] else "department"
        for _, part in table.groupby(keys):
            signs = np.where(part[axis] == whole, -1.0, 1.0)
            row = dict(zip(part.index, signs, strict=True))
            equations.append([row.get(i, 0.0) for i in unknown])
    _, values, right = np.linalg.svd(np.array(equations), full_matrices=True)
    free = right[(values > 1e-9).sum() :]
    return [i for place, i in enumerate(unknown) if np.abs(free[:, place]).max(initial=0.0) < 1e-9]


@settings(max_examples=80, deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 25), min_size=len(CAUSES), max_size=len(CAUSES)), min_size=size, max_size=size
        )
    )
)
@example([[60, 30, 20, 3, 12, 9], [40, 6, 20, 0, 10, 51]])
def test_nothing_withheld_follows_from_all_sums_together(counts: list[list[int]]) -> None:
    table = exits(counts)
    state = secondary(table, primary(table, EXITS, LIMITS), EXITS, LIMITS.medium)
    shown_parts = [
        i for i in table.index if state[i] == "" and table["row"][i] != "total" and table["numerator"][i] > 0
    ]
    found = [i for i in found_by_solving(table, state) if table["row"][i] != "total" and table["numerator"][i] > 0]
    assert not (found and shown_parts), table.loc[found]


def test_those_without_the_attribute_are_not_found_by_subtraction_either() -> None:
    shares = {"d01": (38, 40), "d02": (29, 30), "d03": (50, 80), "d04": (60, 90), ORGANISATION: (177, 240)}
    table = facts(
        {
            "table": "full_time", "department": key, "row": "total", "value": part / of, "n": of, "numerator": part,
            "denominator": of, "unit": "share",
        }
        for key, (part, of) in shares.items()
    )  # fmt: skip
    cells = protect(table, plan=shipped_plan(), thresholds=LIMITS, reported=["d01", "d02", "d03", "d04"]).set_index(
        "department"
    )
    withheld = [key for key in shares if key != ORGANISATION and cells.loc[key, "status"] == "withheld"]
    if cells.loc[ORGANISATION, "status"] == "published":
        assert sum(shares[key][1] - shares[key][0] for key in withheld) >= LIMITS.medium


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), st.lists(st.integers(0, 60), min_size=3, max_size=3))
def test_an_age_band_is_never_the_only_one_withheld(first: list[int], second: list[int]) -> None:
    bands = ("u35", "35_54", "55_plus")
    rows = []
    for department, counts in {"d01": first, "d02": second, ORGANISATION: np.add(first, second)}.items():
        of = int(sum(counts))
        rows += [
            {
                "table": "age", "department": department, "row": band, "value": count / of if of else np.nan,
                "n": of, "numerator": count, "denominator": of, "unit": "share",
            }
            for band, count in zip(bands, counts, strict=True)
        ]  # fmt: skip
    cells = protect(facts(rows), plan=shipped_plan(), thresholds=LIMITS, reported=["d01", "d02"])
    for _, part in cells.groupby("department"):
        withheld = part["status"] == "withheld"
        holding = [bool(w) for w, row in zip(withheld, part["row"], strict=True) if row]
        assert sum(holding) != 1 or len(part) < 3 or _others_are_everything(part)


def _others_are_everything(part: pd.DataFrame) -> bool:
    """The one withheld band is empty, so there is nobody in it to protect."""
    return bool(np.isclose(part.loc[part["status"] == "published", "value"].sum(), 1.0))


def test_departments_without_a_report_are_not_released_and_cannot_be_computed() -> None:
    counts = [[40, 10, 8, 6, 7, 9], [35, 12, 9, 7, 8, 6], [2, 1, 0, 0, 1, 0]]
    cells = protect(exits(counts), plan=shipped_plan(), thresholds=LIMITS, reported=["d00", "d01"])
    assert set(cells["department"]) == {"d00", "d01", ORGANISATION}
    total = cells[(cells["row"] == "total")].set_index("department")
    shown = total["status"] == "published"
    assert not shown.all(), "the small department is the whole minus the others"


def test_a_table_outside_the_plan_does_not_leave() -> None:
    import pytest

    table = exits([[30, 12, 6, 8, 9, 7]]).assign(table="salaries")
    with pytest.raises(ValueError, match="salaries"):
        protect(table, plan=shipped_plan(), thresholds=LIMITS, reported=["d00"])


def test_withheld_cells_hold_no_number_at_all() -> None:
    cells = protect(
        exits([[30, 12, 2, 8, 9, 7], [20, 10, 9, 8, 7, 6]]),
        plan=shipped_plan(),
        thresholds=LIMITS,
        reported=["d00", "d01"],
    )
    silent = cells[cells["status"].isin(["withheld", "missing"])]
    assert len(silent) > 0
    assert silent[["value", "low", "high", "n"]].isna().all(axis=None)
