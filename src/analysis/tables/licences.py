"""Which licences and certificates hold on a day."""

from __future__ import annotations

import pandas as pd


def in_force(qualifications: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Rows of the clean table ``qualifications`` that hold on ``day``: begun, and not run out.

    A row without a first day has always held, one without a last day does not run out; the last day counts.
    """
    begun = qualifications["valid_from"].isna() | (qualifications["valid_from"] <= day)
    if "valid_until" not in qualifications:
        return qualifications[begun]
    return qualifications[begun & ~(qualifications["valid_until"] < day)]
