"""How posts are filled in the sample: recorded as it happened, by chances that are planted, in three variants."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.extracts import read_delivery
from analysis.sample import town, write_sample
from analysis.sample.needs import vacancies
from analysis.sample.recruitment import Market
from analysis.sample.simulate import History, simulate
from analysis.sample.staff import HOURLY, NEVER
from analysis.staffing.need.from_volumes import manned, opening_gap, withdrawn

VARIANTS = tuple(town.data("recruitment"))
YEARS = range(2020, 2026)


@cache
def lived(variant: str, shock: tuple[str, float] | None = None, seed: int = 5) -> tuple[History, pd.DataFrame]:
    """A municipality of 1,500 without its files, and its adverts with dates."""
    place = town.build(1500, np.random.default_rng(seed))
    history, _ = simulate(place, years=8, rng=np.random.default_rng(seed + 1), variant=variant, shock=shock)
    table = vacancies(history, np.random.default_rng(seed + 2))
    for name in ("opened", "closed", "start"):
        days = table[name].astype("int64")
        table[name] = pd.to_datetime(days.where(days < NEVER), unit="D")
    return history, table


def truth(history: History) -> pd.DataFrame:
    return pd.concat(history.register.months, ignore_index=True)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_recorded_gap_at_every_december_is_within_a_tenth_of_the_truth(variant: str) -> None:
    history, adverts = lived(variant)
    months = truth(history).groupby("month")["empty"].sum()
    for year in YEARS:
        recorded = opening_gap(
            adverts.astype({"department": "str", "occupation": "str"}), at=pd.Timestamp(year, 12, 31)
        )
        assert recorded["fte"].sum() == pytest.approx(months[pd.Timestamp(year, 12, 1)], rel=0.10), year


@pytest.mark.parametrize("variant", VARIANTS)
def test_as_many_are_filled_as_the_planted_chances_say(variant: str) -> None:
    months = truth(lived(variant)[0])
    expected = months["expected"].sum()
    # independent adverts of at most one and a half full-time equivalents or so: four standard deviations
    assert months["filled"].sum() == pytest.approx(expected, abs=4 * np.sqrt(1.5 * expected))


@pytest.mark.parametrize("variant", VARIANTS)
def test_empty_posts_and_those_in_post_are_the_need(variant: str) -> None:
    history, _ = lived(variant)
    shape, rows = history.town.posts.shape, history.register.rows
    staff = history.stocks[2025]

    def counted(which: np.ndarray, of: dict[str, np.ndarray]) -> np.ndarray:
        where = np.ravel_multi_index((of["department"][which], of["occupation"][which]), shape)
        return np.bincount(where, minlength=history.town.posts.size)

    held = counted(staff.form != HOURLY, staff.columns)
    needed = history.register.market.needed(history.town, np.datetime64("2025-12")).ravel()
    short = np.where(history.town.posts.ravel() > 0, needed - held, 0)
    plain = rows["unit"] < 0
    empty, found = counted(plain, rows), counted(plain & (rows["filled"] < NEVER), rows)
    assert short.sum() > 20
    # nobody is sought for a post that is manned: beyond the need are only those already hired
    assert (empty >= short).all()
    assert (empty[empty > np.maximum(short, 0)] == found[empty > np.maximum(short, 0)]).all()


def test_the_variants_differ_as_their_parameters_do() -> None:
    days, starts = {}, {}
    for variant in VARIANTS:
        adverts = lived(variant)[1]
        filled = adverts[adverts["end_reason"] == "filled"]
        days[variant] = (filled["closed"] - filled["opened"]).dt.days.mean()
        starts[variant] = (filled["start"] - filled["closed"]).dt.days.mean()
        assert (filled["start"] > filled["closed"]).all()
        assert (filled["closed"] >= filled["opened"]).all()
        assert adverts["closed"].min() < pd.Timestamp("2019-12-31")  # six years and more
    assert days["brisk"] < days["tight"]
    assert starts["brisk"] < starts["usual"] < starts["tight"]
    # IAB-Stellenerhebung: 49 days to fill and 27 to start
    assert days["usual"] == pytest.approx(49, abs=12)
    assert starts["usual"] == pytest.approx(27, abs=6)


def test_teachers_start_in_august_and_a_hiring_stop_is_seen() -> None:
    history, adverts = lived("tight")
    teachers = [place for place, key in enumerate(history.town.occupations) if "teacher" in key]
    filled = adverts[adverts["end_reason"] == "filled"]
    august = filled["start"].dt.month == 8
    of_teachers = filled["occupation"].isin(teachers)
    assert august[of_teachers].mean() > 2 * august[~of_teachers].mean()
    months = truth(history)
    year = months["month"].dt.year
    rate = months["filled"].sum() / months["exposure"].sum()
    for department, stopped in history.register.market.stops:
        own = months[(months["department"] == department) & (year == stopped)]
        assert own["filled"].sum() <= 0.5 * rate * own["exposure"].sum()


def test_a_shock_lowers_the_chances_from_its_month_on_and_changes_nothing_before() -> None:
    calm, shocked = truth(lived("usual")[0]), truth(lived("usual", ("2024-03", 0.6))[0])
    before, after = (table[table["month"] < pd.Timestamp("2024-03-01")] for table in (calm, shocked))
    pd.testing.assert_frame_equal(before, after)

    def rate(table: pd.DataFrame) -> float:
        own = table[table["month"] >= pd.Timestamp("2024-03-01")]
        return float(own["expected"].sum() / own["exposure"].sum())

    # posts wait longer, which lowers the chance of those who wait further
    assert 0.4 < rate(shocked) / rate(calm) < 0.65


@pytest.mark.parametrize(("variant", "shock"), [("calm", None), ("usual", ("2024-01", 0.0))])
def test_what_cannot_be_planted_is_refused(variant: str, shock: tuple[str, float] | None) -> None:
    place = town.build(300, np.random.default_rng(1))
    with pytest.raises(InputError, match=r"variant calm|factor above 0"):
        Market.draw(place, variant, range(2015, 2026), shock, np.random.default_rng(1))


def test_the_delivery_says_why_an_advert_ended_and_when_the_hired_began(tmp_path: Path) -> None:
    write_sample(tmp_path, employees=300, years=7, seed=7, variant="brisk")
    table = read_delivery(tmp_path, key=b"0" * 32).tables["vacancies"]
    ended = table[table["closed"].notna()]
    assert set(ended["end_reason"].dropna()) == {"filled", "withdrawn"}
    assert ended.loc[~withdrawn(ended), "start"].notna().all()
    assert ended.loc[withdrawn(ended), "start"].isna().all()
    assert (manned(ended) >= ended["closed"]).all()
    assert table.loc[table["closed"].isna(), ["end_reason", "start"]].isna().all(axis=None)
    told = tomllib.loads((tmp_path / "truth" / "recruitment.toml").read_text(encoding="utf-8"))
    assert told["variant"] == "brisk"
    assert told["parameters"] == town.data("recruitment")["brisk"]
    months = pd.read_csv(tmp_path / "truth" / "recruitment.csv")
    assert months["month"].min() == "2019-01"
    assert set(months["department"]) <= {entry["key"] for entry in town.data("organisation")["department"]}
