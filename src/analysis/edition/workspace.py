"""The workspace of an edition: a folder with everything between the delivery and the pages.

``tables/`` holds rows about persons and unprotected facts (the near side of the wall), ``results/`` group results,
``protected/`` what may be shown, ``stages/`` a mark per finished stage. A notebook opens its stage here; what is
missing upstream is built once, by running the notebooks before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import settings as settings_module
from analysis.edition.parameters import check_values
from analysis.errors import GateError, InputError
from analysis.periods import cutoff
from analysis.reference import policy
from analysis.reference.policies import Policy
from analysis.settings import Settings
from analysis.tables.about import check_about
from analysis.tables.parquet import write_frames
from analysis.tables.protected import ORGANISATION, ProtectedReport

STAGES = {
    "read": "10-read.ipynb",
    "workforce": "20-workforce.ipynb",
    "competence": "30-competence.ipynb",
    "turnover": "40-turnover.ipynb",
    "staffing": "50-staffing.ipynb",
    "disclosure": "60-disclosure.ipynb",
}
"""The stages in the order they run, with their notebooks."""

REPORTS = {"department": "70-department.ipynb", "organisation": "80-organisation.ipynb"}
CARDS = {"model-card": "90-model-card.ipynb", "samverkan": "91-samverkan.ipynb"}
"""Pages about the forecasts themselves, by the name of the page."""
SAMPLE = "data/raw/sample"
PERSONAL = frozenset({"person", "employment", "name_key", "given_key", "birth", "sex", "pay", "spell"})


@dataclass(frozen=True)
class Stage:
    """One stage at work: where it reads, where it writes, and for which delivery and period."""

    name: str
    root: Path
    folder: Path
    delivery: Path
    period: str
    seed: int

    @cached_property
    def settings(self) -> Settings:
        """The installation's settings."""
        return settings_module.load(self.root)

    @cached_property
    def policy(self) -> Policy:
        """The disclosure and quarantine policy."""
        return policy()

    @property
    def at(self) -> pd.Timestamp:
        """The cut-off."""
        return cutoff(self.period)

    def table(self, name: str) -> pd.DataFrame | None:
        """Read a near-side table; None if the delivery has none."""
        return _read(self.folder / "tables" / f"{name}.parquet")

    def need(self, name: str) -> pd.DataFrame:
        """Read a near-side table or result that an earlier stage always writes."""
        found = self.table(name)
        found = self.result(name) if found is None else found
        if found is None:
            raise InputError(f"the workspace lacks the table {name}; run the notebooks before this one again")
        return found

    def tables(self, names: Sequence[str]) -> dict[str, pd.DataFrame | None]:
        """Read several near-side tables by name; absent ones are None."""
        return {name: self.table(name) for name in names}

    def result(self, name: str) -> pd.DataFrame | None:
        """Read a group result."""
        return _read(self.folder / "results" / f"{name}.parquet")

    def facts(self, name: str) -> dict[str, Any]:
        """Read a small record that an earlier stage kept (JSON)."""
        path = self.folder / "tables" / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Keep a near-side table."""
        _write(self.folder / "tables" / f"{name}.parquet", table)

    def write_frames(self, name: str, frames: Iterable[pd.DataFrame]) -> None:
        """Keep a near-side table that comes in blocks of rows, none of them held longer than it takes to write it."""
        path = self.folder / "tables" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_frames(frames, path)

    def write_result(self, name: str, table: pd.DataFrame) -> None:
        """Keep a group result.

        Raises:
            GateError: it has a column about persons, or a group smaller than the forecast limit.
        """
        personal = PERSONAL & set(table.columns)
        if personal:
            raise GateError(f"result {name} would hold columns about persons: {', '.join(sorted(personal))}")
        least = self.policy.forecast.min_at_risk
        if "department" in table.columns and "n" in table.columns and not (table["n"] >= least).all():
            raise GateError(f"result {name} would hold a group of fewer than {least} persons")
        _write(self.folder / "results" / f"{name}.parquet", table)

    def write_facts(self, name: str, record: dict[str, Any]) -> None:
        """Keep a small record (JSON) on the near side."""
        _write_json(self.folder / "tables" / f"{name}.json", record)

    def write_protected(
        self, cells: pd.DataFrame, plan: pd.DataFrame, departments: pd.DataFrame, about: dict[str, Any]
    ) -> None:
        """Keep what reports may read."""
        folder = self.folder / "protected"
        _write(folder / "cells.parquet", cells)
        _write(folder / "plan.parquet", plan)
        _write(folder / "departments.parquet", departments)
        _write_json(folder / "about.json", check_about(about))

    def done(self) -> str:
        """Mark the stage as finished and return the line that says so."""
        _write_json(self.folder / "stages" / f"{self.name}.json", _mark(self))
        return f"{self.name}: done for {self.period}"


def _mark(stage: Stage) -> dict[str, object]:
    return {"delivery": _relative(stage.delivery, stage.root), "period": stage.period, "seed": stage.seed}


def _relative(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name


def _read(path: Path) -> pd.DataFrame | None:
    return pd.read_parquet(path) if path.is_file() else None


def _write(path: Path, table: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.reset_index(drop=True).to_parquet(path, index=False)


def _write_json(path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n", "utf-8")


def _open(name: str, workspace: str, delivery: str, period: str, seed: int) -> Stage:
    root = settings_module.find_root()
    return Stage(name, root, (root / workspace).resolve(), (root / delivery).resolve(), period, seed)


def open_stage(name: str, *, workspace: str, delivery: str, period: str, seed: int) -> Stage:
    """Open a stage from its notebook: check the parameters and see to it that everything upstream is there.

    Args:
        name: the stage.
        workspace: folder of the edition's tables, relative to the project's root.
        delivery: folder with ``delivery.toml``, relative to the project's root.
        period: cut-off month, YYYY-MM.
        seed: seed of every simulation.

    Raises:
        InputError: a parameter is not what its name says.
    """
    check_values(workspace=workspace, delivery=delivery, period=period, seed=seed)
    stage = _open(name, workspace, delivery, period, seed)
    build_missing(stage, before=name)
    return stage


def open_report(
    *, workspace: str, delivery: str, period: str, seed: int, department: str = ORGANISATION
) -> ProtectedReport:
    """Open the protected tables for one department's report (or the whole organisation's).

    Raises:
        InputError: a parameter is not what its name says, or the department has no report in this edition.
    """
    check_values(workspace=workspace, delivery=delivery, period=period, seed=seed, department=department)
    stage = _open("report", workspace, delivery, period, seed)
    build_missing(stage, before=None)
    try:
        return ProtectedReport.read(stage.folder / "protected", department)
    except KeyError:
        known = pd.read_parquet(stage.folder / "protected" / "departments.parquet", columns=["key"])["key"]
        raise InputError(f"no department {department!r} in this edition; it has {', '.join(known)}") from None


def build_missing(stage: Stage, *, before: str | None, say: Callable[[str], None] = print) -> None:
    """Run the notebooks of the stages before ``before`` that this workspace does not hold yet.

    Args:
        stage: the stage that is about to work.
        before: its name; None for a report, which needs every stage.
        say: receives one line per stage that is built.
    """
    from analysis.edition.execute import execute_notebook

    names = list(STAGES) if before is None else list(STAGES)[: list(STAGES).index(before)]
    stale = [name for name in names if not _is_done(stage, name)]
    if not stale:
        return
    if not stage.delivery.exists() and stage.delivery == (stage.root / SAMPLE).resolve():
        from analysis.sample import write_sample

        say(f"no delivery in {SAMPLE} yet: writing the sample municipality there")
        write_sample(stage.delivery)
    for name in names[names.index(stale[0]) :]:
        say(f"building the stage {name} for {stage.period} first ({STAGES[name]})")
        parameters = {
            "workspace": str(stage.folder),
            "delivery": str(stage.delivery),
            "period": stage.period,
            "seed": stage.seed,
        }
        execute_notebook(stage.root / "notebooks" / STAGES[name], parameters=parameters)


def _is_done(stage: Stage, name: str) -> bool:
    path = stage.folder / "stages" / f"{name}.json"
    return path.is_file() and json.loads(path.read_text(encoding="utf-8")) == _mark(stage)
