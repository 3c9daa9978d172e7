"""Hazards by cause: candidates, yardstick, and which of them is used."""
