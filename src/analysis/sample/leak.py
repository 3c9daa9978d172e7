"""A leak on request: what pay systems do to the rows of people who have left, for the alarm to be tried on.

The last row of everybody who has left is overwritten, as if the extract had always said so: with a title of those who
are gone (``title``), or with a unit that they are kept in (``workplace``). Nobody who is still employed has either.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.sample.staff import HOURLY
from analysis.sample.town import CUT_OFF

KINDS = ("title", "workplace")
"""Features that can be made to know the future."""
TITLE = "Avslutad anställning"
UNIT, NAME = "e9001", "Avgångna"


def check_kind(kind: str | None) -> None:
    """Raises ``InputError`` for a leak that cannot be planted."""
    if kind is not None and kind not in KINDS:
        raise InputError(f"a leak of kind {kind!r} cannot be planted; choose {' or '.join(KINDS)}")


def in_rows(rows: pd.DataFrame, kind: str | None) -> pd.DataFrame:
    """Employments (``records.employments``) with the last row of each leaver overwritten; as they are for None."""
    if kind is None:
        return rows
    monthly = rows[rows["form"] != HOURLY]
    last = monthly["end"] == monthly.groupby("person")["end"].transform("max")
    gone = np.flatnonzero(rows.index.isin(monthly.index[last & (monthly["end"] < int(CUT_OFF.astype(int)))]))
    column, value = ("title", TITLE) if kind == "title" else ("code", UNIT)
    values = rows[column].to_numpy(dtype=object).copy()
    values[gone] = value
    return rows.assign(**{column: pd.Series(values, rows.index).astype(rows[column].dtype)})


def in_organisation(organisation: pd.DataFrame, kind: str | None) -> pd.DataFrame:
    """The organisation, with the unit for those who are gone where that is the leak."""
    if kind != "workplace":
        return organisation
    parent = organisation.loc[organisation["level"] == "avdelning", "unit"].iloc[0]
    words = {"unit": UNIT, "parent": parent, "level": "enhet", "name": NAME, "name_en": "Left", "successor": ""}
    unit = organisation.iloc[[0]].assign(**words)
    return pd.concat([organisation, unit], ignore_index=True)
