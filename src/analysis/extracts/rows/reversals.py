"""Records that take back others: amounts below zero, netted with the records that they reverse.

A payroll system does not change what was paid: it writes a second record with the amounts below zero, and perhaps a
third with the right ones. Every column of amounts is netted by itself, first within the month that the reversal names,
then in earlier months of the same person and unit: where the very amount stands, else the latest.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice, count, of_rows
from analysis.extracts.persons import identity
from analysis.extracts.rows.merging import delivered_again
from analysis.extracts.rows.staging import StagedTable
from analysis.extracts.values.coded import Coded, hashes

AMOUNTS: dict[str, tuple[str, ...]] = {
    "hours": ("hours",),
    "absences": (
        "ordinary_hours", "sick_hours", "sick_hours_long", "sick_hours_short", "parental_hours", "overtime_hours",
    ),
}  # fmt: skip
"""Columns of amounts of the tables whose rows add up."""
PAID: dict[str, tuple[str, ...]] = {
    "employments": ("person", "employment", "unit", "form", "start"),
    "snapshots": ("person", "unit", "form", "snapshot"),
}
"""Tables whose rows say what somebody is paid, and what a row and the one that takes it back have in common."""
UNMATCHED = "reversal_unmatched"
CENT = 0.005
"""Amounts nearer to nought than this are nought."""


def reversals(table: str, values: Mapping[str, Coded], *, rows: int) -> np.ndarray:
    """True for records with an amount below zero.

    One that takes hours from one kind and gives them to another (less sick leave, more parental leave) is a reversal
    of the first and a record of the second.
    """
    below = np.zeros(rows, dtype=bool)
    for name in (*AMOUNTS.get(table, ()), *(["pay"] if table in PAID else [])):
        number = values[name].uniques.astype("float64")
        below |= values[name].flags((number < 0).fillna(False))
    return below


def net(name: str, table: StagedTable) -> tuple[list[int], np.ndarray, int]:
    """Net reversals with what they reverse; ``table`` is left with the amounts that remain.

    A record that is taken back whole goes with its reversal. A reversal for which not every amount finds its record is
    let go of as well, and nothing is netted with it.

    Returns:
        Rows merged away of each of the table's parts, the places of the reversals without a record, and the rows that
        were left without pay.
    """
    if name in PAID:
        return _net_pay(name, table)
    amounts = list(AMOUNTS.get(name, ()))
    people = np.zeros(0, dtype="uint64")
    for frame in table.frames(["person", *amounts]) if amounts else ():
        below = (frame[amounts] < 0).any(axis=1).to_numpy(dtype=bool)
        people = np.union1d(people, hashes(frame.loc[below, "person"].astype("str")))
    if not len(people):
        return [0] * len(table.parts), np.zeros(0, dtype="int64"), 0
    mine = [frame.index[np.isin(hashes(frame["person"]), people)] for frame in table.frames(["person"])]
    rows = table.take(np.concatenate([np.asarray(each, dtype="int64") for each in mine]))
    again = delivered_again(rows, [each for each in rows.columns if each not in ("source", "source_row")])
    rows = rows.drop(index=again.tolist())
    place, left = rows.index.to_numpy("int64"), rows[amounts].to_numpy("float64", na_value=np.nan, copy=True)
    month = (rows["month"].dt.year * 12 + rows["month"].dt.month).to_numpy()
    person, unit = (pd.factorize(rows[each].astype("str"))[0] for each in ("person", "unit"))
    order = np.argsort(person, kind="stable")
    gone, unmatched, changed = [again], [], [np.zeros(0, dtype="int64")]
    for own in np.split(order, np.flatnonzero(np.diff(person[order])) + 1):
        if (left[own] < 0).any():
            done = _Ledger(left[own], month[own], unit[own])
            unmatched += place[own[done.settle()]].tolist()
            left[own] = done.left
            gone.append(place[own[done.gone]])
            changed.append(own[done.changed])
    some = np.concatenate(changed)
    if len(some):
        rest = np.where(np.abs(left[some]) < CENT, 0.0, left[some])
        table.amend(pd.DataFrame(rest, index=place[some], columns=amounts))
    places = np.unique(np.concatenate([np.asarray(each, dtype="int64") for each in gone]))
    lost = np.asarray(sorted(unmatched), dtype="int64")
    table.drop(lost)
    return table.drop(places), lost, 0


def _net_pay(name: str, table: StagedTable) -> tuple[list[int], np.ndarray, int]:
    """Net rows of pay below zero; an employment is never lost by it.

    A row goes with the one that takes it back where a third says what holds instead; otherwise it stays without its
    pay. Pay below zero of somebody who has no other such row is no pay: the row stays without it.

    Returns:
        As ``net``.
    """
    shared = list(PAID[name])
    found = []
    for frame in table.frames(["person", "pay"]):
        found.append(hashes(frame.loc[(frame["pay"] < 0).to_numpy(dtype=bool, na_value=False), "person"].astype("str")))
    people = np.unique(np.concatenate([np.zeros(0, dtype="uint64"), *found]))
    if not len(people):
        return [0] * len(table.parts), np.zeros(0, dtype="int64"), 0
    mine = [frame.index[np.isin(hashes(frame["person"]), people)] for frame in table.frames(["person"])]
    rows = table.take(np.concatenate([np.asarray(each, dtype="int64") for each in mine]))
    gone: list[int] = []
    lost: list[int] = []
    unpaid: list[int] = []
    for _, group in rows.groupby([rows[each].astype("str") for each in shared], sort=False, dropna=False):
        pay = group["pay"].astype("float64")
        open_ = list(group.index[~(pay < 0)])
        for place in group.index[pay < 0]:
            partner = next((each for each in open_ if abs(pay[each] + pay[place]) < CENT), None)
            if partner is not None:
                open_.remove(partner)
                gone.append(int(place))
                (gone if open_ else unpaid).append(int(partner))
            else:
                (lost if open_ else unpaid).append(int(place))
    if unpaid:
        table.amend(pd.DataFrame({"pay": np.nan}, index=sorted(unpaid)))
    unmatched = np.asarray(sorted(lost), dtype="int64")
    table.drop(unmatched)
    return table.drop(np.asarray(sorted(gone), dtype="int64")), unmatched, len(unpaid)


class _Ledger:
    """The records of one person in one table as arrays, row by row, and what is left of their amounts.

    ``left`` has a column per kind of amount, NaN where none is stated; ``month`` counts months; ``unit`` is a code.
    """

    def __init__(self, left: np.ndarray, month: np.ndarray, unit: np.ndarray) -> None:
        self.left, self._month, self._unit = left, month, unit
        self._whole = np.nan_to_num(left)
        self._back = (self._whole < 0).any(axis=1)
        self._touched = np.zeros(len(left), dtype=bool)
        self._settled = np.zeros(len(left), dtype=bool)

    def settle(self) -> list[int]:
        """Net every reversal; the rows of those that could not be."""
        lost = []
        for place in np.flatnonzero(self._back).tolist():
            taken = self._taken(place, -self._whole[place])
            if taken is None:
                lost.append(place)
                continue
            for at, kind, amount in taken:
                self.left[at, kind] -= amount
                self._touched[at] = True
            self.left[place, self.left[place] < 0] = 0.0
            # what it gives to another kind of hours stays as a record
            (self._touched if (self._whole[place] > CENT).any() else self._settled)[place] = True
        return lost

    def _taken(self, place: int, amounts: np.ndarray) -> list[tuple[int, int, float]] | None:
        """Row, column and amount of what is taken; None where the records do not hold as much."""
        wanted = [(int(kind), float(amounts[kind])) for kind in np.flatnonzero(amounts > CENT)]
        candidates = self._candidates(place)
        kinds = [kind for kind, _ in wanted]
        near = np.abs(self.left[candidates][:, kinds] - amounts[kinds]) < CENT
        whole = np.flatnonzero(near.all(axis=1))
        if len(whole):  # the record itself, where one holds exactly what is taken back
            return [(int(candidates[whole[0]]), kind, amount) for kind, amount in wanted]
        taken = []
        for column, (kind, rest) in enumerate(wanted):
            exact = candidates[near[:, column]]
            for at in exact[:1] if len(exact) else candidates:
                part = min(rest, max(float(np.nan_to_num(self.left[at, kind])), 0.0))
                if part > 0:
                    taken.append((int(at), kind, part))
                    rest -= part
                if rest < CENT:
                    break
            if rest >= CENT:
                return None
        return taken

    def _candidates(self, place: int) -> np.ndarray:
        """Rows that may be meant: of the unit before others, of the month, of earlier ones, then of the next."""
        months, other = self._month - self._month[place], self._unit != self._unit[place]
        rows = np.flatnonzero(~self._back & np.where(other, months == 0, True))
        return rows[np.lexsort((rows, np.abs(months[rows]), months[rows] > 0, other[rows]))]

    @property
    def gone(self) -> np.ndarray:
        """Reversals that were netted, and records of which nothing is left."""
        nothing = (np.abs(np.nan_to_num(self.left)) < CENT).all(axis=1)
        return np.flatnonzero(self._settled | (self._touched & nothing))

    @property
    def changed(self) -> np.ndarray:
        """Records of which something is left."""
        return np.setdiff1d(np.flatnonzero(self._touched), self.gone)


def unmatched_rows(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Reversals without a record as rows of the quarantine.

    Args:
        rows: Their clean rows.
        name: The table.
    """
    columns = list(AMOUNTS.get(name, ("pay",)))
    amounts = rows[columns]
    first = (amounts < 0).to_numpy().argmax(axis=1)
    values = amounts.to_numpy(dtype="float64")[np.arange(len(rows)), first]
    return pd.DataFrame(
        {
            "file": rows["source"].astype("str").to_numpy(),
            "source_row": rows["source_row"].to_numpy(),
            "table": name,
            "column": [columns[place] for place in first],
            "reason": UNMATCHED,
            "shown": [identity.MASK if name in PAID else f"{value:g}" for value in values],
        }
    ).astype(dict.fromkeys(("file", "table", "column", "reason", "shown"), "str"))


def told(name: str, merged: int, lost: pd.DataFrame, unpaid: int = 0) -> list[Notice]:
    """What became of the reversals of a table.

    Args:
        name: The table.
        merged: Rows netted away, the reversals and what they took back whole.
        lost: Clean rows of reversals without a record.
        unpaid: Rows left without pay.
    """
    found = []
    if unpaid:
        rows = of_rows(unpaid)
        found.append(
            Notice(
                sv=f"{name}: {rows['sv']} med lön under noll, eller vars lön är återtagen utan att en ny finns; lönen "
                "saknas för dem.",
                en=f"{name}: {rows['en']} with pay below zero, or whose pay was taken back without another; the pay is "
                "missing for them.",
                doubt=True,
                persons=unpaid,
            )
        )
    if merged:
        rows = of_rows(merged)
        found.append(
            Notice(
                sv=f"{name}: rättelseposter (minus) är nettade mot de poster de rättar; {rows['sv']} gick upp i andra.",
                en=f"{name}: reversals (minus) are netted with the records they reverse; {rows['en']} merged away.",
            )
        )
    if len(lost):
        persons = lost["person"].nunique()
        found.append(
            Notice(
                sv=f"{name}: {count(len(lost), 'rättelsepost', 'rättelseposter')} (minus) utan post att rätta är satta "
                f"åt sidan ({count(persons, 'person', 'personer')}).",
                en=f"{name}: {count(len(lost), 'reversal', 'reversals')} (minus) without a record to reverse set aside "
                f"({count(persons, 'person', 'persons')}).",
                doubt=True,
                persons=persons,
            )
        )
    return found
