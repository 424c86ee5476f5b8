"""A JSON list of objects, read one at a time: however long the list is, no more than one of them is in memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any

CHUNK = 64 * 1024
"""Bytes that are unpacked at once."""

LARGEST = 8 * 1024 * 1024
"""Characters of one object: a channel of 100,000 members has a list of a million and a half."""

_space = re.compile(r"[ \t\r\n]*").match
_decode = json.JSONDecoder().raw_decode


class Malformed(ValueError):
    """It is no JSON list of objects; the text says how, in a sentence."""


def objects(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Each object of the list. Raises `Malformed`, and what reading the file raises."""
    text = _Text(file)
    if text.next() != "[":
        raise Malformed("it does not begin with a list.")
    text.skip()
    number, sign = 0, text.next()
    while sign != "]":
        if sign != "{":
            raise Malformed(f"element {number} of its list is no object.")
        yield text.object(number)
        number, sign = number + 1, text.next()
        if sign == ",":
            text.skip()
            sign = text.next()
            if sign == "]":
                raise Malformed("its list ends with a comma.")
        elif sign != "]":
            raise Malformed(f"its list is broken behind element {number - 1}.")
    text.skip()
    if text.next():
        raise Malformed("something stands behind its list.")


class _Text:
    """What was read and not yet taken."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._held = ""
        self._at = 0
        self._is_over = False

    def next(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            space = _space(self._held, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._read(CHUNK):
                return ""

    def skip(self) -> None:
        """Go past this sign."""
        self._at += 1

    def object(self, number: int) -> dict[str, Any]:
        """The object that begins here. An object says itself where it ends: as long as it does not, more is read."""
        while True:
            try:
                found, self._at = _decode(self._held, self._at)
            except json.JSONDecodeError as error:
                if len(self._held) - self._at > LARGEST or not self._read(max(CHUNK, len(self._held))):
                    raise Malformed(f"element {number} of its list is no JSON, or too large ({error.msg}).") from None
            except (ValueError, RecursionError):
                raise Malformed(
                    f"element {number} of its list is nested too deeply, or holds too long a number."
                ) from None
            else:
                return dict(found)

    def _read(self, size: int) -> bool:
        """Read on; false at the end. What was taken is let go."""
        if self._is_over:
            return False
        read = self._file.read(size)
        self._is_over = not read
        try:
            more = self._decoder.decode(read, final=not read)
        except UnicodeDecodeError:
            raise Malformed("it is not written in UTF-8.") from None
        self._held, self._at = self._held[self._at :] + more, 0
        return not self._is_over or bool(more)
