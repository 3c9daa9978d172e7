"""What the work asks of those who do it: which requirements there are, and how many they ask for in a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analysis.tables.joins import join
from analysis.tables.keys import EVERY

DEMAND = ["occupation", "model", "step"]
"""What names a requirement; ``step`` is 0 for a competence and for a licence."""
PAIR = ["department", "occupation"]
COLUMNS = [*PAIR, "model", "step", "needed"]


def _plain(requirements: pd.DataFrame) -> pd.DataFrame:
    """Rows with '' for every department, 0 for no step and the beginning of time for no year."""
    return requirements.assign(
        department=requirements["department"].fillna("").replace(EVERY, ""),
        step=requirements["step"].fillna(0).astype("int64"),
        year=requirements["year"].fillna(0).astype("int64"),
    )


def placed(
    requirements: pd.DataFrame, departments: Iterable[str], above: Mapping[str, Sequence[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows by the departments they are about: one about an administration holds in every department below it.

    Rows of a unit nearer to a department replace those of one above it, requirement by requirement. A number of persons
    cannot be shared out among departments, and a unit below the departments is no department.

    Args:
        requirements: clean table ``requirements``.
        departments: departments of the edition.
        above: department → the units above it, the nearest first.

    Returns:
        The rows that hold in departments or everywhere, and those left over.
    """
    rows = _plain(requirements)
    known = list(departments)
    asked_of = rows["department"].isin(["", *known])
    found, used = [rows[asked_of]], asked_of.copy()
    for department in known:
        own = rows[rows["department"] == department]
        taken = set(own[DEMAND].itertuples(index=False, name=None))
        for unit in above.get(department, ()):
            mine = rows[(rows["department"] == unit) & rows["share"].notna()]
            used |= rows.index.isin(mine.index)
            fresh = [key not in taken for key in mine[DEMAND].itertuples(index=False, name=None)]
            found.append(mine[fresh].assign(department=department))
            taken |= set(mine[DEMAND].itertuples(index=False, name=None))
    return pd.concat(found, ignore_index=True), requirements[~used]


def demands(requirements: pd.DataFrame) -> pd.DataFrame:
    """The distinct requirements: DataFrame[DEMAND], in order of occupation, model and step."""
    return _plain(requirements)[DEMAND].drop_duplicates().sort_values(DEMAND, ignore_index=True)


def in_force(requirements: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """The row of each requirement and department that holds in ``year``.

    A row holds from its year until a later one of the same requirement and department. Of two that begin in one year
    the one that asks for more holds, so that nothing depends on the order of rows.

    Args:
        requirements: clean table ``requirements``.
        year: calendar year.

    Returns:
        DataFrame[department ('' = every department without a row of its own), *DEMAND, share, staff].
    """
    rows = _plain(requirements)
    rows = rows[rows["year"] <= year].sort_values(["department", *DEMAND, "year", "share", "staff"])
    rows = rows.drop_duplicates(["department", *DEMAND], keep="last")
    return rows[["department", *DEMAND, "share", "staff"]].reset_index(drop=True)


def needed(requirements: pd.DataFrame, staff: pd.DataFrame, *, year: int, until: Iterable[int] = ()) -> pd.DataFrame:
    """Persons that each requirement asks for in each department.

    A share is of the occupation's persons in the department that year; a number stands as it is. A department's own row
    comes before the one for every department. Where a requirement begins later than ``year``, nobody is asked for yet.

    Args:
        requirements: clean table ``requirements``.
        staff: DataFrame[department, occupation, persons] of the monthly paid in ``year``.
        year: calendar year.
        until: later years; a department that has a requirement in one of them is listed with 0 now.

    Returns:
        DataFrame[department, occupation, model, step, needed (persons)]; departments without anybody in the
        occupation are left out, as are those that no row is about.
    """
    people = staff[staff["persons"] > 0]
    found = asked(requirements, people, year=year)
    amount = found["staff"].where(found["share"].isna(), found["share"] * found["persons"]).astype("float64")
    found = found.assign(needed=amount)
    for later in until:
        more = asked(requirements, people, year=later).assign(needed=0.0)
        found = pd.concat([found, more], ignore_index=True).drop_duplicates([*PAIR, "model", "step"])
    return found.sort_values([*PAIR, "model", "step"], ignore_index=True)[COLUMNS]


def asked(requirements: pd.DataFrame, pairs: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """The share or number that is asked for in ``year``: a department's own row before the one for every department.

    Args:
        requirements: clean table ``requirements``.
        pairs: DataFrame[department, occupation, …].
        year: calendar year.

    Returns:
        DataFrame[*pairs, model, step, share, staff], one row per pair and requirement that holds.
    """
    rows = in_force(requirements, year=year)
    own, _ = join(
        pairs,
        rows[rows["department"] != ""],
        PAIR,
        how="inner",
        validate="many_to_many",
        name="required in departments",
    )
    everywhere = rows[rows["department"] == ""].drop(columns="department")
    general, _ = join(pairs, everywhere, "occupation", how="inner", validate="many_to_many", name="required everywhere")
    both = pd.concat([own, general], ignore_index=True)
    return both.drop_duplicates([*PAIR, "model", "step"], ignore_index=True)
