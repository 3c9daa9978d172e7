"""Certificates that run out: who holds one that is valid, about to run out or has run out, and who renewed in time."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.competence.counting import Figures, Workforce, count_facts, share_facts, together

HELD, VALID, SOON, EXPIRED = "held", "valid", "soon", "expired"
OTHER = "other"
"""Column of every kind with a last day that the reference data does not name."""
DAY = pd.Timedelta(days=1)


def certificate_facts(staff: Workforce, kinds: Collection[str], soon_days: int) -> Figures:
    """Facts of the certificates that have to be renewed, by department and kind.

    ``certificates``: column = kind; row ``held``: monthly paid in post who hold or have held one; of them by the last
    day of the one that lasts longest: ``valid`` (more than ``soon_days`` after the cut-off, or none), ``soon`` (up to
    so many days after it; the cut-off's own day too) and ``expired`` (before it), which add up.
    ``certificate_renewed`` (row = kind, column ``share``): of those in post for whom one ran out in the last twelve
    months, the share who had another by then that lasts longer; the first that ran out counts.

    A kind counts where any of its rows has a last day: a licence for life is none of these.

    Args:
        staff: who is in post.
        kinds: the kinds that pages name, in their order; others are counted together as ``other``.
        soon_days: days before its last day from which a certificate is about to run out.
    """
    rows = staff.qualifications
    if rows is None or "valid_until" not in rows or rows["valid_until"].isna().all():
        return []
    rows = rows[rows["valid_from"].isna() | (rows["valid_from"] <= staff.at)]
    rows = rows[rows["kind"].isin(rows.loc[rows["valid_until"].notna(), "kind"])]
    named = rows["kind"].where(rows["kind"].isin(list(kinds)), OTHER)
    found = []
    for kind in (*kinds, OTHER):
        mine = rows[named == kind]
        if len(mine):
            found += [_states(staff, mine, kind, soon_days), _renewed(staff, mine, kind)]
    return together(found)


def _states(staff: Workforce, rows: pd.DataFrame, kind: str, soon_days: int) -> Figures:
    last = rows["valid_until"].fillna(pd.Timestamp.max.normalize()).groupby(rows["person"]).max()
    group = staff.people[staff.people["person"].isin(last.index)]
    until = last.reindex(group["person"]).set_axis(group.index)
    gone, near = until < staff.at, until <= staff.at + soon_days * DAY
    states = {HELD: until.notna(), VALID: ~near, SOON: near & ~gone, EXPIRED: gone}
    return together(
        count_facts(
            group, yes, table="certificates", row=state, column=kind, definition="certificates", whole=False
        )
        for state, yes in states.items()
    )  # fmt: skip


def _renewed(staff: Workforce, rows: pd.DataFrame, kind: str) -> Figures:
    ended = rows[(rows["valid_until"] > staff.since) & (rows["valid_until"] <= staff.at)]
    first = ended.groupby("person")["valid_until"].min()
    group = staff.people[staff.people["person"].isin(first.index)]
    others = rows[rows["person"].isin(first.index)]
    ran_out = first.reindex(others["person"]).set_axis(others.index)
    # another that had begun by the day after the last, and lasts longer
    longer = others["valid_until"].isna() | (others["valid_until"] > ran_out)
    begun = others["valid_from"].isna() | (others["valid_from"] <= ran_out + DAY)
    return share_facts(
        group, group["person"].isin(others.loc[longer & begun, "person"]), table="certificate_renewed", row=kind,
        column="share", definition="certificate_renewed",
    )  # fmt: skip
