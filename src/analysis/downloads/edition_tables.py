"""Every table of an edition in one workbook: the figures that its pages show, a sheet for each published table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

from analysis.downloads.data_package import NUMBERS
from analysis.downloads.sheets import Number, Sheet, sheet_name
from analysis.publishing.objects.atoms import Term
from analysis.publishing.words.locale import Locale

Record = dict[str, str]
"""A line of a CSV by its columns."""
TEXTS = ("department", "row", "column")
"""Columns with words, each in every language."""
FIGURES = ("figure", "low", "high", "unit", "status", "cell")


def edition_sheets(
    files: Mapping[str, str], names: Mapping[str, Sequence[str]], words: Sequence[Locale]
) -> list[Sheet]:  # fmt: skip
    """A sheet for each table of the publishing plan that pages show figures of.

    A figure that stands in several places is given once, with the most that any of them prints.

    Args:
        files: the CSV of each page by its name.
        names: department's key → its name in each language.
        words: the edition's languages, the first one leads.
    """
    lead = f"column_{words[0].language}"
    tables: dict[str, dict[str, Record]] = {}
    for name in sorted(files):
        for record in csv.DictReader(io.StringIO(files[name])):
            table = tables.setdefault(record["cell"].partition("/")[0], {})
            before = table.get(record["cell"])
            if before is None or _said(record, lead) > _said(before, lead):
                table[record["cell"]] = record
    order = {key: place for place, key in enumerate(names)}
    sheets = []
    for number, table_name in enumerate(sorted(tables), 1):
        # a stable sort: the rows of a department stand as its page has them
        records = sorted(tables[table_name].values(), key=lambda record: order.get(_department(record), len(order)))
        sheets.append(_sheet(sheet_name(number, table_name), records, names, words))
    return sheets


def _said(record: Record, column: str) -> tuple[bool, bool, int]:
    """How much a record says: one in a table before one in a sentence, then one with an interval, then decimals."""
    return bool(record[column]), bool(record["low"]), _places(record)


def _places(record: Record) -> int:
    return max(len(record[name].partition(".")[2]) for name in NUMBERS)


def _department(record: Record) -> str:
    return record["cell"].split("/")[1]


def _sheet(
    name: str, records: Sequence[Record], names: Mapping[str, Sequence[str]], words: Sequence[Locale]
) -> Sheet:  # fmt: skip
    languages = [each.language for each in words]
    titles = list(dict.fromkeys(records[0][f"title_{language}"] for language in languages))
    heads = []
    for each in words:
        texts = [each.text(Term(f"download.{text}")) for text in TEXTS for _ in words]
        heads.append([each.text(Term("download.key")), *texts, *(each.text(Term(f"download.{f}")) for f in FIGURES)])
    sheet = Sheet(name, titles, heads, wordy=frozenset(range(1, 1 + len(TEXTS) * len(words))))
    for record in records:
        key, places = _department(record), _places(record)
        numbers = [
            Number(Decimal(record[end]), places, record["unit"]) if record[end] else "" for end in NUMBERS
        ]  # fmt: skip
        status = record["reason"] or words[0].text(Term(f"download.status.{record['status']}"))
        texts = [record[f"{text}_{language}"] for text in TEXTS[1:] for language in languages]
        department = names.get(key, [""] * len(words))
        sheet.lines.append([key, *department, *texts, *numbers, record["unit"], status, record["cell"]])
    return sheet
