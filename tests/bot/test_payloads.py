"""From bytes to a payload: what Slack writes is understood, and everything else has its sentence."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.request.internals import parse_body

from bot import payloads
from bot.payloads import FORM, JSON, parse
from bot.rejections import Malformed, UnknownContent

WORDS = ["payload=1&x", "the payload was big", "payload", "a=b&c", "100 % payload+plus", ""]


@pytest.mark.parametrize("words", WORDS)
def test_a_commands_words_come_through_whatever_they_are(words: str) -> None:
    """Also where they hold what separates a form's fields, or the name of one."""
    fields = {"command": "/share", "text": words, "team_id": "T1"}
    assert parse(urlencode(fields).encode(), FORM) == fields


def test_a_command_with_a_field_named_payload_is_a_command() -> None:
    """What Slack calls an interaction has no command in it."""
    fields = {"command": "/share", "payload": "1"}
    assert parse(urlencode(fields).encode(), FORM) == fields


@pytest.mark.parametrize("words", ["payload=1&x", "the payload was big"])
def test_bolt_itself_still_loses_such_a_command(words: str) -> None:
    """Why there is `bot.payloads` at all: when this fails, Bolt has learned it."""
    assert parse_body(urlencode({"command": "/share", "text": words}), FORM) == {}


def test_an_interaction_is_the_json_in_the_field_payload() -> None:
    """Forms, buttons and shortcuts come so."""
    payload = {"type": "block_actions", "value": "é&=+ 🔑"}
    assert parse(urlencode({"payload": json.dumps(payload)}).encode(), FORM) == payload


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="ascii", min_codepoint=32)), inner)
    ),
    max_leaves=20,
)


@given(
    payload=st.dictionaries(st.text(st.characters(min_codepoint=32, codec="utf-8")), json_values),
    ascii_only=st.booleans(),
)
def test_every_payload_comes_through_as_it_was(payload: dict[str, Any], *, ascii_only: bool) -> None:
    """In JSON and in a form, with characters as they are or escaped."""
    text = json.dumps(payload, ensure_ascii=ascii_only)
    assert parse(text.encode(), JSON) == payload
    assert parse(urlencode({"payload": text}).encode(), FORM) == payload


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "not JSON"),
        (b'{"type": "event_callback", "ev', "not JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": -Infinity}', "not JSON"),
        (b'{"a": 1e999}', "not JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
        (b'{"a": "\x00"}', "not JSON"),
        (b'{"\\u0000": 1}', "a name that no text"),
        (b'{"\\ud800": 1}', "a name that no text"),
        (b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}", "nested too deeply"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nested too deeply|not JSON"),
    ],
)
def test_what_is_no_payload_is_refused_with_a_sentence(raw: bytes, words: str) -> None:
    """Cut off, no object, no number, no text, or so deep that whoever reads it next would fail."""
    with pytest.raises(Malformed, match=words):
        parse(raw, JSON)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"command=%2Fshare&text=%FF", "form is malformed"),
        (b"command=%2Fshare&text=\xff", "not UTF-8"),
        (b"command=%2Fshare&text=a&text=b", "twice"),
        (b"payload=%7B%7D&payload=%7B%7D", "twice"),
        (b"payload=", "not JSON"),
        (b"payload=%5B%5D", "not a JSON object"),
        (b"&".join(b"f%d=1" % n for n in range(200)), "form is malformed"),
    ],
)
def test_a_form_that_slack_would_not_send_is_refused_with_a_sentence(raw: bytes, words: str) -> None:
    """Bytes that are no text, a field twice, no JSON in `payload`, fields without end."""
    with pytest.raises(Malformed, match=words):
        parse(raw, FORM)


@pytest.mark.parametrize(
    ("raw", "kind", "found"),
    [
        (b'{"a": "x\\u0000y"}', JSON, {"a": "xy"}),
        (b'{"a": [{"b": "x\\ud83d"}]}', JSON, {"a": [{"b": "x\ufffd"}]}),
        (b'{"a": ["\\ud83d\\ude00"]}', JSON, {"a": ["\U0001f600"]}),
        (b"command=%2Fshare&text=x%00y", FORM, {"command": "/share", "text": "xy"}),
        (b"payload=%7B%22a%22%3A%20%22x%5Cu0000%22%7D", FORM, {"a": "x"}),
    ],
)
def test_what_no_database_can_hold_is_left_out_of_peoples_words(
    raw: bytes, kind: str, found: dict[str, object]
) -> None:
    """NUL goes, half a character becomes the sign for a lost one: the rest of what was typed is not lost with them."""
    assert parse(raw, kind) == found


@given(raw=st.binary() | st.text().map(str.encode), kind=st.sampled_from([JSON, FORM]))
def test_any_bytes_are_a_payload_or_refused(raw: bytes, kind: str) -> None:
    """Never another exception; and what comes out can be written again as UTF-8 without NUL."""
    try:
        found = parse(raw, kind)
    except Malformed:
        return
    again = json.dumps(found, ensure_ascii=False, allow_nan=False)
    again.encode()
    assert "\\u0000" not in again.replace("\\\\", "")


@pytest.mark.parametrize(
    ("given_types", "found"),
    [
        (["application/json"], JSON),
        (["Application/JSON; charset=utf-8"], JSON),
        ([" application/x-www-form-urlencoded ;charset=UTF-8"], FORM),
    ],
)
def test_a_content_type_is_known_by_its_name_alone(given_types: list[str], found: str) -> None:
    """Whatever its letters' case and its parameters."""
    assert payloads.content_type(given_types) == found


@pytest.mark.parametrize(
    "given_types", [[], [""], ["text/plain"], ["multipart/form-data"], ["jsonapplication/json"], [JSON, FORM]]
)
def test_other_content_types_are_refused(given_types: list[str]) -> None:
    """None, unknown, or two."""
    with pytest.raises(UnknownContent):
        payloads.content_type(given_types)


@pytest.mark.parametrize(
    ("raw", "is_one"),
    [
        (b"ssl_check=1&token=x", True),
        (b"ssl_check=1", True),
        (b"ssl_check=0", False),
        (b"token=ssl_check=1", False),
        (b"ssl_check=1&ssl_check=1", False),
        (b"ssl_check=1&command=%2Fshare", False),
        (b"ssl_check=1&payload=%7B%7D", False),
        (b"ssl_check=1&x=\xff", False),
        (b"ssl_check=1&x=" + b"%41" * 2000, False),  # anybody may send it
    ],
)
def test_only_a_bare_look_at_the_certificate_is_one(raw: bytes, *, is_one: bool) -> None:
    """It is answered unsigned, so nothing that does something may pass for it."""
    assert payloads.is_ssl_check(raw, FORM) is is_one
    assert not payloads.is_ssl_check(raw, JSON)
