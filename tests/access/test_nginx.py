"""The real nginx on loopback: who opens what, and what its log holds."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.access.access_map import AccessMap
from analysis.access.writing import write_access
from tests.access.test_access_map import FLAT, FOLDERS, edition

WHY = "no nginx: the doors of the reports were NOT tried; apt-get install nginx-light"
HEAD, OTHER, CHIEF, STAFF = "anna.chef@kommunen.example", "KOMMUN\\bo-1+x", "hr.chef", "ny.medarbetare"
CURRENT, FORMER, TRIED = "e-2025-12", "e-2024-12", "e-2025-12-preview"
CODES: dict[int, str] = {200: "open", 403: "closed", 404: "not there"}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Site:
    """A running nginx, asked as the login proxy asks it."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log

    def get(self, path: str, user: str | None = None, **headers: str) -> tuple[int, str, str]:
        """Status, body and where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest("GET", path, skip_accept_encoding=True)
            for name, value in ({"X-Remote-User": user} if user is not None else {}).items():
                connection.putheader(name, value)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace"), answer.headers.get("Location", "")
        finally:
            connection.close()

    def says(self, path: str, user: str | None = None) -> str:
        """open, closed, or where it leads."""
        status, _, target = self.get(path, user)
        return target if status == 302 else CODES[status]

    def lines(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(WHY)
        warnings.warn(WHY, stacklevel=2)
        pytest.skip(WHY)
    root = tmp_path_factory.mktemp("doors")
    edition(root, CURRENT, FLAT)
    edition(root, FORMER, FOLDERS)
    edition(root, TRIED, FLAT, preview=True)
    port, log = _free_port(), root / "access.log"
    access = AccessMap.model_validate(
        {
            "login": {"listen": f"127.0.0.1:{port}"},
            "log": {"file": str(log)},
            "reader": [
                {"users": [HEAD], "opens": ["0101"]},
                {"users": [OTHER], "opens": ["d0102"]},
                {"users": [CHIEF], "opens": ["all"]},
            ],
        }
    )
    written, _ = write_access(root, [], access, root / "access")
    main = root / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {root}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    main.write_text(
        f"{user} daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log;"
        f"events {{}} http {{ access_log off; {temporary} include /etc/nginx/mime.types; include {written[0]}; }}",
        encoding="utf-8",
    )
    checked = subprocess.run(
        [program, "-t", "-p", root, "-c", main], capture_output=True, text=True, timeout=60, check=False
    )
    assert checked.returncode == 0, checked.stderr
    with subprocess.Popen([program, "-p", root, "-c", main]) as server:
        try:
            for _ in range(200):
                with socket.socket() as found:
                    if found.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield Site(port, log)
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.mark.parametrize("name", ["", "index.html", "d0101.sv.html", "everyone.sv.html", "run.json", "no.html"])
def test_without_a_login_everything_is_closed(site: Site, name: str) -> None:
    assert site.says(f"/{CURRENT}/{name}") == "closed"
    assert site.says(f"/{CURRENT}/{name}", "") == "closed"
    assert site.says(f"/{CURRENT}/{name}", "  ") == "closed"


def test_a_head_opens_the_own_department_and_what_is_for_everyone_and_no_sibling(site: Site) -> None:
    assert site.says(f"/{CURRENT}/d0101.sv.html", HEAD) == "open"
    assert site.says(f"/{CURRENT}/d0101.en.html", HEAD.upper()) == "open"
    assert site.says(f"/{CURRENT}/everyone.sv.html", HEAD) == "open"
    assert site.says(f"/{CURRENT}/model-card.sv.html", HEAD) == "open"
    assert site.says(f"/{CURRENT}/d0102.sv.html", HEAD) == "closed"
    assert site.says(f"/{CURRENT}/d0102.sv.html", OTHER) == "open"
    assert site.says(f"/{CURRENT}/d0101.sv.html", OTHER) == "closed"
    assert site.says(f"/{CURRENT}/run.json", HEAD) == "closed"


def test_the_same_where_each_department_has_a_folder(site: Site) -> None:
    for name in ("d0101.sv.html", "underlag.sv.html", "d0101.xlsx"):
        assert site.says(f"/{FORMER}/d0101/{name}", HEAD) == "open"
        assert site.says(f"/{FORMER}/d0101/{name}", OTHER) == "closed"
        assert site.says(f"/{FORMER}/d0101/{name}", STAFF) == "closed"
    assert site.says(f"/{FORMER}/everyone/everyone.sv.html", STAFF) == "open"
    assert site.says(f"/{FORMER}/everyone/everyone.xlsx", STAFF) == "closed"
    assert site.says(f"/{FORMER}/organisation/organisation.sv.html", STAFF) == "../everyone/everyone.sv.html"


def test_the_organisation_has_a_form_for_everyone_and_one_for_readers_of_the_whole(site: Site) -> None:
    for name in ("index.html", "organisation.sv.html", "d0101.sv.html", "d0102.sv.html", "run.json"):
        assert site.says(f"/{CURRENT}/{name}", CHIEF) == "open"
    for name in ("index.html", "organisation.sv.html"):
        assert site.says(f"/{CURRENT}/{name}", HEAD) == "everyone.sv.html"
        assert site.says(f"/{CURRENT}/{name}", STAFF) == "everyone.sv.html"
    assert site.says(f"/{CURRENT}/index.en.html", STAFF) == "everyone.en.html"
    assert "d0102" not in site.get(f"/{CURRENT}/everyone.sv.html", STAFF)[1]


def test_the_folder_leads_everyone_to_what_they_may_open(site: Site) -> None:
    found = {user: site.says(f"/{CURRENT}/", user) for user in (CHIEF, HEAD, OTHER, STAFF)}
    assert list(found.values()) == ["index.html", "d0101.sv.html", "d0102.sv.html", "everyone.sv.html"]


def test_a_preview_and_what_no_edition_lists_are_closed(site: Site) -> None:
    assert site.says(f"/{TRIED}/d0101.sv.html", HEAD) == "closed"
    assert site.says(f"/{TRIED}/d0101.sv.html", CHIEF) == "open"
    for path in ("/", "/access/reports.nginx.conf", f"/{CURRENT}/other.html", f"/{CURRENT}/../access.log"):
        assert site.get(path, CHIEF)[0] in (400, 403), path


@pytest.mark.parametrize(
    "path", ["/D0101.sv.html", "//d0102.sv.html", "/./d0102.sv.html", "/x/../d0102.sv.html", "/d0102.sv%2Ehtml"]
)
def test_a_sibling_is_closed_however_its_address_is_written(site: Site, path: str) -> None:
    assert site.says(f"/{CURRENT}{path}", HEAD) == "closed"


@pytest.mark.parametrize(
    "name", ["Anna.chef@kommunen.example.evil", "xhr.chef", "hr.chef,anna", "hrxchef", "hr.chef\\"]
)
def test_a_name_that_only_looks_like_a_users_opens_nothing(site: Site, name: str) -> None:
    assert site.says(f"/{CURRENT}/d0101.sv.html", name) == "closed"
    assert site.says(f"/{CURRENT}/run.json", name) == "closed"


def test_another_spelling_of_the_header_is_no_login(site: Site) -> None:
    assert site.get(f"/{CURRENT}/d0101.sv.html", X_Remote_User=HEAD)[0] == 403
    assert site.get(f"/{CURRENT}/d0101.sv.html", Authorization="Basic YW5uYQ==")[0] == 403


def test_the_log_holds_user_page_and_time_and_nothing_else(site: Site) -> None:
    site.get(f"/{CURRENT}/d0102.sv.html", HEAD, Referer="http://x.example/")
    last = site.lines()[-1]
    assert list(last) == ["time", "user", "page", "status"]
    assert (last["user"], last["page"], last["status"]) == (HEAD, f"/{CURRENT}/d0102.sv.html", "403")
    site.get(f"/{CURRENT}/d0102.sv.html", 'x","page":"/forged')
    assert site.lines()[-1]["page"] == f"/{CURRENT}/d0102.sv.html"
