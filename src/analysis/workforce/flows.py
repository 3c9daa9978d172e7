"""Yearly flows: who was in post at a window's start, and where they were at its end.

Risk cells are the models' only food: covariate cells of counts, not persons. Flows add up: closing stock =
opening stock − leavers + net moves + net ladder moves + newly qualified + hires + conversions, in persons and for every
group.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.periods import cutoff, look_up, shift
from analysis.reference import CAUSES
from analysis.workforce.covariates import FINER, finer, pay_is_dated
from analysis.workforce.spells import stock
from analysis.workforce.surroundings import SURROUNDINGS, Tables, surroundings

CELL = ["origin", "department", "occupation", "form", "rate_band", "age", "tenure", *FINER, *SURROUNDINGS]
MAX_TENURE = 30


def person_years(
    rows: pd.DataFrame, ends: pd.DataFrame, *, origins: list[str], tables: Tables | None = None
) -> pd.DataFrame:
    """One row per person in post at each origin, with what happened in the twelve months after it.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        ends: result of ``workforce.spells.spell_ends``.
        origins: window starts in order; the last window is still open.
        tables: clean tables by name, for what surrounds a person (``workforce.surroundings``).

    Returns:
        DataFrame[origin, open, person, department, occupation, form, rate_band, age, tenure, *FINER, *SURROUNDINGS,
        fte, cause, to_department, to_occupation, to_form]; ``cause`` is '' for who stays, ``transfer`` for who was
        handed over; the last four are '' in the open window. Stays inside the room: rows about persons.
    """
    ending = ends.set_index("spell")
    dated = pay_is_dated(rows, origins)
    parts = []
    ends_of = {shift(origin, 12) for origin in origins[:-1]}
    stocks = {when: stock(rows, cutoff(when)) for when in sorted({*origins, *ends_of})}
    for place, origin in enumerate(origins):
        people = stocks[origin].copy()
        is_open = place == len(origins) - 1
        people = covariates(people, stocks.get(shift(origin, -12)), month=origin, tables=tables or {}, dated=dated)
        people["origin"], people["open"] = origin, is_open
        people["cause"] = ""
        people["to_department"] = people["to_occupation"] = people["to_form"] = ""
        if not is_open:
            until = cutoff(shift(origin, 12))
            end, cause = look_up(people["spell"], ending["end"]), look_up(people["spell"], ending["cause"])
            people["cause"] = cause.where(end <= until, "").fillna("")
            later = stocks[shift(origin, 12)].set_index("person")
            stays = people["cause"] == ""
            for column in ("department", "occupation", "form"):
                people[f"to_{column}"] = look_up(people["person"], later[column]).where(stays, "").fillna("")
        parts.append(people)
    table = pd.concat(parts, ignore_index=True)
    columns = [
        "origin",
        "open",
        "person",
        "department",
        "occupation",
        "form",
        "rate_band",
        "age",
        "tenure",
        *FINER,
        *SURROUNDINGS,
        "fte",
    ]
    return table[[*columns, "cause", "to_department", "to_occupation", "to_form"]]


def covariates(
    people: pd.DataFrame, before: pd.DataFrame | None, *, month: str, tables: Tables, dated: bool
) -> pd.DataFrame:
    """``people`` in post at the end of ``month`` with every covariate of risk cells, as known on that day.

    Args:
        people: result of ``workforce.spells.stock``.
        before: the same a year earlier; None where the history does not reach.
        month: "YYYY-MM".
        tables: clean tables by name, for what surrounds a person.
        dated: result of ``covariates.pay_is_dated``; where pay is not, it counts as not known.
    """
    if not dated:
        people = people.assign(pay=np.nan)
    around = surroundings(people, before, at=cutoff(month), tables=tables)
    return people.assign(
        rate_band=np.where(people["full_time"], "full", "part"),
        tenure=people["tenure_years"].clip(upper=MAX_TENURE),
        **finer(people),
        **{name: around[name] for name in SURROUNDINGS},
    )


def risk_cells(person_years: pd.DataFrame) -> pd.DataFrame:
    """Covariate cells for the hazards.

    Persons handed over with their undertaking count as staying: they did not leave, and were at risk until
    then.

    Returns:
        DataFrame[*CELL, at_risk, fte, *CAUSES, open]; counts are NaN while the window is open.
    """
    flags = {cause: (person_years["cause"] == cause).astype("float64") for cause in CAUSES}
    table = person_years.assign(at_risk=1, **flags)
    cells = table.groupby([*CELL, "open"], as_index=False, sort=True, dropna=False)[["at_risk", "fte", *CAUSES]].sum()
    cells.loc[cells["open"], list(CAUSES)] = np.nan
    return cells


def person_cells(person_years: pd.DataFrame) -> pd.DataFrame:
    """Which open risk cell each person in post is in, for counts of what the cells do not hold.

    Returns:
        DataFrame[person, cell]; ``cell`` is the place among the open rows of ``risk_cells``, from 0.
    """
    now = person_years[person_years["open"]]
    cell = now.groupby(CELL, sort=True, dropna=False).ngroup()
    return pd.DataFrame({"person": now["person"], "cell": cell}).reset_index(drop=True)


def flows(
    rows: pd.DataFrame,
    person_years: pd.DataFrame,
    *,
    was_hourly: pd.DataFrame | None,
    qualified: pd.DataFrame | None,
) -> pd.DataFrame:
    """What changed the stock of each department and occupation in each closed window.

    Args:
        rows: result of ``employment_rows``.
        person_years: result of ``person_years``.
        was_hourly: DataFrame[person, month] of hours worked by the hourly paid, or None. A hire with hours in
            the month of the hire or before it, at most a year before the window, is a conversion; so is one
            with an hourly paid employment among ``rows`` in that time.
        qualified: DataFrame[person, end, target_occupation] of completed pipelines, or None.

    Returns:
        DataFrame[origin, department, occupation, part, persons, fte] where ``part`` is opening, closing, a
        cause, transfer (net), moves (net; another department, the same occupation), ladder_moves (net; another
        occupation without studies that lead to it), newly_qualified (net), hires or conversions. Flows out and net
        losses are negative, flows in positive; FTE of movers are those at the window's start, so that moves sum to
        zero. ``rate_change`` carries the rest in FTE (0 persons).
    """
    parts = []
    order = list(dict.fromkeys(person_years["origin"]))
    for origin in order[:-1]:
        until = cutoff(shift(origin, 12))
        before = person_years[person_years["origin"] == origin]
        after = stock(rows, until)
        parts += [_window(origin, rows, before, after, until, was_hourly, qualified)]
    columns = ["origin", "department", "occupation", "part"]
    if not parts:
        return pd.DataFrame(columns=[*columns, "persons", "fte"])
    table = pd.concat(parts, ignore_index=True)
    return table.groupby(columns, as_index=False, sort=True)[["persons", "fte"]].sum()


def _first_hourly(
    rows: pd.DataFrame, was_hourly: pd.DataFrame | None, begin: pd.Timestamp, until: pd.Timestamp
) -> pd.Series:
    """First day after ``begin`` on which a person worked by the hour: employments and hours worked."""
    held = rows[(rows["form"] == "hourly") & (rows["start"] <= until)]
    held = held[held["until"].isna() | (held["until"] > begin)]
    days = [held[["person", "start"]].set_axis(["person", "day"], axis=1)]
    if was_hourly is not None and not was_hourly.empty:
        year = was_hourly[(was_hourly["month"] > begin) & (was_hourly["month"] <= until)]
        days.append(year[["person", "month"]].set_axis(["person", "day"], axis=1))
    return pd.concat(days).groupby("person")["day"].min()


def _window(
    origin: str,
    rows: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
    until: pd.Timestamp,
    was_hourly: pd.DataFrame | None,
    qualified: pd.DataFrame | None,
) -> pd.DataFrame:
    stays = before[before["cause"] == ""]
    moved = stays[(stays["to_department"] != stays["department"]) | (stays["to_occupation"] != stays["occupation"])]
    gained = set()
    if qualified is not None and not qualified.empty:
        done = qualified[qualified["end"] <= until]
        gained = set(zip(done["person"], done["target_occupation"], strict=True))
    is_new = np.array(
        [pair in gained for pair in zip(moved["person"], moved["to_occupation"], strict=True)], dtype=bool
    )
    climbed = (moved["to_occupation"] != moved["occupation"]).to_numpy()
    moved = moved.assign(part=np.select([is_new, climbed], ["newly_qualified", "ladder_moves"], "moves"))
    hired = after[~after["person"].isin(stays["person"])]
    # hourly work beside or after the monthly employment makes nobody a convert
    first = look_up(hired["person"], _first_hourly(rows, was_hourly, cutoff(shift(origin, -12)), until))
    converted = (first <= hired["spell_start"]).to_numpy()
    taken = hired["spell"].isin(rows.loc[rows["taken_over"], "spell"])
    hired = hired.assign(part=np.select([taken, converted], ["transfer", "conversions"], "hires"))
    arrived = moved.drop(columns=["department", "occupation"]).rename(
        columns={"to_department": "department", "to_occupation": "occupation"}
    )
    left = before[before["cause"] != ""]
    changed = after.set_index("person")["fte"].reindex(stays["person"]).to_numpy() - stays["fte"].to_numpy()
    drift = stays.assign(
        fte=changed,
        department=stays["to_department"],
        occupation=stays["to_occupation"],
        part="rate_change",
    )
    pieces = [
        (before.assign(part="opening"), 1, 1),
        (after.assign(part="closing"), 1, 1),
        (left.assign(part=left["cause"]), -1, -1),
        (moved, -1, -1),
        (arrived, 1, 1),
        (hired, 1, 1),
        (drift, 0, 1),
    ]
    frames = [
        piece.assign(origin=origin, persons=float(heads), fte=piece["fte"] * sign)[
            ["origin", "department", "occupation", "part", "persons", "fte"]
        ]
        for piece, heads, sign in pieces
        if len(piece)
    ]
    return pd.concat(frames, ignore_index=True)


def hire_profile(rows: pd.DataFrame, person_years: pd.DataFrame, *, windows: int = 3) -> pd.DataFrame:
    """How recent hires look: the share of each (form, rate band, age, tenure) among hires, per occupation.

    Args:
        rows: result of ``employment_rows``.
        person_years: result of ``person_years``.
        windows: how many closed windows back count as recent.

    Returns:
        DataFrame[occupation, form, rate_band, age, tenure, share, fte_per_person]; shares sum to 1 per
        occupation.
    """
    order = list(dict.fromkeys(person_years["origin"]))
    parts = []
    for origin in order[:-1][-windows:]:
        after = stock(rows, cutoff(shift(origin, 12)))
        before = person_years[(person_years["origin"] == origin) & (person_years["cause"] == "")]
        parts.append(after[~after["person"].isin(before["person"])])
    keys = ["occupation", "form", "rate_band", "age", "tenure"]
    if not parts or not sum(len(part) for part in parts):
        return pd.DataFrame(columns=[*keys, "share", "fte_per_person"])
    table = pd.concat(parts, ignore_index=True)
    table["rate_band"] = np.where(table["full_time"], "full", "part")
    table["tenure"] = table["tenure_years"].clip(upper=MAX_TENURE)
    cells = table.groupby(keys, as_index=False).agg(persons=("fte", "size"), fte=("fte", "sum"))
    cells["share"] = cells["persons"] / cells.groupby("occupation")["persons"].transform("sum")
    cells["fte_per_person"] = cells["fte"] / cells["persons"]
    return cells[[*keys, "share", "fte_per_person"]]


PRIOR_STAYERS = 20
"""Stayers that the share of all weighs as, against those an occupation has of its own."""


def made_permanent(person_years: pd.DataFrame, *, windows: int = 3) -> pd.DataFrame:
    """Share of the temporary staff who stay a year and are permanent at its end, per occupation.

    Small occupations are drawn towards the share of all: (made permanent + 20 · share of all) /
    (stayers + 20).

    Args:
        person_years: result of ``person_years``.
        windows: how many closed windows back count as recent.

    Returns:
        DataFrame[occupation, share]; occupation ``*`` holds for those not named.
    """
    recent = list(dict.fromkeys(person_years.loc[~person_years["open"], "origin"]))[-windows:]
    stays = person_years[
        person_years["origin"].isin(recent) & (person_years["form"] == "temporary") & (person_years["cause"] == "")
    ]
    became = (stays["to_form"] == "permanent").astype("float64")
    overall = float(became.mean()) if len(stays) else 0.0
    counts = became.groupby(stays["occupation"]).agg(["sum", "size"])
    share = (counts["sum"] + PRIOR_STAYERS * overall) / (counts["size"] + PRIOR_STAYERS)
    table = pd.DataFrame({"occupation": share.index.astype("str"), "share": share.to_numpy()})
    return pd.concat([table, pd.DataFrame({"occupation": ["*"], "share": [overall]})], ignore_index=True)


def completed(training: pd.DataFrame | None) -> pd.DataFrame | None:
    """Completed studies towards an occupation: DataFrame[person, end, target_occupation], or None."""
    if training is None:
        return None
    done = training[
        (training["status"] == "completed") & training["target_occupation"].notna() & training["end"].notna()
    ]
    return done[["person", "end", "target_occupation"]]
