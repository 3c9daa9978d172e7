"""Staff turnover under the definitions that are in use: there is no agreed one (``definitions.toml`` says each).

All variants look at the twelve months that end with the period. Leaving is leaving the municipality; a transfer of
undertaking is none. Kolada's own variant, November to November, is ``november.permanent_flows``.
"""

from __future__ import annotations

import pandas as pd

from analysis.periods import look_up
from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import added, sums
from analysis.workforce.indicators.leaving import leavers
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
    departments = sorted({key for table in tables.values() for key in table["department"].dropna()})
    tables = {name: table.assign(permanent=table["form"] == "permanent") for name, table in tables.items()}
    later = look_up(opening["person"], closing.set_index("person")["department"])
    tables["opening"]["moved"] = tables["opening"]["permanent"] & later.notna() & (later != opening["department"])
    for cause in ("resignation", "retirement"):
        tables["gone"][cause] = tables["gone"]["permanent"] & (gone["cause"] == cause)
    measures: dict[str, list[str]] = {name: ["permanent"] for name in tables}
    measures["opening"].append("moved")
    measures["gone"] += ["resignation", "retirement"]
    summed = {
        name: dict(sums(table, departments=departments, **added(*measures[name]))) for name, table in tables.items()
    }
    found = []
    for department in summed["opening"]:
        of = {name: lines[department] for name, lines in summed.items()}
        permanent = {name: int(line["permanent"]) for name, line in of.items()}
        left, started = permanent["gone"], permanent["came"]
        mean = (permanent["opening"] + permanent["closing"]) / 2
        mean_of_all = (of["opening"]["n"] + of["closing"]["n"]) / 2
        measured = [
            ("turnover_replacement", min(started, left), permanent["closing"]),
            ("turnover_external", left, mean),
            ("turnover_internal", int(of["opening"]["moved"]), permanent["opening"]),
            ("turnover_state", min(of["came"]["n"], of["gone"]["n"]), mean_of_all),
        ]
        if has_causes:
            own, pension = (int(of["gone"][cause]) for cause in ("resignation", "retirement"))
            measured.append(("turnover_own_incl_pension", own + pension, mean))
            measured.append(("turnover_own_excl_pension", own, mean))
        found += [
            figure(name, department, ratio(number, of), of, numerator=number, denominator=of)
            for name, number, of in measured
        ]
    return facts(found)
