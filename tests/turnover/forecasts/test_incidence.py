"""Causes compete over the years: incidence by hand, without a model, and judged three years later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.tables.protected import TOTAL
from analysis.turnover import Evaluation, aalen_johansen, assess
from analysis.turnover.forecasts.incidence import compound
from tests.turnover.municipality import grouping, simulate


def cell(**values: object) -> pd.DataFrame:
    base = {"department": "d1", "occupation": "nurse", "form": "permanent", "rate_band": "full", "age": 40}
    return pd.DataFrame([base | {"tenure": 1, "at_risk": 100.0} | values])


def constant(**rates: float):
    return lambda cells: pd.DataFrame({c: rates.get(c, 0.0) for c in CAUSES}, index=cells.index)


def test_three_years_of_two_competing_causes_by_hand():
    # 10 per cent resign and 5 per cent retire each year: 15, 15 * 0.85 and 15 * 0.85^2 of a hundred leave
    years = compound(cell(), constant(resignation=0.10, retirement=0.05))
    assert [float(own["resignation"].sum()) for own, _ in years] == pytest.approx([10, 8.5, 7.225])
    assert [float(own["retirement"].sum()) for own, _ in years] == pytest.approx([5, 4.25, 3.6125])
    assert [float(chance["resignation"].sum()) for _, chance in years] == pytest.approx([9.0, 7.65, 6.5025])


def test_those_who_stay_grow_a_year_older_and_an_unknown_age_stays_unknown():
    seen = []

    def watch(cells: pd.DataFrame) -> pd.DataFrame:
        seen.append(cells[["age", "tenure"]].to_numpy().tolist())
        return constant(resignation=0.5)(cells)

    compound(pd.concat([cell(age=64, tenure=30), cell(age=-1, tenure=-1)]), watch)
    assert seen == [[[64, 30], [-1, -1]], [[65, 30], [-1, -1]], [[66, 30], [-1, -1]]]


def test_temporary_staff_made_permanent_no_longer_reach_the_end_of_a_contract():
    def predict(cells: pd.DataFrame) -> pd.DataFrame:
        return constant()(cells).assign(contract_end=np.where(cells["form"] == "temporary", 0.5, 0.0))

    share = pd.DataFrame({"occupation": ["nurse", "*"], "share": [0.4, 0.9]})
    years = compound(cell(form="temporary"), predict, permanent=share)
    # 50 go the first year; of the 50 who stay 20 are permanent, and half of 30 go; of 15 six are permanent
    assert [float(own["contract_end"].sum()) for own, _ in years] == pytest.approx([50, 15, 4.5])


def test_aalen_and_johansens_estimator_by_hand_with_late_entry():
    # at risk at 1: A B C (D enters at 2): one of three resigns; at 3: B C D, one retires; at 4: C D, one resigns
    table = aalen_johansen(
        pd.Series([1.0, 3.0, 4.0, 5.0]),
        pd.Series(["resignation", "retirement", "resignation", ""]),
        entry_time=pd.Series([0.0, 0.0, 0.0, 2.0]),
    )
    assert table["at_risk"].tolist() == [3, 3, 2]
    assert table["survival"].tolist() == pytest.approx([2 / 3, 4 / 9, 2 / 9])
    assert table["resignation"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3 + 4 / 9 / 2])
    assert table["retirement"].tolist() == pytest.approx([0, 2 / 9, 2 / 9])


def test_incidences_and_survival_add_up_to_one():
    rng = np.random.default_rng(3)
    exit_time = pd.Series(rng.exponential(20, 500) + 0.01)
    cause = pd.Series(rng.choice(["a", "b", ""], 500))
    table = aalen_johansen(exit_time, cause, entry_time=exit_time * rng.uniform(0, 0.5, 500))
    assert (table["survival"] + table["a"] + table["b"]).to_numpy() == pytest.approx(1.0)


@pytest.fixture(scope="module")
def followed() -> tuple[pd.DataFrame, Evaluation]:
    """A town without shocks, and what became of each origin's staff within three years as its cells tell it."""
    cells = simulate(seed=21, people=1200, years=6, departments=4, occupations=5)
    rows = []
    for origin in ("2017-12", "2018-12", "2019-12"):
        stock = cells[cells["origin"] == origin]
        for department, part in stock.groupby("department"):
            rows.append({"origin": origin, "department": department, **part[list(CAUSES)].sum() * 2.4})
    found = assess(cells, groups=grouping(cells), seed=2, draws=200, cohorts=pd.DataFrame(rows))
    return cells, found


def test_the_record_holds_both_horizons(followed):
    record = followed[1].track_record
    assert set(record["horizon_months"]) == {12, 36}
    long = record[record["horizon_months"] == 36]
    assert set(long["origin"]) == {"2017-12", "2018-12", "2019-12"}
    wide = long.pivot_table(index=["origin", "department"], columns="cause", values="expected")
    assert wide[list(CAUSES)].sum(axis=1).to_numpy() == pytest.approx(wide[TOTAL].to_numpy())
    once = record[(record["horizon_months"] == 12) & (record["cause"] == TOTAL)].set_index(["origin", "department"])
    three = long[long["cause"] == TOTAL].set_index(["origin", "department"])
    ratio = three["expected"] / once.loc[three.index, "expected"]
    assert ratio.between(1.9, 3.0).all()  # fewer each year, since those who left cannot leave again


def test_incidence_grows_with_the_horizon_and_starts_as_the_forecast(followed):
    _, found = followed
    table = found.incidence.pivot_table(index=["department", "cause"], columns="months", values="expected")
    assert (table[12] <= table[24] + 1e-9).all()
    assert (table[24] <= table[36] + 1e-9).all()
    first = found.forecast.query("occupation == 'total'").set_index(["department", "cause"])["expected"]
    assert table[12].loc[first.index].to_numpy() == pytest.approx(first.to_numpy(), abs=1e-3)
    limits = found.incidence
    assert (limits["low"] <= limits["high"]).all()
    assert (limits["high"] <= limits["n"]).all()


def test_published_survival_comes_back_from_employments_that_enter_late():
    # weeks in remission under 6-MP (Freireich and others 1963, Blood 21), as every textbook of survival quotes them
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    # each stay cut in two: the second part is seen from its beginning only, which must change nothing
    cut = pd.Series(weeks) * np.linspace(0.2, 0.9, len(weeks))
    table = aalen_johansen(
        pd.concat([cut, pd.Series(weeks, dtype=float)]),
        pd.Series([""] * len(weeks) + ["relapse" if e else "" for e in ended]),
        entry_time=pd.concat([pd.Series(np.zeros(len(weeks))), cut]),
    ).set_index("time")
    assert table["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert table["survival"].round(3).tolist() == pytest.approx(published, abs=6e-4)
    assert (1 - table["relapse"]).to_numpy() == pytest.approx(table["survival"].to_numpy())
