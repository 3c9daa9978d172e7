"""What people can: ladders, courses and pipelines, as counts of groups; no row about a person leaves."""

from analysis.competence.coverage import course_coverage
from analysis.competence.figures import course_facts, ladder_facts
from analysis.competence.findings import competence_findings
from analysis.competence.ladders import ladder_counts
from analysis.competence.pipelines import pipeline

__all__ = [
    "competence_findings",
    "course_coverage",
    "course_facts",
    "ladder_counts",
    "ladder_facts",
    "pipeline",
]
