"""What goes together with leaving, and departments beside what was to be expected."""
