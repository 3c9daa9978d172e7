"""How good forecasts were, forward in time only."""
