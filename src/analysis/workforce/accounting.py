"""The account of the rules of episodes: rows in, rows out, rule by rule."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.reference.episodes import Rules
from analysis.workforce.episodes import COUNTS, FILE_STEPS, Effect


def waterfall(effects: list[Effect], policy: dict[str, dict[str, Any]], rules: Rules) -> pd.DataFrame:
    """The effects as a table, one line per rule in order; a line begins with what the line before left.

    Returns:
        DataFrame[rule, sv, en, value (in force, as text), cases, rows_before, rows_after, persons_before, …]: the
        counts of ``COUNTS``.
    """
    lines = []
    for effect in effects:
        entry = policy[effect.rule]
        line: dict[str, Any] = {"rule": effect.rule, "sv": entry["sv"], "en": entry["en"]}
        line |= {"value": str(getattr(rules, effect.rule, entry["value"])).lower(), "cases": effect.cases}
        for name in COUNTS:
            line |= {f"{name}_before": effect.before[name], f"{name}_after": effect.after[name]}
        lines.append(line)
    return pd.DataFrame(lines)


def from_files(found: pd.DataFrame, ledger: pd.DataFrame, table: str) -> pd.DataFrame:
    """The waterfall with what happened to the records of the files before it: rows only, persons are not known yet.

    Args:
        found: result of ``waterfall``.
        ledger: account of every record, per file and table.
        table: the table that the history was made from, ``employments`` or ``snapshots``.

    Returns:
        DataFrame as ``waterfall`` with nullable counts; begins with the records read. Lists of who is in post get a
        line ``lists`` where they became employments.
    """
    mine = ledger[ledger["table"] == table]
    left = int(mine["read"].sum())
    lines = []
    for rule, (sv, en) in FILE_STEPS.items():
        gone = int(mine[rule].sum())
        lines.append({"rule": rule, "sv": sv, "en": en, "cases": gone, "rows_before": left, "rows_after": left - gone})
        left -= gone
    begins = int(found["rows_before"].iloc[0])
    if left != begins:
        line = {"rule": "lists", "sv": "Listor till anställningar", "en": "Lists made employments"}
        lines.append({**line, "cases": abs(left - begins), "rows_before": left, "rows_after": begins})
    counts = [column for column in found.columns if column not in ("rule", "sv", "en", "value")]
    return pd.concat([pd.DataFrame(lines), found], ignore_index=True)[list(found.columns)].astype(
        dict.fromkeys(counts, "Int64")
    )
