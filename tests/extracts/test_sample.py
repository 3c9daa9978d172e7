"""The sample municipality plants errors and says where: every one is found, and nothing else is."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts import check_gate, read_delivery
from analysis.reference import policy
from analysis.sample import write_sample

from .town import KEY


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, employees=400, years=2, seed=7)
    return read_delivery(folder, key=KEY), pd.read_csv(folder / "truth" / "errors.csv")


def test_the_rows_set_aside_are_those_with_a_planted_error(sample):
    delivery, errors = sample
    planted = errors.loc[errors["expected"] == "quarantined", ["file", "row"]]
    found = delivery.quarantine[["file", "source_row"]]
    assert len(planted) > 10
    assert sorted(found.itertuples(index=False, name=None)) == sorted(planted.itertuples(index=False, name=None))


def test_a_planted_reason_that_nobody_mapped_is_missing_and_told(sample):
    delivery, errors = sample
    unknown = errors.loc[errors["kind"] == "unknown_reason"]
    exits = delivery.tables["exits"]
    kept = exits[exits["source_row"].isin(unknown["row"])]
    assert len(kept) == len(unknown) > 0
    assert set(kept["cause"]) == {"unknown"}
    assert [warning for warning in delivery.warnings if "'Kod 99'" in warning and "file.values.cause" in warning]


@pytest.mark.parametrize("fate", ["merged", "excluded"])
def test_planted_repeats_are_merged_and_planted_holiday_workers_left_out(sample, fate):
    delivery, errors = sample
    planted = errors.loc[errors["expected"] == fate, "file"].value_counts()
    found = delivery.ledger.set_index("file")[fate]
    assert planted.sum() > 0
    assert found[found > 0].sort_index().to_dict() == planted.sort_index().to_dict()


def test_planted_blemishes_are_repaired(sample):
    delivery, errors = sample
    repaired = errors[errors["expected"] == "corrected"]
    kept = pd.concat([table[["source", "source_row"]] for table in delivery.tables.values()])
    both = repaired.merge(kept, left_on=["file", "row"], right_on=["source", "source_row"])
    assert len(both) > 0.9 * len(repaired)  # a repaired row may be merged with another


def test_the_sample_passes_the_gate_with_every_table(sample):
    delivery, _ = sample
    check_gate(delivery, policy())
    assert "snapshots" not in delivery.tables
    assert all(len(table) for table in delivery.tables.values())
    assert not [warning for warning in delivery.warnings if "occupation" in warning]
    assert not [warning for warning in delivery.warnings if "every cell" in warning]
