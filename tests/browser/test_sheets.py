"""The three sheets of a report: how long they are, and what paper makes of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import address
from tests.conftest import Project

pytestmark = pytest.mark.browser

WORDS, NUMBERS, BYTES = 1500, 250, 200_000
"""Most visible words and numbers of a department's three sheets, and what their file may weigh."""
SHEETS, ORGANISATION = 3, 6
"""Sheets of paper of a department's report, and most of the organisation's."""
NUMBER = re.compile(r"\d+(?:[\u00a0.,]\d+)*")


def measured(browser: Any, path: str) -> tuple[int, int, int]:
    """Visible words, visible numbers and sheets of paper of a page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(path)
    text = page.evaluate("document.body.innerText")
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    context.close()
    return len(text.split()), len(NUMBER.findall(text)), len(re.findall(rb"/Type\s*/Page\b", paper))


def too_long(browser: Any, folder: Path) -> dict[str, str]:
    """What is over the measure, by page."""
    found = {}
    for path in sorted(folder.glob("*/*.??.html")):
        if path.name.startswith("underlag"):
            continue
        whole = path.parent.name == "organisation"
        words, numbers, sheets = measured(browser, path.as_uri())
        wrong = sheets > ORGANISATION if whole else sheets != SHEETS or words > WORDS or numbers > NUMBERS
        if wrong or path.stat().st_size > BYTES:
            found[path.name] = f"{words} words, {numbers} numbers, {sheets} sheets, {path.stat().st_size} bytes"
    return found


def test_the_sheets_keep_their_measure(browser: Any, site: Path) -> None:
    assert too_long(browser, site) == {}


def test_the_sheets_of_a_built_edition_keep_their_measure(browser: Any, built: Project) -> None:
    assert too_long(browser, built.reports) == {}


def test_a_sheet_too_many_would_be_found(browser: Any, site: Path, tmp_path: Path) -> None:
    page = site / "d0101" / "d0101.sv.html"
    folder = tmp_path / "d0101"
    folder.mkdir()
    long = page.read_text("utf-8").replace("</main>", "<p>ord 1 2 3</p>" * 100 + "</main>")
    (folder / page.name).write_text(long, "utf-8")
    assert list(too_long(browser, tmp_path)) == ["d0101.sv.html"]


def test_each_sheet_of_paper_says_whose_it_is(browser: Any, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "d0101.sv"))
    assert not page.locator(".running").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".running").count() == SHEETS - 1
    assert page.locator(".running").first.is_visible()
    page.close()


@pytest.mark.parametrize("name", ["organisation.sv", "index"])
def test_a_department_is_found_by_its_name_without_a_ranking(browser: Any, site: Path, name: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address(site, name))
    rows = page.locator(".multiples tbody tr")
    every = rows.all_text_contents()
    page.locator(".filter input").fill("hemtj")
    seen = page.locator(".multiples tbody tr:visible").all_text_contents()
    assert 0 < len(seen) < len(every)
    assert seen == [text for text in every if "hemtj" in text.split("\n")[0].lower() or "hemtj" in text.lower()]
    page.locator(".filter input").fill("")
    assert page.locator(".multiples tbody tr:visible").count() == len(every)
    assert complaints == []
    page.close()


def test_without_a_script_every_department_stands_and_nothing_asks_for_one(browser: Any, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, "index"))
    assert not page.locator(".filter").is_visible()
    assert page.locator(".multiples tbody tr:visible").count() == page.locator(".multiples tbody tr").count() > 1
    context.close()


CONTRAST = """() => {
  const parse = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = colour => { const [r, g, b] = parse(colour).map(v => { v /= 255;
    return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = node => { for (let at = node; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (!/rgba\\(.*, 0\\)|transparent/.test(colour)) return colour; } return 'rgb(255, 255, 255)'; };
  const faint = [];
  for (const text of document.querySelectorAll('svg text')) {
    if (!text.getBoundingClientRect().width) continue;
    const [a, b] = [light(getComputedStyle(text).fill), light(behind(text.ownerSVGElement.parentElement))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faint.push(text.textContent + ' ' + ratio.toFixed(1));
  }
  return faint;
}"""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["d0101.sv", "organisation.en", "d0101/underlag.en"])
def test_words_in_drawings_stand_out_from_what_is_behind_them(browser: Any, site: Path, name: str, dark: bool) -> None:
    context = browser.new_context(color_scheme="dark" if dark else "light", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address(site, name))
    assert page.evaluate("document.querySelectorAll('svg text').length") > 10
    assert page.evaluate(CONTRAST) == []
    page.evaluate("document.querySelectorAll('svg text').forEach(text => text.style.fill = '#777')")
    assert page.evaluate(CONTRAST) != []
    context.close()


EVERY = [
    f"{name}.{language}"
    for name in ("d0101", "d0201", "d0101/underlag", "organisation", "organisation/underlag", "methods", "model-card")
    for language in ("sv", "en")
]


@pytest.mark.parametrize("name", [*EVERY, "samverkan.sv", "index", "index.en"])
def test_a_page_fits_in_320_px_and_at_twice_the_size(browser: Any, site: Path, name: str) -> None:
    for width in (320, 640):  # the latter is a window of 1280 px at 200 per cent
        context = browser.new_context(viewport={"width": width, "height": 640})
        page = context.new_page()
        page.goto(address(site, name))
        page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_forced_colours_leave_lines_and_marks_to_see(browser: Any, site: Path) -> None:
    context = browser.new_context(forced_colors="active", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address(site, "d0101.sv"))
    seen = "node => getComputedStyle(node).fill !== getComputedStyle(document.body).backgroundColor"
    texts = page.locator("svg.wide text")
    assert all(texts.nth(place).evaluate(seen) for place in range(min(12, texts.count())))
    context.close()


def test_every_part_has_a_heading_an_address_and_a_way_back(browser: Any, site: Path) -> None:
    for name in ("d0101.sv", "d0101/underlag.en", "methods.sv"):
        page = browser.new_page()
        page.goto(address(site, name))
        parts = page.evaluate("[...document.querySelectorAll('main > section.screen')].map(part => part.id)")
        links = page.evaluate("[...document.querySelectorAll('nav.onward a')].map(link => link.hash.slice(1))")
        assert parts == links
        assert page.locator("main > section.screen > h2").count() == len(parts) > 1
        assert page.locator(".back a[href='#contents']").count() == len(parts)
        page.close()
