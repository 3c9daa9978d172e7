"""What ``analysis diff`` says: on the screen, and in files that only their owner may read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.private import private_file
from analysis.runner.diff import Difference
from analysis.tables.changes import PARTS
from analysis.tables.protected import KEYS, ORGANISATION

ORDER = (
    "Parts are counted in a fixed order: organisation, corrected data, new data, definition and model. The order is a "
    "convention; in another order the parts would be others, their sum the same. Parts that too few persons came or "
    "went with are joined to other."
)
COLUMNS = ("before", *PARTS, "other", "now")
LEADING = ("headcount", "fte", "exits", "leavers", "bridge")
"""Tables that come first on the screen."""
SHARES = ("share", "rate")
WIDE = 44
"""Letters of a figure's name on the screen."""


def only(figures: pd.DataFrame, *, department: str, table: str) -> pd.DataFrame:
    """The figures of one department, or of one table.

    Raises:
        InputError: nothing changed there.
    """
    for column, wanted in (("department", department), ("table", table)):
        if wanted and not figures.empty:
            if wanted not in set(figures[column]):
                raise InputError(
                    f"no figure of the {column} {wanted!r} is changed; leave out --{column} to see which are"
                )
            figures = figures[figures[column] == wanted]
    return figures


def screen(found: Difference, before: str, after: str, *, most: int) -> str:
    """The difference as text: how many figures are what, then those of the whole first.

    Args:
        found: the difference.
        before: name of the earlier edition.
        after: name of the later one.
        most: how many lines of figures.
    """
    counts = "; ".join(f"{count} {fate}" for fate, count in found.counts.items() if fate not in ("both", "changed"))
    lines = [
        f"{before} → {after}: {found.counts.get('changed', 0)} of {found.counts.get('both', 0)} figures that both show "
        f"have changed; {counts}.",
        *(f"{line}." for line in found.told),
    ]
    figures = found.figures
    if figures.empty:
        return "\n".join(lines)
    split = not found.totals_only
    if not split:
        lines.append(f"Only the totals are compared: {found.totals_only}.")
    shown = _first(figures).head(most)
    columns = [name for name in COLUMNS if split or name in ("before", "now")]
    lines.append("  ".join([f"{'figure':<{WIDE}}", *(f"{name:>12}" for name in columns)]))
    for line in shown.to_dict("records"):
        name = " · ".join(str(line[key]) for key in KEYS if line[key])
        cells = [_number(line.get(column, np.nan), str(line["unit"]), signed=column not in ("before", "now"))
                 for column in columns]  # fmt: skip
        lines.append("  ".join([f"{name[:WIDE]:<{WIDE}}", *(f"{cell:>12}" for cell in cells)]))
    if len(figures) > most:
        lines.append(f"… and {len(figures) - most} more; --csv FILE or --json FILE writes all of them.")
    if split:
        lines.append(ORDER)
        follow = int(figures[[*PARTS, "other"]].isna().all(axis=1).sum())
        lines += [f"{follow} figures follow from others and have the parts of these."] if follow else []
    return "\n".join(lines)


def _first(figures: pd.DataFrame) -> pd.DataFrame:
    """The whole before departments, what a page begins with before the rest, totals before their rows."""
    rank = {name: place for place, name in enumerate(LEADING)}
    order = figures.assign(
        whole=figures["department"] != ORGANISATION, rank=figures["table"].map(rank).fillna(len(rank)),
        part=~figures["row"].isin(("total", "recruitment_need", "empty")), place=np.arange(len(figures)),
    )  # fmt: skip
    return order.sort_values(["whole", "rank", "part", "place"], kind="stable")


def write_csv(found: Difference, path: Path, before: str, after: str) -> str:
    """Write every changed figure; returns what was written.

    Raises:
        InputError: the file cannot be written.
    """
    return _write(path, _table(found, before, after).to_csv(index=False), len(found.figures))


def write_json(found: Difference, path: Path, before: str, after: str) -> str:
    """The same with what else is to be known.

    Raises:
        InputError: the file cannot be written.
    """
    figures = json.loads(_table(found, before, after).to_json(orient="records"))
    record = {
        "before": before, "after": after, "order": ORDER, "totals_only": found.totals_only, "told": found.told,
        "counts": found.counts, "figures": figures,
    }  # fmt: skip
    return _write(path, json.dumps(record, ensure_ascii=False, indent=1) + "\n", len(figures))


def _table(found: Difference, before: str, after: str) -> pd.DataFrame:
    names = [*KEYS, "unit", "before", *PARTS, "other", "now", "change"]
    table = found.figures.reindex(columns=names)
    return table.assign(edition_before=before, edition=after)


def _write(path: Path, text: str, lines: int) -> str:
    try:
        private_file(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}; name another file") from None
    return f"{path}: {lines} figures, for its owner alone"


def _number(value: float, unit: str, *, signed: bool) -> str:
    if value is None or np.isnan(value):
        return ""
    sign, value = "+" if signed else "", round(value, 9) + 0.0  # no minus before a nought
    if unit in SHARES:
        return f"{100 * value:{sign}.1f} %"
    return f"{value:{sign}.0f}" if float(value).is_integer() else f"{value:{sign}.2f}"
