"""What is wrong or missing in a business plan, as data: nothing is corrected silently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.businessplan.fields import KEY, month, parts, roots
from analysis.reference.hanging import stated

COLUMNS = ["finding", "activity", "detail"]
FINDINGS = (
    "responsible_missing",
    "unknown_department",
    "due_missing",
    "due_outside_plan",
    "area_unknown",
    "board_unknown",
    "assignment_unknown",
    "indicator_unknown",
    "strategy_unknown",
    "activity_repeated",
    "duplicate_unknown",
    "duplicate_circle",
    "duplicate_differs",
    "assignment_without_activity",
)
"""Every kind of finding, in the order they are listed."""
SAME = ("due", "status", "indicator")
"""What a repeated row must share with the one it repeats; area and objective are why it is repeated."""


def plan_findings(
    activities: pd.DataFrame,
    *,
    departments: pd.DataFrame,
    definitions: Mapping[str, Mapping[str, Any]],
    courses: Mapping[str, Mapping[str, Any]],
    plan: Mapping[str, Any],
) -> pd.DataFrame:
    """Check a business plan against the organisation, the definitions and its own frame.

    Args:
        activities: clean table ``activities``.
        departments: DataFrame[key, …] of the organisation's nodes.
        definitions: indicators by id.
        courses: courses by id.
        plan: years, boards, areas and assignments (``reference.business_plan``).

    Returns:
        DataFrame[finding, activity, detail], ordered by finding and the plan's order. ``detail`` is the
        value that is wrong (a key, a month, an id, a number); for a repeated row that differs, the column.
        An assignment addressed to one of the plan's boards and cited by no activity has no activity of its
        own.
    """
    if activities.empty:
        return pd.DataFrame(columns=COLUMNS).astype("str")
    known = set(departments["key"].astype("str"))
    indicators = set(definitions) | set(courses)
    numbers = {entry["number"] for entry in plan["assignment"]}
    found: list[tuple[str, str, str]] = []
    dues = month(activities["due"])
    for (_, row), due in zip(activities.iterrows(), dues, strict=True):
        key = str(row["activity"])
        owners = parts(row["responsible"])
        if not owners:
            found.append(("responsible_missing", key, ""))
        asked = dict.fromkeys([*owners, *parts(row["coordinator"])])
        strange = [part for part in asked if KEY.fullmatch(part) and part not in known]
        found += [("unknown_department", key, part) for part in strange]
        if due == "":
            found.append(("due_missing", key, ""))
        elif not plan["first_year"] <= int(due[:4]) <= plan["last_year"]:
            found.append(("due_outside_plan", key, due))
        if row["area"] not in plan["areas"]:
            found.append(("area_unknown", key, str(row["area"])))
        strange = [board for board in parts(row["boards"]) if board not in plan["boards"]]
        found += [("board_unknown", key, board) for board in strange]
        if numbers and not pd.isna(row["assignment"]) and int(row["assignment"]) not in numbers:
            found.append(("assignment_unknown", key, str(int(row["assignment"]))))
        strange = [part for part in parts(row["indicator"]) if part not in indicators]
        found += [("indicator_unknown", key, part) for part in strange]
        found += [("strategy_unknown", key, part) for part in stated(parts(row.get("strategy")))[1]]
    found += _repetitions(activities.assign(due=dues))
    cited = {int(number) for number in activities["assignment"].dropna()}
    found += [
        ("assignment_without_activity", "", str(entry["number"]))
        for entry in plan["assignment"]
        if entry["number"] not in cited and set(entry["boards"]) & set(plan["boards"])
    ]
    table = pd.DataFrame(found, columns=COLUMNS).astype("str")
    order = table["finding"].map({finding: place for place, finding in enumerate(FINDINGS)})
    return table.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def _repetitions(activities: pd.DataFrame) -> list[tuple[str, str, str]]:
    original, unknown, circular = roots(activities)
    rows = activities.drop_duplicates("activity").set_index("activity")
    pointed = rows["duplicate_of"]
    again = activities.loc[activities["activity"].duplicated(), "activity"]
    found = [("activity_repeated", str(key), "") for key in dict.fromkeys(again)]
    found += [("duplicate_unknown", key, str(pointed[key])) for key in rows.index if key in unknown]
    found += [("duplicate_circle", key, str(pointed[key])) for key in rows.index if key in circular]
    for key in rows.index:
        root = original[str(key)]
        if root == key:
            continue
        for column in SAME:
            mine, theirs = (_text(rows.loc[name, column]) for name in (key, root))
            if mine and mine != theirs:
                found.append(("duplicate_differs", str(key), column))
    return found


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
