"""The skill gap as facts, and what may be shown of it beside the other tables about the same persons.

A row is a requirement on an occupation: needed, held, unclear and missing, now and at the horizon, and how many have
been assessed. All that says how many fulfil it stands or falls together, and what the horizon holds follows from what
is there now, so that one is not shown where the other may not be. Beyond the rules of a table of its own:

* a row about an occupation is not shown where the department's number in that occupation is not;
* unclear and missing say how many have not been assessed, and are not shown where that is not;
* no figure that another table withholds may be found with the help of a row (``joint``);
* what the whole lacks is shown only where it follows from what is shown anyway (``guard_whole``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure import across_tables as joint
from analysis.disclosure.across_tables import SILENT
from analysis.disclosure.thresholds import Thresholds
from analysis.tables.competence_rows import HELD, KNOWN, MISSING, NOW, SHARE, STEPS, TABLES, UNCLEAR, balance
from analysis.tables.protected import ORGANISATION


def guard_skills(every: pd.DataFrame, reason: pd.Series, *, limits: Thresholds) -> pd.Series:
    """Return ``reason`` with more withheld of the skill gap and of what tells it: ``ladder`` and ``within``.

    Args:
        every: facts of the whole edition.
        reason: '' where a fact may be shown; final for every other table.
        limits: the policy's thresholds.
    """
    # arrays by place: the loops below run over every row of every department
    why = reason.to_numpy(dtype=object, copy=True)
    table, row, column, layer, department = (
        every[name].to_numpy(dtype=object) for name in ("table", "row", "column", "layer", "department")
    )
    heads = np.flatnonzero((table == "headcount") & (column == "total") & (layer == ""))
    counted = {(department[at], row[at]): at for at in heads}
    rows = _by_row(every, every["table"].isin(TABLES))
    for (key, requirement), part in rows.items():
        head = counted.get((key, str(requirement).split(":")[2]))
        if head is not None and why[head] not in SILENT:
            _withhold(why, part)
    state = pd.Series(why, index=reason.index)
    found = joint.found_with(every, state, _rows(every, state), limits=limits)
    _withhold(why, every.index.get_indexer(pd.Index(found)))
    for part in rows.values():
        now = layer[part] == NOW
        silent = not _shown(why, part[now & (column[part] == HELD)])
        unsure = silent or not _shown(why, part[now & (column[part] == SHARE)])
        for name, hidden in ((HELD, silent), (UNCLEAR, unsure), (MISSING, unsure)):
            if hidden:
                _withhold(why, part[column[part] == name])
    for part in _by_row(every, every["table"] == "within").values():
        if not _shown(why, part[column[part] == "now"]):
            _withhold(why, part)
    guard_whole(every, why)
    return pd.Series(why, index=reason.index, dtype=reason.dtype, name=reason.name)


def _by_row(every: pd.DataFrame, wanted: pd.Series) -> dict[tuple[str, str], np.ndarray]:
    """Places of the wanted facts by department and row, in order."""
    places = np.flatnonzero(wanted)
    found: dict[Any, Any] = every[wanted].groupby(["department", "row"]).indices
    return {(str(key[0]), str(key[1])): places[at] for key, at in sorted(found.items())}


def guard_whole(every: pd.DataFrame, why: np.ndarray) -> None:
    """Withhold what the whole lacks where that says more of a withheld department than is shown anyway.

    The whole has the departments' sums, and what one lacks depends on its own numbers: held beside needed and the sum
    of what is missing would give a withheld department away. Taken together, withheld departments lack what the shown
    figures say; only where that is what they lack one by one is the sum both true and no news.

    Args:
        every: facts of the whole edition.
        why: '' where a fact is shown, else why not, by place; final for the departments' skill gap, and changed here.
    """
    at = np.flatnonzero(every["table"].isin(TABLES) & (every["layer"] == NOW))
    now = every.iloc[at]
    held = now[now["column"] == HELD].set_index(["row", "department"])
    keys = ["row", "department"]
    parts = now[now["department"] != ORGANISATION]
    parts = parts.pivot_table(index=keys, columns="column", values="value", aggfunc="first")
    places = dict(zip(zip(now["row"], now["department"], now["column"], strict=True), at.tolist(), strict=True))
    rest = (held["n"] - held["denominator"]).to_dict()
    for row, part in parts.groupby(level="row", sort=False):
        lacks = [key for key in part.index if why[places[(*key, MISSING)]] not in SILENT]
        if not lacks or (row, ORGANISATION, MISSING) not in places:
            continue
        lines = part.loc[lacks]
        short = (lines["needed"] - lines[HELD]).to_numpy()
        silent = np.array([why[places[(*key, HELD)]] not in SILENT for key in lacks])
        vacant = short[~silent].clip(min=0).sum() + max(short[silent].sum(), 0.0)
        unsure = np.array(sum(rest[key] for key in lacks))
        together = np.array(balance(np.array(vacant), np.array(0.0), unsure))
        if not np.allclose(together, lines[[UNCLEAR, MISSING]].sum().to_numpy(), atol=1e-6):
            _withhold(why, np.array([places[row, ORGANISATION, name] for name in (UNCLEAR, MISSING)]))


def _shown(why: np.ndarray, at: np.ndarray) -> bool:
    return len(at) > 0 and all(reason in SILENT for reason in why[at])


def _withhold(why: np.ndarray, at: np.ndarray) -> None:
    why[at] = np.where(why[at] == "", "secondary", why[at])


def _rows(every: pd.DataFrame, state: pd.Series) -> pd.DataFrame:
    """The rows of today that say how many fulfil a requirement: at, department, requirement, counts."""
    held = every[every["table"].isin([STEPS, KNOWN]) & (every["column"] == HELD) & (every["layer"] == NOW)]
    parts = held["row"].str.split(":", expand=True).reindex(columns=range(3))
    table = pd.DataFrame(
        {
            "at": held.index, "department": held["department"], "model": parts[0], "step": parts[1].astype("int64"),
            "occupation": parts[2], "held": held["numerator"], "assessed": held["denominator"],
        }
    )  # fmt: skip
    return table[state[held.index].to_numpy() != "no_data"].reset_index(drop=True)
