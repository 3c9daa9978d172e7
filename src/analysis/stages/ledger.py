"""The effect ledger in the stages: estimated beside the history of the workforce, judged beside the edition before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.businessplan import ledger
from analysis.businessplan.ledger.judging import kept, told
from analysis.disclosure.thresholds import Thresholds
from analysis.periods import shift
from analysis.reference import business_plan
from analysis.reference.ledger import followed
from analysis.stages.stage import Stage
from analysis.tables.protected import Sensitivity

ESTIMATES, EFFECTS = "effect_estimates", "effects"


def measures_of(stage: Stage) -> list[ledger.Measure]:
    """The measures of the delivery; none where it has no table of them."""
    table = stage.table("measures")
    if table is None or table.empty:
        return []
    keys = stage.need("departments")["key"].tolist()
    functions = business_plan()["functions"]
    return ledger.registered(table, departments=keys, below=below(stage, keys), functions=functions)


def below(stage: Stage, departments: list[str]) -> dict[str, list[str]]:
    """Departments below each unit that stands above some: an administration stands for all of its departments."""
    organisation = stage.table("organisation")
    found: dict[str, list[str]] = {}
    if organisation is None:
        return found
    now = organisation[organisation["valid_to"].isna() | (organisation["valid_to"] >= stage.at)]
    parent = now.drop_duplicates("unit").set_index("unit")["parent"].dropna().to_dict()
    for key in departments:
        above, seen = parent.get(key), {key}
        while above is not None and above not in seen:
            found.setdefault(str(above), []).append(key)
            seen.add(above)
            above = parent.get(above)
    return found


def past_of(stage: Stage) -> ledger.Past:
    """What measures are followed in: as far back as the delivery holds each indicator whole."""
    rows, known = stage.need("rows"), stage.facts("workforce")
    absences, vacancies = stage.table("absences"), stage.table("vacancies")
    covered = known["covered"]
    first: dict[str, str] = {}
    since = known["observation"].get("since", "")
    if since:
        first["leaving_all"] = since
    if known["has_causes"] and since and known["reasons"].get("since", ""):
        first["leaving_own_request"] = max(since, known["reasons"]["since"])
    if absences is not None and len(absences):
        first["sick_leave"] = f"{absences['month'].min():%Y-%m}"
    if vacancies is not None and len(vacancies):
        # adverts that were opened before the record began are not in it, so that its first year holds too few
        first |= dict.fromkeys(("vacancies_open", "time_to_fill"), shift(f"{vacancies['opened'].min():%Y-%m}", 12))
    tables = {key: entry.needs or "exits" for key, entry in followed().items()}
    last = {key: min(covered.get(tables[key], stage.period), stage.period) for key in first}
    if "sick_leave" in first and absences is not None:
        last["sick_leave"] = min(last["sick_leave"], f"{absences['month'].max():%Y-%m}")
    places = rows.drop_duplicates("unit")
    units = dict(zip(places["unit"].astype("str"), places["department"], strict=True))
    return ledger.Past(rows, stage.need("ends"), absences, vacancies, units, first, last)


def keep_estimates(stage: Stage) -> pd.DataFrame | None:
    """Estimate and keep what each measure seems to have done; None where the delivery has none."""
    measures = measures_of(stage)
    if not measures:
        return None
    found = ledger.estimates(measures, past_of(stage), least=stage.policy.forecast.min_at_risk)
    stage.write_table(ESTIMATES, found)
    return found


def keep_effects(stage: Stage, after: str, limits: Thresholds) -> tuple[pd.DataFrame | None, dict[str, Any]]:
    """Judge each measure and keep what may be said of it.

    Args:
        stage: the disclosure stage.
        after: workspace of the edition before, '' if none.
        limits: the policy's thresholds.

    Returns:
        ``contracts`` Effects, None where there is no measure now; and what the edition says of its ledger
        (``about.json``), measures that are no longer delivered included.
    """
    measures = measures_of(stage)
    former, period = _former(after)
    if period and period >= stage.period:  # no edition tells of itself
        former = None
    entries, gone = kept(measures, former, period=stage.period, former_period=period)
    if not measures:
        return None, {"measures": [], "gone": gone} if gone else {}
    least = {kind.value: limits.least(kind) for kind in (Sensitivity.MEDIUM, Sensitivity.HEALTH, Sensitivity.OPEN)}
    effects = ledger.judged(measures, stage.need(ESTIMATES), entries, least=least, smallest_group=limits.forecast)
    stage.write_result(EFFECTS, effects)
    return effects, {"measures": told(entries, effects), "gone": gone}


def _former(after: str) -> tuple[list[dict[str, Any]] | None, str]:
    """The ledger of the edition before, and its cut-off; None where it kept none."""
    if not after:
        return None, ""
    record = json.loads((Path(after) / "protected" / "about.json").read_text(encoding="utf-8"))
    held = record.get("effects")
    return (None if held is None else [*held.get("measures", ()), *held.get("gone", ())]), record["period"]
