"""Pictures in stage notebooks: for a person to look at, never a reason to stop."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from analysis import settings, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 100


@contextmanager
def picture() -> Iterator[None]:
    """Draw within this, in the pages' style; every figure made here is shown below the cell and closed.

    What cannot be drawn (too few rows, one value only) is said in a line, and the stage goes on. Nothing may be
    computed within it that a later cell needs. The line names the kind of error, no value.
    """
    import matplotlib.pyplot as plt

    before = set(plt.get_fignums())
    try:
        with style():
            yield
            if os.environ.get(settings.PICTURES) == "off":
                return  # a build throws the notebook away
            made = [plt.figure(number) for number in plt.get_fignums() if number not in before]
            for figure in made:
                _show(figure)
    except Exception as error:  # whatever a drawing library stumbles over
        print(f"No picture here: there is too little to draw ({type(error).__name__}).")  # noqa: T201
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)


def _show(figure: Figure) -> None:
    """The figure as a PNG below the cell, not left to the backend: it forgets figures made under other parameters."""
    from IPython.display import Image, display

    file = BytesIO()
    # no name of the software, no day: the same figures give the same bytes
    figure.savefig(file, format="png", dpi=DPI, facecolor="white", transparent=False, metadata={"Software": None})
    display(Image(file.getvalue(), width=int(figure.get_figwidth() * DPI)))
