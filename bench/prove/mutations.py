"""Real payloads made hostile: each part of a request is turned, by chance, into what no Slack would send.

Every request carries a canary: a word of its own that may turn up in no log. It holds a capital letter, because the front
door may tell the name of an event or a command where that looks like one of Slack's (small letters, digits, dots).
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote_plus, urlencode

from sandbox.records import Json

from .samples import Sample

CANARY = "Canary-of-the-door"
"""What every canary begins with; its number follows, and an end, so that one cut short is no other one."""

IN_A_FORM = {number: quote_plus(chr(number)) for number in range(128)}
"""How a form writes each sign; JSON has none beyond ASCII."""

LONG = 10_000
"""Characters of a text that was made longer, about: more than any text of Slack's."""

RENAMED = 0.15
"""How many of the mutations give another action, form, command or event the place of this one."""

CANARIES = re.compile(rf"{CANARY}-(\d+)-end")

Place = tuple[Any, Any]
"""A container, a dict or a list, and the key or index in it."""


def canary(number: int) -> str:
    """The word that request `number` carries."""
    return f"{CANARY}-{number}-end"


def body(chance: random.Random, sample: Sample, number: int, *, mutations: int, names: Sequence[str] = ()) -> bytes:
    """The body of request `number`, with so many mutations of its payload. `names`: what else it may call itself."""
    payload = json.loads(sample.text)
    _mark(chance, payload, canary(number))
    _renew(payload, number)
    for _ in range(mutations):
        if names and sample.may_be_renamed and chance.random() < RENAMED:
            _rename(payload, chance, names)
        else:
            chance.choice(OF_A_PAYLOAD)(chance, payload)
    return _written(chance, sample, payload, hostile=mutations > 0)


def bent(chance: random.Random, raw: bytes) -> bytes:
    """A body that is broken as bytes: cut off, inflated, of another encoding."""
    return chance.choice(OF_A_BODY)(chance, raw)


def _mark(chance: random.Random, payload: Json, word: str) -> None:
    """Put the canary beside the payload's own fields, and into words that people type."""
    payload["canary"] = word
    for container, key in _places(payload):
        if key in ("text", "value") and isinstance(container[key], str) and chance.random() < 0.7:  # noqa: PLR2004
            container[key] = f"{container[key]} {word}"


def _renew(payload: Json, number: int) -> None:
    """Other ids than the last time: else all but the first would be taken for deliveries that came before."""
    for name in ("event_id", "trigger_id"):
        if name in payload:
            payload[name] = canary(number)
    view = payload.get("view")
    if isinstance(view, dict) and str(view.get("private_metadata")).startswith("{"):
        view["private_metadata"] = json.dumps(json.loads(view["private_metadata"]) | {"key": canary(number)})


def _written(chance: random.Random, sample: Sample, payload: Json, *, hostile: bool) -> bytes:
    if sample.carriage == "form":
        fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()}
        return urlencode(fields, errors="replace").encode()
    text = json.dumps(payload)
    if hostile and chance.random() < 0.15:  # noqa: PLR2004 -- a part of them
        text = chance.choice(OF_A_TEXT)(chance, text)
    return text.encode() if sample.carriage == "json" else b"payload=" + text.translate(IN_A_FORM).encode()


# -- of a payload


def _places(payload: Any) -> list[Place]:  # noqa: ANN401 -- any JSON
    """Every place in it, however deep, in order."""
    found: list[Place] = []
    waiting = [payload]
    while waiting:
        container = waiting.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        for key in keys:
            found.append((container, key))
            if isinstance(container[key], dict | list):
                waiting.append(container[key])
    return found


def _somewhere(chance: random.Random, payload: Json) -> Place:
    return chance.choice(_places(payload) or [({"": None}, "")])


def _of_another_type(chance: random.Random, payload: Json) -> None:
    container, key = _somewhere(chance, payload)
    container[key] = copy.deepcopy(chance.choice(OTHER_VALUES))


def _missing(chance: random.Random, payload: Json) -> None:
    container, key = _somewhere(chance, payload)
    del container[key]


def _twice(chance: random.Random, payload: Json) -> None:
    container, key = _somewhere(chance, payload)
    if isinstance(container, list):
        container.extend([copy.deepcopy(container[key])] * chance.choice((1, 50)))
    else:
        container[f"{key}{chance.choice(('', ' ', '_'))}2"] = copy.deepcopy(container[key])


def _wrapped(chance: random.Random, payload: Json) -> None:
    container, key = _somewhere(chance, payload)
    for _ in range(chance.choice((1, 2, 90, 150))):
        container[key] = chance.choice(({"id": container[key]}, [container[key]]))


def _from_elsewhere(chance: random.Random, payload: Json) -> None:
    """A value of one place stands in another, too: right in its type, and not in what it means."""
    (container, key), (other, name) = _somewhere(chance, payload), _somewhere(chance, payload)
    container[key] = copy.deepcopy(other[name])


def _longer(chance: random.Random, payload: Json) -> None:
    container, key = _somewhere(chance, payload)
    if isinstance(container[key], str):
        text = container[key] or "x"
        container[key] = text * chance.choice((2, 1 + LONG // len(text)))


def _odd_signs(chance: random.Random, payload: Json) -> None:
    container, key = _somewhere(chance, payload)
    if isinstance(container[key], str):
        at = chance.randint(0, len(container[key]))
        container[key] = container[key][:at] + chance.choice(ODD_SIGNS) + container[key][at:]


def _odd_name(chance: random.Random, payload: Json) -> None:
    container, key = _somewhere(chance, payload)
    if isinstance(container, dict):
        container[chance.choice(ODD_SIGNS) or "x"] = container.pop(key)


def _unknown(chance: random.Random, payload: Json) -> None:
    """A type, command or action that nobody ever heard of."""
    _rename(payload, chance, UNHEARD_OF)


def _rename(payload: Json, chance: random.Random, names: Sequence[Any]) -> None:
    named = [(c, k) for c, k in _places(payload) if k in ("type", "command", "action_id", "callback_id", "subtype")]
    if named:
        container, key = chance.choice(named)
        container[key] = chance.choice(names)


ODD_SIGNS = (
    "\0",
    "\ud800",
    "\udfff",
    "\u202e",
    "\x1b[2J",
    "\r\n",
    "\U0001d518",
    "<!channel>",
    "%s{0}%n",
    "'; --",
    "\ufeff",
    "",
)
HUGE = 10**25
OTHER_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, HUGE, -HUGE, 1e308, "", "x", "0", "null", "T0SANDBOX", "W" * 300),
    *([], {}, [[]], [None], [{}], {"id": None}, {"id": 7}, {"id": "U1"}, [1, "x", {}], {"type": "x"}, {"": ""}),
)
UNHEARD_OF = ("unheard.of", "", "/", "/unheard", "event_callback", "view_submission", "message", "app_rate_limited", 7)
OF_A_PAYLOAD: tuple[Callable[[random.Random, Json], None], ...] = (
    *(_of_another_type, _of_another_type, _of_another_type, _missing, _missing),
    *(_twice, _wrapped, _from_elsewhere, _from_elsewhere, _longer, _odd_signs, _odd_signs, _odd_name, _unknown),
)


# -- of JSON as text: what no object of Python's can hold


def _instead_of_a_number(chance: random.Random, text: str) -> str:
    odd = chance.choice(("1" * 5000, "1e999", "-Infinity", "NaN", "0x10", "01", "1" * 4000, "-", "1.", "\u0663"))
    return re.sub(r"(?<=: )(\d+|null|true|false)", odd.replace("\\", r"\\"), text, count=chance.choice((1, 0)))


def _deep(chance: random.Random, text: str) -> str:
    """Deeper than any parser goes down by itself."""
    many = chance.choice((101, 1000, 20_000))
    opening, closing = chance.choice((("[", "]"), ('{"a":', "}")))
    return text[:-1] + f', "deep": {opening * many}1{closing * many}}}'


def _doubled_name(_chance: random.Random, text: str) -> str:
    return text[:-1] + ', "type": "block_actions", "type": 7, "event": null, "user": {"id": "U1"}}'


def _no_object(chance: random.Random, text: str) -> str:
    return chance.choice((f"[{text}]", json.dumps(text), "7", "null", '""', text + text, text[1:], f"{text}\0"))


OF_A_TEXT: tuple[Callable[[random.Random, str], str], ...] = (_instead_of_a_number, _deep, _doubled_name, _no_object)


# -- of a body as bytes


def _cut(chance: random.Random, raw: bytes) -> bytes:
    return raw[: chance.randint(0, max(0, len(raw) - 1))]


def _flipped(chance: random.Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(min(len(raw), chance.choice((1, 5, 50)))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _recoded(chance: random.Random, raw: bytes) -> bytes:
    text = raw.decode(errors="replace")
    return chance.choice((text.encode("utf-16"), text.encode("utf-32"), b"\xef\xbb\xbf" + raw, b"\xff\xfe" + raw))


def _inflated(chance: random.Random, raw: bytes) -> bytes:
    """To a megabyte, to what the door takes at most, and to just above."""
    to = chance.choice((400_000, 1_000_000, 2 * 1024 * 1024, 2 * 1024 * 1024 + 1))
    return raw + chance.choice((b" ", b"&", b"x", b"\0")) * max(0, to - len(raw))


def _more_fields(chance: random.Random, raw: bytes) -> bytes:
    more = (b"&command=/share", b"&payload={}", b"&ssl_check=1", b"&a=%ff%fe", b"&a=%ud800", b"&a=%00", b"&=&=&;" * 60)
    return raw + chance.choice(more)


def _something_else(chance: random.Random, raw: bytes) -> bytes:
    return chance.choice((b"", b"\0" * 100, b"--x\r\n" + raw, b"<xml/>" + raw, b"\x1f\x8b\x08" + raw))


OF_A_BODY: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_cut, _cut, _cut, _flipped, _flipped, _flipped, _recoded, _recoded),
    *(_more_fields, _more_fields, _more_fields, _something_else, _something_else, _inflated),
)
