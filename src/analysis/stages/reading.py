"""What the reading stage keeps of a delivery for the stages after it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.edition.register import PROFILE, Earlier, earlier, findings, sizes, told
from analysis.errors import InputError
from analysis.extracts import Delivery, Notice, pseudonym_key
from analysis.extracts.account.corrections import EFFECT
from analysis.extracts.account.missing import losses
from analysis.extracts.persons.secret_keys import fingerprint_of, keyed_hash
from analysis.extracts.quality import profile
from analysis.reference.episodes import with_keys
from analysis.stages.stage import Stage


def check_quality(stage: Stage, found: Delivery, after: str) -> tuple[Earlier | None, list[Notice]]:
    """Look a delivery over, and compare it with the edition before where there is one.

    Args:
        stage: the reading stage.
        found: what was read.
        after: workspace of the edition before, '' if none.

    Returns:
        What was compared with, and a notice per finding.
    """
    key = pseudonym_key(stage.delivery, create=True)
    before = earlier(after, key=key, root=stage.root) if after else None
    return before, findings(found, before)


def keep_delivery(
    stage: Stage, found: Delivery, *, before: Earlier | None = None, notices: Sequence[Notice] = ()
) -> None:
    """Write the clean tables, the account of every record, the delivery's own facts and its description.

    Args:
        stage: the reading stage.
        found: what was read.
        before: what it was compared with.
        notices: what looked wrong.

    Raises:
        InputError: the period lies after the delivery was extracted.
    """
    facts = found.manifest.delivery
    key = pseudonym_key(stage.delivery, create=True)
    extracted = pd.Timestamp(facts.extracted)
    if stage.at > extracted + pd.offsets.MonthEnd(0):
        raise InputError(
            f"period {stage.period} ends after the delivery was extracted ({extracted:%Y-%m-%d}); "
            "choose an earlier period or a newer delivery, or move extracted in delivery.toml if the files are newer"
        )
    for name in found.tables:
        stage.write_frames(name, found.tables.frames(name))
    stage.write_table("units", found.units.table())
    for name in ("ledger", "quarantine", "rules"):
        stage.write_table(name, getattr(found, name))
    # a register that later editions compare with outlives the delivery, so no small group is kept in it
    stage.write_result(PROFILE, profile(found, least=stage.policy.medium.min_internal))
    compared = [[f"register {before.name} {PROFILE}", before.sha256]] if before and before.sha256 else []
    doubted = [each for each in found.warnings if isinstance(each, Notice) and each.doubt]
    assumed = found.manifest.assumptions.get("rate", 1.0)
    has_rate = any(
        frame["rate"].notna().any()
        for name in {"employments", "snapshots"} & found.tables.keys()
        for frame in found.tables.frames(name, ["rate"])
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
            "lost": [name for loss in losses(found) for name in loss.names],
            "episodes": with_keys(found.manifest.episodes, found.units.find),
            "observed_from": facts.observed_from,
            "reasons_from": facts.reasons_from,
            "accept_leak": [entry.model_dump() for entry in found.manifest.accept_leak],
            "occupations": {
                key: {"sv": name.sv, "en": name.en} for key, name in found.manifest.occupations.names.items()
            },
            "inputs": [list(pair) for pair in found.inputs],
            "keyed_inputs": [[name, keyed_hash(digest, key=key)] for name, digest in found.inputs],
            "compared": compared,
            "pseudonym_key": fingerprint_of(key),
            "quality": {
                "after": before.name if before else "",
                "found": len(notices),
                "notices": told(notices),
                "doubts": sizes([*doubted, *notices]),
            },
            "corrections": {
                "files": found.corrected_from,
                **{name: int(found.corrections[name].sum()) for name in EFFECT[2:]},
            },
            "warnings": found.warnings,
        },
    )
