"""Who left: exposure, leavers by cause, and rates of leaving with their intervals."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.reference import CAUSES
from analysis.tables.facts import facts
from analysis.tables.joins import join
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.workforce.indicators.basic import rate_interval, sums


def exposure(
    rows: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp, by: tuple[str, ...] = ("department",)
) -> pd.DataFrame:
    """Person-years of permanent monthly paid employment after ``start`` up to and with ``end``.

    A day counts once per person, in the department of that day's main employment (``spells.stock``), so that
    departments add up to the organisation.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        start: day before the first day that counts.
        end: last day that counts.
        by: what of the day's main employment the years are told apart by.

    Returns:
        DataFrame[person, *by, years].
    """
    day = pd.Timedelta(days=1)
    wanted = (rows["spell"] >= 0) & (rows["start"] <= end) & ~(rows["until"] <= start)
    held = rows.loc[wanted, ["person", *by, "form", "rate", "start", "until", "source_row"]]
    held = held.sort_values(["rate", "start", "source_row"], ascending=[False, True, True], kind="stable")
    held["code"], persons = pd.factorize(held["person"])
    held["from"] = held["start"].where(held["start"] > start, start + day)
    held["to"] = held["until"].where(held["until"] < end, end)
    # days on which a person's posts change cut the person's time into pieces with one main employment each
    cuts = pd.concat([held["from"], held["to"] + day], ignore_index=True)
    codes = np.concatenate([held["code"], held["code"]])
    pieces = pd.DataFrame({"code": codes, "first": cuts}).drop_duplicates().sort_values(["code", "first"])
    pieces["last"] = pieces.groupby("code")["first"].shift(-1) - day
    pieces["place"] = np.arange(len(pieces))
    held = held.reset_index(drop=True)
    posts = held[["code", "from", "to"]].assign(rank=held.index)
    pieces = pieces.dropna(subset="last")
    main, _ = join(pieces, posts, "code", how="inner", validate="many_to_many", name="posts by piece of time")
    main = main[(main["from"] <= main["first"]) & (main["to"] >= main["last"])]
    main = main.sort_values(["place", "rank"]).drop_duplicates("place")
    main = main[(held["form"] == "permanent").to_numpy()[main["rank"]]]
    days = ((main["last"] - main["first"]).dt.days + 1).to_numpy()
    years = held.loc[main["rank"], ["code", *by]].assign(years=days / (end - start).days)
    totals = years.groupby(["code", *by], as_index=False)[["years"]].sum()
    totals.insert(0, "person", persons.take(totals["code"].to_numpy()))
    return totals.drop(columns="code")


def leavers(rows: pd.DataFrame, ends: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Who left monthly paid employment after ``start`` up to and with ``end``.

    Returns:
        DataFrame[person, department, occupation, form, cause, stated]: the post held last, the main one of several,
        and the main reason told in the exit survey ('' without an answer); transfers are not leaving.
    """
    gone = ends[(ends["end"] > start) & (ends["end"] <= end) & (ends["cause"] != "transfer")]
    columns = ["spell", "until", "rate", "start", "source_row", "department", "occupation", "form"]
    last = rows.loc[rows["spell"].isin(gone["spell"]), columns].sort_values(
        columns[1:5], ascending=[False, False, True, True], kind="stable"
    )
    last = last.drop_duplicates("spell").set_index("spell")
    found = gone.join(last[["department", "occupation", "form"]], on="spell")
    columns = ["person", "department", "occupation", "form", "cause", "stated"]
    return found.reindex(columns=columns, fill_value="").reset_index(drop=True)


def exits(rows: pd.DataFrame, ends: pd.DataFrame, *, period: str) -> pd.DataFrame:
    """Leavers by cause over the last twelve months, monthly paid of every form, in persons."""
    gone = leavers(rows, ends, start=cutoff(shift(period, -12)), end=cutoff(period))
    departments = sorted({str(key) for key in rows["department"].dropna()})
    table = pd.crosstab(gone["department"], gone["cause"]).reindex(index=departments, columns=list(CAUSES))
    table = table.fillna(0)
    table.loc[ORGANISATION] = table.sum()
    found = []
    for department, counts in table.iterrows():
        total = counts.sum()
        base = {"table": "exits", "department": department, "unit": "persons", "denominator": total}
        found.append(
            {
                **base,
                "row": TOTAL,
                "value": total,
                "n": total,
                "numerator": total,
                "definition": "exits_total",
            }
        )
        found += [
            {
                **base,
                "row": cause,
                "value": count,
                "n": count,
                "numerator": count,
                "definition": "exits_by_cause",
            }
            for cause, count in counts.items()
        ]
    return facts(found)


def leaving_rates(
    rows: pd.DataFrame, ends: pd.DataFrame, *, windows: list[str], with_causes: Collection[str]
) -> pd.DataFrame:
    """Permanent monthly paid leaving: events over person-years of twelve months.

    Rows of ``turnover_series`` keyed by the window's end (``windows``); ``own_request``, only in windows
    ``with_causes``, since a cause that is not recorded is missing and not nought, and ``all_causes``: of departments
    only where no window has causes.
    """
    found = []
    for period in windows:
        start, end = cutoff(shift(period, -12)), cutoff(period)
        years = exposure(rows, start=start, end=end)
        gone = leavers(rows, ends, start=start, end=end)
        gone = gone[gone["form"] == "permanent"]
        gone = gone[["department"]].assign(own=gone["cause"] == "resignation")
        exposed = dict(sums(years, years=("years", "sum"), persons=("person", "nunique")))
        events = dict(sums(gone, departments=list(exposed)[1:], own=("own", "sum")))
        for department, of in exposed.items():
            total, persons, left = of["years"], of["persons"], events[department]
            if total <= 0:
                continue
            # both rates of one department would give away how many left for other causes by their difference
            measures = []
            if period in with_causes:
                measures.append(("own_request", int(left["own"]), "leaving_own_request"))
            if not with_causes or department == ORGANISATION:
                measures.append(("all_causes", int(left["n"]), "leaving_all"))
            for column, count, definition in measures:
                low, high = rate_interval(count, total)
                found.append(
                    {
                        "table": "turnover_series", "department": department, "row": period, "column": column,
                        "value": count / total, "low": low, "high": high, "n": persons,
                        "numerator": count, "denominator": persons, "unit": "rate", "definition": definition,
                    }
                )  # fmt: skip
    return facts(found)
