"""The contracts between rooms: clean tables (persons), group results, protected tables (what may be shown)."""
