"""Variants of one measure: what their differences would give away, and the local figure among them.

One measure under several definitions is several figures about nearly the same persons. All causes less own request is
retirements and dismissals; full time as agreed less full time as worked is who is on partial leave. So:

* where the local definition's figure is withheld, every variant of it is;
* else variants are shown beside it, in the order of ``definitions.toml``, each only if its number of persons differs
  from those shown before it (the local one included) by nought or by at least the threshold. Figures about a day are
  compared by the persons with the attribute, without it, and in all; figures about a stretch of time by the persons
  counted, and only with others about the same stretch: two different stretches share no group of persons.

The same holds in each department and in the whole organisation, but for figures about different days: see
``comparable``. Lines along departments are guarded afterwards, as for
any table (``secondary``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.key_figures import source
from analysis.reference import definitions
from analysis.tables.protected import COLUMNS, KEYS, ORGANISATION, check_cells

DEFINITIONS = "definitions"
COLUMN = "now"
LAYERS = ("", "year_before")
REASON = "secondary"


def local_place(definition: str, period: str, layer: str) -> dict[str, str] | None:
    """Keys of the cell outside the table ``definitions`` that shows a definition; None where there is none."""
    place = definitions()[definition]["cell"]
    if place is None:
        return None
    if place["table"] == "key_figures":
        return source(definition, period, before=layer != "")
    if "{period}" in place["row"]:
        return source(definition, period, before=layer != "")
    return {**place, "layer": layer}


def guard_families(facts: pd.DataFrame, reason: pd.Series, variant: pd.Series, *, period: str, least: int) -> pd.Series:
    """Return ``reason`` with variants withheld whose differences would give away few persons.

    Args:
        facts: facts of the whole edition.
        reason: '' where a fact may be shown; final for every table but those of ``definitions``.
        variant: which facts are figures of the table ``definitions``.
        period: cut-off month.
        least: threshold of a difference, in persons.
    """
    state = reason.to_numpy(dtype="object").copy()
    is_variant, entries = variant.to_list(), definitions()
    local: dict[str, str] = {}
    for key, entry in entries.items():
        local.setdefault(entry["measure"], key)
    keys = list(facts[list(KEYS)].itertuples(index=False, name=None))
    outside = {key: place for place, key in enumerate(keys) if not is_variant[place]}
    order = {key: place for place, key in enumerate(entries)}
    families: dict[tuple[str, str, str], list[int]] = {}
    for place, (_, department, row, _, layer) in enumerate(keys):
        if is_variant[place] and row in entries:
            families.setdefault((entries[row]["measure"], department, layer), []).append(place)
    counts = Counts.of(facts)
    for (measure, department, layer), members in families.items():
        first = local[measure]
        members.sort(key=lambda place: order[keys[place][2]])
        at = local_place(first, period, layer)
        own = None if at is None else outside.get((at["table"], department, at["row"], at["column"], at["layer"]))
        if own is not None and state[own] not in ("", "no_data"):
            for place in members:
                state[place] = state[place] or REASON
            continue
        shown = [(first, own)] if own is not None and state[own] == "" else []
        for place in members:
            if state[place] != "":
                continue
            name = keys[place][2]
            if any(counts.tell(place, other, comparable(name, said, department), least) for said, other in shown):
                state[place] = REASON
            else:
                shown.append((name, place))
    return pd.Series(state, index=reason.index).astype("str")


DAYS = ("cutoff", "november", "measuring_day")
"""Period rules about one day."""


def comparable(one: str, other: str, department: str) -> str:
    """How two definitions compare in a department: about a ``day``, about the same ``stretch`` of time, or not ('').

    In a department a figure about one day may be held against one about another, since who came or left in between may
    be a single person; in the whole organisation that is many who came and many who left.
    """
    rules = [definitions()[name]["period_rule"] for name in (one, other)]
    if all(rule in DAYS for rule in rules) and (department != ORGANISATION or rules[0] == rules[1]):
        return "day"
    return "stretch" if rules[0] == rules[1] else ""


@dataclass(frozen=True)
class Counts:
    """Persons with the attribute, without it, and in all, by position of the fact."""

    numbers: np.ndarray

    @classmethod
    def of(cls, facts: pd.DataFrame) -> Counts:
        """Collect the counts of every fact."""
        part, whole = facts["numerator"].to_numpy(), facts["denominator"].to_numpy()
        return cls(np.column_stack([part, whole - part, whole]))

    def tell(self, one: int, other: int, how: str, least: int) -> bool:
        """Do the counts of two facts differ by more than nobody and by fewer than ``least`` persons?"""
        if not how:
            return False
        differences = np.abs(self.numbers[one] - self.numbers[other])[: 3 if how == "day" else 1]
        return bool(((differences > 1e-9) & (differences < least)).any())


def with_local_definitions(cells: pd.DataFrame, *, period: str) -> pd.DataFrame:
    """Add to the table ``definitions`` the figures that other protected tables show, as they show them.

    A figure is copied from its protected cell, so that it is never more open there than here.

    Args:
        cells: protected cells of the edition.
        period: cut-off month.
    """
    index = {tuple(line[key] for key in KEYS): line for line in cells.to_dict("records")}
    departments = list(dict.fromkeys(cells["department"]))
    rows: list[dict[Any, Any]] = []
    for name in definitions():
        for layer in LAYERS:
            place = local_place(name, period, layer)
            if place is None:
                continue
            for department in departments:
                found = index.get((place["table"], department, place["row"], place["column"], place["layer"]))
                if found is not None:
                    keys = {"table": DEFINITIONS, "row": name, "column": COLUMN, "layer": layer, "definition": name}
                    rows.append({**found, **keys})
    if not rows:
        return cells
    return check_cells(pd.concat([cells, pd.DataFrame(rows, columns=list(COLUMNS))], ignore_index=True))
