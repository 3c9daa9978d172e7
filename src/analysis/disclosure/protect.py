"""From facts about groups to protected cells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.families import DEFINITIONS, guard_families, with_local_definitions
from analysis.disclosure.plan import PublishingPlan
from analysis.disclosure.primary import primary
from analysis.disclosure.secondary import secondary
from analysis.disclosure.skills import guard_skills
from analysis.disclosure.thresholds import Thresholds
from analysis.tables.protected import COLUMNS, ORGANISATION, check_cells


def protect(
    facts: pd.DataFrame, *, plan: PublishingPlan, thresholds: Thresholds, reported: list[str], period: str = ""
) -> pd.DataFrame:
    """Protect the facts of a whole edition.

    Args:
        facts: facts of every department, those without a report included (``tables.facts``).
        plan: the declared tables.
        thresholds: the policy's thresholds.
        reported: departments with a report of their own; only they and ``all`` are released.
        period: cut-off month; needed where the facts hold figures under named definitions.

    Returns:
        Protected cells (``tables.protected.COLUMNS``), withheld and missing ones without any number.

    Raises:
        ValueError: a fact belongs to a table that the publishing plan does not declare.
    """
    undeclared = set(facts["table"]) - set(plan)
    if undeclared:
        raise ValueError(f"tables outside the publishing plan: {', '.join(sorted(undeclared))}")
    facts = facts.reset_index(drop=True)
    released = facts["department"].isin([ORGANISATION, *reported])
    reason = pd.Series("", index=facts.index, dtype="str")
    sensitivity = pd.Series("", index=facts.index, dtype="str")
    plain = facts["table"].map(lambda name: plan[name].released_as != DEFINITIONS).astype("bool")
    for name, part in facts[plain].groupby("table", sort=False):
        table = plan[str(name)]
        own = primary(part, table, thresholds)
        own = own.mask((own == "") & ~released[part.index], "few_persons")
        least = thresholds.least(table.sensitivity)
        reason[part.index] = secondary(part, own, table, least)
        sensitivity[part.index] = table.sensitivity.value
    reason = guard_skills(facts, reason, limits=thresholds)
    # variants of a measure come last: what they may show depends on what the local definition shows
    for name, part in facts[~plain].groupby("table", sort=False):
        own = primary(part, plan[str(name)], thresholds)
        reason[part.index] = own.mask((own == "") & ~released[part.index], "few_persons")
    reason = guard_families(facts, reason, ~plain, period=period, least=thresholds.medium)
    for name, part in facts[~plain].groupby("table", sort=False):
        table = plan[str(name)]
        reason[part.index] = secondary(part, reason[part.index], table, thresholds.least(table.sensitivity))
        sensitivity[part.index] = table.sensitivity.value
    named = facts.assign(table=facts["table"].map(plan.released))
    cells = cells_of(named, reason, sensitivity)[released.to_numpy()].reset_index(drop=True)
    return cells if plain.all() else with_local_definitions(cells, period=period)


def cells_of(facts: pd.DataFrame, reason: pd.Series, sensitivity: pd.Series) -> pd.DataFrame:
    """Give facts their status and take the numbers off those that may not be shown."""
    cells = facts.assign(reason=reason, sensitivity=sensitivity)
    cells["status"] = np.select(
        [reason == "no_data", reason != "", cells["value"] == 0], ["missing", "withheld", "zero"], "published"
    )
    # a forecast of nought is an estimate, not a structural zero
    cells.loc[(cells["status"] == "zero") & (sensitivity == "forecast"), "status"] = "published"
    silent = cells["status"].isin(["withheld", "missing"])
    cells.loc[silent, ["value", "low", "high", "n"]] = np.nan
    return check_cells(cells[list(COLUMNS)])
