"""The organisation restated to the structure of the cut-off, so that series are about the same departments.

A closed unit is followed to the unit that took over; a unit below the reporting level is climbed up to it.
"""

from __future__ import annotations

import pandas as pd

from analysis.errors import InputError

COLUMNS = ["key", "name", "name_en", "parent", "parent_en"]


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


def units_to_departments(
    units: pd.Series, organisation: pd.DataFrame | None, level: str, at: pd.Timestamp
) -> dict[str, str]:
    """Map every unit key that occurs to the department that holds it at ``at``.

    Args:
        units: unit keys as delivered (any index, repeated).
        organisation: clean table ``organisation``; None where the delivery has none (a unit is then a
            department).
        level: the level word of nodes that get reports.
        at: the day whose structure counts.

    Returns:
        unit key → department key. A unit above the reporting level (or without such an ancestor) maps to
        itself.

    Raises:
        InputError: successors or parents run in a circle.
    """
    keys = [str(key) for key in pd.unique(units.dropna())]
    if organisation is None or organisation.empty:
        return {key: key for key in keys}
    node = as_of(organisation, at).set_index("unit")
    closed = node.index[(node["valid_to"] < at) & node["successor"].notna()]
    successor = _texts(node.loc[closed, "successor"])
    parent, levels = _texts(node["parent"]), _texts(node["level"])
    return {key: _climb(_follow(key, successor), parent, levels, level, successor) for key in keys}


def _texts(column: pd.Series) -> dict[str, str]:
    known = column.dropna()
    return dict(zip(known.index.astype("str"), known.astype("str"), strict=True))


def _follow(key: str, successor: dict[str, str]) -> str:
    seen = {key}
    while key in successor:
        key = successor[key]
        if key in seen:
            raise InputError(f"organisation: the successors of unit {key} run in a circle; correct its successor")
        seen.add(key)
    return key


def _climb(key: str, parent: dict[str, str], levels: dict[str, str], level: str, successor: dict[str, str]) -> str:
    start, seen = key, {key}
    while levels.get(key) != level:
        if key not in parent:
            return start
        key = _follow(parent[key], successor)
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
