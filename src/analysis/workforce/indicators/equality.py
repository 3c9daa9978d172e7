"""Inputs to JÄMIX and AVI that compare women and men among the employed; never the indices' own scores."""

from __future__ import annotations

import pandas as pd

from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION
from analysis.workforce.indicators.named import figure, ratio

BALANCED = (0.4, 0.6)


def equal_terms(people: pd.DataFrame, managers: pd.DataFrame | None, *, at: pd.Timestamp) -> pd.DataFrame:
    """Balanced occupations, equal careers, and women's shares of full time and permanence minus men's.

    For the whole organisation only; ``n`` is the smaller group where a figure compares two.

    Args:
        people: monthly paid in post (``workforce.spells.stock``).
        managers: clean table ``managers``; None where the delivery has none.
        at: the day.
    """
    known = people[people["sex"].notna()].assign(woman=lambda table: table["sex"] == "F")
    of_occupation = known.groupby("occupation")["woman"].transform("mean")
    balanced = int(of_occupation.between(*BALANCED).sum())
    value = ratio(balanced, len(known))
    found = [figure("balanced_occupations", ORGANISATION, value, len(known), numerator=balanced)]
    groups = [known[known["woman"]], known[~known["woman"]]]
    least = min(len(group) for group in groups)
    if least:
        for name, has in (
            ("full_time_gap", known["full_time"].astype("bool")),
            ("permanent_gap", known["form"] == "permanent"),
        ):
            women, men = (ratio(int(has[group.index].sum()), len(group)) for group in groups)
            found.append(figure(name, ORGANISATION, women - men, least))
    if managers is not None:
        leading = managers[(managers["start"] <= at) & (managers["end"].isna() | (managers["end"] > at))]
        heads = known[known["person"].isin(leading["person"])]
        women = int(heads["woman"].sum())
        value = ratio(ratio(women, len(heads)), known["woman"].mean())
        least = min(women, len(heads) - women)
        found.append(figure("equal_careers", ORGANISATION, value, least))
    return facts(found)
