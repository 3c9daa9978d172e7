"""The files that are made from an edition's pages: a workbook and a CSV for each, and what holds all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.downloads.data_package import STATUSES, data_package, records
from analysis.downloads.edition_tables import edition_sheets
from analysis.downloads.page_tables import read_page
from analysis.downloads.sheets import sheets_of
from analysis.downloads.workbook import workbook
from analysis.publishing.objects.atoms import Term
from analysis.publishing.pages.names import DATA_PACKAGE, edition_workbook
from analysis.publishing.words.locale import locale


def page_files(stem: str, pages: Mapping[str, Sequence[str]], units: Mapping[str, str]) -> dict[str, bytes]:
    """The workbook and the CSV of a department's pages (or of the whole organisation's).

    Args:
        stem: name of the files without ending.
        pages: language → the finished pages in that language, the report first; the first language leads.
        units: unit of each cell by its name (``table/department/row/column[/layer]``).

    Returns:
        Contents by file name.
    """
    words = [locale(language) for language in pages]
    read = {language: [read_page(text) for text in texts] for language, texts in pages.items()}
    sheets = sheets_of(read, units)
    title = next(iter(read.values()))[0].title
    about = [line for each in words for line in _about(each.language)]
    return {
        f"{stem}.xlsx": workbook(title, sheets, words[0], about),
        f"{stem}.csv": records(sheets, words).encode("utf-8"),
    }


def edition_files(
    name: str, title: str, files: Mapping[str, bytes], names: Mapping[str, Sequence[str]], languages: Sequence[str]
) -> dict[str, bytes]:
    """The workbook of all tables of an edition, and the data package that describes its CSV files.

    Args:
        name: the edition's name.
        title: its title.
        files: the CSV of each page by its path.
        names: department's key → its name in each language.
        languages: the edition's languages.
    """
    words = [locale(language) for language in languages]
    sheets = edition_sheets({path: content.decode("utf-8") for path, content in files.items()}, names, words)
    about = [line for language in languages for line in _about(language)]
    return {
        edition_workbook(name): workbook(title, sheets, words[0], about),
        DATA_PACKAGE: data_package(name, title, files, words).encode("utf-8"),
    }


def _about(language: str) -> list[str]:
    """What stands under a workbook's title in one language."""
    words = locale(language)
    statuses = "; ".join(words.text(Term(f"download.status.{status}")) for status in STATUSES if status != "missing")
    return [words.text(Term("download.about")), f"{words.text(Term('download.status'))}: {statuses}.",
            words.text(Term("page.purpose"))]  # fmt: skip
