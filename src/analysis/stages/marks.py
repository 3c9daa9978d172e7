"""The mark of a stage: what it read, and which files of the workspace it wrote.

A mark is written before the first file and lists every file from then on, so that whatever a stage left behind when it
stopped half-way is known, and removed by the next run.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis.private import private_file, private_folder
from analysis.stages.inputs import Inputs
from analysis.tables.reads import digest_of

FOLDER = "stages"
SEALED = (f"{FOLDER}/sealed.json", "run.json")
"""A workspace that holds one of these belongs to an edition that is published or being rendered: it is only read."""


@dataclass(frozen=True)
class Mark:
    """What is known of a stage's last run.

    ``inputs`` is None while the stage runs, and after it stopped half-way. ``outputs`` has the SHA-256 of every
    file that the stage wrote, by its path in the workspace ('' until the stage is finished).
    """

    delivery: str
    period: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Inputs | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, workspace: Path, stage: str) -> Mark | None:
        """The mark of a stage; None where there is none that can be understood."""
        try:
            record = json.loads((workspace / FOLDER / f"{stage}.json").read_text(encoding="utf-8"))
            inputs = None if record["inputs"] is None else Inputs(record["inputs"])
            return cls(record["delivery"], record["period"], record["parameters"], inputs, record["outputs"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, workspace: Path, stage: str) -> None:
        """Keep the mark."""
        record = {
            "delivery": self.delivery,
            "period": self.period,
            "parameters": dict(self.parameters),
            "digest": self.inputs.digest if self.inputs else None,
            "inputs": dict(self.inputs.parts) if self.inputs else None,
            "outputs": dict(self.outputs),
        }
        write_json(workspace / FOLDER / f"{stage}.json", record)

    def finished(self, workspace: Path, inputs: Inputs) -> Mark:
        """The mark of a stage that has written all its files."""
        return replace(self, inputs=inputs, outputs={name: digest_of(workspace / name) for name in self.outputs})

    def missing(self, workspace: Path) -> list[str]:
        """Files that the stage wrote and that are gone."""
        return [name for name in self.outputs if not (workspace / name).is_file()]

    def by_hand(self, workspace: Path) -> list[str]:
        """Files that are no longer as the stage wrote them."""
        return [name for name, digest in self.outputs.items() if digest_of(workspace / name) != digest]


def remove(workspace: Path, stage: str) -> None:
    """Remove what a stage wrote, and its mark last, so that a run that stops here is taken up by the next."""
    mark = Mark.read(workspace, stage)
    for name in mark.outputs if mark else ():
        (workspace / name).unlink(missing_ok=True)
    (workspace / FOLDER / f"{stage}.json").unlink(missing_ok=True)


def copy_stage(source: Path, target: Path, stage: str) -> bool:
    """Take over a stage's files and its mark from another workspace; False if they are not as the stage wrote them."""
    mark = Mark.read(source, stage)
    if mark is None or mark.inputs is None or mark.missing(source) or mark.by_hand(source):
        return False
    remove(target, stage)
    replace(mark, inputs=None).write(target, stage)
    for name in mark.outputs:
        private_folder((target / name).parent)
        shutil.copyfile(source / name, private_file(target / name))
    mark.write(target, stage)
    return True


def is_sealed(workspace: Path) -> bool:
    """True if notebooks may only read the workspace."""
    return any((workspace / name).is_file() for name in SEALED)


def seal(workspace: Path, edition: str) -> None:
    """From here on notebooks only read this workspace."""
    write_json(workspace / SEALED[0], {"edition": edition})


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record, whole or not at all, for its owner alone."""
    private_folder(path.parent)
    part = private_file(path.with_name(f".{path.name}.part"))
    part.write_text(json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n", "utf-8")
    os.replace(part, path)
