"""One employment on several rows at the same time or in several extracts: added up, shared or replaced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from analysis.extracts import Delivery
from analysis.extracts.manifest import FileSpec
from tests.extracts.town import ANNA, BO, FACTS, SPLIT, STAFF, account, doubts, lawful, lines, read, staff, told

FILES = FACTS + STAFF.replace('path = "staff.csv"', 'pattern = "staff_.*"')
SNAPSHOTS = """
[[file]]
table = "snapshots"
pattern = "list_.*"
split = "sum"
[file.columns]
person = "Nr"
unit = "Enhet"
rate = "Grad"
snapshot = "Dag"
"""


def post(unit: str, rate: str, start: str, end: str = "") -> str:
    return f"100231;1;{unit};402010;Tillsvidare;{rate};{start};{end};1979-03-14"


def with_split(folder: Path, split: str, *rows: str) -> Delivery:
    toml = FACTS + STAFF.replace('path = "staff.csv"', f'path = "staff.csv"\nsplit = "{split}"')
    return lawful(staff(folder, *rows, BO, toml=toml))


def extracts(folder: Path, *files: Iterable[str], split: str = "") -> Delivery:
    """Files of one pattern, each with the rows of an extract; the first year's first."""
    toml = FILES.replace("[file.columns]", f'split = "{split}"\n[file.columns]', 1) if split else FILES
    return lawful(read(folder, toml, {f"staff_{2024 + place}.csv": lines(*rows) for place, rows in enumerate(files)}))


def rows_of(delivery: Delivery) -> list[tuple[str, float, str, str]]:
    """Unit, rate, start and end of the rows of the person born in 1979."""
    table = delivery.tables["employments"]
    table = table[table["birth"].dt.year == 1979].sort_values(["start", "unit", "rate"])
    days = (table[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("start", "end"))
    return list(zip(table["unit"], table["rate"], *days, strict=True))


def posts_on(delivery: Delivery, day: str) -> float:
    """Full-time equivalents on ``day`` of the person born in 1979."""
    table = delivery.tables["employments"]
    there = (table["start"] <= day) & (table["end"].isna() | (table["end"] >= day)) & (table["birth"].dt.year == 1979)
    return float(table.loc[there, "rate"].sum())


@pytest.mark.parametrize(
    ("rows", "split", "posts", "doubt"),
    [
        ([ANNA, SPLIT], None, 2.0, True),
        ([ANNA, SPLIT], "share", 1.0, False),
        ([ANNA.replace("1.0", "0.5"), SPLIT.replace("1.0", "0.5")], None, 1.0, False),
        ([ANNA.replace("1.0", "0.5"), SPLIT.replace("1.0", "0.5")], "sum", 1.0, False),
        ([ANNA.replace("1.0", "0.5"), ANNA.replace("1.0", "0.25")], "sum", 0.75, False),
        ([ANNA.replace("1.0", "0.5"), ANNA.replace("1.0", "0.5")], "sum", 1.0, False),
        ([ANNA, ANNA.replace(";1;", ";2;").replace("d0180", "d0181")], "share", 2.0, False),
        ([ANNA.replace(";1;", ";;"), SPLIT.replace(";1;", ";;")], None, 2.0, True),
    ],
)
def test_an_employment_on_several_rows_is_told_or_shared(tmp_path, rows, split, posts, doubt):
    setting = f'path = "staff.csv"\nsplit = "{split}"' if split else 'path = "staff.csv"'
    delivery = lawful(staff(tmp_path, *rows, BO, toml=FACTS + STAFF.replace('path = "staff.csv"', setting)))
    table = delivery.tables["employments"]
    assert table.loc[table["birth"].dt.year == 1979, "rate"].sum() == pytest.approx(posts)
    assert bool(doubts(delivery)) == doubt
    assert not doubt or doubts(delivery)[0].persons == 1


def test_a_rate_is_shared_only_while_other_units_have_it_too(tmp_path):
    delivery = with_split(
        tmp_path, "share", post("d0180", "1.0", "2015-01-01"), post("d0181", "1.0", "2015-01-01", "2016-12-31")
    )
    assert rows_of(delivery) == [
        ("d0180", 0.5, "2015-01-01", "2016-12-31"),
        ("d0181", 0.5, "2015-01-01", "2016-12-31"),
        ("d0180", 1.0, "2017-01-01", ""),
    ]
    assert told(delivery, "1 row added")


@pytest.mark.parametrize("seed", range(4))
def test_whole_rates_that_are_shared_are_one_post_on_every_day_and_never_more(tmp_path, seed):
    """Three units that have one employment by turns and at once."""
    days = pd.date_range("2015-01-01", "2018-12-31", freq="101D")
    drawn = pd.Series(days).sample(6, random_state=seed).sort_values().tolist()
    spans = [(drawn[0], drawn[3]), (drawn[1], drawn[4]), (drawn[2], drawn[5])]
    rows = [post(f"d018{at}", "1.0", f"{begin:%Y-%m-%d}", f"{end:%Y-%m-%d}") for at, (begin, end) in enumerate(spans)]
    delivery = with_split(tmp_path, "share", *rows)
    for day in pd.date_range(drawn[0], drawn[5], freq="17D"):
        assert posts_on(delivery, f"{day:%Y-%m-%d}") == pytest.approx(1.0)
    for at, (begin, end) in enumerate(spans):
        mine = [row for row in rows_of(delivery) if row[0] == f"d018{at}"]
        assert (mine[0][2], mine[-1][3]) == (f"{begin:%Y-%m-%d}", f"{end:%Y-%m-%d}")


def test_parts_of_a_rate_in_one_unit_add_up_though_they_begin_on_different_days(tmp_path):
    parts = post("d0180", "0.5", "2015-01-01", "2024-12-31"), post("d0180", "0.25", "2016-01-01", "2024-12-31")
    delivery = with_split(tmp_path, "sum", *parts)
    assert (posts_on(delivery, "2015-06-30"), posts_on(delivery, "2020-06-30")) == (0.5, 0.75)
    assert not doubts(delivery)
    above = with_split(tmp_path, "sum", parts[0], parts[1].replace("0.25", "0.75"))
    assert [each.persons for each in doubts(above)] == [1]


def test_parts_that_two_extracts_tell_are_not_added_to_themselves(tmp_path):
    parts = [post("d0180", "0.4", "2015-01-01"), post("d0181", "0.6", "2015-01-01")]
    delivery = extracts(tmp_path, parts, parts, split="sum")
    assert [(unit, rate) for unit, rate, *_ in rows_of(delivery)] == [("d0180", 0.4), ("d0181", 0.6)]
    assert account(delivery, "staff_2025.csv")["merged"] == 2
    assert not doubts(delivery)


def test_equal_parts_of_one_extract_are_parts_though_another_tells_them_again(tmp_path):
    parts = [post("d0180", "0.5", "2015-01-01")] * 2
    assert rows_of(extracts(tmp_path, parts, parts, split="sum")) == [("d0180", 1.0, "2015-01-01", "")]


def test_a_list_that_is_delivered_twice_is_not_added_to_itself(tmp_path):
    rows = lines("1;d1;0.5;2024-12-31", "1;d1;0.25;2024-12-31", header="Nr;Enhet;Grad;Dag")
    delivery = lawful(read(tmp_path, FACTS + SNAPSHOTS, {"list_a.csv": rows, "list_b.csv": rows}))
    assert delivery.tables["snapshots"]["rate"].tolist() == [0.75]


@pytest.mark.parametrize("split", ["", "sum", "share"])
def test_who_is_open_in_the_first_extract_and_has_ended_in_the_second_has_ended(tmp_path, split):
    before, after = post("d0180", "0.8", "2015-01-01"), post("d0180", "0.8", "2015-01-01", "2025-06-30")
    delivery = extracts(tmp_path, [before, BO], [after, BO], split=split)
    assert rows_of(delivery) == [("d0180", 0.8, "2015-01-01", "2025-06-30")]
    assert delivery.records["merged"] == 2
    prolonged = extracts(tmp_path / "other", [after], [before], split=split)
    assert rows_of(prolonged) == [("d0180", 0.8, "2015-01-01", "")]


def test_a_changed_rate_replaces_the_one_of_the_extract_before(tmp_path):
    parts = [post("d0180", "0.5", "2015-01-01"), post("d0180", "0.25", "2015-01-01")]
    later = [post("d0180", "0.5", "2015-01-01"), post("d0180", "0.25", "2015-01-01", "2025-03-31")]
    delivery = extracts(tmp_path, parts, later, split="sum")
    assert (posts_on(delivery, "2025-01-31"), posts_on(delivery, "2025-12-31")) == (0.75, 0.5)


def test_the_settings_of_split_are_two():
    with pytest.raises(ValueError, match="split"):
        FileSpec(table="exits", path="x", split="half", columns={"person": "a", "date": "b"})
