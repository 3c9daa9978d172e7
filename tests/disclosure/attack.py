"""An attacker with linear programming: every identity between tables that a reader knows, against every small count.

Persons of a department and occupation on a level are the unknowns, none of them below nought. What the protected cells
say of them are the constraints. A count is found when the least and the most that it may be are the same. Nothing here
is taken from the code that protects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

from analysis.disclosure.thresholds import Thresholds
from analysis.reference import ladders, occupations
from analysis.tables.competence_rows import QUALIFIED
from analysis.tables.protected import ORGANISATION

SHOWN = ("published", "zero")
Unknown = tuple[str, str, int]
"""Department, occupation or table, level."""


@dataclass
class Attack:
    """Unknown counts and what is known of sums of them."""

    unknowns: list[Unknown]
    equal: list[tuple[np.ndarray, float]] = field(default_factory=list)
    at_least: list[tuple[np.ndarray, float]] = field(default_factory=list)

    def form(self, department: str, names: list[str] | tuple[str, ...], levels: range) -> np.ndarray:
        """The unknowns of a sum, in a department or in the whole."""
        return np.array(
            [
                float(department in (where, ORGANISATION) and name in names and level in levels)
                for where, name, level in self.unknowns
            ]
        )

    def knows(self, form: np.ndarray, value: float) -> None:
        """A sum is known."""
        if form.any():
            self.equal.append((form, value))

    def found(self, form: np.ndarray) -> float | None:
        """The count that a sum must be; None where it may be several."""
        if not self.equal:
            return None
        known: dict[str, Any] = {
            "A_eq": csr_array(np.array([row for row, _ in self.equal])), "b_eq": [value for _, value in self.equal],
        }  # fmt: skip
        if self.at_least:
            known["A_ub"] = csr_array(-np.array([row for row, _ in self.at_least]))
            known["b_ub"] = [-value for _, value in self.at_least]
        ends = [linprog(sign * form, **known) for sign in (1.0, -1.0)]
        assert all(end.status in (0, 3) for end in ends), "the cells contradict each other, or the attack is wrong"
        if any(end.status == 3 for end in ends) or abs(ends[0].fun + ends[1].fun) > 1e-6:
            return None
        return float(round(ends[0].fun, 6))


def give_away(cells: pd.DataFrame, facts: pd.DataFrame, limits: Thresholds) -> list[str]:
    """What an attacker finds: sentences about counts too small to be shown.

    Args:
        cells: protected cells of an edition.
        facts: its facts before protection; only for which counts are small and who is there at all.
        limits: the policy's thresholds.
    """
    models = [key for key in ladders() if ((facts["table"] == "ladder") & (facts["column"] == key)).any()]
    said = [sentence for model in models for sentence in ladder(cells, facts, model, limits)]
    return [*said, *licences(cells, facts, limits), *bands(cells, facts, limits)]


def _staff(facts: pd.DataFrame) -> list[tuple[str, str]]:
    heads = facts[(facts["table"] == "headcount") & (facts["layer"] == "") & (facts["column"] == "total")]
    heads = heads[(heads["department"] != ORGANISATION) & (heads["row"] != "total") & (heads["n"] > 0)]
    return list(zip(heads["department"], heads["row"], strict=True))


def _shown(cells: pd.DataFrame, table: str, **keys: str) -> list[dict[str, Any]]:
    mine = cells[(cells["table"] == table) & cells["status"].isin(SHOWN)]
    for name, value in keys.items():
        mine = mine[mine[name] == value]
    return [{str(key): value for key, value in line.items()} for line in mine.to_dict("records")]


def ladder(cells: pd.DataFrame, facts: pd.DataFrame, model: str, limits: Thresholds) -> list[str]:
    """Steps + not assessed = staff; fulfil step k − fulfil step k + 1 = on step k; assessed = share × staff."""
    names, last = ladders()[model]["occupations"], len(ladders()[model]["steps"])
    own = [pair for pair in _staff(facts) if pair[1] in names]
    attack = Attack([(*pair, level) for pair in own for level in range(last + 1)])
    every, on = range(last + 1), range(1, last + 1)
    for line in _shown(cells, "headcount", layer="", column="total"):
        if line["row"] in names:
            attack.knows(attack.form(line["department"], [line["row"]], every), line["value"])
    for line in _shown(cells, "ladder", column=model):
        step = int(line["row"])
        attack.knows(attack.form(line["department"], names, range(step, step + 1)), line["value"])
    rows = [line for line in _shown(cells, "skills", layer="now") if line["row"].startswith(f"{model}:")]
    lacking = {(line["department"], line["row"]): line["value"] for line in rows if line["column"] == "missing"}
    for line in rows:
        where, (_, step, name) = line["department"], line["row"].split(":")
        if line["column"] == "held":
            attack.knows(attack.form(where, [name], range(int(step), last + 1)), line["value"])
        if line["column"] == "assessed":
            attack.knows(attack.form(where, [name], on), round(line["value"] * line["n"]))
        if line["column"] == "unclear" and where != ORGANISATION:
            rest = attack.form(where, [name], range(1))
            if lacking.get((where, line["row"]), 0.0) > 0:  # unclear as many as are not assessed
                attack.knows(rest, line["value"])
            else:
                attack.at_least.append((rest, line["value"]))
    said = []
    steps = facts[(facts["table"] == "ladder") & (facts["column"] == model)]
    for where, part in steps.groupby("department"):
        secrets = {int(step): count for step, count in zip(part["row"], part["numerator"], strict=True)}
        rest = part["denominator"].max() - part["numerator"].sum()
        small = {step: count for step, count in secrets.items() if 0 < count < limits.medium}
        small |= {0: rest} if 0 < rest < limits.low else {}
        for step, count in small.items():
            if attack.found(attack.form(str(where), names, range(step, step + 1))) is not None:
                said.append(f"{where}: {count:g} on step {step} of {model}")
    share = facts[(facts["table"] == "skill_assessed") & facts["row"].str.startswith(f"{model}:")]
    for line in share.to_dict("records"):
        rest = line["denominator"] - line["numerator"]
        form = attack.form(line["department"], [line["row"].split(":")[2]], range(1))
        if 0 < rest < limits.low and attack.found(form) is not None:
            said.append(f"{line['department']}: {rest:g} not assessed, {line['row']}")
    return said


def licences(cells: pd.DataFrame, facts: pd.DataFrame, limits: Thresholds) -> list[str]:
    """Share qualified × persons = with a licence; the others are those in post without one; both by occupation, too."""
    names = [key for key, entry in occupations().items() if "licence" in entry]
    own = [pair for pair in _staff(facts) if pair[1] in names]
    attack = Attack([(*pair, level) for pair in own for level in (1, 2)])
    without, with_one, either = range(1, 2), range(2, 3), range(1, 3)
    for line in _shown(cells, "headcount", layer="", column="total"):
        if line["row"] in names:
            attack.knows(attack.form(line["department"], [line["row"]], either), line["value"])
    for line in _shown(cells, "qualified", layer=""):
        many = round(line["value"] * line["n"])
        attack.knows(attack.form(line["department"], names, with_one), many)
        attack.knows(attack.form(line["department"], names, without), line["n"] - many)
    for line in _shown(cells, "skills", layer="now", column="held"):
        model, _, name = line["row"].split(":")
        if model == QUALIFIED:
            attack.knows(attack.form(line["department"], [name], with_one), line["value"])
    truth = facts[(facts["table"] == "within") & (facts["row"] == "of_unqualified") & (facts["column"] == "now")]
    people = dict(zip(truth["department"], truth["numerator"], strict=True))
    for line in _shown(cells, "within", row="of_unqualified", column="now"):
        # full-time equivalents of a few whole posts: as good as their number
        attack.knows(attack.form(line["department"], names, without), people[line["department"]])
    said = []
    whole = facts[(facts["table"] == "qualified") & (facts["layer"] == "")]
    for line in [*whole.to_dict("records"), *_licence_rows(facts)]:
        counts = {2: line["numerator"], 1: line["denominator"] - line["numerator"]}
        if counts[1] == 0:
            continue  # that all have a licence is no secret
        mine = names if line["row"] == "total" else [line["row"].split(":")[2]]
        for level, count in counts.items():
            form = attack.form(line["department"], mine, range(level, level + 1))
            if 0 < count < limits.medium and attack.found(form) is not None:
                have = ("without", "with")[level - 1]
                said.append(f"{line['department']}: {count:g} {have} a licence, {line['row']}")
    return said


def _licence_rows(facts: pd.DataFrame) -> list[dict[Any, Any]]:
    rows = facts[(facts["table"] == "skill_known") & (facts["layer"] == "now") & (facts["column"] == "held")]
    return rows[rows["row"].str.startswith(f"{QUALIFIED}:")].to_dict("records")


def bands(cells: pd.DataFrame, facts: pd.DataFrame, limits: Thresholds) -> list[str]:
    """Bands of the span of control make up the managers, whose number stands beside their mean.

    Where it does not, the managers are fewer than the threshold, and a single band left open holds them all.
    """
    said = []
    for layer, part in facts[facts["table"] == "span"].groupby("layer"):
        names = list(dict.fromkeys(part["row"]))
        departments = [key for key in dict.fromkeys(part["department"]) if key != ORGANISATION]
        attack = Attack([(key, name, 0) for key in departments for name in names])
        for line in _shown(cells, "span", layer=str(layer)):
            attack.knows(attack.form(line["department"], [line["row"]], range(1)), line["value"])
        for line in _shown(cells, "staff_per_manager", layer=str(layer)):
            attack.knows(attack.form(line["department"], names, range(1)), line["n"])
        for line in part.to_dict("records"):
            form = attack.form(line["department"], [line["row"]], range(1))
            others = [key for key in _shown(cells, "span", layer=str(layer)) if key["department"] == line["department"]]
            alone = len(others) == len(names) - 1
            if 0 < line["numerator"] < limits.low and (alone or attack.found(form) is not None):
                said.append(f"{line['department']}: {line['numerator']:g} managers, {line['row']}, {layer or 'now'}")
    return said
