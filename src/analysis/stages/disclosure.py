"""What the disclosure stage needs beside facts (notebook 60): departments with a page, what the edition before said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.disclosure.changes import explained
from analysis.disclosure.editions import Former, beside_former
from analysis.disclosure.thresholds import Thresholds
from analysis.edition.passport import file_hash
from analysis.stages.stage import Stage
from analysis.tables.changes import TABLE as CHANGES
from analysis.tables.protected import COLUMNS, KEYS, ORGANISATION, REFERENCE
from analysis.workforce.structure import UNMAPPED


def reported_departments(stage: Stage) -> pd.DataFrame:
    """Departments as pages name them: the whole first, then in the order of the organisation.

    A department is reported when it holds at least the policy's least headcount and is a forecast group of its own.
    """
    names, groups = stage.need("departments"), stage.need("groups")
    least = stage.policy.department.min_headcount
    heads = groups.groupby("department")["at_risk"].sum()
    own = groups.groupby("department")["group_department"].first()
    large = {key for key in heads.index if heads[key] >= least and own[key] == key}
    delivery = stage.facts("delivery")
    whole = {"key": ORGANISATION, "name": delivery["municipality"], "name_en": delivery["municipality_en"]}
    whole |= {"parent": "", "parent_en": "", "status": "organisation", "code": ""}
    table = names.assign(status=["reported" if key in large else "pooled" for key in names["key"]])
    table["code"] = table["code"].where(table["key"] != UNMAPPED, "")  # our own name for units without a successor
    return pd.concat([pd.DataFrame([whole]), table], ignore_index=True)[
        ["key", "name", "name_en", "parent", "parent_en", "status", "code"]
    ]


def lost(stage: Stage) -> list[str]:
    """Tables and columns that the delivery lacks, or that hardly anyone in post has a value of."""
    past = stage.facts("workforce")
    return [*stage.facts("delivery").get("lost", ()), *past.get("unknown", ())]


FORMER = "former"
"""Folder of what an earlier build of the same edition released, where corrections of it were too small to show."""


def former_of(folder: str) -> Former | None:
    """What an earlier build or edition released, None without one.

    Args:
        folder: its workspace, or the folder that one keeps of the build before; '' if none.
    """
    if not folder:
        return None
    protected = Path(folder) if Path(folder).name == FORMER else Path(folder) / "protected"
    about = json.loads((protected / "about.json").read_text(encoding="utf-8"))
    departments = pd.read_parquet(protected / "departments.parquet")["key"]
    return Former(pd.read_parquet(protected / "cells.parquet"), frozenset(departments), about["period"])


def beside_earlier(
    cells: pd.DataFrame, *, former: str, after: str, period: str, departments: Sequence[str], thresholds: Thresholds
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells that may stand beside the earlier build of this edition and beside the edition before.

    What explains a change comes last: it has to agree with the figures as they are printed.

    Returns:
        Cells, and DataFrame[KEYS] of figures left as they were: «oförändrad; rättelser under redovisningsgränsen».
    """
    changes, cells = cells[cells["table"] == CHANGES], cells[cells["table"] != CHANGES]
    unchanged = [cells.loc[:, list(KEYS)].iloc[:0]]
    released = {folder: told for folder in (after, former) if (told := former_of(folder)) is not None}
    for told in released.values():  # the build before has the last word: its figures are the same ones
        cells, kept = beside_former(cells, told, period=period, departments=departments, thresholds=thresholds)
        unchanged.append(kept)
    left = pd.concat(unchanged, ignore_index=True).drop_duplicates(ignore_index=True)
    if after and released[after].period <= period:
        cells = explained(
            pd.concat([cells, changes], ignore_index=True), earlier=released[after].cells,
            before=released[after].period,
            former=released[former].cells if former else None,
            unchanged=set(left.itertuples(index=False, name=None)),
        )  # fmt: skip
    return cells, left


def keep_former(stage: Stage, former: str) -> None:
    """Keep what the build before released, without persons: a rebuild from equal inputs is held against it again."""
    target = stage.folder / "protected"
    if former:
        source = Path(former) if Path(former).name == FORMER else Path(former) / "protected"
        (target / FORMER).mkdir(exist_ok=True)
        for name in RELEASED:
            shutil.copyfile(source / name, target / FORMER / name)


RELEASED = ("cells.parquet", "departments.parquet", "about.json")


def register_hash(after: str) -> str:
    """SHA-256 of the cells that the edition before released, '' without one."""
    return file_hash(Path(after) / "protected" / "cells.parquet") if after else ""


def earlier_cells(after: str, departments: Sequence[str]) -> pd.DataFrame:
    """What the edition before said must be filled and stays empty, as cells of layer ``previous``; empty without one.

    Args:
        after: workspace of the edition before, '' if none.
        departments: departments with a report in this edition.
    """
    if not after:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    cells = pd.read_parquet(Path(after) / "protected" / "cells.parquet")
    totals = cells["row"].isin(["recruitment_need", "empty"])
    said = cells[(cells["table"] == "bridge") & totals & (cells["layer"] == REFERENCE)]
    return said[said["department"].isin([ORGANISATION, *departments])].assign(layer="previous")[list(COLUMNS)]
