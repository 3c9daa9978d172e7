"""One covariate laid out by window and level: persons, leavers, and what an honest hazard without it gives.

The honest hazard is the rate of leaving by form, age and tenure (those of them that the covariate is not itself),
taken from the *other* windows, so that a window never explains its own leavers. It is the refit without the feature;
with it, each level multiplies that rate by its leavers against those expected, again in the other windows and drawn to
one as if ``DRAWN`` further exits had come as expected (a gamma prior, as in Clayton and Kaldor 1987, Biometrics 43). A
unit of a few people therefore tells next to nothing, and one that closed in one window tells nothing about the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import CAUSES, load
from analysis.reference.bands import banding
from analysis.tables.protected import TOTAL
from analysis.turnover.cells import UNKNOWN

LIMITS = load("leaks")["levels"]
BANDS = LIMITS["bands"]
"""Numbers with more values than this are cut at quantiles of the persons at risk."""
DRAWN = LIMITS["drawn_exits"]
"""Exits as expected that a level is drawn to one by."""
NOT_KNOWN = "not known"
TENURE_BANDS = banding("service_leaks").starts
PERSONS = LIMITS["drawn_persons"]
"""Persons that the rate of all weighs as, against those of a group of form, age and tenure."""
HALVES = LIMITS["halves"]
"""Parts of the persons of the only closed window, each judged by the other."""


def levels_of(values: pd.Series, at_risk: np.ndarray) -> pd.Series:
    """Levels of a covariate as text: numbers of many values in bands, nought and not known apart."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        text = values.astype("str").where(values.notna(), NOT_KNOWN)
        return text.where(text != "", NOT_KNOWN).reset_index(drop=True)
    number = values.astype("float64").reset_index(drop=True)
    lacking = number.isna() | (number == UNKNOWN)
    known = number[~lacking]
    if known.nunique() > BANDS:
        order = np.argsort(known.to_numpy(), kind="stable")
        reached = np.cumsum(at_risk[known.index.to_numpy()][order])
        edges = known.to_numpy()[order][np.searchsorted(reached, reached[-1] * np.arange(1, BANDS) / BANDS)]
        edges = np.unique(edges)
        band = pd.Series(np.searchsorted(edges, known, side="left"), known.index)
        low, high = known.groupby(band).min(), known.groupby(band).max()
        names = {place: f"{low[place]:g} to {high[place]:g}" for place in low.index}
        text = band.map(names).where(known != 0, "0")
    else:
        text = known.map("{:g}".format)
    return text.astype("str").reindex(number.index).fillna(NOT_KNOWN)


@dataclass(frozen=True)
class Told:
    """What a covariate tells about one cause in each closed window, and what is left of it in the open one.

    All are mean risks per person that the covariate adds to the honest hazard; arrays hold one entry per window.

    Attributes:
        everyone: of all at risk.
        stayed: of those who stayed.
        now: of those at risk in the open window, by the same rates (NaN where none is open).
        rate: share that left.
        spread: standard deviation over persons of what is added.
        auc: area under the ROC curve of the levels' ratios alone.
        events: leavers.
        persons: persons at risk.
        open_persons: persons at risk in the open window.
    """

    everyone: np.ndarray
    stayed: np.ndarray
    now: np.ndarray
    rate: np.ndarray
    spread: np.ndarray
    auc: np.ndarray
    events: np.ndarray
    persons: np.ndarray
    open_persons: float


@dataclass(frozen=True)
class Look:
    """One covariate in every window.

    Attributes:
        column: the covariate.
        cells: DataFrame[window, level, group, half, n, *causes, total]; window -1 is the open one, exits of
            causes left out are taken from ``n`` too, ``group`` numbers form, age and tenure, ``half`` is by lot.
        names: level names by number.
        origins: closed windows, oldest first.
        causes: causes that are tested.
    """

    column: str
    cells: pd.DataFrame
    names: pd.Index
    origins: pd.Index
    causes: tuple[str, ...]

    @classmethod
    def of(cls, cells: pd.DataFrame, column: str, excepted: set[str] | None = None) -> Look:
        """Lay out ``column`` of the risk cells; ``excepted`` causes are left out."""
        at_risk = cells["at_risk"].to_numpy(dtype=float)
        levels = levels_of(cells[column], at_risk)
        causes = tuple(cause for cause in CAUSES if cause not in (excepted or set()))
        closed = (~cells["open"]).to_numpy()
        exits = cells[list(CAUSES)].astype("float64").fillna(0.0).reset_index(drop=True)
        lost = exits[sorted(excepted or ())].sum(axis=1).to_numpy()
        window, origins = pd.factorize(cells["origin"].where(closed), sort=True)
        level, names = pd.factorize(levels, sort=True)
        # by lot, always the same: cells are sorted, so a stride would follow the departments
        half = np.random.default_rng(0).permutation(len(cells)) % HALVES
        keys = {"window": window, "level": level, "group": _groups(cells, column), "half": half}
        table = exits[list(causes)].assign(n=at_risk - lost, **{TOTAL: exits[list(causes)].sum(axis=1)})
        # summed first: what is counted below does not depend on the other covariates
        table = table.groupby(list(keys.values()), sort=True).sum().rename_axis(list(keys)).reset_index()
        return cls(column, table, pd.Index(names), pd.Index(origins), causes)

    @property
    def has_open(self) -> bool:
        """Is a window open, of whose people nobody can know who will leave?"""
        return bool((self.cells["window"] < 0).any())

    def counts(self, column: str) -> np.ndarray:
        """Sums by closed window and level."""
        part = self.cells[self.cells["window"] >= 0]
        return self._sums(part["window"].to_numpy(), part[column].to_numpy(), part["level"].to_numpy())

    def open_counts(self) -> np.ndarray:
        """Persons by level in the open window."""
        part = self.cells[self.cells["window"] < 0]
        return np.bincount(part["level"], weights=part["n"], minlength=len(self.names))

    def honest(self, cause: str = TOTAL) -> np.ndarray:
        """Leavers for ``cause`` expected without the covariate by closed window and level, at rates of that window."""
        part = self.cells[self.cells["window"] >= 0]
        key = part["window"].to_numpy() * (part["group"].max() + 1) + part["group"].to_numpy()
        left, n = (np.bincount(key, weights=part[name]) for name in (cause, "n"))
        rate = np.divide(left, n, out=np.zeros(len(n)), where=n > 0)[key]
        return self._sums(part["window"].to_numpy(), part["n"].to_numpy() * rate, part["level"].to_numpy())

    def _sums(self, window: np.ndarray, weight: np.ndarray, level: np.ndarray) -> np.ndarray:
        shape = (len(self.origins), len(self.names))
        return np.bincount(window * shape[1] + level, weights=weight, minlength=shape[0] * shape[1]).reshape(shape)

    def told(self, cause: str, *, together: bool = True) -> Told:
        """What the covariate tells about ``cause``.

        Args:
            cause: a cause or ``total``.
            together: rates come from the other windows; otherwise from the other half of the same one, which also
                sees what has changed from window to window. An only window is always judged by halves.
        """
        table = self.cells
        together = together and len(self.origins) > 1
        half = table["half"].to_numpy()
        now = table[table["window"] < 0]
        rows = []
        for window in range(len(self.origins)):
            here = (table["window"] == window).to_numpy()
            if together:
                parts = [(table[(table["window"] >= 0).to_numpy() & ~here], table[here])]
            else:
                parts = [(table[here & (half != h)], table[here & (half == h)]) for h in range(HALVES)]
            found = [self._added(train, pd.concat([then, now]), cause) for train, then in parts]
            size = [len(then) for _, then in parts]
            then = pd.concat([then for _, then in parts])
            ratio, added = (np.concatenate([f[i][:k] for f, k in zip(found, size, strict=True)]) for i in (0, 1))
            ahead = np.mean([f[1][k:] for f, k in zip(found, size, strict=True)], axis=0)
            rows.append((*_summed(then, ratio, added, cause), _mean(ahead, now["n"].to_numpy())))
        columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]
        everyone, stayed, rate, spread, auc, events, persons, later = columns
        return Told(everyone, stayed, later, rate, spread, auc, events, persons, float(now["n"].sum()))

    def _added(self, train: pd.DataFrame, then: pd.DataFrame, cause: str) -> tuple[np.ndarray, np.ndarray]:
        """Ratio of each cell's level, and the risk it adds to the honest one, from the leavers of ``train``."""
        n, left = train["n"].to_numpy(), train[cause].to_numpy()
        mean = left.sum() / max(n.sum(), 1.0)
        group, size = train["group"].to_numpy(), int(self.cells["group"].max()) + 1
        gone, persons = (np.bincount(group, weights=weight, minlength=size) for weight in (left, n))
        rates = (gone + PERSONS * mean) / (persons + PERSONS)
        level = train["level"].to_numpy()
        expected = np.bincount(level, weights=n * rates[group], minlength=len(self.names))
        ratio = (np.bincount(level, weights=left, minlength=len(self.names)) + DRAWN) / (expected + DRAWN)
        base, ratios = rates[then["group"].to_numpy()], ratio[then["level"].to_numpy()]
        return ratios, np.minimum(base * ratios, 1.0) - base


def _groups(cells: pd.DataFrame, column: str) -> np.ndarray:
    """Numbers of the groups of form, age and tenure, without what the covariate is itself."""
    keys = []
    if column != "form":
        keys.append(cells["form"].astype("str").reset_index(drop=True))
    for name, bands in (("age", banding("leaving").starts), ("tenure", TENURE_BANDS)):
        if column != name:
            keys.append(pd.Series(np.searchsorted(bands, cells[name].to_numpy(dtype=float), side="right")))
    return pd.DataFrame(dict(enumerate(keys))).groupby(list(range(len(keys)))).ngroup().to_numpy()


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    return float((values * weight).sum() / weight.sum()) if weight.sum() > 0 else float("nan")


def _summed(then: pd.DataFrame, ratio: np.ndarray, added: np.ndarray, cause: str) -> tuple[float, ...]:
    n, left = then["n"].to_numpy(), then[cause].to_numpy()
    everyone = _mean(added, n)
    spread = float(np.sqrt(max(_mean((added - everyone) ** 2, n), 0.0)))
    stayed = _mean(added, np.maximum(n - left, 0.0))
    return everyone, stayed, _mean(left / np.maximum(n, 1e-9), n), spread, auc_of(ratio, left, n), left.sum(), n.sum()


def auc_of(risk: np.ndarray, left: np.ndarray, n: np.ndarray) -> float:
    """Area under the ROC curve: pairs of a leaver and a stayer in which the leaver's risk is higher, ties half."""
    _, rank = np.unique(risk, return_inverse=True)
    gone, stayed = np.bincount(rank, weights=left), np.bincount(rank, weights=np.maximum(n - left, 0.0))
    if not gone.sum() > 0 or not stayed.sum() > 0:
        return float("nan")
    below = np.cumsum(stayed) - stayed / 2
    return float((gone * below).sum() / (gone.sum() * stayed.sum()))
