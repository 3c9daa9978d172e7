"""A file is looked at and its layout said: one trap at a time, in small made-up files."""

from __future__ import annotations

from contextlib import suppress

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.extracts.files.as_text import read_table
from analysis.extracts.files.layout import detect, sheets

PEOPLE = ["Nr;Enhet;Grad;Från", "100231;Skola A;0,75;2019-01-07", "100232;Förskola B;1,00;2020-08-10"]
PEOPLE += [f"1003{number};Skola C;0,{number};2021-02-{number}" for number in range(10, 28)]


def look(folder, content, name="fil.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    layout = detect(path)
    return layout, read_table(path, layout)


def lines(*above, rows=PEOPLE, below=()):
    return "\n".join([*above, *rows, *below]) + "\n"


def test_a_plain_file(tmp_path):
    layout, table = look(tmp_path, lines())
    assert (layout.format, layout.encoding, layout.delimiter, layout.quote) == ("csv", "utf-8", ";", None)
    assert (layout.header_row, layout.header_rows, layout.first_row, layout.footer) == (1, 1, 2, 0)
    assert (layout.decimal, layout.thousands, layout.missing) == (",", None, ())
    assert list(table) == ["Nr", "Enhet", "Grad", "Från"]
    assert table.iloc[1].tolist() == ["100232", "Förskola B", "1,00", "2020-08-10"]
    assert len(table) == 20
    assert layout.doubts == []


@pytest.mark.parametrize("more", ["", ",0,5"])
def test_decimal_commas_that_nobody_quoted_between_commas_are_a_doubt(tmp_path, more):
    rows = [row.replace(";", ",") + (more if place else (",Sjuk" if more else "")) for place, row in enumerate(PEOPLE)]
    layout, _ = look(tmp_path, lines(rows=rows))
    assert layout.delimiter == ","
    assert any("cells are shifted" in each for each in layout.doubts)


@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_any_delimiter_with_quoted_cells_that_hold_it(tmp_path, delimiter):
    rows = [row.replace(",", ".").replace(";", delimiter) for row in PEOPLE]
    rows[1] = rows[1].replace("Skola A", f'"Skola A{delimiter} norr"')
    layout, table = look(tmp_path, lines(rows=rows))
    assert (layout.delimiter, layout.quote, layout.decimal) == (delimiter, '"', ".")
    assert table["Enhet"].iloc[0] == f"Skola A{delimiter} norr"


def test_a_quoted_cell_far_down_is_seen(tmp_path):
    rows = [*PEOPLE, *(["100900;Skola C;0,5;2021-02-03"] * 800), '100901;"Skola; D";0,5;2021-02-03']
    assert look(tmp_path, lines(rows=rows))[1].iloc[-1, 1] == "Skola; D"


def test_apostrophes_that_quote(tmp_path):
    rows = ["namn;antal", *(f"'Enhet; {number}';{number}" for number in range(5))]
    layout, table = look(tmp_path, lines(rows=rows))
    assert layout.quote == "'"
    assert table["namn"].iloc[0] == "Enhet; 0"


def test_an_escaped_quotation_mark(tmp_path):
    rows = ["namn;antal", *(f'"rör \\"{number}\\"; grovt";{number}' for number in range(5))]
    layout, table = look(tmp_path, lines(rows=rows))
    assert layout.escape == "\\"
    assert table["namn"].iloc[3] == 'rör "3"; grovt'


@pytest.mark.parametrize(
    ("encoding", "found"), [("cp1252", "cp1252"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16")]
)
def test_the_encoding_with_its_confidence(tmp_path, encoding, found):
    layout, table = look(tmp_path, lines().encode(encoding))
    assert layout.encoding == found
    assert "Från" in table
    assert layout.confidence["encoding"] == (0.8 if encoding == "cp1252" else 1.0)


def test_bytes_of_no_swedish_code_page_are_a_doubt(tmp_path):
    layout, _ = look(tmp_path, lines().encode("cp1252") + b"100;\x81;0,5;2021-01-01\n")
    assert layout.encoding == "latin-1"
    assert layout.confidence["encoding"] < 0.5
    assert any("teckenkodning" in doubt.sv.lower() for doubt in layout.doubts)


@pytest.mark.parametrize(
    "spoil", [lambda text: text.encode().decode("cp1252").encode(), lambda text: text.encode() + b"\xe5;1;1;1\n"]
)
def test_headers_in_the_wrong_encoding_are_a_doubt(tmp_path, spoil):
    layout, _ = look(tmp_path, spoil(lines(rows=[PEOPLE[0].replace("Nr", "Anställningsnr"), *PEOPLE[1:]])))
    assert any("wrong encoding" in each for each in layout.doubts)


def test_dashes_of_cp1252_that_were_written_as_controls_are_dashes_again(tmp_path):
    assert look(tmp_path, lines().replace("Skola A", "Skola \x96 A"))[1].iloc[0, 1] == "Skola – A"


def test_preamble_and_footer_are_counted_and_no_records(tmp_path):
    content = lines(
        "Personalrapport", "Period: 2025-12", "", below=["", "Utskrivet: 2026-01-07 av X", "Slut på rapporten"]
    )
    layout, table = look(tmp_path, content)
    assert (layout.header_row, layout.first_row, layout.footer) == (4, 5, 2)
    assert len(table) == 20
    assert table.attrs["structural"] == 6
    assert table.attrs["rows"][0] == 5


def test_terms_explained_below_the_table_are_a_footer(tmp_path):
    wide = ["a;b;c;d;e;f;g;h", *(["x;1;2;3;4;5;6;7"] * 9), "Ord;Vad det betyder i den här tabellen"]
    layout, table = look(tmp_path, lines(rows=wide))
    assert layout.footer == 1
    assert len(table) == 9


def test_a_last_record_with_little_in_it_is_no_footer(tmp_path):
    layout, table = look(tmp_path, lines(below=["100999;;;"]))
    assert layout.footer == 0
    assert table.iloc[-1].tolist() == ["100999", "", "", ""]


def test_two_header_rows_with_groups_over_repeated_names(tmp_path):
    rows = [
        ";;Tjänster;;Lärare;",
        "Kommun;Kod;Antal;Andel;Antal;Andel",
        *(f"Ale;1440;{n};0,{n};{n};0,5" for n in range(9)),
    ]
    layout, table = look(tmp_path, lines("Statistik", "", rows=rows))
    assert (layout.header_row, layout.header_rows, layout.first_row) == (3, 2, 5)
    assert list(table)[2:] == ["Tjänster – Antal", "Tjänster – Andel", "Lärare – Antal", "Lärare – Andel"]


def test_a_record_of_words_under_whole_names_is_no_header(tmp_path):
    rows = ["Namn;Resa;Antal;Kostnad", "A;ingen resa;;", "B;Berlin;1;200", "C;Oslo;2;300", "D;Rom;1;900"]
    layout, table = look(tmp_path, lines(rows=rows))
    assert layout.header_rows == 1
    assert len(table) == 4


def test_years_as_names_are_a_header(tmp_path):
    layout, table = look(
        tmp_path, lines(rows=["Enhet;2021;2022;2023", *(f"E{n};{n};{n + 3};{n * 7}" for n in range(9))])
    )
    assert layout.header_row == 1
    assert list(table) == ["Enhet", "2021", "2022", "2023"]


def test_a_file_without_header_has_numbered_columns_and_a_doubt(tmp_path):
    layout, table = look(tmp_path, lines(rows=PEOPLE[1:]))
    assert (layout.header_row, layout.header_rows, layout.first_row) == (0, 0, 1)
    assert list(table) == ["1", "2", "3", "4"]
    assert len(table) == 20
    assert any("rubrikrad" in doubt.sv for doubt in layout.doubts)


def test_a_file_of_words_has_a_header_with_a_doubt(tmp_path):
    layout, table = look(tmp_path, lines(rows=["Enhet;Chef", "Skola;Anna", "Vård;Bo"]))
    assert layout.header_row == 1
    assert layout.confidence["header"] < 0.7
    assert layout.doubts
    assert len(table) == 2


def test_blank_thousands_and_markers_of_missing_values(tmp_path):
    rows = ["Kommun;Kostnad;Andel", *(f"K{n};{n} 827;0,{n}" for n in range(1, 9)), "K9;..;.", "K10;1 200;.."]
    layout, table = look(tmp_path, lines(rows=rows))
    assert (layout.thousands, layout.decimal, layout.missing) == (" ", ",", ("..", "."))
    assert table["Kostnad"].iloc[-2] == ".."


def test_a_trailing_delimiter_makes_no_column(tmp_path):
    layout, table = look(tmp_path, lines(rows=[row + ";" for row in PEOPLE]))
    assert layout.names == ("Nr", "Enhet", "Grad", "Från", "")
    assert list(table) == ["Nr", "Enhet", "Grad", "Från"]


def test_row_names_without_a_header_of_their_own(tmp_path):
    _, table = look(tmp_path, lines(rows=["x;y", *(f"rad {n};{n};{n + 1}" for n in range(9))]))
    assert list(table) == ["1", "x", "y"]
    assert table["y"].iloc[0] == "1"


def test_the_same_name_twice_is_told_apart_and_doubted(tmp_path):
    layout, table = look(tmp_path, lines(rows=["a;n;n", *(f"x;{n};{n}" for n in range(9))]))
    assert list(table) == ["a", "n", "n [3]"]
    assert layout.doubts


def test_one_column_is_a_table(tmp_path):
    assert look(tmp_path, lines(rows=["Nummer", "100", "200", "300"]))[1]["Nummer"].tolist() == ["100", "200", "300"]


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    _, table = look(tmp_path, "Nr;Enhet;Grad\n")
    assert list(table) == ["Nr", "Enhet", "Grad"]
    assert len(table) == 0


NAMES = ["Anna Ek", "Bo Å", "Cecilia af Ugglas", "David Lind", "Eva Norrgård", "Folke"]


def fixed(ruler):
    header = f"{'Nr':<8}{'Namn':<20}{'Lön':>10}  {'Från':<10}"
    rows = [f"{n:<8}{name:<20}{n * 371:>10}  2021-02-{n % 28 + 1:02}" for n, name in enumerate(NAMES * 3, start=7)]
    return "\n".join([header, *(["------- ------------------- ---------- ----------"] if ruler else []), *rows]) + "\n"


@pytest.mark.parametrize("ruler", [False, True])
def test_fixed_width_text_with_numbers_to_the_right(tmp_path, ruler):
    layout, table = look(tmp_path, fixed(ruler), "fil.txt")
    assert layout.format == "fixed"
    assert layout.delimiter is None
    assert list(table) == ["Nr", "Namn", "Lön", "Från"]
    assert table.iloc[0].tolist() == ["7", "Anna Ek", "2597", "2021-02-08"]
    assert table["Namn"].tolist() == NAMES * 3
    assert len(layout.widths) == 4


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "tabell.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Info").write(0, 0, "Läs mig")
        sheet = workbook.add_worksheet("Tabell 10")
        sheet.write_row(0, 0, ["Tabell 10", "Antal anställda efter ålder"])
        sheet.write_row(2, 0, ["Län", "Antal", "", "", "", "Medelålder"])
        sheet.write_row(3, 2, ["därav i åldersgrupper, %"])
        sheet.write_row(4, 0, ["Kommun", "", -29, "30-39", "", "Totalt", "Kvinnor"])
        for row in range(12):
            sheet.write_row(5 + row, 0, [f"K{row}", 100 + row, 9.5, 30.25, " ", 45.1, 44])
        sheet.write(18, 0, "Anm: månadsavlönade, inkl. lediga")
    return path


def test_a_workbook_with_title_three_header_rows_and_a_spacer_column(book):
    layout = detect(book)
    table = read_table(book, layout)
    assert sheets(book) == ["Tabell 10"]
    assert (layout.format, layout.sheet, layout.header_row, layout.header_rows) == ("xlsx", "Tabell 10", 3, 3)
    assert (layout.first_row, layout.footer) == (6, 1)
    group = "Antal – därav i åldersgrupper, %"
    assert list(table) == [
        "Län – Kommun",
        "Antal",
        f"{group} – -29",
        f"{group} – 30-39",
        "Medelålder – Totalt",
        "Medelålder – Kvinnor",
    ]
    assert table.iloc[0].tolist() == ["K0", "100", "9.5", "30.25", "45.1", "44"]
    assert len(table) == 12
    assert table.attrs["structural"] == 4


def test_a_sheet_is_named_or_refused(book):
    with pytest.raises(InputError, match="no sheet 'Blad9'"):
        detect(book, sheet="Blad9")


def test_parquet_says_its_names(tmp_path):
    path = tmp_path / "fil.parquet"
    pd.DataFrame({"Nr": ["007"], "Tim": [7.5]}).to_parquet(path)
    layout = detect(path)
    assert (layout.format, layout.names) == ("parquet", ("Nr", "Tim"))
    assert read_table(path, layout).to_numpy().tolist() == [["007", "7.5"]]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(alphabet="ab1;,\"' \n\\\t.-", max_size=60).map(str.encode)))
@example(b"PAR1")
@example(b"PK\x03\x04")
@example(b'"\n"\n')
@example(b"\xff\xfe\x00")
@example(b"- -\n")
@example(b"a\n\n\n\n")
def test_any_bytes_give_a_layout_that_reads_or_one_sentence(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    for name in ("fil.csv", "fil.xlsx"):
        with suppress(InputError):
            look(folder, content, name)
