"""Strategies beside what was decided: families of editions, what hangs on them, counts that are the plan's."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.businessplan.plan import COLUMNS, hangs
from analysis.publishing.objects.stock import Several, Table
from analysis.publishing.pages.render import standalone
from analysis.publishing.words.locale import Locale
from analysis.reference.hanging import by_words, families, family_of, practice_words, stated, topics
from analysis.reference.strategies import practices, strategies
from analysis.tables.protected import ProtectedReport
from tests.publishing import fixture
from tests.publishing.showing import show
from tests.sections.levers.test_ledger import entry, figure


def activity(key: str, text: str, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    row |= {"activity": key, "text": text, "status": "planned", "late": False, "due": "2026-06", "assignment": pd.NA}
    return {**row, **hangs([], text), **changes}


PLAN = [
    activity("p1", "Öka andelen med önskad sysselsättningsgrad", indicator="full_time", status="done", due="2025-01"),
    activity("p2", "Ge nya medarbetare en mentor", due="2025-03"),
    activity("p3", "Ge alla chefer handledning och en mentor"),
    activity("p4", "Halvera matsvinnet"),
]


def report(
    plan: list[dict[str, Any]] = PLAN, cells: tuple[dict[str, Any], ...] = (), **facts: Any
) -> ProtectedReport:  # fmt: skip
    held = fixture.about() | {"has": fixture.about()["has"] | {"activities": True}} | facts
    return ProtectedReport(
        pd.concat([fixture.cells(), pd.DataFrame(list(cells))], ignore_index=True),
        pd.DataFrame(plan),
        fixture.departments(),
        held,
        "all",
    )


def rows(table: Table, language: str = "sv") -> dict[str, list[str]]:
    words = Locale(language)

    def put(atom: Any) -> str:
        return "" if atom is None else words.show(atom).replace("\u00a0", " ")

    return {put(line.head): [put(cell) for cell in line.cells] for line in table.rows}


def test_strategies_that_follow_each_other_are_one_family_and_each_is_in_one() -> None:
    members = [key for family in families() for key in family.members]
    assert sorted(members) == sorted(strategies())
    of = family_of()
    assert of["s2018_full_time"] == of["s2018_longer"] == of["s2024_more_and_longer"]
    assert of["s2018_pay"] != of["s2024_pay"]  # nothing says that one became the other


def test_a_strategy_is_stated_by_id_or_by_name_and_a_name_of_several_editions_means_all() -> None:
    assert stated(["s2018_pay"]) == (["s2018_pay"], [])
    assert stated(["utnyttja  TEKNIKEN"]) == (["s2018_technology", "s2020_technology"], [])
    assert stated(["Skapa karriärvägar", "Hitta på"]) == (["s2018_careers"], ["Hitta på"])


def test_words_are_found_where_they_begin_and_nowhere_else() -> None:
    assert "s2018_engagement" in by_words("Ge alla nya en mentor")[0]
    assert by_words("Utvärdera heltidsmentorer på gymnasieskolorna") == ([], [])
    assert by_words("Ta fram en prognos i heltidstjänster") == ([], [])
    assert by_words("Införa välfärdsteknik")[1] == ["welfare_technology"]
    assert by_words("") == ([], [])


def test_what_the_delivery_says_counts_before_the_words() -> None:
    text = "Ge alla nya en mentor"
    assert hangs(["s2018_pay"], text)["strategies"] == "s2018_pay"
    assert hangs(["s2018_pay"], text)["hangs_by"] == "stated"
    assert hangs([], text)["hangs_by"] == "words"
    assert hangs(["Hitta på"], text)["hangs_by"] == "words"
    assert hangs([], "Halvera matsvinnet") == {"strategies": "", "practices": "", "hangs_by": ""}


def test_the_table_counts_what_is_done_late_and_measured_and_what_hangs_on_nothing() -> None:
    table = show("strategies", report())
    assert isinstance(table, Table)
    found = rows(table)
    engaged = next(line for head, line in found.items() if head.startswith("Skapa engagemang (2018)"))
    assert engaged[0] == "2: 0 klara, 1 sena, 0 med indikator"
    full = next(line for head, line in found.items() if "Öka heltidsarbetet (2020)" in head)
    assert full[0] == "1: 1 klara, 0 sena, 1 med indikator"
    assert found["Ingen strategi"][0] == "1: 0 klara, 0 sena, 0 med indikator"
    notes = [Locale("sv").text(note).replace("\u00a0", " ") for note in table.notes]
    assert any("Sök nya samarbeten (2020)" in note for note in notes)
    assert "Av strategierna 2024 är 5 namn inte kända och saknas här." in notes


def test_measures_stand_with_their_strategy_and_say_what_came_of_them() -> None:
    told = [
        entry(id="A1", belongs=("s2018_pay",)), entry(id="A2", belongs=("wanted_rate",), verdict="open"),
        entry(id="A3", belongs=("career_paths",), verdict="against"), entry(id="A4", belongs=("okänt",)),
    ]  # fmt: skip
    seen = tuple(figure(row) for row in ("a1", "a2", "a3", "a4"))
    found = rows(show("strategies", report(cells=seen, effects={"measures": told, "gone": []})))
    assert found["Underlätta lönekarriär (2018)"][-1] == "1 gav effekt"
    assert next(line for head, line in found.items() if "heltid (2018)" in head)[-1] == "1 kan inte sägas"
    assert next(line for head, line in found.items() if "karriär" in head and "Visa" in head)[-1].startswith("1 inte")
    assert found["Ingen strategi"][-1] == "1 gav effekt"


def test_a_verdict_of_a_withheld_difference_is_not_told_with_its_strategy_either() -> None:
    effects = {"measures": [entry(id="A1", name="Scheman", belongs=("s2018_pay",))], "gone": []}
    silent = figure(value=None, low=None, high=None, n=None, status="withheld", reason="few_persons")
    found = rows(show("strategies", report(cells=(silent,), effects=effects)))
    assert found["Underlätta lönekarriär (2018)"][-1] == "1 kan inte sägas"
    whole = standalone(show("strategies_whole", report(cells=(silent,), effects=effects)), "sv")
    assert "Scheman" in whole
    assert "gav effekt" not in whole
    assert "gav effekt" in standalone(show("strategies_whole", report(cells=(figure(),), effects=effects)), "sv")


def test_the_whole_lists_every_activity_under_each_of_its_strategies() -> None:
    told = {"measures": [entry(id="A1", name="Scheman", belongs=("s2018_wider",))], "gone": []}
    found = show("strategies_whole", report(effects=told))
    assert isinstance(found, Several)
    for language in ("sv", "en"):
        assert "Scheman" in standalone(found, language)
    tables = [item for item in found.items if isinstance(item, Table)]
    listed = [Locale("sv").show(line.head) for table in tables[:-1] for line in table.rows]
    for row in PLAN:
        hung = {family_of()[key] for key in row["strategies"].split("|") if key}
        assert listed.count(row["text"]) == max(len(hung), 1)
    practised = rows(tables[-1])
    assert sum(int(line[-1]) for line in practised.values()) == sum(
        len(row["practices"].split("|")) for row in PLAN if row["practices"]
    )


def test_a_delivery_without_plan_and_measures_shows_no_table() -> None:
    bare = report([], has={"activities": False})
    assert show("strategies", bare) is None
    assert show("strategies_whole", bare) is None


@pytest.mark.parametrize("topic", topics())
def test_every_topic_is_hit_by_its_own_words(topic: str) -> None:
    for word in topics()[topic]["words"]:
        assert set(topics()[topic]["strategies"]) <= set(by_words(f"ska {word}na")[0])


def test_every_practice_is_found_by_its_own_words_and_brings_its_strategies() -> None:
    assert set(practice_words()) <= set(practices())
    for key, words in practice_words().items():
        for word in words:
            hung, found = by_words(f"ska {word}")
            assert key in found
            assert set(practices()[key]["strategies"]) <= set(hung)
