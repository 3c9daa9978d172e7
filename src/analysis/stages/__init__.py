"""The stages of a run, one file per notebook: what it reads, computes through the rooms, and keeps."""

from analysis.stages.pictures import picture
from analysis.stages.stage import Stage, open_stage

__all__ = ["Stage", "open_stage", "picture"]
