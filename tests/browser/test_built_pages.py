"""Pages of an edition that was really built: what the fixtures' pages do not hold may still trouble a screen reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import address
from tests.browser.test_pages_in_browser import PAPER, SIZES, violations
from tests.conftest import Project

pytestmark = pytest.mark.browser

PAGES = [
    "organisation.sv",
    "d0102.en",
    "index",
    "model-card.sv",
    "samverkan.en",
    "organisation/underlag.sv",
    "methods.sv",
    "plan.sv",
    "careers.sv",
    "managers.en",
]


@pytest.fixture
def page(browser: Any, built: Project) -> Iterator[Callable[[str], Any]]:
    width, height = SIZES["desktop"]
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)

    def open_page(name: str) -> Any:
        opened = context.new_page()
        opened.goto(address(built.reports, name))
        opened.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
        return opened

    yield open_page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_page_of_a_built_edition(page: Callable[[str], Any], name: str) -> None:
    assert violations(page(name)) == []


def test_axe_would_find_two_parts_under_one_name(page: Callable[[str], Any]) -> None:
    opened = page("organisation.sv")
    headings = opened.evaluate(
        "[...document.querySelectorAll('section.screen > h2')]"
        ".map((item, place, all) => item.textContent = all[0].textContent)"
    )
    assert len(headings) == 3
    assert any(found.startswith("landmark-unique") for found in violations(opened))


def test_the_first_screen_of_every_report_is_one_sheet_of_paper(browser: Any, built: Project) -> None:
    context = browser.new_context(viewport=PAPER)
    opened = context.new_page()
    opened.emulate_media(media="print")
    bottoms = {}
    for path in sorted(built.reports.glob("*/*.??.html")):
        opened.goto(path.as_uri())
        if opened.locator(".first .bridge").count():
            bottoms[path.name] = opened.evaluate(
                "document.querySelector('.first').getBoundingClientRect().bottom + scrollY"
            )
    context.close()
    assert len(bottoms) > 4
    assert {name: bottom for name, bottom in bottoms.items() if bottom > PAPER["height"] - 20} == {}
