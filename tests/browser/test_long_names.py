"""Names that somebody has made absurd: they neither widen a page nor turn what stands beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.publishing.pages.exporter import render_page
from analysis.publishing.pages.names import FILES
from analysis.tables.protected import ProtectedReport
from tests.publishing import fixture, notebooks

pytestmark = pytest.mark.browser
LONG = "Bullerbyn" * 67
"""603 letters without a blank."""


def absurd(department: str) -> ProtectedReport:
    """The edition of the tests with names of 603 letters: municipality, departments, occupations, owners, texts."""
    about = fixture.about()
    about |= {"municipality": LONG, "municipality_en": LONG, "delivery": LONG}
    about["occupations"] = {key: {"sv": LONG, "en": LONG} for key in about["occupations"]}
    departments = fixture.departments()
    departments = departments.assign(**dict.fromkeys(("name", "name_en", "parent", "parent_en"), LONG))
    plan = fixture.plan()
    texts = [name for name in ("text", "responsible", "coordinator", "area", "goal") if name in plan]
    plan = plan.assign(**{name: pd.Series(LONG, index=plan.index, dtype="str") for name in texts})
    return ProtectedReport(fixture.cells(), plan, departments, about, department)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    for key, name in (("d0101", "department"), ("all", "organisation")):
        run = notebooks.run(name, absurd(key))
        for file in FILES:
            html = render_page(run, "sv", file=file)
            assert LONG in html
            (folder / f"{name}.{file}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("name", [f"{name}.{file}" for name in ("department", "organisation") for file in FILES])
def test_a_name_of_six_hundred_letters_does_not_widen_a_page(browser: Any, pages: Path, name: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto((pages / f"{name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    wide = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(each => !each.closest('svg, .scroll, .heard'))
             .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
             .slice(0, 5).map(each => each.tagName + '.' + each.className + ' ' + each.textContent.slice(0, 40))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_name_keeps_its_direction_to_itself(pages: Path) -> None:
    html = (pages / "department.sheets.html").read_text(encoding="utf-8")
    assert f'<bdi class="long">{LONG}</bdi>' in html


@pytest.mark.parametrize("name", ["\u202eABC", "\u05d0\u05d1", "Skola \u2066x"])
def test_a_name_that_turns_the_direction_of_writing_is_isolated(name: str) -> None:
    from analysis.publishing.words.locale import isolated

    assert isolated(name) == f"<bdi>{name}</bdi>"
    assert isolated("Förskola") == "Förskola"
    assert isolated("<b>", always=True) == "<bdi>&lt;b&gt;</bdi>"
