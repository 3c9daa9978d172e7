"""Who will leave and why: hazards by cause, their worth against a yardstick, forecasts with a track record.

Turnover as it was, a published rate, is an indicator: ``workforce.indicators.turnover``, defined in
``reference/data/definitions.toml``.

Works on covariate cells, never on persons. Only sums over groups of at least twenty at risk are meant to be
written; ``chosen_hazards`` and ``HazardModel.predict`` give probabilities of cells that stay in memory.
"""

from analysis.turnover.forecasts.forecast import assess, chosen_hazards, forecast
from analysis.turnover.forecasts.intervals import ShockModel, fit_shocks
from analysis.turnover.forecasts.lifetable import aalen_johansen, life_table
from analysis.turnover.leaks.alarm import Leak, Verdict, check_leaks, find_leaks, judge
from analysis.turnover.leaks.current import current_only
from analysis.turnover.models.features import Feature, features
from analysis.turnover.models.hazards import HazardModel, fit
from analysis.turnover.models.yardstick import Yardstick, fit_yardstick
from analysis.turnover.scores.evaluation import Evaluation, Judged, evaluate
from analysis.turnover.scores.scoreboard import scoreboard
from analysis.turnover.scores.track_record import hit_rates

__all__ = [
    "Evaluation",
    "Feature",
    "HazardModel",
    "Judged",
    "Leak",
    "ShockModel",
    "Verdict",
    "Yardstick",
    "aalen_johansen",
    "assess",
    "check_leaks",
    "chosen_hazards",
    "current_only",
    "evaluate",
    "features",
    "find_leaks",
    "fit",
    "fit_shocks",
    "fit_yardstick",
    "forecast",
    "hit_rates",
    "judge",
    "life_table",
    "scoreboard",
]
