"""Pictures of the competence stage: ladders, courses, what is required beside what is held."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.stages.figures.axes import COLOURS, legend, needs, one, stacked
from analysis.stages.looking import Words
from analysis.tables.protected import ORGANISATION

STEP = "{step} {number}"


def ladders(facts: pd.DataFrame, words: Words, *, least: int) -> Figure:
    """Per cent on each step, a bar per ladder with at least ``least`` persons in its occupations.

    Args:
        facts: facts of the competence stage; table ``ladder``, row = step, column = ladder.
        words: words of the axes.
        least: persons without whom a ladder is not drawn.
    """
    held = facts[(facts["table"] == "ladder") & (facts["department"] == ORGANISATION)]
    held = needs(held[held["denominator"] >= least])
    wide = held.pivot_table(index="column", columns="row", values="value", aggfunc="sum", fill_value=0)
    share = 100 * wide.div(wide.sum(axis=1).clip(lower=1), axis=0)
    figure, axes = one(height=1.4 + 0.4 * len(share))
    stacked(axes, share, {row: STEP.format(step=words.axis("step"), number=row) for row in share.columns})
    axes.set(xlabel=words.axis("share"), ylabel="")
    return figure


def courses(facts: pd.DataFrame, words: Words, *, least: int) -> Figure:
    """Per cent who have completed each course, beside its target.

    Args:
        facts: facts of the competence stage; table ``courses``, column ``completed`` and ``target``.
        words: words of the axes.
        least: persons without whom a course is not drawn.
    """
    held = facts[(facts["table"] == "courses") & (facts["department"] == ORGANISATION)]
    done = held[(held["column"] == "completed") & (held["n"] >= least)].set_index("row")["value"]
    aims = held[held["column"] == "target"].set_index("row")["value"].reindex(done.index)
    done = needs(done.to_frame()).iloc[:, 0].sort_values()
    figure, axes = one(height=1.2 + 0.35 * len(done))
    axes.barh(done.index, 100 * done, color=COLOURS[5], label=words.axis("held"))
    axes.plot(100 * aims.reindex(done.index), done.index, "|", markersize=16, color=COLOURS[1],
              label=words.axis("target"))  # fmt: skip
    axes.set(xlabel=words.axis("share"), xlim=(0, 100))
    legend(axes)
    return figure


def required(gap: pd.DataFrame, words: Words, *, least: int) -> Figure:
    """What is required, held, and could be decided by those not assessed, per occupation and requirement.

    Args:
        gap: rows of the whole organisation of ``skill_now``.
        words: words of the axes.
        least: persons in the occupation without whom a row is not drawn.
    """
    held = needs(gap[gap["staff"] >= least])
    # a licence or a competence has no steps
    step = held["step"].astype("str").where(held["step"] > 0, "")
    names = (held["occupation"] + " · " + held["model"] + " " + step).str.strip().tolist()
    place = np.arange(len(held))
    figure, axes = one(height=1.2 + 0.42 * len(held))
    axes.barh(place + 0.2, held["held"], height=0.36, color=COLOURS[5], label=words.axis("held"))
    axes.barh(place + 0.2, held["unclear"], left=held["held"], height=0.36, color=COLOURS[3],
              label=words.axis("unclear"))  # fmt: skip
    axes.barh(place - 0.2, held["needed"], height=0.36, color=COLOURS[0], label=words.axis("needed"))
    axes.set_yticks(place, names)
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("persons"))
    legend(axes)
    return figure
