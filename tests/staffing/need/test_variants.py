"""Variants of a population forecast go into the simulation: one of them holds for each future, everywhere at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.staffing import Baseline, Need, Ranges, bridge, expected_inflow, need_of, sensitivity
from analysis.staffing.need.population import alternatives, expected_population
from analysis.staffing.need.variants import Variants, variants_of
from analysis.staffing.supply.expected import project
from analysis.workforce.groups import forecast_groups
from tests.staffing.example import CALM, FILL, USUAL, bridged, cells, constant, flows, outlook_of, profile, simulate

STAFF = cells(("d1", "teacher", 60, 1.0, 40), ("d2", "teacher", 40, 1.0, 40))
GROUPS = forecast_groups(STAFF, minimum=20)
NOBODY = expected_inflow(flows(("d1", "teacher", "hires", 0.0, 0.0)), GROUPS, None, windows=1, years=2)
PERIOD = "2025-12"


def population(*variants: tuple[str, float | None, float]) -> pd.DataFrame:
    """A forecast of two ages to 2027 from (variant, weight, yearly growth in persons of each age)."""
    rows = [
        (year, age, 1000.0 + growth * (year - 2025), name, weight, "2025")
        for name, weight, growth in variants
        for year in (2025, 2026, 2027)
        for age in (1, 2)
    ]
    return pd.DataFrame(rows, columns=["year", "age", "persons", "variant", "weight", "vintage"])


PARTICIPATION = pd.DataFrame(
    [("d1", "children", 1, 2, 0.5), ("d2", "children", 1, 2, 0.25)],
    columns=["department", "kind", "age_low", "age_high", "share"],
)
RATIOS = pd.DataFrame(
    [("*", "children", "teacher", 0.1)], columns=["department", "kind", "occupation", "fte_per_volume"]
)
TWO = population(("low", 0.5, -40.0), ("high", 0.5, 60.0))


def need(people: pd.DataFrame, **more: pd.DataFrame) -> Need:
    held = {"population": people, "participation": PARTICIPATION, "staffing_ratios": RATIOS} | more
    return need_of(held, STAFF[["department", "occupation", "fte"]], period=PERIOD, years=2)


def waiting(found: Need, **more: Any) -> Baseline:
    """Staff who neither come nor go."""
    opening = pd.DataFrame({"department": ["d1"], "occupation": ["teacher"], "fte": [0.0]})
    base = Baseline(
        STAFF, constant(), GROUPS, NOBODY, profile(), USUAL, PERIOD, 2, opening=opening, change=found.change,
        variants=found.variants,
    )  # fmt: skip
    return replace(base, **more)


def gap(people: pd.DataFrame, *, draws: int = 400) -> pd.DataFrame:
    """The bridge of staff who neither come nor go; nothing is unsure but the variant."""
    found = need(people)
    assert found.change is not None
    # no level of need, so that the general error of volumes has nothing to act on
    base = waiting(found, change=found.change.assign(level=0.0), shocks=CALM)
    table = bridge(base, {}, seed=3, draws=draws)
    return table[table["part"] == "gap"].set_index(["department", "occupation", "year"])


def test_two_variants_alike_give_two_outcomes_alike() -> None:
    found = gap(TWO)
    # two ages · growth · years · participation · 0.1: −8 and 12 in d1 at the second year, half as much in d2
    for key, low, high in ((("d1", "total", 2027), -8.0, 12.0), (("d2", "total", 2027), -4.0, 6.0)):
        assert found.loc[key, "expected"] == pytest.approx((low + high) / 2)
        assert found.loc[key, ["p10", "p90"]].tolist() == pytest.approx([low, high])
    # both departments meet the same variant in a future: the whole is as far apart as they are together
    assert found.loc[("all", "total", 2027), ["p10", "p90"]].tolist() == pytest.approx([-12.0, 18.0])
    assert found.loc[("all", "total", 2027), "expected"] == pytest.approx(3.0)
    # and the same one all along: the first year is half the second
    assert found.loc[("all", "total", 2026), ["p10", "p90"]].tolist() == pytest.approx([-6.0, 9.0])


def drawn(people: pd.DataFrame, draws: int) -> np.ndarray:
    """Need beyond the expected one, [years × draws × groups]."""
    index = NOBODY.mean.index
    path = project(STAFF, constant(), groups=GROUPS, inflow=NOBODY, profile=profile(), years=2)
    return simulate(
        path, index=index, inflow=NOBODY, need_level=np.zeros(len(index)), shocks=CALM, rng=np.random.default_rng(5),
        draws=draws, volume_error=0.0, hiring_shock=0.0,
        variants=variants_of(need(people).variants, GROUPS, index, 2),
    ).need_error  # fmt: skip


def test_weights_are_how_often_a_variant_holds() -> None:
    found = drawn(population(("low", 0.1, -90.0), ("main", 0.7, 0.0), ("high", 0.2, 45.0)), 20_000)
    last = found[-1, :, 0]
    values, counts = np.unique(last.round(6), return_counts=True)
    assert values.tolist() == pytest.approx([-18.0, 0.0, 9.0])
    # five standard errors of a share of twenty thousand
    assert counts / 20_000 == pytest.approx([0.1, 0.7, 0.2], abs=5 * 0.5 / np.sqrt(20_000))
    assert np.corrcoef(found[-1, :, 0], found[-1, :, 1])[0, 1] == pytest.approx(1.0)
    assert found[0] == pytest.approx(found[1] / 2)


def test_the_expected_need_is_the_weighted_mean_and_still_adds_up() -> None:
    people = population(("low", 0.25, -40.0), ("high", 0.75, 60.0))
    found = gap(people)["expected"]
    assert found.loc[("d1", "total", 2027)] == pytest.approx(0.25 * -8 + 0.75 * 12)
    assert found.loc[("all", "total", 2027)] == pytest.approx(found.loc[("d1", "total", 2027)] * 1.5)


def test_one_variant_or_several_that_agree_change_nothing() -> None:
    assert need(population(("", None, 60.0))).variants is None
    alike = pd.DataFrame(
        [(name, 0.5, "d1", "teacher", year, 2.0 * year) for name in "ab" for year in (1, 2, 3, 4, 5)],
        columns=["variant", "weight", "department", "occupation", "year", "fte"],
    )
    pd.testing.assert_frame_equal(bridged(variants=alike), bridged())


def test_variants_widen_what_depends_on_them_and_nothing_else() -> None:
    apart = pd.DataFrame(
        [
            (name, 0.5, "d1", "teacher", year, sign * 3.0 * year)
            for name, sign in (("a", -1), ("b", 1))
            for year in range(1, 6)
        ],
        columns=["variant", "weight", "department", "occupation", "year", "fte"],
    )  # fmt: skip
    with_them, without = bridged(variants=apart), bridged()
    moved = (with_them["p90"] - without["p90"]).abs() > 1e-9
    assert set(with_them.loc[moved, "part"]) == {"need_change", "gap", "recruitment"}
    assert "d2" not in set(with_them.loc[moved, "department"])
    pd.testing.assert_series_equal(with_them["expected"], without["expected"])


def test_the_workload_of_an_occupation_goes_before_the_population() -> None:
    work = pd.DataFrame(
        [
            ("available", None, None, 1600.0, None), ("service", 2025, 1600.0, 2.0, None),
            ("service", 2026, 3200.0, 2.0, None),
        ],
        columns=["component", "year", "amount", "hours", "share"],
    ).assign(department="d1", occupation="teacher", activity="")  # fmt: skip
    found = need(TWO, workload=work)
    assert found.change is not None
    assert found.variants is not None
    assert found.workload is not None
    assert set(found.variants["department"]) == {"d2"}
    assert found.change.set_index(["department", "year"])["fte"].loc[("d1", 1)] == pytest.approx(2.0)
    assert found.workload.iloc[0][["required", "fte", "ratio"]].tolist() == pytest.approx([2.0, 60.0, 30.0])
    assert set(found.sources.itertuples(index=False, name=None)) == {
        ("d1", "workload", "", 2026), ("d1", "population", "2025", 2027), ("d2", "population", "2025", 2027),
    }  # fmt: skip


def test_own_forecast_of_volumes_goes_before_the_population_and_outcomes_do_not_mix_with_it() -> None:
    delivered = pd.DataFrame(
        [("d1", "children", 2025, 900.0, "own"), ("d1", "children", 2026, 990.0, "own"),
         ("d2", "children", 2025, 700.0, "outcome")],
        columns=["department", "kind", "year", "volume", "vintage"],
    )  # fmt: skip
    found = need(TWO, volumes=delivered)
    assert found.change is not None
    assert found.volumes is not None
    assert found.variants is not None
    change = found.change.set_index(["department", "year"])["fte"]
    assert change.loc[("d1", 1)] == pytest.approx(9.0)
    assert change.loc[("d2", 2)] == pytest.approx(1.0)  # the mean of −4 and 6, from the population alone
    assert set(found.variants["department"]) == {"d2"}
    assert "outcome" not in set(found.volumes["vintage"])


def test_a_forecast_that_lacks_the_year_of_the_cut_off_is_left_out_and_said_so() -> None:
    found = need(TWO[TWO["year"] > 2025], volumes=pd.DataFrame(
        [("d9", "children", 2025, 10.0, "own"), ("d9", "children", 2026, 11.0, "own")],
        columns=["department", "kind", "year", "volume", "vintage"],
    ))  # fmt: skip
    assert found.change is not None
    assert set(found.change["department"]) == {"d9"}
    assert any("d1 lack the year 2025" in said for said in found.remarks)
    assert any("volumes end in 2026" in said for said in found.remarks)


def test_earlier_vintages_are_kept_to_judge_forecasts_by() -> None:
    before = population(("", None, 0.0)).assign(vintage="2022")
    found = need(pd.concat([before, TWO]))
    assert found.volumes is not None
    assert set(found.volumes["vintage"]) == {"2022", "2025"}
    assert set(found.sources["vintage"]) == {"2025"}


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (TWO[(TWO["variant"] == "low") | (TWO["year"] < 2027)], "high has 4 of 6 years and ages"),
        (TWO.assign(weight=np.linspace(0.1, 1.0, len(TWO))), "several weights"),
        (TWO.assign(weight=0.0), "weight 0"),
    ],
)
def test_variants_that_make_no_forecast_are_refused(people: pd.DataFrame, said: str) -> None:
    with pytest.raises(InputError, match=said):
        alternatives(people)


def test_the_spread_beside_the_mean_is_that_of_the_variants() -> None:
    _, spread = expected_population(TWO)
    variants = Variants(("low", "high"), np.array([0.5, 0.5]), np.array([[[-10.0, -5.0]], [[10.0, 5.0]]]))
    assert spread.set_index("year").loc[2027, "sd"] == pytest.approx(200.0)
    assert variants.spread(np.array([True, True])) == pytest.approx(15.0)
    assert variants.outermost() == (0, 1)


def test_which_variant_holds_is_one_of_the_assumptions_tried() -> None:
    found = need(TWO)
    base = waiting(found, hazards=constant(resignation=0.05))
    ranges = Ranges(USUAL.sd, hires=0.1, volumes=0.01, windows=1)
    table = sensitivity(outlook_of(base), ranges)
    tried = table[table["assumption"] == "variant"].set_index(["department", "end"])["change"]
    # fifteen more or fewer needed in two years, as many a month; what is not yet filled of them stands empty
    apart = 15.0 / 24 * (1 - (1 - FILL) ** 24) / FILL
    assert tried.loc["all", "high"] == pytest.approx(apart)
    assert tried.loc["d2", "high"] == pytest.approx(apart / 3)
    # fewer are needed than are in post: nobody is hired any more, and there is a surplus
    assert (tried.xs("low", level="end") < -tried.xs("high", level="end")).all()
    plain = sensitivity(outlook_of(replace(base, variants=None)), ranges)
    assert "variant" not in set(plain["assumption"])
