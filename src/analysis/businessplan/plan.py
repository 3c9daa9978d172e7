"""The business plan as reports show it: one row per distinct activity, with its lateness and its figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from analysis.businessplan.fields import month, roots, union
from analysis.reference.hanging import by_words, stated
from analysis.reference.practices import programmes
from analysis.tables.keys import JOIN

COLUMNS = [
    "activity", "text", "area", "goal", "objective", "assignment", "due", "responsible", "departments",
    "coordinator", "indicator", "indicator_name_sv", "indicator_name_en", "status", "late",
    "indicator_table", "indicator_row", "indicator_column", "duplicate_of", "boards", "strategies", "practices",
    "hangs_by",
]  # fmt: skip
OTHER_OWNER = "annan funktion"
TEXTS = ("text", "area", "goal", "objective")
STATED, WORDS = "stated", "words"
"""Why an activity hangs on its strategies: the delivery says so, or the words of its text do (strategy_words.toml)."""


def plan_table(
    activities: pd.DataFrame,
    *,
    period: str,
    departments: pd.DataFrame,
    definitions: Mapping[str, Mapping[str, Any]],
    courses: Mapping[str, Mapping[str, Any]],
    functions: Collection[str] = (),
) -> pd.DataFrame:
    """Distinct activities of the business plan.

    Rows that repeat another activity (``duplicate_of``) are folded into it: owners and coordinators are
    united, the first indicator named counts; text, month and status are the original's. An activity is late
    when its month lies before the cut-off month and it is not done.

    Args:
        activities: clean table ``activities``.
        period: cut-off month ("YYYY-MM").
        departments: DataFrame[key, name, …]; owners among these keys are shown by name, other owners as
            written.
        definitions: indicators by id (``reference.definitions``).
        courses: courses by id (``reference.courses``).
        functions: staff functions that may be shown by name. An owner that is neither a department nor one of them
            is shown as ``OTHER_OWNER``: free text may be a person's name.

    Returns:
        DataFrame with ``COLUMNS``, in the plan's order. ``assignment`` is Int64, ``late`` bool, the rest
        text ('' if none). ``responsible`` and ``coordinator`` separate names by comma, ``departments`` keys
        by ``|``, as do ``strategies`` and ``practices`` their ids; ``hangs_by`` says by what.
        ``indicator_table``, ``_row`` and ``_column`` point to the protected cell that shows the
        indicator; they are '' where no single cell does. An unknown indicator keeps its id and has no name.
    """
    if activities.empty:
        return _typed(pd.DataFrame(columns=COLUMNS))
    names = dict(zip(departments["key"], departments["name"], strict=True))
    original, _, _ = roots(activities)
    keys = activities["activity"].astype("str").map(original)
    rows = []
    for key, group in activities.groupby(keys, sort=False):
        first = group[group["activity"] == key].iloc[0]
        owners = union([first["responsible"], *group["responsible"]])
        coordinators = union([first["coordinator"], *group["coordinator"]])
        indicator = next(iter(union([first["indicator"], *group["indicator"]])), "")
        row = {name: "" if pd.isna(first[name]) else str(first[name]).strip() for name in TEXTS}
        row |= {
            "activity": str(key),
            "assignment": first["assignment"],
            "due": first["due"],
            "responsible": ", ".join(_shown(owners, names, functions)),
            "departments": "|".join(owner for owner in owners if owner in names),
            "coordinator": ", ".join(_shown(coordinators, names, functions)),
            "status": "planned" if pd.isna(first["status"]) else str(first["status"]),
            **indicator_fields(indicator, period, definitions, courses),
            "duplicate_of": "",
            "boards": ", ".join(union(group["boards"])),
            **hangs(union(group["strategy"]) if "strategy" in group else [], row["text"]),
        }
        rows.append(row)
    table = pd.DataFrame(rows)
    table["due"] = month(table["due"])
    table["late"] = (table["due"] != "") & (table["due"] < period) & (table["status"] != "done")
    return _typed(table)


def hangs(named: list[str], text: str) -> dict[str, str]:
    """The strategies and practices of an activity, and by what: what the delivery says counts, else its words."""
    said, _ = stated(named)
    read, practices = by_words(text)
    strategies = said or read
    return {
        "strategies": JOIN.join(strategies),
        "practices": JOIN.join(practices),
        "hangs_by": STATED if said else WORDS if strategies else "",
    }


def _shown(owners: list[str], names: Mapping[str, str], functions: Collection[str]) -> list[str]:
    known = {**names, **{name: name for name in functions}}
    return list(dict.fromkeys(known.get(owner, OTHER_OWNER) for owner in owners))


def indicator_fields(
    indicator: str,
    period: str,
    definitions: Mapping[str, Mapping[str, Any]],
    courses: Mapping[str, Mapping[str, Any]],
) -> dict[str, str]:
    """The indicator's id, names in both languages and the protected cell that shows it."""
    fields = {"indicator": indicator, "indicator_name_sv": "", "indicator_name_en": ""}
    place = {"table": "", "row": "", "column": ""}
    entry = definitions.get(indicator) or courses.get(indicator) or programmes().get(indicator)
    if entry is not None:
        fields |= {"indicator_name_sv": entry["sv"], "indicator_name_en": entry["en"]}
    if indicator in definitions:
        cell = definitions[indicator]["cell"] or {}
        place |= {name: key.format(period=period) for name, key in cell.items()}
    elif indicator in courses and courses[indicator]["kind"] == "course":
        place |= {"table": "courses", "row": indicator, "column": "completed"}
    elif programmes().get(indicator, {}).get("kind") == "study":
        place |= {"table": "studies", "row": "in_study", "column": indicator}
    return fields | {f"indicator_{name}": key for name, key in place.items()}


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    table = table[COLUMNS].reset_index(drop=True)
    kinds = dict.fromkeys(COLUMNS, "str") | {"assignment": "Int64", "late": "bool"}
    return table.astype(kinds)
