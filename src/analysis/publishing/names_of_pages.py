"""Which pages an edition has beside its reports, and what their files are called."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.tables.protected import EVERYONE

CARDS = ("model-card", "samverkan")
"""Pages about the forecasts themselves."""
DATA_PACKAGE = "datapackage.json"
"""What the columns of an edition's CSV files mean."""


def page_name(stem: str, language: str, languages: Sequence[str]) -> str:
    """File name of a page; the index of the first language is plain ``index.html``."""
    return index_name(language, languages) if stem == "index" else f"{stem}.{language}.html"


def index_name(language: str, languages: Sequence[str]) -> str:
    """File name of the list of reports."""
    return "index.html" if list(languages)[:1] == [language] else f"index.{language}.html"


def edition_workbook(edition: str) -> str:
    """File name of the workbook with every table of an edition; no department's key has a hyphen."""
    return f"{edition}-tables.xlsx"


def downloads(stem: str, edition: str = "") -> tuple[tuple[str, str], ...]:
    """The files to download beside a page, as (message id, file name): the one place that says which there are.

    Args:
        stem: the page's name without language and ending; ``index`` has the files of the whole edition.
        edition: the edition's name, for the index.
    """
    if stem == "index":
        return (("download.all", edition_workbook(edition)), ("download.package", DATA_PACKAGE)) if edition else ()
    if stem in (*CARDS, EVERYONE):  # what everyone reads are figures of the whole's page, whose files have its door
        return ()
    return (("download.workbook", f"{stem}.xlsx"), ("download.records", f"{stem}.csv"))
