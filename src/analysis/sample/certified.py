"""Certificates that run out: who has which, renewed in time or late, and the truth about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reference.practices import certificates as reference
from analysis.sample.practice_truth import Figure, shares
from analysis.sample.practised import MONTH_DAYS, NOW, YEAR_AGO, Crowd
from analysis.sample.skills import day
from analysis.sample.town import data

Array = npt.NDArray[Any]
COLUMNS = ["person", "number", "kind", "start", "end"]
GIVEN_UP = 6
"""Certificates of a kind that are followed back: the longest history holds no more."""


def certificates(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    """DataFrame[person, number, kind (as ``practised.toml`` names it), start, end (day numbers)], a row a certificate.

    Everyone begins with one some weeks after the hire. Most renew before its last day, some late, and some never.
    """
    parts = []
    for kind, plan in data("practised")["certificates"].items():
        people = crowd.of(crowd.lately, plan["of"])
        people = people[rng.random(len(people)) < plan["share"]]
        last = np.minimum(crowd.last_day.loc[people["person"]].to_numpy(), NOW)
        start = np.maximum(people["hired"].to_numpy(), day("2021-01-01")) + rng.integers(5, 200, len(people))
        length, alive = round(plan["months"] * MONTH_DAYS), np.ones(len(people), dtype=bool)
        for _ in range(GIVEN_UP):
            alive &= start <= last
            end = start + length
            parts.append(pd.DataFrame({"person": people["person"], "kind": kind, "start": start, "end": end})[alive])
            draw = rng.random(len(people))
            late = draw < plan["late"]
            start = np.where(late, end + rng.integers(10, 150, len(people)), end - rng.integers(0, 40, len(people)))
            alive &= draw < 1 - plan["never"]
    table = pd.concat(parts, ignore_index=True)
    table["number"] = crowd.names(table["person"].to_numpy())
    return table[COLUMNS].sort_values(["kind", "start", "number"], kind="stable", ignore_index=True)


def certificate_truth(crowd: Crowd, table: pd.DataFrame) -> Iterator[Figure]:
    """Valid, about to run out (within a quarter), run out; and renewed by the day the old one ran out."""
    settings = reference()
    named = {entry.id for entry in settings.certificate}
    for kind, mine in table.groupby(table["kind"].where(table["kind"].isin(named), "other")):
        longest = mine.groupby("person")["end"].max()
        people = crowd.now[crowd.now["person"].isin(longest.index)]
        until = people["person"].map(longest)
        for department, own in (("all", people), *people.groupby("department")):
            left = until[own.index] - NOW
            counted = {
                "held": len(left), "valid": (left > settings.soon_days).sum(),
                "soon": left.between(0, settings.soon_days).sum(), "expired": (left < 0).sum(),
            }  # fmt: skip
            for state, number in counted.items():
                yield "certificates", state, str(kind), str(department), float(number)
        days = {person: sorted(zip(own["start"], own["end"], strict=True)) for person, own in mine.groupby("person")}
        ended = {person: [end for _, end in own if YEAR_AGO < end <= NOW] for person, own in days.items()}
        asked = crowd.now[crowd.now["person"].isin([person for person, last in ended.items() if last])]
        renewed = [
            any(start <= ended[person][0] + 1 and end > ended[person][0] for start, end in days[person])
            for person in asked["person"]
        ]
        yield from shares(asked, renewed, "certificate_renewed", str(kind), "share")
