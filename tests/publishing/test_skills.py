"""The skill gap on a page: rows in words, now and ahead, and what it says where there is nothing to show."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Note, Several, Table
from analysis.publishing.words.locale import locale
from tests.publishing import fixture
from tests.publishing.showing import show
from tests.publishing.skill_cells import CERTIFICATE

SV, EN = locale("sv"), locale("en")


def tables(department: str = "d0101", **facts: object) -> list[Table]:
    shown = show("skill_gap", fixture.report(department, facts=facts))
    assert isinstance(shown, Several)
    return [item for item in shown.items if isinstance(item, Table)]


def test_requirements_are_said_in_words_in_both_languages() -> None:
    heads = [row.head for row in tables()[0].rows]
    assert [SV.text(head) for head in heads] == [
        "barnskötare: Kompetenstrappa barnskötare, minst steg 3 (Självständig)",
        "förskollärare: legitimation eller skyddad titel",
        "barnskötare: Motiverande samtal (MI)",
    ]
    assert EN.text(heads[0]) == "childcare workers: Childcare workers' ladder, at least step 3 (Independent)"


def test_the_year_ahead_has_its_month_and_its_intervals() -> None:
    now, ahead = tables()
    assert [len(table.columns) for table in (now, ahead)] == [6, 5]
    assert SV.text(ahead.caption) == "Kompetensgap december 2030, om ingenting förändras"
    assert all(row.cells[0].has_interval and row.cells[2].has_interval for row in ahead.rows)
    assert [row.cells[0].column for row in (*now.rows, *ahead.rows)] == ["missing"] * 5  # the answer stands first


def test_a_withheld_row_is_left_out_and_said_so_and_one_without_records_says_that_they_are_missing() -> None:
    now, ahead = tables()
    assert not any(cell.row == CERTIFICATE for row in now.rows for cell in row.cells)
    assert Term("skills.silent") in now.notes
    assert Term("skills.silent") not in ahead.notes
    assert SV.cell(now.rows[2].cells[2]) == "saknas i leveransen"


def test_only_the_whole_organisation_s_page_says_that_what_is_missing_is_a_sum_of_departments() -> None:
    for table in tables("all"):
        assert Term("skills.note.whole") in table.notes
        assert SV.text(table.columns[1]) == "Saknas, personer, summan av avdelningarna"
    for table in tables():
        assert Term("skills.note.whole") not in table.notes
        assert SV.text(table.columns[1]) == "Saknas, personer"


def test_a_page_without_a_skill_gap_says_why() -> None:
    bare = fixture.without(fixture.cells(), "skills")
    for asked, words in ((True, "inget krav gäller"), (False, "saknas i leveransen")):
        shown = show("skill_gap", fixture.report(frame=bare, facts={"has": {"requirements": asked}}))
        assert isinstance(shown, Note)
        assert words in SV.text(shown.text)
    silent = fixture.cells()
    mine = silent["table"] == "skills"
    silent.loc[mine, ["value", "low", "high", "n"]] = float("nan")
    silent.loc[mine, ["status", "reason"]] = "withheld", "few_persons"
    assert SV.text(show("skill_gap", fixture.report(frame=silent)).text) == "Kompetensgap: ej redovisat."
