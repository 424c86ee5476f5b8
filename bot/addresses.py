"""Addresses that operators give: of the database, of Slack's Web API, the one to listen on, and the one Slack reaches.

Each function answers with the address as it will be used, or raises `ValueError` with the end of a sentence that begins
with the setting's name (or, for `public`, with "What --url says"). Addresses hold passwords, so none is ever repeated.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

POSTGRESQL = {"postgresql", "postgres", "postgresql+psycopg"}
"""What an address of PostgreSQL may begin with: `postgres` is what hosting services hand out."""

FRONT_DOOR = "/slack/events"
"""Where Outloud answers Slack."""

AT_HOME = (".localhost", ".local", ".internal", ".lan", ".test", ".invalid")
"""What names end with that mean nothing outside one's own network (RFC 2606, RFC 6762, and habit)."""

_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def database(text: str) -> str:
    """SQLAlchemy's address of a SQLite file or of a PostgreSQL database (always by psycopg)."""
    url = _parsed(text)
    if url.drivername == "sqlite":
        return _sqlite(url)
    if url.drivername in POSTGRESQL:
        return _postgresql(url)
    raise ValueError("is the address of a database that Outloud doesn't know")


def place(url: str) -> str:
    """Where the database at `url` is, for people to read: no user, no password, no options."""
    whole = make_url(url)
    if whole.drivername == "sqlite":
        return f"sqlite:///{whole.database}"
    bare = URL.create("postgresql", host=whole.host, port=whole.port, database=whole.database)
    return bare.render_as_string()


def passwords(url: str) -> tuple[str, ...]:
    """The password in the address of a database, as it is and as the address writes it; or nothing."""
    whole = make_url(url)
    found = (whole.password, whole.query.get("password"))
    return tuple(
        form for word in found if isinstance(word, str) for form in dict.fromkeys((word, quote(word, safe=" +")))
    )


def web_api(text: str) -> str:
    """The address of Slack's Web API or of a sandbox, with one slash at its end: the SDK adds the method's name."""
    parts = _split(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not an address that begins with https://")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("holds more than an address: no user, password, ? or # belongs there")
    if parts.scheme == "http" and not is_loopback(text):
        raise ValueError("must begin with https://, or the token would travel in the open")
    return text.rstrip("/?#") + "/"


def is_loopback(url: str) -> bool:
    """Whether `url` is on this very machine (`localhost`, 127.0.0.0/8 or ::1)."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def public(text: str) -> str:
    """The address at which Slack reaches Outloud, without a path: the path is always `FRONT_DOOR`."""
    text = text.strip()
    parts = _split(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not an address that begins with https://")
    if parts.scheme == "http":
        raise ValueError("begins with http://, and Slack speaks only to https://")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("holds more than an address: no user, password, ? or # belongs there")
    if parts.path.rstrip("/") not in {"", FRONT_DOOR}:
        raise ValueError(f"ends with a path, and Outloud answers at {FRONT_DOOR} alone")
    if not _is_host(parts.hostname):
        raise ValueError(
            "names a host with other signs than letters from a to z, digits, . and -: write such a name as xn--…"
        )
    if not _is_known_to_all(parts.hostname):
        raise ValueError("names something that only your own machine or network can reach")
    return f"https://{parts.netloc.lower()}"


def _is_known_to_all(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(AT_HOME)


def _is_host(host: str) -> bool:
    return ":" in host or bool(_HOST_NAME.fullmatch(host))


def listening(text: str) -> str:
    """An address or a name to listen on, without a port."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        if not _HOST_NAME.fullmatch(text):
            raise ValueError("is not an address to listen on") from None
    return text


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise ValueError("is not the address of a database") from None
    if not text.isprintable():
        raise ValueError("holds signs that can't be printed")
    return url


def _sqlite(url: URL) -> str:
    if url.host is not None:
        raise ValueError("needs three slashes before the file's name, and four before a path that begins with /")
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise ValueError("names no file, and a database that is not in a file is forgotten at every stop")
    if url.query:
        raise ValueError("holds options after a ?, which Outloud sets by itself for SQLite")
    return url.render_as_string()


def _postgresql(url: URL) -> str:
    if "@" in (url.host or "") + (url.database or ""):
        raise ValueError("holds a second @; write the one in the password as %40, and / as %2F")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        good = parts.port != 0
    except ValueError:  # its own words would repeat the address
        return None
    return parts if good and text.isprintable() and " " not in text else None
