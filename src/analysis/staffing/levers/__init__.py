"""Levers and scenarios: what they do to empty posts, and which mixes close a gap."""
