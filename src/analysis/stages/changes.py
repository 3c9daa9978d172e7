"""Why figures changed since the edition before, as far as a build tells it: the counts of persons whose rows both hold.

A build counts again what needs no model (``workforce.changes``); every other figure is for ``analysis diff``. The rows
of the edition before are an input like its register. Once they have been erased, the counts that this edition kept of
them stand in for them, so that it can still be made again; without those the totals alone are compared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.contracts import check_table
from analysis.disclosure.changes import with_joined
from analysis.disclosure.thresholds import Thresholds
from analysis.edition.passport import file_hash
from analysis.errors import GateError, InputError
from analysis.periods import cutoff
from analysis.reference.episodes import Rules
from analysis.stages.marks import Mark
from analysis.stages.pipeline import COUNTED as ROWS
from analysis.stages.stage import Stage
from analysis.tables.changes import FIGURES
from analysis.tables.clean import TABLES
from analysis.tables.protected import SHOWN, TOTAL
from analysis.tables.reads import digest_of, value_digest
from analysis.workforce.changes import counted, parts_of_change, recounted, same_structure, standing
from analysis.workforce.spells import spell_ends

CHANGED = "changed"
"""Near-side table and record of why counts changed."""
ABOUT = ("level", "rate", "episodes", "observed_from", "reasons_from", "pseudonym_key")
"""What a delivery says of itself that counting persons rests on."""
MAKES = ("code", "reference", "notebook", "library", "settings")
"""Kinds of inputs that say how a stage counts, not what."""
Tables = Mapping[str, pd.DataFrame | None]


def keep_changes(stage: Stage, *, after: str, kept: str = "") -> None:
    """Keep by how much counts changed since the edition before, and because of what; nothing without one.

    Args:
        stage: the disclosure stage.
        after: workspace of the edition before, '' if none.
        kept: workspace of this edition as it was built before, whose counts stand in for rows that have been erased.
    """
    if not after:
        return
    folder = Path(after)
    period = json.loads((folder / "protected/about.json").read_text(encoding="utf-8"))["period"]
    if period > stage.period:
        return  # an edition of a later month is not what this one came after
    limits = Thresholds.of(stage.policy, stage.settings.profile)
    own = {name: stage.table(name) for name in ROWS}
    delivery = stage.facts("delivery")
    about = {name: delivery.get(name) for name in ABOUT}
    record = {
        "register": file_hash(folder / "protected/cells.parquet"),
        "rows": value_digest([digest_of(stage.folder / f"tables/{name}.parquet") for name in (*ROWS, "rows")]),
        "period": period,
        "least": str(limits.low),
    }
    printed, stood = _printed(folder)
    worlds = _worlds(stage, folder, own, about, period)
    told = _kept(kept, record) if worlds is None else None
    if told is None:
        observed = stage.facts("workforce")["observed"]
        now = counted_of(stage.need("rows"), own, about, observed, stage.period)
        told = parts_of_change(printed, worlds, now, stood=stood)
        told = with_joined(told, least=limits.low).assign(before=period)
    stage.write_table(CHANGED, told)
    stage.write_facts(CHANGED, record)


def _printed(folder: Path) -> tuple[pd.DataFrame, set[tuple[str, str]]]:
    """What the edition before shows of ``FIGURES``: DataFrame[figure, department, value]; and which of them it left."""
    cells = pd.read_parquet(folder / "protected/cells.parquet")
    place = (cells["row"] == TOTAL) & (cells["column"] == TOTAL) & (cells["layer"] == "")
    mine = cells[cells["table"].isin(FIGURES) & place & cells["status"].isin(SHOWN)]
    left = pd.read_parquet(folder / "protected/unchanged.parquet")
    left = left[left["table"].isin(FIGURES) & (left["row"] == TOTAL) & (left["layer"] == "")]
    return (
        mine.rename(columns={"table": "figure"})[["figure", "department", "value"]],
        set(left[["table", "department"]].itertuples(index=False, name=None)),
    )


def _worlds(
    stage: Stage, folder: Path, own: Tables, about: Mapping[str, Any], period: str
) -> dict[str, pd.DataFrame] | None:  # fmt: skip
    """Persons counted of the rows of the edition before and of ours at its cut-off; None where that cannot be told."""
    tables = read_rows(folder)
    if tables is None:
        return None
    before = json.loads((folder / "tables/delivery.json").read_text(encoding="utf-8"))
    if before["pseudonym_key"] != about["pseudonym_key"]:
        return None  # persons of the two cannot be recognised in each other
    seen = cutoff(period)
    theirs = standing(tables["organisation"], at=seen, seen=seen)
    ours = standing(own["organisation"], at=stage.at, seen=seen)
    try:
        if counts_alike(folder, stage.folder):
            past = json.loads((folder / "tables/workforce.json").read_text(encoding="utf-8"))
            first = counted_of(
                pd.read_parquet(folder / "tables/rows.parquet"), tables, before, past["observed"], period
            )
        else:
            first = recounted(tables, period=period, about=before)
        alike = same_structure(theirs, ours) and before["level"] == about["level"]
        moved = {**tables, "organisation": ours}
        second = first if alike else recounted(moved, period=period, about={**before, "level": about["level"]})
        third = recounted({**own, "organisation": ours}, period=period, about=about)
    except InputError:
        return None  # one of the two does not reach back to that month, or nobody is in post then
    return {"before": first, "organisation": second, "corrected": third}


def read_rows(folder: Path, *, every: bool = False) -> dict[str, pd.DataFrame | None] | None:
    """Clean tables that persons are counted from; None where they have been erased, or are none that we understand.

    Args:
        folder: a workspace.
        every: all clean tables of the delivery.
    """
    if not (folder / "tables/rows.parquet").is_file() or not (folder / "tables/delivery.json").is_file():
        return None
    paths = {name: folder / f"tables/{name}.parquet" for name in (TABLES if every else ROWS)}
    found = {name: pd.read_parquet(path) if path.is_file() else None for name, path in paths.items()}
    try:
        for name, table in found.items():
            if table is not None:
                check_table("tables", name, table)
    except GateError:
        return None
    return found


def counts_alike(one: Path, other: Path, stage: str = "workforce") -> bool:
    """Whether a stage of two workspaces was made by the same code, reference data, settings and libraries."""
    made = []
    for folder in (one, other):
        mark = Mark.read(folder, stage)
        parts = {} if mark is None or mark.inputs is None else mark.inputs.parts
        made.append({name: digest for name, digest in parts.items() if name.partition(": ")[0] in MAKES})
    return bool(made[0]) and made[0] == made[1]


def counted_of(
    rows: pd.DataFrame, tables: Tables, about: Mapping[str, Any], observed: list[str], period: str
) -> pd.DataFrame:  # fmt: skip
    """Persons counted of the rows of a workspace (``workforce.changes.counted``)."""
    if tables["employments"] is None:  # exits of lists are linked to them before they are matched
        return recounted(tables, period=period, about=about)
    return counted(rows, spell_ends(rows, tables["exits"], Rules.of(about.get("episodes"))), observed, period=period)


def _kept(kept: str, record: Mapping[str, str]) -> pd.DataFrame | None:
    """What this edition kept of the same two, where the earlier rows have been erased since; None without it."""
    folder = Path(kept) / "tables"
    if not kept or not (folder / f"{CHANGED}.json").is_file():
        return None
    held = json.loads((folder / f"{CHANGED}.json").read_text(encoding="utf-8"))
    return pd.read_parquet(folder / f"{CHANGED}.parquet") if held == dict(record) else None
