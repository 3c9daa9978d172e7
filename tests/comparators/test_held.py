"""What is held about others: only what a source says, beside what is counted the same or says that it is not."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from analysis.comparators import Comparator, beside, held
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
