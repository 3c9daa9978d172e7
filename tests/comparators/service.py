"""A local server that speaks as Kolada (version 3) and PXWeb (version 1) do, and fails as they may."""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import prod
from typing import Any
from urllib.parse import parse_qs, urlsplit

TITLES = {"N00216": "Avgångna tillsvidareanställda, andel (%)", "N00090": "Sjukfrånvaro, andel (%)"}
NAMES = {"0000": "Riket", "0580": "Linköping", "0581": "Norrköping"}
VALUES: dict[tuple[str, str, int], list[dict[str, Any]]] = {
    ("N00216", "0580", 2023): [
        {"gender": "T", "value": 9.3, "count": 1, "status": "", "isdeleted": False},
        {"gender": "K", "value": 9.6, "count": 1, "status": "", "isdeleted": False},
        {"gender": "M", "value": 8.2, "count": 1, "status": "", "isdeleted": False},
    ],
    ("N00216", "0580", 2024): [
        {"gender": "T", "value": 8.7, "count": 1, "status": "", "isdeleted": False},
        {"gender": "K", "value": None, "count": None, "status": "Missing", "isdeleted": False},
        {"gender": "M", "value": 8.0, "count": 1, "status": "", "isdeleted": True},
    ],
    ("N00216", "0581", 2024): [{"gender": "T", "value": 10.4, "count": 1, "status": "", "isdeleted": False}],
    ("N00090", "0580", 2024): [{"gender": "T", "value": None, "count": None, "status": "Private", "isdeleted": False}],
}
VARIABLES: list[dict[str, Any]] = [
    {"code": "Region", "values": ["00", "0580", "0581"]},
    {"code": "Civilstand", "values": ["OG", "G"], "elimination": True},
    {"code": "Alder", "values": [*map(str, range(100)), "100+", "tot"], "elimination": True},
    {"code": "Kon", "values": ["1", "2"], "elimination": True},
    {"code": "ContentsCode", "values": ["BE0101N1"]},
    {"code": "Tid", "values": ["2022", "2023", "2024"]},
]
POPULATION = "/pxweb/BE/BE0101/BE0101A/BefolkningNy"


@dataclass
class Service:
    """What the server was asked, and the faults it is to show first."""

    address: str
    page: int = 2
    max_cells: int = 250
    faults: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def kolada(self) -> str:
        return f"{self.address}/v3"

    @property
    def pxweb(self) -> str:
        return f"{self.address}/pxweb"


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A fault: an answer with this status."""

    def fail(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, text in headers.items():
            handler.send_header(name.replace("_", "-"), text)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return fail


def truncated(handler: BaseHTTPRequestHandler) -> None:
    """A fault: the connection ends in the middle of the body."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"values": [{"kpi": "N00')
    handler.close_connection = True


def html(handler: BaseHTTPRequestHandler) -> None:
    """A fault: a page for people, with status 200."""
    send(handler, b"<html>Underhall</html>", "text/html")


def slow(handler: BaseHTTPRequestHandler) -> None:
    """A fault: no answer until the asker has given up."""
    handler.rfile.read(1)  # returns when the connection is closed
    handler.close_connection = True


def send(handler: BaseHTTPRequestHandler, body: bytes, kind: str = "application/json") -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _paged(service: Service, path: str, start: int, records: list[dict[str, Any]]) -> dict[str, Any]:
    part = records[start : start + service.page]
    more = start + service.page < len(records)
    following = f"{service.address}{path}?page={start + service.page}" if more else None
    return {"values": part, "count": len(part), "next_url": following, "previous_url": None}


def _kolada(service: Service, path: str, start: int) -> dict[str, Any] | None:
    parts = path.removeprefix("/v3/").split("/")
    if parts[0] in ("kpi", "municipality"):
        held = TITLES if parts[0] == "kpi" else NAMES
        found = [{"id": name, "title": held[name]} for name in parts[1].split(",") if name in held]
        return _paged(service, path, start, found)
    if parts[0] == "municipality_groups":
        members = [{"member_id": code, "member_title": NAMES[code]} for code in ("0580", "0581")]
        return _paged(service, path, start, [{"id": parts[1], "title": "Liknande", "members": members}])
    if parts[:2] == ["data", "kpi"]:
        kpis, areas, years = (parts[place].split(",") for place in (2, 4, 6))
        found = [
            {"kpi": kpi, "municipality": area, "period": int(year), "values": VALUES[kpi, area, int(year)]}
            for kpi, area, year in itertools.product(kpis, areas, years)
            if (kpi, area, int(year)) in VALUES
        ]
        return _paged(service, path, start, found)
    return None


def persons(region: str, age: str, sex: str, year: str) -> int | None:
    """The invented population; one cell has no value."""
    if (region, age, sex, year) == ("0580", "7", "2", "2023"):
        return None
    return int(year) - 2000 + 100 * int(age.rstrip("+")) + int(sex)


def _cube(service: Service, body: dict[str, Any]) -> dict[str, Any] | None:
    chosen = {item["code"]: item["selection"]["values"] for item in body["query"]}
    if prod(map(len, chosen.values())) > service.max_cells:
        return None
    values = [
        persons(cell["Region"], cell["Alder"], cell["Kon"], cell["Tid"])
        for cell in (dict(zip(chosen, codes, strict=True)) for codes in itertools.product(*chosen.values()))
    ]
    return {
        "version": "2.0",
        "class": "dataset",
        "id": list(chosen),
        "size": [len(codes) for codes in chosen.values()],
        "updated": "2025-02-21T06:00:00Z",
        "dimension": {
            code: {"category": {"index": {value: place for place, value in enumerate(codes)}}}
            for code, codes in chosen.items()
        },
        "value": values,
        "status": {str(place): ".." for place, value in enumerate(values) if value is None},
    }


@contextmanager
def running() -> Iterator[Service]:
    """Start the server on a free port and stop it afterwards."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _faulty(self) -> bool:
            service.asked.append(self.path)
            service.times.append(time.monotonic())
            if not service.faults:
                return False
            service.faults.pop(0)(self)
            return True

        def _answer(self, data: dict[str, Any] | None, refusal: int) -> None:
            if data is None:
                status(refusal)(self)
            else:
                send(self, json.dumps(data).encode())

        def do_GET(self) -> None:
            if self._faulty():
                return
            place = urlsplit(self.path)
            if place.path == POPULATION:
                config = {"maxValues": service.max_cells, "maxCalls": 1000, "timeWindow": 1}
                self._answer(config if place.query == "config" else {"title": "Folkmängd", "variables": VARIABLES}, 404)
                return
            start = int(parse_qs(place.query).get("page", ["0"])[0])
            self._answer(_kolada(service, place.path, start) if re.match("/v3/", place.path) else None, 404)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.bodies.append(body)
            if not self._faulty():
                self._answer(_cube(service, body), 403)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
