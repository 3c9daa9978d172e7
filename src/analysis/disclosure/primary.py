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

from typing import assert_never

import numpy as np
import pandas as pd

from analysis.disclosure.plan import Edge, PlannedTable, Rule
from analysis.disclosure.thresholds import Thresholds
from analysis.tables.protected import Reason


def primary(facts: pd.DataFrame, table: PlannedTable, thresholds: Thresholds) -> pd.Series:
    """Return a reason for each fact of one table: '' where it may be shown.

    Args:
        facts: rows of one table (``tables.facts``).
        table: its entry in the publishing plan.
        thresholds: the policy's thresholds.
    """
    is_low = facts["row"].isin(table.low_rows)
    least = pd.Series(np.where(is_low, thresholds.low, thresholds.least(table.sensitivity)), index=facts.index)
    reason = _by_rule(facts, table, least)
    if table.group_at_least is not None:  # everyone the figure is about: answers of a survey, persons at risk
        reason = reason.mask(facts["n"].fillna(0) < thresholds.least(table.group_at_least), Reason.FEW_PERSONS.value)
    zero = facts["value"] == 0
    if table.zeros is Edge.WITHHELD:
        reason = reason.mask(zero & ~is_low, Reason.HOMOGENEOUS.value)
    elif table.rule in (Rule.GROUP, Rule.COUNT):
        reason = reason.mask(zero, Reason.NONE.value)
    reason = reason.mask(facts["column"].isin(table.open_columns), Reason.NONE.value)
    return reason.mask(facts["value"].isna(), Reason.NO_DATA.value)


def _by_rule(facts: pd.DataFrame, table: PlannedTable, least: pd.Series) -> pd.Series:
    """The reasons that the table's rule gives. A count that is not held is too few, whatever the figure."""
    shown = pd.Series(Reason.NONE.value, index=facts.index, dtype="str")
    numerator = facts["numerator"].fillna(0)
    match table.rule:
        case Rule.GROUP:
            return shown.mask(_too_few(facts["n"], least), Reason.FEW_PERSONS.value)
        case Rule.COUNT:
            return shown.mask(_too_few(facts["numerator"], least), Reason.FEW_PERSONS.value)
        case Rule.SHARE:
            complement = facts["denominator"].fillna(0) - numerator
            reason = shown.mask(complement < least, Reason.COMPLEMENT.value)
            reason = reason.mask(numerator < least, Reason.FEW_PERSONS.value)
            reason = reason.mask(complement == 0, Reason.HOMOGENEOUS.value)
            if table.full is Edge.SHOWN:
                reason = reason.mask((complement == 0) & (numerator >= least), Reason.NONE.value)
            return reason
        case Rule.FORECAST:
            return shown.mask(facts["n"].fillna(0) < least, Reason.FEW_AT_RISK.value)
        case Rule.OPEN:
            return shown
        case never:
            assert_never(never)


def _too_few(persons: pd.Series, least: pd.Series) -> pd.Series:
    """More than nobody and fewer than the threshold, or not known how many."""
    return ((persons > 0) & (persons < least)) | persons.isna()
