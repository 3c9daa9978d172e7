"""What earlier forecasts said, with intervals, and what happened."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.errors import GateError
from analysis.reference import CAUSES
from analysis.turnover.cells import ALL, HORIZON, MIN_AT_RISK, TOTAL, closed_by, month_index
from analysis.turnover.intervals import ShockModel, Units, fit_shocks, interval_score, simulate
from analysis.turnover.scores import MODEL, Choice

TRACK = [
    "origin",
    "horizon_months",
    "department",
    "cause",
    "expected",
    "low",
    "high",
    "observed",
    "yardstick",
    "n",
]
HITS = ["origin", "cause", "departments", "hit_rate", "interval_score", "yardstick_error", "model_error"]


def places(groups: pd.DataFrame) -> dict[str, str]:
    """Department → the department it is reported under (the whole organisation's ``all`` for none).

    Raises:
        GateError: a column is missing.
    """
    needed = ["department", "occupation", "group_department", "group_occupation"]
    missing = [name for name in needed if name not in groups.columns]
    if missing:
        raise GateError(f"forecast groups lack the columns {', '.join(missing)}; build them again with workforce")
    ordered = groups.sort_values(needed)
    counts = ordered.groupby(["department", "group_department"], as_index=False).size()
    counts = counts.sort_values(["department", "size", "group_department"], ascending=[True, False, True])
    first = counts.drop_duplicates("department")
    return dict(zip(first["department"], first["group_department"], strict=True))


def _short(choices: Mapping[str, Choice], windows: int) -> dict[str, float]:
    """1 / number of windows behind each cause's level: one for the yardstick, all of them for the model."""
    return {cause: 1.0 / windows if c.method == MODEL else 1.0 for cause, c in choices.items()}


def shocks_at(
    history: pd.DataFrame,
    origin: str,
    cells: pd.DataFrame,
    said: pd.DataFrame,
    choices: Mapping[str, Choice],
    windows: int,
) -> ShockModel:
    """The spread known at ``origin``: forecasts whose windows had closed by then."""
    known = history[closed_by(history["origin"], origin)]
    expected = said.mul(cells["at_risk"], axis=0).sum()
    shares = (expected / max(float(expected.sum()), 1e-12)).to_dict()
    return fit_shocks(known, short=_short(choices, windows), shares={str(k): float(v) for k, v in shares.items()})


def _sums(values: pd.DataFrame, at_risk: pd.Series, department: pd.Series) -> pd.DataFrame:
    """Sums of ``values`` times persons at risk by department."""
    return values.mul(at_risk, axis=0).groupby(department, sort=True).sum()


def record(
    origin: str,
    then: pd.DataFrame,
    said: pd.DataFrame,
    naive: pd.DataFrame,
    *,
    place: Mapping[str, str],
    choices: Mapping[str, Choice],
    windows: int,
    history: pd.DataFrame,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Track record of one origin, with the columns of ``TRACK`` and ``HISTORY``."""
    shocks = shocks_at(history, origin, then, said, choices, windows)
    department = then["department"].map(place).fillna("")  # closed since: counted in the whole only
    at_risk = then["at_risk"].astype(float)
    expected = _sums(said, at_risk, department)
    chance = _sums(said * (1.0 - said), at_risk, department)
    yardstick = _sums(naive, at_risk, department)
    observed = then[list(CAUSES)].groupby(department, sort=True).sum()
    persons = at_risk.groupby(department, sort=True).sum()
    names = persons.index.to_numpy()
    units = Units(names, persons.to_numpy(), expected.to_numpy(), chance.to_numpy())
    rng = np.random.default_rng([seed, month_index(origin)])
    bounds = simulate(units, shocks=shocks, draws=draws, rng=rng)
    short = _short(choices, windows)
    parts = []
    for i, cause in enumerate((*CAUSES, TOTAL)):
        several = list(CAUSES) if cause == TOTAL else [cause]
        pick = {
            "expected": expected[several].sum(axis=1),
            "variance": chance[several].sum(axis=1),
            "observed": observed[several].sum(axis=1),
            "yardstick": yardstick[several].sum(axis=1),
            "n": persons,
        }
        rows = pd.DataFrame(pick)
        rows[["low", "high"]] = bounds.departments[:, i]
        whole = pd.DataFrame([rows.sum()], index=[ALL])
        whole[["low", "high"]] = bounds.whole[i]
        keep = (rows["n"] >= MIN_AT_RISK) & ~rows.index.isin(["", ALL])
        rows = pd.concat([whole, rows[keep]]).rename_axis("department").reset_index()
        if cause == TOTAL:
            weight = expected.sum() / max(float(expected.sum().sum()), 1e-12)
            years = float(sum(weight[c] * short[c] for c in CAUSES))
        else:
            years = short[cause]
        parts.append(rows.assign(cause=cause, short=years))
    return pd.concat(parts, ignore_index=True).assign(origin=origin, horizon_months=HORIZON)


def hit_rates(track_record: pd.DataFrame) -> pd.DataFrame:
    """How often the 80 % interval held, pooled over departments, by origin and for all origins together.

    Returns:
        DataFrame[origin, cause, departments, hit_rate, interval_score, yardstick_error, model_error] for the
        causes total and resignation and, last, origin ``all``. ``departments`` counts forecasts judged.
        Errors are the sum of absolute misses of departments over the number that left (of the forecast that
        was shown, and of the yardstick); the interval score is in persons per department, lower is better.
    """
    wanted = track_record["cause"].isin([TOTAL, "resignation"]) & (track_record["department"] != ALL)
    rows = track_record[wanted]
    happens = rows.groupby("cause")["expected"].sum() > 0
    rows = rows[rows["cause"].isin(happens.index[happens])]
    found = []
    for cause in (TOTAL, "resignation"):
        own = rows[rows["cause"] == cause]
        for origin in [*sorted(own["origin"].unique()), ALL]:
            part = own if origin == ALL else own[own["origin"] == origin]
            if len(part):
                found.append({"origin": origin, "cause": cause, **_hits(part)})
    return pd.DataFrame(found, columns=HITS)


def _hits(part: pd.DataFrame) -> dict[str, float]:
    low, high, observed = (part[name].to_numpy(dtype=float) for name in ("low", "high", "observed"))
    left = observed.sum() if observed.sum() > 0 else float("nan")
    return {
        "departments": len(part),
        "hit_rate": float(((low <= observed) & (observed <= high)).mean()),
        "interval_score": float(interval_score(low, high, observed).mean()),
        "yardstick_error": float((part["yardstick"] - part["observed"]).abs().sum() / left),
        "model_error": float((part["expected"] - part["observed"]).abs().sum() / left),
    }
