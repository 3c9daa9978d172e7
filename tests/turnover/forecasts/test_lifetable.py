"""Life tables: known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.turnover import life_table

ALDA = Path(__file__).resolve().parents[4] / "shared" / "data" / "alda_survival"
real = pytest.mark.skipif(not ALDA.is_dir(), reason="the textbook data are not beside the repository")

# Singer and Willett 2003, table 10.1: special educators hired in Michigan 1972-78
TEACHERS = [
    0.1157, 0.1102, 0.1158, 0.1076, 0.0891, 0.0825, 0.0601, 0.0481, 0.0422, 0.0369, 0.0247, 0.0128,
]  # fmt: skip


@real
@pytest.mark.realdata
def test_special_educators_leave_as_the_textbook_says():
    people = pd.read_csv(ALDA / "teachers.csv")
    table = life_table(people["years"], people["censor"] == 0)
    assert table["hazard"].round(4).tolist() == TEACHERS
    assert round(float(table["survival"].iloc[11]), 4) == 0.4123
    assert table["at_risk"].iloc[0] == 3941
    assert (table["events"].sum() + table["censored"].sum()) == 3941


@real
@pytest.mark.realdata
def test_physicians_seen_late_say_nothing_about_their_first_years():
    people = pd.read_csv(ALDA / "physicians.csv")
    gone = people["censor"] == 0
    fair = life_table(people["exit"], gone, entry_time=people["entry"], width=1 / 12)
    naive = life_table(people["exit"], gone, width=1 / 12)
    # treating everyone as watched from the day of hire counts survivors who could not have been seen leaving
    assert naive["survival"].iloc[23] > fair["survival"].iloc[23] + 0.1
    assert fair["exposure"].sum() / 12 == pytest.approx((people["exit"] - people["entry"]).sum(), rel=1e-9)
    assert fair["events_all"].sum() == gone.sum()
    # an actuarial rate from exact time lived agrees with the monthly table
    rate = fair["events_all"].iloc[:12].sum() / fair["exposure"].iloc[:12].sum()
    assert 1 - fair["survival"].iloc[11] == pytest.approx(1 - np.exp(-12 * rate), abs=0.01)


# lifelines 0.30.3, KaplanMeierFitter().fit(exit, event, entry=entry), times in days; `python -m benchmarks survival`
# runs it again in an environment of its own
LATE_ENTRY = {1: 0.9020229051, 2: 0.6848703315, 3: 0.4983774367, 5: 0.1659720115, 8: 0.0899666197}


@real
@pytest.mark.realdata
def test_late_entry_gives_what_lifelines_gives():
    people = pd.read_csv(ALDA / "physicians.csv")
    table = life_table(people["exit"], people["censor"] == 0, entry_time=people["entry"], width=1 / 365.25)
    for years, expected in LATE_ENTRY.items():
        found = table.loc[table["period"] <= years * 365.25, "survival"].iloc[-1]
        assert found == pytest.approx(expected, abs=1e-6)


def test_five_people_by_hand():
    # leave in year 1, 2, 2; end of observation in year 2 and 3
    table = life_table(pd.Series([1, 2, 2, 2, 3]), pd.Series([True, True, True, False, False]))
    assert table["at_risk"].tolist() == [5, 4, 1]
    assert table["events"].tolist() == [1, 2, 0]
    assert table["hazard"].tolist() == [0.2, 0.5, 0.0]
    assert table["survival"].tolist() == pytest.approx([0.8, 0.4, 0.4])
    assert table["exposure"].tolist() == [5.0, 4.0, 1.0]


def test_late_entry_by_hand():
    # the third came under observation after two years: not at risk in year 1 and 2
    table = life_table(
        pd.Series([1.0, 3.0, 3.0]), pd.Series([True, False, True]), entry_time=pd.Series([0.0, 0.0, 2.0])
    )
    assert table["at_risk"].tolist() == [2, 1, 2]
    assert table["hazard"].tolist() == [0.5, 0.0, 0.5]


def test_entry_inside_a_period_counts_from_the_next():
    table = life_table(pd.Series([2.5, 0.9]), pd.Series([True, True]), entry_time=pd.Series([0.5, 0.4]))
    assert table["at_risk"].tolist() == [0, 1, 1]
    assert np.isnan(table["hazard"].iloc[0])
    assert table["events_all"].tolist() == [1, 0, 1]
    assert table["exposure"].tolist() == pytest.approx([1.0, 1.0, 0.5])


def test_leaving_before_entering_is_an_error():
    with pytest.raises(ValueError, match="exit after entry"):
        life_table(pd.Series([1.0]), pd.Series([True]), entry_time=pd.Series([2.0]))


def test_a_constant_hazard_is_found():
    rng = np.random.default_rng(4)
    leave = rng.geometric(0.1, 20_000)
    seen = rng.integers(0, 5, 20_000)
    late = leave > seen  # only those still there when observation begins are ever seen
    table = life_table(
        pd.Series(leave[late]), pd.Series(np.ones(late.sum(), dtype=bool)), entry_time=pd.Series(seen[late])
    )
    assert table["hazard"].iloc[:10].to_numpy() == pytest.approx(np.full(10, 0.1), abs=0.012)
