"""Dialects that were misread once, each with variants; what resembles them and must stay as it is."""

from __future__ import annotations

import pytest

from analysis.extracts.files.as_text import read_table
from analysis.extracts.files.layout import detect


def look(tmp_path, text, *, encoding="utf-8"):
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode(encoding))
    layout = detect(path)
    return layout, list(layout.names), read_table(path, layout).to_numpy().tolist()


@pytest.mark.parametrize(
    "text",
    [
        'name, city\n"Prov, Anna", "Ort"\n"Test, Bo", "By"\n',
        '"name", "city"\n"Prov, Anna", "Ort"\n"Test, Bo", "By"\n',
        'name;  city\n"Prov, Anna";  "Ort"\n"Test, Bo";  "By"\n',
        '"name" , "city"\n"Prov, Anna" , "Ort"\n"Test, Bo" , "By"\n',
    ],
)
def test_a_blank_between_delimiter_and_quotation_mark(tmp_path, text):
    layout, names, cells = look(tmp_path, text)
    assert layout.quote == '"'
    assert [name.strip() for name in names] == ["name", "city"]
    assert [[cell.strip() for cell in row] for row in cells] == [["Prov, Anna", "Ort"], ["Test, Bo", "By"]]


def test_a_line_break_in_a_cell_behind_a_blank_shifts_nothing(tmp_path):
    _, _, cells = look(tmp_path, 'a, b, c\n"1", "x\ny, z", 3\n"2", "w", 4\n')
    assert cells == [["1", "x\ny, z", "3"], ["2", "w", "4"]]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Tid", ["07:30", "12:15", "23:59", "08:00"]),
        ("time", ["07:30:00", "12:15:10", "23:59:59"]),
        ("Stämplad", ["2024-01-02 07:30", "2024-01-03 12:15", "2024-02-01 08:00"]),
        ("Stamped at", ["2024-01-02 07:30:00", "2024-01-03 12:15:00", "2024-02-01 08:00:59"]),
        ("Belopp", ["1 250", "13 800", "2 400"]),
    ],
)
def test_one_column_of_times_or_moments_is_one_column(tmp_path, header, values):
    _, names, cells = look(tmp_path, "\n".join([header, *values]) + "\n")
    assert names == [header]
    assert cells == [[value] for value in values]


def test_a_colon_that_does_delimit_still_does(tmp_path):
    layout, names, cells = look(tmp_path, "user:id:shell\nanna:12:sh\nbo:13:bash\ncia:14:sh\n")
    assert layout.delimiter == ":"
    assert names == ["user", "id", "shell"]
    assert cells[0] == ["anna", "12", "sh"]


@pytest.mark.parametrize(
    ("text", "names", "row"),
    [
        ("col1,col2\n1;2;3,4;5;6\n7;8;9,1;2;3\n", ["col1", "col2"], ["1;2;3", "4;5;6"]),
        ("col1,col2\n1;2,4;5\n7;8,1;2\n9;1,3;4\n", ["col1", "col2"], ["1;2", "4;5"]),
        ("id,tags\na1,x;y;z\na2,u;v;w\na3,p;q;r\n", ["id", "tags"], ["a1", "x;y;z"]),
        ("id;codes\na1;x|y|z\na2;u|v|w\n", ["id", "codes"], ["a1", "x|y|z"]),
        ("id\tlist\na1\t1,2,3\na2\t4,5,6\n", ["id", "list"], ["a1", "1,2,3"]),
    ],
)
def test_lists_inside_cells_do_not_outweigh_the_header(tmp_path, text, names, row):
    _, found, cells = look(tmp_path, text)
    assert found == names
    assert cells[0] == row


@pytest.mark.parametrize(
    "text",
    ["Namn;Grad\nAnna;0,75\nBo;0,50\nCia;1,00\n", "Namn, enhet;Grad\nAnna;0,75\nBo;0,50\nCia;1,00\n"],
)
def test_decimal_commas_between_semicolons_stay_decimal_commas(tmp_path, text):
    layout, _, cells = look(tmp_path, text)
    assert (layout.delimiter, layout.decimal) == (";", ",")
    assert cells[0] == ["Anna", "0,75"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('id,said,n\n1,"He said ""hi""",3\n2,plain,4\n', [["1", 'He said "hi"', "3"], ["2", "plain", "4"]]),
        ('id;said;n\n1;"""Ja"" sa hon";3\n2;inget;4\n', [["1", '"Ja" sa hon', "3"], ["2", "inget", "4"]]),
        ('id,size\n1,"5"" rör"\n2,"3"" rör"\n', [["1", '5" rör'], ["2", '3" rör']]),
        ('id,said\n1,"""hela"""\n2,"""igen"""\n', [["1", '"hela"'], ["2", '"igen"']]),
    ],
)
def test_quotation_marks_only_where_one_is_doubled(tmp_path, text, cells):
    layout, _, found = look(tmp_path, text)
    assert layout.quote == '"'
    assert found == cells


@pytest.mark.parametrize("delimiter", ["#", "¦", "§", "^", "~"])
def test_rare_delimiters(tmp_path, delimiter):
    rows = [["id", "namn", "ort"], ["1", "Anna Prov", "Provby"], ["2", "Bo Prov", "Testby"], ["3", "Cia Prov", "Ort"]]
    layout, names, cells = look(tmp_path, "\n".join(delimiter.join(row) for row in rows) + "\n")
    assert layout.delimiter == delimiter
    assert names == rows[0]
    assert cells == rows[1:]


def test_a_number_sign_in_headers_and_remarks_delimits_nothing(tmp_path):
    text = "# exported by hand\nOrt;#Tjänster;#Personer\nProvby;12;15\nTestby;3;4\nOrt;7;9\n"
    layout, names, _ = look(tmp_path, text)
    assert layout.delimiter == ";"
    assert names == ["Ort", "#Tjänster", "#Personer"]


RUSSIAN = "имя;город;возраст\nАнна Петрова;Москва;34\nИван Сидоров;Казань;41\nОльга Орлова;Тверь;29\n"
GREEK = "όνομα;πόλη;ηλικία\nΜαρία Παπά;Αθήνα;34\nΓιώργος Νίκου;Πάτρα;41\nΕλένη Δήμου;Βόλος;29\n"
JAPANESE = "なまえ,まち,年齢\nさくら はなこ,とうきょう,34\nたなか たろう,おおさか,41\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859_5"),
        (GREEK, "cp1253"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE.replace("まち", "アドレス"), "cp932"),
    ],
)
def test_other_alphabets_are_read_in_their_own_code_page(tmp_path, text, encoding):
    layout, names, cells = look(tmp_path, text, encoding=encoding)
    assert layout.encoding == encoding
    mark = ";" if ";" in text else ","
    lines = text.splitlines()
    assert names == lines[0].split(mark)
    assert cells == [line.split(mark) for line in lines[1:]]


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman", "iso8859-15"])
@pytest.mark.parametrize("text", ["Namn;Ort\nÅsa Öberg;Åäö\nBjörn Ål;Växjö\n", "ÅÄÖ;Kön\nÖÄ;Man\nÅÅ;Kvinna\nÄÖÅ;Man\n"])
def test_swedish_texts_are_never_taken_for_another_alphabet(tmp_path, text, encoding):
    layout, _, _ = look(tmp_path, text, encoding=encoding)
    assert layout.encoding in ("cp1252", "cp850", "mac_roman", "iso8859-15")


def test_a_text_of_no_known_page_is_read_with_a_doubt(tmp_path):
    text = "이름;도시\n김민준;서울특별시\n이서연;부산광역시\n박지후;대구광역시\n"
    layout, _, _ = look(tmp_path, text, encoding="euc_kr")
    assert layout.confidence["encoding"] < 0.5
    assert any("encoding is a guess" in each for each in layout.doubts)


@pytest.mark.parametrize(
    "cell",
    ["https://kommun.se/sida/{}", "http://localhost:80{:02d}/x", "mailto:nummer{}@kommun.se", "00:1b:44:11:3a:{:02d}"],
)
def test_one_column_of_addresses_is_not_cut_at_its_colons(tmp_path, cell):
    path = tmp_path / "adresser.csv"
    path.write_text("adress\n" + "".join(cell.format(number) + "\n" for number in range(10, 40)), encoding="utf-8")
    found = detect(path)
    assert (list(found.names), len(read_table(path, found))) == (["adress"], 30)
