"""Sections: declared once, in an order that no list holds, with the cells they name and no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Note
from analysis.sections import Place, PlannedTable, Report, Scope, Section, all_sections
from analysis.sections.printed import printed
from analysis.sections.registry import arranged, check
from tests.publishing import fixture
from tests.publishing.showing import open_page

ROOT = Path(__file__).parents[2]
TABLE = PlannedTable(id="mine", sensitivity="low", rule="group", lines=(), zeros="shown")


def note(id: str, after: str = "", part: str = "figures") -> Section:
    section = Section(id, places=Place(part, after=after))
    section.show(lambda report: Note(Term("absent.bridge")))
    return section


def order(*sections: Section, part: str = "figures") -> list[str]:
    return [section.id for section in arranged(sections, "department", part)]


def test_a_section_stands_after_the_neighbour_it_names() -> None:
    assert order(note("c", "b"), note("b", "a"), note("a")) == ["a", "b", "c"]


def test_sections_after_one_neighbour_stand_in_the_order_of_their_ids_with_their_own_followers() -> None:
    assert order(note("a"), note("z", "a"), note("b", "a"), note("x", "b")) == ["a", "b", "x", "z"]


def test_a_section_whose_neighbour_is_elsewhere_comes_before_those_without_one_does_not_vanish() -> None:
    assert set(order(note("a"), note("b", "elsewhere"), note("elsewhere", part="levers"))) == {"a", "b"}


def test_a_circle_of_neighbours_is_named() -> None:
    with pytest.raises(InputError, match="a, b stand after each other"):
        order(note("a", "b"), note("b", "a"))


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ((note("a"), note("a")), "two sections are called a"),
        ((note("a", "nobody"),), "which is no section"),
        ((Section("a", places=Place("figures", pages=("cover",))),), "pages are"),
        ((Section("a", places=Place("figures"), publishes=(TABLE,)),), "no facts function"),
        ((Section("a", places=Place("figures"), reads=("nothing",)),), "which no section publishes"),
    ],
)
def test_what_a_section_declares_wrongly_is_said(sections: tuple[Section, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        check(sections)


def test_a_section_that_asks_for_cells_it_did_not_declare_is_refused_by_name() -> None:
    nosy = Section("nosy", places=Place("figures"))

    @nosy.show
    def show(report: Scope) -> Note:
        report.cell("sick_leave", "total")
        return Note(Term("absent.bridge"))

    with pytest.raises(InputError, match="nosy asks for cells of the table 'sick_leave'"):
        Report(fixture.report(), [nosy], "department").show("nosy")


def test_no_two_sections_publish_one_table() -> None:
    tables = [table.id for section in all_sections() for table in section.publishes]
    assert len(tables) == len(set(tables)) > 40


def test_the_printed_plan_is_the_one_that_is_reviewed() -> None:
    """Changed on purpose? Write it again with ``analysis plan > docs/publishing-plan.md`` and have the change read."""
    held = (ROOT / "docs" / "publishing-plan.md").read_text(encoding="utf-8")
    assert printed(all_sections()) == held


class TestReport:
    def test_a_part_shows_what_stands_there_and_has_not_been_shown(self):
        report = open_page(fixture.report())
        report.show("verdict")
        kinds = [item.kind for item in report.part("claim").each()]
        assert "verdict" not in kinds
        assert kinds[:2] == ["masthead", "bridge"]

    def test_a_cell_that_is_run_again_shows_the_same(self):
        report = open_page(fixture.report())
        report.show("verdict")
        for name in ("claim", "figures"):
            once, again = ([item.kind for item in report.part(name).each()] for _ in range(2))
            assert once == again
            assert "verdict" not in again
        assert report.show("verdict") is not None

    def test_a_part_can_be_reordered_and_cut(self):
        report = open_page(fixture.report())
        shown = report.part("figures", first=["ages", "span"], without=["turnover"]).each()
        assert [item.title.id for item in shown[1:3]] == ["age.title", "span.title"]
        assert "series" not in [item.kind for item in shown]

    @pytest.mark.parametrize(
        ("ask", "said"),
        [
            (lambda report: report.show("agse"), "there is no section 'agse'"),
            (lambda report: report.part("figurs"), "the page has no part 'figurs'"),
            (lambda report: report.part("figures", without=["verdict"]), "'verdict' does not stand in the part"),
        ],
    )
    def test_a_misspelt_name_is_said_with_those_there_are(self, ask, said):
        with pytest.raises(InputError, match=said):
            ask(open_page(fixture.report()))

    def test_contents_name_every_section_of_the_page_and_what_it_publishes(self):
        contents = open_page(fixture.report()).contents()
        assert set(contents["section"]) == {s.id for s in all_sections() if s.place_on("department")}
        assert contents.set_index("section").loc["ages", "publishes"] == "age"

    def test_the_cells_of_a_section_are_a_table_without_numbers_that_may_not_be_shown(self):
        cells = open_page(fixture.report()).cells("ladders")
        silent = cells[cells["status"] == "withheld"]
        assert len(silent) > 0
        assert silent[["value", "low", "high", "n"]].isna().all(axis=None)
        assert set(cells["department"]) == {"d0101"}


def test_a_section_gets_no_cells_that_it_did_not_declare() -> None:
    section = next(section for section in all_sections() if section.id == "headcount")
    scope = Scope(fixture.report(), section)
    assert len(scope.frame(["headcount"], "d0101"))
    with pytest.raises(InputError, match="asks for cells of the table 'bridge'"):
        scope.frame(["headcount", "bridge"], "d0101")


def test_opening_a_report_loads_no_model_no_solver_and_no_drawing() -> None:
    """A report's kernel is started once per page: what it does not need it does not wait for."""
    heavy = ("sklearn", "scipy", "matplotlib", "papermill", "nbconvert", "pandera")
    code = (
        "import sys; from analysis.stages.report import open_report; from analysis.sections import all_sections; "
        f"all_sections(); print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
