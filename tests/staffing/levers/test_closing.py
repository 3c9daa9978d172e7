"""The programme finds what trying everything finds, and never goes beyond capacity, budget or six levers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from analysis.staffing.levers.closing import CLOSED, MIXES, STEPS, TINY, Mix, Option, best, cheapest, pareto

CAPS = {"resignation": 6.0, "retirement": 4.0}


def instance(seed: int, size: int = 4) -> tuple[list[Option], float]:
    """A random choice of levers: shared causes, capacities, one that costs time, and one that holds another."""
    rng = np.random.default_rng(seed)
    keys = rng.choice(["resignation", "retirement", ""], size=size)
    options = [
        Option(
            f"l{k}",
            closes=float(rng.uniform(-1, 6)),
            fixed=float(rng.integers(0, 4)) * 100_000,
            variable=float(rng.integers(1, 9)) * 50_000,
            saves=float(rng.integers(0, 3)) * 40_000,
            most=int(rng.integers(1, STEPS + 1)),
            key=str(keys[k]),
            part_of="l0" if k == 1 else "",
        )
        for k in range(size)
    ]
    return options, float(rng.uniform(3, 18))


def every_choice(options: list[Option], gap: float, most: int) -> list[Mix]:
    """Every choice that capacity, number and exclusion allow, with its cost and what it leaves."""
    found = []
    for taken in itertools.product(*(range(option.most + 1) for option in options)):
        chosen = [(option, quarters) for option, quarters in zip(options, taken, strict=True) if quarters]
        ids = [option.id for option, _ in chosen]
        if len(chosen) > most or any(option.part_of in ids for option, _ in chosen):
            continue
        cost = sum(option.fixed + (option.variable - option.saves) * quarters / STEPS for option, quarters in chosen)
        closed = 0.0
        for key in {option.key for option, _ in chosen}:
            together = sum(option.closes * quarters / STEPS for option, quarters in chosen if option.key == key)
            closed += min(together, CAPS.get(key, np.inf))
        found.append(Mix({option.id: quarters for option, quarters in chosen}, cost, max(0.0, gap - closed)))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_the_best_mix_is_the_one_that_trying_everything_finds(seed: int) -> None:
    options, gap = instance(seed)
    budget, most = 700_000.0, 3
    affordable = [mix for mix in every_choice(options, gap, most) if mix.cost <= budget]
    least = min(mix.remaining for mix in affordable)
    price = min(mix.cost for mix in affordable if mix.remaining <= least + TINY)
    found = best(options, gap, budget=budget, caps=CAPS, most=most)
    assert found.remaining == pytest.approx(least, abs=1e-4)
    assert found.cost == pytest.approx(price, abs=1.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_cheapest_mix_is_the_one_that_trying_everything_finds(seed: int) -> None:
    options, gap = instance(seed)
    limit = gap * 0.6
    enough = [mix for mix in every_choice(options, gap, len(options)) if mix.remaining <= limit]
    found = cheapest(options, gap, limit, caps=CAPS)
    if not enough:
        assert found is None
    else:
        assert found is not None
        assert found.cost == pytest.approx(min(mix.cost for mix in enough), abs=1.0)
        assert found.remaining <= limit + 1e-4


def test_more_budget_never_leaves_a_larger_gap() -> None:
    for seed in range(3):
        options, gap = instance(seed, size=8)
        left = [best(options, gap, budget=budget, caps=CAPS).remaining for budget in np.linspace(0, 2_000_000, 5)]
        assert all(after <= before + 1e-6 for before, after in itertools.pairwise(left))
        assert left[0] >= best(options, gap, caps=CAPS).remaining - 1e-6


def test_no_mix_passes_capacity_budget_number_or_holds_a_lever_and_its_part() -> None:
    for seed in range(4):
        options, gap = instance(seed, size=9)
        most = {option.id: option.most for option in options}
        for mix in pareto(options, gap, budget=1_500_000, caps=CAPS, most=6):
            assert all(quarters <= most[key] for key, quarters in mix.quarters.items())
            assert mix.cost <= 1_500_000 + 1
            assert len(mix.quarters) <= 6
            assert not {"l0", "l1"} <= set(mix.quarters)


def test_no_proposed_mix_is_both_dearer_and_worse_than_another() -> None:
    for seed in range(4):
        options, gap = instance(seed, size=8)
        mixes = pareto(options, gap, caps=CAPS)
        assert len(mixes) <= MIXES == 3
        for before, after in itertools.pairwise(mixes):
            assert after.remaining > before.remaining - TINY
            assert after.cost < before.cost


def test_levers_on_one_cause_close_no_more_together_than_the_cap() -> None:
    options = [Option(f"l{k}", 5.0, variable=1.0, key="resignation") for k in range(3)]
    assert best(options, 10.0, caps=CAPS).remaining == pytest.approx(4.0)
    assert best(options, 10.0).remaining == pytest.approx(0.0)


def test_without_a_gap_there_is_nothing_to_close() -> None:
    options, _ = instance(1)
    assert pareto(options, CLOSED / 2) == []
    assert pareto(options, -4.0) == []
    assert pareto([], 5.0) == []


def test_a_lever_that_only_costs_time_is_never_chosen() -> None:
    options = [Option("study", -2.0, variable=1.0), Option("stay", 3.0, variable=10.0)]
    assert best(options, 5.0).quarters == {"stay": STEPS}


def test_of_two_levers_that_close_as_much_the_one_that_saves_recruitments_is_taken() -> None:
    keep = Option("keep", 2.0, variable=100.0, saves=80.0)
    hire = Option("hire", 2.0, variable=90.0, saves=-10.0)
    found = cheapest([keep, hire], 5.0, 3.0)
    assert found is not None
    assert found.quarters == {"keep": STEPS}
    assert found.cost == pytest.approx(20.0)
