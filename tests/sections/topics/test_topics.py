"""Pages about one matter: which an edition has, the graph of careers, the managers' curve, the plan's chain."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pandas as pd
import pytest

from analysis.publishing.objects.careers import CareerGraph
from analysis.publishing.objects.stock import Points, Several, Table
from analysis.publishing.pages.exporter import render_page
from analysis.publishing.views.career_graph import LETTER, WIDE, Way, draw, families, levels
from analysis.publishing.words.locale import locale
from analysis.reference.finding import suggested
from analysis.sections.registry import topics
from tests.publishing import fixture, notebooks
from tests.publishing.showing import show

ALL = "all"


def cells(*rows: tuple[str, str, str, float | None]) -> pd.DataFrame:
    """The fixture's cells and some of the whole organisation; None is withheld."""
    made = [
        fixture.cell(table, row, column, value, department=ALL)
        if value is not None
        else fixture.cell(table, row, column, department=ALL, status="withheld", reason="few_persons")
        for table, row, column, value in rows
    ]
    return pd.concat([fixture.cells(), pd.DataFrame(made)], ignore_index=True)


CAREERS = cells(
    ("career_could", "e07", "could", 55.0), ("careers", "e07", "moved", None), ("careers", "e25", "moved", 6.0)
)  # fmt: skip
SHARES = {"2024-06": 0.2, "2024-12": 0.4, "2025-12": 0.6}
CURVE = [("manager_coverage", month, "completed", share) for month, share in SHARES.items()]
MANAGERS = cells(*CURVE, ("manager_until", "total", "months", 18.0), ("manager_mix", "2024-09", "mixed", 0.7))


def test_an_edition_has_a_page_about_a_matter_where_the_whole_has_a_figure_of_it() -> None:
    assert topics(fixture.cells()) == []
    assert topics(CAREERS) == ["careers"]
    assert topics(pd.concat([CAREERS, MANAGERS])) == ["careers", "managers"]
    silent = cells(("careers", "e07", "moved", None))
    assert topics(silent) == [], "a page of withheld figures alone is no page"
    assert topics(CAREERS.assign(department="d0101")) == [], "nor one of a department's"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(("page", "frame"), [("careers", CAREERS), ("managers", MANAGERS), ("plan", fixture.cells())])
def test_a_page_shows_the_whole_alone_and_names_the_other_pages_that_there_are(
    page: str, frame: pd.DataFrame, language: str
) -> None:
    report = fixture.report(ALL, frame=frame)
    report.about["topics"] = [page, "careers"]
    html = render_page(notebooks.run(page, report), language)
    keys = {part.split("/")[1] for part in html.split('data-cell="')[1:]}
    assert keys <= {ALL}
    assert (f'href="careers.{language}.html"' in html) == (page != "careers")
    assert f'href="managers.{language}.html"' not in html


def test_the_graph_draws_what_is_known_of_and_says_it_in_words() -> None:
    shown = show("career_graph", fixture.report(ALL, frame=CAREERS), "careers")
    assert isinstance(shown, CareerGraph)
    assert [locale("sv").show(edge.ends) for edge in shown.edges] == ["förstelärare", "hälsoinspiratör"]
    report = fixture.report(ALL, frame=CAREERS)
    html = render_page(notebooks.run("careers", report), "sv").replace("\u00a0", " ")
    assert "Lärare → Förstelärare: 55 kan." in html
    assert "Medarbetare → Hälsoinspiratör: 6 gick." in html
    assert show("career_graph", fixture.report(ALL), "careers") is None


WAYS = [
    Way("a", "b", ("3 kan",), True), Way("b", "c", (), False), Way("x", "y", (), False),
    Way("a", "c", ("1 gick",), True),
]  # fmt: skip


def test_tasks_stand_right_of_all_that_lead_to_them_and_families_apart() -> None:
    assert levels(WAYS) == {"a": 0, "b": 1, "c": 2, "x": 0, "y": 1}
    assert [len(family) for family in families(WAYS)] == [1, 3]
    circle = [Way("a", "b", (), False), Way("b", "a", (), False)]
    assert set(levels(circle)) == {"a", "b"}  # a circle is drawn, and ends
    assert "3 kan" in draw(WAYS, WIDE).svg("p", "wide")
    assert draw(WAYS, 340).svg("p", "narrow").count("<text") == 2 * len(WAYS) + 2


def written(drawing: str) -> list[tuple[str, float, float, float, float]]:
    """Texts of a drawing with their left, right, top and bottom, by the width of an average letter."""
    found = []
    pattern = r'<text x="([\d.-]+)" y="([\d.-]+)" font-size="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)</text>'
    for x, y, size, anchor, text in re.findall(pattern, drawing):
        wide = len(text) * LETTER
        left = float(x) - (wide if anchor == "end" else 0)
        found.append((text, left, left + wide, float(y) - 0.8 * float(size), float(y) + 0.1 * float(size)))
    return found


def test_numbers_of_the_graph_lie_on_no_other_text() -> None:
    many = ("1\u00a0187 kan", "32 på väg", "12 gick")
    ends = ("barnskötare", "förskollärare", "rektor i förskola")
    chain = [Way(one, other, many, True) for one, other in pairwise(("utan barnskötarutbildning", *ends))]
    fan = [Way("lärare", f"lärare med ämne {place}", many, True) for place in range(4)]
    meeting = [Way(f"vårdbiträde {place}", "undersköterska", many, True) for place in range(2)]
    onward = [Way("undersköterska", "Silviasyster", many, True)]
    for ways in (chain, fan, [*meeting, *onward], [*fan, Way("lärare med ämne 0", "rektor", many, True)]):
        texts = written(draw(ways, WIDE).svg("p", "wide"))
        assert len(texts) >= 2 * len(ways)
        for (one, a, b, c, d), (other, e, f, g, h) in combinations(texts, 2):
            assert b <= e or f <= a or d <= g or h <= c, (one, other)


def test_the_curve_of_the_managers_says_where_it_is_and_when_it_ends() -> None:
    shown = show("manager_curve", fixture.report(ALL, frame=MANAGERS), "managers")
    assert isinstance(shown, Several)
    points = next(item for item in shown.items if isinstance(item, Points))
    said = [locale("sv").text(item).replace("\u00a0", " ") for item in points.items]
    assert "inom 24 månader från den första omgången i september 2024, alltså i september 2026" in said[1]
    assert said[2].startswith("I samma takt som de senaste tolv månaderna tar det 18")
    short = show("manager_curve", fixture.report(ALL, frame=cells(*CURVE[:2])), "managers")
    assert isinstance(short, Points), "two points are no curve"


def test_the_plan_shows_every_activity_once_in_its_area_and_suggests_what_could_be_followed() -> None:
    report = fixture.report(ALL)
    areas = show("plan_areas", report, "plan")
    tables = [item for item in areas.items if isinstance(item, Table)]
    known = report.plan[report.plan["duplicate_of"].fillna("") == ""]
    assert sum(len(table.rows) for table in tables) == known["activity"].nunique()
    assert len(tables) == known["area"].nunique()
    calendar = show("plan_calendar", report, "plan")
    assert sum(row.cells[0].n for row in calendar.rows) == (known["due"] != "").sum()


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Sänk sjukfrånvaron bland barnskötare", "sick_leave"),
        ("Teckna avtal om leasing", ""),
        ("Ta fram en plan för lönekartläggningen", "pay_"),
    ],
)
def test_an_indicator_is_suggested_by_the_words_of_its_topic(text: str, measure: str) -> None:
    found = suggested(text)
    assert (found is None) == (measure == "")
    assert found is None or found["measure"].startswith(measure)
