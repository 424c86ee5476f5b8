"""How arguments are read, whether they came in a form, a query or a JSON body, where all or some are texts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .method import Argument

if TYPE_CHECKING:
    from sandbox.records import Json

TS = re.compile(r"^\d{1,10}(?:\.\d{1,6})?$")
TRUE, FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no", ""})


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be a string")  # noqa: TRY004 -- a reader raises ValueError, whatever is wrong
    return str(value)


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower() if isinstance(value, str | int) else "?"
    if word not in TRUE | FALSE:
        raise ValueError("must be a boolean")
    return word in TRUE


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("must be an integer")  # noqa: TRY004 -- a reader raises ValueError, whatever is wrong
    try:
        return int(value)
    except ValueError:
        raise ValueError("must be an integer") from None


def _ts(value: object) -> str:
    if not isinstance(value, str | int | float) or not TS.match(str(value)):
        raise ValueError("must be a timestamp")
    return str(value)


def _structure(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError("must be valid JSON") from None


def _objects(value: object) -> list[Json]:
    value = _structure(value)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("must be an array of objects")
    return value


def _object(value: object) -> Json:
    value = _structure(value)
    if not isinstance(value, dict):
        raise ValueError("must be an object")  # noqa: TRY004 -- a reader raises ValueError, whatever is wrong
    return value


def _words(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a comma-separated list")  # noqa: TRY004 -- a reader raises ValueError, whatever is wrong
    return [word.strip() for word in value.split(",") if word.strip()]


TEXT = Argument(_text)
FLAG = Argument(_flag)
NUMBER = Argument(_number)
STAMP = Argument(_ts)
OBJECT = Argument(_object)
OBJECTS = Argument(_objects)
WORDS = Argument(_words)
CURSOR = Argument(_text, malformed="invalid_cursor")


def needed(argument: Argument, missing: str = "invalid_arguments") -> Argument:
    """The same argument, refused as `missing` when it is not given."""
    return replace(argument, missing=missing)


def refused_as(argument: Argument, error: str) -> Argument:
    """The same argument, refused as `error` when it is malformed."""
    return replace(argument, malformed=error)


CHANNEL = needed(TEXT, "channel_not_found")
"""The id of a conversation."""
