"""What somebody may not have seen when a sheet was chosen: other sheets, hidden rows and columns, other tables."""

from __future__ import annotations

from collections.abc import Set

from analysis.extracts.account.notices import Notice, count, of_rows
from analysis.extracts.files.cell_kinds import kind
from analysis.extracts.files.dressing import composed
from analysis.extracts.files.workbook import Cells, Sheet, plain


def told_of_sheet(sheet: Sheet, header: list[str], wanted: Set[str], begin: int, end: int) -> list[Notice]:
    """What is to be told of the sheet that is read.

    Args:
        sheet: The sheet.
        header: Names of its columns.
        wanted: Folded headers that the delivery maps.
        begin: First row of records (from 0).
        end: The row after the last.
    """
    found = []
    if sheet.others:
        sv, en = (
            ", ".join(f"{name} ({word})" if unseen else name for name, unseen in sheet.others)
            for word in ("dolt", "hidden")
        )
        found.append(
            Notice(
                sv=f"arbetsboken har flera blad; {sheet.name} läses och inte {sv} (ange sheet i delivery.toml).",
                en=f"the workbook has several sheets; {sheet.name} is read and not {en} (name sheet in delivery.toml).",
            )
        )
    if sheet.hidden:
        found.append(
            Notice(
                sv=f"bladet {sheet.name} är dolt i arbetsboken; kontrollera att det är det som ska läsas.",
                en=f"the sheet {sheet.name} is hidden in the workbook; check that it is the one to be read.",
                doubt=True,
            )
        )
    rows = [row for row in sheet.hidden_rows if begin < row <= end and any(map(_filled, sheet.cells[row - 1]))]
    if rows:
        number = of_rows(len(rows))
        found.append(
            Notice(
                sv=f"{number['sv']} som är dolda eller bortfiltrerade i arbetsboken läses också (rad {min(rows)} är "
                "den första); ta bort filtret eller raderna och spara om.",
                en=f"{number['en']} hidden or filtered away in the workbook are read as well (row {min(rows)} is the "
                "first); remove the filter or the rows and save again.",
                doubt=True,
            )
        )
    if sheet.far_formulas:
        sv, en = count(sheet.far_formulas, "formel", "formler"), count(sheet.far_formulas, "formula", "formulas")
        found.append(
            Notice(
                sv=f"{sv} utan sparat resultat långt utanför tabellen läses inte; ta bort "
                "allt utanför tabellen, eller spara om arbetsboken i kalkylprogrammet om raderna hör dit.",
                en=f"{en} without a saved result far outside the table not read; "
                "delete everything outside the table, or save the workbook again in the spreadsheet if the rows belong "
                "there.",
                doubt=True,
            )
        )
    hidden = [
        name
        for place, name in enumerate(header)
        if place in sheet.hidden_columns and " ".join(composed(name).split()).casefold() in wanted
    ]
    if hidden:
        names = ", ".join(hidden)
        found.append(
            Notice(
                sv=f"kolumner som är dolda i arbetsboken läses också: {names}.",
                en=f"columns hidden in the workbook are read as well: {names}.",
            )
        )
    return found + _beside(sheet.cells, header, begin, end) + _below(sheet.cells, begin, end)


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _beside(cells: Cells, header: list[str], begin: int, end: int) -> list[Notice]:
    """A second table to the right, after an empty column."""
    named = [place for place, name in enumerate(header) if name.strip()]
    for place in range(named[0] + 1 if named else 0, named[-1] if named else 0):
        if header[place].strip() or any(_filled(row[place]) for row in cells[begin:end]):
            continue
        first = next(each for each in named if each > place)
        return [
            Notice(
                sv=f"bredvid tabellen finns en till (från kolumnen {header[first].strip()}); bara de kolumner som "
                "delivery.toml nämner läses, rad för rad.",
                en=f"another table stands beside the first (from the column {header[first].strip()}); only the columns "
                "that delivery.toml names are read, row by row.",
            )
        ]
    return []


def _below(cells: Cells, begin: int, end: int) -> list[Notice]:
    """Rows of other names below an empty row: a second table under the first."""
    rows = range(begin + 1, end - 1)
    starts = [row for row in rows if not any(map(_filled, cells[row - 1])) and _names(cells[row], cells[row + 1])]
    if not starts:
        return []
    return [
        Notice(
            sv=f"under tabellen finns {count(len(starts), 'tabell', 'tabeller')} till (rad {starts[0] + 1} ser ut som "
            "rubriker); raderna läses som om de hörde till den första. Lägg tabellerna på var sitt blad.",
            en=f"{count(len(starts), 'further table', 'further tables')} below the first (row {starts[0] + 1} looks "
            "like headers); the rows are read as if they belonged to the first. Put each table on a sheet of its own.",
            doubt=True,
        )
    ]


def _names(row: list[object], below: list[object]) -> bool:
    """True for words in two cells at least, and nothing else, over a row with a value."""
    filled = [plain(cell, decimal=".") for cell in row if _filled(cell)]
    values = [plain(cell, decimal=".") for cell in below if _filled(cell)]
    words = len(filled) > 1 and all(kind(cell) == "text" and not any(map(str.isdigit, cell)) for cell in filled)
    return words and any(kind(cell) in ("number", "date") for cell in values)
