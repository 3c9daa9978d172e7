"""Write the list of editions beside them, from what each says of itself."""

from __future__ import annotations

import json
from pathlib import Path

from analysis.edition.publish import write_page
from analysis.publishing.objects.atoms import Name
from analysis.publishing.pages.editions import Edition, render_editions
from analysis.publishing.pages.names import index_name


def published(reports: Path) -> list[Edition]:
    """Every edition in the folder of reports that holds its record; previews, and what cannot be read, are left out."""
    found = []
    for run in sorted(reports.glob("[!.]*/run.json")):
        try:
            record = json.loads(run.read_text(encoding="utf-8"))
            if record["preview"]:
                continue
            folders = {name.split("/")[0] for name in record["pages"] if "/" in name}
            where = Name(record["municipality"], record["municipality_en"])
            built, languages = record["finished"][:10], tuple(record["parameters"]["languages"])
            found.append(Edition(run.parent.name, where, record["period"], built, len(folders), languages))
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            continue  # made before editions said so much, or half-way
    return found


def write_list(reports: Path, languages: tuple[str, ...]) -> None:
    """Write ``index.html`` over all editions, in every language; nothing where none is published.

    Args:
        reports: folder of all editions.
        languages: of the page; the first is that of ``index.html``.

    Raises:
        OSError: it cannot be written; the editions themselves are in place.
    """
    editions = published(reports)
    for language in languages if editions else ():
        write_page(reports / index_name(language, languages), render_editions(editions, language, languages))
