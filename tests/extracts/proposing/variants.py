"""The sample's raw files in other clothes: other headers, encodings, column orders, titles, rates."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path

Rows = list[list[str]]

ENGLISH = {
    "Anställningsnr": "Employee number", "Anst.nr": "Employee no", "Anställnings-ID": "Employment ID",
    "Enhetskod": "Unit code", "Enhetsnamn": "Unit name", "Enhet": "Unit", "AID": "AID code", "Etikett": "AID label",
    "Befattning": "Job title", "Anställningsform": "Form of employment", "Sysselsättningsgrad %": "Employment rate %",
    "Faktisk sysselsättningsgrad %": "Actual employment rate %", "Fr o m": "Start date", "T o m": "End date",
    "Födelsedatum": "Date of birth", "Kön": "Sex", "Heltidslön": "Full-time salary",
    "Sista anställningsdag": "Last day of employment", "Avgångsorsak": "Reason for leaving",
    "Enkätsvar, främsta skäl": "Main reason stated",
    "Månad": "Month", "Arbetade timmar": "Hours worked", "Period": "Month", "Ordinarie tid": "Ordinary hours",
    "Sjuktid": "Sick hours", "Varav 60 dagar eller mer": "Of which 60 days or more",
    "Kod": "Code", "Överordnad": "Parent", "Nivå": "Level", "Namn": "Name", "Namn engelska": "Name in English",
    "Giltig från": "Valid from", "Giltig till": "Valid to", "Ersätts av": "Replaced by",
    "Behörighet": "Licence", "Gäller från": "Valid from",
    "Avdelning": "Department", "Slag": "Kind", "År": "Year", "Antal": "Volume", "Underlag": "Basis",
    "Årsarbetare per enhet": "FTE per volume",
    "Id": "Activity ID", "Område": "Area", "Mål": "Goal", "Nämndmål": "Objective", "Uppdrag": "Assignment",
    "Aktivitet": "Description", "Nämnd": "Boards", "Slutfört": "Due date", "Ansvarig": "Responsible",
    "Önskad sysselsättningsgrad %": "Wanted rate %", "Avtal": "Agreement", "Ansvarskod": "Responsibility code",
    "Varav dag 1–14": "Of which day 1 to 14", "Föräldraledighet": "Parental leave", "Övertid": "Overtime",
    "Enkät": "Survey", "Mätmånad": "Survey month", "Fråga": "Question", "Tillfrågade": "Invited", "Svar": "Answers",
    "Medelvärde": "Mean", "Mätdag": "Measuring date", "Ämne": "Subject", "Stadium": "Stage",
    "Timmar per vecka": "Hours a week", "Behörig": "Qualified", "Upprättad eller uppföljd": "Plan date",
    "Lokalkostnad": "Premises cost", "Total kostnad": "Total cost",
    "Ålder": "Age", "Folkmängd": "Population", "Prognos": "Forecast version", "Alternativ": "Alternative",
    "Vikt": "Weight", "Ålder från": "Age from", "Ålder till": "Age to", "Nyttjandegrad": "Participation rate",
    "Del": "Component", "Mängd": "Units a year", "Timmar": "Hours", "Andel av arbetstiden": "Share of working time",
    "Budgeterade tjänster": "Budgeted posts",
    "Kompetens": "Competence", "Har kompetensen": "Has competence", "Bedömd": "Assessed", "Krav": "Requirement",
    "Lägsta steg": "Least step", "Från år": "From year", "Andel": "Share", "Antal personer": "Number of persons",
    "Adept": "Mentee", "Start": "Start", "Arbetar under studierna": "Works while studying", "Slut": "End",
    "Mentor": "Mentor id", "Mentorskap för": "Kind of mentoring", "Planerat slut": "Planned end",
    "Tjänsten motsvarar examen": "Post matches degree", "Lönetillägg": "Supplement", "Uppföljning": "Measure",
    "Utfall": "Outcome", "Av totalt": "Of", "Program": "Programme", "Läge": "State",
    "Enligt plan senast": "Planned by", "Dagar": "Days attended", "Uppföljningssamtal": "Follow-up talk",
    "Åtgärds-id": "Measure id", "Åtgärd": "Measure name", "Avdelningar": "Departments",
    "Yrkesgrupper": "Occupational groups", "Startmånad": "Start month", "Följs till": "Followed until",
    "Mått": "Indicator", "Riktning": "Direction", "Minsta effekt": "Smallest effect",
    "Ansvarig funktion": "Responsible function", "Anmäld": "Registered on", "Hör till": "Belongs to",
    "Personalkostnad": "Staff cost", "Fyllnadstid": "Extra hours", "Sjuktillfällen": "Sick spells",
    "Intyg": "Certificate", "Utfärdat": "Issued", "Giltigt till": "Valid until", "Strategi": "Strategy",
    "Samordning": "Coordinator", "Indikator": "Indicator", "Status": "Status", "Dubblett av": "Duplicate of",
}  # fmt: skip
ABOVE = {
    "anstallningar.csv": 4, "medarbetarenkat.csv": 2, "kompetenskrav.csv": 3, "program_och_studier.csv": 2,
    "uppfoljning.csv": 1,
}  # fmt: skip
"""Lines above the header in the sample's files."""
RATES = ("Sysselsättningsgrad %", "Faktisk sysselsättningsgrad %", "Önskad sysselsättningsgrad %")


def hidden(sample: Path, folder: Path) -> Path:
    """A copy of the sample's raw files without its ``delivery.toml``."""
    folder.mkdir()
    for path in sample.iterdir():
        if path.is_file() and path.name != "delivery.toml":
            shutil.copyfile(path, folder / path.name)
    return folder


def table(path: Path) -> tuple[Rows, Rows]:
    """Lines above the header, and the header with the records, of one of the sample's text files."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if path.suffix == ".txt" else ";"))
    above = ABOVE.get(path.name, 0)
    return rows[:above], rows[above:]


def rewrite(folder: Path, change: Callable[[Rows, Rows], tuple[Rows, Rows]], *, delimiter: str, encoding: str) -> None:
    """Change every text file of the folder and write it again."""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".txt"):
            above, rows = change(*table(path))
            with path.open("w", encoding=encoding, errors="replace", newline="") as stream:
                csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows([*above, *rows])


def in_english(above: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """The same table with English headers; values stay as they are."""
    return above, [[ENGLISH[header] for header in rows[0]], *rows[1:]]


def redressed(above: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """Columns in another order, title lines above, rates per mille."""
    order = list(range(len(rows[0])))
    random.Random(3).shuffle(order)
    rates = [place for place, header in enumerate(rows[0]) if header in RATES]
    records = [list(row) for row in rows[1:]]
    for record in records:
        for place in rates:
            if place < len(record) and record[place].replace(",", "").isdigit():
                record[place] = f"{float(record[place].replace(',', '.')) * 10:.0f}"
    header = [name.removesuffix(" %") for name in rows[0]]
    # a total keeps its word in the first cell, as report generators write it
    mixed = [
        row if row[0] == "Summa" else [row[place] if place < len(row) else "" for place in order]
        for row in [header, *records]
    ]
    title = [["Rapport ur lönesystemet"], ["Uttag 2026-01-07"], []]
    return title, mixed
