"""Cards: how a learning that somebody shared stands in its pocket."""

from __future__ import annotations

from functools import partial

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from storage import learnings
from storage.ids import LearningId, Ts
from storage.learnings import LearningView
from storage.outbox import Errand

from . import blocks, words
from .desk import Desk
from .duties import Message, NotYet, Post, Repeatable, Settle, tolerating
from .reaching import CLOSED, forgo


async def render(desk: Desk, errand: Errand) -> Message | None:
    """The card of a learning as it stands now; none where it was taken back before."""
    learning = await _learning(desk, errand)
    if learning is None or not learning.is_live:
        return None
    text = _notification(learning)
    return Message(learning.place.channel, text, blocks.card(learning))


def posted(desk: Desk, errand: Errand, ts: Ts) -> Settle:
    """The card stands."""
    return partial(_carded, errand=errand, ts=ts, at=desk.now())


async def refresh(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Let the card say what its learning says now; take it away where that was taken back."""
    learning = await _learning(desk, errand)
    if learning is None:
        return None
    if learning.card_ts is None:
        if await desk.db.read(learnings.card_is_owed, learning):
            raise NotYet
        return None
    place = learning.place
    if learning.is_live:
        text = _notification(learning)
        with tolerating("message_not_found"):
            await slack.chat_update(channel=place.channel, ts=learning.card_ts, text=text, blocks=blocks.card(learning))
        return None
    with tolerating("message_not_found"):
        await slack.chat_delete(channel=place.channel, ts=learning.card_ts)
    return partial(_carded, errand=errand, ts=None, at=desk.now())


def refused(session: Session, errand: Errand, code: str, at: float) -> bool:
    """The channel takes no card any more: whoever shared it hears so, and gets their words back (docs/decisions/0021)."""
    if code not in CLOSED:
        return False
    learning = learnings.find(session, errand.workspace, LearningId(errand.body["learning"]))
    if learning is not None and learning.is_live:
        learnings.owe_words_back(session, learning, reason=code, at=at)
    return True


async def give_back(desk: Desk, errand: Errand) -> Message | None:
    """What somebody hears whose learning could not stand anywhere, with all that they wrote."""
    learning = await _learning(desk, errand)
    if learning is None or not learning.is_live:
        return None
    text = words.not_posted(learning.place.channel, errand.body["reason"])
    return Message(errand.body["person"], text, blocks.words_back(text, learning))


def given_back(desk: Desk, errand: Errand, _ts: Ts) -> Settle:
    """They have their words: a learning that nobody can see is forgotten."""
    return partial(
        learnings.forget_words,
        workspace=errand.workspace,
        id=LearningId(errand.body["learning"]),
        state="taken back",
        at=desk.now(),
    )


POST_CARD = Post(render, posted, instead=refused)
REFRESH_CARD = Repeatable(refresh, "chat.update")
GIVE_BACK = Post(give_back, given_back, instead=forgo)


def _notification(learning: LearningView) -> str:
    return words.card_text(learning.author, learning.words, kind=learning.kind, without_name=learning.without_name)


def _carded(session: Session, *, errand: Errand, ts: Ts | None, at: float) -> None:
    learnings.carded(session, errand.workspace, LearningId(errand.body["learning"]), ts=ts, at=at)


async def _learning(desk: Desk, errand: Errand) -> LearningView | None:
    return await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))
