"""What became of the records of a delivery: the near side's account, and its description in groups."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from analysis.contracts.kinds import Contract, Number, Text, Whole, at_least, optional


class Units(Contract):
    """The key that a code of the employer became."""

    key: Text = pa.Field(unique=True)
    code: Text


class Ledger(Contract):
    """What happened to the records of each file; they add up."""

    file: Text
    table: Text
    read: Whole = at_least()
    accepted: Whole = at_least()
    quarantined: Whole = at_least()
    merged: Whole = at_least()
    excluded: Whole = at_least()
    structural: Whole = at_least()

    class Config:
        unique = ["file", "table"]

    @pa.dataframe_check(error="records that were neither accepted nor accounted for")
    @classmethod
    def conserved(cls, table: pd.DataFrame) -> pd.Series:
        """Every record went somewhere."""
        parts = ["accepted", "quarantined", "merged", "excluded", "structural"]
        return table["read"] == table[parts].sum(axis=1)


class Quarantine(Contract):
    """Rows set aside: the first reason found, with a value that shows nothing personal."""

    file: Text
    source_row: Whole
    table: Text
    column: Text
    reason: Text
    shown: Text


class Rules(Contract):
    """Rows that a named rule of the delivery excluded or changed."""

    file: Text
    table: Text
    rule: Text
    kind: Text
    rows: Whole = at_least()
    persons: Whole = at_least()
    why: Text


class Waterfall(Contract):
    """What each rule of employment did to rows, persons, spells, exits, hires and moves."""

    rule: Text = pa.Field(unique=True)
    sv: Text
    en: Text
    value: Text
    cases: Whole = at_least()
    counts: Whole = pa.Field(alias=r"^(rows|persons|spells|exits|hires|moves)_(before|after)$", regex=True, ge=0)


class Restated(Contract):
    """Units of older organisations, the department they count to now, and by which rule."""

    unit: Text = pa.Field(unique=True)
    was: Text
    into: Text
    department: Text
    rule: Text
    rows: Whole = at_least()
    persons: Whole = at_least()


class UnmatchedJoins(Contract):
    """What joins left over; ``examples`` are keys, never of persons."""

    join: Text
    left: Whole = at_least()
    right: Whole = at_least()
    left_unmatched: Whole = at_least()
    right_unmatched: Whole = at_least()
    examples: Text


class DeliveryProfile(Contract):
    """A description of the delivery that the next one is compared with; large groups only."""

    table: Text
    column: Text
    measure: Text
    key: Text
    value: Number = optional()
    n: Whole = at_least()

    class Config:
        unique = ["table", "column", "measure", "key"]
