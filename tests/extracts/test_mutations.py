"""Whatever is done to a file, it is read with every record accounted for or refused in one sentence."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import AnalysisError
from analysis.extracts import Delivery, read_delivery, summary, write_quarantine
from analysis.extracts.delivery import COUNTS
from analysis.extracts.quality import look_over, profile
from analysis.tables.clean import TABLES

from .mutating import FORMATS, PERSONS, TEXT, Sheet, sheet, shuffled_rows, spoilt, written
from .town import KEY


def delivered(folder: Path, made: Sheet, data: bytes) -> Delivery:
    (folder / "delivery.toml").write_text(made.toml, encoding="utf-8")
    (folder / made.name).write_bytes(data)
    return read_delivery(folder, key=KEY)


def lawful(seed: int) -> None:
    """Break one file as ``seed`` says and hold the reader to the law."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made, data = spoilt(seed, folder)
        try:
            delivery = delivered(folder, made, data)
        except AnalysisError as refused:
            sentence = str(refused)
            assert made.name in sentence, sentence
            assert "\n" not in sentence
            assert place not in sentence
            assert not any(person in sentence for person in PERSONS), sentence
            return
        accounted(delivery, made, data)
        written_files = write_quarantine(delivery, folder, folder / "out", key=KEY)
        words = "".join(file.read_text(encoding="utf-8-sig") for file in written_files)
        words += summary(delivery, findings=look_over(delivery)) + summary(delivery, "en")
        words += delivery.quarantine.to_csv() + delivery.rules.to_csv() + profile(delivery, least=5).to_csv()
        assert not any(person in words for person in PERSONS)


def accounted(delivery: Delivery, made: Sheet, data: bytes) -> None:
    (line,) = delivery.ledger.to_dict("records")
    assert line["read"] == sum(line[name] for name in COUNTS[1:])
    assert line["quarantined"] == len(delivery.quarantine)
    assert line["accepted"] == len(delivery.tables[made.table])
    rows = [*delivery.quarantine["source_row"], *delivery.tables[made.table]["source_row"]]
    assert len(set(rows)) == len(rows)
    if made.format in TEXT:
        text = data.decode(delivery.encodings[made.name]).rstrip("\x1a")
        lines = len(io.StringIO(text, newline=None).readlines()) - 1
        # quotation marks may join lines to one record; without them a record is a line
        assert line["read"] == lines if '"' not in text or made.format == "fixed" else line["read"] <= lines
    elif made.format == "parquet":
        assert line["read"] == len(made.rows)


def broken(seeds: range) -> list[str]:
    """The seeds that break the law, with what was done to the file and how it failed."""
    found = []
    for seed in seeds:
        try:
            lawful(seed)
        except Exception as error:
            with tempfile.TemporaryDirectory() as place:
                made, _ = spoilt(seed, Path(place))
            found.append(f"{seed}: {made.name} {made.done}: {type(error).__name__}: {str(error)[:300]}")
    return found


@pytest.mark.parametrize("block", range(8))  # in blocks, so that no worker is left with all of it
def test_a_hundred_spoilt_files_are_accounted_for_or_refused_in_one_sentence(block):
    assert broken(range(13 * block, 13 * (block + 1))) == []


@pytest.mark.parametrize("seed", [2458, 7139, 9714])
def test_a_number_in_the_column_of_codes_or_units_is_not_repeated_in_what_is_said_of_them(seed):
    assert broken(range(seed, seed + 1)) == []


@pytest.mark.large
@pytest.mark.parametrize("block", range(10))
def test_ten_thousand_spoilt_files_are_accounted_for_or_refused_in_one_sentence(block, seed):
    first = seed + 1000 * (block + 1)
    assert broken(range(first, first + 1000)) == []


@pytest.mark.parametrize("table", TABLES)
def test_a_file_of_every_table_is_read_whole_in_every_format(tmp_path, table):
    for each in sorted(set(FORMATS)):
        made = sheet(table, each)
        folder = tmp_path / each
        folder.mkdir()
        delivery = delivered(folder, made, written(made, folder))
        assert delivery.quarantine.empty, delivery.quarantine
        assert delivery.records["accepted"] + delivery.records["merged"] == len(made.rows)


@pytest.mark.parametrize("table", TABLES)
def test_the_order_of_the_rows_does_not_change_what_is_accepted(tmp_path, table):
    made = sheet(table, "csv")
    made.rows[2][0] = ""
    before = delivered(tmp_path, made, written(made, tmp_path))
    shuffled_rows(made, np.random.default_rng(5))
    after = delivered(tmp_path, made, written(made, tmp_path))
    assert before.records == after.records
    rows = [
        each.tables[table][list(TABLES[table])].astype("str").fillna("").to_numpy().tolist() for each in (before, after)
    ]
    assert sorted(rows[0]) == sorted(rows[1])


def test_a_reader_that_loses_a_record_breaks_the_law(monkeypatch):
    from analysis.extracts import delivery as module

    whole = module.read_blocks

    def careless(path, spec):
        for raw in whole(path, spec):
            raw.frame, raw.rows = raw.frame.iloc[1:].reset_index(drop=True), raw.rows[1:]
            yield raw

    monkeypatch.setattr(module, "read_blocks", careless)
    assert any("AssertionError" in each for each in broken(range(30)))
