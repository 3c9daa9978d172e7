"""The parts of a change once their cells are protected: what may stand beside the two figures that they explain.

A part that too few persons came or went with is withheld like any count, and so is another along its line. What is left
of the change is one cell, ``other``, which is the withheld parts together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.tables.changes import FIGURES, TABLE
from analysis.tables.protected import COLUMNS, SHOWN, TOTAL, Reason, check_cells

BEFORE, NOW, OTHER = "before", "now", "other"
CLOSE = 1e-6
BLOCK = ["department", "column", "layer"]


def joined(values: Mapping[str, float], persons: Mapping[str, float], *, least: float) -> frozenset[str]:
    """Parts of a change that stand together as ``other``, since too few persons came or went with one of them.

    The smallest of the others joins them until they are two and hold the threshold together. Where no part would be
    left, noughts join too: beside them the rest is the change itself.

    Args:
        values: by how much each part changes the figure.
        persons: how many came or went with it; NaN where it is not known.
        least: the threshold.
    """
    size = {part: float(np.nan_to_num(persons[part])) for part, value in values.items() if abs(value) > CLOSE}
    small = [part for part in size if size[part] < least]
    if not small:
        return frozenset()
    rest = sorted((part for part in size if part not in small), key=lambda part: (size[part], part))
    while rest and (len(small) < 2 or sum(size[part] for part in small) < least):
        small.append(rest.pop(0))
    return frozenset(small if rest else values)


def with_joined(changed: pd.DataFrame, *, least: float) -> pd.DataFrame:
    """Parts that are joined go without a number of persons, as if it were not known: then protection withholds them.

    Along the parts of a change all but one would tell that one, since the change itself is printed.

    Args:
        changed: result of ``workforce.changes.parts_of_change``.
        least: threshold of the table.
    """
    away = pd.Series(False, index=changed.index)
    for _, block in changed[changed["part"] != TOTAL].groupby(["figure", "department"], sort=False):
        names = block["part"].tolist()
        values, persons = (dict(zip(names, block[each], strict=True)) for each in ("value", "persons"))
        away[block.index] = block["part"].isin(joined(values, persons, least=least))
    return changed.assign(persons=changed["persons"].mask(away & (changed["persons"] >= least)))


def explained(
    cells: pd.DataFrame, *, earlier: pd.DataFrame, before: str, former: pd.DataFrame | None = None,
    unchanged: Collection[tuple[str, ...]] = (),
) -> pd.DataFrame:  # fmt: skip
    """Cells of an edition with those that explain a change, which add up to what both editions print.

    A change is explained only where both editions show the figure. It is the difference of what they show; where a
    figure was left as an earlier build showed it, no part stands. Noughts beside parts that are all withheld would say
    what the change is because of, so that they are withheld too. Beside an earlier build of the same edition the parts
    stand if they are the same, or as that build showed them where it left the figure too: the parts of two builds would
    tell how few persons a correction was about.

    Args:
        cells: protected cells; of table ``changes`` its parts.
        earlier: cells that the edition before released.
        before: its cut-off month.
        former: cells that an earlier build of this edition released; None without one.
        unchanged: keys of figures left as the build or the edition before showed them.

    Returns:
        All cells; of table ``changes`` also rows ``before``, ``now``, ``total`` and ``other``.
    """
    now, then = _figures(cells), _figures(earlier)
    parts, was = _blocks(cells), {} if former is None else _blocks(former)
    left = set(unchanged)
    found: list[dict[str, Any]] = []
    for key in sorted({*(key for key in now if key in then), *(block[:2] for block in parts)}):
        block = (*key, before)
        mine = list(parts.get(block, {}).values())
        if key not in now or key not in then:
            found += [_silent(cell) for cell in mine]
            continue
        stays = (key[1], key[0], TOTAL, TOTAL, "") in left
        made = _block(mine, then[key], now[key], layer=before, silent=stays)
        old = was.get(block)
        if old and not _same(made, old):
            made = list(old.values()) if stays else _block(mine, then[key], now[key], layer=before, silent=True)
        found += made
    rest = cells[cells["table"] != TABLE]
    if not found:
        return rest
    return check_cells(pd.concat([rest, pd.DataFrame(found)[list(COLUMNS)].astype(COLUMNS)], ignore_index=True))


def _figures(cells: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Totals that are shown, by department and figure."""
    total = (cells["row"] == TOTAL) & (cells["column"] == TOTAL) & (cells["layer"] == "")
    shown = cells[total & cells["table"].isin(FIGURES) & cells["status"].isin(SHOWN)].to_dict("records")
    return {(line["department"], line["table"]): {str(key): item for key, item in line.items()} for line in shown}


def _blocks(cells: pd.DataFrame) -> dict[tuple[str, ...], dict[str, dict[str, Any]]]:
    """Cells of one department, figure and pair of editions, by row."""
    found: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
    for line in cells[cells["table"] == TABLE].to_dict("records"):
        cell = {str(name): item for name, item in line.items()}
        found.setdefault(tuple(cell[name] for name in BLOCK), {})[cell["row"]] = cell
    return found


def _block(
    parts: list[dict[str, Any]], then: Mapping[str, Any], now: Mapping[str, Any], *, layer: str, silent: bool
) -> list[dict[str, Any]]:  # fmt: skip
    change = now["value"] - then["value"]
    told = [cell["value"] for cell in parts if cell["status"] in SHOWN]
    hidden = len(parts) - len(told)
    # one withheld part is what the others leave; beside noughts alone the withheld ones are the change
    silent = silent or hidden == 1 or (hidden > 1 and not any(told))
    if silent or (not hidden and abs(sum(told) - change) > CLOSE):
        parts, told, hidden = [_silent(cell) for cell in parts], [], len(parts)
    like = {**now, "table": TABLE, "column": now["table"], "layer": layer}
    rest = _told(like, OTHER, change - sum(told) if hidden else 0.0)
    other = [rest if told else _silent(rest)] if parts else []
    ends = [_told(like, TOTAL, change), _told(like, NOW, now["value"])]
    return [_told(like, BEFORE, then["value"]), *parts, *other, *ends]


def _told(like: Mapping[str, Any], row: str, value: float) -> dict[str, Any]:
    """A cell that follows from what is printed."""
    status = "zero" if value == 0 else "published"
    return {**like, "row": row, "value": value, "low": np.nan, "high": np.nan, "n": np.nan, "status": status,
            "reason": Reason.NONE.value}  # fmt: skip


def _silent(cell: Mapping[str, Any]) -> dict[str, Any]:
    if cell["status"] == "missing":
        return dict(cell)
    reason = cell["reason"] if cell["status"] == "withheld" else Reason.SECONDARY.value
    return {**cell, "value": np.nan, "low": np.nan, "high": np.nan, "n": np.nan, "status": "withheld", "reason": reason}


def _same(made: list[dict[str, Any]], old: Mapping[str, dict[str, Any]]) -> bool:
    one = {cell["row"]: (cell["status"], str(cell["value"])) for cell in made}
    return one == {row: (cell["status"], str(cell["value"])) for row, cell in old.items()}
