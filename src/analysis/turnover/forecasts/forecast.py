"""The forecast of who leaves within twelve months, for groups of at least twenty at risk, with intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.errors import GateError
from analysis.reference import CAUSES
from analysis.tables.joins import join
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover.cells import HORIZON, check_risk_cells, least_at_risk
from analysis.turnover.forecasts.coefficient_error import relative
from analysis.turnover.forecasts.incidence import compound
from analysis.turnover.forecasts.intervals import Bounds, Units, simulate
from analysis.turnover.leaks.alarm import Verdict, check_leaks
from analysis.turnover.models.method import Method
from analysis.turnover.scores.evaluation import Evaluation, evaluate

COLUMNS = [
    "department", "occupation", "cause", "n", "fte", "expected", "low", "high", "expected_fte", "method",
]  # fmt: skip
INCIDENCE = ["department", "months", "cause", "n", "expected", "low", "high"]
GRAIN = 2.0**-20
"""Expected numbers are whole multiples of this (a millionth): floating sums are exact in any order."""


def chosen_hazards(cells: pd.DataFrame, evaluation: Evaluation) -> pd.DataFrame:
    """Twelve-month probabilities by the chosen method of each cause, one row per cell, index as in ``cells``.

    Needs the covariate columns only, so that it also serves cells that do not exist yet (an aged stock). A
    prediction of a cell is an intermediate result: it stays in memory, and only sums over groups may be
    written.
    """
    return evaluation.predict(cells)


def forecast(
    cells: pd.DataFrame,
    *,
    groups: pd.DataFrame,
    draws: int,
    rng: np.random.Generator,
    evaluation: Evaluation,
) -> pd.DataFrame:
    """Expected leavers within twelve months of the open origin, by group, department and for the whole.

    Args:
        cells: risk cells; only those of ``evaluation.origin`` are used.
        groups: Groups (``contracts``), at least 20 at risk
            each.
        draws: simulated years behind each interval.
        rng: source of randomness.
        evaluation: methods, hazards and spreads.

    Returns:
        DataFrame[department, occupation, cause, n, fte, expected, low, high, expected_fte, method].
        Occupation ``total`` sums a department, department ``all`` the organisation, cause ``total`` the
        causes; expected values add up exactly, ``low`` and ``high`` (P10, P90 of persons) do not add.

    Raises:
        GateError: no cell at the forecast origin, a pair without a group, or a group below 20 at risk.
    """
    cells = check_risk_cells(cells)
    now = cells[cells["origin"] == evaluation.origin].reset_index(drop=True)
    if now.empty:
        raise GateError(f"there are no risk cells at the forecast origin {evaluation.origin}; build them again")
    group = _group(now, groups)
    p = chosen_hazards(now, evaluation)
    keys = [group["group_department"], group["group_occupation"]]
    at_risk, fte = now["at_risk"].astype(float), now["fte"].astype(float)
    persons = pd.DataFrame({"n": at_risk, "fte": fte}).groupby(keys, sort=True).sum()
    least = least_at_risk()
    small = persons.index[persons["n"] < least]
    if len(small):
        raise GateError(f"forecast group {'/'.join(small[0])} holds fewer than {least} at risk; pool it upward")
    expected = p.mul(at_risk, axis=0).groupby(keys, sort=True).sum()
    chance = (p * (1.0 - p)).mul(at_risk, axis=0).groupby(keys, sort=True).sum()
    expected_fte = p.mul(fte, axis=0).groupby(keys, sort=True).sum()
    units = Units(
        persons.index.get_level_values(0).to_numpy(),
        persons["n"].to_numpy(),
        expected.to_numpy(),
        chance.to_numpy(),
    )
    place = persons.index.get_indexer(pd.MultiIndex.from_arrays(keys))
    errors = relative(evaluation.errors(now, place, len(persons)), expected.to_numpy())
    bounds = simulate(units, shocks=evaluation.shocks, draws=draws, rng=rng, errors=errors)
    return _table(persons, _grained(expected), _grained(expected_fte), bounds, evaluation.methods)


def _group(now: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """The forecast group of each cell."""
    pairs = groups.drop_duplicates(["department", "occupation"])
    found, _ = join(now[["department", "occupation"]], pairs, ["department", "occupation"], name="forecast groups")
    lost = found["group_department"].isna() | found["group_occupation"].isna()
    if lost.any():
        first = found.loc[lost].iloc[0]
        raise GateError(
            f"department {first['department']} with occupation {first['occupation']} has no forecast group; "
            "build the groups again"
        )
    return found


def _grained(values: pd.DataFrame) -> pd.DataFrame:
    return (values / GRAIN).round() * GRAIN


def _table(
    persons: pd.DataFrame,
    expected: pd.DataFrame,
    expected_fte: pd.DataFrame,
    bounds: Bounds,
    methods: dict[str, str],
) -> pd.DataFrame:
    """Lay out groups, departments and the whole, causes and all causes together."""
    expected = expected.assign(**{TOTAL: expected.sum(axis=1)})
    expected_fte = expected_fte.assign(**{TOTAL: expected_fte.sum(axis=1)})
    used = {methods[cause] for cause in CAUSES if expected[cause].sum() > 0} or {methods[CAUSES[0]]}
    shown = {**methods, TOTAL: used.pop() if len(used) == 1 else "mixed"}
    departments = persons.index.get_level_values(0)
    levels = (
        (persons.index, lambda t: t, bounds.units),
        (
            pd.MultiIndex.from_product([sorted(departments.unique()), [TOTAL]]),
            lambda t: t.groupby(departments, sort=True).sum(),
            bounds.departments,
        ),
        (pd.MultiIndex.from_tuples([(ORGANISATION, TOTAL)]), lambda t: t.sum().to_frame().T, bounds.whole[None]),
    )
    parts = []
    for index, sums, limits in levels:
        counts, full, size = sums(expected), sums(expected_fte), sums(persons)
        for i, cause in enumerate((*CAUSES, TOTAL)):
            parts.append(
                pd.DataFrame(
                    {
                        "department": index.get_level_values(0),
                        "occupation": index.get_level_values(1),
                        "cause": cause,
                        "n": size["n"].to_numpy().astype(int),
                        "fte": size["fte"].to_numpy(),
                        "expected": counts[cause].to_numpy(),
                        "low": limits[:, i, 0],
                        "high": limits[:, i, 1],
                        "expected_fte": full[cause].to_numpy(),
                        "method": shown[cause],
                    }
                )
            )
    return pd.concat(parts, ignore_index=True).loc[:, COLUMNS]


def cumulated(
    cells: pd.DataFrame,
    *,
    groups: pd.DataFrame,
    draws: int,
    rng: np.random.Generator,
    evaluation: Evaluation,
    permanent: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Expected leavers among those in post at the open origin, within one, two and three years.

    Args:
        cells: risk cells; only those of ``evaluation.origin`` are used.
        groups: forecast groups.
        draws: simulated futures behind each interval; every year has a shock of its own.
        rng: source of randomness.
        evaluation: methods, hazards and spreads.
        permanent: DataFrame[occupation, share], see ``incidence.compound``.

    Returns:
        DataFrame[INCIDENCE], departments and the whole (``all``), cause ``total`` the sum; counts of persons.
    """
    cells = check_risk_cells(cells)
    now = cells[cells["origin"] == evaluation.origin].reset_index(drop=True)
    department = _group(now, groups)["group_department"].to_numpy()
    years = compound(now, evaluation.predict, permanent=permanent)
    persons = now["at_risk"].astype(float).groupby(department, sort=True).sum()
    units, expected = [], []
    for own, chance in years:
        sums, variances = (table.groupby(department, sort=True).sum() for table in (own, chance))
        units.append(Units(persons.index.to_numpy(), persons.to_numpy(), sums.to_numpy(), variances.to_numpy()))
        expected.append(_grained(sums))
    errors = evaluation.errors(now, persons.index.get_indexer(pd.Index(department)), len(persons))
    errors = relative(errors, units[0].expected)
    parts = []
    for ahead in range(1, len(years) + 1):
        later = units[1:ahead]
        bounds = simulate(units[0], shocks=evaluation.shocks, draws=draws, rng=rng, later=later, errors=errors)
        total = sum(expected[1:ahead], expected[0])
        total = total.assign(**{TOTAL: total.sum(axis=1)})
        for i, cause in enumerate((*CAUSES, TOTAL)):
            low, high = bounds.departments[:, i].T
            table = pd.DataFrame({"n": persons, "expected": total[cause], "low": low, "high": high})
            whole = pd.DataFrame([table.sum()], index=[ORGANISATION])
            whole[["low", "high"]] = bounds.whole[i]
            both = pd.concat([table, whole]).rename_axis("department").reset_index()
            parts.append(both.assign(months=HORIZON * ahead, cause=cause))
    return pd.concat(parts, ignore_index=True).loc[:, INCIDENCE]


def assess(
    cells: pd.DataFrame,
    *,
    groups: pd.DataFrame,
    seed: int,
    draws: int,
    periods: pd.DataFrame | None = None,
    cohorts: pd.DataFrame | None = None,
    permanent: pd.DataFrame | None = None,
    jobs: int = 1,
    method: Method | None = None,
    verdict: Verdict | None = None,
) -> Evaluation:
    """Evaluate the method at earlier origins, then forecast; see ``Evaluation.forecast`` and ``.incidence``.

    Args:
        cells: risk cells, see ``analysis.turnover.cells``.
        groups: forecast groups.
        seed: seed of every simulated interval.
        draws: simulated futures per interval.
        periods: person-periods shorter than a year, see ``evaluate``.
        cohorts: exits within three years, see ``evaluate``.
        permanent: temporary staff made permanent, see ``evaluate``.
        jobs: processes that fit origins side by side.
        method: candidates, history and priors; by default those of the reference data.
        verdict: what the leak alarm has decided (``leaks.alarm.judge``); without it the alarm is asked here.

    Raises:
        GateError: a feature knows the future (``leaks``), see also ``evaluate`` and ``forecast``. Where no window is
            open, nothing is forecast.
    """
    if verdict is None:
        check_leaks(cells)
    evaluation = evaluate(
        cells,
        groups=groups,
        seed=seed,
        draws=draws,
        periods=periods,
        cohorts=cohorts,
        permanent=permanent,
        jobs=jobs,
        method=method,
    )
    if not (cells["origin"] == evaluation.origin).any():
        return evaluation
    rng = np.random.default_rng([seed, 1])
    made = forecast(cells, groups=groups, draws=draws, rng=rng, evaluation=evaluation)
    share = None if permanent is None else permanent[permanent["origin"] == evaluation.origin]
    longer = cumulated(
        cells,
        groups=groups,
        draws=draws,
        rng=np.random.default_rng([seed, 2]),
        evaluation=evaluation,
        permanent=share,
    )
    return replace(evaluation, forecast=made, incidence=longer)
