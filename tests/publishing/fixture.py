"""A protected folder as ``disclosure`` leaves it, with invented figures; variants take parts away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.disclosure.derived import unknown_reasons, workload
from analysis.edition.about import model_card
from analysis.reference import load
from analysis.tables.protected import COLUMNS, ProtectedReport, check_cells
from tests.publishing import driver_cells, need_cells, paths, skill_cells
from tests.publishing.others import COMPARATORS, TURNOVER

DEPARTMENTS = [
    ("all", "Exempelkommun", "Sample municipality", "", "", "organisation"),
    ("d0101", "Förskola", "Preschool", "Utbildningsförvaltningen", "Education administration", "reported"),
    (
        "d0102",
        "Grundskola",
        "Compulsory school",
        "Utbildningsförvaltningen",
        "Education administration",
        "reported",
    ),
    ("d0103", "Modersmål", "Mother tongue", "Utbildningsförvaltningen", "Education administration", "pooled"),
    ("d0201", "Hemtjänst", "Home care", "Omsorgsförvaltningen", "Care administration", "reported"),
]
OCCUPATIONS = {
    "preschool_teacher": {"sv": "förskollärare", "en": "preschool teachers"},
    "childcare_worker": {"sv": "barnskötare", "en": "childcare workers"},
    "kitchen_staff": {"sv": "kockar och måltidspersonal", "en": "kitchen staff"},
    "school_leader": {"sv": "skolledare", "en": "school leaders"},
    "other_occupations": {"sv": "övriga yrkesgrupper", "en": "other occupations"},
}
BRIDGE = {
    "opening": 14.3,
    "need_change": 6.2,
    "resignation": 41.4,
    "retirement": 19.3,
    "contract_end": 12.4,
    "employer": 1.4,
    "other": 3.3,
    "unknown": 4.4,
    "other_causes": 0.0,
    "moves": 7.4,
    "ladder_moves": 0.0,
    "again": 4.3,
    "hires": -52.3,
    "conversions": -2.2,
    "newly_qualified": -8.6,
}
FILLED = ("hires", "conversions", "newly_qualified")
CAUSES = ("resignation", "retirement", "contract_end", "employer", "other", "unknown")


def cell(
    table: str,
    row: str,
    column: str = "total",
    value: float | None = None,
    *,
    department: str = "d0101",
    layer: str = "",
    low: float | None = None,
    high: float | None = None,
    unit: str = "persons",
    status: str = "published",
    reason: str = "",
    definition: str = "",
    sensitivity: str = "low",
    n: float | None = None,
) -> dict[str, Any]:
    if value is None and status == "published":
        status, reason = "missing", reason or "no_data"
    return dict(
        zip(
            COLUMNS,
            (
                table,
                department,
                row,
                column,
                layer,
                value,
                low,
                high,
                n,
                unit,
                status,
                reason,
                definition,
                sensitivity,
            ),
            strict=True,
        )
    )


def withheld(table: str, row: str, column: str = "total", **rest: Any) -> dict[str, Any]:
    return cell(table, row, column, status="withheld", reason=rest.pop("reason", "few_persons"), **rest)


def _bridge(department: str, scale: float) -> list[dict[str, Any]]:
    """Needed 114.4 and filled 63.1 for a scale of one, so that 51.3 stay empty; history and chances with them."""
    rows = []
    at = {"department": department, "unit": "fte", "sensitivity": "forecast"}
    common = at | {"layer": "reference"}
    for year in range(2026, 2031):
        grow = scale * (1 + 0.6 * (year - 2026))
        parts = {name: value * grow for name, value in BRIDGE.items()}
        for name, value in parts.items():
            rows.append(cell("bridge", name, str(year), value, **common, definition="recruitment_need"))
        empty, need = sum(parts.values()), sum(value for name, value in parts.items() if name not in FILLED)
        for name, value, share in (("recruitment_need", need, 0.12), ("empty", empty, 0.29)):
            spread = share * abs(value) + 2
            ends = {"low": value - spread, "high": value + spread}
            defined = "empty_posts" if name == "empty" else name
            rows.append(cell("bridge", name, str(year), value, **ends, **common, definition=defined))
        ends = {"low": empty - spread / 2, "high": empty + spread / 2}
        rows.append(cell("fan", str(year), "half", empty, **ends, **at, definition="empty_posts"))
    for year, value in ((2022, 11.0), (2023, 16.2), (2024, 12.6), (2025, 14.3)):
        rows.append(cell("fan", str(year), "observed", value * scale, **at, definition="empty_posts"))
    for least, chance in ((1, 0.99), (10, 0.97), (20, 0.94), (50, 0.66)):
        share = common | {"unit": "share", "definition": "empty_chance"}
        rows.append(cell("chances", str(least), "2026", chance, **share))
    rows += need_cells.outcomes(cell, department, scale)
    return rows


def _groups(department: str, scale: float) -> list[dict[str, Any]]:
    rows = []
    gaps = {
        "preschool_teacher": 27.4,
        "childcare_worker": 12.1,
        "kitchen_staff": 4.2,
        "other_occupations": 3.1,
    }
    common = {"department": department, "unit": "fte", "sensitivity": "forecast"}
    for group, value in gaps.items():
        gap = scale * value
        ends = {"low": gap * 0.8, "high": gap * 1.2, "layer": "reference", "definition": "empty_posts"}
        rows.append(cell("groups", group, "2026", gap, **ends, n=scale * value * 10, **common))
    return rows


def _figures(department: str) -> list[dict[str, Any]]:
    rows = []
    figures = {
        "own_request": ("rate", 0.098, 0.086, 0.012, 0.079, 0.084, "leaving_own_request"),
        "qualified": ("share", 0.442, 0.462, -0.020, 0.503, 0.611, "qualified"),
        "pension_3y": ("persons", 31.2, 31.0, 0.2, 24.0, 412.0, "pension_3y"),
        "sick_leave": ("share", 0.074, 0.080, -0.006, 0.069, 0.070, "sick_leave"),
        "per_manager": ("ratio", 27.0, 25.0, 2.0, 24.0, 25.0, "staff_per_manager"),
    }
    for key, (unit, now, before, change, peers, organisation, definition) in figures.items():
        ends = {"low": now * 0.88, "high": now * 1.13} if key in ("own_request", "pension_3y") else {}
        shift = {"low": change - 0.009, "high": change + 0.008} if key == "own_request" else {}
        common = {"department": department, "unit": unit, "definition": definition}
        rows += [
            cell("key_figures", key, "now", now, **ends, **common),
            cell("key_figures", key, "year_before", before, **common),
            cell("key_figures", key, "change", change, **shift, **common),
            cell("key_figures", key, "peers", peers, **common),
            cell("key_figures", key, "organisation", organisation, **common),
        ]
    return rows


def _details(department: str, scale: float) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    add = rows.append
    at = {"department": department}
    for occupation, n in (
        ("preschool_teacher", 310),
        ("childcare_worker", 402),
        ("kitchen_staff", 38),
        ("total", 762),
    ):
        add(cell("headcount", occupation, "total", round(n * scale), **at))
        add(cell("fte", occupation, "total", n * scale * 0.91, unit="fte", **at))
    add(
        withheld("headcount", "school_leader", **at)
        if department == "d0101"
        else cell("headcount", "school_leader", value=12, **at)
    )
    for cause, n in (
        ("resignation", 62),
        ("retirement", 18),
        ("contract_end", 14),
        ("unknown", 7),
        ("total", 104),
    ):
        add(cell("exits", cause, "total", round(n * scale), **at))
        expected = n * scale * 1.04
        limits = {"low": expected * 0.8, "high": expected * 1.2}
        add(cell("leavers", cause, "12m", expected, **limits, sensitivity="forecast", **at))
    add(withheld("exits", "employer", **at))
    add(withheld("exits", "other", reason="secondary", **at))
    for band, share in (("u35", 0.24), ("35_54", 0.51), ("55_plus", 0.25)):
        add(cell("age", band, "total", share, unit="share", **at))
    for year, (expected, observed, naive) in {
        "2021-12": (88, 97, 90),
        "2022-12": (95, 93, 97),
        "2023-12": (93, 118, 93),
        "2024-12": (106, 104, 118),
    }.items():
        ends = {"low": expected * scale * 0.82, "high": expected * scale * 1.2}
        add(cell("track_record", year, "expected", expected * scale, **ends, **at))
        add(cell("track_record", year, "observed", round(observed * scale), **at))
        add(cell("track_record", year, "yardstick", naive * scale, **at))
    for index, end in enumerate(f"{year}-{month:02d}" for year in (2022, 2023, 2024, 2025) for month in (4, 8, 12)):
        own = 0.071 + 0.0023 * index + (0.006 if index % 3 == 1 else 0.0)
        lift = 0.0 if department != "all" else -0.011
        add(cell("turnover_series", end, "own_request", own + lift, unit="rate", **at))
        add(cell("turnover_series", end, "all_causes", own + lift + 0.035, unit="rate", **at))
    for group, share in (
        ("total", 0.074),
        ("women", 0.079),
        ("men", 0.048),
        ("u30", 0.061),
        ("30_49", 0.07),
        ("50_plus", 0.086),
    ):
        add(cell("sick_leave", group, "share", share, unit="share", sensitivity="health", **at))
        add(
            cell(
                "sick_leave",
                group,
                "long",
                0.38 if group == "total" else 0.36,
                unit="share",
                sensitivity="health",
                **at,
            )
        )
    for band, n in (("u15", 4), ("15_30", 17), ("over_30", 7)):
        add(cell("span", band, "total", n, unit="posts", **at))
    for step, n in (("1", 41), ("2", 118), ("3", 96), ("4", 48)):
        add(cell("ladder", step, "childcare_ladder", n, **at))
    add(withheld("ladder", "5", "childcare_ladder", **at))
    for course, (done, target) in {"hot_och_vald": (0.38, 0.5), "handledarutbildning": (0.62, 0.6)}.items():
        add(cell("courses", course, "completed", done, unit="share", n=612, **at))
        add(cell("courses", course, "target", target, unit="share", sensitivity="open", **at))
    add(cell("full_time", "total", "total", 0.71, unit="share", **at))
    return rows


def _by_definition(department: str) -> list[dict[str, Any]]:
    """Leaving by each definition: shown, withheld, and (turnover_state) not in the delivery."""
    at = {"department": department, "unit": "share"}
    return [
        cell("definitions", "n00216", "now", 0.114, definition="n00216", **at),
        withheld("definitions", "turnover_own_excl_pension", "now", definition="turnover_own_excl_pension", **at),
        cell("definitions", "turnover_state", "now", None, definition="turnover_state", **at),
    ]


def cells() -> pd.DataFrame:
    rows = []
    for department, scale in (("all", 6.1), ("d0101", 1.0), ("d0102", 1.7), ("d0201", 0.6)):
        rows += (
            _bridge(department, scale) + _groups(department, scale) + _figures(department) + _details(department, scale)
        )
        rows += paths.rows(cell, department, scale)
        rows += need_cells.rows(cell, department, scale)
        rows += skill_cells.of_department(department, cell, withheld)
        rows += _by_definition(department) + driver_cells.of_department(department, cell, withheld)
    rows.append(withheld("headcount", "total", department="d0103"))
    for origin, hit in (
        ("2021-12", 0.83),
        ("2022-12", 0.79),
        ("2023-12", 0.58),
        ("2024-12", 0.81),
        ("all", 0.75),
    ):
        at = {"department": "all", "sensitivity": "open"}
        rows += [
            cell("hit_rate", origin, "hit_rate", hit, unit="share", definition="hit_rate", **at),
            cell("hit_rate", origin, "model_error", 6.4, unit="score", **at),
            cell("hit_rate", origin, "yardstick_error", 8.1 if origin != "2023-12" else 6.1, unit="score", **at),
            cell("hit_rate", origin, "departments", 12, unit="posts", **at),
        ]
    rows += _scores() + need_cells.posts_record(cell)
    frame = check_cells(pd.DataFrame(rows))
    departments = [key for key, *_, status in DEPARTMENTS if status == "reported"]
    unknown = unknown_reasons(frame, period="2025-12", departments=departments)
    return check_cells(pd.concat([frame, unknown, workload(frame)], ignore_index=True))


def _scores() -> list[dict[str, Any]]:
    """How good the forecasts have been; other reasons are too rare for a score."""
    at = {"department": "all", "sensitivity": "open"}
    found = []
    for cause, scores in {
        "resignation": (0.68, 0.031, 0.024, 0.81),
        "retirement": (0.98, 0.41, 0.38, 0.83),
        "contract_end": (0.95, 0.28, 0.25, 0.78),
        "unknown": (0.57, -0.002, -0.001, 0.85),
        "total": (0.72, 0.064, 0.048, 0.8),
    }.items():
        for name, value in zip(("auc", "brier_gain", "log_loss_gain", "hit_rate"), scores, strict=True):
            unit = "score" if name == "auc" else "share"
            found.append(cell("scores", cause, name, value, unit=unit, **at))
    return found


def activity(
    key: str,
    text: str,
    due: str,
    responsible: str,
    departments: str,
    *,
    indicator: tuple[str, str, str] = ("", "", ""),
    status: str = "planned",
    late: bool = False,
    where: tuple[str, str, str] = ("", "", ""),
) -> dict[str, Any]:
    names = zip(("indicator", "indicator_name_sv", "indicator_name_en"), indicator, strict=True)
    places = zip(("indicator_table", "indicator_row", "indicator_column"), where, strict=True)
    row = {"activity": key, "text": text, "due": due, "responsible": responsible, "departments": departments}
    rest = {"area": "", "goal": "", "objective": "", "assignment": 1, "coordinator": "", "duplicate_of": ""}
    return row | dict(names) | {"status": status, "late": late} | dict(places) | rest


PLAN = [
    activity(
        "A004",
        "Kartlägg obehörig personal och behovet av rekrytering",
        "2025-10",
        "HR",
        "d0101|d0102",
        indicator=("qualified", "Andel legitimerade", "Share with licence"),
        status="ongoing",
        late=True,
        where=("key_figures", "qualified", "now"),
    ),
    activity(
        "A017",
        "Utbildning för barnskötare utan yrkesutbildning",
        "2026-03",
        "Avdelning Förskola",
        "d0101",
        indicator=("course_completed", "Fullföljda kurser", "Completed courses"),
        status="ongoing",
        where=("courses", "handledarutbildning", "completed"),
    ),
    activity(
        "A021",
        "E-kurs om våld i nära relationer, minst hälften av medarbetarna",
        "2025-12",
        "Avdelning Förskola",
        "d0101|d0102|d0201",
        indicator=("course_completed", "Genomförd kurs", "Completed course"),
        status="ongoing",
        late=True,
        where=("courses", "hot_och_vald", "completed"),
    ),
    activity("A024", "Säkra planeringstid för förskollärare", "2025-12", "Avdelning Förskola", "d0101", late=True),
    activity("A031", "Gemensam introduktion för nyanställda", "2026-06", "HR", "d0101|d0201"),
    activity("A033", "Mentor till varje nyexaminerad", "2025-06", "Avdelning Grundskola", "d0102", status="done"),
]


def plan() -> pd.DataFrame:
    return pd.DataFrame(PLAN)


def about() -> dict[str, Any]:
    return {
        "municipality": "Exempelkommun",
        "municipality_en": "Sample municipality",
        "delivery": "Exempelkommun, leverans december 2025",
        "extracted": "2026-01-07",
        "period": "2025-12",
        "edition": "2025-12-4f2a91c0",
        "horizon": "2026-12",
        "profile": "internal",
        "methods": {cause: "yardstick" if cause in ("employer", "other", "unknown") else "model" for cause in CAUSES},
        # every feature that the reference data knows: the longest card there can be
        "model_card": model_card([entry["column"] for entry in load("model_card")["feature"]]),
        "data_protection": {"controller": "Kommunstyrelsen", "legal_basis": "", "retention": "två år", "dpia": ""},
        "contact": {
            "name": "HR-avdelningen, analysfunktionen",
            "email": "hr-analys@exempelkommun.example",
            "accessibility_statement": "",
        },
        "records": {
            "read": 9812,
            "accepted": 9640,
            "quarantined": 41,
            "merged": 22,
            "excluded": 97,
            "structural": 12,
        },
        "withheld_share": 0.031,
        "withheld_cells": 84,
        "cells": 2710,
        "unknown_cause_share": 0.067,
        "next_edition": "2026-04",
        "after": None,
        "has": {
            "vacancies": True,
            "volumes": True,
            "exits": True,
            "training": True,
            "competence": True,
            "requirements": True,
        },
        "occupations": OCCUPATIONS,
        "definitions": [
            {
                "id": "leaving_own_request",
                "measure": "turnover",
                "cell": {"table": "turnover_series", "row": "{period}", "column": "own_request"},
                "sv": "Avgång på egen begäran",
                "en": "Leaving on own request",
                "formula_sv": "avslut på egen begäran under tolv månader delat med personår",
                "formula_en": "ends on own request in twelve months divided by person-years",
                "source": "lokal definition 2025",
                "sensitivity": "medium",
                "comparable_with": "",
            },
            {
                "id": "qualified",
                "sv": "Andel med legitimation",
                "en": "Share with licence",
                "formula_sv": "heltidstjänster med legitimation delat med alla i yrket",
                "formula_en": "full-time equivalents with licence divided by all in the occupation",
                "source": "SFS 2010:800",
                "sensitivity": "medium",
                "comparable_with": "Kolada N15034",
            },
            *TURNOVER,
        ],
        "comparators": COMPARATORS,
        "passport": {
            "inputs": [["anstallningar.csv", "9f8c1d0a" * 8], ["avslut.csv", "02b7e4c5" * 8]],
            "parameters": {
                "period": "2025-12",
                "department": "d0101",
                "workspace": "data/processed/sample-2025-12",
            },
            "versions": {"analysis": "0.1.0", "python": "3.11.9", "pandas": "3.1.1"},
            "seed": 20251231,
            "policy_edition": "2025-1",
        },
        **paths.ABOUT,
        **need_cells.ABOUT,
        "preview": False,
    }


def departments() -> pd.DataFrame:
    return pd.DataFrame(DEPARTMENTS, columns=["key", "name", "name_en", "parent", "parent_en", "status"])


def report(
    department: str = "d0101", *, frame: pd.DataFrame | None = None, facts: dict[str, Any] | None = None
) -> ProtectedReport:
    return ProtectedReport(
        cells() if frame is None else frame, plan(), departments(), about() | (facts or {}), department
    )


def without(frame: pd.DataFrame, *tables: str) -> pd.DataFrame:
    """The cells of a delivery that lacks what ``tables`` are made of."""
    return frame[~frame["table"].isin(tables)]


def silence(
    frame: pd.DataFrame, table: str, row: str, column: str | None = None, *, status: str = "withheld"
) -> pd.DataFrame:
    """The same cells with some of them withheld (or missing)."""
    chosen = (frame["table"] == table) & (frame["row"] == row)
    if column is not None:
        chosen &= frame["column"] == column
    frame = frame.copy()
    frame.loc[chosen, ["value", "low", "high", "n"]] = float("nan")
    frame.loc[chosen, "status"] = status
    frame.loc[chosen, "reason"] = "few_persons" if status == "withheld" else "no_data"
    return frame


def write(folder: Path) -> Path:
    """The folder as it lies on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    cells().to_parquet(folder / "cells.parquet")
    plan().to_parquet(folder / "plan.parquet")
    departments().to_parquet(folder / "departments.parquet")
    (folder / "about.json").write_text(json.dumps(about(), ensure_ascii=False), encoding="utf-8")
    return folder
