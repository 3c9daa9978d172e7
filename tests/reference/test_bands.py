"""Bandings of age: one file, spans that tile the ages."""

import pytest

from analysis.reference import load
from analysis.reference.bands import OLDEST, banding

IDS = [entry["id"] for entry in load("bands")["banding"]]


@pytest.mark.parametrize("id", IDS)
def test_bands_follow_each_other_without_gap_or_overlap(id: str) -> None:
    found = banding(id)
    assert list(found.starts) == sorted(set(found.starts))
    ages = [age for low, high in found.spans.values() for age in range(low, high + 1)]
    assert not found.names or ages == list(range(OLDEST + 1))
    assert load("bands")["banding"][IDS.index(id)]["source"]


def test_a_name_is_the_ages_it_says() -> None:
    assert banding("sick_leave").spans == {"u30": (0, 29), "30_49": (30, 49), "50_plus": (50, OLDEST)}
    assert banding("older").span("55_64") == (55, 64)
    for id in IDS:
        for name, (low, high) in banding(id).spans.items():
            first, _, last = name.partition("_")
            if first.startswith("u"):
                assert (low, high) == (0, int(first[1:]) - 1)
            else:
                assert low == int(first)
                assert high == (OLDEST if last == "plus" else int(last))
