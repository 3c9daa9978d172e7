"""Which departments a delivery has and how many work in each, to choose one for a preview."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.extracts.delivery import Delivery, read_delivery
from analysis.extracts.secret_keys import passing_key

FEW = 5
"""Persons below which a number is not shown."""


def departments(folder: Path) -> pd.DataFrame:
    """The departments of a delivery on the day of its extract, the largest first.

    Args:
        folder: Holds ``delivery.toml``.

    Returns:
        DataFrame[department, name, persons]: key, name (or the employer's own code), and persons employed as text,
        ``<5`` where they are few.
    """
    delivery = read_delivery(folder, key=passing_key(folder))
    places, names = _places(delivery)
    staff = _staff(delivery)
    staff = staff.assign(department=staff["unit"].map(lambda unit: places.get(unit, unit)))
    counts = staff.groupby("department")["person"].nunique().sort_values(ascending=False, kind="stable")
    rows = [
        (str(key), names.get(str(key), delivery.units.code(str(key))), str(number) if number >= FEW else f"<{FEW}")
        for key, number in counts.items()
    ]
    return pd.DataFrame(rows, columns=["department", "name", "persons"]).astype("str")


def _staff(delivery: Delivery) -> pd.DataFrame:
    """Person and unit of everyone employed on the day of the extract, or on the last list."""
    day = pd.Timestamp(delivery.manifest.delivery.extracted)
    if "employments" in delivery.tables:
        rows = delivery.tables["employments"]
        rows = rows[(rows["start"] <= day) & (rows["end"].isna() | (rows["end"] >= day))]
    else:
        rows = delivery.tables["snapshots"]
        rows = rows[rows["snapshot"] == rows["snapshot"].max()]
    return pd.DataFrame({name: rows[name].astype("str") for name in ("person", "unit")})


def _places(delivery: Delivery) -> tuple[dict[str, str], dict[str, str]]:
    """Unit → department on the level that gets reports, and key → name; empty without an organisation."""
    level = delivery.manifest.departments.level.casefold()
    if "organisation" not in delivery.tables or not level:
        return {}, {}
    units = delivery.tables["organisation"].sort_values("valid_from", kind="stable", na_position="first")
    units = units.drop_duplicates("unit", keep="last").astype({"unit": "str", "level": "str", "name": "str"})
    above = dict(zip(units["unit"], units["parent"].astype("str"), strict=True))
    on_level = set(units.loc[units["level"].str.casefold() == level, "unit"])
    places = {}
    for unit in units["unit"]:
        place, passed = unit, set()
        while place in above and place not in on_level and place not in passed:
            passed.add(place)
            place = above[place]
        if place in on_level:
            places[unit] = place
    return places, dict(zip(units["unit"], units["name"], strict=True))
