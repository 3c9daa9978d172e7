"""The files of the sample lead to the need that was planted, by every source: volumes, population, workload, budget."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.extracts import Delivery, read_delivery
from analysis.sample import town, write_sample
from analysis.staffing import Need, need_of
from analysis.staffing.need import sources
from analysis.staffing.need.population import alternatives
from analysis.staffing.need.workload import required

PERIOD, YEARS = "2025-12", 5
SOURCES = {"volumes", "population", "workload", "budget"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("demand")
    write_sample(place, employees=1200, years=3)
    return place


@pytest.fixture(scope="module")
def delivery(folder: Path) -> Delivery:
    return read_delivery(folder, key=b"test-key-number-one-0001")


@pytest.fixture(scope="module")
def truth(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "truth" / "need.csv")


@pytest.fixture(scope="module")
def stock(folder: Path) -> pd.DataFrame:
    table = pd.read_csv(folder / "truth" / "stock.csv")
    return table.loc[table["date"] == "2025-12-31", ["department", "occupation", "fte"]]


@pytest.fixture(scope="module")
def need(delivery: Delivery, stock: pd.DataFrame) -> Need:
    held = {name: delivery.tables.get(name) for name in sources.TABLES}
    return need_of(held, stock, period=PERIOD, years=YEARS)


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_the_change_in_need_is_the_planted_one(need: Need, truth: pd.DataFrame, source: str) -> None:
    own = truth[truth["source"] == source]
    wide = own.pivot_table(index=["department", "occupation"], columns="year", values="need")
    assert len(wide) > 1
    assert need.change is not None
    found = need.change.pivot_table(index=["department", "occupation"], columns="year", values="fte")
    for ahead in range(1, YEARS + 1):
        planted = wide[2025 + ahead] - wide[2025]
        # files hold whole persons and amounts, tenths of posts and five decimals of a ratio
        np.testing.assert_allclose(found[ahead].reindex(wide.index), planted, atol=0.12)
        assert planted.abs().max() > 0.12  # or the comparison says nothing


def test_every_planted_pair_has_a_need_and_nobody_else(need: Need, truth: pd.DataFrame) -> None:
    assert set(truth["source"]) == SOURCES
    assert need.change is not None
    pairs = truth[["department", "occupation"]].drop_duplicates()
    found = need.change[["department", "occupation"]].drop_duplicates()
    leaders = {entry["leader"] for entry in town.data("organisation")["department"]}
    beyond = set(found.itertuples(index=False, name=None)) - set(pairs.itertuples(index=False, name=None))
    # managers have a staffing ratio, but no posts of their own among the planted
    assert {occupation for _, occupation in beyond} <= leaders
    assert set(pairs.itertuples(index=False, name=None)) <= set(found.itertuples(index=False, name=None))


def test_required_staff_and_its_ratio_are_the_planted_ones(
    need: Need, truth: pd.DataFrame, stock: pd.DataFrame, delivery: Delivery
) -> None:
    planted = truth[truth["source"] == "workload"].set_index(["department", "occupation", "year"])["need"]
    found = required(delivery.tables["workload"]).set_index(["department", "occupation", "year"])["required"]
    np.testing.assert_allclose(found.reindex(planted.index), planted, rtol=0.01)
    assert need.workload is not None
    held = stock.groupby(["department", "occupation"])["fte"].sum()
    table = need.workload.set_index(["department", "occupation"])
    assert set(table.index) == {("d0401", "social_worker"), ("d0403", "needs_assessor")}
    for key, row in table.iterrows():
        assert row["ratio"] == pytest.approx(held[key] / planted[(*key, 2025)], rel=0.01)
        assert row["difference"] == pytest.approx(row["fte"] - row["required"])


def test_variants_cancel_out_and_lie_apart_as_planted(need: Need, delivery: Delivery) -> None:
    planted = {entry["name"]: entry for entry in town.data("planted")["population"]["variant"]}
    table = alternatives(delivery.tables["population"])
    assert table.groupby("variant")["weight"].first().to_dict() == pytest.approx(
        {name: entry["weight"] for name, entry in planted.items()}
    )
    totals = table.pivot_table(index="year", columns="variant", values="persons", aggfunc="sum")
    for name, entry in planted.items():
        relative = totals[name] / totals["Huvudalternativ"] - 1
        assert relative[2030] == pytest.approx(5 * entry["growth"], abs=3e-3)
        assert relative[2025] == 0.0
    assert need.variants is not None
    apart = need.variants.groupby(["variant", "year"])["fte"].sum()
    assert apart["Lågt alternativ", 5] < apart["Huvudalternativ", 5] < apart["Högt alternativ", 5]


def test_the_vintages_are_named_and_the_earlier_one_saw_another_future(need: Need) -> None:
    names = town.data("planted")["volumes"]
    told = need.sources.set_index(["department", "source"])
    assert told.loc[("d0101", "population"), ["vintage", "until"]].tolist() == [names["vintage"], 2030]
    assert told.loc[("d0102", "volumes"), "vintage"] == names["vintage"]
    assert set(told.index.get_level_values("source")) == SOURCES
    assert need.volumes is not None
    own = need.volumes[need.volumes["department"] == "d0101"].set_index(["vintage", "year"])["volume"]
    then, now = own[names["vintage_before"]], own[names["vintage"]]
    assert then.index.min() == 2022
    assert then[2022] == pytest.approx(now[2022], abs=1.0)
    assert abs(then[2030] / now[2030] - 1) > 0.01
