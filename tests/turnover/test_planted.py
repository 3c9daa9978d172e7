"""The hazards planted in the sample municipality come back from its delivery, errors and missing reasons included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from analysis import workforce
from analysis.extracts import read_delivery
from analysis.reference import CAUSES, policy
from analysis.sample import write_sample
from analysis.sample.hazards import AGE_BANDS, TENURE_BANDS
from analysis.turnover.forecasts.compounding import fit_periods

CAUSES_PLANTED = ("resignation", "retirement", "contract_end")
TOLERANCE = 0.06
"""Sum of absolute differences between estimated and planted exits over age x tenure x form, as a share of the planted,
beyond what chance gives. At 100,000 employees periods are quarters, so that whoever comes and goes within a quarter is
missed: about four resignations in a hundred."""
BANDS = ["age", "tenure", "form"]


def banded(values: pd.Series, bands: dict[str, int]) -> np.ndarray:
    place = np.searchsorted(list(bands.values())[:-1], values.to_numpy(dtype=float), side="right")
    return np.array(list(bands))[place]


@pytest.mark.parametrize(
    "employees",
    [2_500, pytest.param(6_800, marks=pytest.mark.large), pytest.param(100_000, marks=pytest.mark.large)],
)
def test_planted_hazards_are_recovered_by_cause(employees: int, tmp_path: Path) -> None:
    write_sample(tmp_path, employees=employees, years=8)
    tables = read_delivery(tmp_path, key=b"0123456789abcdef0123456789abcdef").tables
    past = workforce.history(tables, period="2025-12", level="avdelning")
    most = policy().turnover.person_periods
    step = workforce.grain(tables, person_years=8 * employees, most=most)
    periods = workforce.risk_periods(past.rows, past.ends, origins=past.origins, step=step, tables=tables)
    with threadpool_limits(1):
        hazards = fit_periods(periods, penalty=8.0).hazards.predict(periods)
    keys = [banded(periods["age"], AGE_BANDS), banded(periods["tenure"], TENURE_BANDS), periods["form"]]
    said = hazards.mul(periods["at_risk"], axis=0).groupby(keys).sum().rename_axis(BANDS)
    truth = pd.read_csv(tmp_path / "truth/hazards.csv")
    truth = truth[(truth["form"] != "hourly") & (truth["year"] > int(past.origins[0][:4]))]
    planted = truth.pivot_table(index=BANDS, columns="cause", values="expected", aggfunc="sum", fill_value=0.0)
    recorded = 1.0 - past.ends.loc[past.ends["end"] > "2018", "cause"].eq("unknown").mean()
    off, allowed = {}, {}
    for cause in CAUSES_PLANTED:
        expected = planted[cause] * recorded
        off[cause] = float(said[cause].sub(expected, fill_value=0.0).abs().sum() / expected.sum())
        # one and a half times the mean absolute deviation of Poisson counts
        allowed[cause] = TOLERANCE + 1.5 * float(np.sqrt(2 / np.pi * expected).sum() / expected.sum())
    print(employees, step, {cause: round(value, 3) for cause, value in off.items()})  # noqa: T201 - figures to quote
    assert {cause: (off[cause], allowed[cause]) for cause in off if off[cause] > allowed[cause]} == {}
    # those without a reason stay unknown: nobody is counted for a cause that nobody stated
    assert said["unknown"].sum() == pytest.approx(periods["unknown"].sum(), rel=0.02)
    assert set(said.columns) == set(CAUSES)
