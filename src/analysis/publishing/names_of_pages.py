"""Which pages an edition has beside its reports, and what their files are called."""

from __future__ import annotations

from collections.abc import Sequence

CARDS = ("model-card", "samverkan")
"""Pages about the forecasts themselves."""


def page_name(stem: str, language: str, languages: Sequence[str]) -> str:
    """File name of a page; the index of the first language is plain ``index.html``."""
    return index_name(language, languages) if stem == "index" else f"{stem}.{language}.html"


def index_name(language: str, languages: Sequence[str]) -> str:
    """File name of the list of reports."""
    return "index.html" if list(languages)[:1] == [language] else f"index.{language}.html"
