"""The expected stock, year by year, against sums done by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.reference.parts import MOVED
from analysis.staffing import expected_inflow, levers, start_of
from analysis.staffing.levers import scenarios
from analysis.staffing.levers.lever import Lever, Reach
from analysis.staffing.levers.scenarios import within_capacity
from analysis.staffing.supply.expected import project
from analysis.staffing.supply.inflow import lasting
from analysis.staffing.supply.start import Start
from analysis.tables import joins
from analysis.workforce.groups import forecast_groups
from tests.staffing import example
from tests.staffing.example import cells, constant, flows, profile

NOBODY = flows(("d1", "teacher", "hires", 0.0, 0.0))


def run(staff, hazards, moved=NOBODY, shape=None, *, years=3, levers=(), pipelines=None):
    groups = forecast_groups(staff, minimum=1)
    inflow = expected_inflow(moved, groups, pipelines, windows=1, years=years)
    given = profile() if shape is None else shape
    return project(staff, hazards, groups=groups, inflow=inflow, profile=given, years=years, levers=levers), inflow


def lost(step, cause: str, place: int = 0) -> tuple[float, float]:
    c = CAUSES.index(cause)
    return step.lost_persons[place, c], step.lost_fte[place, c]


def test_a_cohort_of_two_cells_over_three_years() -> None:
    # 10 persons of 63 at 0.5 and 20 of 30 at 1.0; retirement 0.5 from 64, resignation 0.1 always
    def hazards(rows: pd.DataFrame) -> pd.DataFrame:
        table = constant(resignation=0.1)(rows)
        table["retirement"] = np.where(rows["age"] >= 64, 0.5, 0.0)
        return table

    path, _ = run(cells(("d1", "teacher", 10, 0.5, 63), ("d1", "teacher", 20, 1.0, 30)), hazards)
    assert [step.persons[0] for step in path] == pytest.approx([30, 9 + 18, 9 * 0.4 + 16.2])
    assert [step.fte[0] for step in path] == pytest.approx([25, 4.5 + 18, 1.8 + 16.2])
    assert [lost(step, "resignation")[0] for step in path] == pytest.approx([3.0, 2.7, 1.98])
    assert [lost(step, "retirement") for step in path] == [(0, 0), (4.5, 2.25), pytest.approx((1.8, 0.9))]


def test_inflow_equal_to_outflow_keeps_the_stock() -> None:
    moved = flows(("d1", "teacher", "hires", 12.0, 12.0))
    path, _ = run(
        cells(("d1", "teacher", 100, 1.0, 40)),
        constant(resignation=0.12),
        moved,
        profile(("teacher", 30, 1.0)),
        years=6,
    )
    assert [step.persons[0] for step in path] == pytest.approx([100] * 6)
    assert [step.fte[0] for step in path] == pytest.approx([100] * 6)


def test_stock_without_inflow_declines_as_a_power() -> None:
    path, _ = run(cells(("d1", "teacher", 100, 0.8, 40)), constant(resignation=0.1, other=0.05), years=4)
    assert [step.fte[0] for step in path] == pytest.approx([80 * 0.85**year for year in range(4)])


def test_newcomers_come_with_the_shape_of_hires_and_leave_the_year_after() -> None:
    def hazards(rows: pd.DataFrame) -> pd.DataFrame:
        table = constant()(rows)
        table["resignation"] = np.where(rows["tenure"] == 0, 0.5, 0.0)
        return table

    moved = flows(("d1", "teacher", "hires", 8.0, 6.0))
    path, _ = run(cells(("d1", "teacher", 50, 1.0, 40)), hazards, moved, profile(("teacher", 30, 1.0)))
    assert [lost(step, "resignation") for step in path] == [(0, 0), (4.0, 3.0), (4.0, 3.0)]


def test_conservation_in_every_step_and_group() -> None:
    inflow = example.inflow()
    path = project(example.STAFF, example.hazards, groups=example.GROUPS, inflow=inflow, profile=example.SHAPE, years=5)
    arriving = inflow.mean[["hires", "conversions"]].sum(axis=1).to_numpy()
    for year, (step, following) in enumerate(pairwise(path), start=1):
        after = step.fte - step.lost_fte.sum(axis=1) + arriving + inflow.net(year)
        np.testing.assert_allclose(following.fte, after, atol=1e-9)
    heads = inflow.persons.sum().sum()
    still = expected_inflow(FLOWS_WITHOUT_MOVES, example.GROUPS, None, windows=3, years=5)
    path = project(example.STAFF, example.hazards, groups=example.GROUPS, inflow=still, profile=example.SHAPE, years=2)
    assert path[1].persons.sum() == pytest.approx(path[0].persons.sum() - path[0].lost_persons.sum() + heads)


FLOWS_WITHOUT_MOVES = example.FLOWS[~example.FLOWS["part"].isin(MOVED)]


def test_temporary_staff_made_permanent_change_form_and_nothing_is_added_or_lost() -> None:
    # 40 temporary at a contract end of 0.5 a year; 0.25 of those who stay are permanent the year after
    def hazards(rows: pd.DataFrame) -> pd.DataFrame:
        table = constant()(rows)
        table["contract_end"] = np.where(rows["form"] == "temporary", 0.5, 0.0)
        return table

    staff = cells(("d1", "teacher", 40, 1.0, 40)).assign(form="temporary")
    groups = forecast_groups(staff, minimum=1)
    inflow = expected_inflow(NOBODY, groups, None, windows=1, years=3)
    path = project(
        staff, hazards, groups=groups, inflow=inflow, profile=profile(), years=3,
        permanent=pd.DataFrame({"occupation": ["*"], "share": [0.25]}),
    )  # fmt: skip
    # 20 stay: 15 temporary and 5 permanent; then 7.5 of the 15 stay
    assert [lost(step, "contract_end")[0] for step in path] == pytest.approx([20.0, 7.5, 7.5 * 0.75 / 2])
    assert [step.persons[0] for step in path] == pytest.approx([40.0, 20.0, 12.5])


def test_the_lever_lowers_its_cause_and_nothing_else_in_the_first_year() -> None:
    lever = levers()["retention"]
    before, _ = run(example.STAFF, example.hazards, example.FLOWS, example.SHAPE)
    after, _ = run(example.STAFF, example.hazards, example.FLOWS, example.SHAPE, levers=[lever])
    c = CAUSES.index(lever.cause)
    share = 1 - lever.mid / (lever.lead_years + 1)
    np.testing.assert_allclose(after[0].lost_fte[:, c], before[0].lost_fte[:, c] * share)
    others = [place for place in range(len(CAUSES)) if place != c]
    np.testing.assert_array_equal(after[0].lost_fte[:, others], before[0].lost_fte[:, others])
    # those kept are a year older and leave for other causes too
    assert after[1].lost_fte[:, CAUSES.index("other")].sum() > before[1].lost_fte[:, CAUSES.index("other")].sum()


def test_the_effect_grows_evenly_and_is_whole_after_the_lead() -> None:
    lever = levers()["retention"]
    index = example.inflow().mean.index
    start = start_of(example.STAFF, example.GROUPS, index, np.zeros(len(index)))
    assert (0.3 * lever.unit(start, 4)[:, 0]).tolist() == pytest.approx([0.1, 0.2, 0.3, 0.3])
    drawn = lever.draw(np.random.default_rng(1), 2000)
    assert lever.low <= drawn.min() < lever.mid < drawn.max() <= lever.high


def test_expected_inflow_is_the_mean_of_the_latest_windows() -> None:
    old = flows(("d1", "teacher", "hires", 100.0, 100.0), origin="2020-12")
    both = [
        flows(("d1", "teacher", "hires", 6.0, 5.0), origin="2023-12"),
        flows(("d1", "teacher", "hires", 2.0, 1.0)),
    ]
    groups = forecast_groups(cells(("d1", "teacher", 30, 1.0, 40)), minimum=20)
    found = expected_inflow(pd.concat([old, *both]), groups, None, windows=2, years=5)
    assert found.mean.loc[("d1", "teacher"), "hires"] == 3.0
    assert found.persons.loc[("d1", "teacher"), "hires"] == 4.0
    assert found.windows == 2


def test_net_moves_are_drawn_to_nought_the_more_the_fewer_years_they_are_seen() -> None:
    assert [lasting(windows) for windows in (1, 3, 9)] == pytest.approx([0.25, 0.5, 0.75])


@pytest.mark.parametrize(("part", "moved"), [("moves", 3.0), ("ladder_moves", 1.6)])
def test_moves_and_ladder_moves_cancel_over_the_whole_organisation(part: str, moved: float) -> None:
    assert example.inflow().mean[part].sum() == pytest.approx(0.0)
    # one window has been seen, so that three quarters are drawn away
    assert example.inflow().mean[part].abs().sum() == pytest.approx(moved * lasting(1))


def test_hires_may_grow_to_the_most_ever_managed_in_a_year() -> None:
    years = [
        example.flows(("d1", "teacher", "hires", n, n), origin=f"{2021 + k}-12") for k, n in enumerate((9, 4, 5, 6))
    ]
    groups = forecast_groups(cells(("d1", "teacher", 100, 1.0, 40)), minimum=20)
    found = expected_inflow(pd.concat(years), groups, None, windows=3, years=5)
    assert found.mean["hires"].sum() == 5.0
    assert (found.most, found.room) == (9.0, 4.0)
    assert expected_inflow(years[0], groups, None, windows=3, years=5).room == np.inf
    start = start_of(cells(("d1", "teacher", 100, 1.0, 40)), groups, found.mean.index, np.zeros(1))
    wider = replace(levers()["wider_recruitment"], low=0.0, mid=0.05, high=0.10, capacity=None, lead_years=0)
    assert wider.limit(start, 5) == 0.10
    bounded = replace(start, room=found.room)
    assert wider.limit(bounded, 5) == pytest.approx(0.04)
    assert replace(wider, capacity=3.0).limit(bounded, 5) == pytest.approx(0.03)
    # what is not hired is not held back by it
    assert replace(wider, part="conversions").limit(bounded, 5) == 0.10
    assert within_capacity([wider], bounded, 5)[0].mid == pytest.approx(0.04)


def test_a_measure_listed_per_department_has_its_capacity_and_the_room_for_hires_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staff = cells(*((name, "teacher", 500, 1.0, 40) for name in ("d1", "d2", "d3")))
    groups = forecast_groups(staff, minimum=20)
    index = pd.MultiIndex.from_product([["d1", "d2", "d3"], ["teacher"]], names=["department", "occupation"])
    wider = levers()["wider_recruitment"]
    listed = [replace(wider, reach=Reach((name,))) for name in ("d1", "d2", "d3")]

    def most(chosen: list[Lever], start: Start) -> float:
        kept = within_capacity(chosen, start, 5)
        return float(np.sum([lever.high * lever.unit(start, 5) for lever in kept], axis=0).sum(axis=1).max())

    start = start_of(staff, groups, index, np.zeros(3))
    assert most(listed, replace(start, room=2.0)) == pytest.approx(2.0)
    assert most([wider], replace(start, room=2.0)) == pytest.approx(2.0)
    monkeypatch.setattr(scenarios, "levers", lambda: {wider.id: replace(wider, capacity=1.5)})
    limited = [replace(lever, capacity=1.5) for lever in listed]
    assert most(limited, start) == pytest.approx(1.5)
    # an entry with a capacity of its own keeps it
    assert most([replace(lever, capacity=1.0) for lever in listed], start) == pytest.approx(3.0)


def test_who_qualifies_leaves_one_occupation_and_joins_another_in_the_right_year() -> None:
    pipelines = pd.DataFrame(
        [
            ("d1", "aide", "teacher", "2026", 0.0),
            ("d1", "aide", "teacher", "2027", 2.0),
            ("d1", "teacher", "teacher", "2026", 5.0),
            ("d1", "teacher", "teacher", "2027", 5.0),
        ],
        columns=["department", "from_occupation", "target_occupation", "year", "planned_completions"],
    )
    found = example.inflow(years=2, pipelines=pipelines)
    place = {key: number for number, key in enumerate(found.mean.index)}
    assert found.qualifying[0].tolist() == [0.0] * len(place)
    assert found.qualifying[1, place["d1", "teacher"]] == 2.0
    assert found.qualifying[1, place["d1", "aide"]] == -2.0
    assert found.qualifying.sum() == 0.0


def test_departments_in_whose_pipelines_nobody_finishes_are_not_reported_as_unmatched() -> None:
    columns = ["department", "from_occupation", "target_occupation", "year", "planned_completions"]
    finishing = [("d1", "aide", "teacher", "2026", 0.0), ("d1", "aide", "teacher", "2027", 2.0)]
    nobody = [("closed", "aide", "teacher", "2026", 0.0), ("closed", "aide", "teacher", "2027", 0.0)]
    somebody = [("closed", "aide", "teacher", "2026", 1.0)]

    def lost(rows: list[tuple]) -> tuple[list[str], np.ndarray]:
        with joins.collected() as found:
            inflow = example.inflow(years=2, pipelines=pd.DataFrame(rows, columns=columns))
        return [key for each in found for key in each.examples], inflow.qualifying

    named, qualifying = lost(finishing + nobody)
    assert named == []
    np.testing.assert_array_equal(qualifying, lost(finishing)[1])
    assert set(lost(finishing + somebody)[0]) == {"closed teacher", "closed aide"}
    assert lost(nobody)[1].sum() == 0.0
