"""Employments become one history, by named rules in the policy's order; the effect of each is counted.

At first every row is a spell of its own: its start looks like a hire and its end like an exit. Each rule then takes
away what only looks so. What a rule left is what the next one begins with.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.reference.episodes import Rules, Transfer

MONTHLY = ("permanent", "temporary")


DAY = pd.Timedelta(days=1)


NEVER = np.iinfo("int64").max // 2
"""Number of the day on which an open employment ends."""


COUNTS = ("rows", "persons", "spells", "exits", "hires", "moves")
"""Counted before and after each rule: rows, persons, spells begun, apparent exits, hires, moves of department."""


LINKS = ("abut", "conversion", "internal_move", "gap_days")


@dataclass(frozen=True)
class Restating:
    """Where units belong, for the rule ``reorganisation``.

    Attributes:
        departments: unit → department in the structure of the cut-off.
        coded: unit → department by the unit's own code; empty where it is the same.
        units: closed unit → unit that took over.
        went: DataFrame[unit, person, into, department]: staff of a split unit who did not go where most went.
    """

    departments: dict[str, str]
    coded: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    went: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["unit", "person", "into", "department"]))


@dataclass(frozen=True)
class Effect:
    """What one rule did: the counts before and after it, and how many cases it touched."""

    rule: str
    before: dict[str, int]
    after: dict[str, int]
    cases: int


def derive(
    employments: pd.DataFrame, restating: Restating, *, at: pd.Timestamp, rate: float, rules: Rules
) -> tuple[pd.DataFrame, list[Effect]]:
    """Employments up to ``at`` with department and spell, and what each rule did.

    Args:
        employments: clean table ``employments``.
        restating: unit → department.
        at: the cut-off; later starts are left out, later ends are still open.
        rate: agreed rate (fraction) where the delivery holds none.
        rules: the rules in force.

    Returns:
        The rows as ``spells.employment_rows`` describes them, and the effects in the order of the rules.
    """
    table, last_day = _prepared(employments, restating, rate), _day(at)
    before, effects = _counts(table, last_day, rules), []

    def count(rule: str, after_it: pd.DataFrame, cases: int) -> pd.DataFrame:
        nonlocal before
        after = _counts(after_it, last_day, rules)
        effects.append(Effect(rule, before, after, cases))
        before = after
        return after_it

    table = count("withdrawn", *_withdrawn(table))
    table = count("reorganisation", *_restated(table))
    table = count("hourly", *_hourly_apart(table))
    table = count("overlap", *_overlapping(table, "post"))
    table = count("several_posts", *_overlapping(table, "person"))
    blocks = _blocks(table, rules)
    table = table.assign(block=table["spell"])
    for place, link in enumerate(LINKS):
        table = count(link, *_linked(table, blocks, LINKS[: place + 1]))
    table = count("planned", *_begun(table, blocks, last_day))
    return _finished(table, employments, restating, rate, at, rules), effects


def _day(at: pd.Timestamp) -> int:
    return int(at.to_datetime64().astype("datetime64[D]").astype("int64"))


def _days(dates: pd.Series) -> np.ndarray:
    """Days as numbers, ``NEVER`` where there is none."""
    days = dates.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(days), NEVER, days.astype("int64"))


def _prepared(employments: pd.DataFrame, restating: Restating, rate: float) -> pd.DataFrame:
    """What the rules look at, every row a spell of its own, ordered by person and time.

    DataFrame[row (position among the employments), person, post, unit (that took over), department, restated,
    monthly, temporary, rate, start, end, spell]. Places have the codes of ``_keys``, days are numbers.
    """
    place = {key: code for code, key in enumerate(_keys(restating))}
    unit, units = pd.factorize(employments["unit"])
    person, _ = pd.factorize(employments["person"])
    occupation, _ = pd.factorize(employments["occupation"])
    number, _ = pd.factorize(employments["employment"])
    # without an employment number two rows may be two posts: the unit and the occupation tell them apart
    bare = number < 0
    post = pd.DataFrame({"person": person, "number": number})
    post["unit"], post["occupation"] = np.where(bare, unit, -1), np.where(bare, occupation, -1)

    def held(departments: dict[str, str]) -> np.ndarray:
        codes = np.array([place.get(departments.get(key, ""), -1) for key in units], dtype="int64")
        return codes[unit] if len(codes) else np.full(len(unit), -1)

    restated, into = held(restating.departments), held({key: restating.units.get(key, key) for key in units})
    if len(restating.went):
        own = restating.went.set_index(["unit", "person"])
        some = employments["unit"].isin(restating.went["unit"]).to_numpy()
        mine = own.reindex(pd.MultiIndex.from_frame(employments.loc[some, ["unit", "person"]]))
        for codes, column in ((restated, "department"), (into, "into")):
            found = mine[column].map(place).to_numpy(dtype="float64", na_value=np.nan)
            codes[some] = np.where(np.isnan(found), codes[some], found).astype("int64")
    form = employments["form"]
    table = pd.DataFrame(
        {
            "row": np.arange(len(employments)),
            "person": person,
            "post": post.groupby(list(post.columns), sort=False).ngroup().to_numpy(),
            "unit": into,
            "department": held(restating.coded) if restating.coded else restated,
            "restated": restated,
            "monthly": form.isin(MONTHLY).to_numpy(),
            "temporary": (form == "temporary").to_numpy(),
            "rate": employments["rate"].fillna(rate).to_numpy(dtype="float64"),
            "start": _days(employments["start"]),
            "end": _days(employments["end"]),
            "spell": np.arange(len(employments)),
        }
    )
    return table.sort_values(["person", "start", "end", "row"], ignore_index=True)


def _keys(restating: Restating) -> list[str]:
    units = [*restating.departments, *restating.units.values(), *restating.went["into"]]
    found = [*restating.departments.values(), *restating.coded.values(), *restating.went["department"], *units]
    return list(dict.fromkeys(str(key) for key in found))


def _counts(table: pd.DataFrame, at: int, rules: Rules) -> dict[str, int]:
    inside = table["spell"].to_numpy() >= 0
    spells, of = np.unique(table["spell"].to_numpy()[inside], return_inverse=True)
    first, last = np.full(len(spells), NEVER), np.full(len(spells), -NEVER)
    np.minimum.at(first, of, table["start"].to_numpy()[inside])
    # a spell that a planned employment continues has not ended, though that row is left out
    ends = table["spell_end" if "spell_end" in table else "end"].to_numpy()
    np.maximum.at(last, of, ends[inside])
    begun = first <= at
    paid = table["monthly"].to_numpy() & (table["start"].to_numpy() <= at)
    return {
        "rows": len(table),
        "persons": len(np.unique(table["person"].to_numpy())),
        "spells": int(begun.sum()),
        "exits": int((begun & (last <= at)).sum()),
        "hires": int(begun.sum()),
        "moves": _moves(table[paid], rules.gap_days),
    }


def _moves(paid: pd.DataFrame, gap_days: int) -> int:
    """Rows whose predecessor of the same person has ended, at most ``gap_days`` before, in another department."""
    person, start, end = (paid[name].to_numpy() for name in ("person", "start", "end"))
    department = paid["department"].to_numpy()
    free = start[1:] - end[:-1] - 1
    near = (person[1:] == person[:-1]) & (free >= 0) & (free <= gap_days)
    return int((near & (department[1:] != department[:-1])).sum())


def _withdrawn(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Leave out rows that end before they start."""
    held = table["end"] >= table["start"]
    return table[held], int((~held).sum())


def _restated(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Departments of the cut-off in place of those coded; staff of a split unit go where they went themselves."""
    changed = table["restated"] != table["department"]
    return table.assign(department=table["restated"]), int(changed.sum())


def _hourly_apart(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Only monthly paid employments are spells."""
    monthly = table["monthly"]
    return table.assign(spell=table["spell"].where(monthly, -1)), int((~monthly).sum())


def _overlapping(table: pd.DataFrame, by: str) -> tuple[pd.DataFrame, int]:
    """One spell of rows with the same ``by`` that overlap, if only on one day; numbered in order."""
    inside = np.flatnonzero(table["spell"].to_numpy() >= 0)
    key, start, end = (table[name].to_numpy()[inside] for name in (by, "start", "end"))
    order = np.lexsort((end, start, key))
    key, start = key[order], start[order]
    latest = pd.Series(end[order]).groupby(key).cummax().to_numpy()
    new = np.ones(len(inside), dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (start[1:] > latest[:-1])
    spell = np.full(len(table), -1)
    spell[inside[order]] = np.cumsum(new) - 1
    before = len(np.unique(table["spell"].to_numpy()[inside]))
    return table.assign(spell=spell), before - int(new.sum())


def _blocks(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Unbroken time of a person in post, in order of person and time, and what ties it to the time before.

    Returns:
        DataFrame[person, start, end, link], one row per spell so far; ``link`` is one of ``LINKS`` or empty.
    """
    inside = table[table["spell"] >= 0]
    grouped = inside.groupby("spell")
    blocks = pd.DataFrame(
        {"person": grouped["person"].first(), "start": grouped["start"].min(), "end": grouped["end"].max()}
    )
    of = inside["spell"].to_numpy()
    ranked = np.lexsort((inside["row"], inside["start"], -inside["rate"]))
    edges = {}
    for side, edge in (("first", "start"), ("last", "end")):
        there = ranked[inside[edge].to_numpy()[ranked] == blocks[edge].to_numpy()[of[ranked]]]
        _, place = np.unique(of[there], return_index=True)
        edges[side] = inside.iloc[there[place]]
    first, last = edges["first"], edges["last"]
    begins, ends, person = (blocks[name].to_numpy() for name in ("start", "end", "person"))
    free = begins[1:] - ends[:-1] - 1
    bridged = np.zeros(len(free), dtype=bool)
    for each in rules.transfers:
        if each.direction == "both":
            day = _day(pd.Timestamp(each.day))
            bridged |= (np.abs(ends[:-1] - day) <= each.days + 1) & (np.abs(begins[1:] - day) <= each.days + 1)
    near = (person[1:] == person[:-1]) & ((free <= rules.gap_days) | bridged)
    converts = last["temporary"].to_numpy()[:-1] & ~first["temporary"].to_numpy()[1:]
    level = rules.internal_move
    moves = last[level].to_numpy()[:-1] != first[level].to_numpy()[1:]
    kind = np.select([converts, moves, free == 0], ["conversion", "internal_move", "abut"], "gap_days")
    if not rules.conversion:
        near &= ~converts
    return blocks.assign(link=np.concatenate([np.array([""] * min(len(blocks), 1)), np.where(near, kind, "")]))


def _linked(table: pd.DataFrame, blocks: pd.DataFrame, links: tuple[str, ...]) -> tuple[pd.DataFrame, int]:
    """One spell of blocks that one of ``links`` ties to the time before; the last of them is the rule at work."""
    link = blocks["link"].to_numpy()
    number = np.append(np.cumsum(~np.isin(link, links)) - 1, -1)
    return table.assign(spell=number[table["block"].to_numpy()]), int((link == links[-1]).sum())


def _begun(table: pd.DataFrame, blocks: pd.DataFrame, at: int) -> tuple[pd.DataFrame, int]:
    """Leave out what starts after the cut-off; bounds and held days are settled with it still there.

    The days of a short break belong to the posts that were held last before it, and to no others: a second post that
    ended while the first went on stays ended.
    """
    block, end = table["block"].to_numpy(), table["end"].to_numpy()
    starts, ends = blocks["start"].to_numpy(), blocks["end"].to_numpy()
    spell = np.append(np.cumsum(~np.isin(blocks["link"].to_numpy(), LINKS)) - 1, -1)
    goes_on = np.append(spell[1:-1] == spell[:-2], False) if len(blocks) else np.zeros(0, dtype=bool)
    resumes = np.append(np.where(goes_on, np.append(starts[1:], NEVER), NEVER), NEVER)
    bridged = (resumes[block] < NEVER) & (end == np.append(ends, NEVER)[block])
    until = np.where(bridged, resumes[block] - 1, end)
    whole = table.assign(until=until)
    first, last = np.full(spell.max() + 2, NEVER), np.full(spell.max() + 2, -NEVER)
    np.minimum.at(first, spell[:-1], starts)
    np.maximum.at(last, spell[:-1], ends)
    # the last place of either stands for the hourly paid, who have no spell
    last[-1] = NEVER
    whole = whole.assign(spell_start=first[whole["spell"]], spell_end=last[whole["spell"]])
    begun = whole["start"] <= at
    return whole[begun], int((~begun).sum())


def _finished(
    table: pd.DataFrame, employments: pd.DataFrame, restating: Restating, rate: float, at: pd.Timestamp, rules: Rules
) -> pd.DataFrame:
    """The employments of the table in the order delivered, with what the rules found."""
    table = table.sort_values("row")
    rows = employments.iloc[table["row"].to_numpy()].reset_index(drop=True)
    keys = pd.Series(_keys(restating), dtype="str").reindex(table["department"])
    rows["department"] = keys.to_numpy()
    rows["department"] = rows["department"].astype("str").where(table["department"].to_numpy() >= 0)
    rows["rate"] = rows["rate"].fillna(rate)
    rows["occupation"] = rows["occupation"].fillna("unknown")
    rows["spell"] = table["spell"].to_numpy()
    for column, known in (("until", _day(at)), ("spell_start", NEVER - 1), ("spell_end", _day(at))):
        days = table[column].to_numpy()
        dates = pd.Series(np.where(days <= known, days, 0).astype("datetime64[D]"))
        rows[column] = dates.astype(employments["start"].dtype).where(days <= known)
    rows["since"] = rows["since"].fillna(rows["spell_start"]) if "since" in rows else rows["spell_start"]
    away = rows["rate_actual"].eq(0).fillna(False).astype("bool") if "rate_actual" in rows else False
    rows["on_leave"] = away if rules.secondment else False
    rows["taken_over"] = taken_over(rows, rules)
    return rows


def of_transfer(units: pd.Series, transfer: Transfer) -> pd.Series:
    """True for the units that a transfer is about."""
    return units.isin(transfer.units) if transfer.units else pd.Series(True, index=units.index)


def around(days: pd.Series, transfer: Transfer) -> pd.Series:
    """True for ends of employment that a transfer explains: the day of it or the day before, or ``days`` from them."""
    day = pd.Timestamp(transfer.day)
    return days.between(day - (transfer.days + 1) * DAY, day + transfer.days * DAY)


def taken_over(rows: pd.DataFrame, rules: Rules) -> pd.Series:
    """True for the rows of a spell that began when its unit was taken over from another employer or pay system."""
    found = pd.Series(False, index=rows.index)
    for each in rules.transfers:
        if each.direction != "out":
            day, days = pd.Timestamp(each.day), each.days * DAY
            # a system's last day may be stated as well as the first of the new one
            latest = day + days + (DAY if each.direction == "both" else 0 * DAY)
            begun = rows["start"].between(day - days, latest) & (rows["start"] == rows["spell_start"])
            found |= begun & of_transfer(rows["unit"], each)
    return rows["spell"].isin(rows.loc[found & (rows["spell"] >= 0), "spell"])


def settled(effects: list[Effect], ends: pd.DataFrame, begins: pd.DataFrame, *, on_leave: int) -> list[Effect]:
    """The effects with those of the rules about ends and beginnings.

    Args:
        effects: of ``derive``.
        ends: result of ``spells.spell_ends``.
        begins: result of ``spells.spell_begins``.
        on_leave: persons at the cut-off whose post on leave is not counted beside the one they work in.
    """
    now = effects[-1].after
    out, taken = int((ends["cause"] == "transfer").sum()), int((begins["via"] == "transfer").sum())
    converted, again = int((begins["via"] == "hourly").sum()), int((begins["via"] == "rehire").sum())
    changes: list[tuple[str, dict[str, int], int]] = [
        ("exit_match_days", {}, int(ends["recorded"].sum())),
        ("transfer", {"exits": out, "hires": taken}, out + taken),
        ("hourly_days", {"hires": converted}, converted),
        ("rehire", {}, again),
        ("secondment", {}, on_leave),
    ]
    found = list(effects)
    for rule, less, cases in changes:
        after = {name: count - less.get(name, 0) for name, count in now.items()}
        found.append(Effect(rule, now, after, cases))
        now = after
    return found


FILE_STEPS = {
    "structural": ("Rubriker, summor och tomma rader", "Headings, totals and blank rows"),
    "quarantined": ("I karantän", "In quarantine"),
    "excluded": ("Uteslutna av namngiven regel", "Excluded by a named rule"),
    "merged": ("Sammanslagna dubbletter", "Merged duplicates"),
}
