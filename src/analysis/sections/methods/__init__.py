"""How figures are made: definitions, assumptions, passport, evidence of protection."""
