"""Risk cells: persons at risk and exits by covariate cell and yearly window.

An origin "YYYY-MM" opens the window (end of that month, end of the month twelve months later]. What was known
at an origin are the windows that had closed by then, and nothing else.
"""

from __future__ import annotations

import pandas as pd

from analysis.errors import GateError
from analysis.periods import shift
from analysis.reference import CAUSES, policy

BASE = ("department", "occupation", "form", "rate_band", "age", "tenure")
"""Covariates every row of risk cells has."""
FINER: dict[str, str | float] = {
    "title": "", "workplace": "", "pay_position": float("nan"), "manager_span": "", "manager_change": "",
    "unit_growth": "", "ladder_step": "", "training": "",
}  # fmt: skip
"""Covariates a delivery may lack, and the value that stands for not known."""
COVARIATES = (*BASE, *FINER)
SEASON = "season"
"""Covariate of periods shorter than a year; a window of twelve months holds every season once."""
HORIZON = 12
"""Length of a window in months."""
UNKNOWN = -1
"""Age or tenure that the delivery does not hold."""


def least_at_risk() -> int:
    """Persons at risk without whom there is no forecast, on pages as well as in result files (``policy.toml``)."""
    return policy().forecast.min_at_risk


def month_index(origin: str) -> int:
    """Months since year 0, so that differences of origins are plain subtraction."""
    year, month = origin.split("-")
    return int(year) * 12 + int(month) - 1


def check_risk_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the risk cells in a fixed order of rows, so that nothing computed depends on row order.

    Raises:
        GateError: a column is missing, a closed window lacks outcomes, or more left than were at risk.
    """
    needed: tuple[str, ...] = ("origin", *BASE, "at_risk", "fte", *CAUSES, "open")
    missing = [name for name in needed if name not in cells.columns]
    if missing:
        raise GateError(f"risk cells lack the columns {', '.join(missing)}; build them again with workforce")
    cells = with_finer(cells)
    needed = ("origin", *COVARIATES, "at_risk", "fte", *CAUSES, "open")
    cells = cells.loc[:, list(needed)].astype({"open": bool})
    closed = cells[~cells["open"]]
    exits = closed[list(CAUSES)]
    if exits.isna().any(axis=None) or (exits < 0).any(axis=None):
        bad = closed.loc[exits.isna().any(axis=1) | (exits < 0).any(axis=1), "origin"].iloc[0]
        raise GateError(f"risk cells of origin {bad} have no outcome although the window is closed; mark it open")
    too_many = exits.sum(axis=1) > closed["at_risk"] + 1e-9
    if too_many.any():
        bad = closed.loc[too_many, "origin"].iloc[0]
        raise GateError(f"risk cells of origin {bad} hold more exits than persons at risk; count each person once")
    cells = cells[cells["at_risk"] > 0]
    return cells.sort_values(list(needed), ignore_index=True)


def with_finer(cells: pd.DataFrame) -> pd.DataFrame:
    """``cells`` with every covariate, those that are not there as not known."""
    cells = cells.copy(deep=False)
    for name, unknown in {**FINER, SEASON: ""}.items():
        if name not in cells.columns:
            cells[name] = unknown
    return cells


def known_at(cells: pd.DataFrame, origin: str) -> pd.DataFrame:
    """The cells whose outcome was known at ``origin``: windows closed by the end of that month."""
    return cells[~cells["open"] & closed_by(cells["origin"], origin)]


def known_periods(periods: pd.DataFrame | None, origin: str) -> pd.DataFrame | None:
    """The person-periods of the windows known at ``origin``."""
    return None if periods is None or periods.empty else periods[closed_by(periods["origin"], origin)]


def latest(table: pd.DataFrame, windows: int) -> pd.DataFrame:
    """Rows of the ``windows`` latest origins among those of ``table``; all of them where it is 0."""
    return table if windows == 0 else table[table["origin"].isin(sorted(table["origin"].unique())[-windows:])]


def closed_by(origins: pd.Series, origin: str) -> pd.Series:
    """True where the window opened at ``origins`` had ended when ``origin`` came."""
    months = {name: month_index(name) + HORIZON for name in origins.unique()}
    return origins.map(months).astype("float64") <= month_index(origin)


def closed_origins(cells: pd.DataFrame) -> list[str]:
    """Origins whose window has closed, oldest first."""
    return sorted(cells.loc[~cells["open"], "origin"].unique())


def forecast_origin(cells: pd.DataFrame) -> str:
    """The origin the forecast is made at: the open one, else the end of the last closed window.

    Raises:
        GateError: there is no cell at all.
    """
    if cells.empty:
        raise GateError("there are no risk cells; a forecast of turnover needs at least one year of employments")
    is_open = cells.loc[cells["open"], "origin"]
    if len(is_open):
        return str(is_open.max())
    return shift(str(cells["origin"].max()), HORIZON)
