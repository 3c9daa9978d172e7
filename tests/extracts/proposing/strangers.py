"""Small invented extracts headed as the ones that people try first: teaching sets, payroll lists, careers, Heroma."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from .people import official_numbers

Table = tuple[list[str], list[list[str]]]
ROWS = 80


def _day(rng: random.Random, first: int, last: int) -> date:
    return date(first, 1, 1) + timedelta(days=rng.randrange(365 * (last - first)))


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def attrition() -> Table:
    """A set for teaching: no dates at all, only numbers of years and whether somebody left."""
    rng = random.Random(1)
    header = [
        "Age", "Attrition", "BusinessTravel", "Department", "EducationField", "EmployeeCount", "EmployeeNumber",
        "Gender", "JobRole", "MaritalStatus", "MonthlyIncome", "Over18", "StandardHours", "YearsAtCompany",
    ]  # fmt: skip
    rows = [
        [
            str(rng.randrange(19, 60)), rng.choice(["Yes", "No", "No"]), rng.choice(["Travel_Rarely", "Non-Travel"]),
            rng.choice(["Sales", "Research & Development", "Human Resources"]), rng.choice(["Medical", "Other"]), "1",
            str(place + 1), rng.choice(["Female", "Male"]), rng.choice(["Manager", "Laboratory Technician"]),
            rng.choice(["Single", "Married"]), str(rng.randrange(2000, 19000)), "Y", "80", str(rng.randrange(0, 30)),
        ]
        for place in range(ROWS)
    ]  # fmt: skip
    return header, rows


def hr_set() -> Table:
    """Names, hiring and termination with reasons in an employer's own words."""
    rng = random.Random(2)
    reasons = ["career change", "retiring", "more money", "return to school", "attendance", "unhappy"]
    header = [
        "Employee_Name", "EmpID", "DeptID", "Salary", "Position", "State", "Zip", "DOB", "Sex", "MaritalDesc",
        "DateofHire", "DateofTermination", "TermReason", "EmploymentStatus", "Department", "ManagerName",
    ]  # fmt: skip
    rows = []
    for place in range(ROWS):
        left = place % 3 == 0
        hired, unit = _day(rng, 2008, 2014), rng.randrange(4)
        rows.append(
            [
                f"Testsson{place}, Prov", str(10_000 + place), str(unit + 1), str(rng.randrange(40_000, 120_000)),
                rng.choice(["Production Technician I", "Area Sales Manager"]), "MA", f"0{rng.randrange(1000, 2900)}",
                f"{rng.randrange(1, 13):02d}/{rng.randrange(1, 29):02d}/{rng.randrange(60, 95)}",
                rng.choice(["M ", "F"]), "Single", _us(hired), _us(hired + timedelta(days=900)) if left else "",
                reasons[place % 6] if left else "N/A-StillEmployed",
                "Voluntarily Terminated" if left else "Active", ["Production", "IT/IS", "Sales", "Admin"][unit],
                f"Chef {unit}",
            ]
        )  # fmt: skip
    return header, rows


def payroll() -> Table:
    """A university's yearly payroll: one row per person and fiscal year, no day anywhere."""
    rng = random.Random(3)
    header = ["Fiscal Year", "Employee ID", "Job Title", "Department Name", "FTE", "Annual Base Salary"]
    people = [(str(7000 + place), rng.choice(["Professor", "Accountant"]), rng.choice(["Physics", "Finance", "Arts"]))
              for place in range(40)]  # fmt: skip
    rows = [
        [str(year), *person, rng.choice(["1.00", "0.75", "0.50"]), f"{rng.randrange(40, 160)},000.00"]
        for year in (2021, 2022, 2023, 2024)
        for person in people
        if rng.random() < 0.9
    ]
    return header, rows


def retailer() -> Table:
    """Ten years of lists in one file, with a date that means nothing for those who are left."""
    rng = random.Random(4)
    header = [
        "EmployeeID", "recorddate_key", "birthdate_key", "orighiredate_key", "terminationdate_key", "age",
        "length_of_service", "city_name", "department_name", "job_title", "gender_short", "gender_full",
        "termreason_desc", "termtype_desc", "STATUS_YEAR", "STATUS",
    ]  # fmt: skip
    rows = []
    for place in range(40):
        born, hired = _day(rng, 1950, 1985), _day(rng, 1990, 2005)
        left = date(2010 + place % 4, 5, 17) if place % 4 == 0 else None
        sex, unit = place % 2, ["Meats", "Bakery", "Customer Service"][place % 3]
        for year in range(2009, 2014):
            if left and year > left.year:
                break
            ended = left is not None and year == left.year
            rows.append(
                [
                    str(1300 + place), f"12/31/{year} 0:00", _us(born), _us(hired), _us(left) if left else "1/1/1900",
                    str(year - born.year), str(year - hired.year), "Provstad", unit, "Cashier",
                    "FM"[sex], ["Female", "Male"][sex],
                    ("Retirement" if place % 8 else "Resignaton") if ended else "Not Applicable",
                    "Voluntary" if ended else "Not Applicable", str(year), "TERMINATED" if ended else "ACTIVE",
                ]
            )  # fmt: skip
    return header, rows


def careers() -> Table:
    """A police force's careers: years of birth only, and nothing about units or forms."""
    rng = random.Random(5)
    header = ["Officer", "From", "To", "Birth year", "Reason"]
    rows = []
    for place in range(ROWS):
        start, left = _day(rng, 1995, 2015), place % 2 == 0
        rows.append(
            [
                f"PO{2000 + place}", start.isoformat(), (start + timedelta(days=2500)).isoformat() if left else "",
                str(rng.randrange(1950, 1990)), ["Resigned", "Retired", "Dismissed"][place % 3] if left else "",
            ]
        )  # fmt: skip
    return header, rows


def careers_by_year() -> Table:
    """The same careers where days are gone: years only, as in lists made for a statistician."""
    header, rows = careers()
    return header, [[row[0], row[1][:4], row[2][:4], *row[3:]] for row in rows]


def staff_list() -> Table:
    """A Swedish list of everyone employed, in the words of a payroll system, with reasons for leaving."""
    rng = random.Random(6)
    header = [
        "Personnr", "Namn", "Org.enhet", "Befattning", "Anst.form", "Syss.grad", "Anst. fr.o.m.", "Anst. t.o.m.",
        "Avgångsorsak", "Månadslön", "Telefon",
    ]  # fmt: skip
    rows = []
    for place, number in enumerate(official_numbers(ROWS)):
        left = place % 4 == 0
        rows.append(
            [
                number, f"Prov Testsson{place}", f"Enhet {place % 5}", rng.choice(["Undersköterska", "Barnskötare"]),
                rng.choice(["Tillsvidareanställning", "Vikariat"]), rng.choice(["100,00", "75,00", "50,00"]),
                _day(rng, 2005, 2020).isoformat(), "2024-08-31" if left else "",
                rng.choice(["Egen begäran", "Ålderspension", "Visstidsanst upphör"]) if left else "",
                str(rng.randrange(27_000, 48_000)), f"070-{rng.randrange(10**6, 10**7)}",
            ]
        )  # fmt: skip
    return header, rows


def wizard() -> Table:
    """German-made software in English: everything called by short codes."""
    rng = random.Random(7)
    header = ["Pers.No.", "Entry", "Leaving", "Org. Unit", "Position", "EE Group", "Capacity Util. Level", "Gender Key",
              "Date of Birth", "Reason for Action"]  # fmt: skip
    rows = []
    for place in range(ROWS):
        left = place % 4 == 1
        rows.append(
            [
                f"{place + 41:08d}", f"{_day(rng, 2006, 2021):%d.%m.%Y}", "30.06.2023" if left else "31.12.9999",
                f"{5000 + place % 6}", rng.choice(["Nurse", "Clerk"]), rng.choice(["Permanent", "Temporary"]),
                rng.choice(["100,00", "60,00"]), rng.choice(["Female", "Male"]), f"{_day(rng, 1958, 1996):%d.%m.%Y}",
                rng.choice(["Resignation", "Retirement"]) if left else "",
            ]
        )  # fmt: skip
    return header, rows


def leavers() -> Table:
    """Only those who left, with a reason each."""
    rng = random.Random(8)
    header = ["Staff No", "Leaving Date", "Leaving Reason", "Directorate"]
    reasons = ["Voluntary Resignation", "Retirement - Age", "End of Fixed Term Contract", "Redundancy - Compulsory",
               "Dismissal - Conduct", "Death in Service"]  # fmt: skip
    rows = [
        [f"S{place:05d}", f"{_day(rng, 2019, 2024):%d/%m/%Y}", reasons[place % 6], f"Directorate {place % 3}"]
        for place in range(ROWS)
    ]
    return header, rows


def nhs() -> Table:
    """A trust's staff in post, in the words of its electronic staff record."""
    rng = random.Random(9)
    header = ["Assignment Number", "Employee Number", "Organisation", "Staff Group", "Role", "Assignment Category",
              "FTE", "Latest Start Date", "Termination Date", "Leaving Reason", "Date Of Birth", "Gender"]  # fmt: skip
    rows = []
    for place in range(ROWS):
        left = place % 5 == 0
        rows.append(
            [
                f"{30_000_000 + place}-1", str(30_000_000 + place), f"Ward {place % 4}", "Nursing", "Staff Nurse",
                rng.choice(["Permanent", "Fixed Term Temp", "Bank"]), rng.choice(["1.0", "0.6"]),
                _day(rng, 2008, 2021).isoformat(), "2024-03-31" if left else "",
                rng.choice(["Voluntary Resignation - Relocation", "Retirement Age"]) if left else "",
                _day(rng, 1960, 1995).isoformat(), rng.choice(["Female", "Male"]),
            ]
        )  # fmt: skip
    return header, rows


def agda() -> Table:
    """A small Swedish payroll program: years of birth, an organisation number, dates without dashes."""
    rng = random.Random(10)
    header = ["Anstnr", "Födelseår", "Kön", "Kostnadsställe", "Yrke", "Anställningstyp", "Tjänstgöringsgrad",
              "Anställningsdatum", "Slutdatum", "Slutorsak"]  # fmt: skip
    rows = []
    for place in range(ROWS):
        left = place % 4 == 0
        rows.append(
            [
                str(100 + place), str(rng.randrange(1958, 1999)), "KM"[place % 2], f"{410 + place % 4}",
                rng.choice(["Lärare", "Elevassistent"]), rng.choice(["Tillsvidare", "Allmän visstid"]),
                rng.choice(["100", "80"]), f"{_day(rng, 2001, 2021):%Y%m%d}", "20240615" if left else "",
                rng.choice(["Egen uppsägning", "Pension"]) if left else "",
            ]
        )  # fmt: skip
    return header, rows


def stock() -> Table:
    """Nothing about staff at all."""
    return ["Artikel", "Saldo"], [[f"A{place}", str(place * 3)] for place in range(20)]


EXTRACTS: dict[str, Callable[[], Table]] = {
    each.__name__: each
    for each in (
        attrition,
        hr_set,
        payroll,
        retailer,
        careers,
        careers_by_year,
        staff_list,
        wizard,
        leavers,
        nhs,
        agda,
        stock,
    )
}


def write(folder: Path, name: str, *, delimiter: str = ",") -> Path:
    """Write one of the extracts; the folder's name says nothing about what it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    header, rows = EXTRACTS[name]()
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return path
