"""The published page: what is on it, and what never is."""

import base64
import hashlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise, product
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from analysis.errors import InputError
from analysis.publishing.objects.stock import restore
from analysis.publishing.pages import page as page_module
from analysis.publishing.pages.exporter import RapportExporter, outputs, render_page
from analysis.publishing.pages.names import CARDS
from analysis.publishing.pages.site import Entry, render_index
from analysis.publishing.views.multiples import strip_of
from analysis.reference.phrases import LANGUAGES
from tests.publishing import fixture, notebooks
from tests.publishing.others import COMPARATORS
from tests.publishing.showing import show

Pages = Callable[[str, str], str]
BOTH = [
    (name, language)
    for name in ("department", "underlag", "organisation", "organisation.underlag")
    for language in LANGUAGES
]


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text that a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_a_page_has_one_main_heading_a_language_and_a_title(page: Pages, name: str, language: str) -> None:
    found = Elements(page(name, language))
    counts = Counter(tag for tag, _ in found.tags)
    assert (counts["h1"], counts["main"], counts["title"]) == (1, 1, 1)
    assert next(attrs for tag, attrs in found.tags if tag == "html")["lang"] == language


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_ids_are_unique_and_every_reference_has_its_target(page: Pages, name: str, language: str) -> None:
    html = page(name, language)
    found = Elements(html)
    ids = found.values("id")
    assert [id for id, times in Counter(ids).items() if times > 1] == []
    wanted = {id for text in found.values("aria-labelledby") for id in text.split()}
    wanted |= {href[1:] for href in found.values("href") if href.startswith("#")}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", html))
    assert wanted - set(ids) == set()


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_a_page_asks_for_nothing_from_outside(page: Pages, name: str, language: str) -> None:
    html = page(name, language)
    found = Elements(html)
    assert found.values("src") == []
    assert not {"link", "iframe", "img", "object"} & {tag for tag, _ in found.tags}
    hrefs = found.values("href")
    assert all(
        href.startswith(("#", "mailto:")) or re.fullmatch(r"(\.\./)?[\w./-]+\.(html|xlsx|csv)(#\w+)?", href)
        for href in hrefs
    ), hrefs
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


@pytest.mark.parametrize(("name", "language"), [each for each in BOTH if "underlag" in each[0]])
def test_a_browser_may_run_the_one_script_of_the_page_and_nothing_else(page: Pages, name: str, language: str) -> None:
    html = page(name, language)
    policies = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.S)
    assert len(policies) == len(scripts) == html.count("<script") == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert "default-src 'none'" in unescape(policies[0])
    assert f"script-src 'sha256-{digest}'" in unescape(policies[0])
    assert not re.search(r"fetch|XMLHttp|import|eval|innerHTML|http", scripts[0])
    assert not re.search(r"\son\w+=", html)


def test_a_page_without_a_choice_has_no_script_and_allows_none() -> None:
    run = notebooks.run("department", fixture.report(frame=fixture.without(fixture.cells(), "what_if")))
    assert "<script" not in render_page(run, "sv")
    html = render_page(run, "sv", file="underlag")
    assert "<script" not in html
    assert "script-src 'none'" in unescape(html)
    assert "Inga vägar att jämföra" in html


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_a_page_holds_no_trace_of_the_notebook(page: Pages, name: str, language: str) -> None:
    html = page(name, language)
    for word in ("open_report", "data/processed", "parameters", "kernelspec", "ipykernel", "Run it from top"):
        assert word not in html


@pytest.mark.parametrize("name", ["department", "underlag", "organisation", "organisation.underlag"])
def test_both_languages_hold_the_same_figures(page: Pages, name: str) -> None:
    def figures(language: str) -> list[tuple[str, str]]:
        found = Elements(page(name, language))
        shown = [(a["data-cell"], a.get("value") or a["data-status"]) for _, a in found.tags if "data-cell" in a]
        return sorted(shown)

    assert len(figures("sv")) > 60
    assert figures("sv") == figures("en")


def test_every_figure_on_a_page_is_a_published_cell(page: Pages) -> None:
    cells = fixture.cells()
    shown = cells[cells["status"].isin(["published", "zero"])]
    keys = {"/".join(part for part in key if part) for key in
            shown[["table", "department", "row", "column", "layer"]].itertuples(index=False)}  # fmt: skip
    files = [page(name, "sv") for name in ("department", "underlag")]
    found = [attrs for html in files for tag, attrs in Elements(html).tags if tag == "data"]
    held = {entry["id"] for entry in COMPARATORS}
    assert {attrs["data-comparator"] for attrs in found if "data-comparator" in attrs} <= held
    found = [attrs for attrs in found if "data-comparator" not in attrs]
    assert {attrs["data-cell"] for attrs in found if "data-cell" in attrs} <= keys
    derived = [name for attrs in found if "data-cells" in attrs for name in attrs["data-cells"].split()]
    assert derived
    assert {cell for name in derived for cell in each(name)} <= keys
    assert all("data-cell" in attrs or "data-cells" in attrs for attrs in found)


def each(name: str) -> list[str]:
    """The cells that a name with braces stands for."""
    parts = [part.strip("{}").split(",") for part in name.split("/")]
    return ["/".join(one) for one in product(*parts)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_one_language(page: Pages, language: str) -> None:
    text = " ".join(word for name in ("department", "underlag") for word in Elements(page(name, language)).text)
    other = {
        "sv": ("Show as", "withheld", "missing", "The ", "Forecast", "of outcomes", "Skip"),
        "en": ("Visa som", "ej redovisat", "saknas", "Prognos", "utfall", "Hoppa"),
    }[language]
    assert [word for word in other if word in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["department", "underlag"])
def test_every_drawing_has_an_alt_text_and_a_table(page: Pages, name: str, language: str) -> None:
    html = page(name, language)
    found = Elements(html)
    drawings = [attrs for _, attrs in found.tags if "drawing" in (attrs.get("class") or "").split()]
    assert len(drawings) >= 6
    assert all(attrs["role"] == "img" and len(attrs["aria-label"] or "") > 40 for attrs in drawings)
    beside = [attrs for attrs in drawings if "ranges" in (attrs["class"] or "")]  # its table is open beside it
    assert html.count('<details class="numbers"') == len(drawings) - len(beside)
    assert "No description has been provided" not in html


@pytest.mark.parametrize("name", ["department", "organisation"])
def test_no_wide_part_stands_after_one_narrow_part_while_another_could_fill_the_row(
    name: str, request: pytest.FixtureRequest
) -> None:
    shown = [
        each for bundle in outputs(request.getfixturevalue(name)) for each in page_module.objects(restore(dict(bundle)))
    ]
    starts = [place for place, item in enumerate(shown) if item.kind == "heading"]
    checked = 0
    for start, end in pairwise([*starts, len(shown)]):
        blocks = [block for at in range(start + 1, end) for block in page_module._blocks(shown[at], f"p{at}")]
        placed = page_module._paired(blocks)
        assert sorted(prefix for _, prefix in placed) == sorted(prefix for _, prefix in blocks)
        wide = [page_module._wide(item) for item, _ in placed]
        alone = [at for at in range(len(wide)) if not wide[at] and sum(not w for w in wide[: at + 1]) % 2]
        for at in alone:
            checked += 1
            assert at + 1 == len(wide) or not wide[at + 1] or all(wide[at + 1 :])
    assert checked >= 4


def test_texts_of_drawings_are_twelve_pixels_or_more(page: Pages) -> None:
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', page("department", "sv"))]
    assert min(sizes) >= 12


@pytest.fixture(scope="module")
def withheld() -> NotebookNode:
    frame = fixture.silence(fixture.cells(), "bridge", "employer")
    frame = fixture.silence(frame, "bridge", "other")
    frame = fixture.silence(frame, "turnover_series", "2023-12")
    return notebooks.run("department", fixture.report(frame=frame))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withheld_part_is_named_and_never_drawn_or_valued(withheld: NotebookNode, language: str) -> None:
    html = render_page(withheld, language) + render_page(withheld, language, file="underlag")
    word = {"sv": "ej redovisat", "en": "withheld"}[language]
    alts = [attrs["aria-label"] or "" for _, attrs in Elements(html).tags if attrs.get("role") == "img"]
    label = {"sv": "arbetsgivarens beslut", "en": "employer’s decision"}[language]
    assert f"{label}: {word}" in alts[0]
    assert not re.search(rf"{label}: [+−\d]", alts[0])
    said = " ".join(alts).replace("\u00a0", " ")
    assert {"sv": "1 punkt är ej redovisad", "en": "1 point is withheld"}[language] in said
    silent = [attrs for _, attrs in Elements(html).tags if attrs.get("data-status") == "withheld"]
    assert silent
    assert not any("value" in attrs for attrs in silent)


def test_a_series_breaks_where_a_point_is_withheld(withheld: NotebookNode, page: Pages) -> None:
    def lines(html: str) -> int:
        drawing = html[html.index('class="drawing lines"') :]
        return len(re.findall(r"stroke-dasharray", drawing[: drawing.index("</svg>")]))

    # one dashed line more (the comparison, broken in two) than where every point is shown
    assert lines(render_page(withheld, "sv", file="underlag")) == lines(page("underlag", "sv")) + 1


def test_bars_are_drawn_to_printed_digits() -> None:
    def drawn(value: float) -> str:
        frame = fixture.cells()
        place = (frame["table"] == "age") & (frame["row"] == "u35")
        frame.loc[place, "value"] = value
        from analysis.publishing.pages import render
        from analysis.publishing.words.locale import locale

        return str(render.html(show("ages", fixture.report(frame=frame)), locale("sv"), "x"))

    assert drawn(0.24004) == drawn(0.23996)
    assert drawn(0.241) != drawn(0.240)


def test_the_same_notebook_gives_the_same_bytes(department: NotebookNode, page: Pages) -> None:
    fresh, _ = RapportExporter(language="sv").from_notebook_node(department)
    assert fresh == page("department", "sv")


def test_the_command_line_gives_the_same_page(department: NotebookNode, page: Pages, tmp_path: Path) -> None:
    nbformat.write(department, tmp_path / "run.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "rapport", "--RapportExporter.language=en"]
    subprocess.run([*command, "--log-level=ERROR", str(tmp_path / "run.ipynb")], check=True)
    assert (tmp_path / "run.html").read_text(encoding="utf-8") == page("department", "en")


def test_a_page_is_light(page: Pages) -> None:
    html = page("department", "sv")
    css = html[html.index("<style>") : html.index("</style>")]
    assert len(css) < 21_000
    assert len(html.encode()) < 165_000


def test_a_notebook_with_a_failed_cell_gives_no_page(department: NotebookNode) -> None:
    broken = nbformat.from_dict(department)
    broken = nbformat.reads(nbformat.writes(broken), as_version=4)
    broken.cells[-1].outputs = [nbformat.v4.new_output("error", ename="KeyError", evalue="x", traceback=[])]
    with pytest.raises(InputError, match="failed"):
        render_page(broken, "sv")


def test_half_a_report_gives_no_page(department: NotebookNode) -> None:
    half = nbformat.reads(nbformat.writes(department), as_version=4)
    half.cells = half.cells[:3]
    with pytest.raises(InputError, match="not a whole report"):
        render_page(half, "sv")


@pytest.mark.parametrize("gone", [("courses", "ladder"), ("bridge", "groups", "leavers"), ("key_figures",)])
def test_a_delivery_that_lacks_parts_still_gives_a_page(gone: tuple[str, ...]) -> None:
    frame = fixture.without(fixture.cells(), *gone)
    html = render_page(notebooks.run("department", fixture.report(frame=frame)), "sv")
    assert html.count("<h1>") == 1


def test_a_page_of_headcount_alone_says_what_is_missing() -> None:
    cells = fixture.cells()
    bare = notebooks.run("department", fixture.report(frame=cells[cells["table"] == "headcount"]))
    html = render_page(bare, "sv")
    assert html.count("saknas i leveransen") >= 6
    assert 'class="drawing' not in html


def test_a_preview_says_so(department: NotebookNode) -> None:
    preview = notebooks.run("department", fixture.report(facts={"preview": True}))
    assert "Förhandsvisning" in render_page(preview, "sv")
    assert "Förhandsvisning" not in render_page(department, "sv")


def test_names_from_data_cannot_become_markup() -> None:
    facts = {"municipality": "<script>alert(1)</script>", "municipality_en": "A & B"}
    html = render_page(notebooks.run("organisation", fixture.report("all", facts=facts)), "sv")
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


# The list of reports


def entries() -> list[Entry]:
    whole = fixture.report("all")
    states = {"d0102": "failed", "d0103": "too_small"}
    made = []
    for item in whole.departments:
        strip = strip_of(whole, item)
        names = (item.key, item.name, item.name_en, item.parent, item.parent_en)
        figures = strip.need, strip.empty, strip.history, strip.own
        made.append(Entry(*names, states.get(item.key, "published"), *figures))  # type: ignore[arg-type]
    return made


def index(language: str) -> str:
    return render_index(about=fixture.about(), entries=entries(), language=language, languages=["sv", "en"])


def test_the_list_links_to_pages_and_to_the_other_language() -> None:
    wanted = {"organisation/organisation.sv.html", "d0101/d0101.sv.html", "d0201/d0201.sv.html", "index.en.html"}
    assert wanted <= set(Elements(index("sv")).values("href"))
    assert "index.html" in Elements(index("en")).values("href")


def test_the_list_links_only_to_pages_that_exist_and_says_why_others_do_not() -> None:
    html = index("sv")
    assert "d0102.sv.html" not in html
    assert "d0103.sv.html" not in html
    assert "Rapporten kunde inte skapas" in html
    assert "För liten för en egen rapport" in html


def test_the_list_is_in_the_order_of_the_organisation() -> None:
    text = index("en")
    places = [text.index(name) for name in ("Preschool", "Compulsory school", "Mother tongue", "Home care")]
    assert places == sorted(places)
    assert "not a ranking" in text


def test_a_failed_department_shows_no_figure_in_the_list() -> None:
    assert "bridge/d0102" not in index("sv")


@pytest.mark.parametrize("name", ["department", "organisation", *CARDS])
def test_a_page_begins_with_its_title(name: str) -> None:
    whole = fixture.report() if name == "department" else fixture.report("all")
    html = render_page(notebooks.run(name, whole), "sv").partition("<main")[2]
    assert re.findall(r"<(h[1-6])", html)[0] == "h1"
    assert re.findall(r"<(h[1-6])", html).count("h1") == 1
