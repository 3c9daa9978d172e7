"""Delimited text: no record is lost, and each keeps the line it stands on."""

from __future__ import annotations

import io

import numpy as np
import pytest

from analysis.extracts.files import delimited
from analysis.extracts.files.delimited import Dialect, read_record_blocks, sniff_delimiter


def read_records(text, *, delimiter, header_row):
    """Every record of a text as one block, None where there is no header."""
    return next(
        read_record_blocks(iter([io.StringIO(text, newline=None).read()]), Dialect(delimiter, header_row=header_row)),
        None,
    )


def records(text, *, delimiter=";", header_row=1):
    found = read_records(text, delimiter=delimiter, header_row=header_row)
    return found.frame.to_numpy().tolist(), found.rows.tolist(), found.odd, found.structural


PLAIN = "a;b\n1;2\n\n3;4;5\n6\n7;8;\n"


@pytest.mark.parametrize("in_bulk", [True, False])
@pytest.mark.parametrize("text", [PLAIN, PLAIN.replace("\n", "\r\n"), PLAIN.replace("1;2", '"1";"2"')])
def test_the_fast_and_the_careful_reader_agree(text, in_bulk, monkeypatch):
    if not in_bulk:
        monkeypatch.setattr(delimited, "_sound", lambda buffer, ends, dialect, width: np.zeros(len(ends), dtype=bool))
    cells, rows, odd, structural = records(text)
    assert cells == [["1", "2"], ["3", "4"], ["6", ""], ["7", "8"]]
    assert rows == [2, 4, 5, 6]
    assert odd == {1: "too_many_fields", 2: "too_few_fields"}
    assert structural == 1


def test_lines_above_the_header_are_structure():
    cells, rows, _, structural = records("Rapport\n\na;b\n1;2\n", header_row=3)
    assert (cells, rows, structural) == ([["1", "2"]], [4], 2)


def test_a_line_break_inside_quotes_does_not_shift_the_lines_below():
    cells, rows, odd, _ = records('a;b\n1;"x\ny"\n2;z\n')
    assert cells == [["1", "x\ny"], ["2", "z"]]
    assert rows == [2, 4]
    assert not odd


def test_a_header_with_a_line_break_is_one_header():
    found = read_records('"Grad\n(%)";b\n1;2\n', delimiter=";", header_row=1)
    assert found.header == ["Grad\n(%)", "b"]
    assert found.rows.tolist() == [3]


def test_a_quotation_mark_that_is_never_closed_costs_one_row():
    cells, rows, odd, _ = records('a;b\n1;"x\n2;y\n3;z\n')
    assert rows == [2, 3, 4]
    assert odd == {0: "unbalanced_quote"}
    assert cells[1:] == [["2", "y"], ["3", "z"]]


def test_inch_marks_inside_a_value_are_text():
    cells, _, odd, _ = records('a;b\n1;rör 12" grov\n')
    assert cells == [["1", 'rör 12" grov']]
    assert not odd


def test_old_mac_line_ends_and_unicode_separators():
    cells, rows, _, _ = records("a;b\r1;x\u2028y\x0cz\r")
    assert cells == [["1", "x\u2028y\x0cz"]]
    assert rows == [2]


def test_a_last_line_without_line_end_counts():
    assert records("a;b\n1;2\n3;4")[1] == [2, 3]


def test_a_header_alone_is_no_record():
    assert records("a;b\n")[0] == []
    assert read_records("a;b\n", delimiter=";", header_row=2) is None


def test_many_malformed_lines_take_the_careful_path_with_the_same_result():
    text = "a;b\n" + "1;2;3\n" * 60 + "4;5\n" * 10
    _, rows, odd, _ = records(text)
    assert rows == list(range(2, 72))
    assert list(odd) == list(range(60))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_the_expected_headers(delimiter):
    text = delimiter.join(["Nr", "Namn, titel", "Grad"]).replace("Namn, titel", '"Namn, titel"')
    text += "\n" + delimiter.join(["1", '"Ek; Anna | Bo"', "0"]) + "\n"
    expected = {"Nr", "Namn, titel", "Grad"}
    assert sniff_delimiter(text, header_row=1, score=lambda header: len(expected & set(header))) == delimiter


def test_without_expected_headers_the_most_consistent_delimiter_wins():
    text = "a;b\n1,5;2\n2,5;3\n3;4,1,1\n"
    assert sniff_delimiter(text, header_row=1, score=lambda header: 0) == ";"


def blocks(text, rows=2, piece=7, **how):
    pieces = (text[start : start + piece] for start in range(0, len(text), piece))
    return list(read_record_blocks(pieces, Dialect(";", **how), rows=rows))


@pytest.fixture
def short_sight(monkeypatch):
    monkeypatch.setattr(delimited, "AHEAD", 2)
    monkeypatch.setattr(delimited, "AHEAD_BYTES", 0)


@pytest.mark.usefixtures("short_sight")
def test_blocks_number_their_rows_as_the_file_does_and_only_the_last_says_so():
    found = blocks("Rapport\na;b\n" + "".join(f"{n};x\n" for n in range(11)) + "\n12;y\n", header_row=2)
    assert [block.header for block in found] == [["a", "b"]] * len(found)
    assert [row for block in found for row in block.rows] == [*range(3, 14), 15]
    assert [block.last for block in found] == [False] * (len(found) - 1) + [True]
    assert len(found) > 3
    assert [block.structural for block in found] == [1] + [0] * (len(found) - 2) + [1]


@pytest.mark.usefixtures("short_sight")
def test_a_record_that_goes_on_beyond_a_block_is_read_whole():
    found = blocks('a;b\n1;x\n2;"y\n' + "z\n" * 9 + '"\n3;w\n')
    assert [tuple(row) for block in found for row in block.frame.to_numpy()] == [
        ("1", "x"),
        ("2", "y\n" + "z\n" * 9),
        ("3", "w"),
    ]
    assert [row for block in found for row in block.rows] == [2, 3, 14]


@pytest.mark.usefixtures("short_sight")
def test_a_quotation_mark_never_closed_costs_one_row_in_blocks_too():
    found = blocks('a;b\n1;"x\n' + "2;y\n" * 20)
    assert [row for block in found for row in block.rows] == list(range(2, 23))
    assert [block.odd for block in found if block.odd] == [{0: "unbalanced_quote"}]


def test_a_footer_of_stated_length_is_structure():
    (found,) = blocks("a;b\n1;2\n\nSumma;9\nUtskrivet av X\n", footer=2)
    assert found.rows.tolist() == [2]
    assert found.structural == 3


def test_records_that_do_not_follow_the_header_at_once():
    (found,) = blocks("a;b\n----\n====\n1;2\n", first_row=4)
    assert (found.header, found.rows.tolist(), found.structural) == (["a", "b"], [4], 2)


def test_a_file_without_header_has_numbered_columns_as_many_as_most_records_have():
    (found,) = blocks("Utskrift\n1;2\n3;4\n5;6;7\n", header_row=0, first_row=2)
    assert found.header == ["1", "2"]
    assert found.rows.tolist() == [2, 3, 4]
    assert found.odd == {2: "too_many_fields"}
    assert found.structural == 1


def test_groups_in_a_row_above_are_carried_over_the_columns_they_span():
    (found,) = blocks(";;Tjänster;;Lärare;\nKommun;Kod;Totalt;Andel;Totalt;Andel\nAle;1440;1;2;3;4\n", header_rows=2)
    assert found.header == [
        "Kommun",
        "Kod",
        "Tjänster – Totalt",
        "Tjänster – Andel",
        "Lärare – Totalt",
        "Lärare – Andel",
    ]
    assert found.rows.tolist() == [3]


def test_apostrophes_quote_where_they_are_said_to():
    (found,) = blocks("a;b\n'1;2';3\n", quote="'")
    assert found.frame.to_numpy().tolist() == [["1;2", "3"]]


def test_quotation_marks_are_text_where_they_are_said_to_be():
    (found,) = blocks('a;b\n"1;2"\n', quote="")
    assert found.frame.to_numpy().tolist() == [['"1', '2"']]


def test_a_backslash_escapes_where_it_is_said_to():
    (found,) = blocks('a;b\n"1\\";2";3\n4\\;5;6\n7;8\n', escape="\\")
    assert found.frame.to_numpy().tolist() == [['1";2', "3"], ["4;5", "6"], ["7", "8"]]
