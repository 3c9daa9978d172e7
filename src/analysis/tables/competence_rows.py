"""What the rooms that count from the tables ``requirements`` and ``competence`` have in common."""

from __future__ import annotations

import numpy as np

QUALIFIED = "qualified"
"""Model of a requirement: the licence or protected title of the occupation (``occupations.toml``)."""
STEPS, KNOWN, NEEDED, ASSESSED = "skill_steps", "skill_known", "skill_needed", "skill_assessed"
TABLES = (STEPS, KNOWN, NEEDED, ASSESSED)
NOW = "now"
"""Layer of the cut-off; that of the horizon is its year."""
HELD, UNCLEAR, MISSING, SHARE = "held", "unclear", "missing", "assessed"
KEYS = ["department", "occupation", "model", "step"]


def balance(needed: np.ndarray, held: np.ndarray, unassessed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is wanting of a need: unclear, and missing for certain.

    needed = filled + unclear + missing, with filled = min(held, needed). Whoever has not been assessed is neither held
    nor lacking: as many of them as the need has places left for make it unclear, and only the rest is missing.

    Args:
        needed: persons asked for.
        held: persons known to fulfil it.
        unassessed: persons that nothing is known about.

    Returns:
        unclear, missing; never below nought.
    """
    open_places = np.maximum(needed - held, 0.0)
    unclear = np.minimum(open_places, unassessed)
    return unclear, open_places - unclear
