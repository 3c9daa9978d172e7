"""Values of Kolada's indicators (API version 3) as a table.

``/data/kpi/{ids}/municipality/{ids}/year/{years}`` answers with one record per indicator, municipality and year, each
with values by gender (T, K, M), a status and a count; long answers are paged by ``next_url`` (``next_page`` in earlier
versions). At most 25 ids of a kind go into one request. Source: https://www.kolada.se/om-oss/api.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any
from urllib.parse import urljoin, urlsplit

import pandas as pd

from analysis.comparators.client import Client
from analysis.comparators.fetched import COLUMNS, sealed
from analysis.errors import InputError

IDS_PER_CALL = 25
KPI = re.compile(r"[NU]\d{5}")
AREA = re.compile(r"\d{4}|G\d+")
PAGES = 1000
"""A service that pages without end is stopped here."""


def values(
    client: Client, base: str, *, kpis: Sequence[str], areas: Sequence[str], years: Sequence[int]
) -> pd.DataFrame:
    """Fetch indicators for municipalities.

    Args:
        client: how to ask.
        base: address of the API, for instance ``https://api.kolada.se/v3``.
        kpis: indicator ids, ``N00216``.
        areas: municipality codes, ``0580`` (``0000`` is the country), or group ids, ``G37449``.
        years: calendar years.

    Returns:
        One row per value with ``fetched.COLUMNS``: as Kolada holds it, missing values included (empty, with their
        status); deleted values are left out.

    Raises:
        InputError: an id that cannot be, no values at all, an answer in another format, or a fault of ``client``.
    """
    for pattern, ids, example in ((KPI, kpis, "N00216"), (AREA, areas, "0580")):
        wrong = [name for name in ids if not pattern.fullmatch(name)]
        if wrong:
            raise InputError(f"{wrong[0]!r} is not an id that Kolada uses; write it like {example}")
    if not (kpis and areas and years):
        raise InputError("name at least one indicator, one municipality and one year")
    members = _members(client, base, [name for name in areas if name.startswith("G")])
    codes = list(dict.fromkeys([name for name in areas if not name.startswith("G")] + members))
    titles = _titles(client, base, "kpi", kpis)
    names = _titles(client, base, "municipality", codes)
    rows = []
    for some_kpis, some_codes, some_years in product(_calls(kpis), _calls(codes), _calls(years)):
        when = ",".join(str(year) for year in some_years)
        where = f"data/kpi/{','.join(some_kpis)}/municipality/{','.join(some_codes)}/year/{when}"
        for record, fetched in _records(client, base, where):
            place = {
                "source": "Kolada",
                "measure": record["kpi"],
                "title": titles.get(record["kpi"], ""),
                "area": record["municipality"],
                "area_name": names.get(record["municipality"], ""),
                "year": int(record["period"]),
                "fetched": fetched,
            }
            rows += [{**place, **_value(item)} for item in record.get("values", []) if not item.get("isdeleted")]
    if not rows:
        raise InputError(
            f"Kolada holds no values of {', '.join(kpis)} for {', '.join(areas)} in {min(years)}–{max(years)}; "
            "check the ids and the years"
        )
    table = pd.DataFrame(rows).reindex(columns=COLUMNS).sort_values(["measure", "area", "year", "sex"])
    return sealed(table.drop_duplicates(["measure", "area", "year", "sex"], keep="last").reset_index(drop=True))


def _value(item: dict[str, Any]) -> dict[str, Any]:
    value, count = item.get("value"), item.get("count")
    return {
        "sex": item.get("gender") or "T",
        "value": None if value is None else float(value),
        "count": None if count is None else int(count),
        "status": item.get("status") or "",
    }


def _calls(ids: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), IDS_PER_CALL):
        yield list(ids[start : start + IDS_PER_CALL])


def _titles(client: Client, base: str, kind: str, ids: Sequence[str]) -> dict[str, str]:
    return {
        str(record["id"]): str(record.get("title") or "")
        for some in _calls(ids)
        for record, _ in _records(client, base, kind, some)
    }


def _members(client: Client, base: str, groups: Sequence[str]) -> list[str]:
    return [
        str(member["member_id"])
        for ids in _calls(groups)
        for record, _ in _records(client, base, "municipality_groups", ids)
        for member in record.get("members", [])
    ]


def _records(client: Client, base: str, path: str, ids: Sequence[str] = ()) -> Iterator[tuple[dict[str, Any], str]]:
    """Every record below ``path``, page after page, with the date it was fetched."""
    root = base.rstrip("/") + "/"
    url: str | None = urljoin(root, "/".join([path, ",".join(ids)] if ids else [path]))
    seen: set[str] = set()
    while url:
        if url in seen or len(seen) > PAGES or urlsplit(url).netloc != urlsplit(root).netloc:
            raise InputError(f"{urlsplit(root).hostname} pages in a way that does not end; nothing was written")
        seen.add(url)
        answer = client.get(url)
        page = answer.data
        if not isinstance(page, dict) or not isinstance(page.get("values"), list):
            raise InputError(f"{urlsplit(root).hostname} answers in an unknown format; check the address of Kolada")
        for record in page["values"]:
            yield record, answer.fetched
        following = page.get("next_url") or page.get("next_page")
        url = urljoin(url, following) if following and page["values"] else None
