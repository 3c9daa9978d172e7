"""A file read in blocks of any size gives what it gives in one."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts import delivery as deliveries
from analysis.extracts.files.reading import read_blocks
from analysis.extracts.rows import merging
from analysis.extracts.rows.staging import Shelf
from tests.extracts.persons.test_numbers import CHANGES, COORDINATION, INTERIM, SAME, SMALL, WOMAN, row

from .town import ANNA, BO, EVA, FACTS, STAFF, lines, read, staff

RULE = '[[file.exclude]]\nrule = "board"\ncolumn = "form"\nmatches = "^förtro"\nwhy = "Förtroendevalda."\n'


def messy() -> str:
    rows = [
        ANNA, BO, "", EVA, ANNA.replace("2015-08-10", "i fjol"), lines().strip(), ANNA, "100299;1;d0180",
        BO.replace("Vikariat", "100231"), BO.replace(";0.75;", ";;"), "Summa;;;;;1.75;;;", EVA + ";för;mycket",
        ANNA.replace("Tillsvidare", "Förtroendevald"), "Skyddad identitet" + ANNA[6:], BO.replace("100232", ""),
        *(ANNA.replace("100231", str(number)) for number in range(100300, 100330)),
        "Utskriven av löneenheten", "Sida 1 av 1",
    ]  # fmt: skip
    return lines(*rows)


def same_in_blocks(folder, toml, files, size, monkeypatch):
    """The delivery in one block each, after it was found to be the same in blocks, buckets and files of any size."""
    whole = read(folder, toml, files)
    monkeypatch.setattr(deliveries, "read_blocks", lambda path, spec: read_blocks(path, spec, rows=size))
    monkeypatch.setattr(deliveries, "Shelf", lambda: Shelf(0))
    monkeypatch.setattr(merging, "BUCKET", size)
    monkeypatch.setattr(merging, "BATCH", size)
    blocks = read(folder, toml, files)
    for name in ("quarantine", "ledger", "rules"):
        pd.testing.assert_frame_equal(getattr(blocks, name), getattr(whole, name))
    for name in whole.tables:
        pd.testing.assert_frame_equal(blocks.tables[name], whole.tables[name])
    assert blocks.warnings == whole.warnings
    return whole


@pytest.mark.parametrize("size", [1, 2, 3, 7, 19, 40, 45])
def test_blocks_of_any_size_give_the_same_tables_quarantine_and_account(tmp_path, monkeypatch, size):
    whole = same_in_blocks(tmp_path, FACTS + STAFF + RULE, {"staff.csv": messy()}, size, monkeypatch)
    assert len(whole.quarantine) == 5
    assert {"excluded", "structural", "merged"} <= set(whole.ledger.columns[(whole.ledger != 0).any()])


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_row_is_proven_and_a_person_linked_by_rows_of_other_blocks(tmp_path, monkeypatch, size):
    rows = [
        row(SMALL[3:], "A7"), row(SAME, "A1", "2021-03-01"), row(WOMAN, "A2"), row("2292399", "A8"),
        row("Skyddad identitet", "A9"), row(COORDINATION, "A1", "2019-01-01", "2021-02-20"),
        row(WOMAN, "A3"), row("20000101T220", "A4"), row(SMALL, "A7", "2024-01-01"), row(SMALL, "A7", "2020-01-01"),
    ]  # fmt: skip
    files = {"staff.csv": lines(*rows), "changes.csv": f"Gammalt;Nytt\n{WOMAN};197101019052\n"}
    whole = same_in_blocks(tmp_path, INTERIM + CHANGES, files, size, monkeypatch)
    assert whole.quarantine[["source_row", "reason"]].to_numpy().tolist() == [[5, "digits_lost"]]
    rules = {line["rule"]: (line["rows"], line["persons"]) for line in whole.rules.to_dict("records")}
    assert rules == {
        "leading_zeros_restored": (1, 1), "protected_kept": (1, 1), "interim_kept": (1, 1),
        "identity_changed": (2, 1), "coordination_number_replaced": (1, 1),
    }  # fmt: skip
    assert whole.tables["employments"]["person"].nunique() == 5


def test_a_column_is_empty_only_if_it_is_so_in_every_block(tmp_path, monkeypatch):
    monkeypatch.setattr(deliveries, "read_blocks", lambda path, spec: read_blocks(path, spec, rows=2))
    rows = [ANNA.replace("100231", str(number)).replace(";402010;", ";;") for number in range(100300, 100308)]
    bare = [row.replace(";1.0;", ";;") for row in rows]
    told = [each for each in staff(tmp_path, *rows[:-1], bare[-1]).warnings if "every cell" in each]
    assert ["header AID" in each for each in told] == [True]
    assert not [each for each in staff(tmp_path, *bare, ANNA).warnings if "every cell" in each]
