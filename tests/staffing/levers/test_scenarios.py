"""A scenario file says what is wrong with it in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.staffing.levers.scenarios import read_scenario, read_scenarios, within_capacity
from analysis.staffing.supply.start import start_of
from tests.staffing.example import GROUPS, STAFF, inflow

EXAMPLES = Path(__file__).parents[3] / "examples" / "scenarios"
HEAD = 'id = "mine"\nsv = "Min"\nen = "Mine"\nowner = "HR"\ndated = 2026-01-15\n'


def write(folder: Path, *entries: str, head: str = HEAD) -> Path:
    path = folder / "mine.toml"
    path.write_text(head + "".join(f"\n[[lever]]\n{entry}\n" for entry in entries), encoding="utf-8")
    return path


def test_the_examples_can_be_read_and_change_what_they_say() -> None:
    found = read_scenarios([EXAMPLES])
    assert [scenario.id for scenario in found] == ["stay", "more_time", "new_ways"]
    sized = next(lever for lever in found[1].levers if lever.id == "full_time")
    assert (sized.mid, sized.low, sized.high) == pytest.approx((0.25, 0.25 / 3, 0.25 * 5 / 3))
    assert next(lever for lever in found[2].levers if lever.id == "wider_recruitment").capacity == 25


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (['id = "retentoin"'], "did you mean 'retention'"),
        (['id = "retention"\nsize = 0.4\nwhy = "x"'], "outside its range 0.05 to 0.15"),
        (['id = "retention"\nsize = 0.08'], "say in `why`"),
        (['id = "retention"\nsise = 0.08'], "lever.0.sise"),
        (['id = "retention"\ndepartments = ["d9"]'], "department 'd9' is not in this delivery"),
        (['id = "retention"\noccupations = ["techer"]'], "did you mean 'teacher'"),
        (['id = "retention"', 'id = "retention"'], "reaches the same people twice"),
        (['id = "retention"', 'id = "managers"'], "managers is already part of retention"),
        ([], "lever"),
    ],
)
def test_a_wrong_scenario_says_what_is_wrong(tmp_path: Path, entries: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_scenario(
            write(tmp_path, *entries),
            departments={"d1": "d1", "D-2": "d2", "d2": "d2"},
            occupations={"teacher", "aide"},
        )
    assert str(caught.value).startswith("mine.toml")


def test_an_occupation_that_nobody_has_here_is_no_slip(tmp_path: Path) -> None:
    path = write(tmp_path, 'id = "retention"\noccupations = ["preschool_teacher"]')
    found = read_scenario(path, departments={"d1": "d1"}, occupations={"teacher"})
    assert found.levers[0].reach.occupations == ("preschool_teacher",)  # and reaches nobody


def test_a_file_that_is_no_scenario_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no scenario file"):
        read_scenario(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(InputError, match="not valid TOML"):
        read_scenario(tmp_path / "bad.toml")
    with pytest.raises(InputError, match="is taken by a path or a lever"):
        read_scenario(write(tmp_path, 'id = "retention"', head=HEAD.replace("mine", "reference")))


def test_one_lever_may_be_listed_for_one_department_after_the_other(tmp_path: Path) -> None:
    entries = ('id = "retention"\ndepartments = ["d1"]', 'id = "retention"\ndepartments = ["d2"]')
    assert len(read_scenario(write(tmp_path, *entries)).levers) == 2


def test_more_than_three_scenarios_or_two_of_one_name_are_refused(tmp_path: Path) -> None:
    for k in range(4):
        write(tmp_path, 'id = "retention"', head=HEAD.replace('"mine"', f'"s{k}"')).rename(tmp_path / f"s{k}.toml")
    with pytest.raises(InputError, match="more than the 3"):
        read_scenarios([tmp_path])
    with pytest.raises(InputError, match="another scenario has the id"):
        read_scenarios([tmp_path / "s0.toml", tmp_path / "s0.toml"])


def test_capacity_cuts_a_size_and_its_range(tmp_path: Path) -> None:
    index = inflow().mean.index
    start = start_of(STAFF, GROUPS, index, np.zeros(len(index)))
    scenario = read_scenario(write(tmp_path, 'id = "wider_recruitment"\ncapacity = 0.4\nwhy = "x"'))
    (lever,) = within_capacity(scenario.levers, start, 5)
    for size in (lever.low, lever.mid, lever.high):
        assert (size * lever.unit(start, 5)).sum(axis=1).max() <= 0.4 + 1e-9
