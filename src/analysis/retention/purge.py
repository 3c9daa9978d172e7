"""Erase rows about persons: by edition or by age, by a decision, and with a look at what is left."""

from __future__ import annotations

import getpass
import json
import os
import re
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from analysis.edition.publish import only_build
from analysis.errors import InputError
from analysis.execution.notebook import read as read_notebook
from analysis.execution.notebook import write as notebook_text
from analysis.extracts.persons.identity import DIGITS
from analysis.private import private_file
from analysis.retention.holdings import PROCESSED, Holding, holdings, walk

LOG = "purge-log.jsonl"
"""Below ``data/processed``: what was erased, when, by whom and by what decision; nothing about a person."""
MARK = "purged.json"
"""In an edition's workspace: when its rows were erased, and by what decision."""
PSEUDONYM = re.compile(rb"(?<![0-9a-f])[0-9a-f]{%d}(?![0-9a-f])" % DIGITS)


@dataclass(frozen=True)
class Plan:
    """What is to be erased; ``kept`` are deliveries that stay, each with the editions that rest on it."""

    chosen: list[Holding]
    kept: list[tuple[Holding, list[str]]]


@dataclass(frozen=True)
class Erased:
    """What became of a plan.

    ``still`` are files that hold pseudonyms of what was erased, ``elsewhere`` such files of what is kept on purpose.
    """

    places: int
    files: int
    still: list[Path]
    elsewhere: list[Path]


def plan_of(root: Path, *, editions: Sequence[str] = (), months: int | None = None, today: date | None = None) -> Plan:
    """Choose what is erased.

    With an edition go the failed runs and leftovers of its name, and, where no other edition rests on them, its
    delivery, what was written of it and the workspaces that were made from it. Outputs in notebooks always go: nobody
    can tell whose rows they show.

    Args:
        root: the project's folder.
        editions: names of editions or workspaces.
        months: every place older than this.
        today: from which age is counted.

    Raises:
        InputError: an edition is not there or holds no rows any more.
    """
    everything = holdings(root)
    chosen: list[Holding] = []
    for name in editions:
        mine = [each for each in everything if each.name == name and each.kind in ("edition", "workspace")]
        if not mine:
            raise InputError(f"{name} holds no rows about persons; see analysis purge for the places that do")
        chosen += mine
    if months is not None:
        chosen += [each for each in everything if is_older(each, months, today or datetime.now(UTC).date())]
    kept: list[tuple[Holding, list[str]]] = []
    if editions:
        chosen += [each for each in everything if each.kind in ("failed", "leftover") and each.name in editions]
        for delivery in sorted({each.delivery for each in chosen if each.delivery}):
            others = [
                each.name for each in everything
                if each.kind == "edition" and each.delivery == delivery and each not in chosen
            ]  # fmt: skip
            theirs = [each for each in everything if each.delivery == delivery and each not in chosen]
            if others:
                kept += [(each, others) for each in theirs if each.kind == "delivery"]
            else:
                chosen += theirs
    if chosen:
        chosen += [each for each in everything if each.kind == "outputs"]
    return Plan(list({each.path: each for each in chosen}.values()), kept)


def is_older(holding: Holding, months: int, today: date) -> bool:
    """True if the day from which a place's age is counted lies more than so many months back."""
    behind = (today.year - holding.day.year) * 12 + today.month - holding.day.month
    return behind > months or (behind == months and today.day > holding.day.day)


def erase(root: Path, plan: Plan, *, decision: str) -> Erased:
    """Erase what was chosen, write it in the log, and look for what is left.

    Args:
        root: the project's folder.
        plan: result of ``plan_of``.
        decision: reference of the decision to erase.

    Raises:
        InputError: a run is at work on an edition, or something cannot be removed; the log says what was.
    """
    persons = frozenset().union(*(_pseudonyms_below(each.paths) for each in plan.chosen))
    processed = root / PROCESSED
    processed.mkdir(parents=True, exist_ok=True)
    gone: list[dict[str, object]] = []
    now = datetime.now(UTC).isoformat(timespec="seconds")
    files = 0
    with ExitStack() as locks:
        for name in sorted({each.name for each in plan.chosen if each.kind in ("edition", "workspace")}):
            locks.enter_context(only_build(processed / f".{name}.lock", name))
        try:
            for each in plan.chosen:
                count = len(each.files)
                gone.append({"kind": each.kind, "path": _shown(each.path, root), "files": count, "bytes": each.size})
                _remove(each)
                files += count
                if each.kind == "edition":
                    mark = {"day": now[:10], "decision": decision}
                    private_file(each.path / MARK).write_text(json.dumps(mark, ensure_ascii=False) + "\n", "utf-8")
        except OSError as error:
            where = Path(os.fsdecode(error.filename)).name if error.filename else "a file"
            raise InputError(
                f"{where} could not be removed: {error.strerror}; remove it by hand and run again"
            ) from None
        finally:
            record = {"at": now, "by": _who(), "decision": decision, "erased": gone}
            with private_file(processed / LOG).open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")
    still, elsewhere = remaining(root, persons)
    return Erased(len(plan.chosen), files, still, elsewhere)


def remaining(root: Path, persons: frozenset[bytes]) -> tuple[list[Path], list[Path]]:
    """Files below a project's folder that hold any of some pseudonyms: those that should not, and those kept."""
    held = {file for each in holdings(root) for file in each.files}
    found = [path for path in walk(root) if persons and pseudonyms_in(path) & persons]
    return [path for path in found if path not in held], [path for path in found if path in held]


def pseudonyms_in(path: Path) -> frozenset[bytes]:
    """Everything in a file that is written like a pseudonym; columns of a parquet file are unpacked."""
    if path.is_symlink() or not path.is_file():
        return frozenset()
    if path.suffix != ".parquet":
        return frozenset(PSEUDONYM.findall(path.read_bytes()))
    found: set[bytes] = set()
    try:
        file = pq.ParquetFile(path)
        text = [each.name for each in file.schema_arrow if _text(each.type)]
        for group in range(file.num_row_groups):
            for column in file.read_row_group(group, columns=text).columns:
                found.update(PSEUDONYM.findall("\n".join(filter(None, column.unique().to_pylist())).encode()))
    except (OSError, ValueError):  # no parquet after all
        return frozenset(PSEUDONYM.findall(path.read_bytes()))
    return frozenset(found)


def _text(kind: object) -> bool:
    return str(kind).removeprefix("dictionary<values=").startswith(("string", "large_string"))


def _pseudonyms_below(paths: Sequence[Path]) -> frozenset[bytes]:
    tables = [file for path in paths for file in sorted(path.rglob("*.parquet"))]
    return frozenset().union(*(pseudonyms_in(path) for path in tables))


def _remove(holding: Holding) -> None:
    if holding.kind == "outputs":
        if ".ipynb_checkpoints" in holding.path.parts:
            holding.path.unlink()
            return
        node = read_notebook(holding.path)
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        holding.path.write_text(notebook_text(node), encoding="utf-8")
        return
    for path in holding.paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
