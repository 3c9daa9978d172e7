"""Employments become one history; each rule says what it took away."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.reference import episode_rules
from analysis.workforce import flows, from_files, history, person_years
from analysis.workforce.collect import History
from analysis.workforce.episodes import COUNTS
from analysis.workforce.spells import stock
from analysis.workforce.structure import UNMAPPED
from tests.workforce.example import CUT, post, table

PERIOD = "2025-12"
STAYS = post("stays", "2015-01-01")


def past(
    posts: list[dict[str, Any]],
    *,
    exits: list[tuple[str, str, str]] | None = None,
    organisation: list[dict[str, Any]] | None = None,
    hours: list[dict[str, Any]] | None = None,
    **rules: Any,
) -> History:
    """The history of some posts and of a person who is always there."""
    tables: dict[str, pd.DataFrame | None] = {"employments": table("employments", [*posts, STAYS])}
    if exits is not None:
        tables["exits"] = table("exits", [{"person": p, "date": d, "cause": c} for p, d, c in exits])
    if organisation is not None:
        tables["organisation"] = table("organisation", organisation)
    if hours is not None:
        tables["hours"] = table("hours", hours)
    return history(tables, period=PERIOD, level="avdelning" if organisation else "", episodes=rules)


def line(found: History, rule: str) -> pd.Series:
    return found.waterfall.set_index("rule").loc[rule]


def taken(found: History, rule: str, counted: str = "exits") -> int:
    """How many apparent exits (or what is counted) a rule took away."""
    one = line(found, rule)
    return int(one[f"{counted}_before"] - one[f"{counted}_after"])


def left(found: History) -> dict[str, int]:
    """What remains after every rule, without the person who is always there."""
    last = found.waterfall.iloc[-1]
    return {"exits": int(last["exits_after"]), "hires": int(last["hires_after"]) - 1}


def node(unit: str, parent: str, level: str = "enhet", **more: Any) -> dict[str, Any]:
    return {"unit": unit, "parent": parent, "level": level, "name": unit.upper()} | more


def town(*more: dict[str, Any]) -> list[dict[str, Any]]:
    """Departments d1 and d2 with a unit each, u1 and u2, and further nodes."""
    top = [{"unit": "k", "level": "kommun", "name": "Kommun"}]
    return [*top, node("d1", "k", "avdelning"), node("d2", "k", "avdelning"), node("u1", "d1"), node("u2", "d2"), *more]


def test_two_posts_at_once_are_one_head_two_posts_and_no_exit_when_one_ends() -> None:
    found = past(
        [post("a", "2020-01-01", rate=0.6, employment="a1"), post("a", "2021-01-01", rate=0.3, employment="a2")]
    )
    head = stock(found.rows, CUT).set_index("person").loc["a"]
    assert (head["posts"], head["fte"]) == (2, pytest.approx(0.9))
    ended = past(
        [post("a", "2020-01-01", employment="a1"), post("a", "2021-01-01", "2022-12-31", rate=0.3, employment="a2")]
    )
    assert taken(ended, "several_posts") == 1
    assert left(ended) == {"exits": 0, "hires": 1}


def test_rows_of_one_employment_that_overlap_are_told_apart_from_a_second_post() -> None:
    found = past([post("a", "2020-01-01", "2022-12-31"), post("a", "2022-07-01", rate=0.5)])
    assert taken(found, "overlap") == 1
    assert taken(found, "several_posts") == 0
    assert left(found) == {"exits": 0, "hires": 1}


def test_a_changed_rate_the_next_day_is_neither_exit_nor_hire() -> None:
    found = past([post("a", "2020-01-01", "2022-12-31"), post("a", "2023-01-01", rate=0.75)])
    assert taken(found, "abut") == taken(found, "abut", "hires") == 1
    assert left(found) == {"exits": 0, "hires": 1}


@pytest.mark.parametrize("begins", ["2023-07-01", "2023-07-21"])
def test_temporary_to_permanent_the_next_day_or_after_twenty_days_is_a_conversion(begins: str) -> None:
    posts = [post("a", "2022-08-01", "2023-06-30", form="temporary"), post("a", begins)]
    found = past(posts, exits=[("a", "2023-06-30", "contract_end")])
    assert taken(found, "conversion") == taken(found, "conversion", "hires") == 1
    assert taken(found, "gap_days") == taken(found, "abut") == 0
    assert left(found) == {"exits": 0, "hires": 1}


def test_a_delivery_may_count_conversions_as_exits() -> None:
    posts = [post("a", "2022-08-01", "2023-06-30", form="temporary"), post("a", "2023-07-01")]
    found = past(posts, conversion=False)
    assert left(found) == {"exits": 1, "hires": 2}
    assert line(found, "conversion")["value"] == "false"
    assert found.rules.record() == {"conversion": False}


def test_permanent_to_temporary_is_no_conversion_but_goes_on_all_the_same() -> None:
    found = past([post("a", "2022-08-01", "2023-06-30"), post("a", "2023-07-01", form="temporary")])
    assert (taken(found, "conversion"), taken(found, "abut")) == (0, 1)


def test_forty_days_away_is_an_exit_and_a_hire_again() -> None:
    # 1 July to 9 August are 40 days without employment
    found = past([post("a", "2020-01-01", "2023-06-30"), post("a", "2023-08-10")])
    assert left(found) == {"exits": 1, "hires": 2}
    assert line(found, "rehire")["cases"] == 1
    assert found.begins.set_index(["person", "start"])["via"]["a", pd.Timestamp("2023-08-10")] == "rehire"
    longer = past([post("a", "2020-01-01", "2023-06-30"), post("a", "2023-08-10")], gap_days=40)
    assert left(longer) == {"exits": 0, "hires": 1}
    assert taken(longer, "gap_days") == 1


@pytest.mark.parametrize(("ended", "via"), [("2024-03-31", "hourly"), ("2023-03-31", "hire")])
def test_hourly_to_permanent_is_a_conversion_if_it_was_less_than_a_year_ago(ended: str, via: str) -> None:
    found = past([post("a", "2023-01-01", ended, form="hourly"), post("a", "2024-04-01")])
    assert found.begins.set_index("person")["via"]["a"] == via
    assert left(found) == {"exits": 0, "hires": 0 if via == "hourly" else 1}
    assert taken(found, "hourly_days", "hires") == (via == "hourly")


@pytest.mark.parametrize(("month", "via"), [("2024-01-01", "hourly"), ("2024-04-01", "hire"), ("2022-12-01", "hire")])
def test_hours_worked_before_the_first_monthly_day_make_a_conversion(month: str, via: str) -> None:
    worked = [{"person": "a", "unit": "u1", "month": month, "hours": 20.0}]
    found = past([post("a", "2024-04-01")], hours=worked)
    assert found.begins.set_index("person")["via"]["a"] == via


def test_moving_department_in_the_middle_of_the_year_is_an_internal_move_and_no_exit() -> None:
    found = past([post("a", "2020-01-01", "2025-06-30"), post("a", "2025-07-01", unit="u2")], organisation=town())
    assert taken(found, "internal_move") == line(found, "internal_move")["cases"] == 1
    assert line(found, "internal_move")["moves_after"] == 1
    assert left(found) == {"exits": 0, "hires": 1}
    assert stock(found.rows, CUT).set_index("person").loc["a", "department"] == "d2"


def test_moving_unit_within_a_department_is_a_move_only_at_the_level_of_units() -> None:
    posts = [post("a", "2020-01-01", "2025-06-30"), post("a", "2025-07-01", unit="u3")]
    organisation = town(node("u3", "d1"))
    assert line(past(posts, organisation=organisation), "internal_move")["cases"] == 0
    assert line(past(posts, organisation=organisation, internal_move="unit"), "internal_move")["cases"] == 1


def test_a_transfer_out_by_its_exit_record_is_no_exit() -> None:
    found = past([post("a", "2020-01-01", "2024-06-30")], exits=[("a", "2024-06-30", "transfer")])
    assert taken(found, "transfer") == 1
    assert left(found) == {"exits": 0, "hires": 1}


def test_an_undertaking_that_the_delivery_names_is_no_turnover_in_or_out() -> None:
    named = [{"date": "2024-07-01", "units": ["u7"], "direction": "out"}]
    named += [{"date": "2025-03-01", "units": ["u8"], "direction": "in"}]
    posts = [post("out", "2020-01-01", "2024-06-30", unit="u7"), post("in", "2025-03-01", unit="u8")]
    posts += [post("left", "2020-01-01", "2024-05-31", unit="u7"), post("new", "2025-03-02", unit="u8")]
    found = past(posts, transfers=named)
    assert (taken(found, "transfer"), taken(found, "transfer", "hires")) == (1, 1)
    assert found.ends.set_index("person")["cause"].to_dict() == {"out": "transfer", "left": "unknown"}
    years = person_years(found.rows, found.ends, origins=["2024-12", PERIOD])
    parts = flows(found.rows, years, was_hourly=None, qualified=None)
    assert parts.groupby("part")["persons"].sum().to_dict() == {
        "opening": 1.0, "closing": 3.0, "transfer": 1.0, "hires": 1.0, "rate_change": 0.0,
    }  # fmt: skip


def test_a_reorganised_unit_makes_no_move_in_any_year() -> None:
    renamed = town(node("old", "d1", valid_to="2022-12-31", successor="u2"))
    posts = [post("a", "2018-01-01", "2022-12-31", unit="old"), post("a", "2023-01-01", unit="u2")]
    found = past(posts, organisation=renamed)
    assert (line(found, "reorganisation")["moves_before"], line(found, "reorganisation")["moves_after"]) == (1, 0)
    assert line(found, "internal_move")["cases"] == 0
    assert stock(found.rows, pd.Timestamp("2020-12-31")).set_index("person").loc["a", "department"] == "d2"
    assert found.restated[["unit", "was", "department", "rule", "rows", "persons"]].to_numpy().tolist() == [
        ["old", "d1", "d2", "renamed", 1, 1]
    ]
    assert line(past(posts, organisation=renamed, internal_move="unit"), "internal_move")["cases"] == 0


def test_a_split_unit_follows_most_of_its_staff_and_nobody_seems_to_move() -> None:
    split = town(node("old", "d1", valid_to="2022-12-31", successor="u1|u2"))
    posts = []
    for person, unit in (("a", "u2"), ("b", "u2"), ("c", "u1")):
        posts += [post(person, "2018-01-01", "2022-12-31", unit="old"), post(person, "2023-01-01", unit=unit)]
    posts.append(post("gone", "2018-01-01", "2020-12-31", unit="old"))
    found = past(posts, organisation=split)
    early = stock(found.rows, pd.Timestamp("2019-12-31")).set_index("person")["department"]
    assert early.drop("stays").to_dict() == {"a": "d2", "b": "d2", "c": "d1", "gone": "d2"}
    assert found.departments["old"] == "d2"
    assert line(found, "internal_move")["cases"] == 0
    assert line(found, "reorganisation")["moves_after"] == 0


def test_units_without_a_place_are_kept_together_and_told_with_their_size() -> None:
    gone = town(node("d9", "k", "avdelning", valid_to="2020-12-31"), node("u9", "d9", valid_to="2020-12-31"))
    found = past(
        [post("a", "2015-01-01", "2020-12-31", unit="u9"), post("b", "2016-01-01", unit="u9")], organisation=gone
    )
    assert stock(found.rows, pd.Timestamp("2018-12-31")).set_index("person").loc["a", "department"] == UNMAPPED
    lost = found.restated[found.restated["rule"] == "unmapped"].set_index("unit").loc["u9"]
    assert (lost["rows"], lost["persons"]) == (2, 2)
    assert any("1 unit closed without a successor" in notice for notice in found.notices)
    names = found.names.set_index("key")
    assert names.loc[UNMAPPED, "name"] == "Enheter utan efterträdare"


def test_a_person_seconded_to_another_post_is_counted_once_in_full_time_equivalents() -> None:
    posts = [post("a", "2020-01-01", rate_actual=0.0, employment="own")]
    posts += [post("a", "2025-01-01", unit="u2", form="temporary", rate=0.8, rate_actual=0.8, employment="lent")]
    found = past(posts)
    head = stock(found.rows, CUT).set_index("person").loc["a"]
    assert (head["fte"], head["posts"], head["department"]) == (pytest.approx(0.8), 2, "u1")
    assert line(found, "secondment")["cases"] == 1
    assert stock(past(posts, secondment=False).rows, CUT).set_index("person").loc["a", "fte"] == pytest.approx(1.8)
    alone = stock(past(posts[:1]).rows, CUT).set_index("person").loc["a"]
    assert alone["fte"] == 1.0


def test_an_employment_withdrawn_before_it_began_is_nothing_and_one_of_a_day_is_a_day() -> None:
    found = past([post("never", "2024-05-02", "2024-05-01"), post("day", "2024-05-02", "2024-05-02")])
    assert line(found, "withdrawn")["cases"] == 1
    assert taken(found, "withdrawn", "persons") == 1
    assert sorted(found.rows["person"]) == ["day", "stays"]
    assert left(found) == {"exits": 1, "hires": 1}


def test_who_starts_on_the_cut_off_is_in_post_and_who_starts_after_it_is_not() -> None:
    found = past([post("today", "2025-12-31"), post("tomorrow", "2026-01-01")])
    assert set(stock(found.rows, CUT)["person"]) == {"stays", "today"}
    assert taken(found, "planned", "rows") == taken(found, "planned", "persons") == 1
    assert left(found) == {"exits": 0, "hires": 1}


def test_whoever_goes_on_after_the_cut_off_has_not_left() -> None:
    found = past([post("a", "2020-01-01", "2025-12-31"), post("a", "2026-01-01", rate=0.5)])
    assert left(found) == {"exits": 0, "hires": 1}
    assert found.ends.empty


def test_exit_records_and_ended_employments_without_each_other_are_counted() -> None:
    posts = [post("a", "2020-01-01", "2024-06-30"), post("b", "2020-01-01", "2024-06-30")]
    posts.append(post("h", "2020-01-01", "2024-06-30", form="hourly"))
    exits = [("a", "2024-07-15", "resignation"), ("nobody", "2024-06-30", "other"), ("h", "2024-06-30", "other")]
    exits += [("stays", "2020-06-30", "other"), ("a", "2026-06-30", "other")]
    found = past(posts, exits=exits)
    one = found.unmatched.set_index("join").loc["exits → employments"]
    # the record after the cut-off is not yet one
    assert one[["left", "left_unmatched", "right", "right_unmatched"]].tolist() == [4, 2, 2, 1]
    assert "2 exit records without an employment that ended." in found.notices
    assert "1 avslutad anställning utan avgångspost; orsaken är okänd." in [notice.sv for notice in found.notices]
    assert line(found, "exit_match_days")["cases"] == 1


def test_a_unit_that_the_organisation_lacks_is_named() -> None:
    found = past([post("a", "2020-01-01", unit="u404")], organisation=town())
    assert "employments: 1 row with a unit missing from the organisation: u404." in found.notices
    assert found.restated["rule"].tolist() == ["unknown"]


def test_the_waterfall_begins_with_the_records_of_the_files() -> None:
    found = past([post("a", "2020-01-01")])
    ledger = pd.DataFrame(
        [{"file": "a.csv", "table": "employments", "read": 9, "accepted": 2, "quarantined": 3, "merged": 1,
          "excluded": 1, "structural": 2}]
    )  # fmt: skip
    whole = from_files(found.waterfall, ledger, "employments")
    assert whole["rule"].tolist()[:5] == ["structural", "quarantined", "excluded", "merged", "withdrawn"]
    assert whole["rows_before"].tolist()[:5] == [9, 7, 4, 3, 2]
    assert (whole["rows_before"].to_numpy()[1:] == whole["rows_after"].to_numpy()[:-1]).all()


DAYS = st.integers(0, 1500).map(lambda day: pd.Timestamp("2022-01-01") + pd.Timedelta(days=day))
POSTS = st.builds(
    lambda person, start, days, unit, form, number, rate: post(
        person, f"{start:%Y-%m-%d}", None if days is None else f"{start + pd.Timedelta(days=days):%Y-%m-%d}",
        unit=unit, form=form, employment=number, rate=rate,
    ),
    st.sampled_from(["a", "b", "c"]), DAYS, st.none() | st.integers(-2, 700), st.sampled_from(["u1", "u2", "old"]),
    st.sampled_from(["permanent", "temporary", "hourly"]), st.sampled_from(["1", "2", None]),
    st.sampled_from([0.5, 1.0]),
)  # fmt: skip


@given(posts=st.lists(POSTS, max_size=9), gap=st.sampled_from([0, 31, 90]), conversion=st.booleans())
@settings(max_examples=12, deadline=None)
def test_every_rule_begins_with_what_the_one_before_left_and_ends_with_the_history(
    posts: list[dict[str, Any]], gap: int, conversion: bool
) -> None:
    organisation = town(node("old", "d1", valid_to="2023-12-31", successor="u1|u2"))
    found = past(posts, organisation=organisation, gap_days=gap, conversion=conversion)
    water = found.waterfall
    assert water["rule"].tolist() == list(episode_rules())
    for name in COUNTS:
        before, after = water[f"{name}_before"].to_numpy(), water[f"{name}_after"].to_numpy()
        assert (before[1:] == after[:-1]).all()
        assert (after <= before).all() or name == "moves"
    last = water.iloc[-1]
    assert last["rows_after"] == len(found.rows)
    assert last["persons_after"] == found.rows["person"].nunique()
    assert last["spells_after"] == found.rows.loc[found.rows["spell"] >= 0, "spell"].nunique() == len(found.begins)
    assert last["exits_after"] == (found.ends["cause"] != "transfer").sum()
    assert last["hires_after"] == found.begins["via"].isin(["hire", "rehire"]).sum()
    monthly = found.rows[found.rows["spell"] >= 0]
    # nobody is in two spells at once, and two spells of a person lie further apart than the allowed break
    bounds = monthly.drop_duplicates("spell").sort_values(["person", "spell_start"])
    free = (bounds["spell_start"] - bounds.groupby("person")["spell_end"].shift()).dt.days - 1
    assert (free.dropna() > (gap if conversion else -1)).all()


def test_the_rules_take_nothing_from_the_order_of_the_rows() -> None:
    posts = [post("a", "2020-01-01", "2022-12-31"), post("a", "2023-01-01", unit="u2"), post("b", "2021-01-01")]
    one, two = past(posts), past(posts[::-1])
    pd.testing.assert_frame_equal(one.waterfall, two.waterfall)


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"gap_dags": 3}, "cannot be set"),
        ({"overlap": False}, "cannot be set"),
        ({"gap_days": "31"}, "whole number"),
        ({"gap_days": True}, "whole number"),
        ({"gap_days": 400}, "0 to 366"),
        ({"internal_move": "kommun"}, "department or unit"),
        ({"transfers": "u1"}, "list of records"),
        ({"transfers": [{"date": "2024-07-01", "units": ["u1"]}]}, "direction"),
        ({"transfers": [{"date": "July", "units": ["u1"], "direction": "in"}]}, "no day"),
        ({"transfers": [{"date": "2024-07-01", "units": 3, "direction": "in"}]}, "unit keys"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_one_sentence(stated: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        past([], **stated)


def test_every_rule_says_what_it_means_in_both_languages() -> None:
    for rule in episode_rules().values():
        assert rule["sv"] != rule["en"]
        assert rule["meaning_sv"] != rule["meaning_en"]
        assert rule["source"]
