"""Who may open what (``access.toml``): users as the login proxy names them, and the departments they may read."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from analysis.errors import InputError
from analysis.reference.stated import stated

FILE = "access.toml"
USER = re.compile(r"[^\W_][\w.@+\\-]*")
"""A user's name: letters, digits and ``. @ + - _``, and the backslash of DOMAIN\\user."""
LISTEN = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")
PATH = re.compile(r"/[\w./-]+")


def _user(name: str) -> str:
    if not USER.fullmatch(name):
        raise ValueError(f"'{name}' is no user's name; use letters, digits and . @ + - _")
    return name


def _address(text: str) -> str:
    return str(ipaddress.ip_network(text, strict=False))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Login(_Strict):
    """Where the municipality's login proxy reaches the pages, and how it names who has logged in."""

    header: str = Field(default="X-Remote-User", pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$")
    """Header that holds the user's name. The proxy must strip it from what browsers send."""
    listen: str = Field(default="127.0.0.1:8085", pattern=rf"^{LISTEN.pattern}$")
    """Address and port. Anything but loopback needs ``proxies``."""
    proxies: tuple[Annotated[str, AfterValidator(_address)], ...] = ()
    """Addresses, or networks, of the proxy; empty: whoever reaches the loopback address."""

    @property
    def variable(self) -> str:
        """The header as nginx names it in its variables."""
        return "$http_" + self.header.lower().replace("-", "_")

    @property
    def is_loopback(self) -> bool:
        """True where only programs on the same machine reach it."""
        found = LISTEN.fullmatch(self.listen)
        host = found["host"].strip("[]") if found else ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


class Log(_Strict):
    """The log of who opened what. It is personal data."""

    file: str = Field(default="/var/log/analysis-reports.log", pattern=rf"^{PATH.pattern}$")
    days: int = Field(default=90, ge=1, le=3650)


class Reader(_Strict):
    """Some users, and the departments they open: by key or by the employer's own code, ``all`` for everything."""

    users: tuple[Annotated[str, AfterValidator(_user)], ...] = Field(min_length=1)
    opens: tuple[str, ...] = Field(min_length=1)


class AccessMap(_Strict):
    """All of it. Whoever has logged in and is not named opens what is meant for everyone."""

    login: Login = Login()
    log: Log = Log()
    reader: tuple[Reader, ...] = ()

    def users(self, key: str) -> tuple[str, ...]:
        """Users who open ``key``, each once, in the order of the file."""
        found = (user for each in self.reader if key in each.opens for user in each.users)
        return tuple({user.casefold(): user for user in found}.values())


def read_map(path: Path) -> AccessMap:
    """Read and check an access map.

    Args:
        path: the file.

    Raises:
        InputError: it is not there, no TOML, holds something unknown, or would answer anyone on the network.
    """
    absent = f"there is no {path.name} here; copy examples/{FILE} and say who may open what"
    found = stated(path, AccessMap, absent=absent)
    if not found.login.is_loopback and not found.login.proxies:
        raise InputError(
            f"{path.name}: {found.login.listen} can be reached past the login proxy, by anyone who sends the header "
            f"{found.login.header}; listen on 127.0.0.1, or name the proxy's address in login.proxies"
        )
    return found
