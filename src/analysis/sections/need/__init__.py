"""How many are needed and missing, and because of what."""
