"""Who leaves and why: hazards by cause, their worth against a yardstick, forecasts with a track record.

Works on covariate cells, never on persons. Only sums over groups of at least twenty at risk are meant to be
written; ``chosen_hazards`` and ``HazardModel.predict`` give probabilities of cells that stay in memory.
"""

from analysis.turnover.current import current_only
from analysis.turnover.evaluation import Evaluation, Judged, evaluate
from analysis.turnover.features import Feature, features
from analysis.turnover.forecast import assess, chosen_hazards, forecast
from analysis.turnover.hazards import HazardModel, fit
from analysis.turnover.intervals import ShockModel, fit_shocks
from analysis.turnover.leaks import Leak, Verdict, check_leaks, find_leaks, judge
from analysis.turnover.lifetable import aalen_johansen, life_table
from analysis.turnover.record import hit_rates
from analysis.turnover.scoreboard import scoreboard
from analysis.turnover.yardstick import Yardstick, fit_yardstick

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
