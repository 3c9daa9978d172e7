"""Whether a published edition is what a build would make now: then nothing runs and nothing is written.

Told by content, from one record that a build leaves with the edition, before anything large is imported.
"""

from __future__ import annotations

import hmac
import json
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis import settings
from analysis.edition import passport
from analysis.errors import AnalysisError
from analysis.private import private_file, private_folder
from analysis.runner.request import Request
from analysis.stages.pipeline import REGISTER, ROWS_BEFORE
from analysis.tables.reads import digest_of, value_digest

RECORD = "stages/edition.json"
"""The record, in the edition's workspace."""
ROOMS, OF_PAGES = ("tables", "results", "protected"), "reports/"


def is_current(asked: Request) -> bool:
    """True if a build of what is asked for would change nothing: same inputs, and every file is as it was written."""
    edition, pages = asked.root / "data/processed" / asked.edition, asked.root / "reports" / asked.edition
    try:
        record = json.loads((edition / RECORD).read_text(encoding="utf-8"))
        read = {name: Path(asked.delivery, name) for name in record["delivery"]}
        folders = record["folders"]
        return bool(
            not asked.preview
            and record["asked"] == _asked(asked)
            and record["delivery"] == {name: digest_of(path) for name, path in read.items()}
            and folders == {name: _listing(Path(asked.delivery, name)) for name in folders}
            and record["files"] == _named_files(asked)
            and record["made"] == _made(edition, pages, record["made"])
            and _everything(edition, pages) == record["made"].keys()
        )
    except (AnalysisError, OSError, ValueError, KeyError, TypeError):
        return False  # a build says what is wrong


def keep_record(asked: Request, work: Path, pages: Path) -> None:
    """Leave the record with an edition that is made and not yet in its place."""
    from analysis.extracts.manifest import load_manifest
    from analysis.extracts.places import corrections_of, raw_folder
    from analysis.stages.inputs import delivery_paths

    manifest = load_manifest(asked.delivery)
    places = [raw_folder(manifest, asked.delivery), corrections_of(manifest, asked.delivery)]
    folders = [path for path in places if path is not None and path.is_dir()]
    read = [path for _, path in delivery_paths(asked.delivery)]
    made = dict.fromkeys(_everything(work, pages), "")
    record = {
        "asked": _asked(asked),
        "delivery": {os.path.relpath(path, asked.delivery): digest_of(path) for path in read},
        "folders": {os.path.relpath(path, asked.delivery): _listing(path) for path in folders},
        "files": _named_files(asked),
        "made": _made(work, pages, made),
    }
    private_folder((work / RECORD).parent)
    private_file(work / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _asked(asked: Request) -> dict[str, Any]:
    """What was asked for, and what computes and renders it: code, settings, notebooks, lock, libraries, own words."""
    stated = asked.settings.model_dump(mode="json")
    found: dict[str, Any] = {"languages": asked.languages, "after": asked.after, "period": asked.period}
    found |= {
        "edition": asked.edition,
        "settings": stated,
        "code": passport.code_hash(asked.root),
        "libraries": _libraries(),
    }
    found["key"] = _key(asked)
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


def _key(asked: Request) -> str:
    """Digits by which the key of the pseudonyms is recognised; '' where there is none."""
    text = os.environ.get(settings.KEY_VARIABLE, "")
    if not text:
        path, _ = settings.key_place(asked.root)
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return hmac.digest(text.strip().encode(), b"edition", "sha256").hex()[:16] if text else ""


def _libraries() -> str:
    names = {name for place in sys.path if os.path.isdir(place) for name in os.listdir(place)}
    return value_digest([platform.python_version(), *sorted(name for name in names if name.endswith(".dist-info"))])


def _named_files(asked: Request) -> dict[str, str]:
    """Files below the root that settings name, and what is read of the edition before."""
    named = [asked.root / name for name in (*asked.settings.comparators.files, *asked.settings.scenarios)]
    paths = [path for each in named for path in (sorted(each.glob("*.toml")) if each.is_dir() else [each])]
    after = asked.root / "data/processed" / asked.after if asked.after else None
    paths += [after / name for name in (*REGISTER, *ROWS_BEFORE)] if after else []
    return {os.path.relpath(path, asked.root): digest_of(path) for path in paths}


def _listing(folder: Path) -> list[str]:
    return _files(folder, "")


def _files(folder: Path, room: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in (folder / room).rglob("*") if path.is_file())


def _made(edition: Path, pages: Path, names: Iterable[str]) -> dict[str, str]:
    """Digest of everything that was made, by path: tables in the workspace, pages in theirs."""
    own = {name: pages / name.removeprefix(OF_PAGES) if name.startswith(OF_PAGES) else edition / name for name in names}
    return {name: digest_of(path) for name, path in own.items()}


def _everything(edition: Path, pages: Path) -> set[str]:
    tables = {name for room in ROOMS for name in _files(edition, room)}
    return {"run.json", *tables, *(f"{OF_PAGES}{name}" for name in _files(pages, ""))}
