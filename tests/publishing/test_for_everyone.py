"""The organisation's page in the form for everyone: its own figures, and not a word about a department."""

from __future__ import annotations

import re

import pytest

from analysis.access.doors import departments_on
from analysis.publishing.pages.exporter import render_page
from tests.publishing import fixture, notebooks


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_form_for_everyone_holds_no_departments_figure_and_no_departments_name(language: str) -> None:
    whole = fixture.report("all")
    names = {name for item in whole.departments[1:] for name in (item.key, item.name, item.name_en)}
    full = render_page(notebooks.run("organisation", whole), language)
    page = render_page(notebooks.run("organisation", whole.for_everyone()), language)
    assert departments_on(full) > {"all"}
    assert departments_on(page) == {"all"}
    # a preschool's teachers are an occupation; the business plan is decided in the open, and names who answers for what
    said = [name for name in sorted(names) if re.search(rf"\b{re.escape(name)}\b(?! teachers)", page)]
    assert any(name in full for name in names)
    assert [name for name in said if not any(name in each for each in whole.plan["responsible"])] == []


def test_the_form_for_everyone_says_where_the_departments_are_and_leads_to_its_other_language() -> None:
    page = render_page(notebooks.run("organisation", fixture.report("all").for_everyone()), "sv")
    assert "Varje avdelnings siffror står i dess egen rapport" in page
    assert 'href="everyone.en.html"' in page
    assert "för alla medarbetare" in page
    assert page.count("data-cell") > 100
