"""Pages as people meet them: with a screen reader, on a phone, in the dark, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import address

pytestmark = pytest.mark.browser

CARDS = ["model-card.sv", "model-card.en", "samverkan.sv", "samverkan.en"]
PAGES = ["d0101.sv", "d0101.en", "d0201.sv", "organisation.sv", "organisation.en", "index", "index.en", *CARDS]
PAGES += ["d0101/underlag.sv", "d0101/underlag.en", "organisation/underlag.sv", "methods.sv", "methods.en"]
SIZES = {"desktop": (1280, 900), "tablet": (820, 1180), "phone": (390, 844)}
PAPER = {"width": 703, "height": 1043}
"""A4 in px at 96 per inch, without the margins of the print style (9 mm above, 12 mm elsewhere)."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture
def show(browser: Any, site: Path) -> Iterator[Callable[..., Any]]:
    contexts = []

    def open_page(name: str, size: str = "desktop", *, dark: bool = False) -> Any:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            bypass_csp=True,  # axe is a script that the page's own policy would refuse
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(address(site, name))
        return page

    yield open_page
    for context in contexts:
        context.close()


def violations(page: Any) -> list[str]:
    """What axe-core finds wrong, as 'rule: first element'."""
    page.add_script_tag(content=files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}}).then(r => r.violations)", RULES
    )
    return [f"{item['id']}: {item['nodes'][0]['html'][:120]}" for item in found]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        *((name, "desktop") for name in PAGES),
        ("d0101.sv", "phone"),
        ("organisation.en", "phone"),
        ("index", "phone"),
    ],
)
def test_axe_finds_nothing(show: Callable[..., Any], name: str, size: str) -> None:
    page = show(name, size)
    page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    assert violations(page) == []


@pytest.mark.parametrize("name", ["d0101.sv", "organisation.en", "index"])
def test_axe_finds_nothing_in_the_dark(show: Callable[..., Any], name: str) -> None:
    assert violations(show(name, dark=True)) == []


def test_axe_would_find_something(show: Callable[..., Any]) -> None:
    page = show("index")
    page.evaluate("document.querySelector('h2').style.color = '#ddd'")
    assert any(found.startswith("color-contrast") for found in violations(page))


@pytest.mark.parametrize(
    ("name", "size"),
    [*((name, "phone") for name in PAGES), ("d0101.sv", "tablet"), ("organisation.sv", "tablet")],
)
def test_a_page_never_scrolls_sideways(show: Callable[..., Any], name: str, size: str) -> None:
    page = show(name, size)
    page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


TEXT = """minimum => [...document.querySelectorAll('svg text')].filter(text => {
    const svg = text.ownerSVGElement;
    const box = svg.getBoundingClientRect();
    if (!box.width) return false;
    const scale = box.width / svg.viewBox.baseVal.width;
    return parseFloat(getComputedStyle(text).fontSize) * scale < minimum;
}).map(text => text.textContent)"""

CUT = """() => [...document.querySelectorAll('svg text')].filter(text => {
    const svg = text.ownerSVGElement.getBoundingClientRect();
    const box = text.getBoundingClientRect();
    return svg.width && (box.left < svg.left - 2 || box.right > svg.right + 2 || box.bottom > svg.bottom + 2);
}).map(text => text.textContent)"""


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("name", ["d0101.sv", "d0101.en", "organisation.sv"])
def test_texts_of_drawings_are_twelve_pixels_and_inside(show: Callable[..., Any], name: str, size: str) -> None:
    page = show(name, size)
    assert page.evaluate(TEXT, 12) == []
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_one_version_of_each_drawing_is_shown(show: Callable[..., Any], size: str) -> None:
    page = show("d0101.sv", size)
    shown = page.evaluate(
        "[...document.querySelectorAll('.drawing')]"
        ".map(d => [...d.children].filter(svg => svg.getBoundingClientRect().width).length)"
    )
    assert set(shown) == {1}


def test_a_page_makes_no_request_but_for_itself(browser: Any, site: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address(site, "d0101.sv"))
    page.wait_for_timeout(200)
    context.close()
    assert asked == [address(site, "d0101.sv")]


def test_the_phone_shows_claim_and_bridge_first(show: Callable[..., Any]) -> None:
    page = show("d0101.sv", "phone")
    tops = page.evaluate(
        "['h1', '.drawing', '.groups', '.trust', '.figures', '.plan']"
        ".map(name => document.querySelector(name).getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)


@pytest.mark.parametrize(
    ("name", "word"),
    [("d0101/underlag.sv", "Saknas"), ("organisation/underlag.sv", "Saknas"), ("d0101/underlag.en", "Missing")],
)
def test_the_phone_shows_who_is_missing_in_the_skill_gap_without_scrolling_sideways(
    show: Callable[..., Any], name: str, word: str
) -> None:
    page = show(name, "phone")
    tables = page.locator(".scroll", has=page.locator("th", has_text=re.compile("Kan vara fyllda|May be filled")))
    assert tables.count() == 2  # now and ahead
    for table in tables.all():
        column = table.locator("thead th").nth(1)
        assert column.text_content().startswith(word)
        cells = [column, *table.locator("tbody td:nth-child(2)").all()]
        assert max(box["x"] + box["width"] for box in (cell.bounding_box() for cell in cells)) <= SIZES["phone"][0]


def test_on_a_phone_a_wide_table_keeps_its_row_heads_in_sight_when_scrolled(show: Callable[..., Any]) -> None:
    page = show("d0101/underlag.sv", "phone")
    table = page.locator(".what-if .scroll")
    head = table.locator("tbody th").first
    before = head.bounding_box()["x"]
    assert table.evaluate("node => { node.scrollLeft = 200; return node.scrollLeft }") > 0
    assert head.bounding_box()["x"] == pytest.approx(before, abs=1)


@pytest.mark.parametrize("name", ["d0101.sv", "d0101.en", "organisation.sv", "organisation.en"])
def test_the_first_screen_is_one_sheet_of_paper(show: Callable[..., Any], name: str) -> None:
    page = show(name)
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    bottom = page.evaluate("document.querySelector('.first').getBoundingClientRect().bottom + scrollY")
    assert bottom <= PAPER["height"] - 40  # room for two more lines of text in other fonts


@pytest.mark.parametrize("name", CARDS)
def test_a_model_card_is_one_sheet_of_paper_as_a_whole(show: Callable[..., Any], name: str) -> None:
    page = show(name)
    sheets = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    bottom = page.evaluate("document.querySelector('.colophon').getBoundingClientRect().bottom + scrollY")
    assert bottom <= PAPER["height"] - 20  # room for a line more in other fonts
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]


def test_print_shows_the_drawing_and_hides_what_paper_cannot_do(show: Callable[..., Any]) -> None:
    page = show("d0101.sv")
    page.emulate_media(media="print")
    for name in (".skip", ".onward", "details"):
        assert not page.locator(name).first.is_visible()
    assert page.locator(".drawing svg.wide").first.is_visible()
    sheets = page.pdf(prefer_css_page_size=True, print_background=True)
    assert sheets.startswith(b"%PDF")


def test_paper_shows_every_definition_though_the_screen_folds_them(show: Callable[..., Any]) -> None:
    page = show("methods.sv")
    place = page.locator(".family dd")
    # what is folded may have a height: whether it is laid out is the browser's affair
    seen = "node => node.checkVisibility() && node.getBoundingClientRect().height > 0"
    assert not place.first.evaluate(seen)
    page.emulate_media(media="print")
    assert all(place.nth(index).evaluate(seen) for index in range(place.count()))


def test_definitions_unfold_by_keyboard_and_axe_finds_nothing_in_them(show: Callable[..., Any]) -> None:
    for size in ("desktop", "phone"):
        page = show("methods.sv", size)
        for summary in page.locator(".family summary").all():
            summary.press("Enter")
        assert page.locator(".family dd").last.is_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("language", "said"), [("sv", "Fler stannar bredvid"), ("en", "More people stay beside")])
def test_a_reader_chooses_a_path_by_keyboard_under_the_page_s_own_policy(
    browser: Any, site: Path, language: str, said: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address(site, f"d0101/underlag.{language}"))
    part = page.locator(".what-if")
    assert part.locator("tbody tr:visible").count() == 4
    part.locator("select").focus()
    page.keyboard.press("ArrowDown")
    assert part.locator("tbody tr:visible").count() == 2
    assert said in part.locator("[role=status]").text_content()
    page.keyboard.press("ArrowUp")
    assert part.locator("tbody tr:visible").count() == 4
    assert complaints == []
    context.close()


def test_without_a_script_every_path_stands_in_the_table(browser: Any, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, "d0101/underlag.sv"))
    assert page.locator(".what-if tbody tr").count() == 4
    assert not page.locator(".chooser").is_visible()
    context.close()


def test_the_keyboard_reaches_the_content_first(show: Callable[..., Any]) -> None:
    page = show("d0101.sv")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hoppa till innehållet"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_pages_of_an_edition_lead_to_each_other(show: Callable[..., Any]) -> None:
    page = show("index")
    page.get_by_role("link", name="Förskola", exact=True).click()
    page.get_by_role("link", name="In English").click()
    assert page.url.endswith("d0101.en.html")
    page.get_by_role("link", name="All reports").click()
    assert page.url.endswith("index.en.html")
    page.get_by_role("link", name="På svenska").click()
    assert page.url.endswith("index.html")
