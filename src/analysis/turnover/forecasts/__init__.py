"""Expected leavers of groups, with intervals."""
