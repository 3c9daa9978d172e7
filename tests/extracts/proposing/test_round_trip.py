"""The sample's raw files without their delivery.toml: the proposed one reads them as the hand-written one does."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.extracts import Delivery, read_delivery
from analysis.extracts.proposing import propose, write_proposal

from ..town import KEY
from . import variants

JUDGED = {
    "employments": "that holiday workers are not part of the workforce is a rule a person makes",
    "finance": "no file says that its costs stand in thousands",
    "qualifications": "a certificate whose name differs from the reference entry keeps its own name",
    "training": "a course whose name differs from the reference entry keeps its own name",
    "vacancies": "titles without an AID code in the reference data keep their own name",
    "staffing_ratios": "as vacancies",
    "teaching": "stages keep the writing of the file",
}
"""Tables in which the hand-written file holds a judgement that no file shows."""


@pytest.fixture(scope="module")
def by_hand(small_sample: Path) -> Delivery:
    return read_delivery(small_sample, key=KEY)


def proposed(folder: Path) -> Delivery:
    write_proposal(folder, propose(folder))
    return read_delivery(folder, key=KEY)


def assert_same_rows(proposal: Delivery, by_hand: Delivery) -> None:
    """Same tables from the same files; same rows accepted but for the holiday workers that a rule leaves out."""
    columns = ["accepted", "quarantined", "merged"]
    found = proposal.ledger.set_index(["file", "table"])[columns].sort_index()
    wanted = by_hand.ledger.set_index(["file", "table"])
    wanted["accepted"] += wanted["excluded"]
    assert wanted["excluded"].groupby("table").sum().loc[lambda rows: rows > 0].index.tolist() == ["employments"]
    pd.testing.assert_frame_equal(found, wanted[columns].sort_index())


def test_the_proposed_file_reads_the_sample_as_the_one_written_by_hand(small_sample, by_hand, tmp_path) -> None:
    proposal = proposed(variants.hidden(small_sample, tmp_path / "as_it_is"))
    assert_same_rows(proposal, by_hand)
    for name, table in by_hand.tables.items():
        if name not in JUDGED:
            pd.testing.assert_frame_equal(proposal.tables[name], table, obj=name)
    facts, hand = proposal.manifest.delivery, by_hand.manifest.delivery
    assert (facts.municipality, facts.extracted) == (hand.municipality, hand.extracted)
    assert proposal.manifest.departments == by_hand.manifest.departments


def test_english_headers_commas_and_utf_8_make_no_difference(small_sample, by_hand, tmp_path) -> None:
    folder = variants.hidden(small_sample, tmp_path / "english")
    variants.rewrite(folder, variants.in_english, delimiter=",", encoding="utf-8")
    proposal = proposed(folder)
    assert_same_rows(proposal, by_hand)
    pd.testing.assert_frame_equal(proposal.tables["exits"], by_hand.tables["exits"])


def test_shuffled_columns_titles_cp1252_and_per_mille_make_no_difference(small_sample, by_hand, tmp_path) -> None:
    folder = variants.hidden(small_sample, tmp_path / "redressed")
    variants.rewrite(folder, variants.redressed, delimiter=";", encoding="cp1252")
    proposal = proposed(folder)
    assert_same_rows(proposal, by_hand)
    employments = next(spec for spec in proposal.manifest.file if spec.table == "employments")
    assert employments.scale == {"rate": 0.001, "rate_actual": 0.001, "rate_wanted": 0.001}
    assert employments.header_row == 4
    rates = [each.tables["employments"]["rate"].dropna().round(4).value_counts() for each in (proposal, by_hand)]
    assert abs(rates[0] - rates[1]).sum() <= 7  # the holiday workers
