import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.primary import primary
from analysis.disclosure.protect import publishing_plan
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.tables.facts import facts

INTERNAL = Thresholds.of(policy(), "internal")
PUBLIC = Thresholds.of(policy(), "public")


def reason(table: str, thresholds: Thresholds = INTERNAL, **fact: object) -> str:
    row = {"table": table, "department": "d01", "row": "x", "unit": "share", "value": 0.5, **fact}
    return primary(facts([row]), publishing_plan()[table], thresholds).iloc[0]


@pytest.mark.parametrize(("n", "expected"), [(10, "few_persons"), (11, "")])
def test_sick_leave_is_withheld_for_ten_and_shown_from_eleven(n: int, expected: str) -> None:
    assert reason("sick_leave", n=n, numerator=n, denominator=n, value=0.07) == expected


@pytest.mark.parametrize("profile", ["internal", "public"])
def test_the_rule_of_ten_holds_in_every_profile(profile: str) -> None:
    assert Thresholds.of(policy(), profile).health == 11


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (4, 40, "few_persons"),
        (5, 40, ""),
        (35, 40, ""),
        (36, 40, "complement"),
        (0, 40, "homogeneous"),
        (40, 40, "homogeneous"),
    ],
)
def test_a_rate_never_gives_away_a_count_or_its_complement(numerator: int, denominator: int, expected: str) -> None:
    value = numerator / denominator
    assert reason("full_time", n=denominator, numerator=numerator, denominator=denominator, value=value) == expected


def test_all_qualified_is_no_secret_but_none_qualified_is() -> None:
    assert reason("qualified", n=12, numerator=12, denominator=12, value=1.0) == ""
    assert reason("qualified", n=12, numerator=0, denominator=12, value=0.0) == "homogeneous"


def test_the_public_profile_is_stricter() -> None:
    counts = {"n": 40, "numerator": 7, "denominator": 40, "value": 7 / 40}
    assert reason("full_time", **counts) == ""
    assert reason("full_time", PUBLIC, **counts) == "few_persons"


@pytest.mark.parametrize(("value", "expected"), [(2, "few_persons"), (3, ""), (0, "")])
def test_leavers_in_total_are_low_sensitivity(value: int, expected: str) -> None:
    assert reason("exits", row="total", n=value, numerator=value, denominator=value, value=value) == expected


@pytest.mark.parametrize(("value", "expected"), [(4, "few_persons"), (5, ""), (0, "homogeneous")])
def test_leavers_by_cause_are_medium_and_nobody_is_a_statement_about_everyone(value: int, expected: str) -> None:
    assert reason("exits", row="retirement", n=value, numerator=value, denominator=30, value=value) == expected


@pytest.mark.parametrize(("n", "expected"), [(19, "few_at_risk"), (20, "")])
def test_no_forecast_for_fewer_than_twenty(n: int, expected: str) -> None:
    assert reason("bridge", n=n, numerator=n, denominator=n, value=3.2, unit="fte") == expected


def test_a_decided_target_is_open_however_small_the_group() -> None:
    assert reason("courses", column="target", n=2, numerator=1, denominator=2, value=0.5) == ""


def test_what_the_delivery_lacks_is_missing_not_withheld() -> None:
    assert reason("full_time", n=0, numerator=0, denominator=0, value=np.nan) == "no_data"


def test_every_declared_table_names_a_known_rule_and_sensitivity() -> None:
    for table in publishing_plan().values():
        assert table["rule"] in ("group", "count", "share", "forecast", "open")
        assert INTERNAL.least(table["sensitivity"]) >= 0
        assert table["zeros"] in ("shown", "withheld")
        assert set(table["lines"]) <= {"rows", "departments"}


def test_reasons_are_text() -> None:
    assert isinstance(pd.Series([reason("full_time", n=5, numerator=1, denominator=5, value=0.2)]).iloc[0], str)
