"""Parts of the sample municipality: pairing, fixed terms, planted hazards and what drives the need."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.reference import courses, ladders, occupation_by_aid, occupations
from analysis.sample import town
from analysis.sample.hazards import AGE_BANDS, Planted, band, intensities
from analysis.sample.people import contract_ends, newcomers
from analysis.sample.skills import LADDERS
from analysis.sample.staff import HOURLY, PERMANENT, TEMPORARY, match, rank_within


@pytest.fixture(scope="module")
def place() -> town.Town:
    return town.build(1000, np.random.default_rng(3))


def _day(text: str) -> int:
    return int(np.datetime64(text).astype(int))


def test_elements_are_numbered_within_their_key_in_order_of_appearance() -> None:
    assert rank_within(np.array([7, 3, 7, 7, 3])).tolist() == [0, 0, 1, 2, 1]
    assert rank_within(np.array([], dtype=int)).tolist() == []


def test_nobody_is_matched_twice_and_only_within_the_same_key() -> None:
    wanted, offered = np.array([1, 1, 2, 3]), np.array([1, 2, 2, 1, 1])
    left, right = match(wanted, offered)
    assert sorted(left) == [0, 1, 2]
    assert len(set(right)) == len(right)
    assert (wanted[left] == offered[right]).all()


def test_unqualified_teachers_are_employed_until_the_end_of_a_school_year() -> None:
    start = np.array([_day("2023-08-10"), _day("2024-06-20"), _day("2024-08-01")])
    ends = contract_ends(np.random.default_rng(1), start, np.array([False, False, False]))
    assert [str(np.datetime64(int(end), "D")) for end in ends] == ["2024-07-31", "2025-07-31", "2025-07-31"]


def test_other_fixed_terms_last_five_to_twelve_months() -> None:
    start = np.full(300, _day("2023-03-01"))
    ends = contract_ends(np.random.default_rng(1), start, np.ones(300, dtype=bool))
    assert ends.min() == _day("2023-07-31")
    assert ends.max() == _day("2024-02-29")


def test_a_value_on_the_edge_of_a_band_belongs_to_the_older_band() -> None:
    assert band(np.array([29.99, 30.0, 59.9, 60.0, 80.0]), AGE_BANDS).tolist() == [0, 1, 3, 4, 4]


def test_nobody_retires_before_61_and_the_hourly_paid_have_one_common_hazard(place: town.Town) -> None:
    day = _day("2024-05-01")
    staff = newcomers(
        place,
        np.random.default_rng(1),
        first_person=0,
        department=np.zeros(4, dtype=int),
        occupation=np.zeros(4, dtype=int),
        unit=np.zeros(4, dtype=int),
        day=np.full(4, day),
    )
    staff.form[:] = (PERMANENT, PERMANENT, TEMPORARY, HOURLY)
    drawn = Planted.draw(place, range(2024, 2025), np.random.default_rng(1))
    age, tenure = np.array([60.9, 65.2, 40.0, 66.0]), np.full(4, 3.0)
    hazard = intensities(staff, age, tenure, np.datetime64("2024-05"), place, drawn)
    assert hazard[0, 1] == 0.0
    assert 1 - np.exp(-hazard[1, 1]) == pytest.approx(town.data("planted")["retirement"]["from_2023"]["65"])
    assert hazard[3].tolist() == [town.data("planted")["hourly"]["leave"], 0.0, 0.0, 0.0]
    assert (hazard >= 0).all()


def test_posts_follow_the_volumes_half_a_year_late_and_stand_still_without_any(place: town.Town) -> None:
    keys = [entry["key"] for entry in place.departments]
    now, before = place.need(np.datetime64("2025-12")), place.need(np.datetime64("2017-01"))
    assert now.tolist() == [1.0] * len(keys)
    assert before[keys.index("d0502")] == 1.0
    assert before[keys.index("d0131")] < 0.97  # more pupils in upper secondary school since then
    assert before[keys.index("d0101")] > 1.03  # fewer children


def test_the_sample_speaks_of_occupations_ladders_and_courses_that_the_reference_data_knows(
    place: town.Town,
) -> None:
    known = occupations()
    named = {"school_counsellor", "therapist", "librarian", "leisure_leader"}
    assert set(place.occupations) - set(known) == named
    for key, aid in zip(place.occupations, place.parameter("aid"), strict=True):
        assert occupation_by_aid().get(aid, "") == ("" if key in named else key)
    for model, (group, steps, *_) in LADDERS.items():
        absent = {"lss_officer"}  # an occupation of the ladder that the sample has not
        assert set(group) == set(ladders()[model]["occupations"]) - absent
        assert steps == len(ladders()[model]["steps"])
    assert {"hot_och_vald", "chefsprogram", town.data("planted")["pipeline"]["course"]} <= set(courses())


def test_every_department_has_a_place_in_the_organisation_and_every_old_unit_a_successor(
    place: town.Town,
) -> None:
    table = place.organisation.set_index("unit")
    assert table.index.is_unique
    assert set(table["parent"]) - {""} <= set(table.index)
    old = {unit.before for unit in place.units if unit.before}
    assert (table.loc[sorted(old), "successor"] != "").all()
    assert {"d0411", "d0412"} <= set(table.index[table["successor"] == "d0401"])
