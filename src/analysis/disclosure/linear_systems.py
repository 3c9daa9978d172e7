"""Sums of persons as equations: what follows from those that are shown, and what to withhold so that no secret does."""

from __future__ import annotations

import numpy as np

from analysis.disclosure import bounds
from analysis.disclosure.sums import Case, Sum

CLOSE = 1e-9
ROUNDING = 1e-6
"""Eigenvalues of products of noughts and ones are nought or well above this."""


def withheld(case: Case, *, least: int) -> list[int]:
    """Places of figures to withhold, so that no secret follows from what is shown.

    First by equations, which withheld figures of any size must not follow from; then by bounds (``bounds``), where
    counts below ``least`` must not be found.

    Args:
        case: sums that are shown and sums that must not be found.
        least: threshold of a count.
    """
    if not case.secret or not case.shown:
        return []
    hidden = _by_equations(case)
    shown = [item for item in case.shown if item.at not in hidden]
    few = [item for item in case.secret if item.value < least]
    return sorted([*hidden, *bounds.withheld(case.base, shown, few)])


def _by_equations(case: Case) -> list[int]:
    """Withhold figures until no secret follows from what is shown, and then show again what need not be withheld.

    Of the figures that tell a secret one goes each time: of the secret's own department if there is one, else any, and
    the smallest of them. What stays withheld does not follow from what is shown: showing it again would tell no more.
    """
    base = np.array([item.form for item in case.base]).reshape(len(case.base), case.unknowns)
    already = Told(base)
    secrets = [item for item in case.secret if item.form.any() and not already.follows(item.form)]
    shown: list[Sum] = list(case.shown)
    hidden: dict[int, list[Sum]] = {}
    while secrets and shown:
        told = Told(np.vstack([*(item.form for item in shown), base]))
        gone: set[int] = set()
        for secret in (item for item in secrets if told.follows(item.form)):
            used = [shown[place] for place in told.by(secret.form) if place < len(shown)]
            if not any(item.at in gone for item in used):
                own = [item for item in used if item.department == secret.department] or used
                gone.add(min(own, key=lambda item: (item.count, item.at)).at)
        if not gone:
            break
        hidden |= {at: [item for item in shown if item.at == at] for at in gone}
        shown = [item for item in shown if item.at not in gone]
    if not hidden:
        return []
    told = Told(np.vstack([*(item.form for item in shown), base]))
    return _still_withheld(hidden, np.array([item.form for item in secrets]), told)


def _still_withheld(hidden: dict[int, list[Sum]], secrets: np.ndarray, told: Told) -> list[int]:
    """Show figures again, the largest first, as long as no secret follows.

    What is left of a secret beside all that is shown is nought where it follows; a figure shown again takes its own
    direction out of what is left.
    """
    rest = told.rest(secrets)
    limit = CLOSE * (secrets**2).sum(axis=1)
    known: list[np.ndarray] = []
    still: list[int] = []
    for at, sums in sorted(hidden.items(), key=lambda pair: (-pair[1][0].count, pair[0])):
        left, more = rest, list(known)
        for item in sums:
            own = told.rest(item.form[None, :])[0]
            for direction in more:
                own = own - (own @ direction) * direction
            if own @ own > CLOSE * (item.form @ item.form):
                more.append(own / np.sqrt(own @ own))
                left = left - np.outer(left @ more[-1], more[-1])
        if ((left**2).sum(axis=1) < limit).any():
            still.append(at)
        else:
            rest, known = left, more
    return sorted(still)


class Told:
    """What sums and differences of some forms (rows of noughts and ones) tell.

    By the eigenvectors of their products, which cost a fraction of a pseudo-inverse where there are many forms.
    """

    def __init__(self, forms: np.ndarray) -> None:
        self.forms = forms
        values, vectors = np.linalg.eigh(forms.T @ forms)
        kept = values > ROUNDING
        self.values, self.basis = values[kept], vectors[:, kept]

    def follows(self, form: np.ndarray) -> bool:
        """Is the form a sum or difference of the others?"""
        return bool((self.rest(form[None, :]) ** 2).sum() < CLOSE * (form**2).sum())

    def rest(self, forms: np.ndarray) -> np.ndarray:
        """What of some forms (rows) no sum or difference of the others tells."""
        return forms - (forms @ self.basis) @ self.basis.T

    def by(self, form: np.ndarray) -> np.ndarray:
        """Places of the forms that it is made of."""
        share = self.basis @ ((self.basis.T @ form) / self.values)
        return np.flatnonzero(np.abs(self.forms @ share) > CLOSE**0.5)
