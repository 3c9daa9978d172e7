"""What an edition offers to download beside its pages, written with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.downloads.files import edition_files
from analysis.edition.publish import write_page
from analysis.publishing.atoms import Month, Name, Term
from analysis.publishing.locale import locale


def write_edition_downloads(edition: str, pages: Path, protected: Path, languages: Sequence[str]) -> dict[str, str]:
    """Write the workbook of every table, and the data package, beside the pages.

    Args:
        edition: the edition's name.
        pages: folder of its pages; the CSV of each lies there.
        protected: its protected tables, for the names of departments.
        languages: its languages, the first one leads.

    Returns:
        SHA-256 by file name.

    Raises:
        OSError: a file cannot be written.
    """
    about = json.loads((protected / "about.json").read_text(encoding="utf-8"))
    words = [locale(language) for language in languages]
    place = Name(about["municipality"], about.get("municipality_en") or about["municipality"])
    title = words[0].text(Term("site.title", {"where": place, "month": Month(about["period"])}))
    departments = pd.read_parquet(protected / "departments.parquet")[["key", "name", "name_en"]]
    named = departments.astype("str").itertuples(index=False, name=None)
    names = {key: [each.name(swedish, english) for each in words] for key, swedish, english in named}
    records = {path.relative_to(pages).as_posix(): path.read_bytes() for path in sorted(pages.rglob("*.csv"))}
    made = edition_files(edition, title, records, names, languages)
    return {name: write_page(pages / name, content) for name, content in made.items()}
