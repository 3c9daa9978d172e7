"""Primary protection: what a figure's own counts say about whether it may be shown.

Rules:

* ``group``: the figure describes a group; the group must reach the threshold.
* ``count``: the figure is a count of persons with an attribute; the count must reach the threshold.
* ``share``: numerator and complement must each reach the threshold, so that a rate never gives away a count;
  0 % and 100 % say something about everyone and are withheld unless the plan says they are no secret.
* ``forecast``: persons at risk must reach the forecast threshold.
* ``open``: not about persons.

A table may name a second threshold for everyone its figures are about (``group_at_least``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.thresholds import Thresholds


def primary(facts: pd.DataFrame, table: dict[str, object], thresholds: Thresholds) -> pd.Series:
    """Return a reason for each fact of one table: '' where it may be shown.

    Args:
        facts: rows of one table (``tables.facts``).
        table: its entry in the publishing plan.
        thresholds: the policy's thresholds.
    """
    low_rows = table.get("low_rows", [])
    is_low = facts["row"].isin(low_rows if isinstance(low_rows, list) else [])
    least = np.where(is_low, thresholds.low, thresholds.least(str(table["sensitivity"])))
    rule = str(table["rule"])
    reason = pd.Series("", index=facts.index, dtype="str")
    n, numerator = facts["n"].fillna(0), facts["numerator"].fillna(0)
    complement = facts["denominator"].fillna(0) - numerator
    if rule == "group":
        reason = _where(reason, (n < least) & (n > 0), "few_persons")
    elif rule == "count":
        reason = _where(reason, (numerator < least) & (numerator > 0), "few_persons")
    elif rule == "share":
        reason = _where(reason, complement < least, "complement")
        reason = _where(reason, numerator < least, "few_persons")
        reason = _where(reason, complement == 0, "homogeneous")
        if table.get("full") == "shown":
            reason = _where(reason, (complement == 0) & (numerator >= least), "")
    elif rule == "forecast":
        reason = _where(reason, n < least, "few_at_risk")
    group = str(table.get("group_at_least", ""))
    if group:  # a second threshold, of everyone the figure is about: answers of a survey, persons at risk
        reason = _where(reason, n < thresholds.least(group), "few_persons")
    zero = facts["value"] == 0
    if table["zeros"] == "withheld":
        reason = _where(reason, zero & ~is_low, "homogeneous")
    elif rule in ("group", "count"):
        reason = _where(reason, zero, "")
    open_columns = table.get("open_columns", [])
    reason = _where(reason, facts["column"].isin(open_columns if isinstance(open_columns, list) else []), "")
    return _where(reason, facts["value"].isna(), "no_data")


def _where(reason: pd.Series, condition: pd.Series, value: str) -> pd.Series:
    return reason.mask(condition, value)
