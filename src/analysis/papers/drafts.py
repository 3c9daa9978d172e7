"""The four drafts as pages to print; every sheet is headed UTKAST."""

from __future__ import annotations

import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from analysis.papers.edition import Edition
from analysis.papers.fillings import filled

PAPERS = ("record", "assessment", "staff", "samverkan")
STYLE = """
:root { color-scheme: light; }
body { font: 11pt/1.5 "Liberation Sans", Arial, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
.draft { border: 2px solid #8a1c1c; color: #8a1c1c; font-weight: bold; padding: .3rem .6rem; }
.blank { border: 1px dashed #555; padding: .5rem .75rem; min-height: 4rem; }
li, p, h1, h2 { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { padding: 0; text-align: left; font-weight: normal; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } .blank { break-inside: avoid; } }
"""


@cache
def words() -> dict[str, Any]:
    """Texts of the drafts (``words.toml``)."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def draft(paper: str, edition: Edition) -> str:
    """One draft as a page of HTML.

    Its body is a table with one row, since the head of a table is what a browser repeats on every printed sheet.

    Args:
        paper: one of ``PAPERS``.
        edition: what it is drafted from.
    """
    said = words()
    title = escape(said[paper]["title"])
    about = edition.about
    notice = escape(
        said["draft_long"].format(edition=edition.name, delivery=about["delivery"], extracted=about["extracted"])
    )
    parts = "\n".join(_part(part, edition) for part in said[paper]["part"])
    return f"""<!doctype html>
<html lang="sv">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(said["draft"])}: {title}</title><style>{STYLE}</style></head>
<body><table role="presentation"><thead><tr><th><p class="draft">{notice}</p></th></tr></thead>
<tbody><tr><td><main><h1>{title}</h1>
{parts}
</main></td></tr></tbody></table></body></html>
"""


def _part(part: dict[str, str], edition: Edition) -> str:
    said = words()
    found = [f"<h2>{escape(part['heading'])}</h2>"]
    if text := part.get("text"):
        found.append(f"<p>{escape(text)}</p>")
    if name := part.get("fill"):
        lines = filled(name, edition, said) or [said["none"]]
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        found.append(f"<p>{escape(lines[0])}</p>" if len(lines) == 1 else f"<ul>{items}</ul>")
    if blank := part.get("blank"):
        found.append(f'<div class="blank"><p><em>{escape(said["to_fill"])}</em> {escape(blank)}</p></div>')
    return "\n".join(found)
