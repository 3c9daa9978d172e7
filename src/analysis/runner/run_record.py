"""``run.json``: what an edition was made of, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.edition import passport
from analysis.runner.former import build_before
from analysis.settings import Settings
from analysis.tables.protected import ORGANISATION, ProtectedReport


def run_record(
    work: Path,
    *,
    edition: str,
    preview: bool,
    settings: Settings,
    parameters: Mapping[str, Any],
    failed: Mapping[str, str],
    pages: Mapping[str, str],
    started: datetime,
    seconds: Mapping[str, float],
    folder: str = "",
    former: str = "",
    because: str = "",
) -> str:
    """The text of ``run.json``.

    Files of the delivery are named by keyed hashes, since the plain hash of a file about persons lets a guess about
    them be confirmed; the plain ones stay with the tables (``tables/delivery.json``).

    Args:
        work: the edition's workspace.
        edition: its name.
        preview: whether it is beside an edition.
        settings: the installation's settings.
        parameters: what was asked for.
        failed: departments that could not be rendered, with the reason.
        pages: SHA-256 of each page by its name.
        started: when the build began.
        seconds: what each step took.
        folder: the delivery as sentences name it: below the project by its path.
        former: name under which the build that this one replaces is kept, '' if none.
        because: why the edition was made anew.
    """
    about = json.loads((work / "protected" / "about.json").read_text(encoding="utf-8"))
    delivery = json.loads((work / "tables" / "delivery.json").read_text(encoding="utf-8"))
    ledger = pd.read_parquet(work / "tables" / "ledger.parquet")
    departments = ProtectedReport.read(work / "protected", ORGANISATION).departments
    record = {
        "edition": edition,
        "municipality": about["municipality"],
        "municipality_en": about["municipality_en"],
        "preview": preview,
        "tried": about["tried"],
        "period": about["period"],
        "delivery": about["delivery"],
        "delivery_folder": folder,
        "inputs": delivery["keyed_inputs"] + [pair for pair in about["passport"]["inputs"] if pair[1]],
        "records": passport.records(ledger),
        "files": passport.ledger_rows(ledger),
        "corrections": about["corrections"],
        "quality": about["quality"],
        "parameters": dict(parameters),
        **build_before(work),
        "former": former,
        "because": because,
        "pseudonym_key": delivery["pseudonym_key"],
        # where things lie on this machine is nobody else's business
        "settings": settings.model_dump(mode="json", exclude={"pseudonyms", "delivery_folders"}),
        "seed": settings.seed,
        "versions": about["passport"]["versions"],
        "code": about["passport"]["code"],
        "policy_edition": about["passport"]["policy_edition"],
        "episodes": about["passport"]["episodes"],
        "cells": about["cells"],
        "cells_withheld": about["withheld_cells"],
        "codes": {department.key: department.code for department in departments if department.code},
        "departments_failed": {key: failed[key] for key in sorted(failed)},
        "pages": {name: pages[name] for name in sorted(pages)},
        "results": {path.name: passport.file_hash(path) for path in sorted((work / "results").glob("*.parquet"))},
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
