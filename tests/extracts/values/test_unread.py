"""Dates in formats that somebody has to state, and what is told of cells that nobody could use."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts.values.converting import dates
from analysis.extracts.values.unread import FORMATS, propose_formats
from tests.extracts.town import ANNA, BO, EVA, FACTS, HEADER, STAFF, account, doubts, lines, read, staff

EXTRACTED = pd.Timestamp("2026-01-07").date()
DAYS = pd.to_datetime(["2019-12-31", "2020-05-14", "1985-10-25"])
WRITTEN = [each for each in FORMATS if "%" in each]


def read_with(values: list[str], pattern: str) -> list[str]:
    found, _ = dates(pd.Series(values, dtype="str"), name="start", formats=[pattern], extracted=EXTRACTED)
    return found.dt.strftime("%Y-%m-%d").fillna("").tolist()


@pytest.mark.parametrize(
    ("written", "formats"),
    [
        ("31/12/2020", ["%d/%m/%Y"]), ("12/31/2020", ["%m/%d/%Y"]), ("01/02/2020", ["%d/%m/%Y", "%m/%d/%Y"]),
        ("43831", ["excel"]), ("i går", []), ("31.12.20", ["%d.%m.%y"]),
    ],
)  # fmt: skip
def test_a_format_is_proposed_for_unread_dates(written, formats):
    assert propose_formats({written: 3}, extracted=EXTRACTED) == formats


@pytest.mark.parametrize("pattern", WRITTEN)
def test_every_format_that_may_be_proposed_is_and_then_reads_what_it_was_proposed_for(pattern):
    values = [day.strftime(pattern) for day in DAYS]
    assert pattern in propose_formats(dict.fromkeys(values, 1), extracted=EXTRACTED)
    known = "%Y-%m-%d" if "%d" in pattern else "%Y-07-01" if pattern == "%Y" else "%Y-%m-01"
    whole = [day.strftime(known) for day in DAYS]
    assert read_with(values, pattern) == whole


@pytest.mark.parametrize(
    ("written", "pattern", "day"),
    [
        ("1 maj 2020", "%d %b %Y", "2020-05-01"), ("10-okt-15", "%d-%b-%y", "2015-10-10"),
        ("3 oktober 2019", "%d %B %Y", "2019-10-03"), ("Dec. 24, 2019", "%b %d, %Y", "2019-12-24"),
        ("31 12 2019", "%d %m %Y", "2019-12-31"), ("31 12 2019 08:30", "%d %m %Y", "2019-12-31"),
        ("10 Aug 2015 00:00:00", "%d %b %Y", "2015-08-10"), ("20200101T0830", "%Y%m%d", "2020-01-01"),
        ("2019 1231", "%Y", ""),
    ],
)  # fmt: skip
def test_a_stated_format_is_tried_on_the_cell_as_it_stands_first(written, pattern, day):
    assert read_with([written], pattern) == [day]


@pytest.mark.parametrize(("pattern", "days"), [("%d-%b-%Y", ("10-Aug-2015", "01-Jan-2021", "01-Aug-2003")),
                                               ("%d %m %Y", ("10 08 2015", "01 01 2021", "01 08 2003"))])  # fmt: skip
def test_a_file_whose_format_is_stated_is_read(tmp_path, pattern, days):
    rows = [row.replace(day, new) for row, day, new in zip(
        (ANNA, BO, EVA), ("2015-08-10", "2021-01-01", "2003-08-01"), days, strict=True)]  # fmt: skip
    delivery = staff(tmp_path, *rows, toml=FACTS + STAFF + f'[file.formats]\nstart = "{pattern}"\n')
    assert account(delivery)["accepted"] == 3


EXCLUDED = '[[file.exclude]]\nrule = "r"\ncolumn = "note"\nmatches = "^test"\nwhy = "w"\n'


def test_nothing_is_shown_of_a_column_that_only_an_exclusion_reads(tmp_path):
    """Free text may name anybody."""
    toml = FACTS + STAFF.replace("[file.values.form]", 'note = "Anteckning"\n[file.values.form]') + EXCLUDED
    rows = [ANNA + ";Bj”rn Persson vikarierar f”r Sj”berg", BO + ";x"]
    told = [
        str(each) for each in doubts(read(tmp_path, toml, {"staff.csv": lines(*rows, header=HEADER + ";Anteckning")}))
    ]
    assert [each for each in told if "wrong encoding" in each]
    assert not [each for each in told if "rn" in each.split("encoding")[0] or "Persson" in each]
