"""Sheets as a workbook (XlsxWriter): numbers with their printed decimals, texts as texts, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import xlsxwriter

from analysis.downloads.sheets import PER_CENT, Number, Sheet
from analysis.publishing.objects.atoms import Term
from analysis.publishing.words.locale import Locale

MADE = datetime(1980, 1, 1)
"""The date in a workbook's properties: that of the files in its archive, so that equal contents are equal bytes."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDE, NARROW = 46, 14
"""Widths of columns with words and with figures, in characters."""
MOST = 250
"""Characters of a link's text; workbooks hold no more than 255."""


def workbook(title: str, sheets: Sequence[Sheet], words: Locale, about: Sequence[str]) -> bytes:
    """A workbook with a sheet of contents and the given sheets.

    Args:
        title: its title, which its properties hold too.
        sheets: what it holds.
        words: words of its first language.
        about: sentences under the title: what the statuses mean, where figures come from.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    book.set_properties({"title": title, "created": MADE, "comments": words.text(Term("page.purpose"))})
    formats = _Formats(book)
    _contents(book, title, sheets, words, about, formats)
    for sheet in sheets:
        _write(book, sheet, formats)
    book.close()
    return target.getvalue()


class _Formats:
    """The workbook's formats, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.other = book.add_format({"italic": True})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.link = book.add_format({"font_color": "#1f5a99", "underline": 1})
        self.number = cache(lambda pattern: book.add_format({"num_format": pattern, "valign": "top"}))


def pattern(number: Number) -> str:
    """The number format that shows the printed digits."""
    places = "." + "0" * number.decimals if number.decimals else ""
    body = f"0{places}%" if number.unit == PER_CENT else f"#,##0{places}"
    if number.unit == "kronor":
        body += ' "kr"'
    return f"+{body};-{body};{body}" if number.signed else body


def stored(number: Number) -> float:
    """What stands in the file: per cent as its hundredth part, all else as it is printed."""
    return float(number.value / 100 if number.unit == PER_CENT else number.value)


def _contents(
    book: Any, title: str, sheets: Sequence[Sheet], words: Locale, about: Sequence[str], formats: _Formats
) -> None:  # fmt: skip
    contents = book.add_worksheet(words.text(Term("download.contents")))
    contents.set_column(0, 0, 2 * WIDE)
    contents.write_string(0, 0, title, formats.title)
    for row, line in enumerate(about, 1):
        contents.write_string(row, 0, line, formats.text)
    for row, sheet in enumerate(sheets, len(about) + 2):
        said = f"{sheet.name.split()[0]} {sheet.above[0]}"[:MOST]
        contents.write_url(row, 0, f"internal:'{sheet.name}'!A1", formats.link, said)


def _write(book: Any, sheet: Sheet, formats: _Formats) -> None:
    page = book.add_worksheet(sheet.name)
    for row, text in enumerate(sheet.above):
        page.write_string(row, 0, text, formats.other if row else formats.title)
    for row, heads in enumerate(sheet.heads, len(sheet.above) + 1):
        for column, text in enumerate(heads):
            page.write_string(row, column, text, formats.head)
    for column in range(len(sheet.heads[0])):
        page.set_column(column, column, WIDE if column in sheet.wordy else NARROW)
    for row, line in enumerate(sheet.lines, sheet.first_line):
        for column, item in enumerate(line):
            if isinstance(item, Number):
                page.write_number(row, column, stored(item), formats.number(pattern(item)))
            elif item:
                page.write_string(row, column, item, formats.text)
    for row, note in enumerate(sheet.notes, sheet.first_line + len(sheet.lines) + 1):
        page.write_string(row, 0, note)
    page.freeze_panes(sheet.first_line, 1)
    page.repeat_rows(len(sheet.above) + 1, sheet.first_line - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
