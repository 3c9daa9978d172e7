"""Scenario files and levers of an edition: which are read, what they act on, what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import staffing
from analysis.edition.passport import file_hash
from analysis.reference.strategies import closing, lever_entries
from analysis.staffing.levers.effects import LIBRARY, Outlook, largest_levers, lever_effects, what_if
from analysis.staffing.levers.lever import Lever
from analysis.staffing.levers.mixes import closing_paths
from analysis.staffing.levers.scenarios import Scenario, read_scenarios, within_capacity
from analysis.stages.inputs import scenario_files
from analysis.stages.staffing import StaffingInputs
from analysis.stages.stage import Stage

NO_CAUSE_FOR_LEVER = "note.levers_without_cause"
"""Message id: the delivery records no reasons, so that levers on a cause have nothing to act on."""


NOTHING = 1e-9
"""Full-time equivalents below which a lever has no effect."""


@dataclass(frozen=True)
class Measures:
    """What could be done in this edition.

    ``library``: every lever that the delivery has something to act on for, by id. ``named``: the scenarios with their
    levers cut to capacity, which the bridge computes beside the reference path. ``notes``: message ids.
    """

    outlook: Outlook
    library: dict[str, Lever]
    scenarios: list[Scenario]
    named: dict[str, tuple[Lever, ...]]
    files: list[tuple[str, str]]
    notes: list[str]


def measures(stage: Stage, inputs: StaffingInputs, scenario: str = "") -> Measures:
    """Read the scenarios and get the reference path ready to try levers against.

    Args:
        stage: the staffing stage.
        inputs: what the bridge is computed from.
        scenario: as for ``inputs.scenario_files``.

    Raises:
        InputError: a scenario file is wrong; see ``staffing.levers.scenarios``.
    """
    base, files = inputs.base, scenario_files(stage.root, scenario, stage.settings.scenarios)
    names = stage.need("departments")
    departments = {key: key for key in (*names["key"], *base.groups["group_department"])}
    departments = dict(zip(names["code"], names["key"], strict=True)) | departments
    found = read_scenarios(files, departments=departments, occupations=set(base.cells["occupation"]))

    outlook = Outlook(base, inputs.filling)

    def possible(levers: Sequence[Lever]) -> tuple[Lever, ...]:
        """Levers with something to act on: a cause that takes people, people within their reach, capacity left."""
        known = [lever for lever in levers if lever.acts != "hazard" or lever.cause in base.causes]
        # where no gap is known nothing says how fast posts are filled
        known = [lever for lever in known if lever.acts != "fill" or inputs.filling.known]
        kept = within_capacity(known, base.start, base.years)
        able = [lever for lever in kept if lever.mid > 0 and np.abs(lever.unit(base.start, base.years)).sum() > 0]
        # a cause that takes nobody, for instance retirement where no ages are known, leaves nothing to lower
        return tuple(lever for lever in able if lever.acts != "hazard" or acted(lever))

    def acted(lever: Lever) -> bool:
        return bool(np.abs(outlook.hires([lever]) - outlook.hires()).max() > NOTHING)

    library = {lever.id: lever for lever in possible(list(staffing.levers().values()))}
    named = {item.id: possible(item.levers) for item in found}
    named = {key: levers for key, levers in named.items() if levers}
    lacking = any(lever.acts == "hazard" and lever.cause not in base.causes for item in found for lever in item.levers)
    return Measures(
        outlook, library, [item for item in found if item.id in named], named,
        [(path.name, file_hash(path)) for path in files], [NO_CAUSE_FOR_LEVER] if lacking else [],
    )  # fmt: skip


def keep_measures(stage: Stage, planned: Measures) -> dict[str, Any]:
    """Compute and write what levers do: alone, together, as choices of the reader, and as closing paths.

    Reads ``recruitment``. Writes ``staffing_levers``, ``staffing_what_if`` and, where the opening gap is known,
    ``staffing_closing`` and ``staffing_largest`` (each group's largest lever).

    Args:
        stage: the staffing stage.
        planned: result of ``measures``.

    Returns:
        What pages say about the scenarios (``scenarios``, ``levers``, ``closing``) and the files they came from.
    """
    library = tuple(planned.library.values())
    effects = lever_effects(planned.outlook, {LIBRARY: library, **planned.named})
    stage.write_result("staffing_levers", effects)
    choices = {key: (lever,) for key, lever in planned.library.items()}
    stage.write_result("staffing_what_if", what_if(planned.outlook, stage.need("recruitment"), choices))
    if planned.outlook.filling.known:
        stage.write_result("staffing_closing", closing_paths(planned.outlook, library))
        least = stage.policy.forecast.min_at_risk
        stage.write_result("staffing_largest", largest_levers(planned.outlook, library, effects, minimum=least))
    entries = lever_entries()
    return {
        "scenarios": [
            {
                "id": item.id, "sv": item.sv, "en": item.en, "owner": item.owner, "dated": item.dated,
                "levers": [_told(lever, entries[lever.id]) for lever in planned.named[item.id]],
            }
            for item in planned.scenarios
        ],
        "levers": [_told(lever, entries[lever.id]) for lever in library],
        "closing": {key: value for key, value in closing().items() if key != "overlap"},
        "files": planned.files,
    }  # fmt: skip


def _told(lever: Lever, entry: dict[str, Any]) -> dict[str, Any]:
    """A lever as pages and the register of assumptions name it, with the numbers that were used."""
    return {
        **{key: entry[key] for key in ("id", "sv", "en", "explain_sv", "explain_en", "size_sv", "size_en", "owner")},
        "decides_sv": entry["decides_sv"], "decides_en": entry["decides_en"],
        **{key: entry[key] for key in ("strategies", "grade", "dated", "cost_source", "cost_source_en", "study")},
        "low": lever.low, "mid": lever.mid, "high": lever.high, "lead_years": lever.lead_years,
        "capacity": lever.capacity, "fill_rate": lever.fill_rate, "source": lever.source, "source_en": lever.source_en,
        "cost_per_fte": entry["cost_per_fte"], "cost_fixed": entry["cost_fixed"],
        "departments": list(lever.reach.departments), "occupations": list(lever.reach.occupations),
    }  # fmt: skip
