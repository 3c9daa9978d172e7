"""Nine years of a municipality, month by month: changes of terms, hires, leaving, contracts that run out.

The story begins six years before the delivery's history, so that ages, tenures and forms have settled when it
starts. Everything is vectorised over persons; the only loop runs over months.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.sample import changes, people, recruitment
from analysis.sample.hazards import (
    AGE_BANDS,
    DAYS_PER_YEAR,
    DRAWN_CAUSES,
    TENURE_BANDS,
    Planted,
    band,
    intensities,
)
from analysis.sample.recruitment import Market, Register
from analysis.sample.staff import HOURLY, NEVER, PERMANENT, TEMPORARY, Ledger, Staff
from analysis.sample.tally import Tally
from analysis.sample.town import CUT_OFF, Town, data

Array = npt.NDArray[Any]

SETTLING_MONTHS = 72
MONTHLY_TABLES = 24  # months that absences and hours cover


@dataclass
class History:
    """What the simulation leaves behind. Dates are days since 1970."""

    town: Town
    planted: Planted
    first: np.datetime64  # first month of the delivery's history
    register: Register
    ledger: Ledger = field(default_factory=Ledger)
    tally: Tally = field(init=False)
    exits: list[tuple[Array, Array, Array, Array]] = field(default_factory=list)  # person, last day, cause, form
    studies: list[tuple[Array, Array, Array, Array]] = field(default_factory=list)  # person, start, end, status
    months: dict[np.datetime64, Staff] = field(default_factory=dict)  # staff at the end of the latest months
    stocks: dict[int, Staff] = field(default_factory=dict)  # staff at the end of each December
    persons: int = 0
    alumni: Staff | None = None
    licences: list[Staff] = field(default_factory=list)  # persons as they were when hired or newly qualified

    def __post_init__(self) -> None:
        self.tally = Tally(self.town)


def simulate(
    town: Town,
    *,
    years: int,
    rng: np.random.Generator,
    variant: str = "usual",
    shock: tuple[str, float] | None = None,
) -> tuple[History, Staff]:
    """Run the municipality until the cut-off; return its history and those still employed.

    Args:
        town: what ``town.build`` laid out.
        years: calendar years of history up to the cut-off.
        rng: of everything that is drawn.
        variant: how posts are filled, a table of ``recruitment.toml``.
        shock: month from which on the chance of filling is times a factor, and the factor; or None.
    """
    final = CUT_OFF.astype("datetime64[M]")
    first = final - (12 * years - 1)
    begin = first - SETTLING_MONTHS
    lived = range(int(str(begin)[:4]), int(str(final)[:4]) + 1)
    planted = Planted.draw(town, lived, rng)
    history = History(town, planted, first, Register(Market.draw(town, variant, lived, shock, rng.spawn(1)[0])))
    staff = _opening(history, begin, rng)
    for month in np.arange(begin, final + 1):
        staff = _month(history, staff, month, rng)
        if month > final - MONTHLY_TABLES:
            history.months[month] = staff
        if month.astype(int) % 12 == 11 and month >= first:
            history.stocks[int(str(month)[:4])] = staff
    for position in (np.flatnonzero(staff.form == form) for form in (PERMANENT, TEMPORARY, HOURLY)):
        history.ledger.close(staff, position, staff.until[position])
    return history, staff


def _opening(history: History, month: np.datetime64, rng: np.random.Generator) -> Staff:
    town, day = history.town, int(month.astype("datetime64[D]").astype(int))
    fill = town.parameter("fill").astype(float)
    parts = []
    for table, hourly in (
        (town.posts / (1 + 0.012 / fill) * town.need(month)[:, None], False),
        (town.hourly, True),
    ):
        count = np.floor(table + rng.random(table.shape)).astype(int)
        department, occupation = (np.repeat(axis.ravel(), count.ravel()) for axis in np.indices(count.shape))
        unit = changes.draw_units(town, month, department, rng)
        parts.append((department, occupation, unit, hourly))
    units = np.array(
        [i for i, u in enumerate(town.units) for _ in range(u.managers) if u.closes is None or u.closes > month]
    )
    department = np.array([town.units[i].department for i in units])
    parts.append((department, town.leaders[department], units, False))
    staff = None
    for department, occupation, unit, hourly in parts:
        new = people.newcomers(
            town,
            rng,
            first_person=history.persons,
            department=department,
            occupation=occupation,
            unit=unit,
            day=np.full(len(department), day),
            hourly=hourly,
            settled=2.0 if hourly else 8.5,
        )
        history.persons += len(new)
        history.licences.append(new)
        staff = new if staff is None else staff.join(new)
    assert staff is not None
    return staff


def _month(history: History, staff: Staff, month: np.datetime64, rng: np.random.Generator) -> Staff:
    day = int(month.astype("datetime64[D]").astype(int))
    following = int((month + 1).astype("datetime64[D]").astype(int))
    changes.change_terms(history, staff, month, day, rng)
    staff = changes.hire(history, staff, month, day, following, rng)
    left, last_day, cause = _leave(history, staff, month, day, following, rng)
    ended, end_cause = _contracts(history, staff, month, left, day, following, rng)
    last_day = np.where(ended, staff.until, last_day)
    cause = np.where(ended, end_cause, cause)
    gone = left | ended
    transferred = np.array([unit.closes is not None and unit.closes <= month + 1 for unit in history.town.units])
    moved_out = transferred[staff.unit] & ~gone
    if moved_out.any():
        last_day = np.where(moved_out, following - 1, last_day)
        cause = np.where(moved_out, "transfer", cause)
        gone |= moved_out
    _book(history, staff, month, gone, last_day, cause)
    staff = staff.take(~gone)
    recruitment.month_end(history, staff, month, rng)
    return staff


def _leave(
    history: History, staff: Staff, month: np.datetime64, day: int, following: int, rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """Draw who leaves in the month, for which cause and on which last day; count exposure and expectation."""
    middle = (day + following) / 2
    age, tenure = (middle - staff.birth) / DAYS_PER_YEAR, (middle - staff.hired) / DAYS_PER_YEAR
    hazard = intensities(staff, age, tenure, month, history.town, history.planted)
    # a contract that runs out this month is decided on its last day
    hazard[(staff.form == TEMPORARY) & (staff.until < following)] = 0.0
    since = np.maximum(staff.hired, day)
    total = hazard.sum(axis=1)
    chance = -np.expm1(-total * (following - since) / DAYS_PER_YEAR)
    left = rng.random(len(staff)) < chance
    choice = (rng.random(len(staff)) * total)[:, None] >= np.cumsum(hazard, axis=1)
    drawn = np.minimum(choice.sum(axis=1), len(DRAWN_CAUSES) - 1)
    cause = np.where(staff.form == HOURLY, "hourly_end", np.array(DRAWN_CAUSES)[drawn])
    any_day = since + np.floor(rng.random(len(staff)) * (following - since)).astype(int)
    last_day = np.where(rng.random(len(staff)) < 0.6, following - 1, any_day)
    if month >= history.first:
        year, bands = int(str(month)[:4]), (band(age, AGE_BANDS), band(tenure, TENURE_BANDS))
        lived = (np.where(left, last_day + 1, following) - since) / DAYS_PER_YEAR
        history.tally.add(year, "exposure", staff, *bands, lived)
        share = np.divide(chance, total, out=np.zeros_like(total), where=total > 0)
        for number, name in enumerate(DRAWN_CAUSES):
            history.tally.add(year, f"expected {name}", staff, *bands, share * hazard[:, number])
            history.tally.add(year, f"events {name}", staff, *bands, left & (drawn == number))
    return left, last_day, cause


def _contracts(
    history: History,
    staff: Staff,
    month: np.datetime64,
    left: Array,
    day: int,
    following: int,
    rng: np.random.Generator,
) -> tuple[Array, str]:
    """Decide fixed terms that run out in the month: permanent post, another term, or the end."""
    values = data("planted")["contracts"]
    due = (staff.form == TEMPORARY) & (staff.until < following) & (staff.until >= day) & ~left
    schooled = staff.qualified | history.town.parameter("unqualified_permanent", False).astype(bool)[staff.occupation]
    draw = rng.random(len(staff))
    convert = np.where(schooled, values["convert"], 0.0)
    keep = np.where(schooled, values["convert"] + values["prolong"], values["prolong_unqualified"])
    if month >= history.first:
        middle = (day + following) / 2
        bands = (
            band((middle - staff.birth) / DAYS_PER_YEAR, AGE_BANDS),
            band((middle - staff.hired) / DAYS_PER_YEAR, TENURE_BANDS),
        )
        year = int(str(month)[:4])
        history.tally.add(year, "expected contract_end", staff, *bands, np.where(due, 1 - keep, 0.0))
        history.tally.add(year, "events contract_end", staff, *bands, due & (draw >= keep))
    stays = np.flatnonzero(due & (draw < keep))
    history.ledger.close(staff, stays, staff.until[stays])
    staff.start[stays] = staff.until[stays] + 1
    permanent = draw[stays] < convert[stays]
    staff.form[stays] = np.where(permanent, PERMANENT, TEMPORARY)
    renewed = people.contract_ends(rng, staff.start[stays], schooled[stays])
    staff.until[stays] = np.where(permanent, NEVER, renewed)
    return due & (draw >= keep), "contract_end"


def _book(history: History, staff: Staff, month: np.datetime64, gone: Array, last_day: Array, cause: Array) -> None:
    """Write the exits, keep leavers who may come back, and end the studies of those who left."""
    out = np.flatnonzero(gone)
    history.ledger.close(staff, out, last_day[out])
    if month >= history.first:
        history.exits.append((staff.person[out], last_day[out], cause[out], staff.form[out]))
        moved = gone & (cause == "transfer")
        if moved.any():
            middle = float((month.astype("datetime64[D]").astype(int)) + 15)
            history.tally.add(
                int(str(month)[:4]),
                "events transfer",
                staff,
                band((middle - staff.birth) / DAYS_PER_YEAR, AGE_BANDS),
                band((middle - staff.hired) / DAYS_PER_YEAR, TENURE_BANDS),
                moved,
            )
    studying = out[staff.study_end[out] < NEVER]
    changes.end_studies(history, staff, studying, last_day[studying], "dropped")
    likely = out[np.isin(cause[out], ("resignation", "contract_end")) & (staff.form[out] != HOURLY)]
    leavers = staff.take(likely)
    leavers.start[:] = last_day[likely] + 1
    pool = leavers if history.alumni is None else history.alumni.join(leavers)
    history.alumni = pool.take(np.arange(max(len(pool) - max(len(staff) // 5, 50), 0), len(pool)))
