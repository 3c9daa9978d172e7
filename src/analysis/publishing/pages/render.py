"""From a page object to HTML in one language. The same code serves JupyterLab and the published page.

One small template per kind of object lies in ``templates/rapport/parts``. ``views`` puts the figures in
order and in words, the template places them; neither computes anything that is not printed elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Part, Several, Shown
from analysis.publishing.views import registry as views
from analysis.publishing.words.locale import Locale, locale

FOLDER = "templates/rapport"


def source(name: str) -> str | None:
    """The text of one of our own templates, None when there is no such file."""
    path = files("analysis.publishing").joinpath(f"{FOLDER}/{name}")
    return path.read_text(encoding="utf-8") if path.is_file() else None


@cache
def environment() -> Environment:
    """The templates' environment: everything escaped, nothing undefined."""
    return Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def html(shown: Shown, language: Locale, prefix: str, *, level: int = 2) -> Markup:
    """One object as HTML.

    Args:
        shown: the object.
        language: the formatter of the page's language.
        prefix: start of every id inside, unique on the page.
        level: level of its heading.
    """
    if isinstance(shown, Several | Part):
        parts = (html(item, language, f"{prefix}-{place}", level=level) for place, item in enumerate(shown.items))
        return Markup("\n").join(parts)
    view = views.VIEWS[shown.kind](shown, language, prefix)
    template = environment().get_template(f"parts/{shown.kind}.html.j2")
    words = {
        "t": _teller(language),
        "prefix": prefix,
        "h": f"h{level}",
        "sub": f"h{level + 1}",
        "language": language,
    }
    return Markup(template.render(**words, **view))


LAB = """
.rapport :where(h1, h2, h3, p, ul, ol, li, dl, dt, dd, a, em, strong, code, figure, summary) { all: revert; }
.rapport :where(table, caption, thead, tbody, tfoot, tr, th, td) { all: revert; }
.rapport > :not(style) ~ :not(.absent, .lead) { margin-top: 1.5rem; }
.rapport.rapport > h2 { font: 700 1.5rem/1.2 var(--serif); letter-spacing: -.008em; }
"""
"""What stands before the page's own style in an output of JupyterLab: elements as the browser has them, not as Lab
(its definition lists float, so that terms lie over each other), and what a page's grid gives: space between parts, and
the letters of a part's heading."""


def standalone(shown: Shown, language: str) -> str:
    """The object with the style it needs, for an output cell in JupyterLab."""
    digest = hashlib.sha256(json.dumps(shown.bundle(), sort_keys=True).encode()).hexdigest()
    body = html(shown, locale(language), f"{shown.kind}-{digest[:8]}")
    # JupyterLab styles what it finds in an output by up to two classes; named three times, ours stand above them
    css = (LAB + (source("report.css") or "")).replace(".rapport", ".rapport.rapport.rapport")
    return f'<div class="rapport" lang="{language}"><style>{css}</style>{body}</div>'


def _teller(language: Locale) -> Any:
    def tell(id: str, **args: Any) -> Markup:
        return language.html(Term(id, args))

    return tell
