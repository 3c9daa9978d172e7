"""Hostile and clumsy files: refused in one sentence, with bounded time and memory, and nothing read from elsewhere."""

from __future__ import annotations

import io
import re
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from analysis.errors import InputError
from analysis.extracts import read_delivery
from analysis.extracts.files.sheet_extent import MOST_CELLS, _at_most, _binary, _exact, too_far
from analysis.extracts.files.workbook import COMPOUND, ENCRYPTED, open_sheet
from analysis.extracts.values.bounded_patterns import is_plain, matches, substituted
from tests.extracts.town import ANNA, BO, FACTS, HEADER, KEY, STAFF, lines, write

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


def xlsx(path: Path, rows: str) -> Path:
    """A workbook whose only sheet is written by hand."""
    content = (
        f'<Types xmlns="{PACKAGE}content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    )
    sheets = f'<sheets><sheet name="S" sheetId="1" xmlns:r="{LINKS}" r:id="rId1"/></sheets>'
    relation = '<Relationship Id="rId1" Type="{}/{}" Target="{}"/>'
    relations = f'<Relationships xmlns="{PACKAGE}relationships">{{}}</Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", content)
        package.writestr("_rels/.rels", relations.format(relation.format(LINKS, "officeDocument", "xl/workbook.xml")))
        package.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}">{sheets}</workbook>')
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            relations.format(relation.format(LINKS, "worksheet", "worksheets/sheet1.xml")),
        )
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B2"/><sheetData>{rows}</sheetData></worksheet>',
        )
    return path


LAST = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize("rows", [LAST, f'<row r="1"><c r="A1"><v>1</v></c></row>{LAST}', LAST.replace('"', "'")])
def test_a_value_in_the_last_cell_of_a_sheet_is_said_and_not_made_room_for(tmp_path: Path, rows: str) -> None:
    path = xlsx(tmp_path / "staff.xlsx", rows)
    assert path.stat().st_size < 2500
    with pytest.raises(InputError, match=r"staff\.xlsx has a cell far outside its table \(XFD1048576 in sheet 'S'\)"):
        open_sheet(path)


def test_a_sheet_that_is_only_large_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(3):
            sheet.write_row(row, 0, range(800))
        sheet.write(99_998, 0, 1)
    assert too_far(path, "Sheet1") == ""
    assert len(open_sheet(path).cells) == 99_999


def test_the_extent_is_found_in_cells_across_chunks_and_never_underestimated(monkeypatch: pytest.MonkeyPatch) -> None:
    references = ["A1", "B7", "AA12", "ZZ99999", "C100000", "XFD3"]
    for chunk in (1, 7, 33, 1 << 20):
        monkeypatch.setattr("analysis.extracts.files.sheet_extent.CHUNK", chunk)
        monkeypatch.setattr("analysis.extracts.files.sheet_extent.OVERLAP", 32)
        for last in range(1, len(references) + 1):
            text = "".join(f'<c r="{each}"><v>1</v></c>' for each in references[:last]).encode()
            row, column = _exact(io.BytesIO(text))
            assert row == max(int(re.sub(r"\D", "", each)) for each in references[:last])
            assert _at_most(io.BytesIO(text)) >= row * column


def test_the_extent_of_a_binary_sheet(tmp_path: Path) -> None:
    def record(kind: int, content: bytes) -> bytes:
        return bytes([kind, len(content)]) + content

    text = record(0, (1_048_575).to_bytes(4, "little") + b"\0" * 8) + record(2, (16_383).to_bytes(4, "little") * 2)
    assert _binary(io.BytesIO(text)) == (1_048_576, 16_384)
    path = tmp_path / "a.xlsb"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.bin", b"")
        package.writestr("xl/worksheets/sheet1.bin", text)
    assert too_far(path, "S") == "XFD1048576"


def test_an_ods_sheet_of_repeated_values_is_said_to_be_too_large(tmp_path: Path) -> None:
    names = {
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text", "manifest")
    }
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", kind)
        package.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest {spaces}><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>",
        )
        package.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="S">'
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" '
            'office:value="1" table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell>'
            "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
        )
    with pytest.raises(InputError, match="a cell far outside its table, so that the sheet is too large"):
        open_sheet(path)
    assert MOST_CELLS < 1_048_576 * 16_384


@pytest.mark.parametrize("name", ["staff.xlsx", "staff.xlsm", "staff.xls"])
def test_a_workbook_locked_by_a_password_is_named_as_such(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(COMPOUND + b"\0" * 2000 + "Root Entry".encode("utf-16-le") + ENCRYPTED + b"\0" * 500)
    with pytest.raises(InputError, match=f"{name} is protected by a password and cannot be read; open it, remove"):
        open_sheet(path)
    path.write_bytes(COMPOUND + b"\0" * 2000)
    with pytest.raises(InputError, match="not a readable Excel workbook"):
        open_sheet(path)


def delivery(folder: Path, toml: str) -> Path:
    return write(folder, toml, {"staff.csv": lines(ANNA, BO)})


def outside(folder: Path, how: str, secret: Path) -> str:
    """A ``delivery.toml`` that leads out of its folder in one of the ways there are."""
    if how == "absolute":
        return FACTS + STAFF.replace("staff.csv", str(secret))
    if how == "upwards":
        return FACTS + STAFF.replace("staff.csv", f"../{secret.parent.name}/{secret.name}")
    if how == "files":
        return FACTS.replace("[delivery]", f'[delivery]\nfiles = "../{secret.parent.name}"') + STAFF
    if how == "corrections":
        return FACTS.replace("[delivery]", f'[delivery]\ncorrections = "../{secret.parent.name}"') + STAFF
    (folder / "link.csv").symlink_to(secret)
    named = 'path = "staff.csv"', ('path = "link.csv"' if how == "link" else 'pattern = "li.*[.]csv"')
    return FACTS + STAFF.replace(*named)


WAYS = ("absolute", "upwards", "files", "corrections", "link", "pattern")


@pytest.mark.parametrize("how", WAYS)
def test_a_delivery_reads_inside_its_own_folder_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    secret = tmp_path / "elsewhere" / "staff.csv"
    secret.parent.mkdir()
    secret.write_text(lines(ANNA), encoding="utf-8")
    folder = tmp_path / "town"
    folder.mkdir()
    delivery(folder, outside(folder, how, secret))
    with pytest.raises(InputError, match=r"leads out of the delivery's folder; put the files there, or allow"):
        read_delivery(folder, key=KEY)
    # unless the installation allows the folder, which must not be decided by the delivery
    (tmp_path / "analysis.toml").write_text(
        'delivery_folders = ["elsewhere"]\n[contact]\nname = "HR"\nemail = "hr@example.org"\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    if how == "corrections":
        with pytest.raises(InputError, match=r"staff\.csv"):  # read, and found to be no corrections
            read_delivery(folder, key=KEY)
        return
    assert read_delivery(folder, key=KEY).records["accepted"] > 0


def test_links_and_folders_inside_a_delivery_are_read_and_the_delivery_may_itself_be_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    toml = FACTS.replace("[delivery]", '[delivery]\nfiles = "in"') + STAFF.replace("staff.csv", "../more/staff.csv")
    delivery(folder, toml)
    for name in ("in", "more"):
        (folder / name).mkdir()
    (folder / "more" / "staff.csv").symlink_to(folder / "staff.csv")
    (tmp_path / "link").symlink_to(folder)
    assert read_delivery(tmp_path / "link", key=KEY).records["accepted"] == 2


EVIL = "^(a+)+$"
LONG = "a" * 60 + "!"


@pytest.mark.parametrize("where", ["clean", "exclude", "titles", "pattern"])
def test_a_pattern_that_would_not_end_is_stopped_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr("analysis.extracts.values.bounded_patterns.SECONDS", 0.5)
    staff = STAFF.replace('aid = "AID"', 'title = "AID"')
    if where == "clean":
        staff += f'[[file.clean.title]]\npattern = "{EVIL}"\n'
    elif where == "exclude":
        staff += f'[[file.exclude]]\nrule = "evil"\ncolumn = "title"\nmatches = "{EVIL}"\nwhy = "x"\n'
    elif where == "titles":
        staff = f'[occupations]\nrules = [{{ matches = "{EVIL}", occupation = "unknown" }}]\n' + staff
    else:
        staff = staff.replace('path = "staff.csv"', f'pattern = "{EVIL}"')
    cells = ANNA.replace("402010", LONG)
    write(tmp_path, FACTS + staff, {"staff.csv": "\n".join([HEADER, cells]), f"{LONG}.csv": "x"})
    began = time.monotonic()
    with pytest.raises(
        InputError, match=r"the pattern '\^\(a\+\)\+\$' of delivery.toml did not end within 0.5 seconds"
    ):
        read_delivery(tmp_path, key=KEY)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("pattern", "plain"),
    [
        ("^0+", True),
        ("förskol", True),
        (r"^(barn|elev)skötare$", True),
        (r"\d{4}-\d{2}", True),
        (EVIL, False),
        ("(a|a)*$", False),
        (r"(\w+\s?)*$", False),
        (".*.*.*x", False),
        ("(a{1,200})b(c{0,200})d", False),
    ],
)
def test_patterns_that_may_take_long_are_told_from_plain_ones(pattern: str, plain: bool) -> None:
    assert is_plain(pattern) is plain


@pytest.mark.parametrize("pattern", [r"^(\w+) +(\w+)$", "å+|ö+", r"(?:x(\d+))?-(\d+)", r"\s+$"])
def test_a_pattern_gives_the_same_wherever_it_works(monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    texts = ["Anna  Ek", "åå öö", "x12-3", "-4", "slut  ", "", "ÅÅ", "\udce5"]
    found = []
    for plain in (-1, 99):
        monkeypatch.setattr("analysis.extracts.values.bounded_patterns.PLAIN", plain)
        is_plain.cache_clear()
        found.append(
            (
                matches(pattern, texts, flags=re.IGNORECASE),
                matches(pattern, texts, how="fullmatch"),
                substituted(pattern, r"<\g<0>>", texts, flags=re.IGNORECASE),
            )
        )
    is_plain.cache_clear()
    assert found[0] == found[1]
