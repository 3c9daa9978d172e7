"""docs/practices.md is what the sections say, edges are rows, and a delivery without the tables shows nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.publishing.objects.stock import Note, Table
from analysis.publishing.words.locale import locale
from analysis.reference import courses, ladders, occupations
from analysis.reference.practices import counting, edges, practices, programmes, roles
from analysis.sample.town import data
from analysis.sections import Place, Section, all_sections
from analysis.sections.counted import claimed, counted_by, is_claimed, printed
from tests.publishing import fixture
from tests.publishing.showing import show

ROOT = Path(__file__).parents[3]
OWN = [section for section in all_sections() if section.file and section.file.parent.name == "practices"]


def test_the_list_of_practices_is_what_the_sections_say() -> None:
    """Changed on purpose? Write it again with ``analysis practices > docs/practices.md`` and read the difference."""
    assert (ROOT / "docs" / "practices.md").read_text(encoding="utf-8") == printed(all_sections())


def test_every_practice_that_can_be_published_is_counted_and_no_other() -> None:
    wanted = {key for key, entry in practices().items() if entry["figure"]}
    assert len(practices()) == 71
    assert set(counted_by(all_sections())) == wanted
    assert len(wanted) == 64


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"p999-01": ("careers",)}, "mine counts 'p999-01', which practices.toml does not ask for"),
        ({"p003-15": ("careers",)}, "mine counts 'p003-15', which practices.toml does not ask for"),
        ({"p000-01": ()}, "mine counts 'p000-01' without naming a figure"),
        ({"p000-01": ("ladder/1",)}, "mine counts 'p000-01' by 'ladder/1', of a table that it does not show"),
    ],
)
def test_a_section_that_counts_what_it_cannot_is_named(counts: dict[str, tuple[str, ...]], said: str) -> None:
    section = Section("mine", places=Place("figures"), reads=("careers",), counts=counts)
    with pytest.raises(InputError, match=said):
        counted_by([section])


def test_a_claim_names_a_table_or_a_row_or_a_column() -> None:
    key = ("careers", "e01", "moved")
    assert all(is_claimed(name, *key) for name in ("careers", "careers/e*", "careers/e01/moved", "careers/*/moved"))
    assert not any(is_claimed(name, *key) for name in ("career", "careers/e02", "careers/e01/could", "*/e02"))
    both = [Section(name, places=Place("figures"), counts={"p000-01": ("a", name)}) for name in ("b", "c")]
    assert claimed(both) == {"p000-01": ("a", "b", "c")}


def test_every_edge_is_a_row_and_an_end_that_no_source_names_says_so() -> None:
    cell = fixture.cell("careers", "e01", "moved", 7.0, department="all")
    frame = pd.concat([fixture.cells(), pd.DataFrame([cell])], ignore_index=True)
    shown = show("careers", fixture.report("all", frame=frame))
    assert isinstance(shown, Table)
    assert len(shown.rows) == len(edges()) == 45
    assert sum(entry["source"].startswith("Linköpings kommun, Behålla") for entry in edges().values()) == 29
    assert sum(not entry["begins"]["sv"] or not entry["to"]["sv"] for entry in edges().values()) == 3


@pytest.mark.parametrize("section", OWN, ids=lambda section: section.id)
@pytest.mark.parametrize("department", ["d0101", "all"])
def test_a_delivery_without_the_tables_shows_no_empty_part_and_says_nothing_is_missing(
    section: Section, department: str
) -> None:
    page = "organisation" if department == "all" else "department"
    if section.place_on(page) is not None:
        assert show(section.id, fixture.report(department)) is None


def test_reference_data_names_only_what_there_is() -> None:
    # an occupation may be one that a delivery names itself, as the sample does
    known = set(occupations()) | set(data("planted")["occupation"])
    steps = {key: len(entry["steps"]) for key, entry in ladders().items()}
    for entry in programmes().values():
        assert {*entry["of"], *entry["becomes"]} <= known
        if entry["measures_of"]:
            assert max(entry["measures_of"]["steps"]) <= steps[entry["measures_of"]["ladder"]]
    assert all(set(entry["of"]) <= known for entry in roles().values())
    for entry in edges().values():
        assert set(entry["of"]) <= known
        assert {entry["role"], entry["from_role"]} - {""} <= set(roles())
        assert not entry["study"] or entry["study"] in programmes()
    rules = counting()
    assert rules.manager_programme in courses()
    assert set(rules.managers) <= known


def test_certificates_stand_by_state_and_what_has_no_name_comes_last() -> None:
    rows = [
        fixture.cell("certificates", state, kind, number, department="all")
        for kind, numbers in (("first_aid", (70, 50, 12, 8)), ("other", (9, 9, None, None)))
        for state, number in zip(("held", "valid", "soon", "expired"), numbers, strict=True)
    ]
    rows.append(fixture.cell("certificate_renewed", "first_aid", "share", 0.75, department="all", unit="share"))
    shown = show("certificates", fixture.report("all", frame=pd.concat([fixture.cells(), pd.DataFrame(rows)])))
    assert isinstance(shown, Table)
    assert [[cell and cell.value for cell in row.cells] for row in shown.rows] == [
        [70, 50, 12, 8, 0.75], [9, 9, None, None, None],
    ]  # fmt: skip
    assert locale("sv").text(shown.rows[1].head) == "övriga intyg med slutdatum"
    assert "inom 90 dagar" in locale("sv").text(shown.notes[0])


def test_the_year_of_the_staff_leaves_out_what_the_delivery_lacks_and_says_when_all_is_withheld() -> None:
    rows = [
        fixture.cell("definitions", "without_absence", "now", 0.31, department=key, unit="share")
        for key in ("all", "d0101")
    ]
    assert show("annual", fixture.report("d0101")) is None
    shown = show("annual", fixture.report("d0101", frame=pd.concat([fixture.cells(), pd.DataFrame(rows)])))
    assert [[cell.value for cell in row.cells] for row in shown.rows] == [[0.31, 0.31]]
    rows[1] |= {"value": None, "status": "withheld", "reason": "complement"}
    silent = show("annual", fixture.report("d0101", frame=pd.concat([fixture.cells(), pd.DataFrame(rows)])))
    assert isinstance(silent, Note)
