"""What can be done: levers, packages, strategies, effects."""
