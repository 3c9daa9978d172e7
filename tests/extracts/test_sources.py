"""Which files a delivery consists of, and on which day it was extracted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from analysis.extracts.account.corrections import NEEDED, names
from analysis.reference import policy

from .town import ANNA, BO, FACTS, STAFF, doubts, lines, read, told

LISTS = """
[[file]]
table = "snapshots"
pattern = "lista_(?P<day>.*)[.]csv"
[file.columns]
person = "Nr"
unit = "Enhet"
[file.constants]
snapshot = "{day}"
"""
STATED = date(2026, 1, 7)


@pytest.mark.parametrize(("days", "moved"), [(-7, False), (358, True), (370, True), (371, False), (9855, False)])
def test_a_newer_list_moves_the_day_of_extraction_but_a_mistyped_year_does_not(tmp_path, days, moved):
    assert policy().extraction.max_days == 370
    day = STATED + timedelta(days=days)
    files = {f"lista_{each}.csv": "Nr;Enhet\n1;d1\n2;d1\n" for each in ("2024-12-31", str(day))}
    delivery = read(tmp_path, FACTS + LISTS, files)
    assert delivery.manifest.delivery.extracted == (day if moved else STATED)
    told_of = [each for each in doubts(delivery) if f"lista_{day}.csv is of {day}" in str(each)]
    assert len(told_of) == (days > 0)
    if days > 370:  # its rows lie in the future and are set aside, not counted as the newest
        assert set(delivery.quarantine["reason"]) == {"in_future"}


def test_the_file_of_corrections_is_read_and_not_told_as_left_over(tmp_path):
    toml = FACTS.rstrip() + '\ncorrections = "corrections.csv"\n' + STAFF
    header = ";".join(names("heading")[each]["sv"] for each in NEEDED)
    files = {"staff.csv": lines(ANNA, BO), "corrections.csv": header + "\n"}
    delivery = read(tmp_path, toml, files)
    assert not told(delivery, "not read")
    assert told(read(tmp_path, toml, files | {"other.csv": "a;b\n"}), "1 file in the folder not read")
