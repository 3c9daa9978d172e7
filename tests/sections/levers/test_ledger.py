"""The effect ledger on pages: what stands in a row, on whose page, and what is said where no figure may be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.businessplan.ledger.judging import COLUMNS as EFFECTS
from analysis.businessplan.ledger.judging import kept
from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.publishing.objects.stock import Points, Several, Table
from analysis.publishing.words.locale import Locale
from analysis.reference import policy
from analysis.reference.ledger import followed
from analysis.sections.levers.ledger import effect_facts
from analysis.sections.registry import shipped_plan
from tests.businessplan.ledgers import measure
from tests.publishing import fixture
from tests.publishing.showing import show


def entry(**changes: Any) -> dict[str, Any]:
    """A measure as the edition tells of it."""
    told = {
        "wanted": 4.0,
        "verdict": "effect",
        "grade": "A",
        "why": "",
        "groups": 9,
        "seen": 3,
        "planned": 3,
        "more_months": None,
        "more_persons": None,
    }
    of = {key: changes.pop(key) for key in list(changes) if key in told}
    held, _ = kept([measure(departments=("d0101",), **changes)], None, period="2025-12", former_period="")
    return {**held[0], **told, **of}


def figure(row: str = "a1", department: str = "d0101", **changes: Any) -> dict[str, Any]:
    usual = {"value": -0.045, "low": -0.08, "high": -0.01, "unit": "rate", "n": 300.0, "definition": "measure_effect"}
    return fixture.cell("measure_effects", row, "difference", department=department, **{**usual, **changes})


def shown(*entries: dict[str, Any], cells: tuple[dict[str, Any], ...] = (), on: str = "all", gone: Any = ()) -> Any:
    frame = pd.concat([fixture.cells(), pd.DataFrame(list(cells))], ignore_index=True) if cells else None
    facts = {"effects": {"measures": list(entries), "gone": list(gone)}}
    return show("ledger", fixture.report(on, frame=frame, facts=facts))


def words(table: Table, column: int, row: int = 0, language: str = "sv") -> str:
    return Locale(language).show(table.rows[row].cells[column]).replace("\u00a0", " ")


def test_a_row_says_whom_by_what_how_much_was_counted_on_what_came_of_it_and_how_well_it_is_known() -> None:
    table = shown(entry(name="Scheman"), cells=(figure(),))
    assert isinstance(table, Table)
    assert Locale("sv").show(table.rows[0].head) == "Scheman"
    assert [words(table, place) for place in (0, 1, 2)] == [
        "Förskola",
        "Avgångar på egen begäran",
        "4 procentenheter lägre",
    ]
    assert Locale("sv").cell(table.rows[0].cells[3], "both").startswith("−4,5")
    assert words(table, 4) == "gav effekt"
    assert words(table, 5) == "A: anmäld i förväg, jämförd med 9 grupper"
    assert words(table, 4, language="en") == "had an effect"


def test_a_department_sees_its_own_measures_and_no_others() -> None:
    mine, other = entry(), entry(id="A2") | {"departments": ["d0201"]}
    cells = (figure(), figure("a2", "d0201"))
    assert len(shown(mine, other, cells=cells, on="d0101").rows) == 1
    assert len(shown(mine, other, cells=cells, on="all").rows) == 2
    assert shown(other, cells=cells, on="d0101") is None


def test_a_withheld_difference_takes_its_verdict_with_it() -> None:
    silent = figure(value=None, low=None, high=None, n=None, status="withheld", reason="few_persons")
    table = shown(entry(), cells=(silent,))
    assert table.rows[0].cells[3] is None
    assert words(table, 4) == "redovisas inte; gruppen är för liten för en egen sida"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"verdict": "open", "more_months": 24}, "kan inte sägas; omkring 24 månader till skulle behövas"),
        ({"verdict": "open", "more_persons": 150}, "kan inte sägas; gruppen skulle behöva omkring 150 personer till"),
        ({"verdict": "open"}, "kan inte sägas; varken fler månader eller fler personer räcker"),
        ({"verdict": "open", "why": "early"}, "kan inte sägas än; det första hela året slutar i december 2023"),
        ({"verdict": "against"}, "inte förenligt med den effekt som räknades med"),
        ({"verdict": "consistent", "grade": "B"}, "förenligt med effekt"),
        *[({"verdict": "open", "why": why}, None) for why in ("small", "few", "history", "not_counted", "unplaced")],
    ],
)  # fmt: skip
def test_a_verdict_is_one_sentence(changes: dict[str, Any], said: str | None) -> None:
    text = words(shown(entry(**changes), cells=(figure(),)), 4)
    assert text == said if said else text.startswith(("kan inte sägas", "kan inte redovisas"))


@pytest.mark.parametrize(
    ("grade", "broken", "said"),
    [
        ("B", {"late": True}, "B: jämförd med 9 grupper, anmäld först efter start"),
        ("B", {"changed": ["smallest"]}, "B: jämförd med 9 grupper, ändrad sedan den anmäldes"),
        ("B", {}, "B: jämförd med 9 grupper, som är få"),
        ("C", {}, "C: anmäld i förväg, men bara före och efter"),
        ("D", {"unseen": True}, "D: bara före och efter, fanns inte i registret när den började"),
        ("", {"late": True}, "anmäld först efter start"),
        ("", {}, "anmäld i förväg"),
    ],
)
def test_the_grade_says_why_it_is_not_better(grade: str, broken: dict[str, Any], said: str) -> None:
    assert words(shown({**entry(grade=grade), **broken}, cells=(figure(),)), 5) == said


def test_measures_that_are_no_longer_delivered_stay_on_the_organisations_page() -> None:
    left = entry(id="A9", name="Borttagen") | {"gone": "2025-12"}
    found = shown(entry(), cells=(figure(),), gone=[left])
    assert isinstance(found, Several)
    points = found.items[1]
    assert isinstance(points, Points)
    assert [Locale("sv").show(item) for item in points.items] == ["Borttagen"]
    assert isinstance(shown(entry(), cells=(figure(),), on="d0101", gone=[left]), Table)


def test_many_departments_are_counted_and_not_listed() -> None:
    many = entry() | {"departments": ["d0101", "d0102", "d0103", "d0201"]}
    assert words(shown(many, cells=(figure(),)), 0) == "4 avdelningar"
    who = entry() | {"departments": ["d0101"], "occupations": ["childcare_worker"]}
    assert words(shown(who, cells=(figure(),)), 0) == "barnskötare i Förskola"
    assert words(shown(entry() | {"departments": []}), 0) == "hela kommunen"


def test_everyone_without_a_department_of_their_own_is_shown_no_ledger() -> None:
    whole = fixture.report("all", facts={"effects": {"measures": [entry()], "gone": []}})
    assert show("ledger", whole.for_everyone()) is None


def effects(**changes: Any) -> pd.DataFrame:
    row: dict[str, Any] = dict.fromkeys(EFFECTS, np.nan)
    row |= {
        "measure": "Å 1", "indicator": "sick_leave", "departments": "d0101|d0102", "verdict": "effect", "grade": "A",
        "why": "", "value": -0.02, "low": -0.03, "high": -0.01, "n": 40.0,
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def test_a_difference_is_a_fact_of_every_department_that_the_measure_concerns_under_a_key_that_a_page_can_carry() -> (
    None
):
    made = effect_facts(effects())
    assert made["department"].tolist() == ["d0101", "d0102"]
    assert made["row"].tolist() == ["a_1", "a_1"]
    assert set(made["table"]) == {"measure_effects_health"}
    assert effect_facts(effects(departments=""))["department"].tolist() == ["all"]
    assert effect_facts(effects(value=np.nan)).empty


def test_the_wall_shows_a_difference_by_its_indicators_sensitivity_and_from_a_forecasts_group() -> None:
    limits = Thresholds.of(policy(), "internal")
    for n, status in ((19.0, "withheld"), (20.0, "published")):
        facts = effect_facts(effects(n=n, departments="d0101"))
        cells = protect(facts, plan=shipped_plan(), thresholds=limits, reported=["d0101"], period="2025-12")
        assert cells["status"].tolist() == [status]
        assert cells["table"].tolist() == ["measure_effects"]
        assert cells["sensitivity"].tolist() == ["health"]


def test_one_percentage_point_is_singular_and_days_are_days() -> None:
    assert words(shown(entry(wanted=1.0), cells=(figure(),)), 2) == "1 procentenhet lägre"
    assert words(shown(entry(wanted=1.5), cells=(figure(),)), 2) == "1,5 procentenheter lägre"
    days = entry(wanted=30.0, indicator=followed()["time_to_fill"], lower=False)
    assert words(shown(days, cells=(figure(),)), 2) == "30 dagar längre"
