"""Asking a service: patient with faults that pass, polite in pace, clear when it fails, nothing half kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.comparators.client import Client, write_whole
from analysis.errors import InputError
from tests.comparators.service import Service, html, slow, status, truncated

Make = Callable[..., Client]


@pytest.mark.parametrize(
    "fault",
    [status(429), status(500), status(503), truncated, html, slow],
    ids=["429", "500", "503", "cut", "html", "slow"],
)
def test_a_fault_that_passes_is_tried_again(service: Service, client: Make, fault: Callable) -> None:
    service.faults = [fault, fault]
    # long where an answer comes, so that a busy machine does not make it a fault
    asking = client(timeout=2.0) if fault is slow else client()
    assert asking.get(f"{service.kolada}/kpi/N00216").data["values"][0]["id"] == "N00216"
    assert len(service.asked) == 3


def test_waits_grow_and_a_service_may_ask_for_a_longer_one(service: Service, client: Make, waits: list[float]) -> None:
    service.faults = [status(503), status(503), status(429, Retry_After="17")]
    client().get(f"{service.kolada}/kpi/N00216")
    assert waits == [1, 2, 17]


@pytest.mark.parametrize(("fault", "word"), [(status(500), "status 500"), (truncated, "broken"), (slow, "in time")])
def test_a_fault_that_stays_is_one_sentence(service: Service, client: Make, fault: Callable, word: str) -> None:
    service.faults = [fault] * 9
    with pytest.raises(InputError, match=rf"127\.0\.0\.1 could not be used \(.*{word}.*nothing was written"):
        (client(timeout=1.0) if fault is slow else client()).get(f"{service.kolada}/kpi/N00216")
    assert len(service.asked) == 4


def test_offline_is_one_sentence(client: Make) -> None:
    with pytest.raises(InputError, match="could not be used \\(no connection\\)"):
        client().get("http://127.0.0.1:9/v3/kpi/N00216")


def test_a_wrong_address_is_not_tried_again(service: Service, client: Make) -> None:
    with pytest.raises(InputError, match="status 404"):
        client().get(f"{service.address}/v9/kpi/N00216")
    assert len(service.asked) == 1


def test_an_answer_is_kept_with_its_date_and_not_asked_for_again(service: Service, client: Make) -> None:
    url = f"{service.kolada}/kpi/N00216"
    first = client("2026-03-01").get(url)
    again = client("2026-03-20").get(url)
    assert (first.fetched, again.fetched) == ("2026-03-01", "2026-03-01")
    assert len(service.asked) == 1
    assert client("2026-04-20").get(url).fetched == "2026-04-20"
    assert client("2026-04-20", max_age=0).get(url).fetched == "2026-04-20"
    assert len(service.asked) == 3


def test_an_old_answer_does_when_the_service_is_away_and_says_so(service: Service, client: Make) -> None:
    url = f"{service.kolada}/kpi/N00216"
    client("2026-03-01").get(url)
    service.faults = [status(503)] * 9
    late = client("2026-06-01")
    assert late.get(url).fetched == "2026-03-01"
    assert late.old == {"2026-03-01"}


def test_a_damaged_copy_in_the_cache_is_fetched_again(service: Service, client: Make) -> None:
    url = f"{service.kolada}/kpi/N00216"
    asker = client()
    asker.get(url)
    (kept,) = asker.cache.iterdir()
    kept.write_text(kept.read_text()[:40])
    assert client().get(url).data["values"]
    assert len(service.asked) == 2


def test_no_more_requests_a_second_than_agreed(service: Service, client: Make, waits: list[float]) -> None:
    asker = client(per_second=0.01)
    for name in ("N00216", "N00090", "N00216,N00090"):
        asker.get(f"{service.kolada}/kpi/{name}")
    assert len(waits) == 2  # none before the first
    assert min(waits) > 50


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kolada.csv"
    write_whole(path, "before")

    def broken(*args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "after")
    assert path.read_text() == "before"
    assert [left.name for left in tmp_path.iterdir()] == ["kolada.csv"]
