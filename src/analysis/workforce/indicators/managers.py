"""Managers: how many report to each, and how many managers lead groups of which size."""

from __future__ import annotations

import pandas as pd

from analysis.periods import look_up
from analysis.reference import load
from analysis.tables.facts import facts
from analysis.tables.protected import TOTAL
from analysis.workforce.indicators.basic import added, per_person, sums


def reports_per_manager(
    people: pd.DataFrame, managers: pd.DataFrame, departments: dict[str, str], *, at: pd.Timestamp
) -> pd.DataFrame:
    """What each manager leads at ``at``, one row per manager and unit.

    A unit's staff is shared equally by its managers, who are not counted among their own staff.

    Args:
        people: result of ``stock`` at ``at``.
        managers: clean table ``managers``.
        departments: unit → department.
        at: the day.

    Returns:
        DataFrame[person, unit, department, staff, fte]; persons and agreed full-time equivalents led.
    """
    active = managers[(managers["start"] <= at) & (managers["end"].isna() | (managers["end"] > at))]
    active = active.drop_duplicates(["person", "unit"])
    leading = set(zip(active["person"], active["unit"], strict=True))
    own = [pair not in leading for pair in zip(people["person"], people["unit"], strict=True)]
    staff = people[own].groupby("unit")["fte"].agg(["size", "sum"])
    several = active.groupby("unit")["person"].transform("size")
    found = active[["person", "unit"]].assign(department=active["unit"].map(departments))
    found["staff"] = look_up(active["unit"], staff["size"]).fillna(0) / several
    found["fte"] = look_up(active["unit"], staff["sum"]).fillna(0) / several
    return found.reset_index(drop=True)


def staff_per_manager(
    people: pd.DataFrame, managers: pd.DataFrame, departments: dict[str, str], *, at: pd.Timestamp
) -> pd.DataFrame:
    """Monthly paid per manager: the median over managers, and managers by size of their staff.

    A unit's staff is shared equally by its managers; a manager of several units has them all; managers are
    not counted among their own staff.

    Args:
        people: result of ``stock`` at ``at``.
        managers: clean table ``managers``.
        departments: unit → department.
        at: the day.
    """
    leads = reports_per_manager(people, managers, departments, at=at)
    # a manager with units in two departments has a staff in each, and is one manager of the whole
    own, whole = (_by_size(led) for led in per_person(leads, ["staff"]))
    found = []
    for department, of in sums(own, whole=whole, staff=("staff", "median"), **added(*SIZES)):
        # the group that a figure describes is the managers: one manager's staff is a figure about one person
        base = {"department": department, "n": of["n"], "numerator": of["n"], "denominator": of["n"]}
        found.append(
            {
                **base, "table": "staff_per_manager", "row": TOTAL, "value": of["staff"],
                "unit": "ratio", "definition": "staff_per_manager",
            }
        )  # fmt: skip
        found += [
            {
                **base, "table": "span", "row": row, "value": int(of[row]), "unit": "posts",
                "numerator": int(of[row]), "definition": "staff_per_manager",
            }
            for row in SIZES
        ]  # fmt: skip
    return facts(found)


SIZES = ("u15", "15_30", "over_30")
FEW, MANY = (load("bands")["span"][each] for each in ("few", "many"))
"""Persons led."""


def _by_size(led: pd.DataFrame) -> pd.DataFrame:
    """Which managers lead fewer than ``FEW``, up to ``MANY``, and more."""
    staff = led["staff"]
    return led.assign(**dict(zip(SIZES, (staff < FEW, staff.between(FEW, MANY), staff > MANY), strict=True)))
