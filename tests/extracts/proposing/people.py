"""Numbers of nobody: days of 1976 to 1988 with the serials 238 and 239, all in the official test series."""

from __future__ import annotations

from datetime import date, timedelta


def luhn(digits: str) -> int:
    total = sum(sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(digits))
    return -total % 10


def official_numbers(count: int, *, century: bool = True) -> list[str]:
    """Personal numbers of the official test series, twelve digits (ten without ``century``)."""
    found = []
    for place in range(count):
        day = date(1976, 1, 2) + timedelta(days=place * 9 % 4700)
        nine = f"{day:%y%m%d}{238 + place % 2}"
        found.append(f"{'19' if century else ''}{nine}{luhn(nine)}")
    return found
