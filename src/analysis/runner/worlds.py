"""An edition's figures as they would have been with one thing changed: its tables are made again, and no page.

A world is a workspace whose first stage is laid in from what an edition has read (or reads its delivery again), with
another organisation where that is what is changed, and whose other stages are taken over where an edition has them and
run where none has. What comes of it are facts, on the near side.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import settings as settings_module
from analysis.disclosure.thresholds import Thresholds
from analysis.execution.execute import execute_notebook
from analysis.extracts.persons.secret_keys import NoKeyError, keyed_hash, pseudonym_key
from analysis.private import private_file, private_folder
from analysis.reference import policy
from analysis.retention.holdings import delivery_place
from analysis.sections import all_facts, all_sections, plan
from analysis.stages.disclosure import lost
from analysis.stages.inputs import FIRST, WHOLE, delivery_files
from analysis.stages.marks import Mark, write_json
from analysis.stages.missing import STAGES, Place, inputs_of, others_of, taken_over, why_stale
from analysis.stages.stage import Stage
from analysis.tables.protected import KEYS

MODELLED = tuple(name for name in STAGES if name not in (FIRST, WHOLE))
"""Stages between what a delivery says and what may be shown of it."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class World:
    """Where the tables of a world lie, and at which cut-off they are made."""

    root: Path
    folder: Path
    period: str

    @property
    def stage(self) -> Stage:
        """The stage that facts are collected in."""
        seed = settings_module.load(self.root).seed
        return Stage(WHOLE, self.root, self.folder, self.root, self.period, seed, {})

    def table(self, name: str) -> pd.DataFrame | None:
        """A near-side table."""
        path = self.folder / f"tables/{name}.parquet"
        return pd.read_parquet(path) if path.is_file() else None

    def record(self, name: str) -> dict[str, Any]:
        """A near-side record."""
        found: dict[str, Any] = json.loads((self.folder / f"tables/{name}.json").read_text(encoding="utf-8"))
        return found

    def facts(self) -> pd.DataFrame:
        """Every fact by the key that its cell has, with sensitivity."""
        stage = self.stage
        sections = all_sections(self.root)
        tables = plan(sections)
        limits = Thresholds.of(policy(), stage.settings.profile)
        found = all_facts(
            sections, stage, period=self.period, years=stage.settings.years, limits=limits, lost=lost(stage)
        )
        sensitivity = {name: table.sensitivity.value for name, table in tables.items()}
        named = found.assign(sensitivity=found["table"].map(sensitivity), table=found["table"].map(tables.released))
        return named.drop_duplicates(list(KEYS)).reset_index(drop=True)


def holds(world: World, delivery: Path) -> bool:
    """Whether today's code, settings and libraries would make a workspace's tables as they are."""
    place = _place(world, delivery)
    return not any(why_stale(place, name) for name in MODELLED)


def lay(
    world: World, source: World, delivery: Path, *, organisation: pd.DataFrame | None = None,
    level: str | None = None, units: pd.DataFrame | None = None, tell: Tell,
) -> World:  # fmt: skip
    """Make a world of what another workspace has read.

    Args:
        world: where to make it, and its cut-off.
        source: the workspace whose clean tables it is made of.
        delivery: a delivery of the same municipality; nothing of it is read.
        organisation: the clean table ``organisation`` to put in the place of its own; None: its own.
        level: the level of its departments; None: as the source says.
        units: further units with the employer's codes.
        tell: receives one line per stage.
    """
    mark = Mark.read(source.folder, FIRST)
    outputs = [name for name in (mark.outputs if mark else {}) if (source.folder / name).is_file()]
    for name in outputs:
        private_folder((world.folder / name).parent)
        shutil.copyfile(source.folder / name, private_file(world.folder / name))
    tables = world.folder / "tables"
    if organisation is not None:
        organisation.to_parquet(private_file(tables / "organisation.parquet"), index=False)
        outputs.append("tables/organisation.parquet")
    if units is not None:
        both = pd.concat([units, pd.read_parquet(tables / "units.parquet")]).drop_duplicates("key")
        both.to_parquet(private_file(tables / "units.parquet"), index=False)
    if level is not None:
        write_json(tables / "delivery.json", {**world.record("delivery"), "level": level})
    place = _place(world, delivery)
    others = others_of(place, FIRST)
    parameters = {"seed": place.seed, **others}
    read = Mark(place.delivery_name, place.period, parameters, None, dict.fromkeys(outputs, ""))
    read.finished(world.folder, inputs_of(place, FIRST, others)).write(world.folder, FIRST)
    return _made(world, place, MODELLED, tell)


def read_again(world: World, delivery: Path, *, tell: Tell) -> World:
    """Make a world of a delivery that is still as it was, by reading it again."""
    return _made(world, _place(world, delivery), (FIRST, *MODELLED), tell)


def _place(world: World, delivery: Path) -> Place:
    return Place(world.root, world.folder, delivery, world.period, settings_module.load(world.root).seed)


def _made(world: World, place: Place, names: tuple[str, ...], tell: Tell) -> World:
    for name in names:
        others = others_of(place, name)
        if taken_over(place, name, others) is not None:
            continue
        tell(f"{name} for {place.period}")
        shared = {"workspace": str(place.folder), "delivery": str(place.delivery), "period": place.period}
        execute_notebook(
            place.root / "notebooks" / STAGES[name], parameters={**shared, "seed": place.seed, **others},
            log=place.folder / "logs" / STAGES[name], seen=False,
        )  # fmt: skip
    return world


def delivery_as_it_was(root: Path, record: Mapping[str, Any]) -> Path | None:
    """The folder of an edition's delivery where every file is still what the edition was made from; else None.

    Args:
        root: the project's folder.
        record: the edition's ``run.json``.
    """
    folder = delivery_place(root, str(record.get("delivery_folder", "")))
    if folder is None:
        return None
    try:
        key = pseudonym_key(folder, create=False)
    except NoKeyError:
        return None
    now = {name: keyed_hash(digest, key=key) for name, digest in delivery_files(folder)}
    then = dict(record.get("inputs", ()))
    return folder if now and all(then.get(name) == digest for name, digest in now.items()) else None
