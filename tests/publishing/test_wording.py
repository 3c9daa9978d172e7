"""Which sentence the published cells allow."""

from typing import Any

import pandas as pd
import pytest
from markupsafe import Markup

from analysis.publishing import claim_views as views
from analysis.publishing.arithmetic import digits_of, printed_step
from analysis.publishing.atoms import Order
from analysis.publishing.claim_views import verdict as view
from analysis.publishing.locale import locale
from analysis.publishing.objects import Bridge, Note
from analysis.publishing.rounding import direction
from analysis.publishing.site import Entry, render_index
from analysis.reference.phrases import LANGUAGES
from analysis.tables.protected import ProtectedReport
from tests.publishing import fixture
from tests.publishing.showing import show

CELLS = fixture.cells()
YEAR = (CELLS["table"] == "bridge") & (CELLS["column"] == "2026") & (CELLS["layer"] == "reference")


def gap(low: float, value: float, high: float) -> pd.DataFrame:
    frame = CELLS.copy()
    frame.loc[YEAR & (frame["row"] == "gap"), ["low", "value", "high"]] = [low, value, high]
    return frame


VARIANTS: dict[str, pd.DataFrame] = {
    "verdict.lack.own_request": CELLS,
    "verdict.lack": fixture.silence(CELLS, "bridge", "resignation"),
    "verdict.balance": gap(-5.2, 1.0, 8.4),
    "verdict.lean_lack": gap(-1.1, 13.4, 27.7),
    "verdict.lean_surplus": gap(-27.7, -13.4, 1.1),
    "verdict.surplus": gap(-21.0, -15.0, -9.0),
    "verdict.leavers.own_request": fixture.silence(CELLS, "bridge", "gap", status="missing"),
    "verdict.leavers": fixture.silence(
        fixture.silence(CELLS, "bridge", "gap"), "leavers", "resignation", status="missing"
    ),
    "verdict.rate.own_request": fixture.without(CELLS, "bridge", "leavers"),
    "verdict.staff": fixture.without(CELLS, "bridge", "leavers", "key_figures"),
    "verdict.silent": fixture.without(CELLS, "bridge", "leavers", "key_figures", "headcount"),
}


def said(report: ProtectedReport, language: str) -> tuple[str, list[str]]:
    shown = view(show("verdict", report), locale(language), "x")
    plain = [str(text.striptags()) for text in (shown["headline"], *shown["support"])]
    return plain[0], plain[1:]


@pytest.mark.parametrize("id", VARIANTS)
def test_the_headline_is_the_sentence_that_the_cells_allow(id: str) -> None:
    assert show("verdict", fixture.report(frame=VARIANTS[id])).headline.id == id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", VARIANTS)
@pytest.mark.parametrize("name", ["Förskola", "Förskola och grundskola norr", "Plan, bygg, miljö och hälsa i stad"])
def test_a_headline_has_at_most_25_words(id: str, language: str, name: str) -> None:
    report = fixture.report(frame=VARIANTS[id])
    departments = pd.DataFrame(fixture.departments())
    departments.loc[departments["key"] == "d0101", ["name", "name_en"]] = name
    report = ProtectedReport(VARIANTS[id], fixture.plan(), departments, report.about, "d0101")
    headline, _ = said(report, language)
    assert len(headline.split()) <= 25, headline


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", [id for id in VARIANTS if id != "verdict.silent"])
def test_a_headline_says_which_month_and_how_many(id: str, language: str) -> None:
    headline, _ = said(fixture.report(frame=VARIANTS[id]), language)
    assert any(year in headline for year in ("2025", "2026"))
    assert any(sign.isdigit() for sign in headline.replace("2025", "").replace("2026", ""))


def test_the_headline_in_swedish() -> None:
    headline, support = said(fixture.report(), "sv")
    assert headline.replace("\u00a0", " ") == (
        "Förskola väntas sakna 31–63 heltidstjänster i december 2026; "
        "av 83 tjänster som blir lediga under året lämnas 42 på egen begäran."
    )
    assert support[0].replace("\u00a0", " ") == "I december 2025 saknas 14 heltidstjänster."


def test_the_headline_prints_the_digits_of_the_chart() -> None:
    headline, _ = said(fixture.report(), "en")
    shown = show("bridge", fixture.report())
    assert isinstance(shown, Bridge)
    from analysis.publishing.claim_views import bridge

    rows = dict(bridge(shown, locale("en"), "x")["grid"].rows)
    assert "42" in rows["On own request"][0].striptags()
    assert "42 are left on own request" in headline.replace("\u00a0", " ")


def test_posts_becoming_vacant_are_the_sum_of_the_chart_s_causes_without_free_and_new_posts() -> None:
    for department in ("d0101", "d0102", "all"):
        report = fixture.report(department)
        shown = show("bridge", report)
        digits = digits_of(shown)
        causes = [printed_step(step, digits) for step in shown.steps if step.cell.row in fixture.CAUSES]
        assert show("verdict", report).headline.args["leaving"].value == float(sum(causes))


@pytest.mark.parametrize(
    ("low", "value", "high", "way"),
    [
        (-1.1, 13.4, 27.7, "lean_lack"),
        (-3.0, 6.3, 16.9, "lean_lack"),
        (-8.0, 4.1, 16.0, "lean_lack"),  # just over a third of the way to the other end
        (-8.0, 3.4, 16.0, "balance"),
        (-8.8, 0.8, 10.3, "balance"),
        (-6.0, -0.9, 4.2, "balance"),
        (-16.9, -6.3, 3.0, "lean_surplus"),
        (0.0, 4.0, 9.0, "lack"),
        (-9.0, -4.0, 0.0, "surplus"),
    ],
)
def test_only_a_gap_near_zero_is_near_balance_in_the_verdict_the_groups_and_the_list(
    low: float, value: float, high: float, way: str
) -> None:
    near = way == "balance"
    headline, _ = said(fixture.report(frame=gap(low, value, high)), "sv")
    assert ("nära balans" in headline) is near
    cell = fixture.report(frame=gap(low, value, high)).cell("bridge", "gap", "2026", layer="reference")
    assert direction(cell) == way
    shown = views.groups(
        show("groups", fixture.report(frame=groups(("kitchen_staff", low, value, high)))), locale("sv"), "g"
    )
    assert ("nära balans" in shown["rows"][0]["gap"]) is near
    entry = Entry("d0101", "Förskola", "Preschool", "", "", "published", cell)
    listed = render_index(about=fixture.about(), entries=[entry], language="sv", languages=["sv", "en"])
    assert ("nära balans" in listed) is near
    assert ("kan vara i balans" in listed) is way.startswith("lean")


def test_the_column_beside_the_reference_path_is_the_row_of_the_same_name_among_the_paths() -> None:
    for language in LANGUAGES:
        words = locale(language)
        for department in ("d0101", "all"):
            report = fixture.report(department)
            table, paths = show("outlook", report), show("what_if", report)
            rows = {words.show(choice.name): choice.cells for choice in paths.choices}
            told = dict(zip(paths.months, rows[words.text(table.columns[-1])], strict=True))
            beside = {line.head: line.cells[-1] for line in table.rows if line.cells[-1].shown}
            assert beside == told
            assert words.text(table.columns[-1]) in words.text(table.notes[0])


def test_without_the_lever_s_path_the_years_stand_alone() -> None:
    table = show("outlook", fixture.report(frame=fixture.without(CELLS, "what_if")))
    assert len(table.columns) == 2
    assert table.notes == ()


def test_the_organisation_is_called_by_the_name_of_the_municipality() -> None:
    assert said(fixture.report("all"), "en")[0].startswith("Sample municipality is expected")


@pytest.mark.parametrize(
    ("facts", "status", "expected"),
    [
        ({"has": {"vacancies": False}}, "missing", "inte innehåller lediga tjänster"),
        ({"has": {"vacancies": True}}, "missing", "kan inte räknas ur den här leveransen"),
        ({}, "withheld", "för liten för en prognos"),
    ],
)
def test_a_page_without_a_gap_says_why(facts: dict[str, Any], status: str, expected: str) -> None:
    frame = fixture.silence(CELLS, "bridge", "gap", status=status)
    _, support = said(fixture.report(frame=frame, facts=facts), "sv")
    assert expected in support[0]


def test_without_a_gap_the_bridge_shows_what_has_to_be_filled() -> None:
    frame = fixture.silence(CELLS, "bridge", "gap", status="missing")
    frame = fixture.silence(frame, "bridge", "opening", status="missing")
    shown = show("bridge", fixture.report(frame=frame))
    assert isinstance(shown, Bridge)
    assert shown.total.cell.row == "recruitment"
    assert {step.cell.row for step in shown.steps} <= {"need_change", *fixture.CAUSES}
    assert [term.id for term in shown.silent] == ["bridge.lacks.opening"]


def test_nothing_at_all_gives_notes_and_no_empty_charts() -> None:
    bare = fixture.report(frame=CELLS[CELLS["table"] == "headcount"])
    assert isinstance(show("bridge", bare), Note)
    assert isinstance(show("groups", bare), Note)


def groups(*gaps: tuple[str, float, float, float]) -> pd.DataFrame:
    frame = fixture.without(CELLS, "groups")
    rows = [
        fixture.cell("groups", name, "2026", value, low=low, high=high, unit="fte", layer="reference")
        for name, low, value, high in gaps
    ]
    return pd.concat([frame, pd.DataFrame(rows)], ignore_index=True)


def test_groups_are_ordered_by_gap_only_where_their_intervals_part() -> None:
    apart = groups(("kitchen_staff", 20, 25, 30), ("childcare_worker", 8, 10, 12), ("preschool_teacher", 1, 2, 3))
    shown = show("groups", fixture.report(frame=apart))
    assert shown.order == Order.GAP
    assert [row.name.en for row in shown.rows] == ["kitchen staff", "childcare workers", "preschool teachers"]
    close = groups(("kitchen_staff", 5, 25, 30), ("childcare_worker", 8, 10, 12))
    assert show("groups", fixture.report(frame=close)).order == Order.ALPHABET


def test_each_group_names_its_own_largest_lever_and_when_it_is_in_force() -> None:
    shown = {row.gap.row: row for row in show("groups", fixture.report()).rows}
    assert shown["preschool_teacher"].lever.en == "Childcare workers study"
    assert shown["childcare_worker"].lever.en == "Keep more people"
    assert shown["kitchen_staff"].lever is None
    found = show("groups", fixture.report())
    said = {language: views.groups(found, locale(language), "g") for language in ("sv", "en")}
    levers = {
        language: [Markup(row["lever"]).striptags() for row in view["rows"] if row["lever"]]
        for language, view in said.items()
    }
    assert "Störst effekt: Barnskötare läser, 7 (3–10) färre saknas i december 2030" in levers["sv"]
    assert "Largest effect: Keep more people, 3 (2–5) fewer missing in December 2030" in levers["en"]


def lever_line(frame: pd.DataFrame, language: str) -> str:
    """What stands under the only group of a department."""
    view = views.groups(show("groups", fixture.report(frame=frame)), locale(language), "g")
    return str(Markup(view["rows"][0]["lever"] or "").striptags()).replace("\u00a0", " ")


def test_a_group_without_a_lever_says_why() -> None:
    def ahead(value: float) -> dict[str, Any]:
        ends = {"low": value - 4, "high": value + 4}
        return fixture.cell("groups", "kitchen_staff", "2030", value, **ends, unit="fte", layer="reference")

    def with_(*rows: dict[str, Any]) -> pd.DataFrame:
        frame = fixture.without(groups(("kitchen_staff", 5, 7, 9)), "largest_lever")
        return pd.concat([frame, pd.DataFrame(rows)], ignore_index=True) if rows else frame

    said = lever_line(with_(ahead(-2.0)), "sv")
    assert said == "Väntas inte sakna några i december 2030 om ingenting förändras."
    assert "has an effect to show here in December 2030" in lever_line(with_(ahead(6.0)), "en")
    assert lever_line(with_(), "sv") == ""
    for closes, words in ((0.49, "Ingen enskild åtgärd ger en hel heltidstjänst till december 2030."), (0.5, "Störst")):
        ends = {"low": closes / 2, "high": closes * 2}
        lever = fixture.cell("largest_lever", "kitchen_staff", "2030", closes, **ends, unit="fte", layer="retention")
        assert lever_line(with_(ahead(6.0), lever), "sv").startswith(words)


def test_the_lead_names_the_month_of_the_levers_where_there_are_any() -> None:
    view = views.groups(show("groups", fixture.report()), locale("sv"), "g")
    assert "december 2026, åtgärder i december 2030" in view["lead"]
    bare = fixture.report(frame=fixture.without(CELLS, "largest_lever"))
    assert "åtgärd" not in views.groups(show("groups", bare), locale("sv"), "g")["lead"]


def test_a_lever_that_changes_nothing_here_is_no_path() -> None:
    frame = CELLS.copy()
    mine = (frame["table"] == "what_if") & (frame["department"] == "d0101")
    same = frame[mine & (frame["row"] == "reference")][["value", "low", "high"]].to_numpy()
    for row in ("retention", "stay"):
        frame.loc[mine & (frame["row"] == row), ["value", "low", "high"]] = same
    shown = [choice.name.sv for choice in show("what_if", fixture.report(frame=frame)).choices[1:]]
    assert shown == ["Fler stannar", "Barnskötare läser"]  # a plan is named even where it gives nothing


def test_paths_that_all_leave_a_gap_say_that_none_closes_it() -> None:
    def ids(frame: pd.DataFrame) -> list[str]:
        return [note.id for note in show("closing", fixture.report(frame=frame)).notes]

    assert "closing.none" not in ids(CELLS)  # path 1 leaves no one missing
    frame = CELLS.copy()
    frame.loc[(frame["table"] == "closing") & (frame["row"] == "1") & (frame["column"] == "remaining"), "value"] = 3.0
    assert ids(frame)[0] == "closing.none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_breaks_a_path_is_two_cases_whose_figures_keep_their_cells(language: str) -> None:
    words = locale(language)
    cell = show("closing", fixture.report()).rows[1].cells[-1]
    said = words.html(cell)
    assert said.count("<data") == 2
    first, second = said.striptags().split("; ")
    assert {"sv": "om ”Behålla fler” bara ger", "en": "if “Keep more people” gives only"}[language] in first
    assert second.startswith({"sv": "om färre anställs", "en": "if fewer are hired"}[language])


def test_the_vintage_is_a_caution_only_where_the_need_follows_volumes() -> None:
    def notes(*sources: str) -> list[str]:
        told = [{"department": "d0101", "source": source, "vintage": "", "until": 2027} for source in sources]
        return [note.id for note in show("foundations", fixture.report(facts={"need_sources": told})).notes]

    assert notes("budget", "workload") == ["need_source.note"]
    for source in ("volumes", "population"):
        assert notes("budget", source) == ["need_source.note", "need_source.note.vintage"]


def test_the_workload_says_what_the_bridge_starts_from_instead() -> None:
    table = show("workload", fixture.report())
    assert "14 heltidstjänster som är lediga i dag" in locale("sv").text(table.notes[1]).replace("\u00a0", " ")
    budget = show("workload", fixture.report(facts={"has": {"vacancies": False}}))
    assert "budgeterade tjänsterna minus dem i tjänst: 14" in locale("sv").text(budget.notes[1]).replace("\u00a0", " ")
    silent = show("workload", fixture.report(frame=fixture.silence(CELLS, "bridge", "opening")))
    assert len(silent.notes) == 1


def test_two_counts_of_retirement_are_told_apart_where_they_differ() -> None:
    def said(frame: pd.DataFrame) -> list[str]:
        notes = show("leavers", fixture.report(frame=frame)).notes
        return [locale("sv").text(note) for note in notes if note.id == "leavers.note.pension"]

    assert len(said(CELLS)) == 1
    assert "47 (37–56) här och 31 (27–35) bland nyckeltalen" in said(CELLS)[0].replace("\u00a0", " ")
    frame = CELLS.copy()
    place = (frame["table"] == "leavers") & (frame["row"] == "retirement") & (frame["column"] == "36m")
    frame.loc[place, ["value", "low", "high"]] = [31.2, 31.2 * 0.88, 31.2 * 1.13]
    assert said(frame) == []


def test_a_plan_in_which_nothing_is_late_or_unmeasured_says_so_in_words() -> None:
    plan = fixture.plan().assign(late=False, indicator="qualified")
    report = ProtectedReport(CELLS, plan, fixture.departments(), fixture.about(), "d0101")
    summary = views.activities(show("activities", report), locale("sv"), "x")["summary"]
    assert summary == ["Ingen aktivitet är sen.", "Alla har en indikator."]


def test_what_the_need_rests_on_names_the_vintage_and_its_last_year() -> None:
    own = show("foundations", fixture.report())
    said = [[locale("sv").show(atom) for atom in (line.head, *line.cells)] for line in own.rows]
    assert said == [
        ["Befolkning per ålder gånger deltagande och bemanningstal", "Befolkningsprognos 2025", "2035"],
        ["Mätt arbetsmängd (WISN)", "egen uppgift", "2027"],
    ]
    whole = show("foundations", fixture.report("all"))
    counted = [[locale("en").show(atom) for atom in line.cells] for line in whole.rows]
    assert counted == [["Befolkningsprognos 2025", "2030", "2"], ["own figures", "2027", "1"]]
    assert show("foundations", fixture.report("d0102")) is None


def test_the_organisation_says_which_assumption_would_change_the_order_of_the_largest_gaps() -> None:
    def notes(department: str, *overturned: tuple[str, str, str, str]) -> list[str]:
        keys = ("assumption", "end", "department", "overtaken")
        told = {"overturned": [dict(zip(keys, entry, strict=True)) for entry in overturned]}
        shown = show("sensitivity", fixture.report(department, facts=told))
        return [locale("en").text(note) for note in shown.notes[1:]]

    assert notes("all") == ["The three departments that lack most are the same whichever of the assumptions is moved."]
    changed = notes("all", ("retirement", "high", "d0101", "d0201"), ("moves", "low", "d0101", "nowhere"))
    assert len(changed) == 1
    assert "Preschool leaves the three" in changed[0]
    assert "as high as its range allows" in changed[0]
    assert notes("d0101", ("retirement", "high", "d0101", "d0201")) == []


def test_the_workload_stands_beside_those_in_post() -> None:
    shown = show("workload", fixture.report())
    cells = shown.rows[0].cells
    assert [cell.column for cell in cells] == ["required", "total", "difference", "ratio"]
    assert cells[0].value == pytest.approx(cells[1].value - cells[2].value)
    assert show("workload", fixture.report("d0201")) is None


def test_the_alphabet_is_that_of_the_language() -> None:
    names = ["övriga", "äldre", "åkare", "zon"]
    assert sorted(names, key=locale("sv").collate) == ["zon", "åkare", "äldre", "övriga"]
    assert sorted(names, key=locale("en").collate) == ["åkare", "äldre", "övriga", "zon"]


def test_the_organisation_shows_its_departments_groups_where_it_has_none_of_its_own() -> None:
    frame = CELLS[~((CELLS["table"] == "groups") & (CELLS["department"] == "all"))]
    shown = show("groups", fixture.report("all", frame=frame))
    assert locale("sv").text(shown.rows[0].name) == "förskollärare, Grundskola"


@pytest.mark.parametrize(
    ("change", "low", "high", "expected"),
    [
        (0.012, 0.003, 0.020, "Ökat 1,2 procentenheter på ett år (0,3–2,0)"),
        (-0.012, -0.020, -0.003, "Minskat 1,2 procentenheter på ett år (−2,0 till −0,3)"),
        (0.004, -0.005, 0.013, "Ingen säker förändring på ett år: +0,4 procentenheter (−0,5 till 1,3)"),
        (0.0002, None, None, "Oförändrat på ett år"),
        (-0.02, None, None, "Minskat 2,0 procentenheter på ett år"),
    ],
)
def test_a_change_has_a_direction_in_words(change: float, low: float | None, high: float | None, expected: str) -> None:
    from analysis.publishing.claim_views import change as words

    frame = CELLS.copy()
    place = (frame["table"] == "key_figures") & (frame["row"] == "own_request") & (frame["column"] == "change")
    frame.loc[place, ["value", "low", "high"]] = [change, low, high]
    card = show("key_figures", fixture.report(frame=frame)).cards[0]
    assert words(card, locale("sv")).striptags().replace("\u00a0", " ") == expected


def test_a_worse_method_is_called_worse_than_the_yardstick() -> None:
    from analysis.publishing import alt

    frame = CELLS.copy()
    place = (frame["table"] == "track_record") & (frame["column"] == "yardstick")
    observed = frame[(frame["table"] == "track_record") & (frame["column"] == "observed")]
    frame.loc[place, "value"] = observed["value"].to_numpy()
    sentences = alt.track_sentences(show("track_record", fixture.report(frame=frame)), locale("sv"))
    assert "sämre än måttstocken" in sentences[1]
    assert "bättre än måttstocken" in alt.track_sentences(show("track_record", fixture.report()), locale("sv"))[1]


def test_one_of_many_responsible_is_named_and_the_rest_counted() -> None:
    plan = fixture.plan()
    plan.loc[plan["activity"] == "A004", "responsible"] = "HR, Grundskola, Förskola"
    report = ProtectedReport(CELLS, plan, fixture.departments(), fixture.about(), "d0101")
    shown = show("activities", report)
    assert locale("sv").text(shown.rows[0].responsible) == "Förskola och 2\u00a0till"


def test_late_activities_come_first_and_done_ones_do_not_come() -> None:
    shown = show("activities", fixture.report("all"))
    late = [row.row.late for row in shown.rows]
    assert late == sorted(late, reverse=True)
    assert "A033" not in {row.row.activity for row in shown.rows}
    assert (shown.late.n, shown.unmeasured.n) == (3, 2)
