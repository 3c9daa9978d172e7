"""How many to fill and how many posts stay empty: the tables of the staffing stage about recruitment."""

from __future__ import annotations

import pandas as pd

from analysis.staffing.empty_fan import fan
from analysis.staffing.empty_posts import LEAST, YEAR
from analysis.staffing.posts_record import Outlook, outlook
from analysis.staffing.recruitment import fitted, months_to_halve, posts_by_month
from analysis.staffing.recruitment_need import Recruitment, of_groups, recruitment
from analysis.stages.staffing import StaffingInputs
from analysis.stages.stage import Stage
from analysis.tables.protected import ORGANISATION

RATES = ["occupation", "fill", "withdraw", "halve_months", "exposure", "window"]
LONGEST = 10
"""Years of adverts that the forecast rests on at most."""


def posts_outlook(stage: Stage, inputs: StaffingInputs) -> Outlook | None:
    """Empty posts ahead by forecast group; None where the adverts cover less than two years before the cut-off."""
    vacancies = stage.table("vacancies")
    if vacancies is None or vacancies["closed"].notna().sum() == 0:
        return None
    # earlier ones may be missing: a delivery holds adverts from the day the first of them was closed
    since = max(vacancies["closed"].min(), stage.at - pd.DateOffset(years=LONGEST))
    first = (since + pd.offsets.MonthBegin(1)).normalize()
    if (stage.at.year - first.year) * YEAR + stage.at.month - first.month + 1 < LEAST:
        return None
    posts = posts_by_month(of_groups(vacancies, inputs.base.groups), first=first, last=stage.at, by="kind")
    horizons = tuple(YEAR * ahead for ahead in range(1, inputs.base.years + 1))
    return outlook(posts, horizons, seed=stage.seed, draws=stage.draws)


def keep_recruitment(stage: Stage, inputs: StaffingInputs, bridge: pd.DataFrame, seen: Outlook | None) -> Recruitment:
    """Compute and write what must be filled, what stays empty, the chances, the rates and the record of both forecasts.

    Writes ``recruitment`` and, where adverts are recorded, ``recruitment_chances`` (that at least so many posts stand
    empty), ``recruitment_record`` (beside the last value), ``recruitment_rates`` (months are of open posts) and
    ``recruitment_fan`` (history and forecast of empty posts).

    Args:
        stage: the staffing stage.
        inputs: what the bridge was computed from.
        bridge: result of ``staffing.bridge``.
        seen: result of ``posts_outlook``.
    """
    found = recruitment(inputs.base, bridge, seen)
    stage.write_result("recruitment", found.table)
    if seen is not None:
        stage.write_result("recruitment_chances", found.chances)
        heads = inputs.base.groups.groupby("group_department")["at_risk"].sum()
        heads[ORGANISATION] = heads.sum()
        record = seen.record.assign(n=seen.record["department"].map(heads).astype("float64"))
        stage.write_result("recruitment_record", record)
        stage.write_result("recruitment_rates", rates_table(seen))
        if inputs.base.opening is not None:
            stage.write_result("recruitment_fan", fan(found.table, seen))
    return found


def rates_table(seen: Outlook) -> pd.DataFrame:
    """Hazards of an open post by occupation, months until half is filled, and the post-months that they rest on."""
    window = seen.window
    rates = fitted(seen.posts, window)
    code, names = seen.posts.codes(seen.posts.by)
    first = [int((code == place).argmax()) for place in range(len(names))]
    exposure = pd.Series(seen.posts.open[:-1][-window:].sum(axis=0)).groupby(code).sum()
    table = {
        "occupation": names, "fill": rates.fill[first], "withdraw": rates.withdraw[first],
        "halve_months": months_to_halve(rates)[first], "exposure": exposure.to_numpy(),
    }  # fmt: skip
    return pd.DataFrame(table).assign(window=rates.window)[RATES]
