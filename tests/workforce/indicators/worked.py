"""Reading one figure of the table ``definitions`` in a worked example."""

from __future__ import annotations

import pandas as pd

UNITS = {"u1": "d1", "u2": "d2"}
NOVEMBER = pd.Timestamp("2025-11-30")


def value(facts: pd.DataFrame, name: str, department: str = "all") -> float:
    """The one figure under this definition."""
    return float(line(facts, name, department)["value"])


def line(facts: pd.DataFrame, name: str, department: str = "all") -> pd.Series:
    """The one fact under this definition."""
    found = facts[(facts["row"] == name) & (facts["department"] == department)]
    assert len(found) == 1, found
    return found.iloc[0]
