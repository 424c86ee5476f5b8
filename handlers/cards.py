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


async def render(desk: Desk, errand: Errand) -> Message | None:
    """The card of a learning as it stands now; none where it was taken back before."""
    learning = await _learning(desk, errand)
    if learning is None or not learning.is_live:
        return None
    text = words.card_text(learning.author, learning.words, without_name=learning.without_name)
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
        text = words.card_text(learning.author, learning.words, without_name=learning.without_name)
        with tolerating("message_not_found"):
            await slack.chat_update(channel=place.channel, ts=learning.card_ts, text=text, blocks=blocks.card(learning))
        return None
    with tolerating("message_not_found"):
        await slack.chat_delete(channel=place.channel, ts=learning.card_ts)
    return partial(_carded, errand=errand, ts=None, at=desk.now())


POST_CARD = Post(render, posted)
REFRESH_CARD = Repeatable(refresh, "chat.update")


def _carded(session: Session, *, errand: Errand, ts: Ts | None, at: float) -> None:
    learnings.carded(session, errand.workspace, LearningId(errand.body["learning"]), ts=ts, at=at)


async def _learning(desk: Desk, errand: Errand) -> LearningView | None:
    return await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))
