"""What a person should know of how the history was made, and what is doubtful in it, each with its size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.extracts.account.notices import Notice, count
from analysis.extracts.quality.wording import Share, limits, said
from analysis.tables.joins import Unmatched
from analysis.workforce.observed import Recorded
from analysis.workforce.unmatched import EXITS


def on_record(observation: Recorded, reasons: Recorded, *, exits: bool, has_causes: bool) -> list[Notice]:
    """From when on leavers and their reasons count, and why from then.

    Args:
        observation: from when on leavers are recorded.
        reasons: from when on their reasons are.
        exits: there are exit records.
        has_causes: some closed window has causes.
    """
    found = [_since("observed", observation)]
    if not exits:
        return found
    if reasons.since is None:
        return [*found, said("reasons_none")]
    late = reasons.rule != "first" or reasons.before or observation.month != reasons.month
    if late and reasons.rule != "stated" and reasons.month <= observation.first_event:
        late = False  # nobody had left before
    if late:
        found.append(_since("reasons", reasons))
    if not has_causes:
        found.append(said("reasons_unused", month=reasons.month))
    return found


def _since(what: str, recorded: Recorded) -> Notice:
    since = recorded.month
    if recorded.rule == "lists" and recorded.since is not None:  # whose day is the one before
        since = f"{recorded.since - pd.Timedelta(days=1):%Y-%m-%d}"
    values: dict[str, Any] = {"month": since, "first": recorded.first_event or "–"}
    return said(f"{what}_{recorded.rule}", **values, before=recorded.before, expected=float(round(recorded.expected)))


def of_exits(lost: list[Unmatched], *, since: Recorded, has_causes: bool) -> tuple[list[Notice], list[Notice]]:
    """Exit records and ended employments without each other: what is told, and what is so large that it is doubtful.

    Args:
        lost: result of ``unmatched.unmatched``.
        since: from when on reasons are recorded.
        has_causes: some closed window has causes.
    """
    told: list[Notice] = []
    doubts: list[Notice] = []
    for each in lost:
        if each.name != EXITS:
            continue
        left, right = each.left_unmatched, each.right_unmatched
        least = limits()["exits_least"]
        if left >= max(least, limits()["exits_share"] * each.left):
            doubts.append(said("exits_unmatched", now=left, of=each.left, share=Share(left / each.left)).sized(left))
        elif left:
            sv, en = count(left, "avgångspost", "avgångsposter"), count(left, "exit record", "exit records")
            told.append(Notice(sv=f"{sv} utan anställning som slutat.", en=f"{en} without an employment that ended."))
        if has_causes and right >= max(least, limits()["causes_share"] * each.right):
            share = Share(right / each.right)
            doubts.append(said("causes_lost", now=right, of=each.right, share=share, month=since.month).sized(right))
        elif right:
            sv = count(right, "avslutad anställning", "avslutade anställningar")
            en = count(right, "ended employment", "ended employments")
            told.append(Notice(sv=f"{sv} utan avgångspost; orsaken är okänd.", en=f"{en} without an exit record."))
    return told, doubts


def of_masses(masses: pd.DataFrame) -> list[Notice]:
    """A sentence per day on which a mass of employments ended (``mass.mass_ends``)."""
    found = []
    for line in masses.to_dict("records"):
        finding = "mass_exits_department" if line["department"] else "mass_exits"
        if not line["department"] and not line["began"]:
            finding = "mass_exits_alone"
        share = Share(line["ended"] / line["in_post"])
        values = {"key": line["department"], "day": f"{line['day']:%Y-%m-%d}"}
        counts = {"now": line["ended"], "then": line["in_post"], "began": line["began"]}
        found.append(said(finding, **values, **counts, share=share).sized(line["ended"]))
    return found


def of_ended(covered: Mapping[str, str], period: str) -> list[Notice]:
    """A sentence per table that ends well before the cut-off (``covered.ended``)."""
    return [said("table_ended", table=name, month=month, period=period) for name, month in covered.items()]
