"""One employment written in several rows is one spell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.rows import buckets, merging
from analysis.extracts.rows.merging import merge
from analysis.extracts.rows.staging import CleanTables, Shelf, Staged, StagedTable
from tests.extracts.contract import empty_table

LATE = pd.Timestamp("2999-12-31")


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
    gone, _ = merge("employments", staged)
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


def by_hand(rows: list[tuple]) -> list[tuple]:
    """Rows (with their number, 2 for the first) that merging should leave, found by going through them one by one."""
    seen = {row: number for number, row in reversed(list(enumerate(rows, start=2)))}
    posts: dict[tuple, list[tuple]] = {}
    for (person, post, unit, start, end, rate), number in seen.items():
        key = (person, post, unit, rate if post is None else None)
        posts.setdefault(key, []).append((start, number, end, rate))
    left = []
    for (person, post, unit, _), terms in posts.items():
        spell: list[tuple] = []
        for one in sorted(terms):
            if spell and one[0] < max(end or LATE for _, _, end, _ in spell):
                spell.append(one)
            else:
                left += [(spell, person, post, unit)] if spell else []
                spell = [one]
        left.append((spell, person, post, unit))
    ends = {id(spell): max(end or LATE for _, _, end, _ in spell) for spell, *_ in left}
    return sorted(
        (spell[-1][1], person, spell[0][0], None if ends[id(spell)] == LATE else ends[id(spell)], spell[-1][3])
        for spell, person, post, unit in left
    )


@pytest.mark.parametrize("seed", range(12))
def test_in_blocks_buckets_and_batches_of_any_size_the_same_rows_are_merged(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    days = list(pd.date_range("2024-01-01", periods=12))
    rows = []
    for _ in range(80):
        first, last = sorted(rng.integers(0, len(days), 2))
        end = None if rng.random() < 0.2 else days[last]
        post = rng.choice(["1", "2", None])
        rows.append((rng.choice(list("abcde")), post, rng.choice(["u", "v"]), days[first], end, rng.choice([0.5, 1.0])))
    rows += rows[:10]
    monkeypatch.setattr(merging, "BUCKET", int(rng.choice([1, 7, 1000])))
    monkeypatch.setattr(merging, "BATCH", int(rng.choice([1, 5, 1000])))
    monkeypatch.setattr(buckets, "BUDGET", int(rng.choice([0, 1 << 20])))
    size = int(rng.choice([1, 13, 90]))
    staged = StagedTable([Staged(Shelf(int(rng.choice([0, 1 << 20])))) for _ in range(2)])
    table = spells(*rows)
    for begin in range(0, len(table), size):
        staged.parts[begin >= 45].append(table.iloc[begin : begin + size].reset_index(drop=True))
    gone, _ = merge("employments", staged)
    found = CleanTables({"employments": staged})["employments"]
    ends = [None if pd.isna(end) else end for end in found["end"]]
    columns = (found["source_row"], found["person"], found["start"], ends, found["rate"])
    assert list(zip(*columns, strict=True)) == by_hand(rows)
    assert sum(gone) == len(table) - len(found)
