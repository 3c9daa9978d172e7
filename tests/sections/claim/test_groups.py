"""Groups to begin with: most empty posts first, the order's doubt said, and a name for a group that is everyone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.publishing.objects.stock import Groups, Note
from analysis.publishing.views import claim as views
from analysis.publishing.words.locale import locale
from tests.publishing import fixture
from tests.publishing.showing import show

CELLS = fixture.cells()


def groups(*posts: tuple[str, float, float, float], n: float = 100.0, everyone: float | None = None) -> pd.DataFrame:
    """Cells with these groups: name, low, value, high."""
    frame = fixture.without(CELLS, "groups")
    if everyone is not None:
        frame.loc[(frame["table"] == "bridge") & (frame["row"] == "empty"), "n"] = everyone
    common: dict[str, Any] = {"unit": "fte", "layer": "reference", "definition": "empty_posts", "n": n}
    rows = [
        fixture.cell("groups", name, "2026", value, low=low, high=high, **common) for name, low, value, high in posts
    ]
    return pd.concat([frame, pd.DataFrame(rows)], ignore_index=True)


def shown(frame: pd.DataFrame) -> Groups:
    found = show("groups", fixture.report(frame=frame))
    assert isinstance(found, Groups)
    return found


def told(frame: pd.DataFrame, language: str = "sv") -> list[dict[str, str]]:
    rows = views.groups(shown(frame), locale(language), "g")["rows"]
    return [
        {name: str(Markup(text or "").striptags()).replace("\u00a0", " ") for name, text in row.items()} for row in rows
    ]


def test_most_empty_posts_stand_first_whatever_the_alphabet_says() -> None:
    frame = groups(("childcare_worker", 8, 10, 12), ("preschool_teacher", 1, 2, 3), ("kitchen_staff", 20, 25, 30))
    assert [row.name.en for row in shown(frame).rows] == ["kitchen staff", "childcare workers", "preschool teachers"]
    assert [row.unsure for row in shown(frame).rows] == [False, False, False]


def test_a_difference_that_the_intervals_do_not_carry_is_called_unsure() -> None:
    rows = told(groups(("kitchen_staff", 5, 25, 30), ("childcare_worker", 8, 10, 12)))
    assert [row["gap"] for row in rows] == ["25 (5–30) tomma", "10 (8–12) tomma, skillnaden är osäker"]
    assert (
        "the difference is unsure"
        in told(groups(("kitchen_staff", 5, 25, 30), ("childcare_worker", 8, 10, 12)), "en")[1]["gap"]
    )


def test_only_groups_with_a_whole_empty_post_are_named() -> None:
    assert [row.name.en for row in shown(groups(("kitchen_staff", 0, 0.4, 2), ("childcare_worker", 1, 3, 5))).rows] == [
        "childcare workers"
    ]
    none = show("groups", fixture.report(frame=groups(("kitchen_staff", -4, -3, 0), ("childcare_worker", 0, 0.3, 2))))
    assert isinstance(none, Note)
    assert none.text.id == "groups.nobody"


def test_other_occupations_that_are_nearly_everyone_are_named_by_the_largest() -> None:
    rest = ("other_occupations", 3, 7, 12)
    assert told(groups(rest, n=95, everyone=100))[0]["name"] == "Alla yrkesgrupper, varav 402 barnskötare"
    assert told(groups(rest, n=80, everyone=100))[0]["name"] == "Övriga yrkesgrupper"
    bare = groups(rest, n=95, everyone=100)
    assert told(bare[bare["table"] != "headcount"])[0]["name"] == "Alla yrkesgrupper"


def test_without_a_forecast_by_group_there_is_a_note() -> None:
    found = show("groups", fixture.report(frame=CELLS[CELLS["table"] == "headcount"]))
    assert isinstance(found, Note)
    assert found.text.id == "absent.groups"


def test_the_organisation_names_departments_groups() -> None:
    mine = CELLS[~((CELLS["table"] == "groups") & (CELLS["department"] == "all"))]
    names = [row.name for row in show("groups", fixture.report("all", frame=mine)).rows]
    assert names[0].args["department"].name == "Grundskola"


def test_each_group_names_its_own_largest_lever_and_when_it_is_in_force() -> None:
    rows = {row.gap.row: row for row in shown(CELLS).rows}
    assert rows["preschool_teacher"].lever.en == "Childcare workers study"
    assert rows["childcare_worker"].lever.en == "Keep more people"
    assert rows["kitchen_staff"].lever is None
    levers = {language: [row["lever"] for row in told(CELLS, language) if row["lever"]] for language in ("sv", "en")}
    assert "Barnskötare läser: 7 (3–10) färre i december 2030" in levers["sv"]
    assert "Keep more people: 3 (2–5) fewer in December 2030; helps from December 2026" in levers["en"]


def test_a_lever_stands_beside_the_empty_posts_of_its_own_year_and_says_from_when_it_helps() -> None:
    ahead = fixture.cell(
        "groups",
        "childcare_worker",
        "2030",
        9.0,
        low=4,
        high=15,
        unit="fte",
        layer="reference",
        definition="empty_posts",
    )
    found = told(pd.concat([CELLS, pd.DataFrame([ahead])], ignore_index=True))
    assert found[1]["lever"] == ("Behålla fler: 3 (2–5) färre av 9 i december 2030; hjälper från december 2026")
    without = fixture.without(CELLS, "lever_effects")
    assert "hjälper" not in told(without)[1]["lever"]


def test_who_decides_on_a_lever_is_said_where_it_is_known() -> None:
    about = deepcopy(fixture.about())
    for entry in about["measures"]["levers"]:
        if entry["id"] == "retention":
            entry |= {"decides_sv": "förvaltningschefen", "decides_en": "the head of administration"}
    found = show("groups", fixture.report(frame=CELLS, facts=about))
    for language, words in (
        ("sv", "; beslutas av förvaltningschefen"),
        ("en", "; decided by the head of administration"),
    ):
        rows = views.groups(found, locale(language), "g")["rows"]
        assert [str(row["lever"] or "").endswith(words) for row in rows].count(True) == 1


def test_a_group_without_a_lever_says_why() -> None:
    def ahead(value: float) -> dict[str, Any]:
        ends = {"low": value - 4, "high": value + 4, "unit": "fte", "layer": "reference"}
        return fixture.cell("groups", "kitchen_staff", "2030", value, **ends)

    def lever_line(language: str, *rows: dict[str, Any]) -> str:
        frame = fixture.without(groups(("kitchen_staff", 5, 7, 9)), "largest_lever")
        frame = pd.concat([frame, pd.DataFrame(rows)], ignore_index=True) if rows else frame
        return told(frame, language)[0]["lever"]

    assert lever_line("sv", ahead(-2.0)) == "Väntas inte ha någon tom tjänst i december 2030 i dagens takt."
    assert "has an effect to show here in December 2030" in lever_line("en", ahead(6.0))
    assert lever_line("sv") == ""
    for closes, words in (
        (0.49, "Ingen enskild åtgärd ger en hel heltidstjänst till december 2030."),
        (0.5, "Behålla fler:"),
    ):
        ends = {"low": closes / 2, "high": closes * 2}
        lever = fixture.cell("largest_lever", "kitchen_staff", "2030", closes, **ends, unit="fte", layer="retention")
        assert lever_line("sv", ahead(6.0), lever).startswith(words)


def test_the_lead_says_what_a_lever_s_range_is_where_there_are_any() -> None:
    view = views.groups(shown(CELLS), locale("sv"), "g")
    assert "för åtgärder antaget spann" in view["lead"]
    bare = fixture.report(frame=fixture.without(CELLS, "largest_lever"))
    assert "åtgärder" not in views.groups(show("groups", bare), locale("sv"), "g")["lead"]


def test_one_reason_for_all_groups_is_said_once() -> None:
    def ahead(name: str) -> dict[str, Any]:
        return fixture.cell("groups", name, "2030", 6.0, low=2, high=9, unit="fte", layer="reference")

    names = ("kitchen_staff", "childcare_worker")
    frame = fixture.without(groups(*((name, 5, 7, 9) for name in names)), "largest_lever")
    frame = pd.concat([frame, pd.DataFrame([ahead(name) for name in names])], ignore_index=True)
    assert [row["lever"] for row in told(frame)] == ["", ""]
    lead = views.groups(shown(frame), locale("sv"), "g")["lead"]
    assert str(lead).count("Ingen enskild åtgärd har en effekt") == 1
