"""Measures, years of groups and a small municipality, for tests of the effect ledger."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.businessplan.ledger import Measure, Past
from analysis.businessplan.ledger.compared import against_others, fit
from analysis.businessplan.ledger.looks import at_look, half_width
from analysis.reference.ledger import followed, sureness


def measure(**changes: Any) -> Measure:
    """A measure as it might be registered."""
    usual = {
        "id": "A1", "name": "Åtgärd", "departments": ("d00",), "occupations": (), "start": "2023-01",
        "until": "2025-12", "indicator": followed()["leaving_own_request"], "lower": True, "smallest": 0.04,
        "owner": "HR", "registered": "2022-11-01",
    }  # fmt: skip
    return Measure(**{**usual, **changes})


def one_life(
    rng: np.random.Generator, *, groups: int = 12, before: int = 5, after: int = 3, effect: float = 0.0,
    worst: bool = True, size: float = 150.0, level: float = 0.09,
) -> dict[str, float]:  # fmt: skip
    """Groups with levels of their own in years of their own, one of them with a measure, looked at every year.

    Args:
        worst: the measure's group is the one that was worst in the year before; else it is drawn.

    Returns:
        ``success`` at any look, ``value`` at the last one, and ``fall`` from the year before to the mean after: what is
        seen where nobody thinks of regression to the mean.
    """
    sizes = rng.uniform(0.5, 2.0, groups + 1) * size
    own, year = rng.normal(0, 0.2, groups + 1), rng.normal(0, 0.12, before + after)
    rates = level * np.exp(own[:, None] + year + rng.normal(0, 0.05, (groups + 1, before + after)))
    first = rng.poisson(rates * sizes[:, None])
    treated = int((first[:, before - 1] / sizes).argmax()) if worst else 0
    rates[treated, before:] -= effect
    events = np.column_stack([first[:, :before], rng.poisson(rates[:, before:] * sizes[:, None])])
    values, others = events / sizes[:, None], np.arange(groups + 1) != treated
    success, estimate = False, None
    for look in range(1, after + 1):
        until = before + look
        mean = events[others, :until].sum() / (sizes[others].sum() * until)
        chance = np.repeat((mean / sizes)[:, None], until, axis=1)
        model = fit(values[others, :until], chance[others])
        estimate = against_others(
            model, values[treated, :until], chance[treated], np.full(until, sizes[treated]), np.arange(until) >= before
        )
        half = half_width(estimate.error, estimate.freedom, at_look(look, after, sureness().alpha))
        success |= -estimate.value - half > 0
    assert estimate is not None
    fall = values[treated, before - 1] - values[treated, before:].mean()
    return {"success": float(success), "value": estimate.value, "fall": float(fall)}


def town(
    *, departments: int = 10, staff: int = 150, effect: float = 0.0, seed: int = 0, level: float = 0.12
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows and ends of permanent staff 2018 to 2025: everyone who leaves is followed by somebody else at once.

    From 2023 on, the chance of leaving in department d00 is lower by ``effect`` a year.
    """
    rng, posts = np.random.default_rng(seed), departments * staff
    months = pd.date_range("2018-01-31", "2025-12-31", freq="ME")
    rates = np.full((posts, len(months)), level)
    rates[:staff, months >= "2023-01-31"] -= effect
    post, month = np.nonzero(rng.random(rates.shape) < rates / 12)
    # every spell begins where the one before it ended, the first of a post long before the record
    begins = np.concatenate([np.full(posts, pd.Timestamp("2014-12-31").to_datetime64()), months[month].to_numpy()])
    table = pd.DataFrame({"post": np.concatenate([np.arange(posts), post]), "start": begins})
    table = table.sort_values(["post", "start"], kind="stable", ignore_index=True)
    table["until"] = table.groupby("post")["start"].shift(-1)
    department = (table["post"] // staff).map("{:02d}".format)
    rows = pd.DataFrame(
        {
            "person": [f"p{place}" for place in table.index], "unit": "u" + department, "department": "d" + department,
            "occupation": np.where(table["post"] % 2 == 1, "nurse", "assistant_nurse"), "form": "permanent",
            "rate": 1.0, "start": table["start"] + pd.Timedelta(days=1), "until": table["until"],
            "source_row": table.index, "spell": table.index, "spell_end": table["until"],
        }
    )  # fmt: skip
    rows["spell_start"] = rows["start"]
    left = rows[rows["until"].notna()]
    ends = left[["spell", "person"]].assign(end=left["until"], cause="resignation", stated="")
    return rows, ends.reset_index(drop=True)


def past(rows: pd.DataFrame, ends: pd.DataFrame, **tables: pd.DataFrame) -> Past:
    """What measures are followed in, in a town whose record begins in 2018."""
    units = dict(zip(rows["unit"], rows["department"], strict=True))
    first = dict.fromkeys(("leaving_own_request", "leaving_all"), "2018-01")
    return Past(
        rows, ends, tables.get("absences"), tables.get("vacancies"), units, first, dict.fromkeys(first, "2025-12")
    )
