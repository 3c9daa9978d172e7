"""Polite HTTP for open statistics: paced, retried, cached with the date of the fetch.

An answer is kept in the user's cache folder under the hash of its request. A fresh copy is used as it is; an old one
only when the service cannot be reached, and the caller is told.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import platformdirs
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from analysis.errors import InputError

PASSING = (429, 500, 502, 503, 504)
LONGEST_WAIT = 60.0
"""Seconds; a service that asks for a longer pause is asked again by the person, later."""


class TooManyCells(Exception):
    """The service refuses a question because its answer would be too large."""


class _Passing(Exception):
    """A fault that may pass by itself."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True)
class Answer:
    """What a service said and the day it said so (``YYYY-MM-DD``, the vintage)."""

    data: Any
    fetched: str


def cache_folder() -> Path:
    """The user's cache folder for fetched answers; ``ANALYSIS_CACHE`` overrides it."""
    named = os.environ.get("ANALYSIS_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("analysis") / "fetched"


@dataclass
class Client:
    """Asks one service at a time.

    Args:
        cache: folder of kept answers.
        today: the day that new answers are dated.
        max_age: days an answer counts as fresh; 0 asks again.
        per_second: most requests a second.
        attempts: tries per request, the first one included.
        pause: seconds before the second try; doubled for each further one.
        timeout: seconds to wait for the service.
        sleep: how to wait (tests do not).
    """

    cache: Path
    today: date
    max_age: int = 30
    per_second: float = 5.0
    attempts: int = 4
    pause: float = 1.0
    timeout: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    old: set[str] = field(default_factory=set)
    """Dates of old answers that had to do because the service could not be reached."""
    _last: float = field(default=0.0, repr=False)

    @cached_property
    def _http(self) -> httpx.Client:
        return httpx.Client(timeout=self.timeout, follow_redirects=True)

    def get(self, url: str) -> Answer:
        """The JSON at ``url``.

        Raises:
            InputError: the service cannot be reached, refuses, or answers with something else than JSON.
        """
        return self._ask("GET", url, None)

    def post(self, url: str, body: Mapping[str, Any]) -> Answer:
        """The JSON answer to the question ``body``.

        Raises:
            InputError: as ``get``.
            TooManyCells: the answer would be larger than the service allows.
        """
        return self._ask("POST", url, body)

    def _ask(self, method: str, url: str, body: Mapping[str, Any] | None) -> Answer:
        question = json.dumps([method, url, body], sort_keys=True, ensure_ascii=False)
        path = self.cache / f"{hashlib.sha256(question.encode()).hexdigest()}.json"
        kept = _kept(path)
        if kept is not None and date.fromisoformat(kept.fetched) > self.today - timedelta(days=self.max_age):
            return kept
        tries = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            retry=retry_if_exception_type(_Passing),
            sleep=self.sleep,
            reraise=True,
        )
        try:
            answer = Answer(tries(self._once, method, url, body), self.today.isoformat())
        except _Passing as fault:
            if kept is not None:
                self.old.add(kept.fetched)
                return kept
            raise InputError(
                f"{_host(url)} could not be used ({fault}); nothing was written, check the connection and try again"
            ) from None
        _keep(path, url, answer)
        return answer

    def _wait(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        grown = wait_exponential(multiplier=self.pause, max=LONGEST_WAIT)(state)
        asked = fault.wait if isinstance(fault, _Passing) else None
        return max(grown, min(asked or 0.0, LONGEST_WAIT))

    def _once(self, method: str, url: str, body: Mapping[str, Any] | None) -> Any:
        rest = self._last + 1 / self.per_second - time.monotonic()
        if rest > 0:
            self.sleep(rest)
        self._last = time.monotonic()
        try:
            response = self._http.request(method, url, json=body)
        except httpx.TimeoutException:
            raise _Passing("no answer in time") from None
        except httpx.TransportError as fault:
            raise _Passing("no connection" if isinstance(fault, httpx.ConnectError) else "a broken answer") from None
        except httpx.InvalidURL:
            raise InputError(f"{url!r} is not an address; correct it") from None
        if response.status_code in PASSING:
            raise _Passing(f"status {response.status_code}", _seconds(response.headers.get("retry-after")))
        if body is not None and response.status_code in (403, 413):
            raise TooManyCells(url)
        if response.status_code >= 400:
            raise InputError(
                f"{_host(url)} does not accept the request for {urlsplit(url).path} (status {response.status_code}); "
                "check the ids and the address"
            )
        try:
            return response.json()
        except ValueError:
            raise _Passing("an answer that is not JSON") from None


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None


def _kept(path: Path) -> Answer | None:
    """A kept answer; one that a crash left unreadable is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Answer(record["data"], date.fromisoformat(record["fetched"]).isoformat())
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: Path, url: str, answer: Answer) -> None:
    record = {"url": url, "fetched": answer.fetched, "data": answer.data}
    write_whole(path, json.dumps(record, ensure_ascii=False))


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
