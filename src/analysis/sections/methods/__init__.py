"""How figures are made: definitions, data quality, passport, accessibility."""
