"""What leavers told in the exit survey: main reasons, how many answered, and where HR recorded something else."""

from __future__ import annotations

import pandas as pd

from analysis.periods import cutoff, shift
from analysis.reference import exit_reasons
from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import added, share_interval, sums
from analysis.workforce.indicators.leaving import leavers


def exit_survey(rows: pd.DataFrame, ends: pd.DataFrame, *, period: str) -> pd.DataFrame:
    """Facts of the exit survey among the monthly paid who left in the last twelve months.

    ``exit_response``: answers over leavers. ``exit_reasons``: leavers with the reason over answers.
    ``exit_disagreement``: answers that no recorded cause of the leaver agrees with (``exit_reasons.toml``), over
    answers that a known recorded cause can be held against.

    Args:
        rows: result of ``employment_rows``.
        ends: result of ``spell_ends``.
        period: cut-off month.

    Returns:
        Facts (``tables.facts``), one row per reason even where nobody gave it; empty where nobody answered.
    """
    gone = leavers(rows, ends, start=cutoff(shift(period, -12)), end=cutoff(period))
    answered = gone["stated"] != ""
    if not answered.any():
        return facts([])
    reasons = exit_reasons()
    agrees = {name: set(entry["causes"]) for name, entry in reasons.items() if entry["causes"]}
    held = answered & gone["stated"].isin(list(agrees)) & ~gone["cause"].isin(["unknown", "other"])
    pairs = zip(gone["stated"], gone["cause"], strict=True)
    differs = [cause not in agrees.get(reason, {cause}) for reason, cause in pairs]
    columns = {f"told_{name}": gone["stated"] == name for name in reasons}
    apart = held & pd.Series(differs, index=gone.index)
    table = gone[["department"]].assign(answered=answered, held=held, apart=apart, **columns)
    found: list[dict[str, object]] = []
    for department, of in sums(table, **added("answered", "held", "apart", *columns)):
        answers = of["answered"]
        for name, row, count, among, definition in (
            ("exit_response", "response", answers, of["n"], "exit_survey_response"),
            ("exit_disagreement", "disagreement", of["apart"], of["held"], "exit_survey_disagreement"),
            *(("exit_reasons", key, of[f"told_{key}"], answers, "exit_survey_reasons") for key in reasons),
        ):
            line: dict[str, object] = {
                "table": name,
                "department": department,
                "row": row,
                "unit": "share",
                "definition": definition,
            }
            line |= {"n": answers, "numerator": count, "denominator": among}
            if among > 0:
                low, high = share_interval(count, among)
                line |= {"value": count / among, "low": low, "high": high}
            found.append(line)
    return facts(found)
