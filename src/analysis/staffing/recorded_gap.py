"""The gap as it was recorded at earlier origins, and what could have been said about it: open posts, or a budget.

    need ahead = (full-time equivalents in post + recorded gap) · volumes ahead / volumes now
    gap ahead  = need ahead − full-time equivalents in post ahead, not below nought

Stock and volumes ahead are those forecast at the origin. A gap is judged only where it is recorded: where the delivery
has vacancies from the day the first of them was closed (earlier ones may be missing), else in years with a budget.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.staffing.need.from_volumes import opening_gap
from analysis.staffing.need.population import opening_from_budget
from analysis.tables.protected import ORGANISATION
from analysis.workforce.groups import sum_to_groups

AT = ["department", "origin"]
COLUMNS = ["origin", "horizon", "department", "quantity", "model", "yardstick", "drift", "observed", "n", "chance"]


def recorded_gaps(
    vacancies: pd.DataFrame | None,
    budget: pd.DataFrame | None,
    flows: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    origins: list[str],
) -> pd.DataFrame:
    """Recorded gap of each department of the cut-off's structure, DataFrame[department, origin, fte].

    Args:
        vacancies: clean table ``vacancies`` or None.
        budget: clean table ``budgeted_posts`` or None.
        flows: result of ``workforce.flows``.
        groups: result of ``workforce.forecast_groups``.
        origins: yearly cut-offs.
    """
    found = []
    if vacancies is not None and len(vacancies):
        since = vacancies["closed"].min()
        for origin in origins:
            if pd.notna(since) and cutoff(origin) >= since:
                found.append(opening_gap(vacancies, at=cutoff(origin)).assign(origin=origin))
    elif budget is not None and len(budget):
        staff = _in_post(flows)
        for origin in origins:
            held = staff[staff["origin"] == origin]
            if (budget["year"] == cutoff(origin).year).any() and len(held):
                own = opening_from_budget(budget, held, period=origin)
                found.append(own.assign(fte=own["fte"].clip(lower=0.0), origin=origin))
    if not found:
        return pd.DataFrame(columns=[*AT, "fte"])
    table = sum_to_groups(pd.concat(found, ignore_index=True), groups, by=["origin"], values=["fte"])
    sums = table.groupby(AT, as_index=False)[["fte"]].sum()
    if vacancies is None or vacancies.empty:
        return sums
    # a department without an open post at an origin has a gap of nought there; one without a budget has none at all
    every = pd.MultiIndex.from_product([sorted(groups["group_department"].unique()), sums["origin"].unique()], names=AT)
    return sums.set_index(AT)["fte"].reindex(every, fill_value=0.0).reset_index()


def _in_post(flows: pd.DataFrame) -> pd.DataFrame:
    """Full-time equivalents in post at every origin, the open one included, by department and occupation."""
    opening = flows[flows["part"] == "opening"]
    last = flows[(flows["part"] == "closing") & (flows["origin"] == flows["origin"].max())]
    after = last.assign(origin=[shift(origin, 12) for origin in last["origin"]])
    return pd.concat([opening, after], ignore_index=True)[["department", "occupation", "origin", "fte"]]


def gap_forecasts(
    candidates: pd.DataFrame, gaps: pd.DataFrame, flows: pd.DataFrame, groups: pd.DataFrame
) -> pd.DataFrame:
    """Forecasts of the gap at every origin where it was recorded, as the other candidates of the backtest.

    Args:
        candidates: forecasts of ``stock`` and of volumes (``volume_…``) at every origin.
        gaps: result of ``recorded_gaps``.
        flows: result of ``workforce.flows``.
        groups: result of ``workforce.forecast_groups``.

    Returns:
        DataFrame[COLUMNS], quantity ``gap`` in full-time equivalents, departments and the whole.
    """
    stock = candidates[(candidates["quantity"] == "stock") & (candidates["department"] != ORGANISATION)]
    if gaps.empty or stock.empty:
        return pd.DataFrame(columns=COLUMNS)
    wide = gaps.pivot_table(index="department", columns="origin", values="fte", aggfunc="sum")
    fte = sum_to_groups(_in_post(flows), groups, by=["origin"], values=["fte"]).groupby(AT)["fte"].sum()
    table = stock.drop(columns=["quantity", "drift", "observed"]).rename(columns={"model": "ahead", "yardstick": "now"})
    table = table[table["origin"].isin(wide.columns)].reset_index(drop=True)

    def recorded(back: int) -> np.ndarray:
        """The gap some years after (or, below nought, before) each row's origin."""
        years = [shift(origin, 12 * back) for origin in table["origin"]]
        return _look_up(wide, table["department"], years)

    post = fte.reindex(pd.MultiIndex.from_frame(table[AT])).to_numpy(dtype=float)
    each = np.divide(post, table["now"], out=np.ones(len(table)), where=table["now"].to_numpy() > 0)
    gap, horizon = recorded(0), table["horizon"].to_numpy()
    before = recorded(-1)
    need = (post + gap) * _grown(candidates, table)
    due = [shift(origin, 12 * int(years)) for origin, years in zip(table["origin"], horizon, strict=True)]
    found = pd.DataFrame(
        {
            "origin": table["origin"],
            "horizon": horizon,
            "department": table["department"],
            "model": np.maximum(need - each * table["ahead"].to_numpy(dtype=float), 0.0),
            "yardstick": gap,
            "drift": np.maximum(gap + horizon * (gap - before), 0.0),
            "observed": _look_up(wide, table["department"], due),
            "n": table["n"],
            "chance": each**2 * table["chance"].to_numpy(dtype=float),
        }
    )
    whole = found.drop(columns="department").groupby(["origin", "horizon"], as_index=False).sum(min_count=len(wide))
    both = pd.concat([found, whole.assign(department=ORGANISATION)], ignore_index=True)
    return both.assign(quantity="gap")[COLUMNS]


def _look_up(wide: pd.DataFrame, departments: pd.Series, years: list[str]) -> np.ndarray:
    """Values by department and origin, NaN where the gap was not recorded."""
    long = wide.stack()  # noqa: PD013
    return long.reindex(pd.MultiIndex.from_arrays([departments, years])).to_numpy(dtype=float)


def _grown(candidates: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """Volumes ahead over volumes now as they were foreseen, 1 where a department has none."""
    keys = ["origin", "horizon", "department"]
    volumes = candidates[candidates["quantity"].str.startswith("volume_") & candidates["model"].notna()]
    sums = volumes.groupby(keys)[["model", "yardstick"]].sum()
    ratio = (sums["model"] / sums["yardstick"]).where(sums["yardstick"] > 0)
    return ratio.reindex(pd.MultiIndex.from_frame(table[keys])).fillna(1.0).to_numpy(dtype=float)
