"""Competences that people have, what is required of whom, and how far apart the two truly are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.hazards import DAYS_PER_YEAR
from analysis.sample.needs import stock
from analysis.sample.pay_system import Names
from analysis.sample.simulate import History
from analysis.sample.skills import day
from analysis.sample.staff import HOURLY, NEVER, Staff
from analysis.sample.town import CUT_OFF, Town, data

Array = npt.NDArray[Any]
QUALIFIED = "qualified"
TRUTH = ["department", "occupation", "model", "step", "year", "staff", "assessed", "held", "needed"]


def held(history: History, rows: pd.DataFrame, names: Names, rng: np.random.Generator) -> pd.DataFrame:
    """Records of competences without levels: person, number, model, held (bool), assessed (day number).

    Some come with the hire, the others follow at a constant rate. A complete register names those who have it; a
    mapping asks a part of the staff every autumn and writes down yes or no.
    """
    parts = []
    for model, planted in data("planted")["competences"].items():
        wanted = [history.town.occupations.index(name) for name in planted["occupations"]]
        mine = rows[(rows["form"] != HOURLY) & rows["occupation"].isin(wanted)]
        spans = mine.groupby("person").agg(hired=("hired", "min"), end=("end", "max")).reset_index()
        waits = rng.exponential(DAYS_PER_YEAR / planted["per_year"], len(spans))
        waits = np.where(rng.random(len(spans)) < planted["at_hire"], 0.0, waits)
        since = spans["hired"].to_numpy() + np.floor(waits).astype(np.int64)
        if "mapped" in planted:
            parts.append(_mapped(history, model, pd.Series(since, index=spans["person"]), rng))
            continue
        known = since <= np.minimum(spans["end"].to_numpy(), day(CUT_OFF))
        table = pd.DataFrame({"person": spans["person"].to_numpy()[known], "assessed": since[known]})
        parts.append(table.assign(model=model, held=True))
    table = pd.concat(parts, ignore_index=True)
    table["number"] = names(table["person"].to_numpy())
    return table.sort_values(["assessed", "number", "model"], kind="stable", ignore_index=True)


def _mapped(history: History, model: str, since: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    planted = data("planted")["competences"][model]
    wanted = [history.town.occupations.index(name) for name in planted["occupations"]]
    parts = [pd.DataFrame({"person": [], "assessed": [], "held": []}, dtype="int64")]
    for year, staff in history.stocks.items():
        asked = day(f"{year}-11-15")
        if year < planted["from"]:
            continue
        people = staff.take(np.isin(staff.occupation, wanted) & (staff.form != HOURLY) & (staff.hired < asked))
        people = people.take(rng.random(len(people)) < planted["mapped"])
        has = since.reindex(people.person).to_numpy() <= asked
        parts.append(pd.DataFrame({"person": people.person, "assessed": asked, "held": has}))
    return pd.concat(parts, ignore_index=True).assign(model=model).astype({"held": "bool", "person": "int64"})


def requirements(town: Town) -> pd.DataFrame:
    """Rows of the table: department (key or ""), occupation, model, step, year, share, staff, basis."""
    rows = []
    for entry in data("planted")["required"]:
        for occupation in entry["occupations"]:
            for year, share in entry["share"].items():
                row = {"occupation": occupation, "model": entry["model"], "step": entry.get("step"), "year": int(year)}
                row |= {"basis": entry["basis"], "share": share, "department": entry.get("department", "")}
                rows += _each(town, row) if entry.get("each") else [row]
    columns = ["department", "occupation", "model", "step", "year", "share", "staff", "basis"]
    return pd.DataFrame(rows).reindex(columns=columns).astype({"step": "Int64", "staff": "Int64"})


def _each(town: Town, row: dict[str, Any]) -> list[dict[str, Any]]:
    """A number of persons in every department that has the occupation."""
    posts = town.posts[:, town.occupations.index(row["occupation"])]
    return [
        row | {"department": entry["key"], "staff": max(round(row["share"] * posts[place]), 1), "share": None}
        for place, entry in enumerate(town.departments)
        if posts[place] >= 1
    ]


def truth(history: History, staff: Staff, steps: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Required, assessed and held at the cut-off, straight from the simulation: DataFrame[TRUTH]."""
    town, year = history.town, int(str(CUT_OFF)[:4])
    paid = staff.take(staff.form != HOURLY)
    required = requirements(town)
    required = required[required["year"] <= year]
    at = {entry["key"]: paid.department == place for place, entry in enumerate(town.departments)}
    count = stock(history, paid, np.ones(len(paid)))
    found = []
    for key, rows in required.groupby(["occupation", "model", "step"], dropna=False, sort=False):
        occupation, model, step = str(key[0]), str(key[1]), key[2]
        place = town.occupations.index(occupation)
        own = paid.occupation == place
        assessed, has = _state(paid, model, step, steps, records)
        needed = _needed(rows, town, count[:, place])
        at["all"] = np.logical_or.reduce([at[name] for name in needed])
        needed["all"] = sum(needed.values())
        for name, amount in needed.items():
            mine = own & at[name]
            found.append(
                (name, occupation, model, step, year, mine.sum(), (mine & assessed).sum(), (mine & has).sum(), amount)
            )
    return pd.DataFrame(found, columns=TRUTH)


def _needed(rows: pd.DataFrame, town: Town, count: Array) -> dict[str, float]:
    """Persons asked for by department: its own row, else the one for every department; none where neither is."""
    latest = {line["department"]: line for line in rows.sort_values("year").to_dict("records")}
    found = {}
    for place, entry in enumerate(town.departments):
        row = latest.get(entry["key"], latest.get(""))
        if count[place] and row is not None:
            found[entry["key"]] = float(row["staff"] if pd.isna(row["share"]) else row["share"] * count[place])
    return found


def _state(paid: Staff, model: str, step: Any, steps: pd.DataFrame, records: pd.DataFrame) -> tuple[Array, Array]:
    """Who has been assessed and who fulfils the requirement, of the monthly paid."""
    if model == QUALIFIED:
        return np.ones(len(paid), dtype=bool), paid.qualified & (paid.licence < NEVER)
    kept = steps if not pd.isna(step) else records
    mine = kept[kept["model"] == model].sort_values("assessed", kind="stable").drop_duplicates("person", keep="last")
    last = mine.set_index("person")["held" if pd.isna(step) else "step"].reindex(paid.person)
    has = (last.fillna(0) >= (1 if pd.isna(step) else step)).to_numpy(dtype=bool)
    complete = pd.isna(step) and "mapped" not in data("planted")["competences"][model]
    return (np.ones(len(paid), dtype=bool) if complete else last.notna().to_numpy()), has
