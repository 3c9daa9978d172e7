"""What the staffing stage computes from, and keeps (notebook 50)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd
from threadpoolctl import threadpool_limits

from analysis import staffing, turnover
from analysis.reference import CAUSES
from analysis.staffing import Baseline, Recent
from analysis.staffing.levers.effects import Outlook
from analysis.staffing.need import sources
from analysis.staffing.posts.filling import Filling
from analysis.staffing.skills.skill_gap import COLUMNS, Levels, skill_gap
from analysis.stages.competence import catalogue, required
from analysis.stages.filling import filling
from analysis.stages.stage import Stage
from analysis.stages.tried import number
from analysis.stages.turnover import known_causes
from analysis.tables.protected import ORGANISATION, REFERENCE
from analysis.turnover.models import carried as memory
from analysis.workforce.compartments import HOURLY, WANTS_MORE


@dataclass(frozen=True)
class StaffingInputs:
    """What the staffing stage computes from; the baseline's hazards live in memory only.

    ``base``: what the reference path is computed from. ``filling``: how empty posts answer. ``recent``: what its inflow
    rests on. ``scenarios``: each lever of the library alone. ``notes``: message ids of what the delivery lacks.
    ``retirement``: retirement by single year of age. ``overlaps``: compartments within the gap. ``need``: where the
    need comes from.
    """

    base: staffing.Baseline
    filling: Filling
    recent: staffing.Recent
    scenarios: dict[str, tuple[staffing.Lever, ...]]
    notes: list[str]
    retirement: staffing.Experience
    overlaps: list[staffing.Compartment]
    need: staffing.Need


def staffing_need(stage: Stage, staff: pd.DataFrame) -> staffing.Need:
    """Opening gap and change in need from whatever the delivery holds (``staffing.need.sources``).

    Args:
        stage: the staffing stage.
        staff: risk cells at the cut-off.
    """
    held = stage.tables(list(sources.TABLES))
    return staffing.need_of(held, staff, period=stage.period, years=stage.settings.years)


def staffing_inputs(stage: Stage) -> StaffingInputs:
    """Collect what the bridge needs; what the delivery lacks is None and named in ``notes``."""
    cells, groups = stage.need("risk_cells"), stage.need("groups")
    evaluation = memory.reopened(cells, stage.facts("turnover")["choice"], stage.need("risk_periods"))
    pipelines = stage.table("pipelines")
    if pipelines is not None:
        pipelines = pipelines[pipelines["department"] != ORGANISATION]
    recent = staffing.Recent(stage.need("flows"), pipelines, int(number(stage, "hiring_windows")))
    inflow = recent.inflow(groups, stage.settings.years)
    need = staffing_need(stage, cells[cells["open"]])

    def hazards(rows: pd.DataFrame) -> pd.DataFrame:
        # one thread: many small predictions wait for each other otherwise (three times as long on two busy cores)
        with threadpool_limits(1):
            return turnover.chosen_hazards(rows, evaluation)

    retirement = staffing.experience(cells, hazards)
    counts = stage.need("compartments")
    stock = counts[(counts["origin"] == stage.period) & (counts["part"] == "stock")]
    beside = {name: stock[stock["compartment"] == name] for name in (HOURLY, WANTS_MORE)}
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
        volume_error=number(stage, "volume_error"),
        hiring_shock=number(stage, "hiring_shock"),
        hourly=beside[HOURLY],
        # a delivery that records no wishes at all says nothing about them
        wants_more=beside[WANTS_MORE] if len(beside[WANTS_MORE]) else None,
    )
    return StaffingInputs(
        base=base,
        filling=filling(stage, base, cells),
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
    """Empty posts with one assumption at a time moved, and which one would change the order of the largest gaps."""
    ranges = staffing.Ranges(
        causes={cause: inputs.base.shocks.spread(cause) for cause in CAUSES},
        hires=inputs.base.hiring_shock,
        volumes=inputs.base.volume_error,
        windows=inputs.base.inflow.windows,
    )
    outlook = Outlook(inputs.base, inputs.filling)
    table = staffing.sensitivity(outlook, ranges)
    return table, staffing.overturned(table, staffing.reference_gaps(outlook))


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
        windows=inputs.recent.windows,
    )
    return staffing.backtest(past)


def keep_backtest(stage: Stage, record: staffing.Backtest) -> None:
    """Write the backtest, and how often its intervals held; groups of at least twenty at risk only."""
    stage.write_result("staffing_backtest", record.table)
    stage.write_result("staffing_hit_rates", staffing.hit_rates(record.table))
    stage.write_result("staffing_outlook", record.now)


def keep_skill_gap(stage: Stage, base: Baseline, recent: Recent) -> pd.DataFrame:
    """Compute and write ``skill_gap``, now and ahead; empty, and not written, where nothing is required.

    Args:
        stage: the staffing stage.
        base: that of the bridge.
        recent: what its inflow rests on.
    """
    found = required(stage)
    if found is None:
        return pd.DataFrame(columns=COLUMNS)
    states, moves, newcomers = (stage.need(f"skill_{name}") for name in ("states", "moves", "newcomers"))
    table = skill_gap(
        base,
        Levels(states, moves, newcomers, catalogue()),
        found[0],
        recent,
        minimum=stage.policy.forecast.min_at_risk,
        weight=number(stage, "skill_weight"),
        hiring_shock=base.hiring_shock,
        seed=stage.seed,
        draws=stage.draws,
    )
    stage.write_result("skill_gap", table)
    return table
