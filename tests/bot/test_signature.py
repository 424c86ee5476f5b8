"""Signatures: Slack's own are taken, every other is refused, and none makes the check itself fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from bot.rejections import Unsigned
from bot.signature import sign, verify

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_531_420_618.0
AT = "1531420618"
RAW = b"token=xyzz0WbapA4vBCDEFasx0q6G&command=%2Fweather&text=94070"


def check(raw: bytes = RAW, *, at: str = AT, signed: str | None = None, now: float = NOW) -> None:
    """Verify a request that is right but for what is given."""
    signed = sign(RAW, timestamp=AT, secret=SECRET) if signed is None else signed
    verify(raw, timestamps=[at], signatures=[signed], secret=SECRET, now=now)


@given(raw=st.text().map(str.encode), secret=st.text(st.characters(codec="ascii"), min_size=1).filter(str.strip))
def test_a_signature_is_the_one_that_slacks_own_library_makes(raw: bytes, secret: str) -> None:
    """Two implementations, one answer."""
    assert sign(raw, timestamp=AT, secret=secret) == SignatureVerifier(secret).generate_signature(
        timestamp=AT, body=raw
    )


def test_a_right_signature_is_taken() -> None:
    """Also of a body that is no UTF-8: what it holds is not the signature's business."""
    check()
    check(b"\xff\x00", signed=sign(b"\xff\x00", timestamp=AT, secret=SECRET))


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_are_tolerated(seconds: int) -> None:
    """On either side."""
    check(now=NOW + seconds)


@pytest.mark.parametrize("seconds", [-301, 301, 10**9])
def test_more_than_five_minutes_are_not(seconds: int) -> None:
    """A request that somebody kept and sends again."""
    with pytest.raises(Unsigned, match="five minutes"):
        check(now=NOW + seconds)


@pytest.mark.parametrize(
    "at", ["", "soon", "1531420618.0", "-1531420618", "+1531420618", " 1531420618", "1e9", "١٥٣", "²"]
)
def test_a_timestamp_is_digits(at: str) -> None:
    """Python would read some of these as numbers."""
    with pytest.raises(Unsigned, match="not a number"):
        check(at=at, signed=sign(RAW, timestamp=at, secret=SECRET))


def test_a_timestamp_of_many_digits_is_refused_without_reading_it() -> None:
    """Python raises at 4,300 digits."""
    with pytest.raises(Unsigned, match="not a number"):
        check(at="1" * 5000)


@pytest.mark.parametrize(
    "signed", ["", "v0=", "v0=" + "0" * 64, "v1=" + sign(RAW, timestamp=AT, secret=SECRET)[3:], "v0=é", "v0=\ud800"]
)
def test_a_wrong_signature_is_refused(signed: str) -> None:
    """Empty, short, another one, another version, not ASCII."""
    with pytest.raises(Unsigned, match="signature is wrong"):
        check(signed=signed)


def test_another_apps_secret_makes_a_wrong_signature() -> None:
    """And the words say what to look for."""
    with pytest.raises(Unsigned, match="another app's"):
        check(signed=sign(RAW, timestamp=AT, secret="another"))


@pytest.mark.parametrize(("timestamps", "count"), [([], 1), ([AT], 0), ([AT, AT], 1), ([AT], 2)])
def test_there_is_one_timestamp_and_one_signature(timestamps: list[str], count: int) -> None:
    """With two, what was checked might not be what is used."""
    signatures = [sign(RAW, timestamp=AT, secret=SECRET)] * count
    with pytest.raises(Unsigned, match="must have one"):
        verify(RAW, timestamps=timestamps, signatures=signatures, secret=SECRET, now=NOW)


@given(raw=st.binary(), at=st.text(), signed=st.text(st.characters(exclude_categories=())))
def test_nothing_else_gets_through(raw: bytes, at: str, signed: str) -> None:
    """Any body, any timestamp, any signature, half characters too: refused, and never another exception."""
    with pytest.raises(Unsigned):
        check(raw, at=at, signed=signed)
