"""One employment written in several rows is one spell."""

from __future__ import annotations

import pandas as pd

from analysis.extracts.merging import merge
from analysis.extracts.staging import CleanTables, Shelf, Staged, StagedTable
from tests.extracts.contract import empty_table


def spells(*rows):
    """Rows of (person, employment, unit, start, end, rate)."""
    table = pd.DataFrame(rows, columns=["person", "employment", "unit", "start", "end", "rate"])
    table["start"], table["end"] = pd.to_datetime(table["start"]), pd.to_datetime(table["end"])
    table = table.assign(form="permanent", source="staff.csv", source_row=range(2, len(rows) + 2))
    return table.reindex(columns=empty_table("employments").columns).astype(empty_table("employments").dtypes)


def merged(*rows):
    """The table as it is after merging, and how many rows went."""
    staged = StagedTable([Staged(Shelf())])
    staged.parts[0].append(spells(*rows))
    gone = merge("employments", staged)
    return CleanTables({"employments": staged})["employments"], sum(gone)


def dates(table):
    return table[["start", "end"]].astype("str").fillna("NaT").to_numpy().tolist()


def test_overlapping_rows_become_the_earliest_start_and_the_latest_end():
    table, gone = merged(
        ("a", "1", "u", "2019-01-01", "2020-06-30", 1.0),
        ("a", "1", "u", "2020-01-01", "2021-12-31", 0.75),
    )
    assert dates(table) == [["2019-01-01", "2021-12-31"]]
    assert table["rate"].tolist() == [0.75]  # the terms of the row that starts last
    assert gone == 1


def test_an_open_end_is_the_latest_end():
    table, _ = merged(("a", "1", "u", "2019-01-01", None, 1.0), ("a", "1", "u", "2020-01-01", "2021-12-31", 1.0))
    assert dates(table) == [["2019-01-01", "NaT"]]


def test_a_long_spell_swallows_the_short_ones_inside_it():
    table, gone = merged(
        ("a", "1", "u", "2010-01-01", "2020-12-31", 1.0),
        ("a", "1", "u", "2011-01-01", "2011-12-31", 1.0),
        ("a", "1", "u", "2015-01-01", "2015-12-31", 1.0),
        ("a", "1", "u", "2021-01-01", None, 1.0),
    )
    assert dates(table) == [["2010-01-01", "2020-12-31"], ["2021-01-01", "NaT"]]
    assert gone == 2


def test_rows_that_follow_each_other_stay_apart():
    table, gone = merged(("a", "1", "u", "2019-01-01", "2019-12-31", 1.0), ("a", "1", "u", "2020-01-01", None, 0.5))
    assert len(table) == 2
    assert gone == 0


def test_a_row_that_starts_on_the_day_another_ends_is_a_new_spell():
    rows = [("a", "1", "u", "2019-01-01", "2020-01-01", 1.0), ("a", "1", "u", "2020-01-01", None, 0.5)]
    assert len(merged(*rows)[0]) == 2
    rows[0] = ("a", "1", "u", "2019-01-01", "2020-01-02", 1.0)
    assert len(merged(*rows)[0]) == 1


def test_another_person_employment_or_unit_is_another_spell():
    table, _ = merged(
        ("a", "1", "u", "2019-01-01", None, 0.5),
        ("a", "2", "u", "2019-01-01", None, 0.5),
        ("a", "1", "v", "2019-01-01", None, 0.5),
        ("b", "1", "u", "2019-01-01", None, 0.5),
    )
    assert len(table) == 4
    assert table["person"].tolist() == ["a", "a", "a", "b"]


def test_without_employment_numbers_two_half_posts_on_different_terms_are_two_posts():
    table, _ = merged(("a", None, "u", "2019-01-01", None, 0.5), ("a", None, "u", "2019-06-01", None, 0.4))
    assert len(table) == 2
    table, _ = merged(("a", None, "u", "2019-01-01", None, 0.5), ("a", None, "u", "2019-06-01", None, 0.5))
    assert len(table) == 1


def test_exact_duplicates_ignore_where_they_came_from():
    table, gone = merged(("a", "1", "u", "2019-01-01", None, 1.0), ("a", "1", "u", "2019-01-01", None, 1.0))
    assert table["source_row"].tolist() == [2]
    assert gone == 1


def test_a_merged_spell_stands_where_the_row_stood_whose_terms_it_carries():
    table, _ = merged(
        ("a", "1", "u", "2019-01-01", None, 1.0),
        ("b", "1", "u", "2019-01-01", None, 1.0),
        ("a", "1", "u", "2020-01-01", "2020-06-30", 0.5),
    )
    assert table["person"].tolist() == ["b", "a"]
    assert dates(table)[1] == ["2019-01-01", "NaT"]
    assert table["source_row"].tolist() == [3, 4]
