"""Figures as CSV, a line for each figure, and the data package (Frictionless Table Schema) that says what columns mean.

The CSV is for programs: commas, decimal points, UTF-8 without a mark (RFC 4180); spreadsheets have the workbook. A text
that begins with a sign that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.downloads.sheets import Sheet, status_text
from analysis.publishing.objects.atoms import Term
from analysis.publishing.words.locale import Locale

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that spreadsheets would reckon."""
NUMBERS = ("value", "low", "high")
STATUSES = ("shown", "unreliable", "withheld", "missing")


def columns(languages: Sequence[str]) -> tuple[str, ...]:
    """Names of the CSV's columns."""
    texts = tuple(f"{name}_{language}" for name in ("title", "row", "column") for language in languages)
    return ("table", *texts, *NUMBERS, "unit", "status", "reason", "cell", "sheet", "place")


def records(sheets: Sequence[Sheet], languages: Sequence[Locale]) -> str:
    """Every figure of some sheets as CSV.

    Args:
        sheets: the sheets of one workbook.
        languages: the edition's languages, the first one leads.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(columns([each.language for each in languages]))
    for sheet in sheets:
        for placed in sheet.figures:
            figure = placed.figure
            numbers = ["" if each is None else f"{each:f}" for each in (figure.value, figure.low, figure.high)]
            reason = "" if figure.status == "shown" else status_text(figure, languages[0])
            texts = [as_text(text) for text in (*placed.title, *placed.row, *placed.column)]
            keys = [as_text(text) for text in (reason, figure.cell, placed.sheet)]
            writer.writerow([placed.table, *texts, *numbers, placed.unit, placed.status, *keys, placed.place])
    return target.getvalue()


def as_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def data_package(name: str, title: str, files: Mapping[str, bytes], languages: Sequence[Locale]) -> str:
    """``datapackage.json``: every CSV of an edition, its hash, and what its columns mean.

    Args:
        name: the edition's name.
        title: its title.
        files: contents of each CSV by its path below the package.
        languages: the edition's languages; titles and descriptions stand in each, the first one first.
    """
    names = columns([each.language for each in languages])
    schema = {"fields": [_field(column, languages) for column in names], "missingValues": [""]}
    resources = [
        {
            "name": path.rpartition("/")[2].removesuffix(".csv").lower(), "path": path,
            "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "schema": schema,
        }
        for path, content in sorted(files.items())
    ]  # fmt: skip
    package = {"profile": "tabular-data-package", "name": name.lower(), "title": title, "resources": resources}
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _field(column: str, languages: Sequence[Locale]) -> dict[str, Any]:
    known = {each.language: each for each in languages}
    name, _, language = column.rpartition("_")
    text = name if language in known else column
    description = " / ".join(each.text(Term(f"download.field.{text}")) for each in languages)
    if language in known:
        description += f" [{language}]"
    kind = "number" if column in NUMBERS else "integer" if column == "table" else "string"
    field: dict[str, Any] = {"name": column, "type": kind, "description": description}
    if column == "status":
        field["constraints"] = {"required": True, "enum": list(STATUSES)}
    elif column in ("table", "cell"):
        field["constraints"] = {"required": True}
    return field
