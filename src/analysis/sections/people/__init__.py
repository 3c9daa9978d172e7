"""Who works here: ages, leaving, retirement, measures, departments."""
