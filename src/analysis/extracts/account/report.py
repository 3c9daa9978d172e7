"""A delivery's faults as a workbook for those who correct them: the verdict, then one sheet per file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analysis.errors import InputError
from analysis.extracts.account.corrections import FORMULA
from analysis.extracts.account.missing import losses
from analysis.extracts.account.notices import Notice, reasons
from analysis.extracts.account.summary import WORDS
from analysis.extracts.account.verdict import Verdict, header_of, judge, sized
from analysis.extracts.delivery import COUNTS, Delivery
from analysis.private import private_file
from analysis.reference import policy

MOST = 50_000
"""Rows written of a file; who has more to correct corrects the extract."""
LONGEST = 31
"""Characters of the name of a sheet."""
HEADINGS = {
    "sv": ("Rad", "Kolumn", "Värde (maskerat)", "Vad som är fel", "Att göra"),
    "en": ("Row", "Column", "Value (masked)", "What is wrong", "What to do"),
}
WIDTHS = (8, 24, 24, 60, 60)
TEXTS = {
    "verdict": ("Utlåtande", "Verdict"),
    "file": ("Fil", "File"),
    "missing": ("Saknas i leveransen", "Missing from the delivery"),
    "told": ("Att veta", "Worth knowing"),
    "nothing": ("Inget att rätta i den här filen.", "Nothing to correct in this file."),
    "row": ("raden", "the row"),
    "more": ("… och {rows} rader till", "… and {rows} rows more"),
}


def write_report(
    delivery: Delivery,
    path: Path,
    *,
    language: str = "sv",
    findings: Sequence[Notice] = (),
    stops: Sequence[Notice] = (),
) -> Path:
    """Write what is to be corrected, without an unmasked value of a person.

    Args:
        delivery: What was read.
        path: Workbook to write; replaced if it is there.
        language: ``sv`` or ``en``.
        findings: What looked wrong (``quality``).
        stops: Why no edition can be made of its history (``edition.lookback``).

    Returns:
        ``path``.

    Raises:
        InputError: the name does not end in .xlsx, or nothing can be written there.
    """
    if path.suffix.casefold() != ".xlsx":
        raise InputError(f"{path.name} is no name of a workbook; let it end in .xlsx")
    if not path.parent.is_dir():
        raise InputError(f"the folder {path.parent.name} does not exist; make it or name another for {path.name}")
    # a cell is never more than its text, whatever it begins with
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    judged = judge(delivery, policy(), findings=findings, stops=stops)
    try:
        private_file(path)
        with xlsxwriter.Workbook(path, safe) as book:
            bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
            _first_sheet(book.add_worksheet(_text("verdict", language)), delivery, judged, language, bold, wrap)
            used = {_text("verdict", language).casefold()}
            for line in delivery.ledger.to_dict("records"):
                sheet = book.add_worksheet(_sheet_name(f"{line['file']} {line['table']}", used))
                _file_sheet(sheet, delivery, line["file"], line["table"], language, bold, wrap)
    except (xlsxwriter.exceptions.FileCreateError, OSError):
        raise InputError(f"{path.name} cannot be written; close it if it is open, or name another file") from None
    return path


def _first_sheet(
    sheet: Worksheet, delivery: Delivery, verdict: Verdict, language: str, bold: Format, wrap: Format
) -> None:
    at = LANGUAGE[language]
    sheet.set_column(0, 0, 90, wrap)
    sheet.set_column(1, len(COUNTS) + 1, 16)
    row = 0
    for place, text in enumerate(verdict.lines(language)):
        sheet.write_string(row, 0, _safe(text.strip().removeprefix("– ")), wrap if place else bold)
        row += 1
    row += 1
    for place, name in enumerate(COUNTS, start=1):
        sheet.write_string(row, place, WORDS[name][at].partition(" (")[0], bold)
    sheet.write_string(row, 0, _text("file", language), bold)
    for line in delivery.ledger.to_dict("records"):
        row += 1
        sheet.write_string(row, 0, _safe(f"{line['file']} → {line['table']}"))
        for place, name in enumerate(COUNTS, start=1):
            sheet.write_number(row, place, int(line[name]))
    plain = [each for each in delivery.warnings if isinstance(each, Notice) and not each.doubt]
    blocks = {
        "told": [sized(each, language) for each in plain],
        "missing": [each.lost.text(language) for each in losses(delivery)],
    }
    for head, texts in blocks.items():
        if texts:
            row += 2
            sheet.write_string(row, 0, _text(head, language), bold)
        for text in texts:
            row += 1
            sheet.write_string(row, 0, _safe(text), wrap)


def _file_sheet(
    sheet: Worksheet, delivery: Delivery, file: str, table: str, language: str, bold: Format, wrap: Format
) -> None:
    for place, (heading, width) in enumerate(zip(HEADINGS[language], WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    sheet.freeze_panes(1, 0)
    mine = delivery.quarantine
    mine = mine[(mine["file"] == file) & (mine["table"] == table)].sort_values("source_row")
    if mine.empty:
        sheet.write_string(1, 0, _text("nothing", language))
        return
    names = {str(column): header_of(delivery, file, table, str(column)) for column in mine["column"].unique()}
    for row, line in enumerate(mine.head(MOST).itertuples(index=False), start=1):
        reason = reasons()[str(line.reason)]
        sheet.write_number(row, 0, int(str(line.source_row)))
        sheet.write_string(row, 1, _safe(names[str(line.column)] or _text("row", language)))
        sheet.write_string(row, 2, _safe(str(line.shown)))
        sheet.write_string(row, 3, reason[language], wrap)
        sheet.write_string(row, 4, reason[f"do_{language}"], wrap)
    if len(mine) > MOST:
        sheet.write_string(MOST + 1, 0, _text("more", language).format(rows=len(mine) - MOST))
    sheet.autofilter(0, 0, min(len(mine), MOST), len(WIDTHS) - 1)


LANGUAGE = {"sv": 0, "en": 1}


def _text(name: str, language: str) -> str:
    return TEXTS[name][LANGUAGE[language]]


def _safe(text: str) -> str:
    """Text that stays text when the sheet is saved as CSV and opened again."""
    return f"'{text}" if text.startswith((*FORMULA, "\t", "\r")) else text


def _sheet_name(name: str, used: set[str]) -> str:
    """A name that a workbook takes: short, without its signs, and no other sheet's."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ") or "fil"
    short, number = plain[:LONGEST].strip("' "), 1
    while short.casefold() in used or short.casefold() == "history":
        number += 1
        short = f"{plain[: LONGEST - len(str(number)) - 1]} {number}"
    used.add(short.casefold())
    return short
