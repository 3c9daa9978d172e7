"""Delimited text: no record is lost, and each keeps the line it stands on."""

from __future__ import annotations

import pytest

from analysis.extracts.delimited import read_records, sniff_delimiter


def records(text, *, delimiter=";", header_row=1):
    found = read_records(text, delimiter=delimiter, header_row=header_row)
    return found.frame.to_numpy().tolist(), found.rows.tolist(), found.odd, found.structural


PLAIN = "a;b\n1;2\n\n3;4;5\n6\n7;8;\n"


@pytest.mark.parametrize("text", [PLAIN, PLAIN.replace("\n", "\r\n"), PLAIN.replace("a;b", '"a";b')])
def test_the_fast_and_the_careful_reader_agree(text):
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
