"""Employers made for the leak alarm: honest histories of several kinds, and leaks planted in them.

Small units, units that close or are wound down, covariates that belong to a unit and year, retirement by age or by
length of service, probation, and reasons that are recorded late or never. Everything is drawn, nobody is real.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.reference import CAUSES

KINDS = ("municipality", "police", "shop", "no_reasons", "personallista")
LEAKS = ("title", "workplace", "retired_title", "pay", "growth", "last_pay", "department", "tenure")
YEAR = ["department", "workplace", "title", "occupation", "form", "rate_band"]


def careers(*, seed: int, people: int, years: int = 5, kind: str = "municipality") -> pd.DataFrame:
    """One row per person and window: covariates, ``person``, ``cause`` ('' stayed) and ``open``."""
    rng = np.random.default_rng([seed, people, KINDS.index(kind)])
    units = max(4, people // {"shop": 8, "police": 60}.get(kind, 20))
    departments = max(2, units // 8)
    owner = rng.integers(0, departments, units)
    level = rng.normal(0, 0.35, units) + rng.normal(0, 0.3, departments)[owner]
    size = np.exp(rng.normal(0, 0.9, units))
    alive = np.ones(units, dtype=bool)
    titles = max(6, people // 40)
    liking = np.exp(rng.normal(0, 1.2, titles))
    stay = rng.normal(0, 0.4, titles)

    def hire(count: int, settled: bool) -> pd.DataFrame:
        age = rng.integers(20, 66, count) if settled else np.clip(rng.normal(34, 10, count), 19, 62).astype(int)
        tenure = np.minimum(rng.exponential(9, count).astype(int), age - 19) if settled else np.zeros(count, int)
        if kind == "police":
            age = np.where(tenure > 0, 22 + tenure + rng.integers(0, 6, count), age)
        return pd.DataFrame(
            {
                "unit": rng.choice(units, count, p=size * alive / (size * alive).sum()),
                "job": rng.choice(titles, count, p=liking / liking.sum()),
                "temporary": rng.random(count) < (0.02 if settled else 0.25),
                "part": rng.random(count) < 0.3,
                "age": np.minimum(age, 70),
                "tenure": np.minimum(tenure, 40),
                "pay": rng.normal(0, 0.12, count),
            }
        )

    stock = hire(people, settled=True).assign(person=np.arange(people), since=-1)
    known, winding, frames = people, -1, []
    for year in range(years + 1):
        growth, manager = rng.normal(0, 0.12, units), rng.random(units) < 0.2
        span = rng.integers(5, 40, units)
        unit, job = stock["unit"].to_numpy(), stock["job"].to_numpy()
        age, tenure = stock["age"].to_numpy(dtype=float), stock["tenure"].to_numpy(dtype=float)
        shock = rng.normal(0, 0.12)
        odds = np.full((len(stock), len(CAUSES)), -30.0)
        base = -1.6 if kind == "shop" else -2.9
        odds[:, 0] = base + shock + level[unit] + stay[job] + np.clip(1 - tenure / 6, 0, 1) + 0.3 * manager[unit]
        odds[:, 0] += 0.5 * np.clip((40 - age) / 20, 0, 1) - 2.0 * growth[unit] - 1.5 * stock["pay"]
        odds[:, 1] = np.where(age >= 60, -3.5 + 0.7 * (age - 60), -12.0)
        if kind == "police":
            odds[:, 1] = np.maximum(odds[:, 1], np.where(tenure >= 25, -1.2 + 0.25 * (tenure - 25), -12.0))
        odds[:, 2] = np.where(stock["temporary"], -0.6, -30.0)
        odds[:, 3] = np.where(tenure == 0, -3.0, -6.5)  # probation
        odds[:, 4] = -5.5
        closing = int(rng.choice(np.flatnonzero(alive))) if rng.random() < 0.35 and alive.sum() > 4 else -1
        if closing >= 0:
            odds[unit == closing, 3] = 2.0 if rng.random() < 0.5 else -2.0
        if winding >= 0:
            odds[unit == winding, 0] = 1.0
        p = np.exp(odds)
        p /= 1 + p.sum(axis=1, keepdims=True)
        fate = (rng.random(len(stock))[:, None] > np.cumsum(p, axis=1)).sum(axis=1)
        cause = np.array([*CAUSES, ""], dtype=object)[fate]
        if kind in ("no_reasons", "personallista") or (kind == "police" and year < years // 2):
            cause = np.where(cause == "", "", "unknown")
        elif kind == "municipality":
            cause = np.where((cause != "") & (rng.random(len(cause)) < 0.08), "unknown", cause)
        is_open = year == years
        occupation = job % 8
        frames.append(
            pd.DataFrame(
                {
                    "person": stock["person"], "since": stock["since"], "origin": f"{2016 + year}-12", "open": is_open,
                    "department": np.char.add("d", owner[unit].astype(str)).astype(object),
                    "workplace": np.char.add("w", unit.astype(str)).astype(object),
                    "title": np.char.add("t", job.astype(str)).astype(object),
                    "occupation": np.char.add("o", occupation.astype(str)).astype(object),
                    "form": np.where(stock["temporary"], "temporary", "permanent"),
                    "rate_band": np.where(stock["part"], "part", "full"),
                    "age": stock["age"], "tenure": np.minimum(stock["tenure"], 30),
                    "pay_position": (stock["pay"] * 20).round() / 20,
                    "unit_growth": np.round(growth[unit], 1), "manager_change": np.where(manager[unit], "new", "same"),
                    "manager_span": np.where(span[unit] > 25, "wide", "narrow"),
                    "cause": "" if is_open else cause, "gone": (cause != "") & (not is_open),
                }
            )
        )  # fmt: skip
        stock = stock[fate == len(CAUSES)].copy()
        if closing >= 0:
            alive[closing] = False
            left = stock["unit"].to_numpy() == closing
            stock.loc[left, "unit"] = rng.choice(np.flatnonzero(alive), left.sum())
            stock.loc[left, "since"] = year
        if winding >= 0:
            alive[winding] = False
            left = stock["unit"].to_numpy() == winding
            stock.loc[left, "unit"] = rng.choice(np.flatnonzero(alive), left.sum())
        winding = int(rng.choice(np.flatnonzero(alive))) if rng.random() < 0.15 and alive.sum() > 4 else -1
        moves = rng.random(len(stock)) < 0.08
        stock.loc[moves, "unit"] = rng.choice(np.flatnonzero(alive), moves.sum())
        stock.loc[moves, "since"] = year
        turned = rng.random(len(stock)) < 0.05
        stock.loc[turned, "job"] = rng.choice(titles, turned.sum(), p=liking / liking.sum())
        stock.loc[stock["temporary"] & (rng.random(len(stock)) < 0.4), "temporary"] = False
        stock["age"], stock["tenure"] = stock["age"] + 1, stock["tenure"] + 1
        stock["pay"] = 0.9 * stock["pay"] + rng.normal(0, 0.05, len(stock))
        new = hire(max(people - len(stock) + int(rng.normal(0, 0.02 * people)), 0), settled=False)
        new = new.assign(person=np.arange(known, known + len(new)), since=year)
        known += len(new)
        stock = pd.concat([stock, new], ignore_index=True)
    rows = pd.concat(frames, ignore_index=True)
    if kind == "personallista":  # one row per person: everything as it was at the extract, or when the person left
        last = rows.groupby("person")[["department", "workplace", "title", "occupation"]].transform("last")
        rows[last.columns] = last
    return rows


def with_leak(rows: pd.DataFrame, leak: str, *, seed: int = 0) -> pd.DataFrame:
    """The same persons with one covariate overwritten as pay systems do it; open rows know nothing of the future."""
    rng = np.random.default_rng([seed, 99])
    rows, gone, n = rows.copy(), rows["gone"].to_numpy(), len(rows)
    last = rows.groupby("person")["since"].transform("last")
    ends = rows.groupby("person")["gone"].transform("any").to_numpy()
    overwritten = ends & (rows["since"] == last).to_numpy()  # the row that held when somebody left
    if leak == "title":
        rows["title"] = rows["title"].mask(overwritten, "avslutad anställning")
    elif leak == "retired_title":
        retired = rows.groupby("person")["cause"].transform("last").to_numpy() == "retirement"
        rows["title"] = rows["title"].mask(overwritten & retired, "pensionerad")
    elif leak == "workplace":
        rows["workplace"] = rows["workplace"].mask(overwritten, "avgångna")
    elif leak == "department":
        rows["department"] = rows["department"].mask(gone, "")
    elif leak == "pay":
        rows["pay_position"] = rows["pay_position"].mask(gone & (rng.random(n) < 0.5))
    elif leak == "growth":
        rows["unit_growth"] = np.round(rng.normal(np.where(gone, -1.5, 0.0), 0.7), 1)
    elif leak == "tenure":
        rows["tenure"] = rows["tenure"].mask(gone & (rng.random(n) < 0.6), -1)
    elif leak == "last_pay":
        place = pd.factorize(rows["origin"], sort=True)[0]
        final = np.where(ends, rows.groupby("person")["origin"].transform("size") + 0, place.max() + 1)
        begun = rows.groupby("person")["origin"].transform("first").str[:4].astype(int) - 2016
        until = np.where(ends, begun + final - 1, place.max())
        rows["pay_position"] = (rows["pay_position"] + 0.04 * (until - place)).round(2)
    else:
        raise ValueError(leak)
    return rows


def cells_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Risk cells of the persons."""
    flags = {cause: (rows["cause"] == cause).astype(float) for cause in CAUSES}
    table = rows.drop(columns=["person", "since", "cause", "gone"]).assign(at_risk=1.0, fte=1.0, **flags)
    keys = [name for name in table.columns if name not in ("at_risk", "fte", *CAUSES)]
    return table.groupby(keys, as_index=False, dropna=False, sort=False).sum()
