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

from collections.abc import Container

import numpy as np
import pandas as pd

from analysis.disclosure import joint
from analysis.disclosure.joint import SILENT
from analysis.disclosure.thresholds import Thresholds
from analysis.tables.facts import facts
from analysis.tables.joins import join
from analysis.tables.needed import balance
from analysis.tables.protected import ORGANISATION

STEPS, KNOWN, NEEDED, ASSESSED = "skill_steps", "skill_known", "skill_needed", "skill_assessed"
TABLES = (STEPS, KNOWN, NEEDED, ASSESSED)
NOW = "now"
"""Layer of the cut-off; that of the horizon is its year."""
HELD, UNCLEAR, MISSING, SHARE = "held", "unclear", "missing", "assessed"
KEYS = ["department", "occupation", "model", "step"]


def row_key(model: str, step: int, occupation: str) -> str:
    """The row of a requirement: model, least step (0: none) and occupation."""
    return f"{model}:{step}:{occupation}"


def now_facts(now: pd.DataFrame, ladders: Container[str]) -> pd.DataFrame:
    """Facts of the skill gap at the cut-off; small departments included, since they are part of every sum.

    Args:
        now: result of ``competence.skill_now``.
        ladders: ids of ladders.
    """
    return _facts(now.assign(n=now["staff"], low=None, high=None), ladders, NOW)


def ahead_facts(gap: pd.DataFrame, now: pd.DataFrame, ladders: Container[str], *, year: int) -> pd.DataFrame:
    """Facts of the skill gap at the horizon, registered with the counts of today that they follow from.

    Args:
        gap: result of ``staffing.skill_gap``.
        now: result of ``competence.skill_now``.
        ladders: ids of ladders.
        year: the horizon.
    """
    ahead = gap[gap["year"] == year].drop(columns=["assessed", "staff"]).rename(columns={HELD: "expected"})
    table, _ = join(ahead, now[[*KEYS, HELD, "assessed", "staff"]], KEYS, how="inner", name="skill gap now and ahead")
    return _facts(table, ladders, str(year))


def _facts(table: pd.DataFrame, ladders: Container[str], layer: str) -> pd.DataFrame:
    kind = [STEPS if model in ladders else KNOWN for model in table["model"]]
    row = [row_key(*each) for each in zip(table["model"], table["step"], table["occupation"], strict=True)]
    base = pd.DataFrame(
        {
            "table": kind, "department": table["department"], "row": row, "layer": layer, "n": table["n"],
            "numerator": table[HELD], "denominator": table["assessed"], "unit": "persons",
            "definition": "skill_gap" if layer == NOW else "skill_gap_ahead",
        }
    )  # fmt: skip
    ends = {
        name: (table.get(f"{prefix}low"), table.get(f"{prefix}high"))
        for name, prefix in ((HELD, ""), (MISSING, "missing_"))
    }
    held = table["expected"] if "expected" in table else table[HELD]
    values = {HELD: held, UNCLEAR: table[UNCLEAR], MISSING: table[MISSING]}
    parts = [
        base.assign(column=name, value=value, low=ends.get(name, (None, None))[0], high=ends.get(name, (None, None))[1])
        for name, value in values.items()
    ]
    staff = {"numerator": table["n"], "denominator": table["n"]}
    parts.append(base.assign(table=NEEDED, column="needed", value=table["needed"], **staff))
    if layer == NOW:
        share = table["assessed"] / table["staff"]
        counts = {"numerator": table["assessed"], "denominator": table["staff"]}
        parts.append(base.assign(table=ASSESSED, column=SHARE, value=share, unit="share", **counts))
    return facts(pd.concat(parts, ignore_index=True))


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
