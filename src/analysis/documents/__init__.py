"""Documents that leave the pages: the plan in Word and the sheets as PDF."""
