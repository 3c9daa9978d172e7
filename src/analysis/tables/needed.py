"""Words that the tables ``requirements`` and ``competence`` share with the rooms that count from them."""

from __future__ import annotations

QUALIFIED = "qualified"
"""Model of a requirement: the licence or protected title of the occupation (``occupations.toml``)."""
EVERYWHERE = "*"
"""Department of a row that holds for every department without one of its own; an empty cell says the same."""
