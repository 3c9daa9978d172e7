"""Facts before protection, and what stands on the far side of the wall."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from analysis.contracts.competence import Plan
from analysis.contracts.kinds import Contract, Interval, Number, Text, at_least, one_of, optional
from analysis.contracts.workforce import Departments
from analysis.tables.protected import KEYS, SHOWN, UNITS, Reason, Sensitivity, Status

FAR_DEPARTMENT = ("organisation", "reported", "pooled")


class Facts(Interval):
    """Figures about groups before protection, with what protection must know (``tables.facts``)."""

    table: Text
    department: Text
    row: Text
    column: Text
    layer: Text
    value: Number = optional()
    low: Number = optional()
    high: Number = optional()
    n: Number = at_least(nullable=True)
    numerator: Number = at_least(nullable=True)
    denominator: Number = at_least(nullable=True)
    unit: Text = one_of(*UNITS)
    definition: Text

    class Config:
        unique = list(KEYS)


class Changed(Contract):
    """By how much counts of persons changed since the edition before, and because of what (``workforce.changes``)."""

    figure: Text
    department: Text
    part: Text
    value: Number
    persons: Number = at_least(nullable=True)
    before: Text

    class Config:
        unique = ["figure", "department", "part"]


class Unchanged(Contract):
    """Keys of cells that a rebuild leaves as the build before showed them (``disclosure.editions``)."""

    table: Text
    department: Text
    row: Text
    column: Text
    layer: Text

    class Config:
        unique = list(KEYS)


class Cells(Contract):
    """Protected cells: the only figures that pages read (``tables.protected``)."""

    table: Text
    department: Text
    row: Text
    column: Text
    layer: Text
    value: Number = optional()
    low: Number = optional()
    high: Number = optional()
    n: Number = at_least(nullable=True)
    unit: Text = one_of(*UNITS)
    status: Text = one_of(*map(str, Status))
    reason: Text = one_of(*map(str, Reason))
    definition: Text
    sensitivity: Text = one_of(*map(str, Sensitivity))

    class Config:
        unique = list(KEYS)

    @pa.dataframe_check(error="numbers in cells that may not be shown")
    @classmethod
    def silent(cls, table: pd.DataFrame) -> pd.Series:
        """What is withheld or missing carries no number at all."""
        return table["status"].isin(SHOWN) | table[["value", "low", "high", "n"]].isna().all(axis=1)

    @pa.dataframe_check(error="published cells without a value")
    @classmethod
    def said(cls, table: pd.DataFrame) -> pd.Series:
        """What is published has a value."""
        return (table["status"] != Status.PUBLISHED) | table["value"].notna()

    @pa.dataframe_check(error="cells shown with a reason not to be, or not shown without one")
    @classmethod
    def reasoned(cls, table: pd.DataFrame) -> pd.Series:
        """What is not shown says why, and only that."""
        return table["status"].isin(SHOWN) == (table["reason"] == Reason.NONE)


class ShownDepartments(Departments):
    """Departments as pages name them, the whole organisation first; ``status`` says whether each has a page."""

    status: Text = one_of(*FAR_DEPARTMENT)


class ShownPlan(Plan):
    """The business plan as pages show it."""
