"""What the tables of a delivery do not agree on: exits without an employment, units nobody knows, strangers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.extracts.account.notices import Notice, count
from analysis.reference.episodes import Rules
from analysis.tables.joins import Unmatched, compare, join
from analysis.workforce.exits import distance, exit_records

EXITS = "exits → employments"
PERSON_TABLES = (
    "absences", "hours", "qualifications", "competence", "training", "managers", "development_plans",
    "assignments", "mentoring",
)  # fmt: skip
UNIT_TABLES = ("employments", "absences", "hours", "managers", "survey")


def unmatched(
    rows: pd.DataFrame,
    ends: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame | None],
    *,
    at: pd.Timestamp,
    since: pd.Timestamp,
    rules: Rules,
) -> list[Unmatched]:
    """Joins of the history with the other tables, and what found no partner.

    Args:
        rows: result of ``spells.employment_rows``.
        ends: result of ``spells.spell_ends``.
        tables: clean tables by name; absent ones None or missing.
        at: the cut-off.
        since: the first day from which leavers are recorded; earlier ends need no record.
        rules: the rules in force.
    """
    found = []
    exits = tables.get("exits")
    if exits is not None:
        found.append(_exits(rows, ends, exits[exits["date"] <= at], since, rules))
    everyone = rows[["person"]].drop_duplicates()
    for name in PERSON_TABLES:
        table = tables.get(name)
        if table is not None:
            mine = table[["person"]].drop_duplicates()
            found.append(compare(mine, everyone, "person", name=f"{name} → employments"))
    organisation = tables.get("organisation")
    if organisation is not None:
        known = organisation[["unit"]].drop_duplicates()
        for name in UNIT_TABLES:
            table = tables.get(name)
            if table is not None:
                found.append(compare(table[["unit"]], known, "unit", name=f"{name} → organisation"))
    return found


def _exits(rows: pd.DataFrame, ends: pd.DataFrame, exits: pd.DataFrame, since: pd.Timestamp, rules: Rules) -> Unmatched:
    """Exit records by the end of a spell or of hourly paid work; spells that ended without a record."""
    hourly = rows.loc[(rows["form"] == "hourly") & rows["until"].notna(), ["person", "until"]]
    ended = pd.concat([ends[["person", "end"]], hourly.set_axis(["person", "end"], axis=1)], ignore_index=True)
    records = exit_records(exits)
    pairs, _ = join(records, ended, "person", how="inner", validate="many_to_many", name="exits by person")
    near = distance(pairs, pairs["end"], pairs["end"]) <= rules.exit_match_days
    matched = int(pairs.loc[near, "record"].nunique())
    left = ends[(ends["end"] >= since) & (ends["recorded"] | (ends["cause"] != "transfer"))]
    return Unmatched(EXITS, len(records), len(left), len(records) - matched, int((~left["recorded"]).sum()))


def notices(found: list[Unmatched], restated: pd.DataFrame) -> list[Notice]:
    """What a person should know of the joins by unit and of the units without a place (of exits: ``told.of_exits``).

    Args:
        found: result of ``unmatched``.
        restated: DataFrame[unit, department, rule, rows, persons, …] of the history.
    """
    told = []
    for each in found:
        if each.name.endswith("organisation") and each.left_unmatched:
            sv, en = count(each.left_unmatched, "rad", "rader"), count(each.left_unmatched, "row", "rows")
            table, units = each.name.split(" ")[0], ", ".join(each.examples)
            told.append(
                Notice(
                    sv=f"{table}: {sv} med en enhet som saknas i organisationen: {units}.",
                    en=f"{table}: {en} with a unit missing from the organisation: {units}.",
                )
            )
    words = {
        "circle": ("vars efterträdare går i cirkel", "whose successors run in a circle"),
        "unmapped": (
            "nedlagda utan efterträdare, redovisas samlat utanför avdelningarna",
            "closed without a successor, kept together outside the departments",
        ),
        "unknown": ("saknas i organisationen, redovisas var för sig", "not in the organisation, kept apart"),
    }
    for rule, (sv, en) in words.items():
        lost = restated[restated["rule"] == rule]
        if len(lost):
            rows, units = int(lost["rows"].sum()), ", ".join(lost["unit"].head(5))
            told.append(
                Notice(
                    sv=f"{count(len(lost), 'enhet', 'enheter')} {sv} ({count(rows, 'rad', 'rader')}): {units}.",
                    en=f"{count(len(lost), 'unit', 'units')} {en} ({count(rows, 'row', 'rows')}): {units}.",
                )
            )
    return told
