"""What happens to people who stay, and who takes the place of those who leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analysis.sample import people
from analysis.sample.staff import HOURLY, NEVER, PERMANENT, TEMPORARY, Staff, match
from analysis.sample.town import Town, data

if TYPE_CHECKING:
    from analysis.sample.simulate import History

Array = npt.NDArray[Any]

REHIRED = 0.03  # share of hires that were employed here before
AWAY_DAYS = 180


def draw_units(town: Town, month: np.datetime64, department: Array, rng: np.random.Generator) -> Array:
    """Draw a unit of each department by the units' weights; closed units get nobody."""
    weight = np.array([u.weight if u.closes is None or u.closes > month else 0.0 for u in town.units])
    where = np.array([u.department for u in town.units])
    order = np.argsort(where, kind="stable")
    total = np.bincount(where, weight)
    share = weight[order] / total[where[order]]
    within = np.cumsum(share) - where[order]  # each department's shares add up to one
    ends = where[order] + np.minimum(within, 1.0)
    found = np.searchsorted(ends, department + rng.random(len(department)) * 0.999999, side="right")
    return order[np.minimum(found, len(order) - 1)]


def change_terms(history: History, staff: Staff, month: np.datetime64, day: int, rng: np.random.Generator) -> None:
    """Moves, new rates, leave, studies and new licences, all from the first day of the month."""
    town, planted = history.town, data("planted")
    size = len(staff)
    free = (staff.start < day) & (staff.form != HOURLY)
    free &= ~((staff.form == TEMPORARY) & (staff.until < day + 31))
    movable = free & (staff.occupation != town.leaders[staff.department])
    new = {name: staff.columns[name].copy() for name in ("unit", "department", "rate", "present", "form", "until")}
    new |= {name: staff.columns[name].copy() for name in ("occupation", "qualified", "licence", "study_end")}

    inside = np.flatnonzero(movable & (rng.random(size) < planted["moves"]["within_department"] / 12))
    new["unit"][inside] = draw_units(town, month, staff.department[inside], rng)
    across = np.flatnonzero(movable & (rng.random(size) < planted["moves"]["between_departments"] / 12))
    new["department"][across] = _other_department(town, staff.occupation[across], rng)
    changed = across[new["department"][across] != staff.department[across]]
    new["unit"][changed] = draw_units(town, month, new["department"][changed], rng)

    other = np.flatnonzero(free & (rng.random(size) < planted["moves"]["rate_change"] / 12))
    new["rate"][other] = people.draw_rates(rng, len(other))
    studying = staff.study_end < NEVER
    back = free & ~studying & (staff.present < 1) & (rng.random(size) < 1 / 12)
    new["present"][back] = 1.0
    away = planted["rates"]["full_leave"] + planted["rates"]["partial_leave"]
    leave = np.flatnonzero(free & ~studying & (staff.present == 1) & (rng.random(size) < away / 12))
    full = rng.random(len(leave)) < planted["rates"]["full_leave"] / away
    new["present"][leave] = np.where(full, 0.0, 0.75)

    _studies(history, staff, new, free, month, day, rng)
    unqualified = free & ~staff.qualified & (staff.form == TEMPORARY)
    unqualified &= ~town.parameter("unqualified_permanent", False).astype(bool)[staff.occupation]
    licensed = unqualified & (rng.random(size) < planted["contracts"]["newly_qualified"] / 12)
    new["qualified"][licensed], new["licence"][licensed] = True, day
    new["form"][licensed], new["until"][licensed] = PERMANENT, NEVER

    terms = ("unit", "department", "rate", "present", "form", "occupation", "qualified")
    rows = np.flatnonzero(np.any([new[name] != staff.columns[name] for name in terms], axis=0))
    history.ledger.close(staff, rows, day - 1)
    staff.start[rows] = day
    got = np.flatnonzero(new["licence"] != staff.licence)
    for name, column in new.items():
        staff.columns[name][:] = column
    history.licences.append(staff.take(got))


def _other_department(town: Town, occupation: Array, rng: np.random.Generator) -> Array:
    share = np.cumsum(town.posts / np.maximum(town.posts.sum(axis=0), 1e-9), axis=0)
    draw = rng.random(len(occupation)) * 0.999999
    return (share[:, occupation] <= draw).sum(axis=0)


def _studies(
    history: History,
    staff: Staff,
    new: dict[str, Array],
    free: Array,
    month: np.datetime64,
    day: int,
    rng: np.random.Generator,
) -> None:
    """Start studies in August, end those that were completed or dropped last month."""
    town, plan = history.town, data("planted")["pipeline"]
    source, target = (town.occupations.index(plan[name]) for name in ("occupation", "target_occupation"))
    studying = free & (staff.study_end < NEVER)
    drop = 1 - plan["completed"] ** (1 / plan["months"])
    done = np.flatnonzero(studying & (staff.study_end < day))
    dropped = np.flatnonzero(studying & (staff.study_end >= day) & (rng.random(len(staff)) < drop))
    end_studies(history, staff, done, staff.study_end[done], "completed")
    end_studies(history, staff, dropped, np.full(len(dropped), day - 1), "dropped")
    for ended in (done, dropped):
        new["present"][ended], new["study_end"][ended] = 1.0, NEVER
    new["occupation"][done], new["qualified"][done], new["licence"][done] = (
        target,
        True,
        staff.study_end[done],
    )
    if month.astype(int) % 12 != 7 or int(str(month)[:4]) < plan["from_year"]:
        return
    able = free & (staff.occupation == source) & (staff.form == PERMANENT) & (staff.study_end == NEVER)
    able &= (town.posts[staff.department, target] > 0) & (staff.present == 1)
    starts = np.flatnonzero(able & (rng.random(len(staff)) < plan["start_per_year"]))
    new["present"][starts] = plan["work_share"]
    new["study_end"][starts] = int((month + plan["months"]).astype("datetime64[D]").astype(int)) - 1


def end_studies(history: History, staff: Staff, which: Array, last_day: Array, status: str) -> None:
    """Book the end of the studies of the persons at ``which``."""
    months = data("planted")["pipeline"]["months"]
    planned = (staff.study_end[which] + 1).astype("datetime64[D]").astype("datetime64[M]")
    start = (planned - months).astype("datetime64[D]").astype(int)
    history.studies.append((staff.person[which], start, np.asarray(last_day), np.full(len(which), status)))


def hire(
    history: History, staff: Staff, month: np.datetime64, day: int, following: int, rng: np.random.Generator
) -> Staff:
    """Let the hired begin: from the hourly paid, former staff and mostly from outside; return the larger staff."""
    town = history.town
    posts = history.register.starting(following)
    department, occupation, starts = posts["department"].astype(int), posts["occupation"].astype(int), posts["start"]
    anywhere = draw_units(town, month, department, rng)
    closed = np.array([unit.closes is not None and unit.closes <= month for unit in town.units])
    unit = np.where((posts["unit"] < 0) | closed[posts["unit"]], anywhere, posts["unit"])
    new = people.newcomers(
        town,
        rng,
        first_person=history.persons,
        department=department,
        occupation=occupation,
        unit=unit,
        day=starts,
    )
    new.rate[:] = posts["rate"]
    history.persons += len(new)
    new = _known_faces(history, new, rng)
    history.licences.append(new)
    staff = _from_hourly(history, staff, new, day, rng)
    return staff.join(_hourly(history, staff, month, day, rng))


def _known_faces(history: History, new: Staff, rng: np.random.Generator) -> Staff:
    """Let some of the hired be people who worked here before: same person, birth, sex and licence."""
    pool = history.alumni
    if pool is None or not len(pool):
        return new
    wanted = np.flatnonzero((rng.random(len(new)) < REHIRED) & (new.form != HOURLY))
    ready = np.flatnonzero(pool.start[:, None].max(axis=1) < new.start.min(initial=NEVER) - AWAY_DAYS)
    left, right = match(new.occupation[wanted], pool.occupation[ready])
    rows, old = wanted[left], ready[right]
    for name in ("person", "birth", "sex", "licence", "qualified", "skill"):
        new.columns[name][rows] = pool.columns[name][old]
    history.alumni = pool.take(np.setdiff1d(np.arange(len(pool)), old))
    schooled = new.qualified | history.town.parameter("unqualified_permanent", False).astype(bool)[new.occupation]
    wrong = np.flatnonzero((new.form == PERMANENT) & ~schooled)
    new.form[wrong] = TEMPORARY
    new.until[wrong] = people.contract_ends(rng, new.start[wrong], schooled[wrong])
    return new


def _from_hourly(history: History, staff: Staff, new: Staff, day: int, rng: np.random.Generator) -> Staff:
    """Let hourly paid of the same department and occupation take some of the posts; add the others."""
    columns = len(history.town.occupations)
    pool = np.flatnonzero((staff.form == HOURLY) & (staff.start < day))
    wanted = np.flatnonzero(rng.random(len(new)) < data("planted")["moves"]["hourly_recruits"])
    left, right = match(
        new.department[wanted].astype(int) * columns + new.occupation[wanted],
        staff.department[pool].astype(int) * columns + staff.occupation[pool],
    )
    rows, old = wanted[left], pool[right]
    history.ledger.close(staff, old, new.start[rows] - 1)
    for name in ("unit", "form", "rate", "present", "hired", "start", "until"):
        staff.columns[name][old] = new.columns[name][rows]
    barred = old[(staff.form[old] == PERMANENT) & ~staff.qualified[old]]
    barred = barred[~history.town.parameter("unqualified_permanent", False).astype(bool)[staff.occupation[barred]]]
    staff.form[barred] = TEMPORARY
    staff.until[barred] = people.contract_ends(rng, staff.start[barred], staff.qualified[barred])
    return staff.join(new.take(np.setdiff1d(np.arange(len(new)), rows)))


def _hourly(history: History, staff: Staff, month: np.datetime64, day: int, rng: np.random.Generator) -> Staff:
    """Hire hourly paid up to their number."""
    town = history.town
    hourly = staff.form == HOURLY
    stock = np.bincount(
        np.ravel_multi_index((staff.department[hourly], staff.occupation[hourly]), town.hourly.shape),
        minlength=town.hourly.size,
    ).reshape(town.hourly.shape)
    count = np.floor(np.maximum(town.hourly - stock, 0.0) + rng.random(stock.shape) * (town.hourly > 0)).astype(int)
    department, occupation = (np.repeat(axis.ravel(), count.ravel()) for axis in np.indices(count.shape))
    new = people.newcomers(
        town,
        rng,
        first_person=history.persons,
        department=department,
        occupation=occupation,
        unit=draw_units(town, month, department, rng),
        day=np.full(len(department), day),
        hourly=True,
    )
    history.persons += len(new)
    history.licences.append(new)
    return new
