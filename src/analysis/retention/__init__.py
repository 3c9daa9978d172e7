"""Retention: where rows about persons lie, for how long, and how they are erased."""
