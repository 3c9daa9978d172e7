"""Hazards of months, compounded: what was planted comes back, and a year is twelve months."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.periods import season, shift
from analysis.reference import CAUSES
from analysis.turnover.cells import BASE
from analysis.turnover.forecasts.compounding import fit_periods

SEASONS = {"q1": 0.5, "q2": 1.0, "q3": 2.0, "q4": 0.5}
"""Planted: contracts end in summer."""
RESIGNS, ENDS = 0.01, 0.03


def cells(**known: object) -> pd.DataFrame:
    typical = {"origin": "2024-12", "department": "d1", "occupation": "o1", "form": "permanent", "rate_band": "full"}
    return pd.DataFrame([typical | {"age": 45, "tenure": 10, "at_risk": 1.0} | known])


def planted(*, step: int = 1, persons: int = 4000) -> pd.DataFrame:
    """Expected numbers, not drawn: two forms, one department, three windows."""
    rows = []
    for origin in ("2021-12", "2022-12", "2023-12"):
        for name, factor in SEASONS.items():
            for form in ("permanent", "temporary"):
                for tenure in range(6):
                    at_risk = persons * 3 / step
                    exits = dict.fromkeys(CAUSES, 0.0)
                    exits["resignation"] = at_risk * RESIGNS * step
                    exits["contract_end"] = at_risk * ENDS * step * factor * (form == "temporary")
                    base = dict(zip(BASE, ("d1", "o1", form, "full", 45, tenure), strict=True))
                    rows.append({"origin": origin, "season": name, **base, "step": step, "at_risk": at_risk, **exits})
    return pd.DataFrame(rows)


def compounded(temporary: bool) -> tuple[float, float]:
    """By hand: twelve months, survivors times hazards."""
    stays, left = 1.0, np.zeros(2)
    for month in range(12):
        hazard = np.array([RESIGNS, ENDS * SEASONS[season(shift("2024-12", month))] * temporary])
        left += stays * hazard
        stays *= 1 - hazard.sum()
    return float(left[0]), float(left[1])


@pytest.mark.parametrize("form", ["permanent", "temporary"])
def test_a_year_is_twelve_months_in_which_causes_compete(form: str) -> None:
    said = fit_periods(planted(), penalty=0.01).predict(cells(form=form, tenure=2)).iloc[0]
    resigns, ends = compounded(form == "temporary")
    assert said["resignation"] == pytest.approx(resigns, rel=0.01)
    assert said["contract_end"] == pytest.approx(ends, rel=0.01, abs=1e-4)


def test_quarters_say_nearly_the_same_as_months() -> None:
    months, quarters = (
        fit_periods(planted(step=step), penalty=0.01).predict(cells(form="temporary")).iloc[0] for step in (1, 3)
    )
    assert quarters["contract_end"] == pytest.approx(months["contract_end"], rel=0.05)


def test_the_season_is_found() -> None:
    model = fit_periods(planted(), penalty=0.01)
    summer, winter = (model.hazards.effect("season", name)[CAUSES.index("contract_end")] for name in ("q3", "q4"))
    odds = [ENDS * SEASONS[name] / (1 - ENDS * SEASONS[name] - RESIGNS) for name in ("q3", "q4")]
    assert summer - winter == pytest.approx(np.log(odds[0] / odds[1]), abs=0.05)


def test_a_hazard_that_falls_with_tenure_falls_during_the_year() -> None:
    table = planted()
    table["resignation"] = table["at_risk"] * np.where(table["tenure"] == 0, 0.04, 0.01)
    said = fit_periods(table, penalty=0.01).predict(cells(tenure=0))["resignation"].iloc[0]
    assert 1 - 0.99**12 < said < 1 - 0.96**12


def test_without_periods_there_is_nothing_to_fit() -> None:
    with pytest.raises(ValueError, match="at least one closed window"):
        fit_periods(planted().head(0), penalty=8.0)


@pytest.mark.parametrize("step", [1, 3, 6])
def test_who_turns_an_age_at_which_hazards_jump_is_counted_from_then_on(step: int) -> None:
    # retirement begins at 65: of those of 64 at the origin, as many have turned 65 as months have gone
    late, rows = 0.04, []
    for origin in ("2021-12", "2022-12"):
        for month in range(0, 12, step):
            for age in (63, 64, 65, 66):
                exits = dict.fromkeys(CAUSES, 0.0) | {"retirement": 1e5 * (1 - (1 - late) ** step) * (age >= 65)}
                base = dict(zip(BASE, ("d1", "o1", "permanent", "full", age, 9), strict=True))
                name = season(shift(origin, month))
                rows.append({"origin": origin, "season": name, **base, "step": step, "at_risk": 1e5, **exits})
    model = fit_periods(pd.DataFrame(rows), penalty=0.001)
    said = model.predict(cells(age=64, tenure=9))["retirement"].iloc[0]
    stays, expected = 1.0, 0.0
    for place in range(12 // step):
        hazard = (1 - (1 - late) ** step) * place * step / 12
        expected, stays = expected + stays * hazard, stays * (1 - hazard)
    assert said == pytest.approx(expected, rel=0.03)
