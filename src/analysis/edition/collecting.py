"""What each stage reads and keeps: the tables that cross from one room to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd
from threadpoolctl import threadpool_limits

from analysis import businessplan, competence, staffing, turnover, workforce
from analysis.edition import forecasting
from analysis.edition.passport import file_hash
from analysis.edition.workspace import Stage
from analysis.reference import CAUSES, business_plan, courses, definitions, ladders
from analysis.staffing.bridge import REFERENCE, assumption
from analysis.tables.clean import TABLES
from analysis.tables.facts import facts
from analysis.tables.protected import COLUMNS, ORGANISATION
from analysis.turnover import candidates, memory
from analysis.turnover.cells import SEASON
from analysis.workforce.spells import stock
from analysis.workforce.structure import UNMAPPED

NO_RATE = "note.no_rate"
NO_CAUSES = "note.no_causes"
"""Message ids of what a report must say about the delivery."""


def source_tables(stage: Stage) -> dict[str, pd.DataFrame | None]:
    """Every clean table of the delivery; None where it has none."""
    return stage.tables(list(TABLES))


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
    """Write what the workforce stage hands on. Rows about persons stay among the near-side tables."""
    stage.write_table("rows", past.rows)
    units = stage.need("units").set_index("key")["code"]
    stage.write_table("departments", past.names.assign(code=past.names["key"].map(units).fillna(past.names["key"])))
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
            "notes": notes if past.has_causes else [*notes, NO_CAUSES],
            "observed": past.observed,
            "has_causes": past.has_causes,
            "observation": past.observation.record(),
            "reasons": past.reasons.record(),
            "exits": past.exit_counts,
            "covered": past.covered,
            "joined": workforce.joined(groups),
            "masses": past.masses.assign(day=past.masses["day"].astype("str")).to_dict("records"),
        },
    )


def people_in_post(stage: Stage) -> pd.DataFrame:
    """Everyone in post at the cut-off, hourly paid included, one row per person (stays in memory)."""
    return stock(stage.need("rows"), stage.at, hourly=True)


def competence_facts(stage: Stage, people: pd.DataFrame) -> pd.DataFrame:
    """Facts of ladders and courses; empty where the delivery holds neither."""
    found = []
    steps, training = stage.table("competence"), stage.table("training")
    if steps is not None:
        counts = competence.ladder_counts(steps, people, ladders(), cutoff=stage.at)
        # where nobody holds the ladder's occupations there is no ladder, not an empty one
        counts = counts[counts["of"] > 0]
        found.append(competence.ladder_facts(counts))
    if training is not None:
        coverage = competence.course_coverage(training, people, courses(), cutoff=stage.at)
        found.append(competence.course_facts(coverage))
    return facts(pd.concat(found, ignore_index=True) if found else [])


def plan_of(stage: Stage) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The business plan as reports show it, and what a validator asks about it."""
    activities = stage.table("activities")
    departments = stage.need("departments")
    if activities is None:
        activities = pd.DataFrame(columns=[*TABLES["activities"]])
    plan = businessplan.plan_table(
        activities,
        period=stage.period,
        departments=departments,
        definitions=definitions(),
        courses=courses(),
        functions=business_plan()["functions"],
    )
    findings = businessplan.plan_findings(
        activities, departments=departments, definitions=definitions(), courses=courses(), plan=business_plan()
    )
    return plan, findings


def keep_turnover(stage: Stage, evaluation: turnover.Evaluation | None, verdict: turnover.Verdict) -> None:
    """Write forecast, track record and scores (groups only) and the choice that staffing goes on with.

    Where no forecast may be made (None), only why.
    """
    if evaluation is None:
        stage.write_facts("turnover", forecasting.told(stage, verdict))
        return
    if evaluation.forecast is not None:
        told = [*known_causes(stage), "total"]
        stage.write_result("leavers", evaluation.forecast[evaluation.forecast["cause"].isin(told)])
    stage.write_result("track_record", evaluation.track_record)
    stage.write_result("turnover_metrics", evaluation.metrics)
    stage.write_result("turnover_calibration", evaluation.calibration)
    if evaluation.incidence is not None:
        causes = [*known_causes(stage), "total"]
        stage.write_result("cumulative_incidence", evaluation.incidence[evaluation.incidence["cause"].isin(causes)])
    hits = turnover.hit_rates(evaluation.track_record, evaluation.yardstick_record)
    stage.write_result("hit_rates", hits)
    stage.write_result("turnover_scoreboard", turnover.scoreboard(evaluation.metrics, evaluation.track_record))
    cells = stage.need("risk_cells")
    held = list(dict.fromkeys(each.column for each in turnover.features() if each.column in cells))
    used = [column for column in held if len(cells[column].drop_duplicates()) > 1]
    if any(candidates.kind(choice.candidate) == candidates.PERIODS for choice in evaluation.chosen.values()):
        used.append(SEASON)
    record = {"choice": memory.kept(evaluation), "methods": evaluation.methods, "features": used}
    stage.write_facts("turnover", record | forecasting.told(stage, verdict))


def known_causes(stage: Stage) -> tuple[str, ...]:
    """Causes that the history can tell apart: all of them, or ``unknown`` alone where it records no reasons."""
    return CAUSES if stage.facts("workforce")["has_causes"] else ("unknown",)


@dataclass(frozen=True)
class StaffingInputs:
    """What the staffing stage computes from; the baseline's hazards live in memory only.

    ``base``: what the reference path is computed from. ``recent``: what its inflow rests on. ``scenarios``: each lever
    of the library alone. ``notes``: message ids of what the delivery lacks. ``retirement``: retirement by single year
    of age. ``overlaps``: compartments within the gap. ``need``: where the need comes from.
    """

    base: staffing.Baseline
    recent: staffing.Recent
    scenarios: dict[str, tuple[staffing.Lever, ...]]
    notes: list[str]
    retirement: staffing.Experience
    overlaps: list[staffing.Compartment]
    need: staffing.Need


def staffing_need(stage: Stage, staff: pd.DataFrame) -> staffing.Need:
    """Opening gap and change in need from whatever the delivery holds (``staffing.sources``).

    Args:
        stage: the staffing stage.
        staff: risk cells at the cut-off.
    """
    held = stage.tables(list(staffing.sources.TABLES))
    return staffing.need_of(held, staff, period=stage.period, years=stage.settings.years)


def staffing_inputs(stage: Stage) -> StaffingInputs:
    """Collect what the bridge needs; what the delivery lacks is None and named in ``notes``."""
    cells, groups = stage.need("risk_cells"), stage.need("groups")
    evaluation = memory.reopened(cells, stage.facts("turnover")["choice"], stage.need("risk_periods"))
    pipelines = stage.table("pipelines")
    if pipelines is not None:
        pipelines = pipelines[pipelines["department"] != ORGANISATION]
    recent = staffing.Recent(stage.need("flows"), pipelines, int(assumption("hiring_windows")))
    inflow = recent.inflow(groups, stage.settings.years)
    need = staffing_need(stage, cells[cells["open"]])

    def hazards(rows: pd.DataFrame) -> pd.DataFrame:
        # one thread: many small predictions wait for each other otherwise (three times as long on two busy cores)
        with threadpool_limits(1):
            return turnover.chosen_hazards(rows, evaluation)

    retirement = staffing.experience(cells, hazards)
    counts = stage.need("compartments")
    index = cast("pd.MultiIndex", inflow.mean.index)
    held = {name: staffing.compartment(counts, groups, index, name) for name in staffing.OVERLAPS}
    notes = [*need.notes, *[f"note.no_{name}" for name, found in held.items() if found is None]]
    base = staffing.Baseline(
        cells=cells[cells["open"]].reset_index(drop=True),
        hazards=hazards,
        groups=groups,
        inflow=inflow,
        profile=stage.need("hire_profile"),
        shocks=evaluation.shocks,
        period=stage.period,
        years=stage.settings.years,
        opening=need.opening,
        change=need.change,
        causes=known_causes(stage),
        permanent=stage.need("made_permanent"),
        adjust=retirement.adjust(stage.at.year),
        variants=need.variants,
    )
    return StaffingInputs(
        base=base,
        recent=recent,
        scenarios={name: (lever,) for name, lever in staffing.levers().items() if lever.cause in base.causes},
        notes=notes,
        retirement=retirement,
        overlaps=[found for found in held.values() if found is not None],
        need=need,
    )


def keep_need(stage: Stage, need: staffing.Need, staff: pd.DataFrame) -> pd.DataFrame:
    """Write what the work asks for beside those in post (``staffing_workload``) and return it; empty without workload.

    Args:
        stage: the staffing stage.
        need: result of ``staffing_need``.
        staff: risk cells at the cut-off.

    Departments and occupations of enough people only: full-time equivalents in post are those of persons.
    """
    work = need.workload
    if work is None:
        return pd.DataFrame()
    keys = ["department", "occupation"]
    heads = staff.groupby(keys)["at_risk"].sum().reindex(pd.MultiIndex.from_frame(work[keys]))
    table = work.assign(n=heads.fillna(0.0).to_numpy(dtype=float), year=stage.at.year)
    table = table[table["n"] >= stage.policy.forecast.min_at_risk].reset_index(drop=True)
    stage.write_result("staffing_workload", table)
    return table


def staffing_within(stage: Stage, inputs: StaffingInputs) -> pd.DataFrame:
    """Hourly paid, absence cover and unqualified in post, now and ahead, on the reference path."""
    index = inputs.base.index
    heads = inputs.base.groups.groupby(["group_department", "group_occupation"])["at_risk"].sum().reindex(index)
    return staffing.beside(
        inputs.overlaps,
        index,
        heads.to_numpy(dtype=float),
        period=stage.period,
        years=stage.settings.years,
        scenario=REFERENCE,
    )


def staffing_sensitivity(stage: Stage, inputs: StaffingInputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The gap with one assumption at a time moved, and which one would change the order of the largest gaps."""
    ranges = staffing.Ranges(
        causes={cause: inputs.base.shocks.spread(cause) for cause in CAUSES},
        hires=assumption("hiring_shock"),
        volumes=assumption("volume_error"),
        windows=inputs.base.inflow.windows,
    )
    table = staffing.sensitivity(inputs.base, ranges)
    return table, staffing.overturned(table, staffing.reference_gaps(inputs.base))


def staffing_backtest(stage: Stage, inputs: StaffingInputs) -> staffing.Backtest:
    """What staffing forecasts at earlier origins would have said, beside the outcome and the yardsticks."""
    past = staffing.Past(
        cells=stage.need("risk_cells"),
        flows=stage.need("flows"),
        groups=stage.need("groups"),
        track_record=stage.need("track_record"),
        volumes=inputs.need.volumes,
        vacancies=stage.table("vacancies"),
        budget=stage.table("budgeted_posts"),
        causes=known_causes(stage),
    )
    return staffing.backtest(past)


def keep_backtest(stage: Stage, record: staffing.Backtest) -> None:
    """Write the backtest, and how often its intervals held; groups of at least twenty at risk only."""
    stage.write_result("staffing_backtest", record.table)
    stage.write_result("staffing_hit_rates", staffing.hit_rates(record.table))
    stage.write_result("staffing_outlook", record.now)


def reported_departments(stage: Stage) -> pd.DataFrame:
    """Departments as pages name them: the whole first, then in the order of the organisation.

    A department is reported when it holds at least the policy's least headcount and is a forecast group of its own.
    """
    names, groups = stage.need("departments"), stage.need("groups")
    least = stage.policy.department.min_headcount
    heads = groups.groupby("department")["at_risk"].sum()
    own = groups.groupby("department")["group_department"].first()
    large = {key for key in heads.index if heads[key] >= least and own[key] == key}
    delivery = stage.facts("delivery")
    whole = {"key": ORGANISATION, "name": delivery["municipality"], "name_en": delivery["municipality_en"]}
    whole |= {"parent": "", "parent_en": "", "status": "organisation", "code": ""}
    table = names.assign(status=["reported" if key in large else "pooled" for key in names["key"]])
    table["code"] = table["code"].where(table["key"] != UNMAPPED, "")  # our own name for units without a successor
    return pd.concat([pd.DataFrame([whole]), table], ignore_index=True)[
        ["key", "name", "name_en", "parent", "parent_en", "status", "code"]
    ]


def register_hash(after: str) -> str:
    """SHA-256 of the cells that the edition before released, '' without one."""
    return file_hash(Path(after) / "protected" / "cells.parquet") if after else ""


def earlier_cells(after: str, departments: Sequence[str]) -> pd.DataFrame:
    """The gap that the edition before released, as cells of layer ``previous``; empty without one.

    Args:
        after: workspace of the edition before, '' if none.
        departments: departments with a report in this edition.
    """
    if not after:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    cells = pd.read_parquet(Path(after) / "protected" / "cells.parquet")
    gap = cells[(cells["table"] == "bridge") & (cells["row"] == "gap") & (cells["layer"] == "reference")]
    return gap[gap["department"].isin([ORGANISATION, *departments])].assign(layer="previous")[list(COLUMNS)]
