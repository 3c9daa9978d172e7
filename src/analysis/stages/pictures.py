"""Pictures in stage notebooks: for a person to look at, never a reason to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def picture() -> Iterator[None]:
    """Draw within this; what cannot be drawn (too few rows, one value only) is said in a line, and the stage goes on.

    Nothing may be computed within it that a later cell needs. The line names the kind of error, no value.
    """
    try:
        yield
    except Exception as error:  # whatever a drawing library stumbles over
        import matplotlib.pyplot as plt

        plt.close("all")
        print(f"No picture here: there is too little to draw ({type(error).__name__}).")  # noqa: T201
