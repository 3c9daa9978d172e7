"""A business plan of five rows, small enough to check by eye."""

from __future__ import annotations

from typing import Any

import pandas as pd

DEPARTMENTS = pd.DataFrame({"key": ["d0101", "d0102", "d0201"], "name": ["Förskola norr", "Förskola söder", "Boendet"]})
COURSES = {
    "elearning": {"sv": "E-utbildning", "en": "E-learning", "kind": "course"},
    "studies": {"sv": "Studier", "en": "Studies", "kind": "pipeline"},
}
DEFINITIONS = {
    "sick_leave": {
        "sv": "Sjukfrånvaro",
        "en": "Sick leave",
        "cell": {"table": "key_figures", "row": "sick_leave", "column": "now"},
    },
    "leaving_all": {
        "sv": "Avgångar",
        "en": "Leaving",
        "cell": {"table": "turnover_series", "row": "{period}", "column": "all_causes"},
    },
    "ladder_step": {"sv": "Steg", "en": "Step", "cell": None},
}
PLAN: dict[str, Any] = {
    "first_year": 2025,
    "last_year": 2026,
    "boards": {"BUN": {}, "SON": {}},
    "areas": ["Medarbetare", "Ekonomi"],
    "assignment": [
        {"number": 1, "boards": ["BUN"]},
        {"number": 2, "boards": ["SON", "TN"]},
        {"number": 3, "boards": ["TN"]},
    ],
}


def activity(key: str, **fields: object) -> dict[str, object]:
    """One row of the clean table ``activities``, faultless unless ``fields`` say otherwise."""
    row: dict[str, object] = {
        "activity": key,
        "area": "Medarbetare",
        "goal": "En god arbetsgivare",
        "objective": "Goda arbetsplatser",
        "assignment": 1,
        "text": f"Aktivitet {key}",
        "boards": "BUN",
        "due": "2026-12",
        "responsible": "d0101",
        "coordinator": "HR",
        "indicator": None,
        "status": "ongoing",
        "duplicate_of": None,
    }
    return row | fields


def plan(*rows: dict[str, object]) -> pd.DataFrame:
    """Clean table ``activities`` from rows."""
    table = pd.DataFrame(list(rows))
    table["due"] = pd.to_datetime(table["due"], format="%Y-%m")
    table["assignment"] = table["assignment"].astype("Int64")
    text = [name for name in table.columns if name not in ("due", "assignment")]
    return table.astype(dict.fromkeys(text, "str"))
