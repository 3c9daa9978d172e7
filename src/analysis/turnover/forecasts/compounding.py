"""Hazards of person-periods shorter than a year, compounded to twelve months.

Fitted on ``workforce.risk_periods`` by the same additive logit as the yearly hazards, with season as a level. Over the
twelve months after an origin causes compete period by period: the incidence of a cause is the sum over periods of
survivors times hazard (Prentice and others 1978, Biometrics 34; Singer and Willett 2003, chapter 15). Birthdays and
years of service are taken as spread evenly over the year, since cells hold completed years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.periods import season, shift
from analysis.reference import CAUSES
from analysis.turnover.cells import HORIZON, SEASON, with_finer
from analysis.turnover.forecasts.incidence import a_year_on
from analysis.turnover.models.hazards import HazardModel, fit

STEP = 1e-4
"""Log odds by which a derivative is taken."""


@dataclass(frozen=True)
class PeriodModel:
    """``hazards`` of one period; ``seasons``: the season of each period of the year after an origin, in order.

    A period is as many months long as the year holds seasons named here.
    """

    hazards: HazardModel
    seasons: tuple[str, ...]

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Twelve-month probabilities by cause, one row per cell, index as in ``cells``; for the near side only."""
        cells = with_finer(cells)
        now, later = (self.hazards.log_odds(state) for state in (cells, a_year_on(cells)))
        return pd.DataFrame(self._compounded(now, later), index=cells.index, columns=list(CAUSES))

    def _compounded(self, now: np.ndarray, later: np.ndarray) -> np.ndarray:
        """Twelve-month probabilities from log odds of one period, today and a year older: [cells x causes]."""
        effects = {name: self.hazards.effect(SEASON, name) for name in dict.fromkeys(self.seasons)}
        periods = {name: (_chance(now + effect), _chance(later + effect)) for name, effect in effects.items()}
        stays, left = np.ones(len(now)), np.zeros(now.shape)
        for place, name in enumerate(self.seasons):
            older = place / len(self.seasons)  # of an even spread, so many have had their day when the period begins
            before, after = periods[name]
            hazard = (1 - older) * before + older * after
            left += stays[:, None] * hazard
            stays = stays * np.maximum(1 - hazard.sum(axis=1), 0.0)
        return left

    def errors(self, cells: pd.DataFrame, unit: np.ndarray, units: int) -> np.ndarray:
        """Covariances of units' expected numbers, see ``HazardModel.errors``; a season has its share of the year."""
        cells = with_finer(cells)
        now, later = (self.hazards.log_odds(state) for state in (cells, a_year_on(cells)))
        base, slope = self._compounded(now, later), np.zeros(now.shape)
        for cause in np.flatnonzero(np.isfinite(self.hazards.intercepts)):
            step = np.zeros(len(CAUSES))
            step[cause] = STEP
            slope[:, cause] = (self._compounded(now + step, later + step) - base)[:, cause] / STEP
        slope *= cells["at_risk"].to_numpy(dtype=float)[:, None]
        names = list(dict.fromkeys(self.seasons))
        share = np.repeat([self.seasons.count(name) / len(self.seasons) for name in names], len(cells))
        spread = pd.concat([cells.assign(**{SEASON: name}) for name in names], ignore_index=True)
        slope, unit = np.tile(slope, (len(names), 1)) * share[:, None], np.tile(unit, len(names))
        return self.hazards.covariances(spread, slope, unit, units)


def _chance(log_odds: np.ndarray) -> np.ndarray:
    odds = np.exp(log_odds)
    return odds / (1.0 + odds.sum(axis=1, keepdims=True))


def fit_periods(periods: pd.DataFrame, *, penalty: float) -> PeriodModel:
    """Fit on person-periods whose outcome is known.

    Args:
        periods: result of ``workforce.risk_periods``.
        penalty: strength of the ridge penalty, as for yearly hazards.

    Raises:
        ValueError: there are no periods.
    """
    if periods.empty:
        raise ValueError("hazards of shorter periods need at least one closed window of them")
    step, first = int(periods["step"].iloc[0]), str(periods["origin"].iloc[0])
    seasons = tuple(season(shift(first, ahead)) for ahead in range(0, HORIZON, step))
    return PeriodModel(fit(periods.assign(open=False), penalty=penalty), seasons)
