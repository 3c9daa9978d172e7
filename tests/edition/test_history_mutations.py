"""Whatever is done to a history, ``check`` finds from when it holds, or says what is wrong with its size."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.edition.lookback import LookBack, look_back
from analysis.extracts import Delivery
from analysis.extracts.account.verdict import judge
from analysis.extracts.delivery import COUNTS
from analysis.reference import policy
from analysis.workforce import history
from tests.extracts.town import read

from .histories import Town, absent_until, as_lists, ended_only, renumbered, too_early, town, with_exits

SEEDS = range(2)
YEAR = pd.Timedelta(days=370)


def rng_of(seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, 77])


def looked(folder: Path, made: Town) -> tuple[Delivery, LookBack]:
    delivery = read(folder, made.toml, made.written())
    for line in delivery.ledger.to_dict("records"):
        assert line["read"] == sum(line[name] for name in COUNTS[1:])
    assert delivery.quarantine.empty
    return delivery, look_back(delivery)


def month_of(back: LookBack, words: str) -> pd.Timestamp:
    """The month that a notice counts ``words`` from."""
    (found,) = [
        found for each in back.notices if (found := re.search(rf"{words} counted from (\d{{4}}-\d{{2}})", each))
    ]
    return pd.Timestamp(found[1])


def kinds(back: LookBack) -> set[str]:
    return {each.kind for each in back.doubts}


@pytest.mark.parametrize("seed", SEEDS)
def test_an_honest_history_is_taken_from_its_first_leavers_and_nothing_is_doubted(tmp_path: Path, seed: int) -> None:
    made = town(rng_of(seed))
    with_exits(made)
    delivery, back = looked(tmp_path, made)
    assert abs(month_of(back, "Leaving is") - made.since) < YEAR
    assert back.doubts == []
    assert judge(delivery, policy(), findings=back.doubts, stops=back.stops).step == "publish"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_few_ends_of_long_ago_do_not_begin_the_history(tmp_path: Path, seed: int) -> None:
    made, rng = town(rng_of(seed)), rng_of(seed + 100)
    too_early(made, rng)
    with_exits(made)
    _, back = looked(tmp_path, made)
    assert abs(month_of(back, "Leaving is") - made.since) < YEAR


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_reasons_count_from_when_they_are_recorded(tmp_path: Path, seed: int, kept: bool) -> None:
    made = town(rng_of(seed))
    begin = made.since + pd.DateOffset(years=3, months=int(rng_of(seed + 200).integers(0, 12)))
    with_exits(made, reasons_from=begin, kept=kept)
    _, back = looked(tmp_path, made)
    assert abs(month_of(back, "Reasons for leaving are") - begin) < YEAR
    assert "causes_lost" not in kinds(back)  # what was not recorded then is not lost


@pytest.mark.parametrize("seed", SEEDS)
def test_a_delivery_of_leavers_alone_cannot_be_published(tmp_path: Path, seed: int) -> None:
    made = town(rng_of(seed))
    ended_only(made, rng_of(seed))
    delivery, back = looked(tmp_path, made)
    assert [each for each in back.stops if "in post" in each]
    assert judge(delivery, policy(), findings=back.doubts, stops=back.stops).step == "stop"


@pytest.mark.parametrize("seed", SEEDS)
def test_new_numbers_on_a_day_are_a_doubt_until_they_are_declared(tmp_path: Path, seed: int) -> None:
    made = town(rng_of(seed))
    day = pd.Timestamp(int(rng_of(seed + 300).integers(2021, 2025)), 3, 31)
    number = renumbered(made, day)
    with_exits(made)
    made.files["exits.csv"] = "\n".join(
        line for line in made.files["exits.csv"].split("\n") if f";{day:%Y-%m-%d};" not in line
    )
    _, back = looked(tmp_path / "silent", made)
    told = [each for each in back.doubts if each.kind.startswith("mass_exits")]
    assert [each.persons for each in told] == [number]
    assert f"{day:%Y-%m-%d}" in told[0]
    made.toml += f'\n[[transfer]]\ndate = {day:%Y-%m-%d}\nwhy = "new pay system"\n'
    _, declared = looked(tmp_path / "declared", made)
    assert not [each for each in declared.doubts if each.kind.startswith("mass_exits")]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_exit_record_between_two_lists_is_the_end_and_its_cause(tmp_path: Path, seed: int) -> None:
    made = town(rng_of(seed))
    as_lists(made)
    delivery, back = looked(tmp_path, made)
    assert back.doubts == []
    tables = {name: delivery.tables.read(name) for name in delivery.tables}
    past = history(tables, period="2025-12", level=delivery.manifest.departments.level, rate=1.0)
    ends = past.ends[past.ends["end"] > made.since]
    # who came and went between two lists is on neither; everybody else left as the record says
    seen = made.leavers[
        (made.leavers["Från"].dt.year < made.leavers["Till"].dt.year) & (made.leavers["Till"] > made.since)
    ]
    assert len(ends) == pytest.approx(len(seen), abs=0.02 * len(seen) + 1)
    own = (ends["cause"] == "resignation").sum()
    assert own == pytest.approx((seen["Orsak"] == "Egen begäran").sum(), abs=0.03 * len(seen) + 1)
    assert (ends["cause"] == "unknown").sum() <= 0.02 * len(seen) + 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_table_that_ends_early_is_told_with_its_month(tmp_path: Path, seed: int) -> None:
    made, rng = town(rng_of(seed)), rng_of(seed + 400)
    with_exits(made)
    month = pd.Period("2025-12", "M") - int(rng.integers(4, 18))
    absent_until(made, month, rng)
    _, back = looked(tmp_path, made)
    (told,) = [each for each in back.doubts if each.kind == "table_ended"]
    assert str(month) in told
