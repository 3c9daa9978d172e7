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

import numpy as np
import pandas as pd

from analysis.disclosure import joint
from analysis.disclosure.joint import SILENT
from analysis.disclosure.thresholds import Thresholds
from analysis.tables.needed import HELD, KNOWN, MISSING, NOW, SHARE, STEPS, TABLES, UNCLEAR, balance
from analysis.tables.protected import ORGANISATION


def guard_skills(every: pd.DataFrame, reason: pd.Series, *, limits: Thresholds) -> pd.Series:
    """Return ``reason`` with more withheld of the skill gap and of what tells it: ``ladder`` and ``within``.

    Args:
        every: facts of the whole edition.
        reason: '' where a fact may be shown; final for every other table.
        limits: the policy's thresholds.
    """
    mine = every["table"].isin(TABLES)
    state = reason.copy()
    heads = every[(every["table"] == "headcount") & (every["column"] == "total") & (every["layer"] == "")]
    counted = dict(zip(zip(heads["department"], heads["row"], strict=True), heads.index, strict=True))
    rows = [(key, part) for key, part in every[mine].groupby(["department", "row"], sort=True)]
    for (department, row), part in rows:
        head = counted.get((department, str(row).split(":")[2]))
        if head is not None and state[head] not in SILENT:
            _withhold(state, part.index)
    _withhold(state, pd.Index(joint.found_with(every, state, _rows(every, state), limits=limits)))
    for _, part in rows:
        now = part["layer"] == NOW
        silent = not _shown(state, part.index[now & (part["column"] == HELD)])
        unsure = silent or not _shown(state, part.index[now & (part["column"] == SHARE)])
        for column, hidden in ((HELD, silent), (UNCLEAR, unsure), (MISSING, unsure)):
            if hidden:
                _withhold(state, part.index[part["column"] == column])
    for _, part in every[every["table"] == "within"].groupby(["department", "row"], sort=True):
        if not _shown(state, part.index[part["column"] == "now"]):
            _withhold(state, part.index)
    guard_whole(every, state)
    return state


def guard_whole(every: pd.DataFrame, state: pd.Series) -> None:
    """Withhold what the whole lacks where that says more of a withheld department than is shown anyway.

    The whole has the departments' sums, and what one lacks depends on its own numbers: held beside needed and the sum
    of what is missing would give a withheld department away. Taken together, withheld departments lack what the shown
    figures say; only where that is what they lack one by one is the sum both true and no news.

    Args:
        every: facts of the whole edition.
        state: '' where a fact is shown, else why not; final for the departments' skill gap, and changed here.
    """
    now = every[every["table"].isin(TABLES) & (every["layer"] == NOW)]
    held = now[now["column"] == HELD].set_index(["row", "department"])
    keys = ["row", "department"]
    parts = now[now["department"] != ORGANISATION]
    parts = parts.pivot_table(index=keys, columns="column", values="value", aggfunc="first")
    places = now.assign(at=now.index).pivot_table(index=keys, columns="column", values="at", aggfunc="first")
    for row in parts.index.unique("row"):
        part = parts.loc[[row]]
        hidden = [key for key in part.index if state[places.loc[key, MISSING]] not in SILENT]
        if not hidden or (row, ORGANISATION) not in places.index:
            continue
        short = (part["needed"] - part[HELD]).loc[hidden]
        silent = [state[places.loc[key, HELD]] not in SILENT for key in hidden]
        vacant = short[[not each for each in silent]].clip(lower=0).sum() + max(short[silent].sum(), 0.0)
        rest = (held.loc[hidden, "n"] - held.loc[hidden, "denominator"]).sum()
        together = np.array(balance(np.array(vacant), np.array(0.0), np.array(rest)))
        if not np.allclose(together, part.loc[hidden, [UNCLEAR, MISSING]].sum().to_numpy(), atol=1e-6):
            _withhold(state, pd.Index([places[name][row, ORGANISATION] for name in (UNCLEAR, MISSING)]))


def _shown(state: pd.Series, at: pd.Index) -> bool:
    return len(at) > 0 and bool(state[at].isin(SILENT).all())


def _withhold(state: pd.Series, at: pd.Index) -> None:
    state[at] = state[at].mask(state[at] == "", "secondary")


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
