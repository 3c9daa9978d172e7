"""From clean tables to the history of who worked where, and every fact about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.extracts.account.notices import Notice
from analysis.periods import cutoff, origins, shift
from analysis.reference import episode_rules, load
from analysis.reference.episodes import Rules
from analysis.tables.joins import report
from analysis.workforce import indicators
from analysis.workforce.accounting import waterfall
from analysis.workforce.awaited import Awaited, NoHistory, awaited
from analysis.workforce.covered import ended
from analysis.workforce.doubts import of_ended, of_exits, of_masses, on_record
from analysis.workforce.episodes import Restating, derive, settled
from analysis.workforce.mass import mass_ends, renumbered
from analysis.workforce.observed import Recorded, exits_recorded, of_lists, reasons_recorded
from analysis.workforce.snapshots import employments_from_snapshots, link, linked_exits
from analysis.workforce.spells import spell_begins, spell_ends, stock
from analysis.workforce.structure import as_of, department_names, staff_went, structure_of
from analysis.workforce.unmatched import EXITS, notices, unmatched

Tables = Mapping[str, pd.DataFrame | None]
NEVER = pd.Timestamp("2199-12-31")


@dataclass(frozen=True)
class History:
    """Who worked where, up to the cut-off.

    Attributes:
        rows: employments with department and spell (``employment_rows``).
        ends: ended spells with cause (``spell_ends``).
        departments: unit → department, in the structure of the cut-off.
        names: department names (``department_names``), departments with anyone in post at the cut-off.
        origins: starts of the windows that models and flows by cause stand on, oldest first; the last is the cut-off.
            Before reasons were recorded causes are missing, which is no cause of its own: those windows are left out.
        observed: starts of all windows in which leavers are recorded, for leaving in total.
        has_causes: causes are recorded for at least one closed window, and so for every closed window of ``origins``.
        observation: from when on leavers are recorded.
        reasons: from when on their reasons are.
        covered: last month of each table that ends well before the cut-off (``covered.ended``); a figure of a window
            that goes beyond it is missing.
        masses: days on which a mass of employments ended (``mass.mass_ends``).
        links: counts per pair of snapshots, empty where employments were delivered with dates.
        begins: spells and how they began (``spell_begins``).
        waterfall: what each rule of the history did, in order (``episodes.waterfall``).
        restated: units that are not as they were, DataFrame[unit, was, into, department, rule, rows, persons].
        unmatched: what joins of the history with other tables left over (``joins.report``).
        notices: what a person should know of all this.
        doubts: what looks wrong in it, each with its size.
        rules: the rules in force.
        in_post: monthly paid in post at the cut-off, persons.
        awaits: which parts of an edition wait for history, and until when.
        unknown: attributes that most of those in post lack, as columns of the table they come from; figures that rest
            on them are missing.
    """

    rows: pd.DataFrame
    ends: pd.DataFrame
    departments: dict[str, str]
    names: pd.DataFrame
    origins: list[str]
    observed: list[str]
    has_causes: bool
    observation: Recorded
    reasons: Recorded
    covered: dict[str, str]
    masses: pd.DataFrame
    links: pd.DataFrame
    begins: pd.DataFrame
    waterfall: pd.DataFrame
    restated: pd.DataFrame
    unmatched: pd.DataFrame
    notices: list[Notice]
    doubts: list[Notice]
    rules: Rules
    in_post: int
    awaits: Awaited
    unknown: list[str]

    def covering(self, tables: Tables, period: str) -> dict[str, pd.DataFrame | None]:
        """``tables`` without those that have ended before ``period``: what they lack is missing, not nought."""
        return {name: None if self.covered.get(name, period) < period else table for name, table in tables.items()}

    @property
    def exit_counts(self) -> dict[str, int]:
        """Exit records and ended employments, and those of either without the other; empty without exit records."""
        line = self.unmatched[self.unmatched["join"] == EXITS]
        names = {
            "left": "records",
            "left_unmatched": "records_unmatched",
            "right": "ended",
            "right_unmatched": "unrecorded",
        }
        return {name: int(line[column].iloc[0]) for column, name in names.items()} if len(line) else {}


def history(
    tables: Tables,
    *,
    period: str,
    level: str,
    rate: float = 1.0,
    episodes: Mapping[str, Any] | None = None,
    observed_from: str = "",
    reasons_from: str = "",
) -> History:
    """Collect the history from dated employments or, where there are none, from snapshots.

    Args:
        tables: clean tables by name; absent ones None or missing.
        period: cut-off month.
        level: level word of the nodes that get reports.
        rate: agreed rate assumed where the delivery has none.
        episodes: rules that the delivery states otherwise than the policy (``reference.episodes``).
        observed_from: first month from which leavers are recorded, "YYYY-MM"; '' = found from the exits (``observed``).
        reasons_from: first month from which their reasons are recorded; '' = found likewise.

    Raises:
        InputError: nobody is in post at the cut-off.
    """
    at, organisation, rules = cutoff(period), tables.get("organisation"), Rules.of(episodes)
    employments, links, unit_names, first_day = tables.get("employments"), pd.DataFrame(), None, None
    snapshots, exits = tables.get("snapshots"), tables.get("exits")
    if employments is None or employments.empty:
        if snapshots is None:
            raise InputError("the delivery has neither employments nor snapshots; add one of them to delivery.toml")
        lists, links = link(snapshots[snapshots["snapshot"] <= at])
        if lists.empty:
            raise NoHistory(
                sv=f"ingen lista är från {period} eller tidigare; välj en senare period",
                en=f"no snapshot lies on or before the cut-off of {period}; choose a later period",
            )
        newest = lists["snapshot"].max()
        if newest < at - pd.Timedelta(days=31):
            raise NoHistory(
                sv=f"den nyaste listan är från {newest:%Y-%m-%d}, före perioden {period}; välj {newest:%Y-%m}",
                en=f"the newest snapshot is of {newest:%Y-%m-%d}, before period {period}; choose {newest:%Y-%m}",
            )
        exits = linked_exits(exits, lists)
        employments = employments_from_snapshots(lists, exits, exit_match_days=rules.exit_match_days)
        named = lists.dropna(subset="unit_name").drop_duplicates("unit", keep="last")
        unit_names = dict(zip(named["unit"].astype("str"), named["unit_name"].astype("str"), strict=True))
        first_day = lists["snapshot"].min() + pd.Timedelta(days=1)
    every = [table["unit"] for table in tables.values() if table is not None and "unit" in table.columns]
    units = pd.concat([employments["unit"], *every])
    structure = structure_of(units, organisation, level, at)
    went = pd.DataFrame(columns=["unit", "person", "into", "department"])
    if structure.split:
        went, most = staff_went(employments, structure.split, gap_days=rules.gap_days)
        structure = structure_of(units, organisation, level, at, most_went=most)
        went["department"] = went["into"].map(structure.departments)
    departments, took_over = structure.departments, dict(structure.restated[["unit", "into"]].to_numpy())
    restating = Restating(departments, structure.coded, took_over, went)
    rows, effects = derive(employments, restating, at=at, rate=rate, rules=rules)
    people = stock(rows, at)
    if people.empty:
        raise NoHistory(
            sv=f"ingen är i tjänst vid brytdagen för {period}; kontrollera att de som är kvar finns med i uttaget, "
            "och dagen då det gjordes (extracted)",
            en=f"nobody is in post at the cut-off of {period}; check the period against the delivery's dates",
        )
    standing = None if organisation is None else as_of(organisation, at)
    names = department_names([str(key) for key in people["department"].unique()], standing, unit_names)
    hours = tables.get("hours")
    ends, begins = spell_ends(rows, exits, rules), spell_begins(rows, hours, rules)
    masses = mass_ends(rows, ends, lists=first_day is not None)
    if first_day is not None:
        observation = of_lists(ends, first_day, at=at, stated=observed_from)
    else:
        observation = exits_recorded(rows, ends, at=at, stated=observed_from, aside=renumbered(masses))
    since = observation.since if observation.since is not None else at
    reasons = reasons_recorded(ends, since=since, at=at, stated=reasons_from)
    covered = ended(tables, at)
    until = cutoff(covered["exits"]) if "exits" in covered else at
    observed, windows, has_causes = _windows(period, observation, reasons, until)
    if not has_causes:
        ends["cause"] = ends["cause"].where(ends["cause"] == "transfer", "unknown")
    effects = settled(effects, ends, begins, on_leave=int(people["on_leave"].sum()))
    restated = _sizes(structure.restated, employments, tables)
    lost = unmatched(
        rows,
        ends,
        {**tables, "employments": employments, "exits": exits},
        at=at,
        since=max(since, reasons.since or since),
        rules=rules,
    )
    recorded = on_record(observation, reasons, exits=exits is not None, has_causes=has_causes)
    told, doubts = of_exits(lost, since=reasons, has_causes=has_causes)
    return History(
        rows=rows,
        ends=ends,
        departments=departments,
        names=names,
        origins=windows,
        observed=observed,
        has_causes=has_causes,
        observation=observation,
        reasons=reasons,
        covered=covered,
        masses=masses,
        links=links,
        begins=begins,
        waterfall=waterfall(effects, episode_rules(), rules),
        restated=restated,
        unmatched=report(lost),
        notices=[*recorded, *told, *notices(lost, restated)],
        doubts=[*of_masses(masses), *doubts, *of_ended(covered, period)],
        rules=rules,
        in_post=people["person"].nunique(),
        awaits=awaited(observed, observation.since, period=period),
        unknown=unknown(people, "employments" if first_day is None else "snapshots", has_causes=has_causes),
    )


def unknown(people: pd.DataFrame, source: str, *, has_causes: bool) -> list[str]:
    """Attributes that most of those in post lack (``missing.toml``, ``[known]``).

    Args:
        people: monthly paid in post, DataFrame[person, birth, sex, occupation, pay, …].
        source: the table they come from.
        has_causes: causes of leaving are recorded for at least one closed window.
    """
    most = load("missing")["known"]["max_unknown"]
    lacking = {
        "birth": people["birth"].isna(), "sex": people["sex"].isna(), "occupation": people["occupation"] == "unknown",
        "pay": ~(people["pay"] > 0),
    }  # fmt: skip
    found = [f"{source}.{column}" for column, lacks in lacking.items() if lacks.mean() > most]
    return found if has_causes else [*found, "exits.cause"]


def _sizes(restated: pd.DataFrame, employments: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Restated units that anything was recorded in, with the rows and persons employed there."""
    named = {name: table["unit"].unique() for name, table in tables.items() if table is not None and "unit" in table}
    used = {unit for name, units in named.items() if name != "organisation" for unit in units}
    mine = employments[employments["unit"].isin(restated["unit"])]
    sizes = mine.groupby("unit").agg(rows=("person", "size"), persons=("person", "nunique"))
    found = restated[restated["unit"].isin(used | set(sizes.index))].reset_index(drop=True)
    for column in sizes.columns:
        found[column] = found["unit"].map(sizes[column]).fillna(0).astype("int64")
    return found


def _windows(
    period: str, observation: Recorded, reasons: Recorded, until: pd.Timestamp
) -> tuple[list[str], list[str], bool]:
    """Window starts in which leavers are recorded; those whose causes are too; and whether any closed one has causes.

    The open window, the last, is always there. Without a closed window with causes all windows stand, without causes.
    """
    observed = origins(period, observation.since if observation.since is not None else NEVER)
    if reasons.since is None:
        return observed, observed, False
    since = reasons.since - pd.Timedelta(days=1)
    known = [each for each in observed[:-1] if cutoff(each) >= since and cutoff(shift(each, 12)) <= until]
    return (observed, [*known, period], True) if known else (observed, observed, False)


def all_facts(past: History, tables: Tables, *, period: str, hours_per_month: float) -> pd.DataFrame:
    """Every fact of the workforce for the cut-off, and of a year before where a change is shown.

    Args:
        past: result of ``history``.
        tables: clean tables by name.
        period: cut-off month.
        hours_per_month: hours of a full-time month.

    Returns:
        Facts (``tables.facts``); figures of a year before carry the layer ``year_before``.
    """
    people, whole = stock(past.rows, cutoff(period)), past.covering(tables, period)
    found = [indicators.headcount_and_fte(people)]
    # windows whose causes are recorded, by their last month
    told = {shift(each, 12) for each in past.origins[:-1]} if past.has_causes else set()
    # in a year that the record of leavers does not cover, leavers are missing, not nought
    if shift(period, -12) in past.observed:
        gone = indicators.exits(past.rows, past.ends, period=period)
        # without recorded reasons nobody "left for no known reason but one": the causes are missing too
        found.append(gone if period in told else gone[gone["row"] == "total"])
        found.append(indicators.exit_survey(past.rows, past.ends, period=period))
    windows = past.observed[1:]
    if windows:
        found.append(indicators.leaving_rates(past.rows, past.ends, windows=windows, with_causes=told))
    hours = whole.get("hours")
    if hours is not None and not hours.empty:
        found.append(indicators.hourly_fte(hours, past.departments, period=period, hours_per_month=hours_per_month))
    for when, layer in ((period, ""), (shift(period, -12), "year_before")):
        if when == period or when in past.observed:
            held = past.covering(tables, when)
            then = people if when == period else stock(past.rows, cutoff(when))
            found.append(_at(past, then, held, period=when, earlier=when != period).assign(layer=layer))
            named = indicators.definition_facts(
                past.rows,
                past.ends,
                past.departments,
                held if when in told else {**held, "exits": None},
                people=then,
                period=when,
                first_period=past.observed[0],
                hours_per_month=hours_per_month,
            )
            found.append(named.assign(layer=layer))
    return pd.concat(found, ignore_index=True)


def _covers(months: pd.Series, period: str, *, whole: bool) -> bool:
    """Are there months of the twelve that end with ``period``; with ``whole``, from the first one on?"""
    begins = cutoff(shift(period, -12))
    inside = ((months > begins) & (months <= cutoff(period))).any()
    return bool(inside and (not whole or months.min() <= begins + pd.Timedelta(days=1)))


def _at(past: History, people: pd.DataFrame, tables: Tables, *, period: str, earlier: bool) -> pd.DataFrame:
    """Figures at ``period``, of ``people`` in post; ``earlier``: a year to compare with, shown only if it is whole."""
    at = cutoff(period)
    found = [indicators.shares(people)]
    absences, managers = tables.get("absences"), tables.get("managers")
    if absences is not None and _covers(absences["month"], period, whole=earlier):
        everyone = past.rows[["person", "sex", "birth"]]
        found.append(indicators.sick_leave(absences, past.departments, everyone, period=period))
    qualifications = tables.get("qualifications")
    if qualifications is not None and not qualifications.empty:
        found.append(indicators.qualified(people, qualifications, at=at))
    if managers is not None and not managers.empty:
        found.append(indicators.staff_per_manager(people, managers, past.departments, at=at))
    table = pd.concat(found, ignore_index=True)
    if not _has_rates(tables):
        table = table[table["table"] != "full_time"]
    return table[np.isfinite(table["n"].fillna(0)) & ((table["table"] != "sick_leave") | (table["n"] > 0))]


def _has_rates(tables: Tables) -> bool:
    """Does the delivery record agreed rates at all (an assumed rate says nothing about full time)?"""
    sources = [tables.get(name) for name in ("employments", "snapshots")]
    return any(table is not None and table["rate"].notna().any() for table in sources)
