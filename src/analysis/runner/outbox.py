"""Who is to be told of which page: ``outbox.json``, for whatever sends mail. No figure, and no small department."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from analysis.publishing.pages.names import page_name
from analysis.runner.schedule import Recipient


def letters(
    recipients: Sequence[Recipient],
    *,
    edition: str,
    pages: Collection[str],
    names: Mapping[str, str],
    address: str,
    today: date,
) -> list[dict[str, Any]]:
    """One entry per recipient whose page is published; a department without a report of its own is not named.

    Args:
        recipients: who is told.
        edition: name of the edition.
        pages: paths of its pages.
        names: names of the departments with a report, by key.
        address: where ``reports/`` is served.
        today: the day that links hold from.

    Returns:
        recipient, edition, department, name, language, link, expires.
    """
    found = []
    for each in recipients:
        page = page_of(each.department, each.language, pages)
        if page and each.department in names:
            found.append(
                {
                    "recipient": each.to,
                    "edition": edition,
                    "department": each.department,
                    "name": names[each.department],
                    "language": each.language,
                    "link": f"{address.rstrip('/')}/{edition}/{page}" if address else f"{edition}/{page}",
                    "expires": (today + timedelta(days=each.expires_days)).isoformat(),
                }
            )
    return found


def page_of(department: str, language: str, pages: Collection[str]) -> str:
    """Path of a department's report among the files of an edition, '' without one; not that of what lies beside it."""
    name = page_name("organisation" if department == "all" else department, language, (language,))
    return name if name in pages else ""
