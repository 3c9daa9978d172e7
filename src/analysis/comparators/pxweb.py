"""Tables of a PXWeb service (SCB, many municipalities) as long data: version 1 of its API.

``GET table`` tells the variables and their values, ``GET table?config`` how much may be asked at a time, ``POST table``
with a query answers in JSON-stat 2. A question whose answer would be too large is split along its longest variable.
(Version 2 of the API answers by GET; services keep version 1 beside it.)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from analysis.comparators.client import Answer, Client, TooManyCells
from analysis.errors import InputError

DEFAULT_CELLS = 100_000
"""Cells per answer where the service does not tell its limit."""

Query = dict[str, list[str]]


def table(client: Client, address: str, wanted: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Fetch a table.

    Args:
        client: how to ask.
        address: the table's address in version 1 of the API.
        wanted: variable → values: codes, ``*`` for all, ``2015-2024`` for whole numbers from … to, or a pattern
            between slashes, ``/[0-9]+/``. A variable that is not named is summed where the service allows it.

    Returns:
        One row per cell: a column of codes per variable, ``value`` (missing where the service has none),
        ``status``, ``updated`` (the service's own date) and ``fetched`` (``YYYY-MM-DD``).

    Raises:
        InputError: an unknown variable or value, a table that cannot be read, or a fault of ``client``.
    """
    query = _query(client.get(address).data, wanted, address)
    client.per_second, limit = _limits(client, address)
    rows = [part for some in _split(query, limit) for part in _answers(client, address, some)]
    return pd.concat(rows, ignore_index=True)


def _query(metadata: Any, wanted: Mapping[str, Sequence[str]], address: str) -> Query:
    try:
        variables = {item["code"]: item for item in metadata["variables"]}
        held = {code: [str(value) for value in item["values"]] for code, item in variables.items()}
    except (KeyError, TypeError):
        raise InputError(
            f"{address} is not the address of a PXWeb table; copy it from the service's API page"
        ) from None
    unknown = [code for code in wanted if code not in variables]
    if unknown:
        raise InputError(f"the table has no variable {unknown[0]}; it has {', '.join(variables)}")
    query = {}
    for code, item in variables.items():
        if code in wanted:
            query[code] = _values(code, wanted[code], held[code])
        elif not item.get("elimination"):
            query[code] = held[code]
    return query


def _values(code: str, wanted: Sequence[str], held: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    for word in wanted:
        span = re.fullmatch(r"(\d+)-(\d+)", word)
        if word == "*":
            found = list(held)
        elif len(word) > 2 and word[0] == word[-1] == "/":
            found = [value for value in held if re.fullmatch(word[1:-1], value)]
        elif span and word not in held:
            found = [value for value in held if value.isdigit() and int(span[1]) <= int(value) <= int(span[2])]
        else:
            found = [value for value in held if value == word]
        if not found:
            raise InputError(f"{code} has no value {word}; it runs from {held[0]} to {held[-1]}")
        chosen += found
    return list(dict.fromkeys(chosen))


def _limits(client: Client, address: str) -> tuple[float, int]:
    """Requests per second and cells per answer: the service's, where it tells them."""
    try:
        config = client.get(f"{address}?config").data
        cells = int(config.get("maxValues") or config.get("maxCells") or DEFAULT_CELLS)
        calls = float(config["maxCalls"]) / float(config["timeWindow"])
    except (InputError, AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError):
        return client.per_second, DEFAULT_CELLS
    return min(client.per_second, calls), cells


def _split(query: Query, limit: int) -> Iterator[Query]:
    """Queries that together ask the same and each for at most ``limit`` cells."""
    size = math.prod(len(values) for values in query.values())
    longest = max(query, key=lambda code: len(query[code]))
    values = query[longest]
    if size <= limit or len(values) == 1:
        yield query
        return
    step = max(1, len(values) * limit // size)
    for start in range(0, len(values), step):
        yield from _split({**query, longest: values[start : start + step]}, limit)


def _answers(client: Client, address: str, query: Query) -> Iterator[pd.DataFrame]:
    """The answer to a query, in halves where the service finds it too large after all."""
    body = {
        "query": [{"code": code, "selection": {"filter": "item", "values": values}} for code, values in query.items()],
        "response": {"format": "json-stat2"},
    }
    try:
        yield long(client.post(address, body))
    except TooManyCells:
        size = math.prod(len(values) for values in query.values())
        if size == 1:
            raise InputError(f"{address} refuses even one cell; the table may not be open") from None
        for half in _split(query, size // 2):
            yield from _answers(client, address, half)


def long(answer: Answer) -> pd.DataFrame:
    """A JSON-stat 2 data set as one row per cell.

    Raises:
        InputError: it is no such data set, or its values do not fill its dimensions.
    """
    data = answer.data
    try:
        order = data["id"]
        codes = [_codes(data["dimension"][name]["category"]) for name in order]
        cells = math.prod(int(size) for size in data["size"])
        values = _dense(data["value"], cells)
        status = _dense(data.get("status") or {}, cells)
    except (KeyError, TypeError, ValueError):
        raise InputError("the service's answer is not a JSON-stat 2 data set; try again or check the address") from None
    if [len(part) for part in codes] != list(data["size"]) or len(values) != cells:
        raise InputError("the service's answer is cut off: it holds fewer values than it announces; try again")
    frame = pd.DataFrame(list(product(*codes)), columns=order).astype("str")
    frame["value"] = pd.to_numeric(pd.Series(values, dtype="object"), errors="coerce")
    frame["status"] = ["" if mark is None else str(mark) for mark in status]
    frame["updated"] = str(data.get("updated") or "")[:10]
    frame["fetched"] = answer.fetched
    return frame


def _codes(category: Mapping[str, Any]) -> list[str]:
    index = category.get("index")
    if index is None:
        return [str(code) for code in category["label"]]
    if isinstance(index, Mapping):
        return [str(code) for code, _ in sorted(index.items(), key=lambda pair: pair[1])]
    return [str(code) for code in index]


def _dense(values: Any, cells: int) -> list[Any]:
    """Values by position; JSON-stat may leave out the empty ones."""
    if isinstance(values, Mapping):
        return [values.get(str(place)) for place in range(cells)]
    return list(values)
