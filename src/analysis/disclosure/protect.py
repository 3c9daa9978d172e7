"""From facts about groups to protected cells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.plan import PublishingPlan, Rule
from analysis.disclosure.primary import primary
from analysis.disclosure.problem import problem_of
from analysis.disclosure.secondary import Lines
from analysis.disclosure.skill_gap import guard_skills
from analysis.disclosure.suppression import Suppressor
from analysis.disclosure.thresholds import Thresholds
from analysis.disclosure.variants import DEFINITIONS, guard_families, with_local_definitions
from analysis.reference import policy
from analysis.reference.policies import Suppression
from analysis.tables.protected import COLUMNS, ORGANISATION, check_cells


def protect(
    facts: pd.DataFrame, *, plan: PublishingPlan, thresholds: Thresholds, reported: list[str], period: str = "",
    weights: Suppression | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Protect the facts of a whole edition.

    Args:
        facts: facts of every department, those without a report included (``tables.facts``).
        plan: the declared tables, and the equations between them.
        thresholds: the policy's thresholds.
        reported: departments with a report of their own; only they and ``all`` are released.
        period: cut-off month; needed where the facts hold figures under named definitions.
        weights: what is lost by a withheld figure; None: as the shipped policy says.

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
    reason = reasons(
        facts, released, plan=plan, thresholds=thresholds, period=period, weights=weights or policy().suppression
    )
    sensitivity = facts["table"].map({name: table.sensitivity.value for name, table in plan.items()}).astype("str")
    named = facts.assign(table=facts["table"].map(plan.released))
    cells = cells_of(named, reason, sensitivity)[released.to_numpy()].reset_index(drop=True)
    has_definitions = (named["table"] == DEFINITIONS).any()
    return with_local_definitions(cells, period=period) if has_definitions else cells


def reasons(
    facts: pd.DataFrame, released: pd.Series, *, plan: PublishingPlan, thresholds: Thresholds, period: str,
    weights: Suppression,
) -> pd.Series:  # fmt: skip
    """Why each fact is withheld: '' where it is shown.

    Counts and shares are one problem (``problem``, ``suppression``); what describes a group is guarded table by table
    (``secondary``), ladders and requirements with what they count together (``skills``), variants of a measure against
    each other (``families``). Each may withhold what another rests on, so that they take turns until nothing changes.
    """
    variant = facts["table"].map(lambda name: plan[name].released_as == DEFINITIONS).astype("bool")
    own = pd.Series("", index=facts.index, dtype="str")
    for name, part in facts.groupby("table", sort=False):
        own[part.index] = primary(part, plan[str(name)], thresholds)
    problem = problem_of(facts, own, plan, thresholds=thresholds, weights=weights, period=period)
    suppressor = Suppressor(problem, weights)
    reason = own.mask((own == "") & ~released, "few_persons")
    first, then = _described(facts[~variant], plan), _described(facts[variant], plan)
    while True:
        before = reason.copy()
        reason = _group_lines(first, reason, plan, thresholds)
        reason = _one_problem(suppressor, reason)
        reason = _resting(facts, reason, plan)
        reason = guard_skills(facts, reason, limits=thresholds)
        reason = guard_families(facts, reason, variant, period=period, least=thresholds.medium)
        reason = _group_lines(then, reason, plan, thresholds)
        if (reason == before).all():
            return reason


def _described(facts: pd.DataFrame, plan: PublishingPlan) -> dict[str, tuple[pd.Index, Lines]]:
    """Places and lines of every table whose figures describe a group."""
    return {
        str(name): (part.index, Lines(part, plan[str(name)]))
        for name, part in facts.groupby("table", sort=False)
        if plan[str(name)].rule not in (Rule.COUNT, Rule.SHARE)
    }


def _group_lines(
    described: dict[str, tuple[pd.Index, Lines]], reason: pd.Series, plan: PublishingPlan, thresholds: Thresholds
) -> pd.Series:
    """What may be shown of tables whose figures describe a group, table by table."""
    state = reason.copy()
    for name, (places, lines) in described.items():
        state[places] = lines.guarded(state[places], thresholds.least(plan[name].sensitivity))
    return state


def _resting(facts: pd.DataFrame, reason: pd.Series, plan: PublishingPlan) -> pd.Series:
    """Withhold what is made of a withheld count (``resting_on``): it carries the number that it rests on."""
    rests = facts["table"].map(lambda name: plan[name].resting_on)
    keys = pd.MultiIndex.from_frame(facts[["table", "department", "row", "layer"]])
    counted = (facts["column"] == rests).to_numpy()
    silent = keys.isin(keys[counted & ~reason.isin(["", "no_data"]).to_numpy()])
    return reason.mask(silent & ~counted & (rests != "").to_numpy() & (reason == ""), "secondary")


def _one_problem(suppressor: Suppressor, reason: pd.Series) -> pd.Series:
    """Counts and shares of all tables together."""
    place = suppressor.problem.place
    published = place >= 0
    silent = reason.isin(["", "no_data"]).to_numpy()
    shown = np.where(published, silent[place], False)
    gone = place[published & shown & ~suppressor.shown(shown)]
    state = reason.copy()
    state.iloc[gone] = "secondary"
    return state


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
