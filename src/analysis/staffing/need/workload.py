"""Need from workload: WHO's Workload Indicators of Staffing Need (WISN).

    available working time  A = (weeks · days a week − days off) · hours a day
    standard workload       of an activity = A / hours per unit (units a person can do in a year)
    category allowance      factor C = 1 / (1 − Σ shares of support work that everyone does)
    individual allowance    I = Σ hours a year of what only some do / A
    required staff          = Σ (volume / standard workload) · C + I
    difference              = staff in post − required;  ratio = staff in post / required

Source: World Health Organization 2010, Workload indicators of staffing need: user's manual (ISBN 978 92 4 150019 7).
A ratio below one says that fewer are in post than the work asks for, with the standards given.
"""

from __future__ import annotations

import pandas as pd

from analysis.errors import InputError
from analysis.periods import cutoff, shift

SERVICE, SUPPORT, INDIVIDUAL, AVAILABLE = "service", "support", "individual", "available"
KEYS = ["department", "occupation"]


def required(workload: pd.DataFrame) -> pd.DataFrame:
    """Required full-time equivalents by department, occupation and year.

    Args:
        workload: clean table ``workload``: rows of component ``available`` (hours a year), ``service`` (hours per
            unit and amount a year), ``support`` (share of the working time) and ``individual`` (hours a year in all).
            A row without a year holds for every year that the department's services have.

    Returns:
        DataFrame[department, occupation, year, required, service, category_factor, individual]; ``service`` before
        allowances.

    Raises:
        InputError: a department and occupation with services but no available working time, or support work that takes
            all of it.

    >>> columns = ["component", "year", "amount", "hours", "share"]
    >>> rows = [("available", None, None, 1600, None), ("service", 2026, 4000, 2, None)]
    >>> rows += [("support", None, None, None, 0.2)]
    >>> table = pd.DataFrame(rows, columns=columns)
    >>> required(table.assign(department="d1", occupation="nurse"))[["year", "required"]].to_numpy().tolist()
    [[2026.0, 6.25]]
    """
    found = []
    for (department, occupation), own in workload.groupby(KEYS, sort=True):
        services = own[own["component"] == SERVICE]
        for year in sorted(services["year"].dropna().unique()):
            now = own[own["year"].isna() | (own["year"] == year)]
            where = f"workload of {occupation} in {department}, {int(year)}"
            hours = now.loc[now["component"] == AVAILABLE, "hours"]
            if hours.empty or not (hours > 0).all():
                raise InputError(f"{where}: no available working time; add a row of component available with its hours")
            available = float(hours.iloc[-1])
            support = float(now.loc[now["component"] == SUPPORT, "share"].sum())
            if support >= 1:
                raise InputError(
                    f"{where}: support work takes {support:.0%} of the working time; it has to be below 100 %"
                )
            done = now[now["component"] == SERVICE]
            service = float((done["amount"] * done["hours"]).sum()) / available
            factor = 1 / (1 - support)
            individual = float(now.loc[now["component"] == INDIVIDUAL, "hours"].sum()) / available
            found.append(
                (department, occupation, int(year), service * factor + individual, service, factor, individual)
            )
    columns = [*KEYS, "year", "required", "service", "category_factor", "individual"]
    return pd.DataFrame(found, columns=columns)


def compared(needs: pd.DataFrame, staff: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Difference and ratio of staff in post and staff required.

    Args:
        needs: result of ``required``.
        staff: DataFrame[department, occupation, fte] in post.
        year: the year compared.

    Returns:
        DataFrame[department, occupation, required, fte, difference, ratio].
    """
    now = needs[needs["year"] == year].set_index(KEYS)["required"]
    held = staff.groupby(KEYS)["fte"].sum().reindex(now.index).fillna(0.0)
    table = pd.DataFrame({"required": now, "fte": held, "difference": held - now, "ratio": held / now})
    return table.reset_index()


def workload_change(needs: pd.DataFrame, *, period: str, years: int) -> tuple[pd.DataFrame, list[str]]:
    """Change in need from the cut-off's year on, in the form of ``need.from_volumes.need_change``.

    A forecast year that the table does not reach keeps the last year it does.

    Args:
        needs: result of ``required``.
        period: cut-off month.
        years: forecast years.

    Returns:
        DataFrame[department, occupation, year (1…years), fte, level], and notes.
    """
    first = cutoff(period).year
    wide = needs.pivot_table(index=KEYS, columns="year", values="required", aggfunc="sum")
    columns = [*KEYS, "year", "fte", "level"]
    if first not in wide.columns:
        return pd.DataFrame(columns=columns), [f"workload lacks the year {first}"]
    targets = [cutoff(shift(period, 12 * ahead)).year for ahead in range(1, years + 1)]
    reach = max(int(year) for year in wide.columns)
    notes = [f"workload ends in {reach}; later years keep that year's"] if reach < targets[-1] else []
    wide = wide.reindex(columns=range(first, max(reach, targets[-1]) + 1)).ffill(axis=1).dropna(subset=first)
    parts = [
        pd.DataFrame({"year": ahead, "fte": wide[target] - wide[first], "level": wide[first]}).reset_index()
        for ahead, target in enumerate(targets, start=1)
    ]
    return pd.concat(parts, ignore_index=True)[columns], notes
