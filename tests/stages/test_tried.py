"""Parameters that stand for numbers of the reference data: usual when left alone, checked when given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import InputError
from analysis.execution.parameters import defaults
from analysis.reference import assumptions
from analysis.stages.stage import Stage
from analysis.stages.tried import OF_STAGE, method, number, tried
from analysis.turnover.models.method import usual
from tests.conftest import REPOSITORY

NOTEBOOKS = {"competence": "30-competence", "turnover": "40-turnover", "staffing": "50-staffing"}


def stage(name: str, **others: Any) -> Stage:
    return Stage(name, Path(), Path(), Path(), "2025-12", 1, others)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_s_own_defaults_leave_everything_as_in_the_reference_data(name: str) -> None:
    given = defaults(REPOSITORY / "notebooks" / f"{NOTEBOOKS[name]}.ipynb")
    here = stage(name, **given)
    table = tried(here)
    assert set(table["parameter"]) <= set(given)
    assert (table["here"] == table["usual"]).all()
    assert (table[["source", "owner"]] != "").all(axis=None)
    if name == "turnover":
        assert method(here) == usual()


@pytest.mark.parametrize(("name", "parameter"), [(n, each.name) for n, own in OF_STAGE.items() for each in own])
def test_what_is_given_is_used_and_said(name: str, parameter: str) -> None:
    here = stage(name, **{parameter: 0.5 if parameter in ("level_sd", "hiring_shock", "volume_error") else 2})
    assert number(here, parameter) in (0.5, 2.0)
    row = tried(here).set_index("parameter").loc[parameter]
    assert row["here"] != row["usual"]


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("turnover", {"windows": -1}),
        ("turnover", {"windows": 1.5}),
        ("turnover", {"windows": True}),
        ("turnover", {"level_sd": 1.5}),
        ("turnover", {"level_years": float("nan")}),
        ("staffing", {"hiring_windows": "3"}),
        ("staffing", {"hiring_shock": -0.1}),
        ("competence", {"skill_windows": -2}),
    ],
)
def test_a_number_that_is_none_is_refused_by_name(name: str, others: dict[str, Any]) -> None:
    parameter = next(iter(others))
    with pytest.raises(InputError, match=parameter):
        number(stage(name, **others), parameter)


def test_candidates_and_penalties_make_a_grid_simplest_first() -> None:
    made = method(stage("turnover", candidates="additive, boosting", penalties="4, 16", windows=5, level_sd=0.3))
    assert made.candidates == ("additive/4", "additive/16", "boosting")
    assert (made.windows, made.prior.sd, made.prior.floor) == (5, 0.3, 0.15)
    assert made.prior == replace(usual().prior, sd=0.3)


@pytest.mark.parametrize(
    "others",
    [
        {"candidates": "neural"},
        {"penalties": "eight"},
        {"penalties": "4, -1"},
        {"penalties": "0"},
        {"penalties": "nan"},
    ],
)
def test_a_candidate_or_penalty_that_there_is_not_is_refused(others: dict[str, str]) -> None:
    with pytest.raises(InputError, match=next(iter(others))):
        method(stage("turnover", **others))


@pytest.mark.parametrize("draws", [1, 99, -5, 200.0, True])
def test_draws_too_few_to_tell_a_tenth_are_refused(draws: object) -> None:
    with pytest.raises(InputError, match="draws"):
        _ = stage("turnover", draws=draws).draws


def test_draws_given_win_over_those_set() -> None:
    assert stage("turnover", draws=250).draws == 250


def test_no_assumption_lacks_source_or_owner() -> None:
    for entry in assumptions().values():
        assert entry.low <= entry.mid <= entry.high
        assert all((entry.sv, entry.en, entry.source, entry.source_en, entry.owner))
