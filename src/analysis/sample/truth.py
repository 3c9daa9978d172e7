"""The truth beside the delivery: what was planted, what happened, and every error that was put in."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.sample.simulate import History
from analysis.sample.staff import HOURLY
from analysis.sample.town import CUT_OFF, data

CELL = ["year", "cause", "occupation", "age", "tenure", "form"]
DEPARTMENT = ["year", "department", "form", "cause"]


def write_truth(
    folder: Path,
    history: History,
    *,
    e_learning: pd.Series,
    need: pd.DataFrame,
    gaps: pd.DataFrame,
    counted: pd.DataFrame,
    ledger: pd.DataFrame,
    errors: pd.DataFrame,
    lines: pd.DataFrame,
) -> None:
    """Write hazards, departments, effects, stock, need, recruitment, skills, practices, ledger, errors and files."""
    folder.mkdir(parents=True, exist_ok=True)
    events = history.tally.frame()
    for name, keys in (("hazards", CELL), ("departments", DEPARTMENT)):
        table = events.groupby(keys, sort=True)[["exposure", "expected", "events"]].sum().reset_index()
        _csv(
            table[(table["expected"] > 0) | (table["events"] > 0) | (table["cause"] == "resignation")],
            folder / f"{name}.csv",
        )
    _csv(_stock(history), folder / "stock.csv")
    _csv(need, folder / "need.csv")
    _csv(gaps, folder / "skills.csv")
    _csv(counted, folder / "practices.csv")
    _csv(ledger, folder / "measures.csv")
    _csv(errors, folder / "errors.csv")
    _csv(lines, folder / "files.csv")
    _csv(_recruitment(history), folder / "recruitment.csv")
    (folder / "recruitment.toml").write_text(_market(history), encoding="utf-8")
    (folder / "hazards.toml").write_bytes(_hazards(history).encode())
    (folder / "effects.toml").write_bytes(_effects(history, e_learning).encode())


def _csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")


def _stock(history: History) -> pd.DataFrame:
    """Monthly paid at the end of each year, restated to today's departments: persons and agreed FTE."""
    town = history.town
    parts = []
    for year, staff in history.stocks.items():
        paid = staff.take(staff.form != HOURLY)
        parts.append(
            pd.DataFrame(
                {
                    "date": f"{year}-12-31",
                    "department": np.array([entry["key"] for entry in town.departments])[paid.department],
                    "occupation": np.array(town.occupations)[paid.occupation],
                    "persons": 1,
                    "fte": paid.rate.astype(float),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table.groupby(["date", "department", "occupation"], sort=True)[["persons", "fte"]].sum().reset_index()


def _recruitment(history: History) -> pd.DataFrame:
    """Posts by month, department and occupation: what happened and what had been expected to, in full-time equivalents.

    ``needed``: posts. ``empty``: at the month's end, until the hired person's first day. ``exposure``: advertised when
    the month began and not filled. ``expected``: of them, to be filled by the planted chances. ``arisen``, ``filled``,
    ``withdrawn``: in the month; a withdrawn post is advertised again.
    """
    table = pd.concat(history.register.months, ignore_index=True)
    table = table[table["month"] >= history.first]
    keys = np.array([entry["key"] for entry in history.town.departments])
    return table.assign(
        month=table["month"].dt.strftime("%Y-%m"),
        department=keys[table["department"]],
        occupation=np.array(history.town.occupations)[table["occupation"]],
    )


def _market(history: History) -> str:
    """The variant's parameters, and what was drawn: levels by year, hiring stops, the shock."""
    town, market = history.town, history.register.market
    lines = [f'variant = "{market.variant}"']
    if market.shock is not None:
        lines.append(f'shock = {{from = "{market.shock[0]}", factor = {market.shock[1]}}}')
    lines += ["", "[parameters]", *(f"{name} = {value}" for name, value in market.parameters.items())]
    lines += ["", "[drawn]"]
    stops = [f'{{department = "{town.departments[key]["key"]}", year = {year}}}' for key, year in market.stops]
    lines.append(f"stops = [{', '.join(stops)}]")
    first = int(str(history.first)[:4])
    levels = [f"{year} = {value:.6f}" for year, value in market.levels.items() if year >= first]
    lines += ["", "[drawn.levels]", *levels, "", "[drawn.hiring]"]
    lines += [f"{key} = {value:.6f}" for key, value in zip(town.occupations, market.hiring(town), strict=True)]
    return "\n".join([*lines, ""])


def _hazards(history: History) -> str:
    text = files(__package__).joinpath("planted.toml").read_text(encoding="utf-8")
    first = int(str(history.first)[:4])
    years = [f"{year} = {value:.6f}" for year, value in history.planted.years.items() if year >= first]
    keys = [entry["key"] for entry in history.town.departments]
    factors = [f"{key} = {value:.6f}" for key, value in zip(keys, history.planted.departments, strict=True)]
    return "\n".join(
        [
            text.rstrip(),
            "",
            "# ---- drawn for this delivery " + "-" * 80,
            "[drawn.years]",
            *years,
            "",
            "[drawn.departments]",
            *factors,
            "",
        ]
    )


def _effects(history: History, e_learning: pd.Series) -> str:
    effects, plan = data("planted")["effects"], data("organisation")
    dropped = [f"{key} = {value:.6f}" for key, value in e_learning.items()]
    entries: list[dict[str, Any]] = [
        {
            "id": "doubled_department",
            "text": "one department has twice the ordinary hazard of leaving at own request",
            "department": effects["doubled_department"],
            "factor": effects["doubled_factor"],
        },
        {
            "id": "competence_ladder",
            "text": "an occupation leaves less at own request from the year its ladder was introduced",
            "occupation": effects["ladder_occupation"],
            "from": effects["ladder_start"],
            "factor": effects["ladder_factor"],
        },
        {
            "id": "nil_rate",
            "text": "nil effect: full or part time makes no difference to leaving at own request",
            "factor": effects["rate_factor"],
        },
        {
            "id": "nil_sex",
            "text": "nil effect: women and men leave at own request alike",
            "factor": effects["sex_factor"],
        },
        {
            "id": "later_retirement",
            "text": "retirement moved to later ages; see retirement in hazards.toml",
            "from": pd.Timestamp("2023-01-01").date(),
        },
        {
            "id": "reorganisation",
            "text": "departments merged, a unit moved and a unit split; earlier rows carry the old codes",
            "from": plan["reorganisation"]["date"],
        },
        {
            "id": "transfer",
            "text": "a unit was taken over by a company; its staff did not leave in the sense of turnover",
            "from": plan["transfer"]["date"],
            "department": plan["transfer"]["department"],
        },
        {
            "id": "left_truncation",
            "text": "nobody who left before this day is in the delivery, though employments start earlier",
            "from": history.first.astype("datetime64[D]").astype(object),
        },
    ]
    lines = [f"cut_off = {CUT_OFF}", ""]
    for entry in entries:
        lines.append("[[effect]]")
        lines += [f"{name} = {_toml(value)}" for name, value in entry.items()]
        lines.append("")
    return "\n".join([*lines, "# share who complete the e-learning hot_och_vald", "[e_learning]", *dropped, ""])


def _toml(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
