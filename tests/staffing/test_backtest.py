"""What earlier forecasts said and what happened: nothing of the future in them, and the better one shown."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from analysis.periods import shift
from analysis.reference import CAUSES
from analysis.staffing import Past, backtest, hit_rates
from analysis.staffing.backtest import _share, weighted_error
from analysis.staffing.need.volumes import vintage_year, volume_forecasts
from analysis.staffing.recorded_gap import gap_forecasts, recorded_gaps
from analysis.staffing.supply.miss import Misses, bounds, fit_spread
from analysis.staffing.supply.past_years import yearly
from analysis.workforce.groups import forecast_groups

ORIGINS = [shift("2015-12", 12 * year) for year in range(9)]
NO_RECORD = pd.DataFrame(columns=["origin", "department", "cause", "expected"])


@cache
def town(seed: int = 1, trend: float = 0.0, small: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Cells, flows and groups of eight departments over eight years; hires replace leavers and add ``trend``."""
    rng = np.random.default_rng(seed)
    stock = {f"d{place}": int(rng.integers(60, 300)) for place in range(8)} | ({"tiny": small} if small else {})
    cells, flows = [], []
    for origin in ORIGINS:
        is_open = origin == ORIGINS[-1]
        for key, size in stock.items():
            ages = np.array([30, 45, 63])
            heads = rng.multinomial(size, [0.4, 0.45, 0.15])
            left = rng.binomial(heads, [0.12, 0.07, 0.05])
            retired = rng.binomial(heads - left, [0.0, 0.0, 0.25])
            for age, persons, gone, old in zip(ages, heads, left, retired, strict=True):
                ends = dict.fromkeys(CAUSES, 0.0) | {"resignation": float(gone), "retirement": float(old)}
                ends = dict.fromkeys(CAUSES, np.nan) if is_open else ends
                cells.append((origin, key, "teacher", "permanent", "full", age, 3, is_open, persons, persons, ends))
            if is_open:
                continue
            lost = int(left.sum() + retired.sum())
            hired = int(rng.poisson(lost + trend * size))
            for part, persons in (
                ("opening", size), ("resignation", -left.sum()), ("retirement", -retired.sum()), ("hires", hired),
                ("closing", size - lost + hired),
            ):  # fmt: skip
                flows.append((origin, key, "teacher", part, float(persons), float(persons)))
            stock[key] = size - lost + hired
    columns = ["origin", "department", "occupation", "form", "rate_band", "age", "tenure", "open", "at_risk", "fte"]
    table = pd.DataFrame([row[:-1] for row in cells], columns=columns)
    table = pd.concat([table, pd.DataFrame([row[-1] for row in cells])], axis=1)
    moved = pd.DataFrame(flows, columns=["origin", "department", "occupation", "part", "persons", "fte"])
    return table, moved, forecast_groups(table[table["open"]], minimum=1)


@cache
def judged(**more: float) -> pd.DataFrame:
    return backtest(Past(*town(**more), NO_RECORD), horizons=2).table


def test_a_series_adds_up_from_one_year_to_the_next() -> None:
    _, flows, groups = town()
    wide = yearly(flows, groups).pivot_table(index=["department", "origin"], columns="quantity", values="value")
    after = wide["stock"] + wide["hires"] + wide["net_moves"] - wide["leavers"]
    for origin in ORIGINS[:-1]:
        now, then = after.xs(origin, level="origin"), wide["stock"].xs(shift(origin, 12), level="origin")
        pd.testing.assert_series_equal(now, then, check_names=False)
    assert wide.loc[("d0", ORIGINS[-1]), ["hires", "leavers"]].isna().all()


def test_the_yardstick_is_the_last_value_and_the_outcome_what_happened() -> None:
    _, flows, groups = town()
    series = yearly(flows, groups).set_index(["quantity", "department", "origin"])["value"]
    table = judged()
    for row in table[table["quantity"].isin(["stock", "hires"])].itertuples():
        ahead = 12 * row.horizon
        last, due = (row.origin, shift(row.origin, ahead)) if row.quantity == "stock" else (
            shift(row.origin, -12), shift(row.origin, ahead - 12),
        )  # fmt: skip
        assert row.yardstick == series[row.quantity, row.department, last]
        assert row.observed == series[row.quantity, row.department, due]


def test_what_happens_later_changes_no_earlier_forecast() -> None:
    cells, flows, groups = town()
    cut = ORIGINS[5]
    early = cells[cells["origin"] <= cut].copy()
    early["open"] = early["origin"] == cut
    early.loc[early["open"], list(CAUSES)] = np.nan
    before = backtest(Past(early, flows[flows["origin"] < cut], groups, NO_RECORD), horizons=2)
    keys = ["origin", "horizon", "department", "quantity"]
    said = ["forecast", "low", "high", "yardstick", "method"]
    everything = judged().set_index(keys)[said]
    known = before.table.set_index(keys)[said]
    assert len(known) > 200
    pd.testing.assert_frame_equal(known, everything.loc[known.index], check_exact=False, rtol=1e-9)


def test_the_model_is_shown_where_it_came_closer_before_and_the_yardstick_elsewhere() -> None:
    growing = judged(trend=0.06)
    stock = growing[(growing["quantity"] == "stock") & (growing["horizon"] == 1) & (growing["department"] != "all")]
    last = stock[stock["origin"] >= ORIGINS[4]]
    assert (last["method"] == "model").all()
    assert weighted_error(last["forecast"], last["observed"]) < 0.8 * weighted_error(
        last["yardstick"], last["observed"]
    )
    for _, part in growing.groupby(["quantity", "horizon", "origin"]):
        assert (part["method"] == part["method"].iloc[0]).all()
        if (part["method"] == "yardstick").all():
            pd.testing.assert_series_equal(part["forecast"], part["yardstick"], check_names=False)
    assert (growing.loc[growing["origin"] == ORIGINS[1], "method"] == "yardstick").all()


def test_the_share_of_the_change_that_comes_true_is_learnt() -> None:
    naive = np.full(400, 100.0)
    model = naive + np.tile([10.0, -10.0], 200)
    assert _share(model, naive, naive + 0.2 * (model - naive)) == pytest.approx((0.2 * 400 + 0.5 * 20) / 420)
    assert _share(model, naive, naive - (model - naive)) == 0.0
    assert _share(model[:0], naive[:0], naive[:0]) == 0.5
    assert _share(naive, naive, naive + 3.0) == 0.5


def test_groups_below_twenty_are_not_judged_and_those_of_twenty_are() -> None:
    table = judged(small=9)
    assert (table["n"] >= 20).all()
    assert "tiny" not in set(table["department"])


def test_four_outcomes_in_five_lie_within_the_interval() -> None:
    tables = [judged(seed=seed) for seed in (1, 2)]
    rates = hit_rates(pd.concat(tables), ["stock", "hires", "leavers"])
    pooled = rates[(rates["origin"] == "all") & (rates["horizon"] == 1)].set_index("quantity")["hit_rate"]
    assert pooled.between(0.72, 0.96).all(), pooled.to_dict()
    assert (rates["departments"] > 0).all()


def test_errors_of_what_was_shown_of_the_model_alone_and_of_the_last_value_by_hand() -> None:
    rows = [("d0", 12.0, 16.0, 10.0, 14.0), ("d1", 6.0, 9.0, 6.0, 6.0), ("all", 99.0, 99.0, 99.0, 20.0)]
    table = pd.DataFrame(rows, columns=["department", "forecast", "model", "yardstick", "observed"]).assign(
        origin="2023-12", quantity="gap", horizon=1, low=0.0, high=12.0, drift=np.nan
    )
    found = hit_rates(table).set_index("origin").loc["all"]
    assert found["departments"] == 2
    assert found["hit_rate"] == 0.5
    misses = {name: found[f"{name}_error"] * 20.0 for name in ("forecast", "model", "yardstick")}
    assert misses == pytest.approx({"forecast": 2.0, "model": 5.0, "yardstick": 4.0})
    assert np.isnan(found["drift_error"])


def test_an_interval_reaches_as_far_as_earlier_misses_did() -> None:
    forecast = np.full(200, 100.0)
    few, many = np.zeros(200), np.zeros(200)
    few[:20], many[:] = 30.0, 30.0
    whole = np.zeros(200, dtype=bool)
    found = [
        bounds(
            forecast[:1], np.zeros(1), whole[:1],
            fit_spread(Misses(forecast, forecast + miss, np.zeros(200), whole, 1), "stock"), 1,
        )
        for miss in (few, many)
    ]  # fmt: skip
    assert found[0][1][0] - found[0][0][0] < 15
    assert found[1][1][0] == pytest.approx(130.0)


def test_leavers_one_year_ahead_are_those_of_the_turnover_stage() -> None:
    cells, flows, groups = town()
    record = pd.DataFrame(
        [(ORIGINS[4], key, cause, 7.0) for key in ("d0", "d1", "all") for cause in ("resignation", "retirement")],
        columns=["origin", "department", "cause", "expected"],
    )
    table = backtest(Past(cells, flows, groups, record)).table
    own = table[(table["origin"] == ORIGINS[4]) & (table["horizon"] == 1)].set_index(["quantity", "department"])
    assert own.loc[("resignation", "d0"), "model"] == pytest.approx(7.0)
    assert own.loc[("retirement", "d1"), "model"] == pytest.approx(7.0)


def test_before_a_year_has_passed_there_is_nothing_to_judge() -> None:
    cells, flows, groups = town()
    found = backtest(Past(cells, flows.iloc[:0], groups, NO_RECORD))
    assert found.table.empty
    assert found.now.empty
    assert hit_rates(found.table).empty


def volumes() -> pd.DataFrame:
    """Children of d0: 2,000 in 2015 and 50 more every year; the vintage of 2018 foresaw 100 more."""
    rows = [("d0", "children", year, 2000.0 + 50 * (year - 2015), "Prognos 2023") for year in range(2010, 2031)]
    rows += [("d0", "children", year, 2150.0 + 100 * (year - 2018), "Prognos 2018") for year in range(2018, 2031)]
    return pd.DataFrame(rows, columns=["department", "kind", "year", "volume", "vintage"])


def test_volumes_are_judged_by_the_vintage_known_then() -> None:
    cells, flows, groups = town()
    found = volume_forecasts(volumes(), yearly(flows, groups), groups, 2)
    own = found[found["department"] == "d0"].set_index(["origin", "horizon"])
    # no vintage was known in 2017: the drift of 50 a year; in 2018 the one that foresaw too much
    assert own.loc[("2017-12", 2), ["model", "yardstick", "observed"]].tolist() == [2200.0, 2100.0, 2200.0]
    assert own.loc[("2018-12", 1), ["model", "drift", "observed"]].tolist() == [2250.0, 2200.0, 2200.0]
    assert own.loc[("2023-12", 1), "observed"] != own.loc[("2023-12", 1), "observed"]
    table = backtest(Past(cells, flows, groups, NO_RECORD, volumes=volumes())).table
    assert set(table.loc[table["quantity"] == "volume_children", "department"]) == {"d0", "all"}


@pytest.mark.parametrize(
    ("vintage", "year"),
    [("SCB 2024", 2024), ("Kommunens befolkningsprognos 2025", 2025), ("v. 3", 0), ("2020–2023 (april 2022)", 2022)],
)
def test_the_year_of_a_vintage_is_the_last_one_named(vintage: str, year: int) -> None:
    assert vintage_year(vintage) == year


def posts(*rows: tuple[str, str, str | None, float]) -> pd.DataFrame:
    """Vacancies from (department, opened, closed, posts)."""
    table = pd.DataFrame(rows, columns=["department", "opened", "closed", "posts"]).assign(occupation="teacher")
    return table.assign(opened=pd.to_datetime(table["opened"]), closed=pd.to_datetime(table["closed"]))


VACANCIES = posts(
    ("d0", "2018-06-01", "2019-03-01", 6.0), ("d0", "2019-10-01", "2021-02-01", 4.0), ("d1", "2020-05-01", None, 2.0),
    ("d0", "2017-01-01", "2018-02-01", 9.0),
)  # fmt: skip


def test_the_gap_is_recorded_from_the_first_closing_on_and_nought_where_nothing_is_open() -> None:
    _, moved, groups = town()
    found = recorded_gaps(VACANCIES, None, moved, groups, origins=ORIGINS).set_index(["department", "origin"])["fte"]
    # the vacancy closed in February 2018 is the first known to be over: December 2018 is the first whole count
    assert sorted(found.index.get_level_values("origin").unique()) == ORIGINS[3:]
    assert found["d0"].to_list() == [6.0, 4.0, 4.0, 0.0, 0.0, 0.0]
    assert found["d1"].to_list() == [0.0, 0.0, 2.0, 2.0, 2.0, 2.0]
    assert (found["d2"] == 0.0).all()


def test_a_budget_records_the_gap_where_there_are_no_vacancies() -> None:
    _, moved, groups = town()
    stock = moved[(moved["part"] == "opening") & (moved["department"] == "d0")].set_index("origin")["fte"]
    budget = pd.DataFrame(
        [("d0", "teacher", 2018, stock["2018-12"] + 5.0), ("d0", "teacher", 2019, stock["2019-12"] - 5.0)],
        columns=["department", "occupation", "year", "posts"],
    )
    found = recorded_gaps(None, budget, moved, groups, origins=ORIGINS).set_index(["department", "origin"])["fte"]
    assert found["d0"].to_dict() == pytest.approx({"2018-12": 5.0, "2019-12": 0.0})
    assert recorded_gaps(None, None, moved, groups, origins=ORIGINS).empty


def test_the_gap_ahead_is_need_less_stock_as_both_were_foreseen() -> None:
    _, moved, groups = town()
    series = yearly(moved, groups)
    gaps = recorded_gaps(VACANCIES, None, moved, groups, origins=ORIGINS)
    now = float(series.set_index(["quantity", "department", "origin"])["value"]["stock", "d0", "2018-12"])
    common = {"origin": "2018-12", "horizon": 1, "department": "d0", "n": now, "drift": 0.0, "observed": 0.0}
    candidates = pd.DataFrame(
        [
            common | {"quantity": "stock", "model": now - 3.0, "yardstick": now, "chance": 8.0},
            common | {"quantity": "volume_children", "model": 1100.0, "yardstick": 1000.0, "chance": 0.0},
        ]
    )
    found = gap_forecasts(candidates, gaps, moved, groups).set_index("department").loc["d0"]
    # one full-time equivalent a person: (now + 6) · 1.1 − (now − 3)
    assert found["model"] == pytest.approx((now + 6.0) * 1.1 - (now - 3.0))
    assert found[["yardstick", "observed", "chance"]].tolist() == [6.0, 4.0, 8.0]
    still = gap_forecasts(candidates.iloc[:1], gaps, moved, groups).set_index("department").loc["d0"]
    assert still["model"] == pytest.approx(9.0)
    many = candidates.iloc[:1].assign(model=now + 50.0)
    assert gap_forecasts(many, gaps, moved, groups)["model"].tolist()[0] == 0.0


def test_the_gap_is_judged_only_where_it_is_recorded() -> None:
    table = backtest(Past(*town(), NO_RECORD, vacancies=VACANCIES), horizons=2).table
    own = table[table["quantity"] == "gap"]
    assert own["origin"].min() == "2018-12"
    assert {"d0", "all"} <= set(own["department"])
    whole = own[own["horizon"] == 1].pivot_table(index="origin", columns="department", values="observed")
    np.testing.assert_allclose(whole["all"], whole.drop(columns="all").sum(axis=1))
    assert (own["low"] <= own["forecast"]).all()
    assert (own["low"] >= 0).all()
    assert "gap" not in set(judged()["quantity"])
