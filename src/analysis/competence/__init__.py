"""What people can: ladders, courses and pipelines, as counts of groups; no row about a person leaves."""

from analysis.competence.coverage import course_coverage
from analysis.competence.figures import course_facts, ladder_facts
from analysis.competence.ladders import ladder_counts
from analysis.competence.pipelines import pipeline

__all__ = [
    "course_coverage",
    "course_facts",
    "ladder_counts",
    "ladder_facts",
    "pipeline",
]
