"""What is said of a delivery: notices, rows set aside and corrected, summary, verdict."""
