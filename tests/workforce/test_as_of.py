"""Covariates hold what was known then: a delivery cut off at an origin gives the same as the whole one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis import workforce
from analysis.extracts import read_delivery
from analysis.periods import cutoff
from analysis.sample import write_sample
from analysis.turnover.cells import COVARIATES

# not December: every contract renewed by the year runs out on its last day, and spans of managers with them
ORIGIN, NEXT = "2024-11", "2025-11"


def cut_off(table: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """What the table held on ``day``: rows that had begun or happened, without the ends that came later."""
    begun = [name for name in ("start", "date", "assessed", "valid_from") if name in table.columns]
    table = table[(table[begun].isna() | (table[begun] <= day)).all(axis=1)].copy() if begun else table.copy()
    for name in table.columns.intersection(["end"]):
        table[name] = table[name].where(table[name] <= day)
    return table


def test_a_delivery_cut_off_at_an_origin_gives_the_same_covariates(tmp_path: Path) -> None:
    write_sample(tmp_path, employees=300, years=4, seed=7)
    tables = read_delivery(tmp_path, key=b"0123456789abcdef0123456789abcdef").tables
    then = {name: cut_off(tables[name], cutoff(ORIGIN)) for name in tables if name not in ("organisation", "volumes")}
    then["organisation"] = tables["organisation"]
    found = []
    for each in (tables, then):
        past = workforce.history(each, period=NEXT, level="avdelning")
        years = workforce.person_years(past.rows, past.ends, origins=[ORIGIN, NEXT], tables=each)
        found.append(years[years["origin"] == ORIGIN].set_index("person").sort_index())
    whole, cut = found
    assert len(whole) > 200
    # a contract that ran out on the very day is renewed or not on the day after: at risk only if it was
    ran_out = tables["employments"].loc[tables["employments"]["end"] == cutoff(ORIGIN), "person"]
    both = whole.index.intersection(cut.index)
    assert set(whole.index.symmetric_difference(cut.index)) <= set(ran_out)
    assert len(both) > 200
    whole, cut = whole.loc[both], cut.loc[both]
    changed = {
        name: float((whole[name].astype("str").fillna("") != cut[name].astype("str").fillna("")).mean())
        for name in COVARIATES
        if name in whole.columns
    }
    assert {name: share for name, share in changed.items() if share > 0.02} == {}
