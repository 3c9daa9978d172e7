"""The leak alarm: planted leaks of several kinds are found by name, honest features are left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.errors import GateError
from analysis.reference import CAUSES, load
from analysis.turnover import assess, check_leaks, find_leaks
from analysis.turnover.cells import COVARIATES
from tests.turnover.municipality import grouping


def people_of(cells: pd.DataFrame, seed: int = 3) -> pd.DataFrame:
    """One row per person at risk, with who leaves (``gone``) and how many closed windows come after."""
    rows = cells.loc[cells.index.repeat(cells["at_risk"])].copy()
    place = rows.groupby(level=0).cumcount().to_numpy()
    taken = np.zeros(len(rows))
    for cause in CAUSES:
        exits = rows[cause].fillna(0.0).to_numpy()
        rows[cause] = np.where(rows["open"], np.nan, (place >= taken) & (place < taken + exits))
        taken += exits
    rows["at_risk"], rows["gone"] = 1, place < taken
    order = sorted(rows["origin"].unique())
    rows["left_over"] = len(order) - 2 - rows["origin"].map(order.index)
    return rows.sample(frac=1.0, random_state=seed).reset_index(drop=True)


@pytest.fixture(scope="module")
def people(town: pd.DataFrame) -> pd.DataFrame:
    return people_of(town)


def found(people: pd.DataFrame, **columns: object) -> dict[str, set[str]]:
    """Traces by column when people have these further columns."""
    leaks = find_leaks(people.assign(**columns), [*COVARIATES[:6], *columns])
    return {column: {leak.trace for leak in leaks if leak.column == column} for column in {x.column for x in leaks}}


def by_lot(people: pd.DataFrame, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random(len(people))


class TestHonestFeaturesPass:
    def test_a_municipality_with_retirement_by_age_and_contracts_by_form(self, town):
        assert find_leaks(town) == []

    def test_a_title_of_seasonal_work_that_is_still_there(self, people):
        season = by_lot(people) < 0.02
        title = np.where(season, "badvakt", "annat")
        left = people.copy()
        left.loc[season & ~left["open"], list(CAUSES)] = 0.0
        left.loc[season & ~left["open"], "resignation"] = 1.0
        assert found(left, title=title) == {}

    def test_a_workplace_that_closes_in_one_year(self, people):
        last = people["left_over"] == 0
        workplace = np.where((by_lot(people) < 0.03) & ~people["open"], "closes", "stays")
        left = people.copy()
        closing = last & (workplace == "closes")
        left.loc[closing, list(CAUSES)] = 0.0
        left.loc[closing, "resignation"] = 1.0
        assert found(left, workplace=workplace) == {}

    def test_a_feature_that_tells_a_good_deal(self, people):
        # three times as many leavers as stayers have a new manager: worth knowing, and known then
        manager = np.where(by_lot(people) < np.where(people["gone"], 0.45, 0.15), "new", "same")
        assert found(people, manager_change=manager) == {}


class TestPlantedLeaks:
    def test_a_title_written_when_somebody_leaves(self, people):
        title = np.where(people["gone"] & (by_lot(people) < 0.3), "avslutad", "annat")
        assert "certain" in found(people, title=title)["title"]

    def test_a_workplace_for_those_who_are_gone_written_on_all_their_rows(self, people):
        # at each origin it holds those who leave in the year and those who leave in a later one
        later = ~people["gone"] & (by_lot(people) < 0.06 * people["left_over"]) & ~people["open"]
        gone = people["gone"] & (by_lot(people, 2) < 0.6)
        workplace = np.where(gone | later, "avgångna", "annat")
        assert "vanishing" in found(people, workplace=workplace)["workplace"]

    def test_pay_that_is_nought_in_the_last_months(self, people):
        pay = np.round(np.random.default_rng(4).normal(0, 0.15, len(people)), 1)
        pay = np.where(people["gone"] & (by_lot(people) < 0.25), np.nan, pay)
        assert "certain" in found(people, pay_position=pay)["pay_position"]

    def test_a_new_covariate_counted_over_the_coming_year(self, people):
        growth = np.random.default_rng(5).normal(np.where(people["gone"], -1.5, 0.0), 0.7)
        assert found(people, unit_growth=growth)["unit_growth"] >= {"telling"}

    def test_pay_of_the_rows_last_day(self, people):
        # everybody's pay rises each year, and old rows carry the pay of their end
        years = np.where(people["gone"], 0.0, people["left_over"].clip(lower=0))
        pay = np.random.default_rng(6).normal(0, 0.12, len(people)) + 0.03 * years
        assert found(people, pay_position=pay)["pay_position"] >= {"fading"}

    def test_one_closed_window_is_enough_for_a_coarse_leak(self, people):
        year = people[people["left_over"] <= 0]
        title = np.where(year["gone"] & (by_lot(year) < 0.3), "avslutad", "annat")
        assert "certain" in found(year, title=title)["title"]


class TestAlarm:
    def test_the_run_stops_with_the_name_and_what_to_do(self, people):
        title = np.where(people["gone"] & (by_lot(people) < 0.3), "avslutad", "annat")
        cells = people.assign(title=title)
        with pytest.raises(GateError, match=r"future \(title\).*'avslutad'.*features\.toml"):
            check_leaks(cells)
        with pytest.raises(GateError, match="leak alarm"):
            assess(cells, groups=grouping(cells), seed=1, draws=10)

    def test_every_exception_has_a_reason_and_names_causes(self):
        for entry in load("leaks")["exception"]:
            assert len(entry["reason"]) > 20
            assert set(entry["causes"]) <= set(CAUSES)
            assert entry["column"] in COVARIATES

    def test_without_a_closed_window_there_is_nothing_to_find(self, town):
        assert find_leaks(town[town["open"]]) == []


class TestSample:
    """The sample municipality, honest and with a planted leak, from its files."""

    @staticmethod
    def cells(folder: Path, leak: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
        from analysis import workforce
        from analysis.extracts import read_delivery
        from analysis.sample import write_sample

        write_sample(folder, employees=300, years=4, seed=7, leak=leak)
        delivery = read_delivery(folder, key=b"0123456789abcdef0123456789abcdef")
        past = workforce.history(delivery.tables, period="2025-12", level="avdelning")
        years = workforce.person_years(past.rows, past.ends, origins=past.origins)
        return workforce.risk_cells(years), years

    def test_no_alarm_on_the_honest_sample(self, tmp_path):
        cells, years = self.cells(tmp_path, None)
        assert find_leaks(cells) == []
        # its pay system keeps one pay per row, that of the row's last day: not known at an earlier origin
        assert years["pay_position"].isna().all()

    def test_a_workplace_of_those_who_are_gone_is_found_by_name(self, tmp_path):
        cells, _ = self.cells(tmp_path, "workplace")
        with pytest.raises(GateError, match=r"leak alarm: .*workplace"):
            check_leaks(cells)
