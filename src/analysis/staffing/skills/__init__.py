"""Levels of competence ahead, and the skill gap."""
