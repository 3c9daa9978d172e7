"""A file read in blocks of any size gives what it gives in one."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts import delivery as deliveries
from analysis.extracts.reading import read_blocks

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


@pytest.mark.parametrize("size", [1, 2, 3, 7, 19, 40, 45])
def test_blocks_of_any_size_give_the_same_tables_quarantine_and_account(tmp_path, monkeypatch, size):
    toml = FACTS + STAFF + RULE
    whole = read(tmp_path, toml, {"staff.csv": messy()})
    monkeypatch.setattr(deliveries, "read_blocks", lambda path, spec: read_blocks(path, spec, rows=size))
    blocks = read(tmp_path, toml, {"staff.csv": messy()})
    assert len(whole.quarantine) == 5
    assert {"excluded", "structural", "merged"} <= set(whole.ledger.columns[(whole.ledger != 0).any()])
    for name in ("quarantine", "ledger", "rules"):
        pd.testing.assert_frame_equal(getattr(blocks, name), getattr(whole, name))
    pd.testing.assert_frame_equal(blocks.tables["employments"], whole.tables["employments"])
    assert blocks.warnings == whole.warnings


def test_a_column_is_empty_only_if_it_is_so_in_every_block(tmp_path, monkeypatch):
    monkeypatch.setattr(deliveries, "read_blocks", lambda path, spec: read_blocks(path, spec, rows=2))
    rows = [ANNA.replace("100231", str(number)).replace(";402010;", ";;") for number in range(100300, 100308)]
    bare = [row.replace(";1.0;", ";;") for row in rows]
    told = [each for each in staff(tmp_path, *rows[:-1], bare[-1]).warnings if "every cell" in each]
    assert ["header AID" in each for each in told] == [True]
    assert not [each for each in staff(tmp_path, *bare, ANNA).warnings if "every cell" in each]
