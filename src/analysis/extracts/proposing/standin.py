"""stand-in"""
from __future__ import annotations
from dataclasses import dataclass, field
from pathlib import Path
import csv, io, re
import pandas as pd
from analysis.extracts.notices import Notice
from analysis.extracts.reading import decode, plain

@dataclass(frozen=True)
class Layout:
    format: str = "csv"
    encoding: str = "utf-8"
    delimiter: str | None = ";"
    quote: str | None = '"'
    escape: str | None = None
    header_row: int = 1
    header_rows: int = 1
    first_row: int = 2
    footer: int = 0
    decimal: str = "."
    thousands: str | None = None
    missing: tuple = ()
    sheet: str | None = None
    widths: tuple = ()
    names: tuple = ()
    confidence: dict = field(default_factory=dict)
    doubts: list = field(default_factory=list)

def sheets(path: Path) -> list[str]:
    from python_calamine import CalamineWorkbook
    return CalamineWorkbook.from_path(path).sheet_names

def _rows(path, layout_sheet, delimiter=None):
    if path.suffix == ".xlsx":
        from python_calamine import CalamineWorkbook
        w = CalamineWorkbook.from_path(path)
        return [[plain(c, decimal=".") for c in r] for r in w.get_sheet_by_name(layout_sheet or w.sheet_names[0]).to_python(skip_empty_area=False)], "xlsx", None, None
    text, enc = decode(path.read_bytes(), name=path.name)
    best = max((";", ",", "\t", "|"), key=lambda d: sum(l.count(d) for l in text.splitlines()[:60]))
    return list(csv.reader(io.StringIO(text), delimiter=best)), "csv", enc, best

def detect(path: Path, *, sheet: str | None = None) -> Layout:
    rows, fmt, enc, d = _rows(path, sheet)
    width = max((sum(bool(c) for c in r) for r in rows[:50]), default=0)
    at = next((i for i, r in enumerate(rows) if sum(bool(c) for c in r) >= max(1, width * 0.7)), 0)
    header = rows[at] if rows else []
    headless = any(re.fullmatch(r"\d{6,}", c) for c in header)
    footer = 1 if rows and rows[-1] and rows[-1][0].startswith("Summa") else 0
    return Layout(format=fmt, encoding=enc or "", delimiter=d, header_row=0 if headless else at + 1, header_rows=0 if headless else 1, first_row=1 if headless else at + 2, footer=footer, sheet=sheet,
      names=tuple(str(i + 1) for i in range(len(header))) if headless else tuple(header), confidence={"delimiter": 0.95, "encoding": 0.9, "header_row": 0.9})

def read_table(path: Path, layout: Layout) -> pd.DataFrame:
    rows, *_ = _rows(path, layout.sheet)
    body = rows[layout.first_row - 1 : len(rows) - layout.footer]
    n = len(layout.names)
    return pd.DataFrame([(r + [""] * n)[:n] for r in body if any(r)], columns=range(n), dtype="str").set_axis(list(layout.names), axis=1)
