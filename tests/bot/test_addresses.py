"""Addresses: each is brought to the form in which it is used, or refused before it can do harm."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from bot import addresses


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("sqlite:///outloud.db", "sqlite:///outloud.db"),
        ("sqlite:////home/Ana B/outloud.db", "sqlite:////home/Ana B/outloud.db"),
        ("postgres://u:p%40ss@db:5433/outloud", "postgresql+psycopg://u:p%40ss@db:5433/outloud"),
        ("postgresql://db/outloud?sslmode=require", "postgresql+psycopg://db/outloud?sslmode=require"),
        ("postgresql+psycopg://u@[::1]/outloud", "postgresql+psycopg://u@[::1]/outloud"),
        ("postgresql:///outloud", "postgresql+psycopg:///outloud"),
    ],
)
def test_a_database_address_is_brought_to_one_form(url: str, used: str) -> None:
    """PostgreSQL is always spoken to by psycopg."""
    assert addresses.database(url) == used


@given(user=st.text(min_size=1), password=st.text(min_size=1))
def test_user_and_password_come_through_as_they_were(user: str, password: str) -> None:
    """Whatever signs they hold, once they are written as an address wants them."""
    url = make_url("postgresql://db/outloud").set(username=user, password=password)
    used = make_url(addresses.database(url.render_as_string(hide_password=False)))
    assert (used.username, used.password, used.host) == (user, password, "db")


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("outloud.db", "not the address of a database"),
        ("mysql://u:p@h/d", "doesn't know"),
        ("postgresql+asyncpg://u:p@h/d", "doesn't know"),
        ("sqlite+aiosqlite:///outloud.db", "doesn't know"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:outloud?mode=memory&uri=true", "names no file"),
        ("sqlite:///outloud.db?timeout=9", "options after a ?"),
        ("sqlite://outloud.db", "three slashes"),
        ("postgresql://u:p@ss@h/d", "second @"),
        ("postgresql://u/x:p@h/d", "second @"),
        ("postgresql://h:port/d", "not the address of a database"),
        ("postgresql://h/d\x07", "can't be printed"),
    ],
)
def test_a_database_address_that_would_fail_later_is_refused_now(url: str, wrong: str) -> None:
    """Other databases and drivers, what is forgotten at every stop, and a password that would be read as a host."""
    with pytest.raises(ValueError, match=re.escape(wrong)):
        addresses.database(url)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite:////data/outloud.db", "sqlite:////data/outloud.db"),
        ("postgresql://ana:hunter2@db:5433/outloud?sslmode=require&password=hunter2", "postgresql://db:5433/outloud"),
        ("postgresql:///outloud?host=/run/postgresql", "postgresql:///outloud"),
    ],
)
def test_a_place_is_shown_without_user_password_or_options(url: str, place: str) -> None:
    """PostgreSQL takes a password among the options too, so none of them is shown."""
    assert addresses.place(addresses.database(url)) == place


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql://u:p%40ss@h/d", {"p@ss", "p%40ss"}),
        ("postgresql://h/d?user=u&password=hunter2", {"hunter2"}),
        ("postgresql://u@h/d", set()),
        ("sqlite:///outloud.db", set()),
    ],
)
def test_passwords_are_found_wherever_they_stand(url: str, found: set[str]) -> None:
    """As they are and as the address writes them, so that a log can hide both."""
    assert set(addresses.passwords(url)) == found


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("https://slack.com/api", "https://slack.com/api/"),
        ("http://127.0.0.1:8000/api//", "http://127.0.0.1:8000/api/"),
        ("http://[::1]:8000/api/", "http://[::1]:8000/api/"),
        ("http://localhost", "http://localhost/"),
        ("https://slack-gov.com/api?", "https://slack-gov.com/api/"),
    ],
)
def test_the_web_api_ends_with_one_slash(url: str, used: str) -> None:
    """The SDK adds the method's name to it. Plain http may go to this machine only."""
    assert addresses.web_api(url) == used


@pytest.mark.parametrize(
    "url",
    [
        "slack.com/api",
        "ftp://slack.com/api",
        "http://slack.com/api",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "http://10.0.0.7/",
        "https://",
        "https://u:hunter2@slack.com/api",
        "https://slack.com/api?x=1",
        "https://slack.com/api#x",
        "https://slack.com:port/",
        "https://slack.com:99999/",
        "https://slack.com:0/",
        "https://[slack/",
        "https://sl\u2100ck.com/",
        "https://slack.com/a b",
    ],
)
def test_an_address_where_the_token_must_not_go_is_refused(url: str) -> None:
    """No plain http beyond this machine, nothing that only looks like it, nothing that is no address."""
    with pytest.raises(ValueError, match=r"address|https") as refused:
        addresses.web_api(url)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost", "outloud.example.com", "10.0.0.7"])  # noqa: S104 -- only read
def test_a_host_is_an_address_or_a_name(host: str) -> None:
    """Both kinds of address, and names."""
    assert addresses.listening(host) == host


@pytest.mark.parametrize("host", ["0.0.0.0:3000", "http://0.0.0.0", "x86_64-conda-linux-gnu", "a b", "-x", ""])
def test_a_host_that_is_something_else_is_refused(host: str) -> None:
    """A port or a scheme too many, or nothing at all."""
    with pytest.raises(ValueError, match="not an address to listen on"):
        addresses.listening(host)


@given(text=st.text())
def test_no_text_makes_an_address_fail_otherwise(text: str) -> None:
    """It is an address, or a `ValueError`; what the refusal says is held by the tests of settings."""
    for read in (addresses.database, addresses.web_api, addresses.listening):
        for url in (text, f"postgresql://{text}", f"https://{text}", f"sqlite:///{text}"):
            with suppress(ValueError):
                read(url)
