"""A synthetic municipality as risk cells, with hazards that are planted and therefore known."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.reference import CAUSES

COVARIATES = ["department", "occupation", "form", "rate_band", "age", "tenure"]


@dataclass(frozen=True)
class Truth:
    """What is planted. Log odds of leaving for a cause, against staying."""

    resignation: float = -2.7
    contract_end: float = -1.2
    employer: float = -6.0
    other: float = -5.2
    tenure_slope: float = 0.9  # added to resignation at tenure 0, fading to 0 at 8 completed years
    age_slope: float = 0.6  # added to resignation at 25, fading to 0 at 45
    occupation: dict[str, float] = field(default_factory=dict)
    department: dict[str, float] = field(default_factory=dict)
    retirement: bool = True
    shock_sd: float = 0.0
    department_cv: float = 0.0

    def log_odds(self, people: pd.DataFrame) -> np.ndarray:
        """Planted log odds, one column per cause in ``CAUSES`` (``unknown`` never happens here)."""
        age = people["age"].to_numpy(dtype=float)
        tenure = people["tenure"].to_numpy(dtype=float)
        permanent = people["form"].eq("permanent").to_numpy()
        resignation = (
            self.resignation
            + self.tenure_slope * np.clip(1 - tenure / 8, 0, 1)
            + self.age_slope * np.clip((45 - age) / 20, 0, 1)
            + people["occupation"].map(self.occupation).fillna(0.0).to_numpy()
            + people["department"].map(self.department).fillna(0.0).to_numpy()
        )
        retirement = np.where(age >= 60, -4.5 + 0.75 * (age - 60), -12.0) if self.retirement else -20.0 + 0 * age
        contract_end = np.where(permanent, -20.0, self.contract_end)
        flat = np.ones(len(people))
        return np.column_stack(
            [resignation, retirement, contract_end, flat * self.employer, flat * self.other, flat * -30.0]
        )


def probabilities(log_odds: np.ndarray) -> np.ndarray:
    """12-month probabilities by cause from log odds against staying."""
    odds = np.exp(log_odds)
    return odds / (1.0 + odds.sum(axis=1, keepdims=True))


def hire(rng: np.random.Generator, count: int, departments: int, occupations: int, *, stock: bool) -> pd.DataFrame:
    """New people; ``stock`` spreads age and tenure as in a grown workforce."""
    sizes = np.exp(np.random.default_rng(7).normal(0, 0.8, departments))
    department = rng.choice(departments, size=count, p=sizes / sizes.sum())
    occupation = (department * 3 + rng.choice(5, size=count, p=[0.4, 0.25, 0.2, 0.1, 0.05])) % occupations
    age = rng.integers(20, 66, count) if stock else np.clip(rng.normal(35, 10, count), 19, 62).astype(int)
    tenure = np.minimum(rng.exponential(8, count).astype(int), age - 19) if stock else np.zeros(count, dtype=int)
    return pd.DataFrame(
        {
            "department": np.char.add("d", np.char.zfill(department.astype(str), 4)).astype(object),
            "occupation": np.char.add("occ", np.char.zfill(occupation.astype(str), 2)).astype(object),
            "form": np.where(rng.random(count) < 0.88, "permanent", "temporary"),
            "rate_band": np.where(rng.random(count) < 0.75, "full", "part"),
            "age": age,
            "tenure": np.minimum(tenure, 30),
        }
    ).astype({"department": "str", "occupation": "str", "form": "str", "rate_band": "str"})


def simulate(
    *,
    seed: int,
    people: int = 6800,
    years: int = 8,
    departments: int = 20,
    occupations: int = 15,
    truth: Truth | None = None,
    first: int = 2016,
) -> pd.DataFrame:
    """Risk cells of ``years`` closed windows and the open one after them."""
    truth = truth or Truth()
    rng = np.random.default_rng(seed)
    stock = hire(rng, people, departments, occupations, stock=True)
    frames = []
    for year in range(first, first + years + 1):
        shock = np.exp(rng.normal(0, truth.shock_sd, len(CAUSES)) - truth.shock_sd**2 / 2)
        extra = np.ones(departments)
        if truth.department_cv:
            extra = rng.gamma(truth.department_cv**-2, truth.department_cv**2, departments)
        p = probabilities(truth.log_odds(stock)) * shock
        p *= extra[stock["department"].str[1:].astype(int).to_numpy()][:, None]
        p /= np.maximum(1.0, p.sum(axis=1, keepdims=True) / 0.98)
        draw = rng.random(len(stock))
        fate = (draw[:, None] > np.cumsum(p, axis=1)).sum(axis=1)  # index of the cause, or 6 = stays
        is_open = year == first + years
        rows = stock.assign(
            origin=f"{year}-12",
            at_risk=1,
            fte=np.where(stock["rate_band"] == "full", 1.0, 0.75),
            **{cause: (fate == i).astype(float) for i, cause in enumerate(CAUSES)},
        )
        cells = rows.groupby(["origin", *COVARIATES], as_index=False).sum()
        cells["open"] = is_open
        if is_open:
            cells[list(CAUSES)] = np.nan
        frames.append(cells)
        left = fate < len(CAUSES)
        stock = stock.loc[~left].assign(age=lambda t: t["age"] + 1, tenure=lambda t: (t["tenure"] + 1).clip(upper=30))
        stock = pd.concat([stock, hire(rng, int(left.sum()), departments, occupations, stock=False)], ignore_index=True)
    return pd.concat(frames, ignore_index=True)


def grouping(cells: pd.DataFrame, *, least: int = 20) -> pd.DataFrame:
    """Forecast groups of at least ``least`` at risk at the open origin, pooled upward otherwise."""
    pairs = cells.loc[:, ["department", "occupation"]].drop_duplicates().sort_values(["department", "occupation"])
    now = cells[cells["open"]]
    by_department = now.groupby("department")["at_risk"].sum()
    small = [d for d in pairs["department"].unique() if by_department.get(d, 0) < least]
    pairs["group_department"] = pairs["department"].where(~pairs["department"].isin(small), "pooled")
    now = now.merge(pairs, on=["department", "occupation"])
    size = now.groupby(["group_department", "occupation"])["at_risk"].sum()
    keys = pd.MultiIndex.from_frame(pairs[["group_department", "occupation"]])
    enough = size.reindex(keys).fillna(0).to_numpy() >= least
    pairs["group_occupation"] = pairs["occupation"].where(enough, "other_occupations")
    now = cells[cells["open"]].merge(pairs, on=["department", "occupation"])
    rest = now.groupby(["group_department", "group_occupation"])["at_risk"].sum()
    for department, occupation in rest[rest < least].index:  # too small a rest: the department is one group
        assert occupation == "other_occupations"
        pairs.loc[pairs["group_department"] == department, "group_occupation"] = "other_occupations"
    return pairs.reset_index(drop=True)
