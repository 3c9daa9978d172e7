"""The law of empty posts: known answers, conservation, hazards from adverts, and what is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reference import policy
from analysis.staffing.posts.blending import BLEND, LAST, grid, learnt
from analysis.staffing.posts.blending import halved as halve
from analysis.staffing.posts.empty_posts import (
    CANDIDATES,
    HORIZONS,
    candidates_of,
    choices,
    forecast_all,
    outside,
    shown,
)
from analysis.staffing.posts.law import (
    UNIT,
    Posts,
    Rates,
    coming,
    drawn_together,
    fill_interval,
    fitted,
    months_to_halve,
    posts_by_month,
    project,
    rates_from_hires,
    season_of,
    steady,
    window_of,
)


def constant(fill: float, withdraw: float = 0.0, units: int = 1) -> Rates:
    return Rates(np.full(units, fill), np.full(units, withdraw), np.ones((12, units)), 36)


def simulated(
    months: int, fill: np.ndarray, opened: float, *, seed: int = 1, change: int | None = None, factor: float = 1.0
) -> Posts:
    """Whole posts that follow the law in ten departments for each occupation; from ``change`` on f times ``factor``."""
    rng = np.random.default_rng(seed)
    names = [(f"d{place}", f"o{kind}") for place in range(10) for kind in range(len(fill))]
    index = pd.MultiIndex.from_tuples(names, names=UNIT)
    rate = np.tile(fill, 10)
    level = [np.rint(opened / np.maximum(rate, 0.05)).astype(int)]
    came, gone = [], []
    for month in range(months):
        own = rate * (factor if change is not None and month >= change else 1.0)
        filled = rng.binomial(level[-1], own)
        new = rng.poisson(opened, len(names))
        level.append(level[-1] - filled + new)
        came.append(new)
        gone.append(filled)
    return Posts(
        pd.date_range("2017-01-01", periods=months, freq="MS"), index, np.array(level, dtype=float),
        np.array(came, dtype=float), np.array(gone, dtype=float), np.zeros((months, len(names))),
    )  # fmt: skip


# ---- the law ----


@pytest.mark.parametrize(("fill", "withdraw"), [(0.2, 0.0), (0.35, 0.05), (0.9, 0.05), (2.4, 0.3)])
def test_the_steady_state_is_what_falls_empty_over_both_hazards(fill: float, withdraw: float) -> None:
    rates, opened = constant(fill, withdraw), np.array([7.0])
    level, filled, lost = project(np.array([3.0]), np.repeat(opened[None], 240, axis=0), rates)
    assert level[-1] == pytest.approx(steady(opened, rates))
    assert steady(opened, rates) == pytest.approx(7.0 / (fill + withdraw))
    assert filled[-1] + lost[-1] == pytest.approx(opened)
    assert lost[-1] / filled[-1] == pytest.approx(withdraw / fill)


def test_half_of_the_distance_is_gone_after_the_months_to_halve() -> None:
    # f + w = 0.25: 0.75^2.409 = 0.5
    rates = constant(0.2, 0.05)
    assert months_to_halve(rates) == pytest.approx(np.log(2) / -np.log(0.75))
    level, _, _ = project(np.array([80.0]), np.zeros((24, 1)), rates)
    assert level[:, 0] == pytest.approx(80.0 * 0.75 ** np.arange(1, 25))
    assert months_to_halve(constant(0.0)) == np.inf
    assert steady(np.array([1.0]), constant(0.0)) == np.inf


@given(
    start=st.lists(st.floats(-20, 200), min_size=3, max_size=3),
    opened=st.lists(st.floats(-10, 30), min_size=18, max_size=18),
    fill=st.floats(0, 3),
    withdraw=st.floats(0, 0.5),
    most=st.floats(0, 50),
)
def test_nothing_is_lost_and_nobody_is_hired_for_a_post_that_is_manned(start, opened, fill, withdraw, most) -> None:
    begin, came = np.array(start), np.array(opened).reshape(6, 3)
    level, filled, lost = project(begin, came, constant(fill, withdraw, 3), most=most)
    np.testing.assert_allclose(level, begin + np.cumsum(came - filled - lost, axis=0), atol=1e-8)
    assert (filled >= 0).all()
    assert (lost >= 0).all()
    assert (filled <= most + 1e-9).all()
    # the sum of the parts follows the law of the parts exactly
    whole = level.sum(axis=1)
    assert whole == pytest.approx(begin.sum() + np.cumsum((came - filled - lost).sum(axis=1)))


def test_a_season_moves_the_months_and_the_year_starts_where_it_is_told() -> None:
    season = np.ones((12, 1))
    season[7] = 2.0
    rates = Rates(np.array([0.2]), np.zeros(1), season, 12)
    _, filled, _ = project(np.array([10.0]), np.zeros((2, 1)), rates, first=6)
    assert filled[:, 0] == pytest.approx([2.0, 8.0 * 0.4])


# ---- adverts ----


def adverts(*rows: tuple[str, str, str | None, str | None, str | None, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["occupation", "opened", "closed", "end_reason", "start", "posts"])
    for name in ("opened", "closed", "start"):
        table[name] = pd.to_datetime(table[name])
    return table.assign(department="d1")


def test_adverts_by_month_by_hand() -> None:
    table = adverts(
        ("nurse", "2024-11-20", "2025-01-15", "filled", "2025-02-01", 1.0),  # open before, manned in February
        ("nurse", "2025-01-10", "2025-03-05", "withdrawn", None, 0.5),
        ("nurse", "2025-02-10", None, None, None, 2.0),
        ("cook", "2025-02-02", "2025-02-20", "filled", "2025-02-25", 1.0),
        ("cook", "2024-03-01", "2024-05-01", "filled", None, 1.0),  # over before the first month
    )  # fmt: skip
    found = posts_by_month(table, first=pd.Timestamp("2025-01-01"), last=pd.Timestamp("2025-03-31"))
    assert found.index.tolist() == [("d1", "cook"), ("d1", "nurse")]
    assert found.open.tolist() == [[0.0, 1.0], [0.0, 1.5], [0.0, 2.5], [0.0, 2.0]]
    assert found.opened.tolist() == [[0.0, 0.5], [1.0, 2.0], [0.0, 0.0]]
    assert found.filled.tolist() == [[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]]
    assert found.withdrawn.tolist() == [[0.0, 0.0], [0.0, 0.0], [0.0, 0.5]]
    # without the optional columns the post is filled the day the advert was closed
    plain = posts_by_month(
        table.drop(columns=["end_reason", "start"]), first=pd.Timestamp("2025-01-01"), last=pd.Timestamp("2025-03-31")
    )
    assert plain.filled.tolist() == [[0.0, 1.0], [1.0, 0.0], [0.0, 0.5]]
    assert plain.withdrawn.sum() == 0


# ---- hazards ----


def test_rates_are_drawn_together_by_how_much_they_differ() -> None:
    exposure = np.array([10.0, 1000.0, 1000.0])
    apart = drawn_together(np.array([9.0, 100.0, 500.0]), exposure)
    # much is known of the large ones, little of the small one
    assert apart[1:] == pytest.approx([0.1, 0.5], abs=0.01)
    assert 0.3 < apart[0] < 0.9
    alike = drawn_together(np.array([4.0, 300.0, 301.0]), exposure)
    assert alike == pytest.approx(np.full(3, 605.0 / 2010.0), abs=0.02)
    assert drawn_together(np.zeros(2), np.zeros(2)).tolist() == [0.0, 0.0]


def test_a_small_group_is_drawn_to_the_mean_of_groups_and_not_to_the_largest() -> None:
    # one large slow group among small fast ones, all with as many filled as their rate says
    exposure = np.array([4000.0, 60.0, 60.0, 60.0, 60.0, 12.0])
    found = drawn_together(exposure * np.array([0.2, 0.4, 0.42, 0.38, 0.4, 0.4]), exposure)
    assert found[0] == pytest.approx(0.2, rel=0.02)
    assert found[-1] == pytest.approx(0.37, abs=0.02)


def test_the_interval_of_a_hazard_holds_four_in_five() -> None:
    fill = np.array([0.12, 0.2, 0.3, 0.45])
    inside = []
    for seed in range(12):
        posts = simulated(60, fill, 0.8, seed=seed)
        low, high = (ends[:4] for ends in fill_interval(posts, 60))
        assert (low < fitted(posts, 60).fill[:4]).all()
        inside.append((low <= fill) & (fill <= high))
    # 48 of them: two standard errors of four in five
    assert 0.68 <= np.mean(inside) <= 0.93


def test_planted_hazards_are_recovered() -> None:
    fill = np.array([0.15, 0.3, 0.5])
    rates = fitted(simulated(60, fill, 2.0), 60)
    assert rates.fill[:3] == pytest.approx(fill, rel=0.08)
    assert rates.withdraw.tolist() == [0.0] * 30
    assert rates.season == pytest.approx(np.ones((12, 30)), abs=0.35)


@pytest.mark.large
def test_the_hazard_of_the_whole_and_of_occupations_is_the_planted_one() -> None:
    fill = np.array([0.12, 0.2, 0.3, 0.45, 0.6])
    whole, own = [], []
    for seed in range(200):
        posts = simulated(60, fill, 2.0, seed=seed)  # six thousand filled: 1.3 % is one standard deviation
        rates = fitted(posts, 60)
        exposure = posts.open[:-1].sum(axis=0)
        true = float((np.tile(fill, 10) * exposure).sum() / exposure.sum())
        whole.append(float((rates.fill * exposure).sum() / exposure.sum()) / true - 1)
        own.append(rates.fill[:5] / fill - 1)
    assert abs(np.mean(whole)) < 0.005
    assert np.max(np.abs(whole)) < 0.05
    assert np.abs(own).mean() < 0.05
    assert np.abs(np.mean(own, axis=0)).max() < 0.02


def test_a_long_window_is_chosen_where_nothing_changes_and_a_short_one_after_a_change() -> None:
    fill = np.array([0.2, 0.4])
    assert window_of(simulated(84, fill, 1.0)) >= 36
    assert window_of(simulated(84, fill, 6.0, change=48, factor=0.5)) == 12
    assert window_of(simulated(13, fill, 1.0)) == 12


def test_without_adverts_hires_are_counted_over_the_posts_that_stand_empty() -> None:
    # ten budgeted beyond those in post and two hired a month; a month with more in post than budgeted counts not at all
    hires = np.array([[2.0, 0.0], [2.0, 3.0]])
    short = np.array([[10.0, 0.0], [10.0, -1.0]])
    rates = rates_from_hires(hires, short, np.array([0, 1]))
    assert rates.fill == pytest.approx([0.2, 0.2])
    assert rates.withdraw.tolist() == [0.0, 0.0]


def test_what_falls_empty_follows_the_months_of_the_year() -> None:
    posts = simulated(36, np.array([0.3]), 5.0)
    posts.opened[:] = 0.0
    posts.opened[5::12] = 24.0  # all of it in June
    ahead = coming(posts, 36, 12)
    assert ahead.sum(axis=0) == pytest.approx(np.full(10, 24.0), rel=1e-9)
    assert ahead[5, 0] > 8 * ahead[0, 0]
    season = season_of(posts, posts.opened, np.ones(posts.opened.shape))
    assert season[5, 0] == pytest.approx((720 + 60 * season_whole(720.0)) / (60.0 + 60.0), rel=1e-6)


def season_whole(june: float) -> float:
    return (june + 60) / (june / 12 + 60)


# ---- what is shown ----


def test_the_last_value_keeps_at_least_half_of_every_blend() -> None:
    ways = grid(4, policy().recruitment.least_last)
    assert ways[0].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert (ways.sum(axis=1) == 1.0).all()
    assert (ways[:, 0] >= 0.5).all()
    assert len(ways) == 1 + 3 + 6


def walks(seed: int, pull: float, origins: int = 60, units: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Levels that are pulled to 50 by a share a year: last value and level 50 as candidates, and what came."""
    rng = np.random.default_rng(seed)
    table = np.full((origins + 12, units), 50.0)
    for month in range(1, len(table)):
        before = table[month - 1]
        table[month] = before + pull * (50.0 - before) + rng.normal(0, 4.0, units)
    now, then = table[:-12], table[12:]
    return np.stack([now, np.full(now.shape, 50.0)]), then


def test_a_blend_is_shown_where_it_wins_and_the_last_value_where_it_loses_or_ties() -> None:
    returning = [learnt(*walks(seed, 0.3), overlap=12) for seed in range(20)]
    assert all(choice.method == BLEND for choice in returning)
    assert all(choice.shares[0] == 0.5 and choice.gain > choice.error > 0 for choice in returning)
    wandering = [learnt(*walks(seed, 0.0), overlap=12) for seed in range(20)]
    assert sum(choice.method == LAST for choice in wandering) >= 17
    same = np.ones((2, 30, 5))
    assert learnt(same, np.full((30, 5), 2.0), overlap=12).method == LAST
    assert learnt(same[:, :0], np.ones((0, 5)), overlap=12).method == LAST


def test_the_share_of_the_long_mean_falls_while_fills_have_left_its_range() -> None:
    fill = np.array([0.3, 0.3])
    calm, broken = simulated(84, fill, 3.0), simulated(84, fill, 3.0, change=72, factor=0.4)
    before, after = outside(calm), outside(broken)
    assert (before[:73] == after[:73]).all()
    assert before[48:].mean() < 0.3
    # six months on they lie well below what they have been in three years
    assert after[78:].all()
    kept, halved = (choices(forecast_all(posts))[-1] for posts in (calm, broken))
    long = CANDIDATES.index("three_years")
    shares = np.array([0.5, 0.0, 0.0, 0.5])
    assert halve(shares, (long,)).tolist() == [0.75, 0.0, 0.0, 0.25]
    assert all(choice.shares.sum() == pytest.approx(1.0) for choice in (*kept, *halved))
    # quarters are learnt; an eighth is half of one
    assert all((choice.shares[long] * 8) % 1 == 0 for choice in halved)


def test_what_won_long_ago_and_loses_now_is_not_shown() -> None:
    candidates, observed = walks(3, 0.3)
    later = np.concatenate([observed, candidates[0, -30:]])
    both = np.concatenate([candidates, candidates[:, -30:]], axis=1)
    assert learnt(candidates, observed, overlap=12).method == BLEND
    assert learnt(both, later, overlap=12).method == LAST


def test_what_happens_later_changes_no_earlier_forecast_or_choice() -> None:
    posts = simulated(72, np.array([0.2, 0.4]), 1.0)
    early = forecast_all(posts.until(60))
    late = forecast_all(posts)
    size = len(early.origins)
    np.testing.assert_array_equal(early.candidates, late.candidates[:, :size])
    said = shown(early, choices(early))
    np.testing.assert_array_equal(said, shown(late, choices(late))[:size])
    # outcomes are the level that many months after the origin
    place = list(late.origins).index(48)
    np.testing.assert_array_equal(late.observed[place, 1], posts.open[72])
    assert np.isnan(late.observed[place, 2]).all()


def test_candidates_add_up_and_the_last_is_the_last() -> None:
    posts = simulated(60, np.array([0.2, 0.4]), 1.0)
    found = candidates_of(posts, HORIZONS, window_of(posts))
    assert found.shape == (len(CANDIDATES), 3, 20)
    assert (found[0] == posts.open[-1]).all()
    assert found[3, 0] == pytest.approx((posts.open[60] + posts.open[48] + posts.open[36]) / 3)
    ahead = forecast_all(posts, [60])
    np.testing.assert_allclose(ahead.of("department")[0].sum(-1), ahead.of(None)[0][..., 0])


@pytest.mark.large
def test_where_posts_follow_the_law_what_is_shown_beats_the_last_value_by_a_tenth() -> None:
    missed = np.zeros((2, 3))
    for seed in range(20):
        posts = simulated(96, np.array([0.15, 0.3, 0.5]), 0.6, seed=seed)
        ahead = forecast_all(posts)
        said = shown(ahead, choices(ahead))
        for column in range(3):
            over = (ahead.origins >= 60) & np.isfinite(ahead.observed[:, column, 0])
            for row, table in enumerate((said, ahead.candidates[0])):
                missed[row, column] += np.abs(table[over, column] - ahead.observed[over, column]).sum()
    assert (missed[0] / missed[1] < 0.9).all()
