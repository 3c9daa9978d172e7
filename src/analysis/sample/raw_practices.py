"""Practices in the clothes of their source systems: participation, roles, mentors, assessments, reports of units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.reference.practices import certificates as dated
from analysis.reference.practices import programmes, reported, roles
from analysis.sample.raw import Layout, text_dates
from analysis.sample.staff import NEVER
from analysis.sample.town import EXTRACTED

MENTORED = {"newcomer": "Nyanställd", "introduction": "Introduktionsperiod", "manager": "Chef"}
STATUS = {"completed": "Klar", "dropped": "Avbruten", "enrolled": "Pågår"}
LAYOUTS: dict[str, Layout] = {
    "programmes": Layout("program_och_studier.csv", decimal=",", above=("Deltagare i program och studier", "")),
    "assignments": Layout("uppdrag.csv", decimal=",", encoding="cp1252", newline="\r\n", number="%.0f"),
    "mentoring": Layout("mentorer.csv", encoding="utf-8-sig"),
    "swedish": Layout("sprakbedomningar.csv"),
    "follow_up": Layout("uppfoljning.csv", decimal=",", number="%.1f", above=(f"Uppföljning {EXTRACTED}",)),
    "manager_survey": Layout("medarbetarenkat_chefer.csv", decimal=","),
    "certificates": Layout("intyg.csv", encoding="utf-8-sig", newline="\r\n"),
}
SAME_TABLE = {
    "programmes": "training",
    "swedish": "competence",
    "manager_survey": "survey",
    "certificates": "qualifications",
}
"""Files whose rows belong to a table that another file holds too."""


def _dates(days: pd.Series) -> np.ndarray:
    return text_dates(days.fillna(float(NEVER)).astype("int64"))


def training(table: pd.DataFrame) -> pd.DataFrame:
    """Participation in programmes and studies."""
    names = {key: entry["sv"] for key, entry in programmes().items()}
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"],
            "Program": table["course"].map(names),
            "Start": _dates(table["start"]),
            "Slut": _dates(table["end"]),
            "Läge": table["status"].map(STATUS),
            "Arbetar under studierna": table["work_share"],
            "Enligt plan senast": _dates(table["planned"]),
        }
    )


def assignments(table: pd.DataFrame) -> pd.DataFrame:
    """Titles, assignments, groups and periods elsewhere."""
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"],
            "Uppdrag": table["kind"].map({key: entry["sv"] for key, entry in roles().items()}),
            "Enhet": table["unit"],
            "Fr o m": _dates(table["start"]),
            "T o m": _dates(table["end"]),
            "Lönetillägg": table["supplement"],
        }
    )


def mentoring(table: pd.DataFrame) -> pd.DataFrame:
    """Mentorships."""
    return pd.DataFrame(
        {
            "Adept": table["number"],
            "Mentor": table["mentor_number"],
            "Mentorskap för": table["kind"].map(MENTORED),
            "Fr o m": _dates(table["start"]),
            "Planerat slut": _dates(table["planned"]),
            "T o m": _dates(table["end"]),
            "Tjänsten motsvarar examen": table["post"],
        }
    )


def swedish(table: pd.DataFrame) -> pd.DataFrame:
    """Assessments of Swedish."""
    held = np.where(table["held"], "ja", "nej")
    columns = {"Anställningsnr": table["number"], "Kompetens": "Svenska i arbetet", "Har kompetensen": held}
    return pd.DataFrame(columns | {"Bedömd": _dates(table["assessed"])})


def follow_up(table: pd.DataFrame) -> pd.DataFrame:
    """What departments report."""
    table = table.assign(kind=table["kind"].map({key: entry["sv"] for key, entry in reported().items()}))
    return table.set_axis(["Avdelning", "Uppföljning", "År", "Utfall", "Av totalt"], axis=1)


def manager_survey(table: pd.DataFrame) -> pd.DataFrame:
    """Answers of managers, by administration."""
    table = table.assign(question="Chefsfråga " + table["question"].astype("str"))
    table.insert(1, "survey", "Chefsenkät")
    headers = ["Enhet", "Enkät", "Mätmånad", "Fråga", "Tillfrågade", "Svar", "Medelvärde"]
    return table.set_axis(headers, axis=1)


def certificates(table: pd.DataFrame) -> pd.DataFrame:
    """Certificates and delegations with their last day."""
    return pd.DataFrame(
        {
            "Anställningsnr": table["number"],
            "Intyg": table["kind"].map(certificate_words()),
            "Utfärdat": _dates(table["start"]),
            "Giltigt till": _dates(table["end"]),
        }
    )


def certificate_words() -> dict[str, str]:
    """Kind → what the file calls it."""
    return {entry.id: entry.sv for entry in dated().certificate} | {"food_hygiene": "Livsmedelshygien"}


def words() -> dict[str, str]:
    """Lists of ``delivery.toml`` that the reference data names: marker → lines of raw value and id."""
    named = {"#programmes": programmes(), "#roles": roles(), "#reported": reported()}
    said = {"#certificates": "\n".join(f'"{name}" = "{key}"' for key, name in certificate_words().items())}
    return said | {
        marker: "\n".join(f'"{entry["sv"]}" = "{key}"' for key, entry in entries.items())
        for marker, entries in named.items()
    }
