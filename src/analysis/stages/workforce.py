"""What the workforce stage reads and keeps (notebook 20)."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from analysis import workforce
from analysis.edition.register import sizes
from analysis.periods import cutoff
from analysis.stages.stage import Stage
from analysis.tables import keys
from analysis.tables.clean import TABLES
from analysis.workforce.structure import structure_of

NO_RATE = "note.no_rate"


NO_CAUSES = "note.no_causes"
"""Message ids of what a report must say about the delivery."""


def source_tables(stage: Stage) -> dict[str, pd.DataFrame | None]:
    """Every clean table of the delivery; None where it has none."""
    return stage.tables(list(TABLES))


def coded(names: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Departments with the employer's own code, which is also the name of one that has no other.

    Args:
        names: DataFrame[key, name, name_en, parent, parent_en].
        codes: key → code as the employer writes it.
    """
    code = names["key"].map(codes).fillna(names["key"])
    nameless = {name: names[name].where(names[name] != names["key"], code) for name in ("name", "name_en")}
    return names.assign(code=code, **nameless)


def known_departments(folder: Path, period: str) -> dict[str, str]:
    """The employer's code of each department by key; before the history is made, of all that it may have.

    Args:
        folder: a workspace whose delivery is read.
        period: cut-off month.
    """
    tables = folder / "tables"
    if (tables / "departments.parquet").exists():
        known = pd.read_parquet(tables / "departments.parquet", columns=["key", "code"])
        return dict(zip(known["key"], known["code"], strict=True))
    lists = [tables / f"{name}.parquet" for name in ("employments", "snapshots")]
    units = [pd.read_parquet(path, columns=["unit"])["unit"].astype("str") for path in lists if path.exists()]
    organisation = tables / "organisation.parquet"
    standing = pd.read_parquet(organisation) if organisation.exists() else None
    if standing is not None:  # of a unit that was split, whichever successor most will be found to have gone to
        units.append(standing["successor"].dropna().astype("str").str.split(keys.JOIN, regex=False).explode())
    level = json.loads((tables / "delivery.json").read_text(encoding="utf-8"))["level"]
    found = structure_of(pd.concat(units).drop_duplicates(), standing, level, cutoff(period))
    codes = pd.read_parquet(tables / "units.parquet").set_index("key")["code"].to_dict()
    return {key: codes.get(key, key) for key in sorted({*found.departments.values()})}


def keep_workforce(
    stage: Stage,
    past: workforce.History,
    *,
    cells: pd.DataFrame,
    flows: pd.DataFrame,
    facts: pd.DataFrame,
    groups: pd.DataFrame,
    person_years: pd.DataFrame,
    periods: pd.DataFrame,
) -> None:
    """Write what the workforce stage hands on. Rows about persons stay among the near-side tables.

    Raises:
        GateError: too few are in post for an edition.
    """
    workforce.check_size(past.in_post, stage.policy)
    stage.write_table("rows", past.rows)
    stage.write_table("ends", past.ends)
    units = stage.need("units").set_index("key")["code"]
    stage.write_table("departments", coded(past.names, units))
    # counts over the whole delivery, small ones too: they stay on the near side
    for name, kept in (("waterfall", past.waterfall), ("restated", past.restated), ("unmatched", past.unmatched)):
        stage.write_table(name, kept)
    for name, table in (
        ("risk_cells", cells),
        ("risk_periods", periods),
        ("flows", flows),
        ("facts_workforce", facts),
        ("groups", groups),
    ):
        stage.write_table(name, table)
    stage.write_table("hire_profile", workforce.hire_profile(past.rows, person_years))
    stage.write_table("made_permanent", workforce.made_permanent(person_years))
    stage.write_table("person_cells", workforce.person_cells(person_years))
    stage.write_table("by_sex", workforce.by_sex(person_years, past.rows))
    stage.write_table("permanent_at", workforce.permanent_at(person_years))
    stage.write_table("cohorts", workforce.cohorts(person_years))
    lasted = workforce.durations(past.rows, past.ends, first=past.origins[0], last=past.origins[-1])
    stage.write_table("durations", lasted)
    overlaps = workforce.compartments(
        past.rows,
        past.departments,
        hours=past.covering({"hours": stage.table("hours")}, stage.period)["hours"],
        qualifications=stage.table("qualifications"),
        origins=past.origins,
        hours_per_month=stage.settings.hours_per_month,
    )
    stage.write_table("compartments", overlaps)
    notes = [] if stage.facts("delivery")["has_rate"] else [NO_RATE]
    links = past.links.copy()
    for day in links.columns.intersection(["snapshot", "following"]):
        links[day] = links[day].dt.strftime("%Y-%m-%d")
    stage.write_facts(
        "workforce",
        {
            "origins": past.origins,
            "links": links.to_dict("records"),
            "episodes": past.rules.record(),
            "notices": [{"sv": notice.sv, "en": str(notice)} for notice in past.notices],
            "doubts": [{"sv": notice.sv, "en": str(notice)} for notice in past.doubts],
            "doubted": sizes(past.doubts),
            "notes": notes if past.has_causes else [*notes, NO_CAUSES],
            "observed": past.observed,
            "has_causes": past.has_causes,
            "observation": past.observation.record(),
            "reasons": past.reasons.record(),
            "exits": past.exit_counts,
            "covered": past.covered,
            "joined": workforce.joined(groups),
            "awaited": past.awaits.months,
            "unknown": past.unknown,
            "masses": past.masses.assign(day=past.masses["day"].astype("str")).to_dict("records"),
        },
    )
