"""The workspace of an edition: a folder with everything between the delivery and the pages.

``tables/`` holds rows about persons and unprotected facts (the near side of the wall), ``results/`` group results,
``protected/`` what may be shown, ``stages/`` a mark per stage. A notebook opens its stage here; what is missing
upstream is built once (``missing``). The workspace of a published edition is only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pandas as pd
from pyarrow import ArrowInvalid

from analysis import settings as settings_module
from analysis.edition.leftovers import remove_leftovers
from analysis.edition.publish import heal_all
from analysis.errors import GateError, InputError
from analysis.execution.parameters import check_values
from analysis.periods import cutoff
from analysis.private import private_file, private_folder
from analysis.reference import policy
from analysis.reference.policies import Policy
from analysis.settings import FEWEST_DRAWS, Settings
from analysis.stages.inputs import UPSTREAM, Inputs, SettingsOf
from analysis.stages.marks import FOLDER, Mark, is_sealed, remove, write_json
from analysis.stages.missing import STAGES, Place, build_missing, check_workspace, inputs_of
from analysis.tables.about import check_about
from analysis.tables.parquet import write_frames
from analysis.tables.reads import Watched, damaged, read_digest, record_of


@dataclass(frozen=True)
class Stage:
    """One stage at work: where it reads, where it writes, and for which delivery and period.

    ``others`` are the parameters of its notebook beside these; ``inputs`` what the stage reads, digested when it was
    opened (None: whoever made this stage keeps no mark).
    """

    name: str
    root: Path
    folder: Path
    delivery: Path
    period: str
    seed: int
    others: Mapping[str, object] = field(default_factory=dict)
    inputs: Inputs | None = None

    @property
    def place(self) -> Place:
        """The workspace, and what it is made from."""
        return Place(self.root, self.folder, self.delivery, self.period, self.seed)

    def _mark(self, outputs: Iterable[str]) -> Mark:
        parameters = {"seed": self.seed, **self.others}
        return Mark(self.place.delivery_name, self.period, parameters, None, dict.fromkeys(outputs, ""))

    @cached_property
    def settings(self) -> Settings:
        """The installation's settings, as far as this stage has declared that it reads them."""
        return cast("Settings", SettingsOf(self.name, settings_module.load(self.root)))

    @property
    def draws(self) -> int:
        """Simulated futures behind every interval: the notebook's own parameter where it is not 0, else the settings'.

        Raises:
            InputError: fewer than a hundred, of which no tenth can be told.
        """
        given = self.others.get("draws", 0)
        if given == 0:
            return self.settings.draws
        if type(given) is not int or given < FEWEST_DRAWS:
            raise InputError(
                f"parameter draws must be a whole number of at least {FEWEST_DRAWS}, not {given!r}; 0: as set"
            )
        return given

    @property
    def given(self) -> dict[str, Any]:
        """What notebooks of this workspace were given in place of what is set ('' and 0), by parameter."""
        for name in list(STAGES)[: list(STAGES).index(self.name)] if self.name in STAGES else ():
            self._note(f"{FOLDER}/{name}.json#parameters")
        marks = [Mark.read(self.folder, path.stem) for path in sorted((self.folder / FOLDER).glob("*.json"))]
        found = [mark.parameters for mark in marks if mark is not None]
        given = {name: value for each in found for name, value in each.items() if value not in ("", 0)}
        return {name: value for name, value in given.items() if name != "seed"}

    @cached_property
    def _written(self) -> set[str]:
        """Files of this run; the first one clears away what an earlier run wrote.

        Raises:
            InputError: the workspace is only read.
        """
        if is_sealed(self.folder):
            raise InputError(read_only(self.folder))
        remove(self.folder, self.name)
        return set()

    def _target(self, name: str) -> Path:
        """Where a file of this stage goes; noted in the stage's mark before it is written."""
        written = self._written
        if name not in written:
            written.add(name)
            self._mark(written).write(self.folder, self.name)
        private_folder(self.folder)
        private_folder((self.folder / name).parent)
        return private_file(self.folder / name)

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
        return self._open(f"tables/{name}.parquet")

    def read(self, name: str) -> pd.DataFrame | None:
        """Read a near-side table or a group result; None where the edition has neither."""
        found = self.table(name)
        return self.result(name) if found is None else found

    def need(self, name: str) -> pd.DataFrame:
        """Read a near-side table or result that an earlier stage always writes."""
        found = self.read(name)
        if found is None:
            raise InputError(f"the workspace lacks the table {name}; run the notebooks before this one again")
        return found

    def tables(self, names: Sequence[str]) -> dict[str, pd.DataFrame | None]:
        """Read several near-side tables by name; absent ones are None."""
        return {name: self.table(name) for name in names}

    def result(self, name: str) -> pd.DataFrame | None:
        """Read a group result."""
        return self._open(f"results/{name}.parquet")

    def _open(self, name: str) -> pd.DataFrame | None:
        self._note(name)
        return _read(self.folder / name)

    @cached_property
    def _noted(self) -> dict[str, str]:
        """What this run has read of the stages before, with its digest as it was read."""
        return {}

    def _note(self, name: str) -> None:
        if name not in self._noted:
            self._noted[name] = read_digest(self.folder, name)

    def facts(self, name: str) -> dict[str, Any]:
        """Read a small record that an earlier stage kept (JSON); which of its entries are read is noted."""
        path = f"tables/{name}.json"
        return Watched(record_of(self.folder / path), lambda entry: self._note(f"{path}#{entry}" if entry else path))

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Keep a near-side table.

        Raises:
            GateError: it is not what its contract says (``analysis.contracts``), or has none.
        """
        self._keep("tables", name, table)

    def write_frames(self, name: str, frames: Iterable[pd.DataFrame]) -> None:
        """Keep a near-side table that comes in blocks of rows, none of them held longer than it takes to write it.

        Raises:
            GateError: a block is not what the table's contract says, or it has none.
        """
        path = self._target(f"tables/{name}.parquet")
        try:
            write_frames((_checked("tables", name, frame) for frame in frames), path)
        except GateError:
            path.unlink()
            raise

    def write_result(self, name: str, table: pd.DataFrame) -> None:
        """Keep a group result.

        Raises:
            GateError: it is not what its contract says, has a column about persons, or a group smaller than the
                forecast limit.
        """
        least = self.policy.forecast.min_at_risk
        if "department" in table.columns and "n" in table.columns and not (table["n"] >= least).all():
            raise GateError(f"result {name} would hold a group of fewer than {least} persons")
        self._keep("results", name, table)

    def _keep(self, folder: str, name: str, table: pd.DataFrame) -> None:
        _checked(folder, name, table)
        table.reset_index(drop=True).to_parquet(self._target(f"{folder}/{name}.parquet"), index=False)

    def write_facts(self, name: str, record: dict[str, Any]) -> None:
        """Keep a small record (JSON) on the near side."""
        write_json(self._target(f"tables/{name}.json"), record)

    def write_protected(
        self,
        cells: pd.DataFrame,
        plan: pd.DataFrame,
        departments: pd.DataFrame,
        about: dict[str, Any],
        *,
        unchanged: pd.DataFrame,
    ) -> None:
        """Keep what reports may read, and which cells are left as the build before showed them.

        Raises:
            GateError: a table is not what its contract says.
        """
        tables = {"cells": cells, "plan": plan, "departments": departments, "unchanged": unchanged}
        for name, table in tables.items():
            self._keep("protected", name, table)
        write_json(self._target("protected/about.json"), check_about(about))

    def done(self) -> str:
        """Mark the stage as finished and return the line that says so."""
        mark = self._mark(self._written)
        if self.inputs is not None:
            own = self._written
            noted = {
                f"{UPSTREAM}{name}": digest for name, digest in self._noted.items() if name.partition("#")[0] not in own
            }
            mark.finished(self.folder, Inputs({**self.inputs.parts, **noted})).write(self.folder, self.name)
        return f"{self.name}: done for {self.period}"


def read_only(folder: Path) -> str:
    """Why a published workspace is not written."""
    return (
        f"data/processed/{folder.name} belongs to a published edition and is only read; name a workspace of your own "
        "(-p workspace data/processed/my-try), which takes over everything that is still as in the edition"
    )


def _read(path: Path) -> pd.DataFrame | None:
    """A table; None where there is none.

    Raises:
        InputError: it is damaged.
    """
    try:
        return pd.read_parquet(path) if path.is_file() else None
    except (ArrowInvalid, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise InputError(damaged(path)) from None


def _checked(folder: str, name: str, table: pd.DataFrame) -> pd.DataFrame:
    # not at the top: pages open this module too, and the library behind the contracts takes half a second to load
    from analysis.contracts import check_table

    check_table(folder, name, table)
    return table


def opened(name: str, workspace: str, delivery: str, period: str, seed: int, others: Mapping[str, object]) -> Stage:
    """A stage of a workspace, once what a stopped build left behind is healed; nothing upstream is looked at."""
    root = settings_module.find_root()
    heal_all(root / "data/processed")
    return Stage(name, root, (root / workspace).resolve(), (root / delivery).resolve(), period, seed, others)


def open_stage(name: str, *, workspace: str, delivery: str, period: str, seed: int, **others: object) -> Stage:
    """Open a stage from its notebook: check the parameters and see to it that everything upstream is there.

    Args:
        name: the stage.
        workspace: folder of the edition's tables, relative to the project's root.
        delivery: folder with ``delivery.toml``, relative to the project's root.
        period: cut-off month, YYYY-MM.
        seed: seed of every simulation.
        others: every other parameter of the notebook, by name.

    Raises:
        InputError: a parameter is not what its name says, the workspace was made from another delivery or period, or it
            belongs to a published edition.
    """
    check_values(workspace=workspace, delivery=delivery, period=period, seed=seed)
    stage = opened(name, workspace, delivery, period, seed, others)
    remove_leftovers(stage.root)
    check_workspace(stage.place)
    if is_sealed(stage.folder):
        raise InputError(read_only(stage.folder))
    build_missing(stage.place, before=name)
    return replace(stage, inputs=inputs_of(stage.place, name, others))
