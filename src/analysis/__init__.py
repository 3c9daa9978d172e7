"""Competence supply for municipalities: from HR extracts to published reports."""

__version__ = "0.1.0"
