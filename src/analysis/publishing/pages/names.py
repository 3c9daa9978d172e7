"""Which pages an edition has, and where their files stand in its folder.

A report is two files in a folder of its own: its three sheets (``d0101/d0101.sv.html``) and the tables behind them
(``d0101/underlag.sv.html``). What is said once per edition, and the list of reports, stand at the top.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.tables.protected import EVERYONE

ALWAYS = ("methods", "model-card", "samverkan")
"""Pages that every edition has once, beside its reports."""
TOPICS = ("plan", "careers", "managers")
"""Pages about one matter, once per edition that has a figure of it."""
CARDS = (*ALWAYS, *TOPICS)
"""Pages that an edition has once at most."""
SHEETS, UNDERLAG = "sheets", "underlag"
"""The two files of a report."""
FILES = (SHEETS, UNDERLAG)
DATA_PACKAGE = "datapackage.json"
"""What the columns of an edition's CSV files mean."""


def page_name(stem: str, language: str, languages: Sequence[str], file: str = SHEETS) -> str:
    """Path of a page within its edition; the index of the first language is plain ``index.html``."""
    if stem == "index":
        return index_name(language, languages)
    if stem in CARDS:
        return f"{stem}.{language}.html"
    return f"{stem}/{stem if file == SHEETS else file}.{language}.html"


def index_name(language: str, languages: Sequence[str]) -> str:
    """File name of the list of reports."""
    return "index.html" if list(languages)[:1] == [language] else f"index.{language}.html"


def link(target: str, source: str) -> str:
    """The address of one page as another links to it.

    Args:
        target: path within the edition (``page_name``).
        source: path of the page that links.
    """
    folder, _, _ = source.rpartition("/")
    if folder and target.startswith(f"{folder}/"):
        return target.removeprefix(f"{folder}/")
    return "../" * source.count("/") + target


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
