"""Known answers: twenty persons followed by hand, a steady state in closed form, and nobody lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.publishing.words.rounding import add_up
from analysis.reference import CAUSES
from analysis.staffing import PARTS, Baseline, Inflow, Start, bridge, expected_inflow, start_of
from analysis.staffing.supply.expected import project
from analysis.tables.digits import quantize
from analysis.workforce.groups import forecast_groups
from tests.staffing.example import CALM, USUAL, cells, constant, flows, profile, simulate


def by_age(rows: pd.DataFrame) -> pd.DataFrame:
    """Resignation 0.2 below 40 and 0.1 from there; retirement 0.25 at 64, 0.5 at 65 and all of the rest at 66."""
    table = constant()(rows)
    table["resignation"] = np.where(rows["age"] < 40, 0.2, 0.1)
    table["retirement"] = np.select([rows["age"] == 64, rows["age"] == 65, rows["age"] >= 66], [0.25, 0.5, 0.9], 0.0)
    return table


def test_twenty_persons_over_three_years() -> None:
    # ten of 38 at 1.0, six of 50 at 0.75, four of 63 at 0.5; two of 30 are hired each year at 0.9
    staff = cells(("d1", "teacher", 10, 1.0, 38), ("d1", "teacher", 6, 0.75, 50), ("d1", "teacher", 4, 0.5, 63))
    groups = forecast_groups(staff, minimum=20)
    moved = flows(("d1", "teacher", "hires", 2.0, 1.8))
    inflow = expected_inflow(moved, groups, None, windows=1, years=3)
    shape = profile(("teacher", 30, 1.0))
    path = project(staff, by_age, groups=groups, inflow=inflow, profile=shape, years=3)
    lost = {cause: [step.lost_persons[0, CAUSES.index(cause)] for step in path] for cause in CAUSES}
    # year 1: 10 · 0.2 + 6 · 0.1 + 4 · 0.1 = 3.0 resign
    # year 2: 8 of 39 · 0.2, 5.4 of 51 · 0.1, 3.6 of 64 · 0.1, 2 hired · 0.2 resign; 3.6 · 0.25 retire
    # year 3: 6.4 of 40 · 0.1, 4.86 · 0.1, 3.6 · 0.65 = 2.34 of 65 · 0.1, (1.6 + 2) hired · 0.2; 2.34 · 0.5 retire
    assert lost["resignation"] == pytest.approx([3.0, 2.9, 0.64 + 0.486 + 0.234 + 0.72])
    assert lost["retirement"] == pytest.approx([0.0, 0.9, 1.17])
    assert [step.persons[0] for step in path] == pytest.approx([20.0, 19.0, 17.2])
    # full-time equivalents: 10 + 4.5 + 2; 8 + 4.05 + 1.8 + 1.8; 6.4 + 3.645 + 1.17 + (1.6 + 2) · 0.9
    assert [step.fte[0] for step in path] == pytest.approx([16.5, 15.65, 6.4 + 3.645 + 1.17 + 3.24])
    table = bridge(Baseline(staff, by_age, groups, inflow, shape, CALM, "2025-12", 3), {}, seed=1, draws=50)
    last = table[(table["department"] == "all") & (table["year"] == 2028)].set_index("part")["expected"]
    assert last["retirement"] == pytest.approx(0.9 * 0.5 + 1.17 * 0.5)
    assert last["hires"] == pytest.approx(-5.4)


def test_a_steady_state_is_hires_over_the_hazard() -> None:
    # h hires a year and a constant hazard q: N = h / q, reached as N + (N0 − N)(1 − q)^t
    staff = cells(("d1", "teacher", 200, 1.0, 40))
    groups = forecast_groups(staff, minimum=20)
    inflow = expected_inflow(flows(("d1", "teacher", "hires", 12.0, 9.0)), groups, None, windows=1, years=10)
    shape = profile(("teacher", 30, 1.0))
    path = project(staff, constant(resignation=0.1, other=0.02), groups=groups, inflow=inflow, profile=shape, years=10)
    years = np.arange(10)
    assert [step.persons[0] for step in path] == pytest.approx(100 + 100 * 0.88**years)
    assert [step.fte[0] for step in path] == pytest.approx(75 + 125 * 0.88**years)


@dataclass(frozen=True)
class Tried:
    """A lever with nothing but what paths and simulations ask of one; ``mid`` times ``shape`` in every group."""

    id: str
    acts: str
    cause: str
    part: str
    mid: float
    shape: tuple[float, ...]

    def unit(self, start: Start, years: int) -> np.ndarray:
        return np.repeat(np.array(self.shape)[:years, None], len(start.index), axis=1)

    def draw(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        return self.mid * rng.uniform(0.9, 1.1, draws)


def flow(part: str) -> Tried:
    """Three full-time equivalents a year in every group, but one less than nothing in the second."""
    return Tried("flow", "flow", "", part, 1.0, (3.0, -1.0, 3.0, 3.0))


def hazard(size: float) -> Tried:
    return Tried(f"hazard {size}", "hazard", "resignation", "", size, (1.0,) * 4)


STAFF = cells(("d1", "teacher", 60, 0.9, 40), ("d1", "aide", 40, 0.8, 30), ("d2", "teacher", 50, 1.0, 50))
GROUPS = forecast_groups(STAFF, minimum=20)
SHAPE = profile(("teacher", 30, 1.0), ("aide", 25, 1.0))
MOVED = flows(
    ("d1", "teacher", "hires", 5.0, 4.5), ("d1", "aide", "hires", 4.0, 3.0), ("d2", "teacher", "hires", 4.0, 4.0)
)


def coming(years: int = 4) -> Inflow:
    return expected_inflow(MOVED, GROUPS, None, windows=1, years=years)


def bridged(levers: list[Tried]) -> pd.DataFrame:
    opening = pd.DataFrame({"department": ["d1"], "occupation": ["teacher"], "fte": [1.0]})
    left = constant(resignation=0.1, retirement=0.02)
    base = Baseline(STAFF, left, GROUPS, coming(), SHAPE, USUAL, "2025-12", 4, opening=opening)
    table = bridge(base, {"tried": levers}, seed=3, draws=60)  # type: ignore[dict-item]
    return table.set_index(["department", "occupation", "year", "scenario", "part"])["expected"].unstack()  # noqa: PD010


@pytest.mark.parametrize("part", ["hires", "conversions", "newly_qualified", "raised_rates"])
def test_a_flow_lever_adds_to_its_part_and_the_whole_still_adds_up(part: str) -> None:
    found = bridged([flow(part)])
    reference, tried = (found.xs(name, level="scenario") for name in ("reference", "tried"))
    whole = (tried - reference).loc[("all", "total")]
    # three groups: 3, then −1, then 3 and 3, cumulated
    assert whole[part].tolist() == pytest.approx([-9.0, -6.0, -15.0, -24.0])
    parts = list(PARTS)
    summed = tried[parts].drop(columns="need_change").sum(axis=1)
    np.testing.assert_allclose(summed, tried["gap"], atol=1e-9)
    assert (reference["raised_rates"] == 0).all()
    # who is added may leave too: the gap closes by less than what was added, but for the first year
    assert whole["gap"].iloc[0] == pytest.approx(-9.0)
    assert -24.0 < whole["gap"].iloc[-1] < -15.0


def test_two_levers_on_one_cause_multiply() -> None:
    found = bridged([hazard(0.2), hazard(0.5)])
    first = found.loc[("all", "total", 2026)]["resignation"]
    assert first["tried"] / first["reference"] == pytest.approx(0.8 * 0.5)


def test_a_lever_that_removes_a_hazard_altogether_is_simulated() -> None:
    levers = [hazard(1.0)]
    inflow = coming()
    start = start_of(STAFF, GROUPS, inflow.mean.index, np.zeros(len(inflow.mean)))
    path = project(
        STAFF, constant(resignation=0.1), groups=GROUPS, inflow=inflow, profile=SHAPE, years=2, levers=levers,
        start=start,
    )  # fmt: skip
    drawn = simulate(
        path, index=inflow.mean.index, inflow=inflow, need_level=np.zeros(3), shocks=CALM,
        rng=np.random.default_rng(1), draws=100, levers=levers, start=start, volume_error=0.0, hiring_shock=0.0,
    )  # fmt: skip
    assert np.isfinite(drawn.lost["resignation"]).all()
    assert path[0].lost_fte[:, CAUSES.index("resignation")].sum() == 0.0


risks = st.lists(st.floats(0, 0.4), min_size=len(CAUSES), max_size=len(CAUSES))
sizes = st.lists(st.integers(1, 90), min_size=3, max_size=3)


@settings(max_examples=15, deadline=None)
@given(risk=risks, heads=sizes, hired=st.lists(st.floats(0, 20), min_size=3, max_size=3), share=st.floats(0.3, 1.0))
def test_nobody_is_lost_or_made_up(risk: list[float], heads: list[int], hired: list[float], share: float) -> None:
    """Persons in = persons out + persons staying, per step and cause; also where hazards add up to more than one."""
    staff = cells(*[("d1", key, size, share, age) for key, size, age in zip("abc", heads, (25, 45, 64), strict=True)])
    groups = forecast_groups(staff, minimum=1)
    moved = flows(*[("d1", key, "hires", persons, persons * share) for key, persons in zip("abc", hired, strict=True)])
    inflow = expected_inflow(moved, groups, None, windows=1, years=3)
    shape = profile(*[(key, 30, 1.0) for key in "abc"])
    given = constant(**dict(zip(CAUSES, risk, strict=True)))
    path = project(staff, given, groups=groups, inflow=inflow, profile=shape, years=3)
    arriving = inflow.persons.sum(axis=1).to_numpy()
    for step, following in pairwise(path):
        np.testing.assert_allclose(
            step.persons - step.lost_persons.sum(axis=1) + arriving, following.persons, atol=1e-9
        )
        assert (step.lost_persons >= 0).all()
        assert (step.lost_persons.sum(axis=1) <= step.persons + 1e-9).all()


@settings(max_examples=8, deadline=None)
@given(risk=risks, heads=sizes)
def test_no_future_loses_more_than_it_has(risk: list[float], heads: list[int]) -> None:
    staff = cells(*[("d1", key, size, 1.0, 40) for key, size in zip("abc", heads, strict=True)])
    groups = forecast_groups(staff, minimum=1)
    inflow = expected_inflow(flows(("d1", "a", "hires", 0.0, 0.0)), groups, None, windows=1, years=4)
    given = constant(**dict(zip(CAUSES, risk, strict=True)))
    path = project(staff, given, groups=groups, inflow=inflow, profile=profile(), years=4)
    drawn = simulate(
        path, index=inflow.mean.index, inflow=inflow, need_level=np.zeros(len(inflow.mean)), shocks=USUAL,
        rng=np.random.default_rng(1), draws=40, volume_error=0.0, hiring_shock=0.0,
    )  # fmt: skip
    lost = np.sum([drawn.lost[cause] for cause in CAUSES], axis=0)
    assert (lost[-1] <= path[0].persons + 1e-9).all()
    assert (np.diff(lost, axis=0) >= -1e-9).all()


def test_the_parts_of_a_page_add_up_after_its_rounding() -> None:
    found = bridged([flow("hires")])
    for _, row in found[list(PARTS)].drop(columns="need_change").iterrows():
        total = quantize(float(row.sum()), 0)
        assert sum(add_up(row.to_list(), total, 0)) == total
