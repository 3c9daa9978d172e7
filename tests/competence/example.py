"""People, assessments and trainings in a municipality of two departments."""

from __future__ import annotations

import pandas as pd

CUTOFF = pd.Timestamp("2025-12-31")
LADDERS = {
    "care": {
        "occupations": ["nurse", "aide"],
        "steps": [{"sv": s, "en": s} for s in ("bas", "mer", "expert")],
    }
}
COURSES = {
    "safety": {
        "kind": "course",
        "occupations": ["nurse", "aide"],
        "forms": ["permanent", "temporary"],
        "target": 0.5,
    },
    "safety_all": {
        "kind": "course",
        "occupations": [],
        "forms": ["permanent", "temporary", "hourly"],
        "target": None,
    },
    "aide_nurse": {
        "kind": "pipeline",
        "occupations": ["aide"],
        "forms": ["permanent"],
        "target_occupation": "nurse",
        "months": 24,
        "work_share": 0.75,
        "completion_prior": 0.8,
        "completion_weight": 10.0,
    },
}


def people(*rows: tuple[str, str, str], form: str = "permanent", rate: float = 1.0) -> pd.DataFrame:
    """Persons in post at the cut-off from (person, department, occupation)."""
    table = pd.DataFrame(list(rows), columns=["person", "department", "occupation"]).astype("str")
    return table.assign(form=form, rate=rate, age=40, tenure_years=3, unit=table["department"] + "u", sex="F")


def assessments(*rows: tuple[str, int, str]) -> pd.DataFrame:
    """Clean table ``competence`` from (person, step, day), all on the ladder ``care``."""
    table = pd.DataFrame(list(rows), columns=["person", "step", "assessed"])
    table["assessed"] = pd.to_datetime(table["assessed"])
    return table.assign(model="care").astype({"person": "str", "step": "int64", "model": "str"})


def trainings(*rows: tuple[str, str, str | None, str | None, str]) -> pd.DataFrame:
    """Clean table ``training`` from (person, course, start, end, status)."""
    table = pd.DataFrame(list(rows), columns=["person", "course", "start", "end", "status"])
    table["start"], table["end"] = pd.to_datetime(table["start"]), pd.to_datetime(table["end"])
    table["kind"] = table["course"].map({"aide_nurse": "pipeline"}).fillna("course")
    table["target_occupation"] = pd.Series([None] * len(table), dtype="str")
    table["work_share"] = pd.Series([float("nan")] * len(table), dtype="float64")
    return table.astype(dict.fromkeys(("person", "course", "status", "kind"), "str"))
