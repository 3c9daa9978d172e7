"""The register holds every number of the forecast that is not data."""

from __future__ import annotations

from dataclasses import replace

from analysis.edition.assumptions import register
from analysis.reference import courses, load
from analysis.reference.strategies import closing, lever_entries
from analysis.staffing.levers.lever import levers
from analysis.stages.levers import _told

LEVERS = [_told(lever, lever_entries()[key]) for key, lever in levers().items()]


def told(**own: object) -> dict:
    """What the staffing stage keeps, with one scenario whose lever has these numbers."""
    lever = replace(levers()["retention"], **own)  # type: ignore[arg-type]
    scenario = {"id": "mine", "sv": "Min", "en": "Mine", "owner": "Avdelningen", "dated": "2026-01-15"}
    return {"levers": LEVERS, "scenarios": [scenario | {"levers": [_told(lever, lever_entries()["retention"])]}]}


def test_every_number_stands_in_it_with_source_owner_and_date() -> None:
    entries = register(told())
    held = {(entry["low"], entry["mid"], entry["high"]) for entry in entries}
    for entry in load("assumptions")["assumption"]:
        assert (entry["low"], entry["mid"], entry["high"]) in held
    for entry in lever_entries().values():
        assert (entry["low"], entry["mid"], entry["high"]) in held, entry["id"]
        assert (None, entry["lead_years"], None) in held
        for cost in (entry["cost_per_fte"], entry["cost_fixed"]):
            assert cost["high"] == 0 or tuple(cost.values()) in held
        if entry["study"]:
            assert (None, entry["study"]["backfill"], None) in held
    overlap = closing()["overlap"]
    assert (overlap["low"], overlap["mid"], overlap["high"]) in held
    pipelines = [key for key, entry in courses().items() if entry["kind"] == "pipeline"]
    assert {f"{key}.prior" for key in pipelines} <= {entry["id"] for entry in entries}
    for entry in entries:
        for field in ("of_sv", "of_en", "source", "source_en", "owner", "dated", "unit"):
            assert entry[field], (entry["id"], field)
    assert len({entry["id"] for entry in entries}) == len(entries)


def test_a_scenario_s_own_numbers_stand_beside_the_lever_s_with_its_own_source() -> None:
    plain = {entry["id"] for entry in register(told())}
    entries = {entry["id"]: entry for entry in register(told(mid=0.08, low=0.04, high=0.12, source="egen enkät"))}
    assert set(entries) - plain == {"mine.retention"}
    own = entries["mine.retention"]
    assert (own["mid"], own["source"], own["owner"], own["dated"]) == (0.08, "egen enkät", "Avdelningen", "2026-01-15")
    assert "Min" in own["of_sv"]


def test_a_fill_rate_of_a_scenario_stands_in_it() -> None:
    entries = {entry["id"]: entry for entry in register(told(fill_rate=0.45, source="provat"))}
    own = entries["mine.retention.fill_rate"]
    assert [own[key] for key in ("what", "low", "mid", "high", "source")] == ["fill_rate", None, 0.45, None, "provat"]


def test_without_levers_the_forecast_s_own_assumptions_remain() -> None:
    assert {entry["id"] for entry in load("assumptions")["assumption"]} <= {entry["id"] for entry in register({})}


def test_what_a_preview_tries_stands_in_place_of_what_is_set() -> None:
    usual, tried = ({entry["id"]: entry for entry in register({}, given)} for given in ({}, {"hiring_shock": 0.3}))
    assert [tried["hiring_shock"][key] for key in ("low", "mid", "high")] == [None, 0.3, None]
    assert usual["hiring_shock"]["mid"] != 0.3
    assert {key: entry for key, entry in tried.items() if key != "hiring_shock"} == {
        key: entry for key, entry in usual.items() if key != "hiring_shock"
    }
