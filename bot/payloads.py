"""From the bytes that Slack sends to the payload in them.

Bolt can do this too, but loses every slash command whose words contain "payload": `parse_body` in
`slack_bolt/request/internals.py` (1.30) looks for that word in the whole body, and then finds no such field.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from .rejections import Malformed, UnknownContent

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

LARGEST = 2 * 1024 * 1024
"""Bytes that a body may have. Slack's largest stays under it: the edit of a message of 40,000 letters that JSON spells with
six bytes each, as it is and as it was, and both once as text and once as blocks."""

LARGEST_CHECK = 4096
"""Bytes of a look at the certificate, which has two fields. It is read before any signature is checked, and 2 MiB would take a
fifth of a second."""

DEEPEST = 100
"""How deep objects and lists may stand in each other. Slack's stay under 20; Python's own limits differ by version."""

MOST_FIELDS = 100
"""How many fields a form may have. Slack's commands have about 15."""


def content_type(values: list[str]) -> str:
    """The content type without its parameters. Raises `UnknownContent` unless it is one of the two that Slack sends."""
    found = values[0].partition(";")[0].strip().lower() if len(values) == 1 else ""
    if found not in {JSON, FORM}:
        raise UnknownContent
    return found


def parse(raw: bytes, kind: str) -> dict[str, Any]:
    """The payload in a body of the content type `kind`: JSON, a form's field `payload` in JSON, or the form's fields.

    Raises `Malformed`. What it returns holds no NUL, no lone surrogate and no infinite number: any database takes it.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    if kind == JSON:
        return _object(text)
    fields = _fields(text)
    if "payload" in fields and "command" not in fields:
        return _object(fields["payload"])
    _mend(fields)
    return fields


def is_ssl_check(raw: bytes, kind: str) -> bool:
    """Whether this is Slack looking at the certificate: a form with `ssl_check=1` and nothing to do, maybe not signed.

    https://docs.slack.dev/interactivity/implementing-slash-commands/
    """
    if kind != FORM or len(raw) > LARGEST_CHECK or b"ssl_check=1" not in raw:
        return False
    try:
        fields = _fields(raw.decode())
    except (UnicodeDecodeError, Malformed):
        return False
    return fields.get("ssl_check") == "1" and not fields.keys() & {"command", "payload"}


def _fields(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Malformed("The form is malformed.") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Malformed("The form has a field twice.")
    return fields


def _object(text: str) -> dict[str, Any]:
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise Malformed("The payload is not JSON.") from None
    if not isinstance(found, dict):
        raise Malformed("The payload is not a JSON object.")
    _mend(found)
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError  # NaN and Infinity, which Python reads and JSON doesn't have


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError
    return number


def _mend(payload: dict[str, Any]) -> None:
    """Leave out of its texts what no database can hold, in place: people can type it, and their words must not be lost.

    Level by level, and without recursion, which is what a hostile payload would exhaust.
    """
    level: list[dict[str, Any] | list[Any]] = [payload]
    for _depth in range(DEEPEST):
        below: list[dict[str, Any] | list[Any]] = []
        for container in level:
            if isinstance(container, dict) and any(_mended(name) != name for name in container):
                raise Malformed("The payload has a name that no text of Slack's has.")
            places: Iterable[Any] = container if isinstance(container, dict) else range(len(container))
            for place in places:
                value = container[place]
                if isinstance(value, str):
                    container[place] = _mended(value)
                elif isinstance(value, dict | list):
                    below.append(value)
        if not below:
            return
        level = below
    raise Malformed("The payload is nested too deeply.")


def _mended(text: str) -> str:
    """Without NUL, and with half a character (a lone surrogate) as U+FFFD, the sign for one that was lost."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
