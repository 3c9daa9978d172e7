"""The configuration of nginx that an access map stands for, and how its log is kept.

Every file that an edition lists gets a line of its own and everything else is answered by 403, so that a file nobody
thought of is closed. A user's name is compared without case, by one expression for each door. nginx reads the files
below ``reports`` and knows nothing else of the project.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.access.access_map import AccessMap
from analysis.access.doors import Doors
from analysis.errors import InputError
from analysis.tables import keys
from analysis.tables.protected import EVERYONE, ORGANISATION

CONFIGURATION, ROTATION = "reports.nginx.conf", "reports.logrotate"
HEADERS = (
    'add_header Cache-Control "private, no-store" always;',
    'add_header X-Content-Type-Options "nosniff" always;',
    'add_header Referrer-Policy "no-referrer" always;',
)


def configuration(access: AccessMap, editions: Sequence[Doors], reports: Path) -> str:
    """A file for nginx' ``conf.d``.

    Args:
        access: who may open what.
        editions: the editions' files by door.
        reports: folder of the editions.

    Raises:
        InputError: a department that no edition has, or a folder that nginx cannot be told.
    """
    access = named(access, editions)
    root = str(reports.resolve())
    if re.search(r'["$\\\x00-\x1f]', root):
        raise InputError("the folder of the reports has a character in its path that nginx reads otherwise; move it")
    user = access.login.variable
    known = sorted({key for each in editions for key in each.departments})
    lines = [
        "# Written by `analysis access`; write it again after every edition, and after a change of access.toml.",
        f"# {access.login.header} names the user: the login proxy must set it and strip it from what browsers send.",
        *_allowed("$reads_all", user, access.users(ORGANISATION)),
    ]
    variables = {ORGANISATION: "$reads_all"}
    for place, key in enumerate(known):  # numbered, since nginx knows no names of any length
        variables[key] = f"$reads_{place}"
        lines += [f"# {key}", *_allowed(variables[key], user, (*access.users(ORGANISATION), *access.users(key)))]
    for place, each in enumerate(editions):
        lines += _homes(place, each, user, access)
    if access.login.proxies:
        lines += ["geo $reports_proxy {", "    default 0;", *(f"    {each} 1;" for each in access.login.proxies), "}"]
    lines += [
        "# user, page and time; no address, no browser",
        "log_format reports escape=json",
        f'    \'{{"time":"$time_iso8601","user":"{user}","page":"$uri","status":"$status"}}\';',
        "server {",
        f"    listen {access.login.listen};",
        "    server_name _;",
        f'    root "{root}";',
        "    charset utf-8;",
        "    server_tokens off;",
        "    absolute_redirect off;",
        "    log_not_found off;",
        "    underscores_in_headers off;  # X_Remote_User is not X-Remote-User",
        f"    access_log {access.log.file} reports;",
        *(f"    {line}" for line in HEADERS),
        *(["    if ($reports_proxy = 0) { return 403; }"] if access.login.proxies else []),
        f'    if ({user} = "") {{ return 403; }}',
        f'    if ({user} ~ ",") {{ return 403; }}  # two names: the proxy did not strip what the browser sent',
        "    location / { return 403; }",
    ]
    for place, each in enumerate(editions):
        lines += _locations(place, each, variables)
    return "\n".join([*lines, "}", ""])


def named(access: AccessMap, editions: Sequence[Doors]) -> AccessMap:
    """The map with every department by its key.

    Raises:
        InputError: a department that no edition has.
    """
    codes = {key: each.codes.get(key, key) for each in editions for key in each.departments}
    readers = []
    for reader in access.reader:
        opens = tuple(key if key == ORGANISATION else keys.named(key, codes) for key in reader.opens)
        readers.append(reader.model_copy(update={"opens": opens}))
    return access.model_copy(update={"reader": tuple(readers)})


def _allowed(name: str, user: str, users: Sequence[str]) -> list[str]:
    """A variable that is 1 for some users."""
    lines = [f"map {user} {name} {{", "    default 0;"]
    if users:
        lines.append(f"    {_any(users)} 1;")
    return [*lines, "}"]


def _any(users: Sequence[str]) -> str:
    """One expression for some users. nginx takes a backslash off another one inside quotes."""
    pattern = "|".join(re.escape(user) for user in dict.fromkeys(users))
    return '"~*^(?:' + pattern.replace("\\", "\\\\") + ')$"'


def _homes(place: int, each: Doors, user: str, access: AccessMap) -> list[str]:
    """Where the folder's own address leads a user: to the list, the own department, or the page for everyone."""
    first = each.languages[0] if each.languages else "sv"
    lines = [f"map {user} $home_{place} {{", f'    default "{each.page(EVERYONE, first)}";']
    if "index.html" in each.files and (users := access.users(ORGANISATION)):
        lines.append(f'    {_any(users)} "index.html";')
    for key in each.departments:
        if (page := each.page(key, first)) and (users := access.users(key)):
            lines.append(f'    {_any(users)} "{page}";')
    return [*lines, "}"]


def _locations(place: int, each: Doors, variables: Mapping[str, str]) -> list[str]:
    lines = [
        f"    location = /{each.edition}/ {{",
        f'        if ($home_{place} = "") {{ return 403; }}',
        f"        return 302 $home_{place};",
        "    }",
    ]
    for name, door in each.files.items():
        lines.append(f"    location = /{each.edition}/{name} {{")
        if door != EVERYONE:
            instead = _instead(each, name) if door == ORGANISATION else ""
            answer = f'302 "{instead}"' if instead else "403"
            lines.append(f"        if ({variables[door]} = 0) {{ return {answer}; }}")
        lines.append("    }")
    return lines


def _instead(each: Doors, name: str) -> str:
    """The page for everyone in place of the list or of the whole's page, from where that one lies; '' for others."""
    *folders, file = name.split("/")
    stem, *endings = file.split(".")
    if stem not in ("index", "organisation") or endings[-1:] != ["html"] or each.preview:
        return ""
    language = endings[0] if len(endings) == 2 else (each.languages[0] if each.languages else "sv")
    page = each.page(EVERYONE, language)
    return "../" * len(folders) + page if page else ""


def rotation(access: AccessMap) -> str:
    """A file for ``/etc/logrotate.d``: a day each, and none older than the map says."""
    return "\n".join(
        [
            "# Written by `analysis access`. The log says who opened which page and when: it is personal data.",
            f"{access.log.file} {{",
            "    daily",
            f"    rotate {access.log.days - 1}",
            f"    maxage {access.log.days}",
            "    missingok",
            "    compress",
            "    create 0640 root adm",
            "    postrotate",
            '        [ ! -f /run/nginx.pid ] || kill -USR1 "$(cat /run/nginx.pid)"',
            "    endscript",
            "}",
            "",
        ]
    )
