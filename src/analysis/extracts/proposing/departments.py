"""Which departments a delivery has and how many work in each, to choose one for a preview."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.extracts.delivery import Delivery, read_delivery
from analysis.extracts.persons.secret_keys import passing_key
from analysis.extracts.quality.profile import extraction, headcount
from analysis.reference import policy


def departments(folder: Path) -> pd.DataFrame:
    """The departments of a delivery on the day of its extract, the largest first.

    Args:
        folder: Holds ``delivery.toml``.

    Returns:
        DataFrame[department, name, persons]: key, name (or the employer's own code), and persons employed as text,
        ``<5`` where they are fewer than the policy shows.
    """
    delivery = read_delivery(folder, key=passing_key(folder))
    least, names = policy().low.min_public, _names(delivery)
    counts = headcount(delivery, extraction(delivery))
    rows = [
        (key, names.get(key, delivery.units.code(key)), str(number) if number >= least else f"<{least}")
        for key, number in sorted(counts.items(), key=lambda each: -each[1])
    ]
    return pd.DataFrame(rows, columns=["department", "name", "persons"]).astype("str")


def _names(delivery: Delivery) -> dict[str, str]:
    """Key → name of the newest version of each unit; empty without an organisation."""
    if "organisation" not in delivery.tables:
        return {}
    units = delivery.tables["organisation"].sort_values("valid_from", kind="stable", na_position="first")
    units = units.drop_duplicates("unit", keep="last").dropna(subset="name")
    return dict(zip(units["unit"].astype("str"), units["name"].astype("str"), strict=True))
