"""One number that stands for two persons, impossible ages, and numbers made distinct per system."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.errors import GateError, InputError
from analysis.extracts import Delivery, check_gate, summary
from analysis.extracts.delivery import COUNTS
from analysis.extracts.quality import look_over
from analysis.reference import policy
from tests.extracts.town import FACTS, read

SYSTEM = """
[[file]]
table = "employments"
path = "{path}"
{more}
[file.columns]
person = "Anstnr"
unit = "Enhet"
form = "Form"
start = "Från"
end = "Till"
birth = "Född"
sex = "Kön"
[file.values.form]
"Tillsvidare" = "permanent"
[file.values.sex]
"K" = "F"
"""
EXITS = """
[[file]]
table = "exits"
path = "avgangar.csv"
{more}
[file.columns]
person = "Anstnr"
date = "Datum"
"""
HEADER = "Anstnr;Enhet;Form;Från;Till;Född;Kön"


def row(number: int, *, birth: str = "1970-05-01", sex: str = "K", start: str = "2018-02-01", end: str = "") -> str:
    return f"A{number:04d};d0180;Tillsvidare;{start};{end};{birth};{sex}"


def one(number: int) -> str:
    return row(number, birth=f"19{60 + number % 30}-03-02", sex="KM"[number % 2])


def other(number: int) -> str:
    """Somebody else under the same number."""
    return row(number, birth=f"19{60 + (number + 12) % 30}-11-02", sex="MK"[number % 2], start="2015-01-01")


def delivered(
    folder: Path,
    first: list[str],
    second: list[str],
    *,
    prefix: str = "",
    exits: str | None = None,
    exits_prefix: str = "",
) -> Delivery:
    more = f'person_prefix = "{prefix}"' if prefix else ""
    toml = FACTS + SYSTEM.format(path="anst.csv", more="") + SYSTEM.format(path="anst2.csv", more=more)
    files: dict[str, str | bytes] = {
        "anst.csv": "\n".join([HEADER, *first]) + "\n",
        "anst2.csv": "\n".join([HEADER, *second]) + "\n",
    }
    if exits is not None:
        toml += EXITS.format(more=f'person_prefix = "{exits_prefix}"' if exits_prefix else "")
        files["avgangar.csv"] = exits
    found = read(folder, toml, files)
    counts = found.ledger[list(COUNTS)].sum()
    assert counts["read"] == counts[list(COUNTS[1:])].sum()
    return found


def told(found: Delivery) -> str:
    return summary(found, "en", findings=look_over(found))


def test_two_systems_with_the_same_numbers_stop_with_their_size(tmp_path: Path) -> None:
    found = delivered(tmp_path, [one(n) for n in range(20)], [other(n) for n in range(20)])
    assert "20 of 20 persons (100.0%) have another birth or sex" in told(found)
    assert "anst.csv" in told(found)
    assert "anst2.csv" in told(found)
    assert "person_prefix" in summary(found, "sv", findings=look_over(found))
    with pytest.raises(GateError, match=r"20 of 20 persons .* person_prefix"):
        check_gate(found, policy())


def test_a_prefix_makes_them_distinct(tmp_path: Path) -> None:
    found = delivered(tmp_path, [one(n) for n in range(20)], [other(n) for n in range(20)], prefix="B")
    assert found.tables["employments"]["person"].nunique() == 40
    assert "birth" not in told(found).split("To be checked")[1].split("Missing")[0]
    check_gate(found, policy())


def test_the_prefix_is_part_of_the_number(tmp_path: Path) -> None:
    # a file of exits that writes system and number together names the same persons as the file with the prefix
    exits = "Anstnr;Datum\nBA0003;2024-01-31\nA0004;2024-02-29\n"
    found = delivered(tmp_path, [one(4)], [other(3)], prefix="B", exits=exits)
    people = found.tables["employments"]["person"].tolist()
    assert set(found.tables["exits"]["person"]) == set(people)
    same = delivered(
        tmp_path / "b", [one(4)], [other(3)], prefix="B", exits="Anstnr;Datum\nA0003;2024-01-31\n", exits_prefix="B"
    )
    assert same.tables["exits"]["person"].tolist() == [people[1]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # a month corrected, or a year in place of a month
        ({"birth": "1970-05-01"}, {"birth": "1970-11-01"}),
        ({"birth": "1970-12-01"}, {"birth": "1970-01-01"}),
        # not known in one of them
        ({"birth": ""}, {"birth": "1970-01-01"}),
        ({"sex": ""}, {"sex": "M"}),
    ],
)
def test_what_one_person_may_have_said_of_her_is_no_contradiction(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    assert delivered(tmp_path, [row(1, **first)], [row(1, **second)]).contradictions.persons == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"birth": "1970-05-01"}, {"birth": "1971-05-01"}),
        ({"sex": "K"}, {"sex": "M"}),
        ({"birth": "1970-05-01", "sex": ""}, {"birth": "1999-05-01"}),
    ],
)
def test_few_are_told_and_do_not_stop(tmp_path: Path, first: dict[str, str], second: dict[str, str]) -> None:
    found = delivered(tmp_path, [row(1, **first), *map(one, range(10, 90))], [row(1, **second)])
    assert (found.contradictions.persons, found.contradictions.everyone) == (1, 81)
    assert "1 of 81 persons (1.2%)" in told(found)
    check_gate(found, policy())


def test_two_rows_of_one_file_contradict_each_other_too(tmp_path: Path) -> None:
    rows = [one(n) for n in range(6)] + [other(n) for n in range(6)]
    found = delivered(tmp_path, rows, [one(50)])
    assert (found.contradictions.persons, found.contradictions.files) == (6, ("anst.csv",))
    with pytest.raises(GateError, match=r"\(anst.csv\)"):
        check_gate(found, policy())


@pytest.mark.parametrize(("birth", "odd"), [("2010-01-01", 1), ("1900-01-01", 1), ("2004-01-01", 0), ("1935-01-01", 0)])
def test_an_age_nobody_works_at_is_told(tmp_path: Path, birth: str, odd: int) -> None:
    found = delivered(tmp_path, [row(1, birth=birth)], [one(2)])
    assert found.contradictions.ages == odd
    assert ("1 of 2 persons would by their birth" in told(found)) == bool(odd)


@pytest.mark.parametrize("seed", range(8))
def test_every_number_used_again_is_counted_once(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    again = rng.choice(200, int(rng.integers(0, 40)), replace=False)
    rows = [[one(n)] * int(rng.integers(1, 3)) for n in range(200)]
    found = delivered(
        tmp_path, [each for some in rows for each in some], [other(n) for n in again] + [one(n) for n in range(5)]
    )
    assert found.contradictions.persons == len(again)
    assert found.contradictions.everyone == 200


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('person_prefix = "B"\npersonnummer = true', "a personnummer is the same in every system"),
        ("person_prefix = 5", "person_prefix"),
    ],
)
def test_a_prefix_that_makes_no_sense_is_refused(tmp_path: Path, more: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, FACTS + SYSTEM.format(path="anst.csv", more=more), {"anst.csv": HEADER + "\n"})


LISTS = """
[[file]]
table = "snapshots"
pattern = 'lista_(?P<year>\\d{4})\\.csv'
[file.columns]
person = "Anstnr"
unit = "Enhet"
[file.constants]
snapshot = "{year}-12-31"
"""


@pytest.mark.parametrize("newest", [2026, 2027, 2031])
def test_further_lists_are_taken_with_their_day_and_told(tmp_path: Path, newest: int) -> None:
    files: dict[str, str | bytes] = {
        f"lista_{year}.csv": "Anstnr;Enhet\n" + "\n".join(f"A{n};d0180" for n in range(30)) + "\n"
        for year in range(2024, newest + 1)
    }
    found = read(tmp_path, FACTS + LISTS, files)
    assert found.records["quarantined"] == 0
    assert f"{found.manifest.delivery.extracted}" == f"{newest}-12-31"
    assert any(
        f"lista_{newest}.csv is of {newest}-12-31, after extracted = 2026-01-07" in each for each in found.warnings
    )
    check_gate(found, policy())


def test_a_list_in_the_past_moves_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, FACTS + LISTS, {"lista_2025.csv": "Anstnr;Enhet\nA1;d0180\n"})
    assert f"{found.manifest.delivery.extracted}" == "2026-01-07"
    assert not any("extracted" in each for each in found.warnings)


def test_rows_of_a_later_day_than_the_extraction_name_the_setting(tmp_path: Path) -> None:
    toml = FACTS + LISTS.replace('unit = "Enhet"', 'unit = "Enhet"\nsnapshot = "Dag"').replace(
        '[file.constants]\nsnapshot = "{year}-12-31"\n', ""
    )
    rows = "\n".join(f"A{n};d0180;2028-12-31" for n in range(30))
    found = read(tmp_path, toml, {"lista_2028.csv": f"Anstnr;Enhet;Dag\n{rows}\n"})
    with pytest.raises(GateError, match=r"extracted is 2026-01-07 in delivery\.toml"):
        check_gate(found, policy())
