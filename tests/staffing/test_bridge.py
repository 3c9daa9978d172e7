"""One identity carries the need, for every group, department and year."""

from __future__ import annotations

import importlib

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.staffing import PARTS, Lever, levers, start_of
from analysis.staffing.supply.expected import project
from analysis.turnover import ShockModel
from tests.staffing.example import CALM, GROUPS, SHAPE, STAFF, USUAL, bridged, hazards, inflow, simulate

KEYS = ["department", "occupation", "year", "scenario"]
RETENTION = levers()["retention"]
LEVERS = {"retention": [RETENTION]}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return bridged(scenarios=LEVERS)


def wide(table: pd.DataFrame, column: str = "expected") -> pd.DataFrame:
    return table.set_index([*KEYS, "part"])[column].unstack()  # noqa: PD010


def test_parts_add_up_to_the_gap_everywhere(table: pd.DataFrame) -> None:
    found = wide(table)
    assert set(found.index.get_level_values("scenario")) == {"reference", "retention"}
    assert set(found.index.get_level_values("year")) == {2026, 2027, 2028, 2029, 2030}
    np.testing.assert_allclose(found[list(PARTS)].sum(axis=1), found["gap"], atol=1e-9)
    gross = found[["need_change", *CAUSES]].sum(axis=1)
    np.testing.assert_allclose(gross, found["recruitment"], atol=1e-9)


def test_groups_add_up_to_departments_and_departments_to_the_whole(table: pd.DataFrame) -> None:
    groups = table[table["occupation"] != "total"]
    totals = table[(table["occupation"] == "total") & (table["department"] != "all")]
    whole = table[table["department"] == "all"].set_index(["year", "scenario", "part"])["expected"].sort_index()
    keys = ["department", "year", "scenario", "part"]
    pd.testing.assert_series_equal(
        groups.groupby(keys)["expected"].sum(), totals.groupby(keys)["expected"].sum(), atol=1e-9
    )
    pd.testing.assert_series_equal(totals.groupby(keys[1:])["expected"].sum(), whole, atol=1e-9)


def test_the_first_year_by_hand(table: pd.DataFrame) -> None:
    # d1 teachers: 60 of 40 years at 1.0, 20 of 64 at 0.8
    found = wide(table).loc[("d1", "teacher", 2026, "reference")]
    assert found["opening"] == 2.5
    assert found["need_change"] == -1.0
    assert found["resignation"] == pytest.approx(76 * 0.07)
    assert found["retirement"] == pytest.approx(16 * 0.3)
    assert found["contract_end"] == pytest.approx(76 * 0.02)
    parts = ["moves", "ladder_moves", "hires", "newly_qualified"]
    assert found[parts].tolist() == pytest.approx([1.5 / 4, -0.8 / 4, -8.1, 0.0])
    assert wide(table).loc[("d1", "teacher", 2028, "reference"), "newly_qualified"] == pytest.approx(-2.4)
    assert wide(table).loc[("d1", "teacher", 2030, "reference"), "hires"] == pytest.approx(-5 * 8.1)


def test_moves_and_newly_qualified_are_nought_for_the_whole(table: pd.DataFrame) -> None:
    whole = wide(table).loc["all"]
    np.testing.assert_allclose(whole[["moves", "ladder_moves", "newly_qualified"]], 0.0, atol=1e-9)


def test_an_open_post_of_an_occupation_nobody_holds_is_not_lost(table: pd.DataFrame) -> None:
    assert wide(table).loc[("all", "total", 2026, "reference"), "opening"] == 4.0
    assert wide(table).loc[("d2", "total", 2026, "reference"), "opening"] == 1.5


def test_quantiles_are_ordered_and_hold_the_expected_gap(table: pd.DataFrame) -> None:
    assert (table["p10"] <= table["p50"]).all()
    assert (table["p50"] <= table["p90"]).all()
    gap = table[table["part"] == "gap"]
    assert ((gap["p10"] < gap["expected"]) & (gap["expected"] < gap["p90"])).all()
    whole = gap[(gap["department"] == "all") & (gap["scenario"] == "reference")].sort_values("year")
    assert (whole["p90"] - whole["p10"]).is_monotonic_increasing


def test_the_lever_lowers_resignation_alone_in_the_first_year(table: pd.DataFrame) -> None:
    found = wide(table)
    reference = found.xs(("total", 2026, "reference"), level=KEYS[1:])
    retention = found.xs(("total", 2026, "retention"), level=KEYS[1:])
    assert (retention["resignation"] < reference["resignation"]).all()
    others = [part for part in PARTS if part != "resignation"]
    pd.testing.assert_frame_equal(retention[others], reference[others])
    # the same futures meet both scenarios
    drawn = wide(table, "p90").xs(2026, level="year")
    parts = ["retirement", "contract_end", "hires", "need_change"]
    pd.testing.assert_frame_equal(
        drawn.xs("retention", level="scenario")[parts], drawn.xs("reference", level="scenario")[parts]
    )


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    first, second, other = (bridged(seed=seed, years=2, draws=50) for seed in (7, 7, 8))
    assert first.to_csv(index=False) == second.to_csv(index=False)
    assert first["expected"].equals(other["expected"])
    assert not first["p90"].equals(other["p90"])


@pytest.mark.parametrize("levers", [(), (RETENTION,)])
@pytest.mark.parametrize("shocks", [CALM, USUAL])
def test_the_mean_of_the_simulated_futures_is_the_expected_path(levers: tuple[Lever, ...], shocks: ShockModel) -> None:
    coming = inflow(years=4)
    nought = np.zeros(len(coming.mean))
    path = project(STAFF, hazards, groups=GROUPS, inflow=coming, profile=SHAPE, years=4, levers=levers)
    drawn = simulate(
        path, index=coming.mean.index, inflow=coming, need_level=nought, shocks=shocks,
        rng=np.random.default_rng(3), draws=12_000, levers=levers, start=start_of(STAFF, GROUPS, coming.mean.index,
        nought), volume_error=0.01, hiring_shock=0.1,
    )  # fmt: skip
    for year in (1, 4):
        for cause in ("resignation", "retirement", "contract_end"):
            expected = sum(step.lost_fte[:, CAUSES.index(cause)].sum() for step in path[:year])
            assert drawn.lost[cause][year - 1].sum(axis=1).mean() == pytest.approx(expected, rel=0.015)
        hires = coming.mean["hires"].sum() * year
        assert drawn.hires[year - 1].sum(axis=1).mean() == pytest.approx(hires, rel=0.015)
        assert abs(drawn.need_error[year - 1]).max() == 0


def test_an_estimate_that_is_off_is_off_in_every_year_of_a_future() -> None:
    coming = inflow(years=4)
    nought = np.zeros(len(coming.mean))
    path = project(STAFF, hazards, groups=GROUPS, inflow=coming, profile=SHAPE, years=4)

    def spread(year: int, shocks: ShockModel) -> float:
        drawn = simulate(
            path, index=coming.mean.index, inflow=coming, need_level=nought, shocks=shocks,
            rng=np.random.default_rng(3), draws=6000, volume_error=0.0, hiring_shock=0.0,
        )  # fmt: skip
        lost = drawn.lost["resignation"][year - 1].sum(axis=1)
        return float(lost.std() / lost.mean())

    off = ShockModel(sd={}, total_sd=0.0, department_cv=0.0, estimate_shared=0.3)
    calm = ShockModel(sd={}, total_sd=0.0, department_cv=0.0)
    added = [np.sqrt(spread(year, off) ** 2 - spread(year, calm) ** 2) for year in (1, 4)]
    # errors redrawn every year would have halved over four years
    assert added[0] == pytest.approx(0.3, rel=0.15)
    assert added[1] > 0.75 * added[0]


def test_missing_open_posts_leave_opening_and_gap_missing_but_recruitment_there() -> None:
    table = bridged(opening=None, years=1, draws=50)
    missing = table[table["part"].isin(["opening", "gap"])]
    assert missing[["expected", "p10", "p50", "p90"]].isna().all(axis=None)
    rest = table[~table["part"].isin(["opening", "gap"])]
    assert rest[["expected", "p10", "p50", "p90"]].notna().all(axis=None)


def test_no_open_post_is_an_opening_gap_of_nought() -> None:
    none = pd.DataFrame({"department": [], "occupation": [], "fte": []}).astype(
        {"department": "str", "occupation": "str"}
    )
    table = bridged(opening=none, years=1, draws=50)
    assert (table.loc[table["part"] == "opening", "expected"] == 0).all()
    assert table.loc[table["part"] == "gap", "expected"].notna().all()


@pytest.mark.parametrize("change", [None, pd.DataFrame(columns=["department", "occupation", "year", "fte", "level"])])
def test_an_unknown_need_is_missing_and_not_nought(change: pd.DataFrame | None) -> None:
    table = bridged(change=change, years=1, draws=50)
    assert table.loc[table["part"] == "need_change", "expected"].isna().all()
    assert table.loc[table["part"] == "gap", "expected"].notna().all()


def test_causes_that_the_delivery_cannot_tell_are_missing() -> None:
    table = bridged(causes=("unknown",), years=1, draws=50)
    known = table.groupby("part")["expected"].apply(lambda values: values.notna().all())
    assert known["unknown"]
    assert not known[[cause for cause in CAUSES if cause != "unknown"]].any()


def test_persons_at_risk_stand_beside_every_figure(table: pd.DataFrame) -> None:
    whole = table[table["department"] == "all"]
    assert (whole["n"] == STAFF["at_risk"].sum()).all()
    assert (table["n"] >= 20).all()


def test_a_large_organisation_followed_in_portions_has_the_same_bridge(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = {"stay": (levers()["retention"],)}
    whole = bridged(draws=40, scenarios=tried)
    asked = []
    module = importlib.import_module("analysis.staffing.baseline")
    real = module.ageing
    monkeypatch.setattr(
        module, "ageing", lambda *given, **more: asked.append(more["receiving"]) or real(*given, **more)
    )
    monkeypatch.setattr("analysis.staffing.supply.ageing.AT_A_TIME", 2)
    pd.testing.assert_frame_equal(bridged(draws=40, scenarios=tried), whole, check_exact=True)
    assert len(asked) > 1
    assert sorted(np.concatenate(asked)) == list(range(len(inflow().mean)))
