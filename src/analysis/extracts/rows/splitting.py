"""One employment on several rows at the same time, as payroll systems write those that are paid by several units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice, count, of_rows
from analysis.extracts.rows.staging import StagedTable
from analysis.extracts.values.coded import FACTOR, hashes
from analysis.reference import load

SPLIT = ("employments", "snapshots")
"""Tables with rates of employment."""
RATES = ("rate", "rate_actual", "rate_wanted")
TERMS = ["aid", "title", "form"]
"""What rows of one employment agree in where no number says that they are of one."""
FULL = load("quality")["several_rows"]["full_time"]
"""Full time and what rounding may add to it."""
LONG = np.timedelta64(load("quality")["several_rows"]["days"], "D")
"""Rows that meet for a shorter time are a change of terms with a day or a month too many."""
FAR = np.datetime64("2300-01-01", "us")
DAY = np.timedelta64(1, "D")


def same_day(table: StagedTable) -> tuple[np.ndarray, np.ndarray]:
    """Snapshot rows of persons who are on the same list twice: a number per person and list, and places."""
    keys, places = [], []
    for frame in table.frames(["person", "snapshot"]):
        day = frame["snapshot"].to_numpy("datetime64[D]").astype("int64").astype("uint64")
        keys.append(hashes(frame["person"]) * FACTOR ^ day)
        places.append(frame.index.to_numpy("int64"))
    key, place = np.concatenate([np.zeros(0, "uint64"), *keys]), np.concatenate([np.zeros(0, "int64"), *places])
    twice = pd.Series(key).duplicated(keep=False).to_numpy()
    return key[twice], place[twice]


class Splitting:
    """What is done to rows at the same time, batch by batch; a batch holds all rows of a person.

    Parts of a rate are added up before overlapping rows become spells (``add_up``), since a spell carries one row's
    rate; whole rates are shared after that (``share``), since a spell may end before its rows.
    """

    def __init__(self, name: str, table: StagedTable, splits: Sequence[str | None]) -> None:
        self._name, self._table = name, table
        self._splits = [*splits, *[None] * (len(table.parts) - len(splits))]
        self._ends = np.cumsum([part.size for part in table.parts])
        self._amended: list[pd.DataFrame] = []
        self._pieces: list[pd.DataFrame] = []
        self._gone: list[int] = []
        self._apart: list[int] = []
        self._people: dict[str, set[str]] = {"sum": set(), "share": set(), "over": set()}
        self._rows = {"sum": 0, "share": 0}
        self._posts = self._above = 0.0

    @property
    def apart(self) -> np.ndarray:
        """Places of rows that are parts of one rate for different times and so never one spell."""
        return np.asarray(sorted(self._apart), dtype="int64")

    def add_up(self, rows: pd.DataFrame) -> None:
        """Add up the parts of a rate where the delivery says ``sum``."""
        if "sum" not in self._splits:
            return
        for each, begin, stop in self._employments(rows):
            meets = self._meets(begin, stop)
            if meets.any() and self._mode(each) == "sum":
                self._sum(each, begin, stop, meets)

    def added(self) -> np.ndarray:
        """Change the table by what was added up; places of the rows that went into others."""
        self._change()
        return np.asarray(sorted(self._gone), dtype="int64")

    def share(self, rows: pd.DataFrame) -> None:
        """Share whole rates between the units that have them, and count what is more than full time."""
        for each, begin, stop in self._employments(rows):
            meets = self._meets(begin, stop)
            if not meets.any():
                continue
            mode, units = self._mode(each), each["unit"].astype("str").to_numpy()
            # rows of the same unit are one row by now, but for parts of a rate; it is others that add up
            other = meets if mode == "sum" else meets & (units[:, None] != units[None, :])
            if mode == "share" and other.any():
                self._share(each, begin, stop, units, other)
            elif mode != "share" and other.any():
                self._over(each, begin, stop, np.arange(len(each)) if mode == "sum" else pd.factorize(units)[0], other)

    def _employments(self, rows: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, np.ndarray, np.ndarray]]:
        """Rows of one employment, by their beginning; their first days, and the days after their last."""
        if self._name == "employments":
            numbered = rows["employment"].notna()
            begin = rows["start"].to_numpy("datetime64[us]")
            stop = rows["end"].fillna(pd.Timestamp(FAR)).to_numpy("datetime64[us]") + DAY
            keys = rows[["person", "employment"]].astype("str")
            # without a number of the employment only rows with equal terms and days are taken for one
            for term in [*TERMS, "start", "end"]:
                keys[term] = rows[term].astype("str").where(~numbered, "")
        else:
            begin = rows["snapshot"].to_numpy("datetime64[us]")
            stop = begin + DAY
            keys = rows[["person", "snapshot", *TERMS]].astype("str")
        group = keys.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
        order = np.lexsort((begin, group))
        ordered = group[order]
        for part in np.split(order, np.flatnonzero(np.diff(ordered)) + 1):
            if len(part) > 1:
                yield rows.iloc[part], begin[part], stop[part]

    def _meets(self, begin: np.ndarray, stop: np.ndarray) -> np.ndarray:
        """True for two rows at the same time, for longer than a change of terms may overlap by mistake."""
        shared = np.minimum.outer(stop, stop) - np.maximum.outer(begin, begin)
        meets: np.ndarray = shared > (LONG if self._name == "employments" else np.timedelta64(0, "D"))
        return meets & ~np.eye(len(begin), dtype=bool)

    def _mode(self, rows: pd.DataFrame) -> str | None:
        owner = np.searchsorted(self._ends, rows.index.to_numpy(), side="right")
        return next((mode for each in owner if (mode := self._splits[each])), None)

    def _sum(self, rows: pd.DataFrame, begin: np.ndarray, stop: np.ndarray, meets: np.ndarray) -> None:
        """Rows of the same unit, form and days become one with the sum of their rates; of other days they stay."""
        place = pd.DataFrame({"unit": rows["unit"].astype("str"), "form": rows["form"].astype("str")}, index=rows.index)
        code = place.groupby(list(place), sort=False, dropna=False).ngroup().to_numpy()
        alike = (code[:, None] == code[None, :]) & meets
        self._apart += rows.index[alike.any(axis=1)].tolist()
        same = place.assign(begin=begin, stop=stop)
        first = same.duplicated().to_numpy()
        if alike.any():
            self._people["sum"].add(str(rows["person"].iloc[0]))
            self._rows["sum"] += int(alike.any(axis=1).sum())
        if not first.any():
            return
        rates = [name for name in RATES if name in rows]
        days = same.groupby(list(same), sort=False, dropna=False).ngroup().to_numpy()
        sums = rows[rates].groupby(days).transform(lambda each: each.sum(min_count=1))
        kept = same.duplicated(keep=False).to_numpy() & ~first
        self._amended.append(sums[kept].clip(upper=1.0))
        self._gone += rows.index[first].tolist()
        above = sums.loc[kept, "rate"]
        if (above > FULL).any():
            self._people["over"].add(str(rows["person"].iloc[0]))
            self._posts += float(above.sum())
            self._above += float(above.sum() - above.clip(upper=1.0).sum())

    def _share(
        self, rows: pd.DataFrame, begin: np.ndarray, stop: np.ndarray, units: np.ndarray, other: np.ndarray
    ) -> None:
        """The rate of each row divided by the number of units that have the whole of it, time by time."""
        rates = [name for name in RATES if name in rows]
        self._people["share"].add(str(rows["person"].iloc[0]))
        self._rows["share"] += int(other.any(axis=1).sum())
        for at in np.flatnonzero(other.any(axis=1)).tolist():
            with_it = np.flatnonzero(other[at])
            days = np.concatenate([begin[with_it], stop[with_it]])
            cuts = np.unique([begin[at], *days[(days > begin[at]) & (days < stop[at])]])
            number = np.array([
                1 + len({units[each] for each in with_it if begin[each] <= day < stop[each]}) for day in cuts
            ])  # fmt: skip
            new = np.append(True, number[1:] != number[:-1])
            cuts, number = cuts[new], number[new]
            whole = rows.iloc[[at] * len(cuts)][rates]
            pieces = whole.div(number, axis=0)
            if self._name == "employments":
                last = np.array([*cuts[1:], stop[at]], dtype="datetime64[us]") - DAY
                ends = np.where(last >= FAR, np.datetime64("NaT", "us"), last)
                pieces = pieces.assign(start=cuts.astype("datetime64[us]"), end=ends.astype("datetime64[us]"))
            self._amended.append(pieces.iloc[:1])
            if len(pieces) > 1:
                self._pieces.append(pieces.iloc[1:])

    def _over(
        self, rows: pd.DataFrame, begin: np.ndarray, stop: np.ndarray, group: np.ndarray, other: np.ndarray
    ) -> None:
        """Count what adds up to more than full time though it is one employment; of one ``group`` the most counts."""
        rate, most = rows["rate"].fillna(0.0).to_numpy(dtype="float64"), 0.0
        for place, day in enumerate(begin):  # a sum is largest where some row begins
            now = (other[place] | (np.arange(len(rows)) == place)) & (begin <= day) & (day < stop)
            most = max(most, float(pd.Series(rate[now]).groupby(group[now]).max().sum()))
        if most > FULL:
            self._people["over"].add(str(rows["person"].iloc[0]))
            self._posts += most
            self._above += most - 1.0

    def _change(self) -> None:
        if self._amended:
            changed = pd.concat(self._amended)
            self._table.amend(changed[~changed.index.duplicated()])
            self._amended = []
        if self._pieces:
            later = pd.concat(self._pieces).sort_index(kind="stable")
            self._table.amend(later.set_axis(self._table.copy(later.index.to_numpy("int64"))))

    def done(self) -> list[Notice]:
        """Change the table by what was shared; what is to be told."""
        self._change()
        return self._notices()

    def _notices(self) -> list[Notice]:
        found = []
        for mode, sv, en in (
            ("sum", "lagts ihop till en", "added up to one"),
            ("share", "delats mellan raderna", "shared between the rows"),
        ):
            if self._rows[mode]:
                rows, persons = of_rows(self._rows[mode]), len(self._people[mode])
                more = sum(map(len, self._pieces)) if mode == "share" else 0
                cut_sv, cut_en = (
                    (
                        f" {of_rows(more)['sv']} tillkom, eftersom antalet enheter ändrades under tiden.",
                        f" {of_rows(more)['en']} added, since the number of units changed meanwhile.",
                    )
                    if more
                    else ("", "")
                )
                found.append(
                    Notice(
                        sv=f"{self._name}: sysselsättningsgraden har {sv} för {rows['sv']} "
                        f'({count(persons, "person", "personer")}) enligt split = "{mode}".' + cut_sv,
                        en=f"{self._name}: employment rates were {en} for {rows['en']} "
                        f'({count(persons, "person", "persons")}), as split = "{mode}" says.' + cut_en,
                    )
                )
        if self._people["over"]:
            persons = len(self._people["over"])
            sv, en = count(persons, "person", "personer"), count(persons, "person", "persons")
            posts, right = f"{self._posts:.1f}", f"{self._posts - self._above:.1f}"
            found.append(
                Notice(
                    sv=f"{self._name}: {sv} har samma anställning på flera rader samtidigt med tillsammans "
                    f"mer än heltid: "
                    f"{posts.replace('.', ',')} heltidstjänster, högst {right.replace('.', ',')} om varje anställning "
                    'räknas en gång. Ange split = "share" i delivery.toml om varje rad har hela graden, "sum" om '
                    "raderna är delar av den.",
                    en=f"{self._name}: {en} with one employment on several rows at the same time and more "
                    f"than full time "
                    f"together: {posts} full-time equivalents, {right} at most if each employment counts once. Write "
                    'split = "share" in delivery.toml if every row has the whole rate, "sum" if the rows '
                    "are parts of it.",
                    doubt=True,
                    persons=persons,
                    kind="split_over",
                )
            )
        return found
