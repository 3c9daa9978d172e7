"""Text to values: cells and columns."""
