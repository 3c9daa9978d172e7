"""Clean rows in the clothes of their source systems: Swedish headers, local words, formats of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.skills import day
from analysis.sample.spoken import (
    COMPETENCES,
    COMPONENTS,
    COURSES,
    END_REASONS,
    KINDS,
    LADDERS,
    LICENCES,
    PLAN,
    PLAN_STATUS,
    QUALIFIED,
)
from analysis.sample.staff import HOURLY, NEVER, PERMANENT
from analysis.sample.town import CUT_OFF, EXTRACTED, Town, data

Array = npt.NDArray[Any]


REASONS: dict[str, tuple[str, ...]] = {
    "resignation": ("Egen uppsägning", "Egen begäran"),
    "retirement": ("Ålderspension", "Pension"),
    "contract_end": ("Visstidsanställning upphör", "Vikariat upphör"),
    "employer": ("Arbetsbrist", "Uppsägning personliga skäl"),
    "other": ("Avliden", "Hel sjukersättning", "Annan orsak"),
    "transfer": ("Verksamhetsövergång",),
    "hourly_end": ("Timanställning avslutad",),
}


NEW_FORM = day("2022-10-01")
"""The law's fixed term was renamed on this day."""


@dataclass(frozen=True)
class Layout:
    """How one file looks around and between its values."""

    file: str
    delimiter: str = ";"
    decimal: str = "."
    encoding: str = "utf-8"
    newline: str = "\n"
    number: str = "%.2f"
    above: tuple[str, ...] = ()
    total: bool = False
    sheet: str = ""

    @property
    def header_row(self) -> int:
        """1-based line or sheet row of the header."""
        return len(self.above) + 1


_TITLE = f"Uttag {EXTRACTED}"


LAYOUTS: dict[str, Layout] = {
    "employments": Layout(
        "anstallningar.csv",
        decimal=",",
        encoding="cp1252",
        newline="\r\n",
        above=("Anställningar, alla former", _TITLE, f"Urval: anställda någon gång t o m {CUT_OFF}", ""),
        total=True,
    ),
    "exits": Layout("avgangar.csv", encoding="utf-8-sig", newline="\r\n"),
    "hours": Layout("timmar.csv", decimal=",", encoding="cp1252", newline="\r\n"),
    "absences": Layout("franvaro.csv", decimal=",", number="%.1f"),
    "organisation": Layout("organisation.csv"),
    "qualifications": Layout("legitimationer.txt", delimiter="\t"),
    "competence": Layout("kompetens.xlsx", sheet="Bedömningar", above=("Kompetenstrappor", _TITLE, "")),
    "competences": Layout("kompetenser.csv", encoding="cp1252", newline="\r\n"),
    "requirements": Layout(
        "kompetenskrav.csv", decimal=",", encoding="utf-8-sig", above=("Kompetenskrav per yrkesgrupp", _TITLE, "")
    ),
    "training": Layout("utbildning.xlsx", sheet="Deltagare", above=("Utbildning och studier", _TITLE, "")),
    "managers": Layout("chefer.csv", encoding="cp1252", newline="\r\n"),
    "vacancies": Layout("vakanser.xlsx", sheet="Annonser", above=("Annonserade tjänster", _TITLE)),
    "volumes": Layout("volymer.csv", number="%.0f"),
    "staffing_ratios": Layout("bemanningstal.csv", decimal=",", number="%.5f"),
    "activities": Layout("verksamhetsplan.csv"),
    "survey": Layout("medarbetarenkat.csv", decimal=",", above=("Medarbetarenkät, HME per enhet", _TITLE)),
    "teaching": Layout("undervisning.csv", decimal=","),
    "development_plans": Layout("utvecklingsplaner.csv", encoding="cp1252", newline="\r\n"),
    "finance": Layout("ekonomi.csv", number="%.0f", total=True),
    "population": Layout("befolkning.csv", decimal=","),
    "participation": Layout("deltagande.csv", decimal=","),
    "workload": Layout("arbetsbelastning.csv", decimal=",", encoding="cp1252", newline="\r\n"),
    "budgeted_posts": Layout("tjanstebudget.csv", decimal=",", number="%.1f"),
}


SAME_TABLE = {"competences": "competence"}
"""Files whose rows belong to a table that another file holds too."""


def text_dates(days: Any, *, compact: bool = False) -> Array:
    """Day numbers as text, "" for never; ``compact`` without dashes."""
    days = np.asarray(days, dtype=np.int64)
    text = np.datetime_as_string(days.astype("datetime64[D]"))
    if compact:
        text = np.char.replace(text, "-", "")
    return np.where(days >= NEVER, "", text)


def employments(rows: pd.DataFrame, town: Town, rng: np.random.Generator) -> pd.DataFrame:
    """Employments as the pay system lists them."""
    form, start = rows["form"].to_numpy(), rows["start"].to_numpy()
    general = np.where(start >= NEW_FORM, "Särskild visstid", "Allmän visstid")
    fixed = np.where(rng.random(len(rows)) < 0.55, "Vikariat", general)
    fixed = np.where(rows["school_law"], "Tidsbegr. skollagen", fixed)
    word = np.where(form == PERMANENT, "Tillsvidare", np.where(form == HOURLY, "Timavlönad", fixed))
    names = town.organisation.set_index("unit")["name"]
    hourly = form == HOURLY
    return pd.DataFrame(
        {
            "Anställningsnr": rows["number"],
            "Anställnings-ID": rows["employment"],
            "Enhetskod": rows["code"],
            "Enhetsnamn": rows["code"].map(names),
            "AID": rows["aid"],
            "Befattning": rows["title"],
            "Anställningsform": word,
            "Sysselsättningsgrad %": (rows["rate"].astype(float) * 100).round(2).mask(hourly),
            "Faktisk sysselsättningsgrad %": (rows["rate_actual"].astype(float) * 100).round(2).mask(hourly),
            "Fr o m": text_dates(start),
            "T o m": text_dates(rows["end"]),
            "Födelsedatum": text_dates(rows["birth"]),
            "Kön": np.where(rows["sex"] == 1, "Kvinna", "Man"),
            "Heltidslön": rows["pay"].astype("Int64"),
            "Önskad sysselsättningsgrad %": (rows["wanted"] * 100).round(2),
            "Avtal": rows["agreement"],
            "Ansvarskod": rows["responsibility"],
        }
    )


def exits(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Exits with the local words for their reasons, and what the exit survey says where it was answered."""
    draw = rng.random(len(table))
    word = np.full(len(table), "", dtype="<U32")
    for cause, words in REASONS.items():
        mine = (table["cause"] == cause).to_numpy()
        word[mine] = np.array(words)[np.floor(draw[mine] * len(words)).astype(int)]
    dates = text_dates(table["date"], compact=True)
    return pd.DataFrame(
        {
            "Anst.nr": table["number"],
            "Sista anställningsdag": dates,
            "Avgångsorsak": word,
            "Enkätsvar, främsta skäl": table["stated"],
        }
    )


def hours(table: pd.DataFrame) -> pd.DataFrame:
    """Hours of the hourly paid."""
    headers = {
        "number": "Anställningsnr",
        "code": "Enhet",
        "aid": "Etikett",
        "month": "Månad",
        "hours": "Arbetade timmar",
    }
    return table[list(headers)].rename(columns=headers)


def absences(table: pd.DataFrame) -> pd.DataFrame:
    """Ordinary and sick hours of the monthly paid."""
    headers = {"number": "Anställningsnr", "code": "Enhet", "month": "Period", "ordinary": "Ordinarie tid"}
    headers |= {"sick": "Sjuktid", "long": "Varav 60 dagar eller mer", "short": "Varav dag 1–14"}
    headers |= {
        "parental": "Föräldraledighet",
        "overtime": "Övertid",
        "extra": "Fyllnadstid",
        "spells": "Sjuktillfällen",
    }
    return table[list(headers)].rename(columns=headers)


def organisation(town: Town) -> pd.DataFrame:
    """The organisation with its history."""
    table = town.organisation.astype({"valid_from": "datetime64[s]", "valid_to": "datetime64[s]"})
    for column in ("valid_from", "valid_to"):
        table[column] = table[column].dt.strftime("%Y-%m-%d").fillna("")
    headers = [
        "Kod",
        "Överordnad",
        "Nivå",
        "Namn",
        "Namn engelska",
        "Giltig från",
        "Giltig till",
        "Ersätts av",
    ]
    return table.set_axis(headers, axis=1)


def qualifications(table: pd.DataFrame) -> pd.DataFrame:
    """Licences."""
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"],
            "Behörighet": table["kind"].map(LICENCES),
            "Gäller från": text_dates(table["valid_from"], compact=True),
        }
    )


def competence(table: pd.DataFrame) -> pd.DataFrame:
    """Assessed steps."""
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"].astype("str"),
            "Trappa": table["model"].map(LADDERS).astype("str"),
            "Steg": table["step"].astype("int64"),
            "Bedömd": text_dates(table["assessed"]),
        }
    )


def competences(table: pd.DataFrame) -> pd.DataFrame:
    """Competences without levels, by certificate or mapping."""
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"].astype("str"),
            "Kompetens": table["model"].map(COMPETENCES).astype("str"),
            "Har kompetensen": np.where(table["held"].astype("bool"), "Ja", "Nej"),
            "Bedömd": text_dates(table["assessed"]),
        }
    )


def requirements(table: pd.DataFrame) -> pd.DataFrame:
    """What is required by occupation; an empty department is every department."""
    titles = {key: entry["title"] for key, entry in data("planted")["occupation"].items()}
    return pd.DataFrame(
        {
            "Avdelning": table["department"],
            "Befattning": table["occupation"].map(titles),
            "Krav": table["model"].map(LADDERS | COMPETENCES | QUALIFIED),
            "Lägsta steg": table["step"],
            "Från år": table["year"],
            "Andel": table["share"].astype("float64"),
            "Antal personer": table["staff"],
            "Underlag": table["basis"],
        }
    )


def training(table: pd.DataFrame) -> pd.DataFrame:
    """Courses and studies; dates are real dates in the sheet."""
    status = table["status"].map({"completed": "Klar", "dropped": "Avbruten", "enrolled": "Anmäld"})
    under_way = (table["status"] == "enrolled") & (table["kind"] == "pipeline")
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"],
            "Kurs": table["course"].map(COURSES),
            "Typ": table["kind"].map({"course": "Kurs", "pipeline": "Studier"}),
            "Start": text_dates(table["start"]),
            "Slut": text_dates(table["end"]),
            "Status": status.mask(under_way, "Pågår"),
            "Leder till": table["target"].map({"preschool_teacher": "Förskollärare"}).fillna(""),
            "Arbetar under studierna": table["work_share"],
            "Dagar": table["days"],
            "Uppföljningssamtal": text_dates(table["followed_up"].fillna(float(NEVER)).astype("int64")),
        }
    )


def managers(table: pd.DataFrame) -> pd.DataFrame:
    """Who leads which unit."""
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"],
            "Enhet": table["code"],
            "Fr o m": text_dates(table["start"]),
            "T o m": text_dates(table["end"]),
        }
    )


def vacancies(table: pd.DataFrame, town: Town) -> pd.DataFrame:
    """Advertised posts, by the names of departments and occupations."""
    names = np.array([entry["name"] for entry in town.departments])
    return pd.DataFrame(
        {
            "Avdelning": names[table["department"]],
            "Befattning": town.parameter("title")[table["occupation"]],
            "Utannonserad": text_dates(table["opened"]),
            "Avslutad": text_dates(table["closed"]),
            "Orsak till avslut": table["end_reason"].map(END_REASONS),
            "Tillträde": text_dates(table["start"]),
            "Årsarbetare": table["posts"],
            "Antal sökande": table["applicants"],
        }
    )


def volumes(table: pd.DataFrame) -> pd.DataFrame:
    """Children, pupils and users by year and vintage."""
    table = table.assign(kind=table["kind"].map(KINDS))
    return table.set_axis(["Avdelning", "Slag", "År", "Antal", "Underlag"], axis=1)


def staffing_ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Full-time equivalents per child, pupil or user."""
    titles = {key: entry["title"] for key, entry in data("planted")["occupation"].items()}
    table = table.assign(kind=table["kind"].map(KINDS), occupation=table["occupation"].map(titles))
    table["basis"] = f"Avtalade årsarbetare {CUT_OFF} per volym samma år"
    return table.set_axis(["Avdelning", "Slag", "Befattning", "Årsarbetare per enhet", "Underlag"], axis=1)


def activities(plan: pd.DataFrame) -> pd.DataFrame:
    """The business plan, canonical columns with Swedish headers and status words."""
    plan = plan.assign(status=plan["status"].map(PLAN_STATUS).fillna(plan["status"]))
    return plan[list(PLAN)].rename(columns=PLAN)


def survey(table: pd.DataFrame) -> pd.DataFrame:
    """Answers of units to the statements of HME."""
    return pd.DataFrame(
        {
            "Enhet": table["code"],
            "Enkät": "HME",
            "Mätmånad": table["held"],
            "Fråga": "HME " + table["question"].astype("str"),
            "Tillfrågade": table["offered"],
            "Svar": table["answers"],
            "Medelvärde": table["mean"],
        }
    )


def teaching(table: pd.DataFrame) -> pd.DataFrame:
    """Hours taught in the measuring week, by subject and stage."""
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"],
            "Enhet": table["code"],
            "Mätdag": text_dates(table["measured"]),
            "Ämne": table["subject"],
            "Stadium": table["stage"],
            "Timmar per vecka": table["hours"],
            "Behörig": np.where(table["qualified"], "ja", "nej"),
        }
    )


def development_plans(table: pd.DataFrame) -> pd.DataFrame:
    """Individual plans by the day they were written or followed up."""
    return pd.DataFrame({"Anställningsnr": table["number"], "Upprättad eller uppföljd": text_dates(table["made"])})


def finance(table: pd.DataFrame) -> pd.DataFrame:
    """Costs per department and year, in thousands of kronor."""
    return table.set_axis(["Avdelning", "År", "Lokalkostnad", "Total kostnad", "Personalkostnad"], axis=1)


def population(table: pd.DataFrame) -> pd.DataFrame:
    """The population by one-year ages, in variants and two vintages."""
    return table.set_axis(["År", "Ålder", "Folkmängd", "Prognos", "Alternativ", "Vikt"], axis=1)


def participation(table: pd.DataFrame) -> pd.DataFrame:
    """Shares of the population that departments serve."""
    table = table.assign(kind=table["kind"].map(KINDS))
    return table.set_axis(["Avdelning", "Slag", "Ålder från", "Ålder till", "Nyttjandegrad"], axis=1)


def workload(table: pd.DataFrame) -> pd.DataFrame:
    """Measured working time by department and title."""
    titles = {key: entry["title"] for key, entry in data("planted")["occupation"].items()}
    table = table.assign(component=table["component"].map(COMPONENTS), occupation=table["occupation"].map(titles))
    table["year"] = table["year"].astype("Int64")
    headers = ["Avdelning", "Befattning", "Del", "Aktivitet", "År", "Mängd", "Timmar", "Andel av arbetstiden"]
    return table.set_axis(headers, axis=1)


def budgeted_posts(table: pd.DataFrame, town: Town) -> pd.DataFrame:
    """The budget's posts, by the names of departments and occupations."""
    names = {entry["key"]: entry["name"] for entry in town.departments}
    titles = {key: entry["title"] for key, entry in data("planted")["occupation"].items()}
    table = table.assign(department=table["department"].map(names), occupation=table["occupation"].map(titles))
    return table.set_axis(["Avdelning", "Befattning", "År", "Budgeterade tjänster"], axis=1)
