"""Running one notebook: its parameters, its kernel, its outputs."""
