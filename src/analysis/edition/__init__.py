"""How a run goes: stages as notebooks, a workspace per edition, workers, the passport, atomic publishing."""

from analysis.edition.pictures import picture
from analysis.edition.workspace import Stage, open_report, open_stage

__all__ = ["Stage", "open_report", "open_stage", "picture"]
