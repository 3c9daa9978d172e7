"""What the reading stage keeps of a delivery for the stages after it."""

from __future__ import annotations

import pandas as pd

from analysis.edition.workspace import Stage
from analysis.errors import InputError
from analysis.extracts import Delivery
from analysis.extracts.corrections import EFFECT


def keep_delivery(stage: Stage, found: Delivery) -> None:
    """Write the clean tables, the account of every record and the delivery's own facts.

    Raises:
        InputError: the period lies after the delivery was extracted.
    """
    facts = found.manifest.delivery
    extracted = pd.Timestamp(facts.extracted)
    if stage.at > extracted + pd.offsets.MonthEnd(0):
        raise InputError(
            f"period {stage.period} ends after the delivery was extracted ({extracted:%Y-%m-%d}); "
            "choose an earlier period or a newer delivery"
        )
    for name, table in found.tables.items():
        stage.write_table(name, table)
    for name in ("ledger", "quarantine", "rules"):
        stage.write_table(name, getattr(found, name))
    assumed = found.manifest.assumptions.get("rate", 1.0)
    has_rate = any(
        name in found.tables and found.tables[name]["rate"].notna().any() for name in ("employments", "snapshots")
    )
    stage.write_facts(
        "delivery",
        {
            "name": facts.name,
            "municipality": facts.municipality,
            "municipality_en": facts.municipality_en or facts.municipality,
            "extracted": f"{extracted:%Y-%m-%d}",
            "level": found.manifest.departments.level,
            "rate": float(assumed),
            "has_rate": has_rate,
            "occupations": {
                key: {"sv": name.sv, "en": name.en} for key, name in found.manifest.occupations.names.items()
            },
            "inputs": [list(pair) for pair in found.inputs],
            "corrections": {
                "files": found.corrected_from,
                **{name: int(found.corrections[name].sum()) for name in EFFECT[2:]},
            },
            "warnings": found.warnings,
        },
    )
