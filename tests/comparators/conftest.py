from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.comparators.client import Client
from tests.comparators.service import Service, running


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as started:
        yield started


@pytest.fixture
def waits() -> list[float]:
    """How long the client would have waited, in order."""
    return []


@pytest.fixture
def client(tmp_path: Path, waits: list[float]) -> Callable[..., Client]:
    """A client that never waits, with a cache of its own."""

    def make(today: str = "2026-03-01", **options: Any) -> Client:
        options = {"per_second": 1e6, "sleep": waits.append} | options
        return Client(tmp_path / "cache", date.fromisoformat(today), **options)

    return make
