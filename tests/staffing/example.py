"""A few cells of staff with hazards that are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.staffing import Baseline, Inflow, Lever, bridge, expected_inflow
from analysis.staffing.levers.effects import Outlook
from analysis.staffing.posts.filling import Filling
from analysis.staffing.posts.law import Rates
from analysis.staffing.supply.expected import Year
from analysis.staffing.supply.simulate import Draws, futures
from analysis.turnover import ShockModel
from analysis.workforce.groups import forecast_groups

Hazards = Callable[[pd.DataFrame], pd.DataFrame]
CALM = ShockModel(sd=dict.fromkeys(CAUSES, 1e-9), total_sd=1e-9, department_cv=0.0)
USUAL = ShockModel(sd=dict.fromkeys(CAUSES, 0.15), total_sd=0.15, department_cv=0.10)
PROFILE = ["occupation", "form", "rate_band", "age", "tenure", "share", "fte_per_person"]


def cells(*rows: tuple[str, str, int, float, int]) -> pd.DataFrame:
    """Open risk cells from (department, occupation, persons, rate, age); tenure is 3 years."""
    table = pd.DataFrame(rows, columns=["department", "occupation", "at_risk", "rate", "age"])
    table = table.assign(form="permanent", rate_band="full", tenure=3, origin="2025-12", open=True)
    table["fte"] = table["at_risk"] * table.pop("rate")
    return table.assign(**dict.fromkeys(CAUSES, np.nan))


def constant(**rates: float) -> Hazards:
    """The same probability of each named cause in every cell."""
    return lambda rows: pd.DataFrame({cause: rates.get(cause, 0.0) for cause in CAUSES}, index=rows.index)


def flows(*rows: tuple[str, str, str, float, float], origin: str = "2024-12") -> pd.DataFrame:
    """Flows from (department, occupation, part, persons, fte), one window unless told."""
    columns = ["department", "occupation", "part", "persons", "fte"]
    return pd.DataFrame(rows, columns=columns).assign(origin=origin)


def profile(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Shape of hires from (occupation, age, share)."""
    full = [(key, "permanent", "full", age, 0, share, 1.0) for key, age, share in rows]
    return pd.DataFrame(full, columns=PROFILE)


STAFF = cells(
    ("d1", "teacher", 60, 1.0, 40),
    ("d1", "teacher", 20, 0.8, 64),
    ("d1", "aide", 30, 0.7, 30),
    ("d2", "teacher", 45, 0.9, 50),
    ("d2", "aide", 9, 0.8, 25),
    ("d2", "cook", 13, 1.0, 58),
)
FLOWS = flows(
    ("d1", "teacher", "hires", 9.0, 8.1),
    ("d1", "aide", "hires", 3.0, 2.4),
    ("d1", "aide", "conversions", 2.0, 1.0),
    ("d2", "teacher", "hires", 4.0, 4.0),
    ("d2", "cook", "hires", 1.0, 0.9),
    ("d1", "teacher", "moves", -2.0, -1.5),
    ("d2", "teacher", "moves", 2.0, 1.5),
    ("d1", "aide", "ladder_moves", -1.0, -0.8),
    ("d1", "teacher", "ladder_moves", 1.0, 0.8),
)
SHAPE = profile(("teacher", 28, 0.75), ("teacher", 45, 0.25), ("aide", 24, 1.0))
GROUPS = forecast_groups(STAFF, minimum=20)


def hazards(rows: pd.DataFrame) -> pd.DataFrame:
    """Resignation by age, retirement from 64, something of every other cause."""
    table = constant(contract_end=0.02, employer=0.004, other=0.003, unknown=0.001)(rows)
    table["resignation"] = np.where(rows["age"] < 35, 0.15, 0.07)
    table["retirement"] = np.where(rows["age"] >= 64, 0.3, 0.0)
    return table


def inflow(windows: int = 3, years: int = 5, pipelines: pd.DataFrame | None = None) -> Inflow:
    return expected_inflow(FLOWS, GROUPS, pipelines, windows=windows, years=years)


OPENING = pd.DataFrame(
    {"department": ["d1", "d2", "d2"], "occupation": ["teacher", "cook", "nurse"], "fte": [2.5, 1.0, 0.5]}
)
CHANGE = pd.DataFrame(
    {
        "department": ["d1"] * 5,
        "occupation": ["teacher"] * 5,
        "year": [1, 2, 3, 4, 5],
        "fte": [-1.0, -2.0, -4.0, -5.0, -6.0],
        "level": [70.0] * 5,
    }
)


def baseline(**more: Any) -> Baseline:
    """What the bridge of this staff is computed from; keywords change it."""
    years = more.get("years", 5)
    base = Baseline(
        STAFF, hazards, GROUPS, inflow(years=years), SHAPE, USUAL, "2025-12", years, opening=OPENING, change=CHANGE
    )
    return replace(base, **more)


FILL = 0.2
"""Chance a month that an open post of this staff is filled."""


def steady(base: Baseline) -> Filling:
    """A tenth of each group's full-time equivalents falls empty a year, and what stands empty is what that leads to."""
    yearly = 0.1 * base.start.fte
    size = len(yearly)
    level = yearly / 12 / FILL
    rates = Rates(np.full(size, FILL), np.zeros(size), np.ones((12, size)), 36)
    opened = np.repeat(yearly[None] / 12, 12 * base.years, axis=0)
    return Filling(np.repeat(level[None], base.years, axis=0), level, opened, rates)


def outlook_of(base: Baseline) -> Outlook:
    """What levers on this staff are tried against."""
    return Outlook(base, steady(base))


def bridged(
    *, scenarios: Mapping[str, Sequence[Lever]] | None = None, seed: int = 7, draws: int = 200, **more: Any
) -> pd.DataFrame:
    """The bridge of this staff, some of whom study; keywords change the baseline."""
    pipelines = pd.DataFrame(
        {
            "department": "d1",
            "from_occupation": "aide",
            "target_occupation": "teacher",
            "year": ["2026", "2027", "2028", "2029", "2030"],
            "planned_completions": [0.0, 1.6, 0.8, 0.0, 0.0],
        }
    )
    base = baseline(**({"inflow": inflow(pipelines=pipelines)} | more))
    return bridge(base, scenarios or {}, seed=seed, draws=draws)


def simulate(path: list[Year], **given: Any) -> Draws:
    """Futures of all groups at once, in the order of the arrays: ``futures`` goes department by department."""
    parts = list(futures(path, **given))
    order = np.argsort(np.concatenate([own for own, _ in parts]), kind="stable")

    def together(name: str) -> np.ndarray:
        return np.concatenate([getattr(drawn, name) for _, drawn in parts], axis=-1)[..., order]

    def by_part(name: str) -> dict[str, np.ndarray]:
        keys = getattr(parts[0][1], name)
        return {
            key: np.concatenate([getattr(drawn, name)[key] for _, drawn in parts], axis=-1)[..., order] for key in keys
        }

    plain: dict[str, Any] = {name: together(name) for name in ("hires", "conversions", "need_error", "qualifying")}
    return Draws(lost=by_part("lost"), moved=by_part("moved"), added=by_part("added"), **plain)
