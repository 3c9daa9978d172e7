"""How many to fill and how many posts stay empty: the tables of the staffing stage about recruitment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.staffing import Lever
from analysis.staffing.levers.effects import Outlook, at
from analysis.staffing.posts.empty_fan import fan
from analysis.staffing.posts.law import fill_interval, fitted, months_to_halve
from analysis.staffing.posts.record import Outlook as Posts
from analysis.staffing.posts.recruitment_need import Recruitment, recruitment
from analysis.stages.staffing import StaffingInputs
from analysis.stages.stage import Stage
from analysis.tables.protected import ORGANISATION

RATES = ["occupation", "fill", "fill_low", "fill_high", "withdraw", "halve_months", "exposure", "window"]


def keep_recruitment(
    stage: Stage,
    inputs: StaffingInputs,
    bridge: pd.DataFrame,
    scenarios: Mapping[str, Sequence[Lever]] | None = None,
) -> Recruitment:
    """Compute and write what must be filled, what stays empty, the chances, the rates and the record of both forecasts.

    Writes ``recruitment`` and, where a gap is known, ``recruitment_chances`` (that at least so many posts stand empty);
    where adverts are recorded ``recruitment_record`` (beside the last value), ``recruitment_rates`` (months are of open
    posts) and ``recruitment_fan`` (history and forecast of empty posts).

    Args:
        stage: the staffing stage.
        inputs: what the bridge was computed from.
        bridge: result of ``staffing.bridge``.
        scenarios: those of the bridge beside the reference path, with their levers.
    """
    outlook, seen, named = Outlook(inputs.base, inputs.filling), inputs.filling.seen, scenarios or {}
    ends = {
        name: (outlook.empty(at(levers, "low")), outlook.empty(at(levers, "high"))) for name, levers in named.items()
    }
    found = recruitment(inputs.base, bridge, inputs.filling, named, ends)
    stage.write_result("recruitment", found.table)
    if inputs.filling.known:
        stage.write_result("recruitment_chances", found.chances)
    if seen is not None:
        heads = inputs.base.groups.groupby("group_department")["at_risk"].sum()
        heads[ORGANISATION] = heads.sum()
        record = seen.record.assign(n=seen.record["department"].map(heads).astype("float64"))
        stage.write_result("recruitment_record", record)
        stage.write_result("recruitment_rates", rates_table(seen))
        if inputs.base.opening is not None:
            stage.write_result("recruitment_fan", fan(found.table, seen))
    return found


def rates_table(seen: Posts) -> pd.DataFrame:
    """Hazards of an open post by occupation, months until half is filled, and the post-months that they rest on."""
    window = seen.window
    rates = fitted(seen.posts, window)
    low, high = (np.minimum(ends, 1.0) for ends in fill_interval(seen.posts, window))
    code, names = seen.posts.codes(seen.posts.by)
    first = [int((code == place).argmax()) for place in range(len(names))]
    exposure = pd.Series(seen.posts.open[:-1][-window:].sum(axis=0)).groupby(code).sum()
    table = {
        "occupation": names, "fill": rates.fill[first], "fill_low": low[first], "fill_high": high[first],
        "withdraw": rates.withdraw[first], "halve_months": months_to_halve(rates)[first],
        "exposure": exposure.to_numpy(),
    }  # fmt: skip
    return pd.DataFrame(table).assign(window=rates.window)[RATES]
