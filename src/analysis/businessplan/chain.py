"""The chain from assignment and objective to activity and indicator, counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.businessplan.fields import parts, roots
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

WITHOUT = "assignments_without"
ROWS = ("activities", "objective_only", "assignment_only", "both", "without_indicator", "assignments", WITHOUT)


def chain_facts(activities: pd.DataFrame, plan: Mapping[str, Any]) -> pd.DataFrame:
    """Facts ``plan_chain`` (column ``number``) of the whole plan; not about persons.

    Distinct activities (rows that repeat another are folded into it): all, those that hang on an objective alone, on
    an assignment alone, on both, and those without an indicator. Assignments addressed to one of the plan's own boards,
    and those of them that no activity cites; each of these has a row of its own, ``assignment_<number>``, with 0.

    Args:
        activities: clean table ``activities``.
        plan: boards and assignments (``reference.business_plan``).
    """
    if activities.empty:
        return facts([])
    original, _, _ = roots(activities)
    rows = activities.assign(key=activities["activity"].astype("str").map(original))
    rows = rows.assign(
        on_objective=rows["objective"].fillna("").astype("str").str.strip() != "",
        on_assignment=rows["assignment"].notna(),
        measured=[bool(parts(each)) for each in rows["indicator"]],
    )
    each = rows.groupby("key")[["on_objective", "on_assignment", "measured"]].any()
    counts = {
        "activities": len(each),
        "objective_only": int((each["on_objective"] & ~each["on_assignment"]).sum()),
        "assignment_only": int((each["on_assignment"] & ~each["on_objective"]).sum()),
        "both": int((each["on_assignment"] & each["on_objective"]).sum()),
        "without_indicator": int((~each["measured"]).sum()),
    }
    cited = {int(number) for number in activities["assignment"].dropna()}
    own = [entry["number"] for entry in plan["assignment"] if set(entry["boards"]) & set(plan["boards"])]
    without = [number for number in own if number not in cited]
    counts |= {"assignments": len(own), WITHOUT: len(without)}
    counts |= {f"assignment_{number}": 0 for number in without}
    return facts(
        [
            {
                "table": "plan_chain", "department": ORGANISATION, "row": row, "column": "number",
                "value": float(number), "n": number, "unit": "posts", "definition": "plan_chain",
            }
            for row, number in counts.items()
        ]
    )  # fmt: skip
