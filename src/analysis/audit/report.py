"""The result of an attack as a page for the data-protection officer, and as one sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from html import escape
from pathlib import Path

from analysis.audit.attack import Found
from analysis.audit.reading import keys_named
from analysis.audit.system import LARGE

TIGHTEST = 20
"""Rows of the table of the counts known most tightly."""
NAMED = 5
"""Findings that one sentence names."""
STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "td,th{text-align:left;padding:.2rem 1rem .2rem 0}"
)


def sentence(found: Found, edition: str) -> str:
    """What keeps an edition from being published, as one sentence; '' where nothing does.

    It stands on screens and in logs, so that it names cells and never what can be worked out of them.
    """
    every = [f"{keys_named([each.key])} can be worked out more closely than the policy allows" for each in found.narrow]
    every += found.problems
    if not every:
        return ""
    more = f"; and {len(every) - NAMED} more" if len(every) > NAMED else ""
    first = "; ".join(every[:NAMED])
    return f"edition {edition} gives away what its policy withholds, nothing was published: {first}{more}"


def page(found: Found, *, edition: str, language: str) -> str:
    """The page: figures, share withheld by reason, tightest counts, solver, and what was not covered.

    Args:
        found: result of ``attack``.
        edition: name of the edition.
        language: sv or en.
    """
    words = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))[language]
    every = found.shown + found.withheld
    share = f"{100 * found.withheld / every:.1f}" if every else "0"
    statuses = ", ".join(f"{name} {many}" for name, many in sorted(found.statuses.items())) or "–"
    title = escape(words["title"].format(edition=edition))
    body = [f"<h1>{title}</h1>", f"<p>{escape(words['lead'])}</p>"]
    if found.sentences:
        body += [f"<p><strong>{escape(words['failed'])}</strong></p>", _list(found.sentences)]
    else:
        body.append(f"<p><strong>{escape(words['passed'])}</strong></p>")
    numbers = {"shown": found.shown, "withheld": found.withheld, "attacked": found.attacked, "by_base": found.by_base}
    for name in ("figures", "attacked", "solver"):
        body.append(f"<p>{escape(words[name].format(**numbers, share=share, statuses=statuses))}</p>")
    for name, (same, tried, gone) in found.beside.items():
        body.append(f"<p>{escape(words['beside'].format(edition=name, same=same, tried=tried, gone=gone))}</p>")
    body.append(_table(words["reasons"], (words["reason"], words["count"]), found.reasons.most_common()))
    tight = [
        (keys_named([key]), f"{low:g}–{'…' if high >= LARGE else f'{high:g}'}")
        for key, low, high in found.narrowest[:TIGHTEST]
    ]
    body.append(_table(words["narrowest"], (words["cell"], words["range"]), tight))
    body.append(_table(words["uncovered"], (words["cell"], words["count"]), found.not_covered.most_common()))
    body += [f"<p>{escape(words[name])}</p>" for name in ("uncovered_note", "never")]
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="{language}"><head>{head}</head><body><main>\n'
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def _table(caption: str, heads: tuple[str, str], rows: Iterable[tuple[str, object]]) -> str:
    lines = "".join(
        f'<tr><th scope="row">{escape(str(name))}</th><td>{escape(str(many))}</td></tr>' for name, many in rows
    )
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
