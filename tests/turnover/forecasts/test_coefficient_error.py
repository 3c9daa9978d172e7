"""Expected numbers are as uncertain as repeated samples show them to be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.turnover import fit, fit_yardstick
from analysis.turnover.cells import BASE
from analysis.turnover.forecasts.coefficient_error import chosen_errors, pooled, relative, shared_and_own
from analysis.turnover.forecasts.compounding import fit_periods
from analysis.turnover.scores.scores import MODEL, YARDSTICK, Choice

DEPARTMENTS = ("d1", "d2", "d3")
PLACE = CAUSES.index("resignation")


def town(rng: np.random.Generator, rates: tuple[float, ...], persons: int = 400, windows: int = 3) -> pd.DataFrame:
    rows = []
    for window in range(windows):
        for department, rate in zip(DEPARTMENTS, rates, strict=True):
            base = dict(zip(BASE, (department, "o1", "permanent", "full", 40, 5), strict=True))
            exits = dict.fromkeys(CAUSES, 0.0) | {"resignation": float(rng.binomial(persons, rate))}
            rows.append(
                {"origin": f"{2020 + window}-12", **base, "at_risk": persons, "fte": 1.0, **exits, "open": False}
            )
    return pd.DataFrame(rows)


def now(persons: int = 100) -> pd.DataFrame:
    table = town(np.random.default_rng(0), (0.1, 0.1, 0.1), persons, windows=1)
    return table.drop(columns=[*CAUSES, "open"])


def test_hazards_vary_over_repeated_samples_as_they_say() -> None:
    rates, said, found = (0.06, 0.10, 0.15), [], []
    for seed in range(120):
        model = fit(town(np.random.default_rng(seed), rates), penalty=0.01)
        p = model.predict(now()).to_numpy()
        said.append(p[:, PLACE] * 100)
        found.append(model.errors(now(), np.arange(3), 3)[PLACE])
    spread, claimed = np.cov(np.array(said).T), np.mean(found, axis=0)
    assert np.diagonal(claimed) == pytest.approx(np.diagonal(spread), rel=0.25)
    # with next to no penalty departments are estimated apart: hardly any common error
    assert abs(claimed[0, 1]) < 0.1 * claimed[0, 0]


def test_a_strong_penalty_makes_departments_share_their_error() -> None:
    model = fit(town(np.random.default_rng(1), (0.1, 0.1, 0.1)), penalty=500.0)
    found = model.errors(now(), np.arange(3), 3)[PLACE]
    assert found[0, 1] > 0.5 * found[0, 0]


def test_a_department_never_seen_keeps_the_spread_of_its_prior() -> None:
    model = fit(town(np.random.default_rng(2), (0.1, 0.1, 0.1)), penalty=8.0)
    new = now().assign(department="d9")
    p = model.predict(new).to_numpy()
    slope = p * (1 - p) * 100
    found = model.errors(new, np.zeros(3, dtype=np.int64), 1)[PLACE, 0, 0]
    prior = next(e.feature.spread for e in model.effects if e.feature.id == "department") ** 2 / 8.0
    assert found > slope[:, PLACE].sum() ** 2 * prior


def months(rng: np.random.Generator, rates: tuple[float, ...]) -> pd.DataFrame:
    """The town as person-months: a twelfth of the yearly log odds' chance each month."""
    parts = []
    for origin in ("2020-12", "2021-12", "2022-12"):
        for season in ("q1", "q2", "q3", "q4"):
            table = town(rng, tuple(rate / 12 for rate in rates), persons=1200, windows=1)
            parts.append(table.assign(origin=origin, season=season, step=1).drop(columns=["fte", "open"]))
    return pd.concat(parts, ignore_index=True)


def test_hazards_of_months_vary_over_repeated_samples_as_they_say() -> None:
    rates, said, found = (0.15, 0.30, 0.45), [], []
    for seed in range(80):
        model = fit_periods(months(np.random.default_rng(seed), rates), penalty=0.01)
        said.append(model.predict(now()).to_numpy()[:, PLACE] * 100)
        found.append(np.diagonal(model.errors(now(), np.arange(3), 3)[PLACE]))
    assert np.mean(found, axis=0) == pytest.approx(np.var(said, axis=0), rel=0.3)


@pytest.mark.parametrize("rates", [(0.10, 0.10, 0.10), (0.05, 0.10, 0.30)])
def test_the_yardstick_varies_over_repeated_samples_as_it_says(rates: tuple[float, ...]) -> None:
    said, found = [], []
    for seed in range(160):
        yardstick = fit_yardstick(town(np.random.default_rng(seed), rates))
        said.append(yardstick.predict(now())["resignation"].to_numpy() * 100)
        found.append(yardstick.errors(now(), np.arange(3), 3)[PLACE])
    spread, claimed = np.cov(np.array(said).T), np.mean(found, axis=0)
    assert np.isfinite(claimed).all()
    assert np.diagonal(claimed) == pytest.approx(np.diagonal(spread), rel=0.35)
    assert claimed.sum() == pytest.approx(spread.sum(), rel=0.35)


def test_a_year_without_exits_is_no_certainty() -> None:
    cells = town(np.random.default_rng(4), (0.1, 0.1, 0.1), persons=30)
    last = cells["origin"] == cells["origin"].max()
    cells.loc[last, "resignation"] = 0.0
    yardstick = fit_yardstick(cells)
    assert yardstick.organisation["resignation"] == pytest.approx(0.5 / 90)
    assert yardstick.errors(now(), np.zeros(3, dtype=np.int64), 1)[PLACE, 0, 0] > 0
    assert yardstick.organisation["retirement"] == 0.0  # took nobody in any year


def test_what_was_chosen_decides_whose_error_counts() -> None:
    found = {"": np.ones((len(CAUSES), 2, 2)), "additive/8": np.full((len(CAUSES), 2, 2), 3.0)}
    choices = {cause: Choice(YARDSTICK, "additive/8", 0.0, 0.0, 1) for cause in CAUSES}
    choices["resignation"] = Choice(MODEL, "additive/8", 1.0, 2.0, 1, slope=2.0)
    choices["retirement"] = Choice(MODEL, "boosting", 1.0, 2.0, 1)
    chosen = chosen_errors(found, choices)
    assert chosen[PLACE, 0, 0] == 12.0  # log odds twice as far apart
    assert chosen[CAUSES.index("retirement")].max() == 0.0  # trees alone: in the departments' own spread
    assert chosen[CAUSES.index("other"), 0, 0] == 1.0


def test_errors_of_sums_and_of_logarithms() -> None:
    errors = np.array([[[4.0, 1.0, 0.0], [1.0, 9.0, 0.0], [0.0, 0.0, 16.0]]])
    both = pooled(errors, np.array([0, 0, 1]), 2)
    assert both[0].tolist() == [[15.0, 0.0], [0.0, 16.0]]
    assert relative(both, np.array([[5.0], [0.0]]))[0] == pytest.approx(np.array([[0.6, 0.0], [0.0, 0.0]]))


def test_what_departments_share_and_what_is_their_own() -> None:
    covariance, expected = np.array([[[15.0, 6.0], [6.0, 16.0]]]), np.array([[5.0], [4.0]])
    shared, own = shared_and_own(covariance, expected)
    typical, whole = (15 / 5 + 16 / 4) / 9, (15 + 16 + 12) / 81
    assert shared**2 + own**2 == pytest.approx(typical)
    assert shared**2 + own**2 * (25 + 16) / 81 == pytest.approx(whole)
    # nothing in common: the own part is all of it
    assert shared_and_own(np.array([[[4.0, 0.0], [0.0, 4.0]]]), np.array([[2.0], [2.0]])) == pytest.approx((0.0, 1.0))
