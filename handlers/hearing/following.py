"""Following: what becomes of a kept message when it changes in Slack. Below a round, it may be an answer that changes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers.desk import Call
from handlers.payloads import ChangeEvent
from handlers.slack.showing import DELETED, files_of, words_of
from storage.ids import PersonId
from storage.kept import sources
from storage.learned import discussion

from . import round_answers


async def changed(call: Call) -> None:
    """A message was edited or deleted; that of a message which nobody keeps changes nothing."""
    await _follow(call, ChangeEvent.of(call))
    await call.ack()


async def _follow(call: Call, event: ChangeEvent) -> None:
    now = event.message
    if now is None or now.get("subtype") == DELETED:
        await call.write(_deleted, event, bot=call.bot, at=call.desk.now())
        await round_answers.deleted(call, event)
    elif now.get("user") != call.bot and event.is_edit:
        said, files = words_of(now), files_of(now)
        await call.write(sources.edited, event.ref, said, event_ts=event.event_ts, at=call.desk.now(), with_files=files)
        await round_answers.edited(call, event, now)


def _deleted(session: Session, event: ChangeEvent, *, bot: PersonId, at: float) -> None:
    """Whatever it was; below a message of Outloud's it may have been an answer."""
    sources.deleted(session, event.ref, event_ts=event.event_ts, at=at)
    if event.thread and event.before.get("parent_user_id", bot) == bot:
        discussion.deleted(session, event.thread, event.ref.ts, at=at)
