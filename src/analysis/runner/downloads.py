"""What an edition offers to download beside its pages, written with them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from analysis.downloads.files import edition_files
from analysis.edition.publish import write_page
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.pages.names import DATA_PACKAGE, edition_workbook
from analysis.publishing.words.locale import locale
from analysis.tables.reads import digest_of


def write_edition_downloads(
    edition: str, pages: Path, protected: Path, languages: Sequence[str], *, published: Path | None = None,
    before: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:  # fmt: skip
    """Write the workbook of every table, and the data package, beside the pages.

    Args:
        edition: the edition's name.
        pages: folder of its pages; the CSV of each lies there.
        protected: its protected tables, for the names of departments.
        languages: its languages, the first one leads.
        published: folder of the edition before, where no page has changed since.
        before: SHA-256 of its files by name; those that still are so are copied.

    Returns:
        SHA-256 by file name.

    Raises:
        OSError: a file cannot be written.
    """
    names = (edition_workbook(edition), DATA_PACKAGE)
    if published is not None and all(before.get(name) == digest_of(published / name) for name in names):
        for name in names:
            shutil.copyfile(published / name, pages / name)
        return {name: before[name] for name in names}
    about = json.loads((protected / "about.json").read_text(encoding="utf-8"))
    words = [locale(language) for language in languages]
    place = Name(about["municipality"], about.get("municipality_en") or about["municipality"])
    title = words[0].text(Term("site.title", {"where": place, "month": Month(about["period"])}))
    departments = pd.read_parquet(protected / "departments.parquet")[["key", "name", "name_en"]]
    named = departments.astype("str").itertuples(index=False, name=None)
    called = {key: [each.name(swedish, english) for each in words] for key, swedish, english in named}
    records = {path.relative_to(pages).as_posix(): path.read_bytes() for path in sorted(pages.rglob("*.csv"))}
    made = edition_files(edition, title, records, called, languages)
    return {name: write_page(pages / name, content) for name, content in made.items()}
