"""Competence supply for municipalities: from HR extracts to published reports."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["style"]


def style() -> Any:
    """Draw with matplotlib and seaborn as the pages do: ``with analysis.style(): …``.

    Returns:
        A context in which ``report.mplstyle`` holds.
    """
    import matplotlib

    from analysis.publishing.drawings.canvas import style as parameters

    return matplotlib.rc_context(parameters())
