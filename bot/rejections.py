"""What the front door answers to a request that it does not let in: a status, and a sentence for whoever looks."""

from __future__ import annotations

import inspect
from typing import ClassVar


class Rejection(Exception):
    """This request can't be taken."""

    status: ClassVar[int]
    closes: ClassVar[bool] = False
    """Whether the connection ends with the answer, because what is left of the request is not read."""

    def __init__(self, words: str | None = None) -> None:
        super().__init__(words or inspect.cleandoc(type(self).__doc__ or ""))


class Malformed(Rejection):
    """The request is malformed."""

    status = 400


class Unsigned(Rejection):
    """The request is not signed by Slack."""

    status = 401


class Unknown(Rejection):
    """The payload is of a type that Outloud doesn't know."""

    status = 404


class TooSlow(Rejection):
    """The request did not arrive in time."""

    status = 408
    closes = True


class TooLarge(Rejection):
    """The request is larger than 2 MiB."""

    status = 413
    closes = True


class UnknownContent(Rejection):
    """The content type must be application/json or application/x-www-form-urlencoded."""

    status = 415
    closes = True


class Stopping(Rejection):
    """Outloud is stopping and takes nothing new. Send it again."""

    status = 503
    closes = True
