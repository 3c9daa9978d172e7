"""Ladders and courses as facts, in the shape that ``disclosure`` protects."""

from __future__ import annotations

import pandas as pd

from analysis.tables.facts import facts


def ladder_facts(counts: pd.DataFrame) -> pd.DataFrame:
    """Facts of table ``ladder``: row = step, column = model; the denominator holds those not assessed, too.

    Args:
        counts: result of ``ladder_counts``.
    """
    table = counts.assign(
        table="ladder",
        row=counts["step"].astype("str"),
        column=counts["model"],
        value=counts["persons"],
        n=counts["persons"],
        numerator=counts["persons"],
        denominator=counts["of"],
        unit="persons",
        definition="ladder_step",
    )
    return facts(table)


def course_facts(coverage: pd.DataFrame) -> pd.DataFrame:
    """Facts of table ``courses``: row = course, columns ``completed`` and, where one is set, ``target``.

    Args:
        coverage: result of ``course_coverage``.
    """
    base = coverage.assign(table="courses", row=coverage["course"], unit="share")
    done = base.assign(
        column="completed",
        value=base["share"],
        n=base["staff"],
        numerator=base["completed"],
        denominator=base["staff"],
        definition="course_completed",
    )
    aim = base[base["target"].notna()]
    aim = aim.assign(column="target", value=aim["target"], definition="course_target")
    return facts(pd.concat([done, aim], ignore_index=True))
