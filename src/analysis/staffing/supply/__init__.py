"""Supply: who is in post in the years ahead."""
