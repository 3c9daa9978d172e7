"""What a file looks like: where its table begins and ends, how its cells are parted and written."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.extracts.account.notices import Notice


@dataclass(frozen=True)
class Layout:
    """How a file is laid out. Lines and rows count from 1.

    ``header_row`` 0 means that there is no header; ``header_rows`` counts header lines (blank ones between them too),
    a quoted line break inside a name not; ``footer`` counts lines at the end that are no records. ``names`` has one
    name per column, empty where a column has none. ``confidence`` has a number from 0 to 1 per guess.
    """

    format: str
    encoding: str
    delimiter: str | None
    quote: str | None
    escape: str | None
    header_row: int
    header_rows: int
    first_row: int
    footer: int
    decimal: str
    thousands: str | None
    missing: tuple[str, ...]
    sheet: str | None
    widths: tuple[int, ...]
    names: tuple[str, ...]
    confidence: dict[str, float]
    doubts: list[Notice]
