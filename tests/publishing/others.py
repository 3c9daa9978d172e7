"""Invented definitions of one measure and invented figures about others."""

from __future__ import annotations

from typing import Any


def definition(key: str, sv: str, en: str, **rest: Any) -> dict[str, Any]:
    words = {"formula_sv": f"så räknas {sv}", "formula_en": f"how {en} is counted", "source": "lokal definition 2025"}
    rules = {"population_sv": "tillsvidareanställda", "population_en": "permanent staff"}
    rules |= {"period_rule_sv": "tolv månader", "period_rule_en": "twelve months"}
    return {"id": key, "sv": sv, "en": en, **words, **rules, "measure": key, "sensitivity": "medium"} | rest


TURNOVER = [
    definition("n00216", "avgångna november till november", "left from November to November", measure="turnover",
               source="Kolada N00216", comparable_with=["Kolada N00216"], unit="share"),
    definition("turnover_own_excl_pension", "egen begäran utan pension", "own request without retirement",
               measure="turnover", unit="share"),
    definition("turnover_state", "statens sätt att räkna", "the state’s way of counting", measure="turnover",
               unit="share"),
]  # fmt: skip


def outside(definition: str, **rest: Any) -> dict[str, Any]:
    """A record of ``comparators`` as ``about.json`` holds it."""
    record = {
        "id": "own_request_2018", "measure": "Familjen Helsingborg", "kind": "outcome", "kolada": False, "exact": False,
        "sv": "Avgångar på egen begäran", "en": "Leaving on own request", "first_screen": True,
        "who_sv": "Familjen Helsingborg, elva kommuner", "who_en": "Familjen Helsingborg, eleven municipalities",
        "year": 2018, "value": None, "low": 0.066, "high": 0.125, "unit": "rate", "decimals": 1,
        "source_sv": "familjenhelsingborg.se", "source_en": "familjenhelsingborg.se", "units": None,
    }  # fmt: skip
    return record | {"definition": definition} | rest


COMPARATORS = [
    outside("leaving_own_request"),
    outside("n00216", id="n00216_0580_2024", value=0.087, low=None, high=None, year=2024, exact=True, kolada=True,
            sv="Avgångna tillsvidareanställda, andel (%)", en="Avgångna tillsvidareanställda, andel (%)",
            who_sv="Linköping", who_en="Linköping", unit="share", source_sv="Kolada, hämtad 2026-03-01",
            source_en="Kolada, fetched 2026-03-01"),
    outside("qualified", id="teachers_2023", value=0.7236, low=0.652, high=0.76225, year=2023, unit="share",
            sv="Heltidstjänster med lärarlegitimation och behörighet", en="Full-time posts with teaching licence",
            who_sv="Skolverket, kommunal grundskola", who_en="Skolverket, municipal compulsory school",
            source_sv="Skolverket; egen sammanvägning", source_en="Skolverket; own averaging"),
    outside("staff_per_manager", id="span_2022", kind="norm", low=25, high=30, year=2022, unit="ratio", decimals=0,
            sv="Piteå kommuns riktmärke: 25–30", en="Guideline of Piteå: 25–30", who_sv="Piteå kommun", who_en="Piteå",
            source_sv="vision.se", source_en="vision.se"),
]  # fmt: skip
