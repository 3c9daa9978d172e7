import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.plan import Edge, Rule, key_figure_sources, plan_of
from analysis.disclosure.primary import primary
from analysis.disclosure.thresholds import Thresholds
from analysis.errors import InputError
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.tables.facts import facts

INTERNAL = Thresholds.of(policy(), "internal")
PUBLIC = Thresholds.of(policy(), "public")


def reason(table: str, thresholds: Thresholds = INTERNAL, **fact: object) -> str:
    row = {"table": table, "department": "d01", "row": "x", "unit": "share", "value": 0.5, **fact}
    return primary(facts([row]), shipped_plan()[table], thresholds).iloc[0]


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


def test_reasons_are_text() -> None:
    assert isinstance(pd.Series([reason("full_time", n=5, numerator=1, denominator=5, value=0.2)]).iloc[0], str)


ENTRY = {"id": "exits", "sensitivity": "medium", "rule": "count", "lines": ["rows"], "zeros": "withheld"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule": "rate"}, r"the publishing plan: exits.rule"),
        ({"rule": "Count"}, r"the publishing plan: exits.rule"),
        ({"sensitivity": "mild"}, r"the publishing plan: exits.sensitivity"),
        ({"zeros": "hidden"}, r"the publishing plan: exits.zeros"),
        ({"full": "yes"}, r"the publishing plan: exits.full"),
        ({"lines": ["row"]}, r"the publishing plan: exits.lines.0"),
        ({"halfs": [["a", "b"]]}, r"the publishing plan: exits.halfs: there is no such key"),
        ({"open_column": ["target"]}, r"the publishing plan: exits.open_column: there is no such key"),
        ({"group_at_least": "answers"}, r"the publishing plan: exits.group_at_least"),
        ({"low_rows": "total"}, r"the publishing plan: exits.low_rows"),
        ({"published_as": "exits"}, r"exits: published_as names the table itself"),
    ],
)
def test_a_plan_that_says_something_unknown_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        plan_of([ENTRY | change])


@pytest.mark.parametrize("key", sorted(ENTRY.keys() - {"id"}))
def test_a_plan_that_leaves_something_out_is_refused(key: str) -> None:
    with pytest.raises(InputError, match=rf"the publishing plan: exits.{key}"):
        plan_of([{name: item for name, item in ENTRY.items() if name != key}])


def test_a_table_declared_twice_or_released_by_two_names_is_refused() -> None:
    with pytest.raises(InputError, match="exits is declared twice"):
        plan_of([ENTRY, ENTRY])
    with pytest.raises(InputError, match="published_as names exits, which is itself published as all_exits"):
        plan_of([ENTRY | {"published_as": "all_exits"}, ENTRY | {"id": "more", "published_as": "exits"}])


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("zeros", list(Edge))
def test_one_of_two_persons_is_never_shown_by_a_rule_about_persons(rule: Rule, zeros: Edge) -> None:
    table = plan_of([ENTRY | {"rule": rule, "zeros": zeros}])["exits"]
    one = facts([{"table": "exits", "department": "d01", "row": "x", "value": 0.5, "n": 2, "numerator": 1,
                  "denominator": 2, "unit": "share"}])  # fmt: skip
    assert (primary(one, table, INTERNAL).item() == "") == (rule is Rule.OPEN)


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.OPEN])
def test_a_figure_whose_counts_are_not_held_is_not_shown(rule: Rule) -> None:
    table = plan_of([ENTRY | {"rule": rule, "zeros": "shown"}])["exits"]
    unknown = facts([{"table": "exits", "department": "d01", "row": "x", "value": 7.0, "unit": "persons"}])
    assert primary(unknown, table, INTERNAL).item() != ""


def test_every_key_figure_lies_in_a_table_that_is_released() -> None:
    assert {source.table for source in key_figure_sources().values()} <= set(shipped_plan().released.values())
