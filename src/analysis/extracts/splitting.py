"""One employment on several rows at the same time, as payroll systems write those that are paid by several units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.extracts.coded import FACTOR, hashes
from analysis.extracts.notices import Notice, count, of_rows
from analysis.extracts.staging import StagedTable

SPLIT = ("employments", "snapshots")
"""Tables with rates of employment."""
RATES = ("rate", "rate_actual", "rate_wanted")
TERMS = ["aid", "title", "form"]
"""What rows of one employment agree in where no number says that they are of one."""
FULL = 1.005
"""Full time and what rounding may add to it."""
LONG = np.timedelta64(32, "D")
"""Rows that meet for a shorter time are a change of terms with a day or a month too many."""
FAR = np.datetime64("2300-01-01", "us")


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
    """What is done to rows at the same time, added up batch by batch; a batch holds all rows of a person."""

    def __init__(self, name: str, table: StagedTable, splits: Sequence[str | None]) -> None:
        self._name, self._table = name, table
        self._splits = [*splits, *[None] * (len(table.parts) - len(splits))]
        self._ends = np.cumsum([part.size for part in table.parts])
        self._amended: list[pd.DataFrame] = []
        self._gone: list[int] = []
        self._people: dict[str, set[str]] = {"sum": set(), "share": set(), "over": set()}
        self._rows = {"sum": 0, "share": 0, "over": 0}
        self._posts = self._above = 0.0

    @property
    def gone(self) -> np.ndarray:
        """Places of the rows that were added to another one."""
        return np.asarray(sorted(self._gone), dtype="int64")

    def add(self, rows: pd.DataFrame) -> None:
        """Look at rows that may stand at the same time."""
        if self._name == "employments":
            numbered = rows["employment"].notna()
            begin = rows["start"].to_numpy("datetime64[us]")
            stop = rows["end"].fillna(pd.Timestamp(FAR)).to_numpy("datetime64[us]")
            keys = rows[["person", "employment"]].astype("str")
            # without a number of the employment only rows with equal terms and days are taken for one
            for term in [*TERMS, "start", "end"]:
                keys[term] = rows[term].astype("str").where(~numbered, "")
        else:
            begin = rows["snapshot"].to_numpy("datetime64[us]")
            stop = begin + LONG
            keys = rows[["person", "snapshot", *TERMS]].astype("str")
        group = keys.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
        order = np.lexsort((begin, group))
        ordered = group[order]
        for part in np.split(order, np.flatnonzero(np.diff(ordered)) + 1):
            if len(part) > 1:
                self._look(rows.iloc[part], begin[part], stop[part])

    def _look(self, rows: pd.DataFrame, begin: np.ndarray, stop: np.ndarray) -> None:
        """One employment: rows sorted by their beginning."""
        shared = np.minimum.outer(stop, stop) - np.maximum.outer(begin, begin)
        meets = shared >= (LONG if self._name == "employments" else np.timedelta64(0, "D"))
        meets &= ~np.eye(len(rows), dtype=bool)
        if not meets.any():
            return
        owner = np.searchsorted(self._ends, rows.index.to_numpy(), side="right")
        modes = [self._splits[each] for each in owner]
        mode = next((each for each in modes if each), None)
        if mode == "sum":
            rows, meets = self._sum(rows, begin, stop, meets)
        units = rows["unit"].astype("str").to_numpy()
        # rows of the same unit become one row later; it is those of different ones that add up
        other = meets & (units[:, None] != units[None, :])
        if not other.any():
            return
        if mode == "share":
            self._share(rows, units, other)
        elif mode is None or mode == "sum":
            self._over(rows, units, other)

    def _sum(
        self, rows: pd.DataFrame, begin: np.ndarray, stop: np.ndarray, meets: np.ndarray
    ) -> tuple[pd.DataFrame, np.ndarray]:
        """Rows of the same unit, form and days become one with the sum of their rates."""
        same = pd.DataFrame({"unit": rows["unit"].astype("str"), "form": rows["form"].astype("str"),
                             "begin": begin, "stop": stop}, index=rows.index)  # fmt: skip
        first = same.duplicated().to_numpy()
        rates = [name for name in RATES if name in rows]
        if first.any():
            code = same.groupby(list(same), sort=False).ngroup()
            sums = rows[rates].groupby(code.to_numpy()).transform(lambda each: each.sum(min_count=1))
            together = same.duplicated(keep=False).to_numpy()
            kept = together & ~first
            self._amended.append(sums[kept].clip(upper=1.0))
            self._gone += rows.index[first].tolist()
            self._rows["sum"] += int(together.sum())
            self._people["sum"].add(str(rows["person"].iloc[0]))
            if (sums["rate"] > FULL).any():
                self._people["over"].add(str(rows["person"].iloc[0]))
                self._rows["over"] += int(together.sum())
                self._posts += float(sums.loc[kept, "rate"].sum())
                self._above += float(sums.loc[kept, "rate"].sum() - sums.loc[kept, "rate"].clip(upper=1.0).sum())
            rows = rows.assign(**{name: sums[name].clip(upper=1.0) for name in rates})
        return rows[~first], meets[~first][:, ~first]

    def _share(self, rows: pd.DataFrame, units: np.ndarray, other: np.ndarray) -> None:
        """The rate of each row divided by the number of units that have the whole of it at the time."""
        number = np.array([1 + len(set(units[each])) for each in other])
        rates = [name for name in RATES if name in rows]
        shared = rows[rates].div(number, axis=0)[number > 1]
        self._amended.append(shared)
        self._rows["share"] += len(shared)
        self._people["share"].add(str(rows["person"].iloc[0]))

    def _over(self, rows: pd.DataFrame, units: np.ndarray, other: np.ndarray) -> None:
        """Count what adds up to more than full time though it is one employment."""
        rate = rows["rate"].fillna(0.0).to_numpy(dtype="float64")
        most = 0.0
        for place, meeting in enumerate(other):
            best: dict[str, float] = {}
            for each in np.flatnonzero(meeting):
                best[units[each]] = max(best.get(units[each], 0.0), rate[each])
            most = max(most, rate[place] + sum(best.values()))
        if most > FULL:
            self._rows["over"] += int(other.any(axis=1).sum())
            self._people["over"].add(str(rows["person"].iloc[0]))
            self._posts += most
            self._above += most - 1.0

    def done(self) -> tuple[list[int], list[Notice]]:
        """Change the table; rows merged away of each of its parts, and what is to be told."""
        if self._amended:
            changed = pd.concat(self._amended)
            self._table.amend(changed[~changed.index.duplicated()])
        counts = self._table.drop(self.gone)
        return [int(each) for each in counts], self._notices()

    def _notices(self) -> list[Notice]:
        found = []
        for mode, sv, en in (
            ("sum", "lagts ihop till en", "added up to one"),
            ("share", "delats mellan raderna", "shared between the rows"),
        ):
            if self._rows[mode]:
                rows, persons = of_rows(self._rows[mode]), len(self._people[mode])
                found.append(
                    Notice(
                        sv=f"{self._name}: sysselsättningsgraden har {sv} för {rows['sv']} "
                        f'({count(persons, "person", "personer")}) enligt split = "{mode}".',
                        en=f"{self._name}: employment rates were {en} for {rows['en']} "
                        f'({count(persons, "person", "persons")}), as split = "{mode}" says.',
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
