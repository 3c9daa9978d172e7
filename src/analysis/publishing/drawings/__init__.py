"""Drawings: a canvas and the charts on it."""
