"""Unknown whole counts of persons, and what the printed figures say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from scipy.special import pdtrc

from analysis.audit.figures import Figure, Key
from analysis.audit.knowledge import Counted, Knowledge, Known

WHOLE = "all"
LARGE = 1e6
COUNTS = 400
"""Largest count that the attacker looks for behind a ratio's interval."""


@dataclass
class Unknown:
    """One count: its ends before anything is added up, and how it is judged."""

    key: Key
    low: float
    high: float
    threshold: float = 0.0
    zeros: bool = False
    base: float = LARGE
    """The smallest published total that holds it."""
    share_of: float = 0.0
    """The whole of a share whose base is published; 0 where it is not known."""
    withheld: bool = False
    printed: bool = True
    secret: str = ""
    """Name of the equation that leaves it, where no table publishes it."""


@dataclass
class System:
    """Unknowns and equations: signs of unknowns that add up to nothing."""

    unknowns: list[Unknown] = field(default_factory=list)
    equations: list[list[tuple[int, int]]] = field(default_factory=list)
    place: dict[Key, int] = field(default_factory=dict)

    def add(self, unknown: Unknown) -> int:
        """Add an unknown and return its place."""
        self.place[unknown.key] = len(self.unknowns)
        self.unknowns.append(unknown)
        return len(self.unknowns) - 1


def system_of(
    figures: Mapping[Key, Figure], knows: Knowledge, thresholds: Mapping[str, int], *, period: str
) -> System:  # fmt: skip
    """Everything that the attacker can write down.

    Args:
        figures: what all pages show and withhold.
        knows: his knowledge.
        thresholds: the policy's thresholds by sensitivity; they are printed on the pages.
        period: cut-off month.
    """
    system = System()
    departments = sorted({key[1] for key in figures})
    words = {"period": period, "before": f"{int(period[:4]) - 1}{period[4:]}"}
    for table in knows.table:
        _table(system, table, figures, thresholds, departments, words)
    for equation in knows.equation:
        _equation(system, equation, thresholds.get(equation.sensitivity, 0), departments, words)
    return system


def _table(
    system: System, table: Counted, figures: Mapping[Key, Figure], thresholds: Mapping[str, int],
    departments: list[str], words: Mapping[str, str],
) -> None:  # fmt: skip
    mine = [
        key
        for key in figures
        if key[0] == table.name
        and (not table.rows or key[2] in table.rows)
        and (not table.rows_of or key[2] == table.rows_of.format(**words))
        and (not table.columns or key[3] in table.columns)
        and (not table.layers or key[4] in table.layers)
    ]
    here = [name for name in departments if any(key[1] == name for key in mine)]
    cells = sorted({key[2:] for key in mine})
    for department in here:
        # the reports of others tell which rows there are, printed here or not
        for row, column, layer in cells:
            key = (table.name, department, row, column, layer)
            if key in figures or table.kind != "share" or table.all_rows:
                system.add(_unknown(key, table, figures, thresholds))
    groups = (
        table.groups or ((table.total, *sorted({row for row, _, _ in cells} - {table.total})),)
        if (table.total or table.groups)
        else ()
    )
    for column, layer in sorted({cell[1:] for cell in cells}):
        for department in here:
            for first, *rest in groups:
                _sum(system, [(table.name, department, row, column, layer) for row in (first, *rest)])
        if table.all_rows:
            for department in here:
                _everyone(system, table, [(table.name, department, row, column, layer) for row, _, _ in cells])
    if table.departments and WHOLE in here:
        for row, column, layer in cells:
            keys = [(table.name, name, row, column, layer) for name in here if name != WHOLE]
            _sum(system, [(table.name, WHOLE, row, column, layer), *keys], rest=True)


def _unknown(
    key: Key, table: Counted, figures: Mapping[Key, Figure], thresholds: Mapping[str, int]
) -> Unknown:  # fmt: skip
    figure = figures.get(key, Figure(key))
    least = thresholds["low"] if key[2] in table.low_rows else thresholds[table.sensitivity]
    zeros = table.zeros and key[2] not in table.low_rows
    shown = bool(figure.shown)
    unknown = Unknown(key, 0.0, LARGE, least, zeros, withheld=not shown, printed=bool(figure.withheld))
    base = (0.0, LARGE)
    if table.base is not None:
        whole = figures.get((table.base.table, key[1], table.base.row, table.base.column, ""))
        if whole is not None and whole.shown:
            base = (np.ceil(whole.low) * (1 - table.base.slack), np.floor(whole.high) * (1 + table.base.slack))
            unknown.high = unknown.base = base[1]
            unknown.share_of = base[1] if table.base.slack == 0 else 0.0
    if not shown:
        return unknown
    if table.kind == "count":
        unknown.low = unknown.high = round((figure.low + figure.high) / 2)
    elif table.kind == "share":
        unknown.low = np.ceil(figure.low / 100 * base[0] - 1e-6)
        unknown.high = min(np.floor(figure.high / 100 * base[1] + 1e-6), base[1])
        if unknown.low > unknown.high:  # a base that is not what he takes it for
            unknown.low, unknown.high = 0.0, base[1]
    elif figure.ends:
        unknown.low, unknown.high = observed(figure)
    return unknown


def _sum(system: System, keys: list[Key], *, rest: bool = False) -> None:
    """The first figure is the sum of the others; ``rest``: and of departments without a report."""
    total, *parts = [system.place.get(key) for key in keys]
    held = [part for part in parts if part is not None]
    if total is None or not held:
        return
    whole = system.unknowns[total]
    if rest:
        held.append(system.add(Unknown((*keys[0][:1], "", *keys[0][2:]), 0.0, LARGE, printed=False)))
    system.equations.append([*((part, 1) for part in held), (total, -1)])
    if not whole.withheld:
        for part in held:
            system.unknowns[part].base = min(system.unknowns[part].base, whole.high)


def _everyone(system: System, table: Counted, keys: list[Key]) -> None:
    """Rows that together are everyone in a published base."""
    held = [system.place[key] for key in dict.fromkeys(keys) if key in system.place]
    whole = {system.unknowns[at].share_of for at in held}
    if len(held) < 2 or 0 in whole or len(whole) != 1:
        return
    base = whole.pop()
    at = system.add(Unknown(("everyone", *_base_of(system, held)), base, base, printed=False))
    system.equations.append([*((part, 1) for part in held), (at, -1)])


def _base_of(system: System, held: list[int]) -> tuple[str, str, str, str]:
    """A name for a base of its own: table, department, column and layer of what it holds."""
    table, department, _, column, layer = system.unknowns[held[0]].key
    return (department, table, column, layer)


def _equation(
    system: System, equation: Known, least: int, departments: list[str], words: Mapping[str, str]
) -> None:  # fmt: skip
    name, terms = equation.name, equation.terms
    rows = sorted({key[2] for key in system.place if key[0] == terms[0].split("/")[0]}) if "{row}" in terms[0] else [""]
    for department in departments:
        for row in rows:
            places = []
            for term in terms:
                parts = term.lstrip("-").format(**words, row=row).split("/")
                key = (parts[0], department, parts[1], parts[2], parts[3] if len(parts) > 3 else "")
                places.append((system.place.get(key), -1 if term.startswith("-") else 1))
            if any(place is None for place, _ in places):
                continue
            if equation.equal:
                system.equations.append([(place, sign) for place, sign in places if place is not None])
                continue
            what = f"{name} {row}".strip()
            left = Unknown((name, department, row, "", ""), 0.0, LARGE, least, printed=False)
            left.secret = what if least else ""
            at = system.add(left)
            system.equations.append([(place, sign) for place, sign in places if place is not None] + [(at, -1)])
            whole = [system.unknowns[place] for place, sign in places if place is not None and sign > 0]
            left.base = min((each.high for each in whole if not each.withheld), default=LARGE)


def observed(figure: Figure) -> tuple[float, float]:
    """The whole counts whose exact interval has the printed proportions: the interval of a ratio names its count."""
    (low_from, low_to), (high_from, high_to) = figure.ends
    lowest, highest = mid_p()
    counts = np.arange(1, COUNTS + 1)
    expected_low = counts / max(figure.high, 1e-9)
    expected_high = counts / max(figure.low, 1e-9)
    fits = (
        (lowest / expected_low >= low_from - 1e-9) & (lowest / expected_high <= low_to + 1e-9)
        & (highest / expected_low >= high_from - 1e-9) & (highest / expected_high <= high_to + 1e-9)
    )  # fmt: skip
    found = counts[fits]
    if not len(found):
        return 0.0, LARGE
    return float(found[0]), float(found[-1]) if found[-1] < COUNTS else LARGE


HALVINGS = 60


@cache
def mid_p(level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the mid-P interval of the mean of a Poisson count, for counts from 1 (Berry and Armitage 1995)."""
    tail = (1 - level) / 2
    counts = np.arange(1, COUNTS + 1)

    def mean_at(share: float) -> np.ndarray:
        """Where a larger count, and half of an equal one, have this probability: by halving, all counts at once."""
        low, high = np.full(COUNTS, 1e-9), counts + 8 * np.sqrt(counts) + 8
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            above = (pdtrc(counts, middle) + pdtrc(counts - 1, middle)) / 2 > share
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return (low + high) / 2

    return mean_at(tail), mean_at(1 - tail)
