"""Sections of the sheets about people and about what can be done: few figures of what Underlag holds in full."""
