"""Staff turnover under the definitions that are in use: there is no agreed one (``definitions.toml`` says each).

All variants look at the twelve months that end with the period. Leaving is leaving the municipality; a transfer of
undertaking is none. Kolada's own variant, November to November, is ``november.permanent_flows``.
"""

from __future__ import annotations

import pandas as pd

from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import by_department, leavers
from analysis.workforce.indicators.named import figure, ratio
from analysis.workforce.spells import stock

MEASURED = ["person", "department", "form"]


def starters(rows: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Who came into monthly paid employment after ``start`` up to and with ``end``.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        start: day before the first day that counts.
        end: last day that counts.

    Returns:
        DataFrame[person, department, form]: the post held first, the main one of several.
    """
    came = rows[(rows["spell"] >= 0) & (rows["spell_start"] > start) & (rows["spell_start"] <= end)]
    first = came.sort_values(["start", "rate", "source_row"], ascending=[True, False, True], kind="stable")
    return first.drop_duplicates("spell")[MEASURED].reset_index(drop=True)


def turnover_variants(
    rows: pd.DataFrame, ends: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp, has_causes: bool
) -> pd.DataFrame:
    """Turnover by each named definition, per department and for the whole.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        ends: result of ``workforce.spells.spell_ends``.
        start: last day before the twelve months.
        end: the cut-off.
        has_causes: whether reasons are delivered; without them own request is missing, not nought.
    """
    opening, closing = (stock(rows, day)[MEASURED] for day in (start, end))
    came, gone = starters(rows, start=start, end=end), leavers(rows, ends, start=start, end=end)
    tables = {"opening": opening, "closing": closing, "came": came, "gone": gone}
    parts = {name: dict(by_department(table)) for name, table in tables.items()}
    later = closing.set_index("person")["department"]
    departments = sorted({key for part in parts.values() for key in part}, key=lambda key: (key != "all", key))
    empty = {name: table.iloc[:0] for name, table in tables.items()}
    found = []
    for department in departments:
        part = {name: parts[name].get(department, empty[name]) for name in tables}
        permanent = {name: table[table["form"] == "permanent"] for name, table in part.items()}
        left, started = len(permanent["gone"]), len(permanent["came"])
        mean = (len(permanent["opening"]) + len(permanent["closing"])) / 2
        mean_of_all = (len(part["opening"]) + len(part["closing"])) / 2
        stayed = permanent["opening"]["person"].map(later).dropna()
        moved = int((stayed != permanent["opening"]["department"].reindex(stayed.index)).sum())
        measured = [
            ("turnover_replacement", min(started, left), len(permanent["closing"])),
            ("turnover_external", left, mean),
            ("turnover_internal", moved, len(permanent["opening"])),
            ("turnover_state", min(len(part["came"]), len(part["gone"])), mean_of_all),
        ]
        if has_causes:
            own = int((permanent["gone"]["cause"] == "resignation").sum())
            pension = int((permanent["gone"]["cause"] == "retirement").sum())
            measured.append(("turnover_own_incl_pension", own + pension, mean))
            measured.append(("turnover_own_excl_pension", own, mean))
        found += [
            figure(name, department, ratio(number, of), of, numerator=number, denominator=of)
            for name, number, of in measured
        ]
    return facts(found)
