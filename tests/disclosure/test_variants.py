"""Variants of one measure do not give small numbers away by their differences."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import definitions, policy
from analysis.sections import shipped_plan
from analysis.tables.facts import facts

LIMITS = Thresholds.of(policy(), "internal")
VARIANTS = ("turnover_own_incl_pension", "turnover_own_excl_pension", "turnover_external")


def variant(name: str, department: str, part: int, of: int) -> dict[str, object]:
    entry = definitions()[name]
    return {
        "table": entry["protected_as"], "department": department, "row": name, "column": "now", "value": part / of,
        "n": of, "numerator": part, "denominator": of, "unit": entry["unit"], "definition": name,
    }  # fmt: skip


def local(department: str, part: int, of: int) -> dict[str, object]:
    return {
        "table": "turnover_series", "department": department, "row": "2025-12", "column": "own_request",
        "value": part / of, "n": of, "numerator": part, "denominator": of, "unit": "rate",
        "definition": "leaving_own_request",
    }  # fmt: skip


def shown(rows: list[dict[str, object]], department: str) -> dict[str, str]:
    cells = protect(facts(rows), plan=shipped_plan(), thresholds=LIMITS, reported=["d1", "d2"], period="2025-12")
    mine = cells[(cells["table"] == "definitions") & (cells["department"] == department)]
    return dict(zip(mine["row"], mine["status"], strict=True))


@pytest.mark.parametrize(("pensions", "status"), [(0, "published"), (1, "withheld"), (4, "withheld"), (5, "published")])
def test_own_request_beside_own_request_with_pension_tells_how_many_retired(pensions: int, status: str) -> None:
    rows = [local("all", 20, 200), variant("turnover_own_incl_pension", "all", 20 + pensions, 200)]
    assert shown(rows, "all") == {"turnover_own_incl_pension": status, "leaving_own_request": "published"}


def test_where_the_local_figure_is_withheld_so_is_every_variant() -> None:
    rows = [local("all", 3, 200), variant("turnover_external", "all", 40, 200)]
    assert shown(rows, "all") == {"turnover_external": "withheld", "leaving_own_request": "withheld"}


def test_without_a_local_figure_the_first_variant_takes_its_place() -> None:
    rows = [variant("turnover_own_incl_pension", "all", 20, 200), variant("turnover_external", "all", 22, 200)]
    assert shown(rows, "all") == {"turnover_own_incl_pension": "published", "turnover_external": "withheld"}


def test_different_days_are_compared_in_a_department_and_not_in_the_whole() -> None:
    def rows(department: str) -> list[dict[str, object]]:
        base = {"column": "total", "row": "total", "table": "full_time", "unit": "share", "definition": "full_time"}
        of = {"department": department, "n": 80, "numerator": 40, "denominator": 80, "value": 0.5}
        return [base | of, variant("n00206", department, 38, 78)]

    assert shown(rows("all"), "all")["n00206"] == "published"
    assert shown(rows("d1"), "d1")["n00206"] == "withheld"


COUNTS = st.integers(min_value=0, max_value=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=2, max_size=2))
def test_no_two_shown_figures_of_a_family_differ_by_one_to_four_persons(counts: list[tuple[int, ...]]) -> None:
    counts = [*counts, tuple(sum(each) for each in zip(*counts, strict=True))]
    rows, said = [], {}
    for department, (own, *others) in zip(("d1", "d2", "all"), counts, strict=True):
        of = 240 if department == "all" else 120
        rows.append(local(department, own, of))
        said[(department, "leaving_own_request")] = own
        for name, count in zip(VARIANTS, others, strict=True):
            rows.append(variant(name, department, count, of))
            said[(department, name)] = count
    cells = protect(facts(rows), plan=shipped_plan(), thresholds=LIMITS, reported=["d1", "d2"], period="2025-12")
    cells = cells[(cells["table"] == "definitions") & (cells["status"] == "published")]
    for department, part in cells.groupby("department"):
        for one, other in combinations(part["row"], 2):
            difference = abs(said[(department, one)] - said[(department, other)])
            assert difference == 0 or difference >= LIMITS.medium


def test_every_variant_is_protected_by_a_declared_table_that_releases_definitions() -> None:
    plan = shipped_plan()
    for entry in definitions().values():
        if entry["protected_as"]:
            assert plan[entry["protected_as"]].published_as == "definitions"
