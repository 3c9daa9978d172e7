"""What is held about others: only what a source says, beside what is counted the same or says that it is not."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from analysis.comparators import Comparator, beside, held
from analysis.comparators.comparable import where
from analysis.comparators.library import HoldsFor, _from_file
from analysis.errors import InputError
from analysis.reference import definitions

FOLDER = files("analysis.reference").joinpath("data", "comparators")


def table(name: str) -> pd.DataFrame:
    with FOLDER.joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype={"code": "str"})


def test_every_comparator_has_source_terms_and_a_figure_of_a_possible_size() -> None:
    for one in held():
        numbers = [number for number in (one.value, one.low, one.high) if number is not None]
        assert numbers
        assert all(text.strip() for text in (one.source_sv, one.source_en, one.terms, one.who_sv, one.who_en))
        if one.unit in ("share", "rate"):
            assert all(0 < number < 1 for number in numbers), one.id


def test_the_bundled_tables_hold_every_municipality_every_year() -> None:
    teachers, ages = table("teachers_qualified.csv"), table("ages.csv")
    assert teachers.groupby("year")["code"].nunique().to_dict() == dict.fromkeys(range(2020, 2024), 290)
    assert ages.groupby("year")["code"].nunique().to_dict() == dict.fromkeys(range(2008, 2015), 291)
    bands = ages.loc[:, "u30":"60_plus"].sum(axis=1)
    assert bands.between(99.7, 100.3).all()


def test_the_licence_share_of_a_year_is_weighted_by_posts() -> None:
    rows = table("teachers_qualified.csv").query("year == 2023")
    by_hand = (rows["posts"] * rows["share"]).sum() / rows["posts"].sum() / 100
    one = next(one for one in held() if one.id == "teachers_qualified_2023")
    assert one.value == pytest.approx(by_hand)
    assert one.value != pytest.approx(rows["share"].mean() / 100, abs=0.01)
    assert one.low < one.value < one.high


def test_only_bands_that_add_up_exactly_are_compared() -> None:
    whole = table("ages.csv").query("year == 2014 and code == '0000'").iloc[0]
    one = next(one for one in held() if one.id == "age_55_skl_2014")
    assert one.value == pytest.approx((whole["55_59"] + whole["60_plus"]) / 100)
    # under 35 and 35–54 cannot be summed from –29, 30–39, 40–49, 50–54: no figure is made for them
    assert not [one for one in held() if one.measure in ("Kolada N00212", "Kolada N00213")]


def shown(definition: str, period: str = "2025-12", **changes: object) -> list[dict]:
    return beside([definitions()[definition] | changes], held(), period=period)


def counts(**rows: float | None) -> pd.DataFrame:
    """Protected headcounts, ``department__occupation`` = number, None where withheld."""
    keys = [name.split("__") for name in rows]
    table = pd.DataFrame(keys, columns=["department", "row"])
    return table.assign(value=pd.Series(list(rows.values()), dtype="float64"))


SCHOOL = HoldsFor(occupations=("teacher_lower", "teacher_upper"), among="licence", least=0.5)


def test_a_figure_about_teachers_holds_only_where_most_licensed_staff_are_such_teachers() -> None:
    found = counts(
        school__total=300, school__teacher_lower=60, school__teacher_upper=40, school__student_assistant=200,
        care__total=270, care__assistant_nurse=163, care__care_assistant=102,
        health__nurse=26, health__teacher_lower=25, office__officer=80,
        hidden__teacher_lower=None, hidden__nurse=30,
    )  # fmt: skip
    assert where(SCHOOL, found) == ["school"]
    of_all = HoldsFor(occupations=SCHOOL.occupations, among="all", least=0.5)
    assert where(of_all, found) == []  # 100 of 300; 25 of 51
    assert where(SCHOOL, None) == []


def test_the_licence_share_of_teachers_carries_its_units_and_a_general_figure_none() -> None:
    found = counts(school__teacher_lower=60, care__assistant_nurse=163)
    records = beside(
        [definitions()[name] for name in ("qualified", "leaving_own_request")], held(), period="2025-12",
        headcount=found,
    )  # fmt: skip
    assert {one["definition"]: one["units"] for one in records} == {
        "qualified": ["school"],
        "leaving_own_request": None,
    }


def test_work_that_nobody_knows_or_needs_no_licence_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown occupations wizard"):
        HoldsFor(occupations=("wizard",), among="all", least=0.5)
    with pytest.raises(ValueError, match="only licensed"):
        HoldsFor(occupations=("care_assistant",), among="licence", least=0.5)


def test_a_fetched_figure_of_the_same_measure_is_about_the_same_work() -> None:
    row = {"sex": "T", "value": 80.0, "unchanged": True, "source": "Kolada", "area": "0580", "area_name": "Linköping"}
    rows = [
        row | {"measure": name, "title": name, "year": 2023, "fetched": "2026-01-01"} for name in ("N15814", "N00216")
    ]
    school, turnover = _from_file(pd.DataFrame(rows), {"Kolada N15814": SCHOOL})
    assert (school.holds_for, turnover.holds_for) == (SCHOOL, None)


def test_a_figure_counted_another_way_is_marked_as_such() -> None:
    (rough,) = shown("leaving_own_request")
    assert (rough["low"], rough["high"], rough["year"], rough["exact"]) == (0.066, 0.125, 2018, False)
    (same,) = shown("leaving_own_request", comparable_with=["Familjen Helsingborg, egen begäran exkl. pension"])
    assert same["exact"] is True


def test_no_figure_is_invented_where_none_is_held() -> None:
    assert shown("sick_leave") == []
    assert shown("pension_3y") == []


def test_an_edition_is_not_compared_with_its_own_future() -> None:
    assert [one["year"] for one in shown("qualified", "2022-06")] == [2022]
    assert shown("qualified", "2019-12") == []
    assert shown("leaving_own_request", "2017-12") == []


def test_the_newest_year_of_each_is_shown_comparable_before_rough_and_norms_last() -> None:
    assert [one["year"] for one in shown("qualified")] == [2023]
    kinds = [one["kind"] for one in shown("staff_per_manager")]
    assert kinds == sorted(kinds, reverse=True)  # outcome, norm
    assert {"outcome", "norm"} == set(kinds)


def test_a_comparator_without_figure_or_with_a_reversed_range_is_refused() -> None:
    fields = held()[0].model_dump()
    for wrong in ({"value": None, "low": None, "high": None}, {"low": 0.2, "high": 0.1}):
        with pytest.raises(ValueError, match=r"value or a range|high to low"):
            Comparator(**(fields | wrong))


def test_a_file_that_is_missing_or_another_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"kolada\.csv is not there"):
        held([tmp_path / "kolada.csv"])
    (tmp_path / "other.csv").write_text("a;b\n1;2\n")
    with pytest.raises(InputError, match="is not a file that `analysis fetch kolada` wrote"):
        held([tmp_path / "other.csv"])
