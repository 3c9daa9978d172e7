"""Opening the protected tables of an edition for a report notebook."""

from __future__ import annotations

import pandas as pd

from analysis.errors import InputError
from analysis.execution.parameters import check_values
from analysis.sections import Report, all_sections
from analysis.stages.marks import is_sealed
from analysis.stages.missing import build_missing, check_workspace
from analysis.stages.stage import opened
from analysis.tables.protected import EVERYONE, ORGANISATION, ProtectedReport

WHOLE = "whole"
"""Audience of the organisation's page that shows every department."""


def open_report(
    *, workspace: str, delivery: str, period: str, seed: int, department: str = ORGANISATION, page: str = "",
    audience: str = WHOLE,
) -> Report:  # fmt: skip
    """Open the protected tables for one department's report (or the whole organisation's).

    Args:
        workspace: folder of the edition's tables, relative to the project's root.
        delivery: folder with ``delivery.toml``, relative to the project's root.
        period: cut-off month, YYYY-MM.
        seed: seed of every simulation.
        department: key of the department; ``all`` for the whole organisation.
        audience: who reads the organisation's report: ``whole`` (departments too) or ``everyone``.
        page: which page it is; '' is the report of the department or of the whole organisation.

    Raises:
        InputError: a parameter is not what its name says, the workspace was made from another delivery or period, or
            the department has no report in this edition.
    """
    check_values(workspace=workspace, delivery=delivery, period=period, seed=seed, department=department)
    stage = opened("report", workspace, delivery, period, seed, {})
    check_workspace(stage.place)
    if not is_sealed(stage.folder):
        build_missing(stage.place, before=None)
    try:
        protected = ProtectedReport.read(stage.folder / "protected", department)
    except KeyError:
        known = pd.read_parquet(stage.folder / "protected" / "departments.parquet", columns=["key"])["key"]
        raise InputError(f"no department {department!r} in this edition; it has {', '.join(known)}") from None
    if audience not in (WHOLE, EVERYONE):
        raise InputError(f"audience {audience!r} is not known; choose {WHOLE} or {EVERYONE}")
    if audience == EVERYONE:
        protected = protected.for_everyone()
    usual = "organisation" if department == ORGANISATION else "department"
    return Report(protected, all_sections(stage.root), page or usual)
