"""Private words that nobody asked for: what waits for a person is said in one message, as often as the quiet rule allows.

The features say what each kind of notice says, in one table (handlers/__init__.py); storage/owed/notices.py says what is owed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from storage.ids import Ts
from storage.owed import notices
from storage.owed.notices import Waiting
from storage.owed.outbox import Errand

from . import blocks
from .desk import Desk
from .duties import Message, Post, Settle
from .slack.reaching import forgo

MOST_TEXT = 3900
"""Characters of a message's text: Slack splits what is over about 4,000 (docs.slack.dev/reference/methods/chat.postMessage)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says: by itself, or as a part of a message.

    `body`: what the notice holds from now on, by ids, so that exactly what was said is remembered as told; None: what it held.
    """

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    body: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of notice. `render` gives None when there is nothing to say any more; `told`: what to remember once it stands.

    `stands`: the same, where it matters at which `ts` of their direct message that is.
    """

    render: Callable[[Desk, Waiting], Awaitable[Said | None]]
    told: Callable[[Desk, Waiting], Settle] | None = None
    stands: Callable[[Desk, Waiting, Ts], Settle] | None = None


Kinds = Mapping[str, Notice]


def tell_privately(kinds: Kinds) -> Post:
    """The duty that says what waits for a person, of these kinds."""
    return Post(partial(_render, kinds), partial(_told, kinds), once=True, instead=_forgo)


async def _render(kinds: Kinds, desk: Desk, errand: Errand) -> Message | None:
    """One message of all that fits into it: what it holds is settled before it is sent."""
    if errand.unknown:  # it may stand in Slack with exactly what it holds
        ready = await desk.db.read(notices.held, errand)
    else:
        ready = await desk.db.write(notices.hold, errand, at=desk.now())
    said, gone = dict[int, Said](), list[Waiting]()
    for place, notice in enumerate(ready):
        if notice.kind not in kinds:  # a newer version owed it: it waits for one that knows it
            continue
        one = await kinds[notice.kind].render(desk, notice)
        if one is None:
            gone.append(notice)
        elif _fits([*said.values(), one]):
            said[place] = one
    holds = [replace(ready[place], body=one.body or ready[place].body) for place, one in said.items()]
    if not errand.unknown and ready:
        holds_it = await desk.db.write(notices.narrow, errand, to=holds, gone=gone, at=desk.now())
        if not holds_it:
            return None
    return _message(errand, list(said.values())) if said else None


def _told(kinds: Kinds, desk: Desk, errand: Errand, ts: Ts) -> Settle:
    """All that it holds is said."""
    at = desk.now()

    def settle(session: Session) -> None:
        for notice in notices.held(session, errand):
            kind = kinds.get(notice.kind)
            if kind and kind.told:
                kind.told(desk, notice)(session)
            if kind and kind.stands:
                kind.stands(desk, notice, ts)(session)
        notices.said(session, errand, at=at)

    return settle


def _fits(said: list[Said]) -> bool:
    return blocks.bundles.fit([one.blocks for one in said]) and len(_text(said)) <= MOST_TEXT


def _text(said: list[Said]) -> str:
    return "\n\n".join(one.text for one in said)


def _message(errand: Errand, said: list[Said]) -> Message:
    return Message(errand.lane, _text(said), blocks.bundles.bundle([one.blocks for one in said]))


def _forgo(session: Session, errand: Errand, code: str, at: float) -> bool:
    """Whoever can't be written to hears nothing, nor what else waits for them."""
    if not forgo(session, errand, code, at):
        return False
    notices.forget(session, errand)
    return True
