"""A figure that is left as the build before showed it says so, beside the figure and in the page's passport."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.publishing.pages.exporter import render_page
from analysis.tables.protected import KEYS, ProtectedReport
from tests.publishing import fixture, notebooks

WORDS = {
    "sv": "oförändrad; rättelser under redovisningsgränsen",
    "en": "unchanged; corrections below the threshold",
}  # fmt: skip
LEFT = ("bridge", "d0101", "recruitment_need", "2026", "reference")


def report(*left: tuple[str, ...]) -> ProtectedReport:
    keys = pd.DataFrame(left, columns=list(KEYS))
    return ProtectedReport(fixture.cells(), fixture.plan(), fixture.departments(), fixture.about(), "d0101", keys)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_old_figure_says_that_it_stands(language: str) -> None:
    page = render_page(notebooks.run("department", report(LEFT)), language)
    mark = f'<abbr class="unchanged" title="{WORDS[language]}">°</abbr>'
    name = "/".join(part for part in LEFT if part)
    places = page.split(f'data-cell="{name}">')[1:]
    assert places, "the figure is on the page"
    assert all(f"</data>{mark}" in place[:200] for place in places)
    assert page.count(mark) == len(places)
    methods = render_page(notebooks.run("methods", report(LEFT)), language)
    assert methods.count(WORDS[language]) == 1, "the passport says what the mark means"


def test_a_page_without_old_figures_does_not_speak_of_them() -> None:
    page = render_page(notebooks.run("department", report()), "sv")
    assert WORDS["sv"] not in page
    assert WORDS["sv"] not in render_page(notebooks.run("methods", report()), "sv")
