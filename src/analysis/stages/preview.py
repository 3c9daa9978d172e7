"""What another threshold or coarser groups would hide and reveal in an edition, before it is built.

The facts of a workspace that is there are protected twice, as its policy says and as it would be changed; what comes of
it are numbers of cells, never a figure. No page is made and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from analysis.disclosure.plan import PublishingPlan
from analysis.disclosure.protect import protect
from analysis.disclosure.regrouping import DEPARTMENT, Join, regrouped
from analysis.disclosure.thresholds import Profile, Thresholds
from analysis.errors import InputError
from analysis.reference.policies import Policy
from analysis.sections import all_facts, all_sections, derived, plan
from analysis.sections.section import Section
from analysis.stages.disclosure import lost, reported_departments
from analysis.stages.marks import Mark
from analysis.stages.stage import Stage
from analysis.tables import keys
from analysis.tables.protected import KEYS, ORGANISATION, SHOWN

WITHHELD = "withheld"
SIDES = ("newly_withheld", "newly_shown", "gone", "new_shown", "new_withheld")
"""What may become of a cell; gone and new are those of groups that are joined."""


@dataclass(frozen=True)
class Change:
    """What is tried: thresholds by sensitivity, another profile, and what is joined."""

    thresholds: Mapping[str, int]
    profile: Profile | None = None
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What the change would do.

    ``cells`` is DataFrame[KEYS, section, side] of the cells whose fate changes; ``shares`` DataFrame[department,
    before, after] the share withheld of what is counted (0–1), NaN where a department has no report.
    """

    cells: pd.DataFrame
    shares: pd.DataFrame

    @property
    def by_section(self) -> pd.DataFrame:
        """Numbers of cells: DataFrame[section, one column per side]."""
        table = pd.crosstab(self.cells["section"], self.cells["side"]).reindex(columns=list(SIDES), fill_value=0)
        return table.rename_axis(columns=None).reset_index()


def preview(root: Path, folder: Path, change: Change) -> Preview:
    """Protect the facts of a workspace again, with a change and without.

    Args:
        root: the project's root.
        folder: the workspace of an edition, or one of an analyst's own.
        change: what is tried.

    Raises:
        InputError: the workspace has no facts (any more), or the change names what is not there or what law forbids.
    """
    stage = _opened(root, folder)
    profile = stage.settings.profile
    rules = changed_policy(stage.policy, change, change.profile or profile)
    sections = all_sections(root)
    tables = plan(sections)
    names = reported_departments(stage)
    joins = _checked(change.joins, tables, names)
    limits = Thresholds.of(stage.policy, profile), Thresholds.of(rules, change.profile or profile)
    given: dict[Thresholds, pd.DataFrame] = {}
    for each in limits:
        if each not in given:
            given[each] = all_facts(
                sections, stage, period=stage.period, years=stage.settings.years, limits=each, lost=lost(stage)
            )
    coarser = regrouped(given[limits[1]], joins)
    strange = [
        join for join in joins if not ((coarser["row"] == join.name) | (coarser["department"] == join.name)).any()
    ]
    if strange:
        raise InputError(f"{strange[0].table} has no {' and '.join(strange[0].parts)}, so that nothing can be joined")
    reported = names.loc[names["status"] == "reported", "key"].tolist()
    later = _reported(reported, joins, stage)
    before = _cells(given[limits[0]], sections, tables, limits[0], reported, stage)
    after = _cells(coarser, sections, tables, limits[1], later, stage)
    return difference(before, after, sections)


def difference(before: pd.DataFrame, after: pd.DataFrame, sections: Sequence[Section]) -> Preview:
    """What becomes of the cells of an edition: DataFrames[KEYS, status] without a change and with it."""
    return Preview(_fates(before, after, sections), _shares(before, after))


def changed_policy(rules: Policy, change: Change, profile: Profile) -> Policy:
    """The policy with other thresholds; what law asks for cannot be lowered.

    Raises:
        InputError: a sensitivity without a threshold, or one that the policy or law does not allow.
    """
    record = rules.model_dump()
    for name, least in change.thresholds.items():
        if name == "forecast":
            record["forecast"]["min_at_risk"] = least
        elif name in ("low", "medium", "health", "survey"):
            record[name][f"min_{profile}"] = least
            record[name]["min_public"] = max(record[name]["min_public"], least)
        else:
            raise InputError(f"there is no threshold {name!r}; choose low, medium, health, survey or forecast")
    try:
        return Policy.model_validate(record)
    except ValidationError as error:
        raise InputError(f"that threshold cannot be: {error.errors()[0]['msg']}") from None


def _opened(root: Path, folder: Path) -> Stage:
    mark = Mark.read(folder, "disclosure")
    if mark is None or mark.inputs is None or not (folder / "tables" / "departments.parquet").is_file():
        raise InputError(
            f"{folder.name} is no workspace with the tables of an edition (built, and not erased); build it first"
        )
    others = {name: value for name, value in mark.parameters.items() if name != "seed"}
    return Stage("disclosure", root, folder, root / mark.delivery, mark.period, mark.parameters.get("seed", 0), others)


def _checked(joins: Sequence[Join], tables: PublishingPlan, names: pd.DataFrame) -> list[Join]:
    """Joins whose tables and departments are known, departments by their keys."""
    codes = dict(zip(names["key"], names["code"], strict=True))
    found = []
    for join in joins:
        if join.table == DEPARTMENT:
            found.append(Join(DEPARTMENT, tuple(keys.named(part, codes) for part in join.parts)))
        elif join.table in tables:
            found.append(join)
        else:
            raise InputError(f"no section publishes a table {join.table!r}; `analysis plan` lists them")
    return found


def _reported(reported: Sequence[str], joins: Sequence[Join], stage: Stage) -> list[str]:
    """Departments with a report once some are joined: those that together are enough."""
    groups, found = stage.need("groups"), list(reported)
    for join in (join for join in joins if join.table == DEPARTMENT):
        heads = groups.loc[groups["department"].isin(join.parts), "at_risk"].sum()
        found = [key for key in found if key not in join.parts]
        found += [join.name] if heads >= stage.policy.department.min_headcount else []
    return found


def _cells(
    facts: pd.DataFrame, sections: Sequence[Section], tables: PublishingPlan, limits: Thresholds,
    reported: list[str], stage: Stage,
) -> pd.DataFrame:  # fmt: skip
    cells = protect(
        facts, plan=tables, thresholds=limits, reported=reported, period=stage.period, weights=stage.policy.suppression
    )
    more = derived(sections, cells, period=stage.period, departments=reported)
    return pd.concat([cells, more], ignore_index=True)[[*KEYS, "status"]]


def _fates(before: pd.DataFrame, after: pd.DataFrame, sections: Sequence[Section]) -> pd.DataFrame:
    known = {"before": before, "after": after}
    statuses = {name: cells.set_index(list(KEYS))["status"] for name, cells in known.items()}
    pairs = pd.concat(statuses, axis=1).reset_index()  # a cell of one side alone has no status on the other
    then, now = pairs["before"], pairs["after"]
    side = pd.Series("", index=pairs.index, dtype="str")
    side[then.isin(SHOWN) & (now == WITHHELD)] = "newly_withheld"
    side[(then == WITHHELD) & now.isin(SHOWN)] = "newly_shown"
    side[then.notna() & now.isna()] = "gone"
    side[then.isna() & now.isin(SHOWN)] = "new_shown"
    side[then.isna() & (now == WITHHELD)] = "new_withheld"
    home = {table: section.id for section in sections for table in section.fills}
    found = pairs[list(KEYS)].assign(section=pairs["table"].map(home).fillna(pairs["table"]), side=side)
    return found[side != ""].sort_values(["section", "side", *KEYS], ignore_index=True)


def _shares(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    def share(cells: pd.DataFrame) -> pd.Series:
        counted = cells[cells["status"].isin([*SHOWN, WITHHELD])]
        return (counted["status"] == WITHHELD).groupby(counted["department"]).mean()

    found = pd.concat({"before": share(before), "after": share(after)}, axis=1).rename_axis("department").reset_index()
    return found.sort_values("department", key=lambda key: key.where(key != ORGANISATION, ""), ignore_index=True)


def workspace_of(root: Path, name: str) -> Path:
    """Folder of the workspace that a person named by an edition or by its folder."""
    folder = root / "data/processed" / name
    return folder if folder.is_dir() else Path(name).resolve()
