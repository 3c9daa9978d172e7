"""A section shown on a report, as a notebook shows it: with the cells it declares and no other."""

from __future__ import annotations

from typing import Any

from analysis.sections import Report, all_sections
from analysis.tables.protected import ProtectedReport


def open_page(protected: ProtectedReport, page: str = "") -> Report:
    """The report of a page; by default that of the department or the whole organisation."""
    usual = "organisation" if protected.department.status == "organisation" else "department"
    return Report(protected, all_sections(), page or usual)


def show(id: str, protected: ProtectedReport, page: str = "") -> Any:
    """What a section shows."""
    return open_page(protected, page).show(id)
