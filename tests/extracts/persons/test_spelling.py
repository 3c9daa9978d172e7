"""One person's number written in several ways, and equal numbers of different persons in two systems."""

from __future__ import annotations

import pytest

from analysis.extracts import Delivery
from tests.extracts.town import ANNA, BO, EXITS, FACTS, STAFF, doubts, lawful, lines, read

HOURS = """
[[file]]
table = "hours"
path = "hours.csv"
person_prefix = "T"
[file.columns]
person = "Nr"
unit = "Enhet"
month = "Manad"
hours = "Tim"
"""
PREFIXED = STAFF.replace('path = "staff.csv"', 'path = "other.csv"\nperson_prefix = "T"')


def people(*numbers: str) -> list[str]:
    return [ANNA.replace("100231", number) for number in numbers]


def hours(*numbers: str) -> str:
    return lines(*(f"{number};d0180;2025-01;10" for number in numbers), header="Nr;Enhet;Manad;Tim")


def known(delivery: Delivery, table: str) -> float:
    """Share of a table's persons who are employed."""
    tables = delivery.tables
    return float(tables[table]["person"].isin(tables["employments"]["person"]).mean())


def test_numbers_with_and_without_zeros_in_one_file_stay_two_persons_and_are_doubted(tmp_path):
    both = [ANNA.replace("100231", "12"), BO.replace("100232", "0012")]
    delivery = lawful(
        read(tmp_path, FACTS + STAFF + EXITS, {"staff.csv": lines(*both), "exits.csv": "Nr;Datum;Orsak\n"})
    )
    assert delivery.tables["employments"]["person"].nunique() == 2
    assert [each.persons for each in doubts(delivery) if "two ways" in each] == [1]


def test_letters_before_the_digits_are_looked_past_only_where_nearly_all_are_known_then(tmp_path):
    people = [ANNA.replace("100231", f"A{number:05d}") for number in range(10, 16)]
    exits = "Nr;Datum;Orsak\n" + "".join(f"{number};2025-05-31;other\n" for number in range(10, 14))
    files = {"staff.csv": lines(*people), "exits.csv": exits}
    delivery = read(tmp_path, FACTS + STAFF + EXITS, files)
    assert set(delivery.tables["exits"]["person"]) < set(delivery.tables["employments"]["person"])
    assert "key_respelled" in set(delivery.rules["rule"])
    strangers = "Nr;Datum;Orsak\n" + "".join(f"{number};2025-05-31;other\n" for number in (10, 77, 78, 79))
    apart = read(tmp_path, FACTS + STAFF + EXITS, files | {"exits.csv": strangers})
    assert [each.persons for each in doubts(apart) if "not found in employments" in each] == [4]


@pytest.mark.parametrize(("persons", "share"), [(18, 1.0), (1, 0.0)])
def test_letters_before_and_zeros_in_one_file_are_one_number_where_it_is_no_coincidence(tmp_path, persons, share):
    """One person alone says nothing of how two systems write their numbers."""
    employed = people(*(f"A{number:06d}" for number in range(10, 10 + max(persons, 2))))
    left = "Nr;Datum;Orsak\n" + "".join(f"{number};2025-05-31;other\n" for number in range(10, 10 + persons))
    delivery = lawful(read(tmp_path, FACTS + STAFF + EXITS, {"staff.csv": lines(*employed), "exits.csv": left}))
    assert known(delivery, "exits") == share


@pytest.mark.parametrize("width", [3, 6])
def test_a_prefix_says_that_the_numbers_are_those_of_other_persons(tmp_path, width):
    employed = people(*(f"{number}" for number in range(100, 130)))
    files = {"staff.csv": lines(*employed), "hours.csv": hours(*(f"{number:0{width}d}" for number in range(100, 125)))}
    delivery = read(tmp_path, FACTS + STAFF + HOURS, files)
    assert known(delivery, "hours") == 0
    assert len(set(delivery.tables["hours"]["person"])) == 25
    assert "key_respelled" not in set(delivery.rules["rule"])


def test_numbers_under_one_prefix_are_one_number_with_zeros_and_without(tmp_path):
    files = {
        "staff.csv": lines(*people(*(f"{number}" for number in range(100, 130)))),
        "other.csv": lines(*people(*(f"{number}" for number in range(100, 110)))),
        "hours.csv": hours(*(f"{number:06d}" for number in range(100, 110))),
    }
    delivery = read(tmp_path, FACTS + STAFF + PREFIXED + HOURS, files)
    assert delivery.tables["employments"]["person"].nunique() == 40
    assert known(delivery, "hours") == 1
