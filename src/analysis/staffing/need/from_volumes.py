"""Need: what the volumes ask for at the staffing of the first year ("ingenting förändras")."""

from __future__ import annotations

import pandas as pd

from analysis.periods import cutoff, shift
from analysis.tables.joins import join


def opening_gap(vacancies: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Posts that stand empty at ``at`` as far as adverts tell, in full-time equivalents.

    A post that has been filled stays empty until the hired person's first day, where the delivery records one.

    Args:
        vacancies: clean table ``vacancies``.
        at: the cut-off.

    Returns:
        DataFrame[department, occupation, fte].
    """
    until = manned(vacancies)
    still = vacancies[(vacancies["opened"] <= at) & (until.isna() | (until > at))]
    return still.groupby(["department", "occupation"], as_index=False).agg(fte=("posts", "sum"))


def withdrawn(vacancies: pd.DataFrame) -> pd.Series:
    """Which adverts ended without a hire; without a recorded reason every closed one was filled."""
    if "end_reason" not in vacancies:
        return pd.Series(data=False, index=vacancies.index)
    return (vacancies["end_reason"] == "withdrawn").fillna(value=False).astype("bool")


def manned(vacancies: pd.DataFrame) -> pd.Series:
    """Day from which a post is no longer empty or no longer sought for; missing while it is open."""
    closed = vacancies["closed"]
    if "start" not in vacancies:
        return closed
    later = vacancies["start"].notna() & closed.notna() & (vacancies["start"] > closed) & ~withdrawn(vacancies)
    return vacancies["start"].where(later, closed)


def need_change(
    volumes: pd.DataFrame, ratios: pd.DataFrame, *, period: str, years: int
) -> tuple[pd.DataFrame, list[str]]:
    """Change in need from the cut-off's year to each forecast year, at fixed staffing per volume.

    need(year) = Σ over kinds of volume(year) · full-time equivalents per volume. A forecast year that the
    volumes do not reach keeps the last year they do reach; the gap in the data is returned as a note.

    Args:
        volumes: clean table ``volumes``; where a department has several vintages of a kind, the last one
            named (in text order) counts.
        ratios: clean table ``staffing_ratios``; department ``*`` holds for a kind and occupation where a
            department has no ratio of its own.
        period: cut-off month.
        years: forecast years.

    Returns:
        DataFrame[department, occupation, year (1…years), fte, level] (``level``: need in the cut-off's
        year) and notes (message texts for the log); empty where no volume reaches the cut-off's year.
    """
    notes = []
    newest = volumes.groupby(["department", "kind"])["vintage"].transform("max")
    latest = volumes[volumes["vintage"] == newest]
    first = cutoff(period).year
    targets = [cutoff(shift(period, 12 * ahead)).year for ahead in range(years + 1)]
    table = latest.pivot_table(index=["department", "kind"], columns="year", values="volume", aggfunc="sum")
    if first not in table.columns:
        return pd.DataFrame(columns=["department", "occupation", "year", "fte", "level"]), [
            f"volumes lack the year {first}"
        ]
    covered = [int(year) for year in table.columns]
    reach = int(latest.groupby(["department", "kind"])["year"].max().min())
    if reach < max(targets):
        notes.append(f"volumes end in {reach}; later years keep that year's volume")
    table = table.reindex(columns=range(min(covered), max(*targets, *covered) + 1)).ffill(axis=1)
    unknown = table.index[table[first].isna()]
    notes += [f"volumes of {kind} in {key} lack the year {first} and are left out" for key, kind in unknown]
    table = table.drop(index=unknown)
    change = pd.DataFrame({ahead: table[target] - table[first] for ahead, target in enumerate(targets)})
    long = change.drop(columns=0).reset_index()
    long = long.melt(id_vars=["department", "kind"], var_name="year", value_name="change")
    own = ratios[ratios["department"] != "*"]
    common = ratios[ratios["department"] == "*"].drop(columns="department")
    pairs = long[["department", "kind"]].drop_duplicates()
    # a kind without a common ratio has ratios of its own, or is counted below among those without any
    shared = pairs[pairs["kind"].isin(common["kind"])]
    filled, _ = join(shared, common, "kind", how="inner", validate="many_to_many", name="common staffing ratios")
    keys = ["department", "kind", "occupation"]
    mine = set(own[keys].itertuples(index=False, name=None))
    keep = [key not in mine for key in filled[keys].itertuples(index=False, name=None)]
    columns = ["department", "kind", "occupation", "fte_per_volume"]
    every = pd.concat([own[columns], filled.loc[pd.Series(keep, dtype="bool"), columns]], ignore_index=True)
    _, lost = join(pairs, every, ["department", "kind"], validate="one_to_many", name="volumes → staffing ratios")
    if lost.left_unmatched:
        notes.append(f"volumes without a staffing ratio are left out: {', '.join(lost.examples)}")
    need, _ = join(long, every, ["department", "kind"], how="inner", validate="many_to_many", name="staffing ratios")
    level = table[first].rename("start").reset_index()
    need, _ = join(need, level, ["department", "kind"], name="volumes of the first year")
    need["fte"] = need["change"] * need["fte_per_volume"]
    need["level"] = need["start"] * need["fte_per_volume"]
    need["year"] = need["year"].astype("int64")
    return need.groupby(["department", "occupation", "year"], as_index=False)[["fte", "level"]].sum(), notes
