"""The organisation restated to the structure of the cut-off, so that series are about the same departments.

A closed unit is followed to the unit that took over, however many times that happened; a unit below the reporting
level is climbed up to it. What was done with each unit that is not as it was is kept (``Structure.restated``):

* ``renamed``: closed, with one successor that took over from nobody else.
* ``merged``: closed, with one successor that took over from several.
* ``split``: closed, with several successors (rows of their own in the organisation table, or ``a|b``). The unit goes
  where most of its staff went, with nobody to follow to the first one named.
* ``moved``: still there, under another department than in its oldest version.
* ``parent``: closed without a successor that exists; it stays with the department above it.
* ``circle``: its successors run in a circle; it stays with the department above it, if that is still there.
* ``unknown``: not in the organisation; it stays a department of its own.
* ``unmapped``: closed without a successor in a department that is closed too; all such units are one department.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import InputError
from analysis.tables.joins import join
from analysis.tables.keys import JOIN, level_word

COLUMNS = ["key", "name", "name_en", "parent", "parent_en"]
RESTATED = ["unit", "was", "into", "department", "rule"]
UNMAPPED = "unmapped"
UNMAPPED_NAME = ("Enheter utan efterträdare", "Units without a successor")


def as_of(organisation: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The version of each unit that holds at ``at``, in the order of the table: the newest that has begun.

    A unit that has only versions to come keeps the first of them.
    """
    begun = organisation["valid_from"].isna() | (organisation["valid_from"] <= at)
    past = organisation[begun].sort_values("valid_from", na_position="first", kind="stable")
    past = past.drop_duplicates("unit", keep="last")
    to_come = organisation[~begun & ~organisation["unit"].isin(past["unit"])]
    to_come = to_come.sort_values("valid_from", kind="stable").drop_duplicates("unit")
    return pd.concat([past, to_come]).sort_index()


def successors(organisation: pd.DataFrame, at: pd.Timestamp) -> dict[str, tuple[str, ...]]:
    """Units closed before ``at`` and the units that took over, in the order of the table; none is ``()``."""
    newest = as_of(organisation, at).set_index("unit")
    closed = newest[newest["valid_to"] < at]
    if closed.empty:
        return {}
    rows = organisation[organisation["unit"].isin(closed.index)]
    # rows of a unit that begin together are one closing with several successors, earlier ones are older versions
    begins = rows["unit"].map(closed["valid_from"])
    rows = rows[(rows["valid_from"] == begins) | (rows["valid_from"].isna() & begins.isna())]
    found: dict[str, tuple[str, ...]] = {str(unit): () for unit in closed.index}
    for unit, named in zip(rows["unit"].astype("str"), rows["successor"], strict=True):
        if pd.notna(named):
            keys = (key.strip() for key in str(named).split(JOIN))
            found[unit] = tuple(dict.fromkeys([*found[unit], *(key for key in keys if key)]))
    return found


@dataclass(frozen=True)
class Structure:
    """Where every unit belongs at the cut-off.

    Attributes:
        departments: unit → department in the structure of the cut-off.
        coded: unit → department by the unit's own code, without successors.
        restated: DataFrame[unit, was, into, department, rule], units that are not as they were.
        split: units with several successors → those that exist.
    """

    departments: dict[str, str]
    coded: dict[str, str] = field(default_factory=dict)
    restated: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RESTATED))
    split: dict[str, tuple[str, ...]] = field(default_factory=dict)


def structure_of(
    units: pd.Series,
    organisation: pd.DataFrame | None,
    level: str,
    at: pd.Timestamp,
    *,
    most_went: Mapping[str, str] | None = None,
) -> Structure:
    """Map every unit key that occurs to the department that holds it at ``at``.

    Args:
        units: unit keys as delivered (any index, repeated).
        organisation: clean table ``organisation``; None where the delivery has none (a unit is then a
            department).
        level: the level word of nodes that get reports.
        at: the day whose structure counts.
        most_went: split unit → the successor that most of its staff went to.

    Raises:
        InputError: parents run in a circle.
    """
    keys = [str(key) for key in pd.unique(units.dropna())]
    if organisation is None or organisation.empty:
        return Structure({key: key for key in keys}, {key: key for key in keys})
    node = as_of(organisation, at).set_index("unit")
    known = {str(unit) for unit in node.index}
    heirs = {key: tuple(heir for heir in named if heir in known) for key, named in successors(organisation, at).items()}
    chosen = {key: (most_went or {}).get(key, named[0]) for key, named in heirs.items() if named}
    takers = pd.Series(chosen, dtype="object").value_counts()
    parent, level = _texts(node["parent"]), level_word(level)
    levels = {key: level_word(word) for key, word in _texts(node["level"]).items()}
    oldest = organisation.sort_values("valid_from", na_position="first", kind="stable").drop_duplicates("unit")
    first_parent = _texts(oldest.set_index("unit")["parent"])
    departments, coded, lines = {}, {}, []
    for key in keys:
        end = _follow(key, chosen)
        circle, lost = end is None, end in heirs
        end = end or key
        there = _climb(end, parent, levels, level, chosen)
        was = _climb(key, {**parent, **({key: first_parent[key]} if key in first_parent else {})}, levels, level, {})
        rule = ""
        if key not in known:
            rule = "unknown"
        elif circle:
            rule = "circle"
        elif there in heirs:
            rule = "unmapped"
        elif lost:
            rule = "parent"
        elif key in chosen:
            path = _path(key, chosen)
            several = any(len(heirs[step]) > 1 for step in path)
            rule = "split" if several else "merged" if any(takers[chosen[step]] > 1 for step in path) else "renamed"
        elif there != was:
            rule = "moved"
        # the department, or what stands above where there is none, is gone without a successor
        there = UNMAPPED if there in heirs else there
        departments[key], coded[key] = there, was
        if rule:
            lines.append((key, was, end, there, rule))
    split = {key: named for key, named in heirs.items() if len(named) > 1}
    return Structure(departments, coded, pd.DataFrame(lines, columns=RESTATED), split)


def staff_went(
    employments: pd.DataFrame, split: Mapping[str, tuple[str, ...]], *, gap_days: int
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Where the staff of split units went.

    Args:
        employments: clean table ``employments``.
        split: unit → its successors.
        gap_days: longest break between the two posts.

    Returns:
        DataFrame[unit, person, into], one row per person who went to one of the successors; and unit → the
        successor that most went to, the first named of several.
    """
    old = employments.loc[employments["unit"].isin(list(split)) & employments["end"].notna(), ["unit", "person", "end"]]
    old = old.sort_values("end").drop_duplicates(["unit", "person"], keep="last")
    heirs = {heir for named in split.values() for heir in named}
    new = employments.loc[employments["unit"].isin(list(heirs)), ["person", "unit", "start"]]
    pairs, _ = join(
        old,
        new.rename(columns={"unit": "into"}),
        "person",
        how="inner",
        validate="many_to_many",
        name="staff of split units by person",
    )
    named = [heir in split[unit] for unit, heir in zip(pairs["unit"], pairs["into"], strict=True)]
    free = (pairs["start"] - pairs["end"]).dt.days - 1
    pairs = pairs[pd.Series(named, index=pairs.index, dtype="bool") & free.between(-1, gap_days)]
    went = pairs.sort_values(["start", "into"]).drop_duplicates(["unit", "person"])[["unit", "person", "into"]]
    most = {}
    for unit, part in went.groupby("unit"):
        counts = part["into"].value_counts()
        most[str(unit)] = max(split[str(unit)], key=lambda heir: counts.get(heir, 0))
    return went.reset_index(drop=True), most


def _texts(column: pd.Series) -> dict[str, str]:
    known = column.dropna()
    return dict(zip(known.index.astype("str"), known.astype("str"), strict=True))


def _path(key: str, successor: Mapping[str, str]) -> list[str]:
    """The closed units from ``key`` on, each followed by its successor; ends before a unit that was passed."""
    path: list[str] = []
    while key in successor and key not in path:
        path.append(key)
        key = successor[key]
    return path


def _follow(key: str, successor: Mapping[str, str]) -> str | None:
    """The unit at the end of the successors of ``key``; None where they run in a circle."""
    path = _path(key, successor)
    end = successor[path[-1]] if path else key
    return None if end in path else end


def _climb(key: str, parent: Mapping[str, str], levels: Mapping[str, str], level: str, heir: Mapping[str, str]) -> str:
    start, seen = key, {key}
    while levels.get(key) != level:
        if key not in parent:
            return start
        above = parent[key]
        key = _follow(above, heir) or above
        if key in seen:
            raise InputError(f"organisation: the parents of unit {start} run in a circle; correct its parent")
        seen.add(key)
    return key


def department_names(
    departments: list[str], organisation: pd.DataFrame | None, unit_names: dict[str, str] | None = None
) -> pd.DataFrame:
    """Names of departments in the order of the organisation.

    Args:
        departments: keys.
        organisation: one version of each unit (``as_of``), or None.
        unit_names: names of units where there is no organisation table.

    Returns:
        DataFrame[key, name, name_en, parent, parent_en]; ``parent`` is the name of the node above, '' if
        none.
    """
    if organisation is None or organisation.empty:
        names = unit_names or {}
        rows = [(key, names.get(key, key), names.get(key, key), "", "") for key in sorted(departments)]
        return pd.DataFrame(rows, columns=COLUMNS)
    node = organisation.drop_duplicates("unit", keep="last").set_index("unit")
    swedish = node["name"].to_dict()
    english = node["name_en"].fillna(node["name"]).to_dict()
    parent = node["parent"].dropna().to_dict()
    # the whole organisation is the root, not an administration above a department
    above = {key: up for key, up in parent.items() if up in parent}
    order = {key: place for place, key in enumerate(organisation["unit"].drop_duplicates())}
    swedish.setdefault(UNMAPPED, UNMAPPED_NAME[0])
    english.setdefault(UNMAPPED, UNMAPPED_NAME[1])
    rows = [
        (
            key,
            swedish.get(key, key),
            english.get(key, key),
            swedish.get(above.get(key, ""), ""),
            english.get(above.get(key, ""), ""),
        )
        for key in sorted(departments, key=lambda key: (order.get(key, len(order)), key))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
