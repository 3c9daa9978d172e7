"""Recruitment need and what stays empty: one identity at every level, and hires that answer to empty posts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.reference import policy
from analysis.staffing import Baseline, bridge
from analysis.staffing.levers.effects import Outlook as Tried
from analysis.staffing.levers.lever import levers
from analysis.staffing.posts.filling import Filling, filling_of, filling_of_opening, unknown
from analysis.staffing.posts.law import posts_by_month
from analysis.staffing.posts.record import Outlook, outlook
from analysis.staffing.posts.recruitment_need import (
    AT_LEAST,
    FILLED,
    NEEDED,
    Recruitment,
    gone_within_the_year,
    of_groups,
    recruitment,
)
from analysis.tables.protected import REFERENCE
from tests.staffing.example import GROUPS, OPENING, baseline

YEARS, DRAWS = 3, 60
CUT_OFF = pd.Timestamp("2025-12-31")


def vacancies() -> pd.DataFrame:
    """Six years of adverts of the staff's occupations, and those of ``OPENING`` open at the cut-off."""
    rng = np.random.default_rng(4)
    rows: list[tuple[Any, ...]] = []
    for department, occupation, monthly in (("d1", "teacher", 0.8), ("d1", "aide", 0.4), ("d2", "teacher", 0.5)):
        for month in pd.date_range("2019-10-01", "2025-09-01", freq="MS"):
            for _ in range(rng.poisson(monthly)):
                opened = month + pd.Timedelta(days=int(rng.integers(0, 28)))
                closed = opened + pd.Timedelta(days=int(rng.integers(15, 80)))
                rows.append((department, occupation, opened, closed, 1.0))
    rows += [
        (line["department"], line["occupation"], pd.Timestamp("2025-12-05"), pd.NaT, line["fte"])
        for line in OPENING.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["department", "occupation", "opened", "closed", "posts"])


def seen() -> Outlook:
    adverts = of_groups(vacancies(), GROUPS)
    posts = posts_by_month(adverts, first=pd.Timestamp("2020-01-01"), last=CUT_OFF, by="kind")
    return outlook(posts, tuple(12 * year for year in range(1, YEARS + 1)), seed=1, draws=DRAWS)


@pytest.fixture(scope="module")
def forecast() -> Outlook:
    return seen()


def found(base: Baseline, forecast: Outlook | None) -> Recruitment:
    return recruitment(base, bridge(base, {}, seed=7, draws=DRAWS), filling(base, forecast))


def filling(base: Baseline, forecast: Outlook | None) -> Filling:
    if forecast is not None:
        return filling_of(forecast, base.index, YEARS)
    if base.opening is None:
        return unknown(len(base.index), YEARS)
    return filling_of_opening(base.fixed["opening"], base.inflow.mean["hires"].to_numpy(dtype=float), years=YEARS)


@pytest.fixture(scope="module")
def result(forecast: Outlook) -> Recruitment:
    return found(baseline(years=YEARS), forecast)


def wide(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index(["department", "occupation", "year", "part"])["expected"].unstack("part")  # noqa: PD010


def test_the_path_at_the_present_pace_is_the_reference_path(result: Recruitment) -> None:
    for table in (result.table, result.chances):
        assert set(table["scenario"]) == {REFERENCE}


def test_rows_add_up_exactly_at_every_level(result: Recruitment) -> None:
    parts = wide(result.table)
    np.testing.assert_allclose(parts[list(NEEDED)].sum(axis=1), parts["recruitment_need"], atol=1e-9)
    after = parts["recruitment_need"] + parts[list(FILLED)].sum(axis=1)
    np.testing.assert_allclose(after, parts["empty"], atol=1e-9)
    groups = parts[parts.index.get_level_values("occupation") != "total"].groupby("year").sum()
    departments = parts.drop(index="all").xs("total", level="occupation").groupby("year").sum()
    for summed in (groups, departments):
        pd.testing.assert_frame_equal(summed, parts.loc[("all", "total")], check_exact=False, rtol=1e-9)


def test_need_is_that_of_the_bridge_and_the_opening_gap_that_of_the_adverts(result: Recruitment) -> None:
    base = baseline(years=YEARS)
    path = bridge(base, {}, seed=7, draws=DRAWS)
    keys = ["department", "occupation", "year"]
    own = path[path["part"] == "recruitment"].set_index(keys)["expected"].sort_index()
    parts = wide(result.table)
    same = parts["recruitment_need"] - parts[["opening", "moves", "ladder_moves", "again"]].sum(axis=1)
    np.testing.assert_allclose(same.reindex(own.index), own, atol=1e-9)
    assert parts.loc[("all", "total", 2026), "opening"] == pytest.approx(OPENING["fte"].sum())


def test_what_stays_empty_is_the_forecast_where_somebody_can_be_hired(result: Recruitment, forecast: Outlook) -> None:
    parts = wide(result.table)
    hired = parts["hires"] < -1e-9
    whole = parts.loc[("all", "total")]
    if hired.all():
        assert whole["empty"].to_numpy() == pytest.approx(forecast.empty.sum(axis=1))
    assert (parts["hires"] <= 1e-12).all()
    assert (forecast.empty >= 0).all()


def test_those_gone_within_the_year_are_half_of_a_newcomers_hazard(result: Recruitment) -> None:
    base = baseline(years=YEARS)
    share = dict(zip(base.index, gone_within_the_year(base.aged), strict=True))
    # a teacher of 28 leaves by 0.15 + 0.028, one of 45 by 0.07 + 0.028
    assert share[("d1", "teacher")] == pytest.approx(0.5 * (0.75 * 0.178 + 0.25 * 0.098))
    parts = wide(result.table).loc[("d1", "teacher", 2026)]
    assert parts["again"] == pytest.approx(-parts["hires"] * share[("d1", "teacher")])


def test_never_more_is_hired_than_a_factor_of_the_best_year(forecast: Outlook) -> None:
    base = baseline(years=YEARS)
    few = replace(base, inflow=replace(base.inflow, most=4.0))
    parts = wide(found(few, forecast).table).loc[("all", "total")]
    assert (-parts["hires"] <= policy().recruitment.most_hires * 4.0 * np.arange(1, YEARS + 1) + 1e-9).all()
    free = wide(found(base, forecast).table).loc[("all", "total")]
    assert (parts["empty"] > free["empty"]).all()


def test_a_surplus_hires_nobody_and_is_called_one(forecast: Outlook) -> None:
    base = baseline(years=YEARS)
    assert base.change is not None
    fewer = replace(base, change=base.change.assign(fte=-60.0))
    parts = wide(found(fewer, forecast).table)
    assert parts.loc[("d1", "teacher", 2026), "hires"] == pytest.approx(0.0)
    assert parts.loc[("d1", "teacher", 2026), "empty"] < 0


def test_intervals_hold_their_expected_values_and_chances_fall(result: Recruitment) -> None:
    told = result.table.dropna(subset=["p10", "p90"])
    assert set(told["part"]) >= {"recruitment_need", "empty", "resignation", "need_change"}
    assert (told["p10"] <= told["expected"] + 1e-9).all()
    assert (told["p90"] >= told["expected"] - 1e-9).all()
    chances = result.chances.pivot_table(
        index=["department", "occupation", "year"], columns="at_least", values="probability"
    )
    assert list(chances.columns) == list(AT_LEAST)
    assert (np.diff(chances, axis=1) <= 1e-12).all()
    assert chances.to_numpy().min() >= 0
    assert chances.to_numpy().max() <= 1


def test_without_adverts_the_opening_gap_stays_as_it_is_and_without_a_gap_the_need_alone_is_said() -> None:
    base = baseline(years=YEARS)
    last = found(base, None)
    parts = wide(last.table)
    assert set(last.chances["scenario"]) == {REFERENCE}
    assert parts.loc[("all", "total"), "empty"].to_numpy() == pytest.approx(np.full(YEARS, OPENING["fte"].sum()))
    told = last.table[last.table["part"] == "empty"]
    assert (told["p10"] < told["p90"]).all()  # no forecast without an interval
    nothing = found(replace(base, opening=None), None)
    assert nothing.chances.empty
    silent = wide(nothing.table).loc[("all", "total")]
    assert silent[["opening", "empty"]].isna().all(axis=None)
    assert silent[["recruitment_need", "hires", "resignation"]].notna().all(axis=None)


def test_a_scenario_has_its_own_identity_that_adds_up_and_the_reference_path_stays(forecast: Outlook) -> None:
    base = baseline(years=YEARS)
    named = {"stay": (levers()["retention"],), "faster": (levers()["faster_recruitment"],)}
    held = filling(base, forecast)
    tried = Tried(base, held)
    found = recruitment(base, bridge(base, named, seed=7, draws=DRAWS), held, named)
    alone = recruitment(base, bridge(base, {}, seed=7, draws=DRAWS), held)
    reference = found.table[found.table["scenario"] == REFERENCE]
    pd.testing.assert_frame_equal(reference, alone.table)
    for scenario, chosen in named.items():
        parts = wide(found.table[found.table["scenario"] == scenario])
        np.testing.assert_allclose(parts[list(NEEDED)].sum(axis=1), parts["recruitment_need"], atol=1e-9)
        after = parts["recruitment_need"] + parts[[*FILLED, "raised_rates"]].sum(axis=1)
        np.testing.assert_allclose(after, parts["empty"], atol=1e-9)
        whole, before = parts.loc[("all", "total")], wide(reference).loc[("all", "total")]
        assert (whole["empty"] < before["empty"]).all()
        assert whole["empty"].to_numpy() == pytest.approx(tried.empty(chosen).sum(axis=1))
        # who is kept need not be recruited; who is found sooner is recruited all the same
        fewer = -whole["hires"] < -before["hires"]
        assert fewer.all() if scenario == "stay" else not fewer.any()
