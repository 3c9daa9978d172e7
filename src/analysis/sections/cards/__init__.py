"""Once per edition: the model card, and that of the effect ledger."""
