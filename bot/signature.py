"""Whether Slack signed a request (https://docs.slack.dev/authentication/verifying-requests-from-slack/).

Not `slack_sdk.signature.SignatureVerifier`: it raises where the timestamp is no number, the body is no UTF-8 or the
signature is not ASCII, and each of these would be answered 500 instead of 401.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from .rejections import Unsigned

TOLERANCE = 300.0
"""Seconds that a request's timestamp may be away from the clock, on either side: Slack's own figure."""

_LONGEST_TIMESTAMP = 12
"""Digits: the year 33658. More only costs time to read."""


def verify(raw: bytes, *, timestamps: Sequence[str], signatures: Sequence[str], secret: str, now: float) -> None:
    """Raise `Unsigned` unless `raw`, the body as it came, has exactly one timestamp and one signature, fresh and right.

    `now` is in seconds since 1970.
    """
    if len(timestamps) != 1 or len(signatures) != 1:
        raise Unsigned("The request must have one X-Slack-Request-Timestamp and one X-Slack-Signature.")
    timestamp = timestamps[0]
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > _LONGEST_TIMESTAMP:
        raise Unsigned("The timestamp is not a number of seconds.")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise Unsigned("The timestamp is more than five minutes away from this machine's clock.")
    right = sign(raw, timestamp=timestamp, secret=secret).encode()
    if not hmac.compare_digest(right, signatures[0].encode("utf-8", "surrogatepass")):
        raise Unsigned("The signature is wrong. The signing secret may be another app's.")


def sign(raw: bytes, *, timestamp: str, secret: str) -> str:
    """The signature that Slack gives the body `raw`, sent at `timestamp` (seconds since 1970, as text)."""
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256)
    return f"v0={digest.hexdigest()}"
