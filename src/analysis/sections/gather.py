"""From results to facts, and from protected cells to derived ones: a loop over the sections, no more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from analysis.disclosure.thresholds import Thresholds
from analysis.errors import InputError
from analysis.sections.missing import blanked
from analysis.sections.results import SHARED, Derivation, Results, Store, joined
from analysis.sections.section import Section
from analysis.tables.facts import facts
from analysis.tables.protected import COLUMNS, check_cells


def all_facts(
    sections: Sequence[Section],
    store: Store,
    *,
    period: str,
    years: int,
    limits: Thresholds,
    lost: Collection[str] = (),
) -> pd.DataFrame:
    """The facts of every section, ready for protection.

    Args:
        sections: every section of the installation.
        store: the tables of the edition.
        period: cut-off month.
        years: forecast years.
        limits: the policy's thresholds.
        lost: tables and columns that the delivery lacks: what rests on them is missing (``missing.blanked``).

    Raises:
        InputError: a section makes facts of a table that it does not publish, or a stage computed facts that no section
            publishes.
    """
    found = []
    for section in sections:
        tables = tuple(table.id for table in section.publishes)
        read = store.result if section.own else store.read
        parts = [section.make_facts(Results(section.id, section.needs, tables, period, years, limits, read))]
        parts += [indicator.make_facts(store, period) for indicator in section.indicators]
        made = joined(part for part in parts if part is not None)
        if made.empty:
            continue
        strange = set(made["table"]) - set(tables)
        if strange:
            raise InputError(
                f"the section {section.id} makes facts of {sorted(strange)[0]!r}, which it does not publish"
            )
        found.append(made)
    claimed = {table.id for section in sections for table in section.publishes}
    for name in SHARED:
        left = store.read(name)
        unclaimed = set() if left is None else set(left["table"]) - claimed
        if unclaimed:
            raise InputError(f"{name} holds the table {sorted(unclaimed)[0]!r}, which no section publishes")
    return blanked(facts(joined(found)), lost)


def derived(
    sections: Sequence[Section], cells: pd.DataFrame, *, period: str, departments: Sequence[str]
) -> pd.DataFrame:
    """The cells that sections derive from protected cells.

    Args:
        sections: every section of the installation.
        cells: protected cells.
        period: cut-off month.
        departments: departments with a report.

    Raises:
        InputError: a section derives cells of a table that it did not declare.
    """
    given, found = Derivation(cells, period, tuple(departments)), []
    for section in sections:
        made = section.make_cells(given)
        if made is None:
            continue
        strange = set(made["table"]) - set(section.derives)
        if strange:
            raise InputError(f"the section {section.id} derives {sorted(strange)[0]!r}, which it did not declare")
        found.append(made)
    empty = pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    return check_cells(pd.concat(found, ignore_index=True)) if found else empty
