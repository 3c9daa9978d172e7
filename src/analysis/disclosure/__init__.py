"""What may be shown: the wall between persons and pages."""

from analysis.disclosure.derived import unknown_reasons, workload
from analysis.disclosure.key_figures import key_figures
from analysis.disclosure.plan import publishing_plan
from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds

__all__ = ["Thresholds", "key_figures", "protect", "publishing_plan", "unknown_reasons", "workload"]
