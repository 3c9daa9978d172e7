"""Figures of several tables about the same persons, solved together as equations.

Persons of a department and occupation on a level of a model are the unknowns; on a ladder those not assessed are a
level, too, since all levels together are the staff of the table ``headcount``. A step of the table ``ladder``, a
department's share of licensed, those in post without a licence, a course's completions, a row of the skill gap: each is
a sum of some of them. No figure that is withheld may follow from those that are shown; where it would, steps of a
ladder, rows of the skill gap or those in post without a licence are withheld, too. The share of licensed, courses and
numbers of staff stay: what follows from them alone is for their own tables to guard.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.linear_systems import withheld
from analysis.disclosure.sums import Case, Sum
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import competences, courses, ladders, occupations
from analysis.tables.competence_rows import QUALIFIED
from analysis.tables.protected import ORGANISATION

SILENT = ("", "no_data")
UNLICENSED = "of_unqualified"
"""Row of the table ``within``: those in post without the licence that their occupation asks for."""


def found_with(every: pd.DataFrame, state: pd.Series, rows: pd.DataFrame, *, limits: Thresholds) -> list[int]:
    """Places of facts that have to be withheld beside those that are.

    Args:
        every: facts of the whole edition.
        state: '' where a fact is shown, else why not.
        rows: the rows of the skill gap: DataFrame[at, department, model, step, occupation, held, assessed].
        limits: the policy's thresholds; fewer persons than ``medium`` must not be found in any sum of withheld figures,
            nor fewer than ``low`` who have not been assessed.
    """
    heads = every[(every["table"] == "headcount") & (every["column"] == "total") & (every["layer"] == "")]
    heads = heads[heads["n"].fillna(0) > 0]
    staff = dict(zip(zip(heads["department"], heads["row"], strict=True), heads.index, strict=True))
    models = {*rows["model"], *every.loc[every["table"] == "ladder", "column"]}
    if (every["table"] == "within").any():
        models.add(QUALIFIED)
    hidden: list[int] = []
    for model in sorted(models):
        mine = rows[rows["model"] == model]
        case = _case(model, mine, staff)
        if model in ladders():
            _steps(case, model, every, state, staff, limits)
        else:
            _others(case, model, every, state)
        _own(case, model, mine, every, state, staff, limits)
        hidden += withheld(case, least=limits.medium)
    return hidden


def _levels(model: str) -> int:
    return len(ladders()[model]["steps"]) if model in ladders() else 2


def _case(model: str, mine: pd.DataFrame, heads: dict[tuple[str, str], int]) -> Case:
    """Unknowns: every pair of department and occupation with staff that a table about the model counts."""
    if model in ladders():
        counted = set(ladders()[model]["occupations"])
    elif model == QUALIFIED:
        counted = {key for key, entry in occupations().items() if "licence" in entry}
    else:
        course = competences()[model]["course"]
        everyone = {occupation for _, occupation in heads}
        counted = set() if course is None else set(courses()[course]["occupations"]) or everyone
    named = set(zip(mine["department"], mine["occupation"], strict=True))
    pairs = sorted(
        pair
        for pair in {*heads, *named}
        if pair[0] != ORGANISATION and pair[1] in counted | {pair[1] for pair in named}
    )
    return Case(_levels(model), {pair: place for place, pair in enumerate(pairs)}, 0 if model in ladders() else 1)


def _steps(
    case: Case, model: str, every: pd.DataFrame, state: pd.Series, staff: dict[tuple[str, str], int], limits: Thresholds
) -> None:
    """Persons by step, occupations of the ladder together; with those not assessed they are the staff."""
    names = case.names = ladders()[model]["occupations"]
    case.base += [
        Sum(case.form(department, [occupation], 0, case.size), float(every["numerator"][at]), department)
        for (department, occupation), at in staff.items()
        if occupation in names and state[at] in SILENT
    ]
    cells = every[(every["table"] == "ladder") & (every["column"] == model)]
    for key, part in cells.groupby("department", sort=True):
        department, inside = str(key), {}
        for step, at, count in zip(part["row"].astype("int64"), part.index, part["numerator"], strict=True):
            those = Sum(case.form(department, names, step, step), float(count), department, at)
            case.totals[department, step] = those.count
            if state[at] in SILENT:
                case.shown.append(those)
            else:
                inside[step] = those
        rest = float(part["denominator"].max() - part["numerator"].sum())
        if 0 < rest < limits.low:
            inside[0] = Sum(case.form(department, names, 0, 0), rest, department)
        case.secret += [those for those in inside.values() if those.count > 0]
        case.secret += _few_withheld(inside, department, limits.medium)


def _few_withheld(inside: dict[int, Sum], department: str, least: int) -> list[Sum]:
    """Withheld levels from one upward, or from one downward, that hold too few together."""
    found = []
    for level in inside:
        for mine in ([s for s in inside if s <= level], [s for s in inside if s >= level]):
            total = sum(inside[s].count for s in mine)
            if len(mine) > 1 and 0 < total < least:
                found.append(Sum(np.sum([inside[s].form for s in mine], axis=0), total, department))
    return found


def _others(case: Case, model: str, every: pd.DataFrame, state: pd.Series) -> None:
    """Figures of other tables about the model."""
    table, row, column = ("qualified", "total", "total")
    names = [key for key, entry in occupations().items() if "licence" in entry]
    if model != QUALIFIED:
        course = competences()[model]["course"]
        if course is None:
            return
        table, row, column = "courses", course, "completed"
        names = courses()[course]["occupations"] or [occupation for _, occupation in case.pairs]
    cells = every[
        (every["table"] == table) & (every["row"] == row) & (every["column"] == column) & (every["layer"] == "")
    ]
    for line, why in zip(cells.to_dict("records"), state[cells.index], strict=True):
        case.names, department = names, str(line["department"])
        for level, count in ((2, line["numerator"]), (1, line["denominator"] - line["numerator"])):
            form = case.form(department, names, level, level)
            case.totals[department, level] = float(count)
            if why in SILENT:
                case.base.append(Sum(form, float(count), department))
            else:
                case.secret.append(Sum(form, float(count), department))
    if model == QUALIFIED:
        _unlicensed(case, names, every, state)


def _unlicensed(case: Case, names: list[str], every: pd.DataFrame, state: pd.Series) -> None:
    """Those in post without a licence: full-time equivalents, which are as good as persons."""
    cells = every[(every["table"] == "within") & (every["row"] == UNLICENSED) & (every["column"] == "now")]
    for at, department, count in zip(cells.index, cells["department"], cells["numerator"], strict=True):
        without = Sum(case.form(department, names, 1, 1), float(count), department, at)
        if state[at] == "":
            case.shown.append(without)
        elif state[at] == "few_persons" and count > 0:
            case.secret.append(without)


def _own(
    case: Case, model: str, mine: pd.DataFrame, every: pd.DataFrame, state: pd.Series,
    staff: dict[tuple[str, str], int], limits: Thresholds,
) -> None:  # fmt: skip
    """Rows of the skill gap: those who fulfil the requirement and those assessed who do not."""
    least, ladder = limits.medium, model in ladders()
    complete = model == QUALIFIED or competences().get(model, {}).get("complete", False)
    assessed = every[every["table"] == "skill_assessed"]
    told = dict(zip(zip(assessed["department"], assessed["row"], strict=True), assessed.index, strict=True))
    for line in mine.to_dict("records"):
        step = int(line["step"]) if ladder else 2
        department, name = line["department"], [line["occupation"]]
        halves = tuple(
            Sum(case.form(department, name, low, high), count, department, line["at"], about=line["assessed"])
            for low, high, count in (
                (step, case.size, line["held"]), (1, step - 1, line["assessed"] - line["held"]),
            )
        )  # fmt: skip
        if state[line["at"]] != "":
            case.secret.extend(halves)
        else:  # the others follow once it is known how many have been assessed
            case.shown.extend(halves[:1] if ladder else halves)
        _few_beside(case, line, step, least)
        share = told.get((department, f"{model}:{line['step']}:{line['occupation']}"))
        assessed_form = case.form(department, name, 1, case.size)
        if ladder:
            if share is not None:
                _assessed(case, Sum(assessed_form, line["assessed"], department, share), name, every, state, limits)
            continue
        head = staff.get((department, line["occupation"]))
        known = complete and (head is None or state[head] in SILENT)
        if known or (share is not None and state[share] == ""):
            case.base.append(Sum(assessed_form, line["assessed"], department))
    if ladder:
        _few_between(case, mine, least)
    else:
        _few_together(case, mine, state, least)


def _assessed(
    case: Case, those: Sum, names: list[str], every: pd.DataFrame, state: pd.Series, limits: Thresholds
) -> None:
    """How many of an occupation stand on a ladder, and so how many do not."""
    if state[those.at] in SILENT:
        case.shown.append(those)
    rest = float(every["denominator"][those.at]) - those.count
    if 0 < rest < limits.low or (rest > 0 and state[those.at] == "secondary"):
        case.secret.append(Sum(case.form(those.department, names, 0, 0), rest, those.department))


def _few_beside(case: Case, line: Mapping[Any, Any], step: int, least: int) -> None:
    """The other occupations of a table that counts several: what is left of it beside the row, where that is few."""
    department, others = line["department"], [name for name in case.names if name != line["occupation"]]
    if line["occupation"] not in case.names:
        return
    for low, high, count in (
        (step, case.size, line["held"]),
        (1, step - 1, line["assessed"] - line["held"]),
    ):
        totals = [case.totals.get((department, level)) for level in range(low, high + 1)]
        if None not in totals and 0 < sum(totals) - count < least:  # type: ignore[arg-type]
            form = case.form(department, others, low, high)
            case.secret.append(Sum(form, sum(totals) - count, department))  # type: ignore[arg-type]


def _few_between(case: Case, mine: pd.DataFrame, least: int) -> None:
    """Two steps asked of one occupation: those who fulfil the lower one alone, where they are few."""
    for (department, occupation), part in mine.groupby(["department", "occupation"], sort=True):
        steps = part.sort_values("step")[["step", "held"]].to_numpy(dtype=float)
        for (low, more), (high, fewer) in combinations(steps, 2):
            if 0 < more - fewer < least:
                form = case.form(str(department), [str(occupation)], int(low), int(high) - 1)
                case.secret.append(Sum(form, more - fewer, str(department)))


def _few_together(case: Case, mine: pd.DataFrame, state: pd.Series, least: int) -> None:
    """Withheld rows of a department that hold too few together: their sum must not be found either."""
    hidden = mine[~mine["at"].map(state).isin(SILENT)]
    for department, part in hidden.groupby("department", sort=True):
        halves = {2: part["held"].sum(), 1: (part["assessed"] - part["held"]).sum()}
        for level, total in halves.items():
            if len(part) > 1 and 0 < total < least:
                case.secret.append(
                    Sum(case.form(str(department), part["occupation"], level, level), total, str(department))
                )
