"""Which sentences about levers, foundations, workload and plans the published cells allow."""

import pandas as pd
import pytest

from analysis.publishing.views import sheets as sheet_views
from analysis.publishing.words.locale import locale
from analysis.reference.phrases import LANGUAGES
from analysis.tables.protected import ProtectedReport
from tests.publishing import fixture
from tests.publishing.showing import show

CELLS = fixture.cells()


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
    assert second.startswith({"sv": "om tjänster fylls långsammare", "en": "if posts are filled more slowly"}[language])


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


def test_a_plan_in_which_nothing_is_late_or_unmeasured_says_so_in_words() -> None:
    plan = fixture.plan().assign(due="2026-03", indicator="qualified")
    report = ProtectedReport(CELLS, plan, fixture.departments(), fixture.about(), "d0101")
    view = sheet_views.calendar(show("activities", report), locale("sv"), "x")
    assert view["title"] == "Ingen aktivitet är försenad"
    assert view["summary"].startswith("Alla har en indikator.")


@pytest.mark.parametrize(("due", "state"), [("2025-11", "late"), ("2025-12", "due"), ("2026-01", "on_way")])
def test_an_activity_is_late_only_when_its_month_lies_before_the_cut_off(due: str, state: str) -> None:
    plan = fixture.plan().assign(due=due, indicator_table="", status="")
    report = ProtectedReport(CELLS, plan, fixture.departments(), fixture.about(), "d0101")
    assert {entry.state.id for entry in show("activities", report).rows} == {f"plan.state.{state}"}


def test_an_activity_whose_goal_the_page_shows_as_met_is_never_late() -> None:
    course = "hot_och_vald"
    where = {"indicator_table": "courses", "indicator_row": course, "indicator_column": "completed"}
    plan = fixture.plan().assign(due="2024-01", **where)
    cells = CELLS.copy()
    place = (cells["table"] == "courses") & (cells["row"] == course) & (cells["column"] == "completed")
    for value, state in ((0.01, "late"), (1.0, "met")):
        cells.loc[place & (cells["status"] == "published"), "value"] = value
        report = ProtectedReport(cells, plan, fixture.departments(), fixture.about(), "d0101")
        assert {entry.state.id for entry in show("activities", report).rows} == {f"plan.state.{state}"}


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
        (0.012, 0.003, 0.020, "Ökat med 1,2 procentenheter på ett år (0,3–2,0)"),
        (-0.012, -0.020, -0.003, "Minskat med 1,2 procentenheter på ett år (−2,0 till −0,3)"),
        (0.004, -0.005, 0.013, "Ingen säker förändring på ett år: +0,4 procentenheter (−0,5 till 1,3)"),
        (0.0002, None, None, "Oförändrat på ett år"),
        (-0.02, None, None, "Minskat med 2,0 procentenheter på ett år"),
    ],
)
def test_a_change_has_a_direction_in_words(change: float, low: float | None, high: float | None, expected: str) -> None:
    from analysis.publishing.views.claim import change as words

    frame = CELLS.copy()
    place = (frame["table"] == "key_figures") & (frame["row"] == "own_request") & (frame["column"] == "change")
    frame.loc[place, ["value", "low", "high"]] = [change, low, high]
    card = show("key_figures", fixture.report(frame=frame)).cards[0]
    assert words(card, locale("sv")).striptags().replace("\u00a0", " ") == expected


def test_a_worse_method_is_called_worse_than_the_yardstick() -> None:
    from analysis.publishing.views import alt

    frame = CELLS.copy()
    place = (frame["table"] == "track_record") & (frame["column"] == "yardstick")
    observed = frame[(frame["table"] == "track_record") & (frame["column"] == "observed")]
    frame.loc[place, "value"] = observed["value"].to_numpy()
    sentences = alt.track_sentences(show("track_record", fixture.report(frame=frame)), locale("sv"))
    assert "sämre än måttstocken" in sentences[1]
    assert "bättre än måttstocken" in alt.track_sentences(show("track_record", fixture.report()), locale("sv"))[1]


def test_one_of_many_responsible_is_named_the_page_s_own_first() -> None:
    plan = fixture.plan()
    plan.loc[plan["activity"] == "A004", "responsible"] = "HR, Grundskola, Förskola"
    report = ProtectedReport(CELLS, plan, fixture.departments(), fixture.about(), "d0101")
    shown = show("activities", report)
    owners = {entry.row.activity: entry.owner for entry in shown.rows}
    assert locale("sv").text(owners["A004"]) == "Förskola m.fl."


def test_late_activities_come_first_and_done_ones_do_not_come() -> None:
    shown = show("activities", fixture.report("all"))
    late = [entry.state.id == "plan.state.late" for entry in shown.rows]
    assert late == sorted(late, reverse=True)
    assert "A033" not in {entry.row.activity for entry in shown.rows}
