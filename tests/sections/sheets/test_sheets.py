"""The sheets about people and about what can be done: what they say, and what they leave out without a word."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from analysis.publishing.drawings import charts
from analysis.publishing.drawings import sheets as draw
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.objects.sheets import Calendar, Columns, Pairs
from analysis.publishing.objects.stock import Note
from analysis.publishing.pages import render
from analysis.publishing.views import multiples
from analysis.publishing.views import sheets as sheet_views
from analysis.publishing.views.multiples import Multiples, strip_of
from analysis.publishing.words.locale import locale
from analysis.publishing.words.rounding import printed
from analysis.sections import all_sections
from analysis.sections.registry import arranged
from analysis.sections.section import REPORTS, SHEETS
from analysis.tables.protected import Cell, Reason, Status
from tests.publishing import fixture
from tests.publishing.showing import show

SV, EN = locale("sv"), locale("en")
PLACES = ("retiring", "leaving", "requirements", "learning", "filling", "engagement", "absence")


def money(value: float, low: float | None = None, high: float | None = None) -> Cell:
    return Cell(
        "closing", "d0101", "1", "cost", "", value, low, high, 40.0, "kronor", Status.PUBLISHED, Reason.NONE, ""
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "swedish"),
    [
        (money(5_210_000.0, 2_140_000.0, 9_600_000.0), "5,2 Mkr (2,1–9,6)"),
        (money(5_210_000.0, 2_140_000.0, 11_400_000.0), "5 Mkr (2–11)"),
        (money(42_000.0), "42 000"),
    ],
)
def test_a_sum_of_money_claims_no_more_than_a_head_can_use(cell: Cell, swedish: str) -> None:
    assert SV.cell(cell, "both").replace("\u00a0", " ") == swedish
    figure = printed(cell)
    assert figure is not None
    value = re.search(r'value="([^"]*)"', SV.figure(cell))
    assert value is not None
    assert value.group(1) == str(figure.value), "the source holds no more digits than the text"


def test_costs_are_drawn_on_one_scale_however_they_are_printed() -> None:
    small, large = (
        sheet_views._kronor(money(290_000.0)),
        sheet_views._kronor(money(1_400_000.0, 700_000.0, 2_000_000.0)),
    )
    assert small == (290_000, None)
    assert large == (1_400_000, (700_000, 2_000_000))


def test_every_part_of_a_report_is_one_of_its_sheets_or_stands_in_underlag() -> None:
    sections = all_sections()
    for page in REPORTS:
        people = [section.id for section in arranged(sections, page, "people")]
        assert people == ["key_figures", *PLACES]
        assert [s.id for s in arranged(sections, page, "action")] == [
            "measures_picture", "packages", "activities", *(["strategies"] if page == "organisation" else []),
        ]  # fmt: skip
    assert SHEETS == ("claim", "departments", "people", "action")


@pytest.mark.parametrize("id", PLACES)
def test_what_the_delivery_has_nothing_of_is_absent_without_a_word(id: str) -> None:
    cells = fixture.cells()
    bare = fixture.report(frame=cells[cells["table"] == "headcount"])
    bare.about = {**bare.about, "has": {}, "history": {}}
    assert show(id, bare) is None


def test_leaving_is_shown_last_year_beside_next_and_a_withheld_cause_is_no_ring() -> None:
    shown = show("leaving", fixture.report())
    assert isinstance(shown, Pairs)
    assert shown.rows[-1].label == Term("leaving.total")
    view = sheet_views.pairs(shown, SV, "x")
    silent = show("leaving", fixture.report(frame=fixture.silence(fixture.cells(), "exits", shown.rows[0].before.row)))
    assert not silent.rows[0].before.shown
    assert "ej redovisat" in sheet_views.pairs(silent, SV, "x")["alt"]
    assert "ej redovisat" not in view["alt"].split(".")[2]


def test_the_wave_has_an_interval_on_every_bar_and_a_finding_for_a_title() -> None:
    shown = show("retiring", fixture.report())
    if isinstance(shown, Columns):
        assert all(bar.cell.has_interval for bar in shown.bars if bar.cell.shown)
        assert len(SV.text(shown.title).split()) <= 10
    else:
        assert shown is None or isinstance(shown, Note)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("id", [*PLACES, "measures_picture", "packages", "activities"])
def test_a_title_says_the_finding_in_at_most_ten_words(id: str, language: str) -> None:
    for key in ("d0101", "all"):
        shown = show(id, fixture.report(key))
        title = getattr(shown, "title", None) or getattr(shown, "caption", None)
        if title is not None:
            assert len(locale(language).text(title).replace("\u00a0", " ").split()) <= 10


def test_what_the_delivery_says_in_swedish_is_marked_on_an_english_page() -> None:
    shown = show("activities", fixture.report())
    assert isinstance(shown, Calendar)
    assert all(str(row["text"]).startswith('<span lang="sv">') for row in sheet_views.calendar(shown, EN, "x")["rows"])
    assert not any("lang=" in str(row["text"]) for row in sheet_views.calendar(shown, SV, "x")["rows"])
    department = fixture.report().department
    same = type(department)(**{**department.__dict__, "name_en": department.name})
    assert EN.department(same) == f'<span lang="sv"><bdi>{department.name}</bdi></span>'
    assert "lang" not in EN.department(department)


class TestEveryDepartmentOnOneScale:
    @staticmethod
    def table(language: str = "sv") -> str:
        return str(render.html(show("departments", fixture.report("all")), locale(language), "x"))

    def test_departments_stand_in_the_order_of_the_organisation_and_lead_to_their_reports(self) -> None:
        html = self.table("en")
        every = [item for item in fixture.report("all").departments if item.status == "reported"]
        places = [html.index(f'href="../{item.key}/{item.key}.en.html"') for item in every]
        assert places == sorted(places)

    def test_a_withheld_year_breaks_the_line_and_leaves_no_point(self) -> None:
        whole = fixture.report("all")
        item = next(each for each in whole.departments if each.status == "reported")
        strip = strip_of(whole, item)
        values = multiples._values(strip.history)
        top = max(value for value in values if value is not None)
        assert len(multiples._paths(values, top)) == 1
        broken = [*values[:1], None, *values[2:]]
        paths = multiples._paths(broken, top)
        assert len(paths) == 2
        assert sum(path.count("L") + 1 for path in paths) == len(values) - 1 + (len(values) > 1)

    def test_a_department_that_is_too_small_says_so_and_shows_no_figure(self) -> None:
        whole = fixture.report("all")
        item = type(whole.departments[1])(**{**whole.departments[1].__dict__, "status": "pooled"})
        rows = (multiples.Strip(item, why=Term("departments.pooled")),)
        shown = Multiples(Term("departments.caption"), Term("departments.lead"), rows, Month("2026-12"))
        html = str(render.html(shown, SV, "x"))
        assert "för liten för en egen rapport" in html
        assert "data-cell" not in html
        assert "href=" not in html.replace('href="#', "")


def test_a_label_of_a_requirement_names_the_step_that_the_work_asks_for() -> None:
    shown = show("requirements", fixture.report())
    assert shown is not None
    assert not isinstance(shown, Note)
    assert shown.rows
    assert all(isinstance(row.label, Term | Name) for row in shown.rows)
    lacking = [row.missing.value or 0.0 for row in shown.rows]
    assert lacking == sorted(lacking, reverse=True)


def test_on_a_phone_no_sum_of_money_runs_out_of_the_picture() -> None:
    text = "450 000 (220 000–900 000)"
    row = draw.MeasureRow("Behålla fler", Decimal(1), None, "1,3 (0,7–2,6)", Decimal(450_000), None, text)
    canvas = draw.measures([row], charts.NARROW, heads=("färre", "kostnad"))
    places = [
        float(x)
        for x, said in re.findall(r'<text x="([^"]*)"[^>]*>([^<]*)<', str(canvas.svg("m", "chart")))
        if said == text
    ]
    assert places
    assert max(places) + 6.0 * len(text) <= charts.NARROW


def test_a_long_requirement_leaves_room_for_what_is_lacking() -> None:
    parts = draw.Parts(
        "Barnskötare: Handledarutbildning för yrkesutbildning i verksamheten", (1.0, 0.0, 0.0), "saknas 0 av 22"
    )
    drawn = str(draw.requirements([parts], draw.THIRD, ("når", "ej bedömt", "saknas")).svg("r", "chart"))
    (label,) = re.findall(r">(Barnskötare[^<]*)<", drawn)
    assert label.endswith("…")
    assert 6.0 * (len(label) + len(parts.text)) <= draw.THIRD


def test_packages_that_leave_as_much_empty_as_none_say_so() -> None:
    frame = fixture.cells()
    now = (frame["table"] == "what_if") & (frame["row"] == "reference")
    last = frame["column"] == frame.loc[now, "column"].max()
    left = (frame["table"] == "closing") & (frame["column"] == "remaining")
    assert show("packages", fixture.report(frame=frame)).caption.id != "packages.alike"
    frame.loc[left, "value"] = frame.loc[now & last & (frame["department"] == "d0101"), "value"].iloc[0]
    assert show("packages", fixture.report(frame=frame)).caption.id == "packages.alike"
