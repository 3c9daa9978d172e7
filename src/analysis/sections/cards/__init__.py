"""Once per edition: model card, samverkan, what the forecasts rest on."""
