"""Employments become one history, by named rules in the policy's order; the effect of each is counted.

At first every row is a spell of its own: its start looks like a hire and its end like an exit. Each rule then takes
away what only looks so. What a rule left is what the next one begins with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.reference.episodes import Rules

MONTHLY = ("permanent", "temporary")
OPEN = pd.Timestamp("2199-12-31")
DAY = pd.Timedelta(days=1)
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


Step = Callable[[pd.DataFrame], tuple[pd.DataFrame, int]]


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
    table = _prepared(employments, restating, rate)
    steps: list[tuple[str, Step]] = [
        ("withdrawn", _withdrawn),
        ("reorganisation", _restated),
        ("hourly", _hourly_apart),
        ("overlap", partial(_overlapping, by="post")),
        ("several_posts", partial(_overlapping, by="person")),
        *((link, partial(_linked, link=link, rules=rules)) for link in LINKS),
        ("planned", partial(_begun, at=at)),
    ]
    before, effects = _counts(table, at, rules), []
    for name, step in steps:
        table, cases = step(table)
        after = _counts(table, at, rules)
        effects.append(Effect(name, before, after, cases))
        before = after
    return _finished(table, employments, restating, rate, at, rules), effects


def _prepared(employments: pd.DataFrame, restating: Restating, rate: float) -> pd.DataFrame:
    """What the rules look at, every row a spell of its own, ordered by person and time.

    Text is kept as codes: DataFrame[row (position among the employments), person, post, unit (that took
    over), department, restated, monthly, temporary, rate, start, end, spell]; places have the codes of ``_keys``.
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
            "post": post.groupby(list(post.columns), sort=False).ngroup(),
            "unit": into,
            "department": held(restating.coded) if restating.coded else restated,
            "restated": restated,
            "monthly": form.isin(MONTHLY).to_numpy(),
            "temporary": (form == "temporary").to_numpy(),
            "rate": employments["rate"].fillna(rate).to_numpy(dtype="float64"),
            "start": employments["start"].to_numpy(),
            "end": employments["end"].fillna(OPEN).to_numpy(),
            "spell": np.arange(len(employments)),
        }
    )
    return table.sort_values(["person", "start", "end", "row"], ignore_index=True)


def _keys(restating: Restating) -> list[str]:
    units = [*restating.departments, *restating.units.values(), *restating.went["into"]]
    found = [*restating.departments.values(), *restating.coded.values(), *restating.went["department"], *units]
    return list(dict.fromkeys(str(key) for key in found))


def _counts(table: pd.DataFrame, at: pd.Timestamp, rules: Rules) -> dict[str, int]:
    # a spell that a planned employment continues has not ended, though that row is left out
    last = "spell_end" if "spell_end" in table else "end"
    bounds = table[table["spell"] >= 0].groupby("spell", sort=False).agg(first=("start", "min"), last=(last, "max"))
    begun = bounds["first"] <= at
    counts = {"rows": len(table), "persons": int(table["person"].nunique()), "spells": int(begun.sum())}
    moves = moved(table[table["monthly"] & (table["start"] <= at)], rules.gap_days, "department")
    exits = begun & (bounds["last"] <= at)
    return counts | {"exits": int(exits.sum()), "hires": int(begun.sum()), "moves": int(moves.sum())}


def moved(paid: pd.DataFrame, gap_days: int, level: str) -> pd.Series:
    """True for a row whose predecessor of the same person has ended, in another unit or department.

    Args:
        paid: monthly paid rows with person, start, end (never empty) and ``level``, ordered by person and time.
        gap_days: longest break between the two.
        level: ``department`` or ``unit``.
    """
    before = paid[["person", "end", level]].shift()
    free = (paid["start"] - before["end"]).dt.days - 1
    return (paid["person"] == before["person"]) & free.between(0, gap_days) & (paid[level] != before[level])


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


def _renumbered(table: pd.DataFrame, inside: pd.DataFrame, new: pd.Series) -> pd.DataFrame:
    numbers = pd.Series(new.cumsum().to_numpy() - 1, index=inside.index)
    return table.assign(spell=numbers.reindex(table.index, fill_value=-1).astype("int64"))


def _overlapping(table: pd.DataFrame, by: str) -> tuple[pd.DataFrame, int]:
    """One spell of rows with the same ``by`` that overlap, if only on one day."""
    inside = table[table["spell"] >= 0]
    inside = inside.sort_values([by, "start", "end"], kind="stable")
    latest = inside.groupby(by)["end"].cummax().groupby(inside[by]).shift()
    new = latest.isna() | (inside["start"] > latest)
    found = _renumbered(table, inside, new)
    return found, int(inside["spell"].nunique() - new.sum())


def _blocks(table: pd.DataFrame) -> pd.DataFrame:
    """Unbroken time of a person in post, in order, with the main post at either end."""
    inside = table[table["spell"] >= 0]
    latest = inside.groupby("person")["end"].cummax().groupby(inside["person"]).shift()
    number = (latest.isna() | (inside["start"] > latest)).cumsum()
    blocks = inside.groupby(number).agg(
        person=("person", "first"), spell=("spell", "first"), start=("start", "min"), end=("end", "max")
    )
    ranked = inside.assign(_block=number).sort_values(["rate", "start", "row"], ascending=[False, True, True])
    for side, edge, at in (("first", "start", "start"), ("last", "end", "end")):
        held = ranked[ranked[at] == ranked["_block"].map(blocks[edge])].drop_duplicates("_block").set_index("_block")
        blocks = blocks.join(held[["temporary", "department", "unit"]].add_prefix(f"{side}_"))
    return blocks


def _linked(table: pd.DataFrame, link: str, rules: Rules) -> tuple[pd.DataFrame, int]:
    """One spell of what follows on within the allowed break, where ``link`` is what ties it to the time before."""
    blocks = _blocks(table)
    before = blocks.shift()
    free = (blocks["start"] - before["end"]).dt.days - 1
    near = (blocks["person"] == before["person"]) & (free <= rules.gap_days)
    converts = (before["last_temporary"] == True) & ~blocks["first_temporary"]  # noqa: E712  # empty before the first
    moves = blocks[f"first_{rules.internal_move}"] != before[f"last_{rules.internal_move}"]
    kind = np.select([converts, moves, free == 0], ["conversion", "internal_move", "abut"], "gap_days")
    joined = near & (kind == link)
    if link == "conversion" and not rules.conversion:
        joined[:] = False
    # what an earlier rule has tied stays tied
    tied = joined | (near & (blocks["spell"] == before["spell"]))
    number = (~tied).cumsum() - 1
    spells = pd.Series(number.to_numpy(), index=blocks["spell"].to_numpy())
    spells = spells[~spells.index.duplicated()]
    inside = table["spell"] >= 0
    found = table.assign(spell=table["spell"].map(spells).where(inside, -1).astype("int64"))
    return found, int(joined.sum())


def _begun(table: pd.DataFrame, at: pd.Timestamp) -> tuple[pd.DataFrame, int]:
    """Leave out what starts after the cut-off; bounds and held days are settled with it still there."""
    bounds = table[table["spell"] >= 0].groupby("spell").agg(spell_start=("start", "min"), spell_end=("end", "max"))
    whole = table.assign(until=_until(table)).join(bounds, on="spell")
    begun = whole["start"] <= at
    return whole[begun], int((~begun).sum())


def _until(table: pd.DataFrame) -> pd.Series:
    """Last day each row holds.

    The days of a short break belong to the posts that were held last before it, and to no others: a second post that
    ended while the first went on stays ended.
    """
    inside = table[table["spell"] >= 0]
    latest = inside.groupby("spell")["end"].cummax().groupby(inside["spell"]).shift()
    number = (latest.isna() | (inside["start"] > latest)).cumsum()
    blocks = inside.groupby(number).agg(spell=("spell", "first"), start=("start", "min"), end=("end", "max"))
    # the day before the next block of the same spell; NaT for its last block
    resumes = blocks["start"].shift(-1).where(blocks["spell"].shift(-1) == blocks["spell"]) - DAY
    bridged = number.map(resumes)
    holds_on = bridged.notna() & (inside["end"] == number.map(blocks["end"]))
    return bridged.where(holds_on, inside["end"]).reindex(table.index).fillna(table["end"])


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
    for column in ("spell", "until", "spell_start", "spell_end"):
        rows[column] = table[column].to_numpy()
    rows["since"] = rows["since"].fillna(rows["spell_start"]) if "since" in rows else rows["spell_start"]
    for column in ("until", "spell_end"):
        rows[column] = rows[column].where(rows[column] <= at)
    away = rows["rate_actual"].eq(0).fillna(False).astype("bool") if "rate_actual" in rows else False
    rows["on_leave"] = away if rules.secondment else False
    rows["taken_over"] = taken_over(rows, rules)
    return rows


def taken_over(rows: pd.DataFrame, rules: Rules) -> pd.Series:
    """True for the rows of a spell that began on the day its unit was taken over from another employer."""
    found = pd.Series(False, index=rows.index)
    for each in rules.transfers:
        if each.direction == "in":
            day = pd.Timestamp(each.day)
            found |= (rows["start"] == day) & (rows["spell_start"] == day) & rows["unit"].isin(each.units)
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


def waterfall(effects: list[Effect], policy: dict[str, dict[str, Any]], rules: Rules) -> pd.DataFrame:
    """The effects as a table, one line per rule in order; a line begins with what the line before left.

    Returns:
        DataFrame[rule, sv, en, value (in force, as text), cases, rows_before, rows_after, persons_before, …]: the
        counts of ``COUNTS``.
    """
    lines = []
    for effect in effects:
        entry = policy[effect.rule]
        line: dict[str, Any] = {"rule": effect.rule, "sv": entry["sv"], "en": entry["en"]}
        line |= {"value": str(getattr(rules, effect.rule, entry["value"])).lower(), "cases": effect.cases}
        for name in COUNTS:
            line |= {f"{name}_before": effect.before[name], f"{name}_after": effect.after[name]}
        lines.append(line)
    return pd.DataFrame(lines)


FILE_STEPS = {
    "structural": ("Rubriker, summor och tomma rader", "Headings, totals and blank rows"),
    "quarantined": ("I karantän", "In quarantine"),
    "excluded": ("Uteslutna av namngiven regel", "Excluded by a named rule"),
    "merged": ("Sammanslagna dubbletter", "Merged duplicates"),
}


def from_files(found: pd.DataFrame, ledger: pd.DataFrame, table: str) -> pd.DataFrame:
    """The waterfall with what happened to the records of the files before it: rows only, persons are not known yet.

    Args:
        found: result of ``waterfall``.
        ledger: account of every record, per file and table.
        table: the table that the history was made from, ``employments`` or ``snapshots``.

    Returns:
        DataFrame as ``waterfall`` with nullable counts; begins with the records read. Lists of who is in post get a
        line ``lists`` where they became employments.
    """
    mine = ledger[ledger["table"] == table]
    left = int(mine["read"].sum())
    lines = []
    for rule, (sv, en) in FILE_STEPS.items():
        gone = int(mine[rule].sum())
        lines.append({"rule": rule, "sv": sv, "en": en, "cases": gone, "rows_before": left, "rows_after": left - gone})
        left -= gone
    begins = int(found["rows_before"].iloc[0])
    if left != begins:
        line = {"rule": "lists", "sv": "Listor till anställningar", "en": "Lists made employments"}
        lines.append({**line, "cases": abs(left - begins), "rows_before": left, "rows_after": begins})
    counts = [column for column in found.columns if column not in ("rule", "sv", "en", "value")]
    return pd.concat([pd.DataFrame(lines), found], ignore_index=True)[list(found.columns)].astype(
        dict.fromkeys(counts, "Int64")
    )
