"""Whole requests, as bytes: the hostile ones, and among them honest ones that must be taken."""

from __future__ import annotations

import hashlib
import hmac
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import mutations
from .samples import Sample

ADDRESS = "/slack/events"
TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}

HONEST, UNSIGNED, BENT, BROKEN = 0.04, 0.30, 0.15, 0.04
"""How many of all requests are honest; badly signed; bent as bytes; broken as HTTP. The rest is hostile within."""

ODDLY_TYPED = 0.05
"""How many of the others have a content type that is none of Slack's."""

LARGEST, UNHEARD = 2 * 1024 * 1024, 16 * 1024
"""Bytes that the door takes; and that it may not have heard when it refuses for another reason, and hangs up."""

SHARES = 0.5
"""How many of the honest ones are a /share, as far as one was caught: what was taken is looked for afterwards."""

PLAIN = 0.15
"""How many of the badly signed ones are otherwise as Slack sends them: if they were let in, they would do something."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request. `kept_open`: whether it is whole as HTTP, so that it gets an answer and others may follow it."""

    number: int
    raw: bytes
    is_honest: bool = False
    is_signed: bool = True
    is_http: bool = True
    shares: bool = False
    """It is a /share with its canary in the words."""
    is_large: bool = False
    """The door may hang up before it has heard all, so that its answer is lost on the way."""


def attempt(
    chance: random.Random, samples: list[Sample], secret: str, number: int, *, names: Sequence[str] = ()
) -> Attempt:
    """Request `number`. `names`: of all actions, forms, commands and events that were seen."""
    sample, kind = chance.choice(samples), chance.random()
    if (kind := kind - HONEST) < 0:
        return _honest(chance, samples, secret, number)
    if (kind := kind - BROKEN) < 0:
        return _broken(chance, sample, secret, number)
    if (kind := kind - UNSIGNED) < 0:
        hostility = 0 if chance.random() < PLAIN else chance.randint(1, 3)
        raw = mutations.body(chance, sample, number, mutations=hostility, names=names)
        headers = _type(sample) + chance.choice(BAD_SIGNATURES)(chance, raw, secret)
        return Attempt(number, _request(raw, headers), is_signed=False)
    if (kind := kind - BENT) < 0:
        raw = mutations.bent(
            chance, mutations.body(chance, sample, number, mutations=chance.randint(0, 2), names=names)
        )
    else:
        raw = mutations.body(chance, sample, number, mutations=chance.randint(1, 4), names=names)
    is_odd = chance.random() < ODDLY_TYPED
    headers = (chance.choice(ODD_TYPES) if is_odd else _type(sample)) + signed(raw, secret)
    return Attempt(number, _request(raw, headers), is_large=len(raw) > (UNHEARD if is_odd else LARGEST))


def signed(raw: bytes, secret: str, *, at: str = "") -> list[str]:
    """Slack's two headers (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
    at = at or str(int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return [f"X-Slack-Request-Timestamp: {at}", f"X-Slack-Signature: v0={digest}"]


def _honest(chance: random.Random, samples: list[Sample], secret: str, number: int) -> Attempt:
    expected = [one for one in samples if one.is_expected]
    sharing = [one for one in expected if one.shares]
    sample = chance.choice(sharing if sharing and chance.random() < SHARES else expected)
    raw = mutations.body(chance, sample, number, mutations=0)
    shares = b"command=%2Fshare&" in raw and f"+{mutations.canary(number)}&".encode() in raw
    return Attempt(number, _request(raw, _type(sample) + signed(raw, secret)), is_honest=True, shares=shares)


def _type(sample: Sample) -> list[str]:
    return [f"Content-Type: {TYPES['json' if sample.carriage == 'json' else 'form']}"]


def _request(raw: bytes, headers: list[str], *, line: str = f"POST {ADDRESS} HTTP/1.1") -> bytes:
    lines = [line, "Host: outloud", f"Content-Length: {len(raw)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + raw


# -- signatures

ODD_TIMES = ("", "abc", "-1", "1e9", "٣", "9" * 400, "0x5f", "1.5", " ", "\x01")


def _no_signature(_chance: random.Random, _raw: bytes, _secret: str) -> list[str]:
    return []


def _of_another_secret(_chance: random.Random, raw: bytes, secret: str) -> list[str]:
    return signed(raw, secret + "x")


def _of_another_body(_chance: random.Random, raw: bytes, secret: str) -> list[str]:
    return signed(raw + b" ", secret)


def _old(chance: random.Random, raw: bytes, secret: str) -> list[str]:
    return signed(raw, secret, at=str(int(time.time()) + chance.choice((-100_000, -400, 400, 10**9))))


def _odd_time(chance: random.Random, raw: bytes, secret: str) -> list[str]:
    return signed(raw, secret, at=chance.choice(ODD_TIMES) or "nothing")


def _odd_signature(chance: random.Random, raw: bytes, secret: str) -> list[str]:
    at, right = signed(raw, secret)
    name, value = right.split(": ")
    wrong = (
        value[:-1],
        value.upper(),
        value[3:],
        f"v1{value[2:]}",
        "v0=",
        "",
        "é" * 67,
        value + " " + value,
        "0" * 5000,
    )
    return [at, f"{name}: {chance.choice(wrong)}"]


def _several(chance: random.Random, raw: bytes, secret: str) -> list[str]:
    at, right = signed(raw, secret)
    return chance.choice(([at, right, right], [at, at, right], [at], [right], [at, "X-Slack-Signature: v0=0", right]))


BAD_SIGNATURES: tuple[Callable[[random.Random, bytes, str], list[str]], ...] = (
    *(_no_signature, _of_another_secret, _of_another_body, _old, _odd_time, _odd_signature, _several),
)

ODD_TYPES: tuple[list[str], ...] = (
    *([], ["Content-Type:"], ["Content-Type: text/plain"], ["Content-Type: multipart/form-data; boundary=x"]),
    *(["Content-Type: APPLICATION/JSON"], ["Content-Type: application/json; charset=utf-16"]),
    *(["Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded"],),
    *(
        ["Content-Type: application/json", "Content-Encoding: gzip"],
        ["Content-Type: application/x-www-form-urlencoded; a=b"],
    ),
)


# -- HTTP

METHODS = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW", "post")
PATHS = (
    "/",
    "/slack",
    "/slack/events/",
    "//slack/events",
    "/slack/events/../x",
    "/healthz",
    "/%00",
    "/" + "a" * 9000,
    "*",
)


def _broken(chance: random.Random, sample: Sample, secret: str, number: int) -> Attempt:
    """Another method or path; a body in odd pieces; or no HTTP at all."""
    raw = mutations.body(chance, sample, number, mutations=1)
    headers = _type(sample) + signed(raw, secret)
    match chance.randrange(6):
        case 0:
            method = chance.choice(METHODS)
            line = f"{method} {ADDRESS}?{mutations.canary(number)} HTTP/1.1"
            return Attempt(number, _request(raw, headers, line=line), is_http=method != "HEAD")
        case 1:
            return Attempt(number, _request(raw, headers, line=f"POST {chance.choice(PATHS)} HTTP/1.1"))
        case 2:
            return Attempt(number, _chunked(chance, raw, headers))
        case 3:
            headers += [f"X-Slack-{count}: {mutations.canary(number)}" for count in range(chance.choice((5, 90)))]
            return Attempt(number, _request(raw, headers))
        case 4:
            wrong = chance.choice(("-1", "abc", "1, 2", "99999999999999999999", str(len(raw) + 9), "٣", "+5", ""))
            lines = [f"POST {ADDRESS} HTTP/1.1", "Host: outloud", f"Content-Length: {wrong}", *headers, "", ""]
            return Attempt(number, "\r\n".join(lines).encode("latin-1", "replace") + raw, is_http=False)
        case _:
            odd = (
                b"\r\n\r\n",
                b"\x16\x03\x01\x02\x00",
                raw,
                b"POST\r\n\r\n",
                b"GET / HTTP/9.9\r\n\r\n",
                b"\0" * 70_000,
            )
            return Attempt(number, chance.choice(odd), is_http=False)


def _chunked(chance: random.Random, raw: bytes, headers: list[str]) -> bytes:
    size = chance.choice((1, 7, 1000))
    parts = [raw[at : at + size] for at in range(0, len(raw), size)] + [b""]
    lines = [f"POST {ADDRESS} HTTP/1.1", "Host: outloud", "Transfer-Encoding: chunked", *headers, "", ""]
    return "\r\n".join(lines).encode() + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
