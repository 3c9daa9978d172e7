"""Days to fill: known answers of the product-limit estimate, adverts that are still open, and what pages say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.plan import plan_of
from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.publishing.objects.stock import Note, Table
from analysis.reference import policy
from analysis.sections.need.recruiting import rate_facts, recruiting_facts, section
from analysis.workforce.indicators.filling import quantile
from tests.publishing import fixture
from tests.publishing.showing import show

MIN_FILLED = 5
AT = pd.Timestamp("2025-12-31")


def adverts(*rows: tuple[str, str, str | None], reason: str | None = None) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["occupation", "opened", "closed"]).assign(
        department="d1", posts=1.0, applicants=1
    )
    table[["opened", "closed"]] = table[["opened", "closed"]].apply(pd.to_datetime)
    return table if reason is None else table.assign(end_reason=reason)


def days(made: pd.DataFrame, row: str = "total", department: str = "d1") -> pd.Series:
    return made[(made["row"] == row) & (made["department"] == department)].set_index("column")["value"]


class TestQuantile:
    def ask(self, days: list[int], filled: list[bool], since: list[int], share: float = 0.5) -> float:
        return quantile(np.array(days), np.array(filled), np.array(since), share)

    def test_all_filled_is_the_median(self):
        assert self.ask([10, 20, 30, 40, 50], [True] * 5, [0] * 5) == 30

    def test_one_still_open_moves_the_median_up(self):
        assert self.ask([10, 20, 30, 40, 50], [True, True, False, True, True], [0] * 5) == 40  # 4/5 · 3/4 · 1/2 = 0.3

    def test_an_advert_from_before_the_window_counts_only_while_it_is_observed(self):
        # 100 days old when the window began: it is no evidence about the first hundred days
        assert self.ask([10, 20, 30, 120], [True] * 4, [0, 0, 0, 100]) == 20

    def test_where_too_few_are_filled_there_is_no_answer(self):
        assert np.isnan(self.ask([10, 20, 30], [True, False, False], [0] * 3))

    def test_filled_on_the_first_day(self):
        assert self.ask([0, 0, 5], [True] * 3, [0] * 3) == 0


def test_a_withdrawn_advert_is_not_filled() -> None:
    rows = [("nurse", "2025-03-01", "2025-03-31")] * 6
    assert days(recruiting_facts(adverts(*rows), AT, min_filled=MIN_FILLED))["filled"] == 6
    assert days(recruiting_facts(adverts(*rows, reason="withdrawn"), AT, min_filled=MIN_FILLED))["filled"] == 0


def test_adverts_closed_before_the_window_or_opened_after_the_cut_off_do_not_count() -> None:
    rows = [("nurse", "2024-01-01", "2024-12-31"), ("nurse", "2026-01-01", None), ("nurse", "2025-06-01", "2025-07-01")]
    assert days(recruiting_facts(adverts(*rows), AT, min_filled=MIN_FILLED))["filled"] == 1


def test_a_quantile_needs_five_filled_adverts() -> None:
    rows = [("nurse", "2025-03-01", "2025-03-31")] * MIN_FILLED
    assert days(recruiting_facts(adverts(*rows), AT, min_filled=MIN_FILLED))["median"] == 30
    assert "median" not in days(recruiting_facts(adverts(*rows[1:]), AT, min_filled=MIN_FILLED))


def test_occupations_and_the_whole_organisation_have_rows() -> None:
    rows = [("nurse", "2025-03-01", "2025-03-31")] * 5 + [("cook", "2025-03-01", "2025-03-11")] * 5
    made = recruiting_facts(adverts(*rows), AT, min_filled=MIN_FILLED)
    assert days(made, "nurse")["median"] == 30
    assert days(made, "cook")["p90"] == 10
    assert days(made, department="all")["filled"] == 10


def test_open_posts_withdrawn_adverts_and_applicants_stand_beside_the_days() -> None:
    filled = adverts(*[("nurse", "2025-03-01", "2025-03-31")] * 6).assign(end_reason="filled", applicants=4, posts=2.0)
    gone = adverts(*[("nurse", "2025-03-01", "2025-04-30")] * 2).assign(end_reason="withdrawn", applicants=0)
    still = adverts(*[("nurse", "2025-11-01", None)] * 3).assign(end_reason=None, posts=0.5)
    found = days(
        recruiting_facts(pd.concat([filled, gone, still], ignore_index=True), AT, min_filled=MIN_FILLED), "nurse"
    )
    assert found["open"] == 1.5
    assert found["withdrawn"] == pytest.approx(2 / 8)
    assert found["applicants"] == pytest.approx(24 / 14)  # applicants of adverts that have ended, per post
    assert found["filled"] == 6


def test_months_until_half_a_gap_is_filled_are_those_of_the_whole_organisation() -> None:
    rates = pd.DataFrame(
        {"occupation": ["nurse", "cook"], "fill": [0.2, 0.0], "withdraw": 0.0, "halve_months": [3.1, None],
         "exposure": [148.0, 2.0], "window": 60}
    )  # fmt: skip
    made = rate_facts(rates)
    assert made[["department", "row", "value"]].to_numpy().tolist() == [["all", "nurse", 3.1]]


class TestPage:
    def report(self, *cells: dict, **facts: object):
        return fixture.report(frame=pd.concat([fixture.cells(), pd.DataFrame(list(cells))], ignore_index=True), **facts)

    def cell(self, row: str, column: str, value: float, **rest: object) -> dict:
        return fixture.cell("recruiting", row, column, value, unit="posts" if column == "filled" else "days", **rest)

    def test_the_slowest_stands_first_and_all_together_last(self):
        cells = [
            self.cell(row, column, value)
            for row, value in (("preschool_teacher", 30.0), ("total", 45.0), ("childcare_worker", 60.0))
            for column in ("median", "p90", "filled")
        ]
        shown = show("recruiting", self.report(*cells))
        assert isinstance(shown, Table)
        assert [row.cells[1].row for row in shown.rows] == ["childcare_worker", "preschool_teacher", "total"]

    def test_without_a_figure_it_is_one_quiet_line_and_without_adverts_nothing(self):
        shown = show("recruiting", fixture.report(facts={"has": {"vacancies": True}}))
        assert isinstance(shown, Note)
        assert show("recruiting", fixture.report(facts={"has": {}})) is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_without_censoring_it_is_the_empirical_quantile(share: float) -> None:
    rng = np.random.default_rng(1)
    days = rng.integers(1, 200, 101)
    found = quantile(days, np.ones(101, dtype=bool), np.zeros(101), share)
    assert found == np.sort(days)[int(np.ceil(share * 101)) - 1]


@pytest.mark.parametrize("profile", ["internal", "public"])
def test_the_number_filled_in_a_small_occupation_does_not_follow_from_the_others(profile: str) -> None:
    rows = [("nurse", "2025-03-01", "2025-03-31")] * 20 + [("cook", "2025-03-01", "2025-03-31")]
    rows += [("porter", "2025-04-01", "2025-05-01")] * 9
    other = adverts(*rows[:20]).assign(department="d2")
    made = recruiting_facts(pd.concat([adverts(*rows), other], ignore_index=True), AT, min_filled=MIN_FILLED)
    plan, limits = plan_of(section.publishes), Thresholds.of(policy(), profile)
    cells = protect(made, plan=plan, thresholds=limits, reported=["d1", "d2"])
    cells = cells.set_index(["department", "row", "column"]).sort_index()
    shown = cells["status"].isin(["published", "zero"])
    # one cook: nurses and porters and their sum cannot all be shown
    assert not shown["d1", "cook", "filled"]
    assert not all(shown["d1", row, "filled"] for row in ("nurse", "porter", "total"))
    # what is made of a withheld number carries it
    for key in cells.index[~shown & (cells.index.get_level_values("column") == "filled")]:
        assert not shown.xs(key[:2]).any(), key
    assert shown["d2", "nurse", "median"]
