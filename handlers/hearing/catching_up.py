"""Catching up: after a gap, what Outloud could not hear is read from Slack, pocket by pocket and page by page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.desk import Desk
from handlers.duties import Repeatable, Settle, error_code, is_final, tolerating
from handlers.notices import Notice, Said
from handlers.pockets.reactions import keep_shown
from handlers.slack.reaching import NO_ACCESS
from handlers.slack.showing import DELETED, answers_to, is_left_out, names_all, reply_of, shown
from storage import workspaces
from storage.ids import MessageRef, Place, Ts
from storage.kept import sources
from storage.kept.sources import Shown
from storage.owed.notices import Waiting
from storage.owed.outbox import Errand
from storage.places import catching_up, pocket_reactions
from storage.places.catching_up import Answered, Gap, Page
from storage.places.pocket_reactions import PocketReactions

PAGE = 200
"""Messages in one reading: "no more than 200 results at a time" (docs.slack.dev/apis/web-api/pagination)."""


async def begin(desk: Desk, _slack: AsyncWebClient, errand: Errand) -> Settle:
    """Owe the catching up with some of the pockets."""
    return partial(catching_up.begin, workspace=errand.workspace, body=errand.body, at=desk.now())


async def catch_up(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Read one page of a pocket's history, newest first."""
    gap, until = await _gap(desk, errand), Ts(errand.body.get("latest", catching_up.NOW))
    if until <= gap.oldest:  # the pocket was stopped and started since: what is left to read is from before
        return None
    try:
        answer = await slack.conversations_history(
            channel=gap.place.channel, oldest=gap.oldest, latest=until, limit=PAGE
        )
    except SlackApiError as error:
        if is_final(error):
            return partial(catching_up.missed, gap=gap, at=desk.now())
        raise
    messages = answer["messages"]
    since = Ts(messages[-1]["ts"]) if messages and answer.get("has_more") else gap.oldest
    threads = tuple(Ts(one["ts"]) for one in messages if one.get("reply_count"))
    page = replace(await _page(desk, gap, messages), threads=threads, since=since, until=until)
    return partial(catching_up.read, gap=gap, page=page, at=desk.now())


async def catch_up_thread(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Read one page of a thread, oldest first."""
    gap, thread = await _gap(desk, errand), Ts(errand.body["ts"])
    after = {"oldest": errand.body["after"]} if "after" in errand.body else {}
    try:
        answer = await slack.conversations_replies(channel=gap.place.channel, ts=thread, limit=PAGE, **after)
    except SlackApiError as error:
        if is_final(error):  # it is gone; or the channel can't be read, which the channel's own page says
            return None
        raise
    replies = [one for one in answer["messages"] if one["ts"] != thread]
    until = Ts(replies[-1]["ts"] if replies and answer.get("has_more") else "")
    page = replace(await _page(desk, gap, replies), until=until, answers=await _answers(desk, gap, replies))
    return partial(catching_up.read_thread, gap=gap, thread=thread, page=page, at=desk.now())


async def check_source(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Look at one message that something is known of."""
    gap = await _gap(desk, errand)
    message = MessageRef(gap.place, Ts(errand.body["ts"]))
    try:
        now = await _look(desk, slack, message)
    except SlackApiError as error:
        if is_final(error):
            return None
        raise
    return partial(catching_up.checked, gap=gap, message=message, now=now, at=desk.now())


async def check_older(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Look at the next older message that is kept, or card: its keeps and helps may have gone, and so may the message."""
    gap = await _gap(desk, errand)
    message = await desk.db.read(sources.next_older, gap.place, before=Ts(errand.body["before"]))
    if message is None:
        return None
    try:
        now = await _look(desk, slack, message)
    except SlackApiError as error:
        if error_code(error) in NO_ACCESS:  # it would say so of all that were kept there
            return None
        if is_final(error):  # this one tells nothing: those before it may
            return partial(catching_up.go_on, gap=gap, message=message, at=desk.now())
        raise
    return partial(_checked, gap=gap, message=message, now=now, at=desk.now())


async def missed_hours(desk: Desk, notice: Waiting) -> Said:
    """What a lead hears where Outloud can't read what it missed."""
    gap = Gap.of(notice.person.workspace, notice.body)
    text = words.gaps.missed_hours(gap.place.channel, gap.since, gap.until, keep=await keep_shown(desk, gap.place))
    return Said(text, [blocks.section(text)])


BEGIN = Repeatable(begin, "conversations.history", background=True)
CATCH_UP = Repeatable(catch_up, "conversations.history", background=True)
CATCH_UP_THREAD = Repeatable(catch_up_thread, "conversations.replies", background=True)
CHECK_SOURCE = Repeatable(check_source, "reactions.get", background=True)
CHECK_OLDER = Repeatable(check_older, "reactions.get", background=True)
MISSED_HOURS = Notice(missed_hours)


async def _gap(desk: Desk, errand: Errand) -> Gap:
    return await desk.db.read(catching_up.as_known_now, Gap.of(errand.workspace, errand.body))


def _checked(session: Session, *, gap: Gap, message: MessageRef, now: Shown | None, at: float) -> None:
    catching_up.checked(session, gap, message, now, at=at)
    catching_up.go_on(session, gap, message, at=at)


async def _page(desk: Desk, gap: Gap, messages: list[dict[str, Any]]) -> Page:
    """What Slack shows of these messages. What stands in place of a deleted one is left out: it is looked at by itself."""
    own = await _reactions(desk, gap.place)
    there = [one for one in messages if one.get("subtype") != DELETED]
    whole = tuple(shown(gap.place, one, own) for one in there if names_all(one, own))
    return Page(whole, cut=tuple(Ts(one["ts"]) for one in there if not names_all(one, own)))


async def _answers(desk: Desk, gap: Gap, replies: list[dict[str, Any]]) -> tuple[Answered, ...]:
    """Those that people wrote in the thread of a message of Outloud's: in a round they may be answers."""
    me = await desk.db.read(workspaces.find, gap.place.workspace)
    if me is None:
        return ()
    to_it = (one for one in replies if answers_to(me.bot_user, one))
    return tuple(Answered(reply_of(me, gap.place, one), is_left_out(one)) for one in to_it)


async def _look(desk: Desk, slack: AsyncWebClient, message: MessageRef) -> Shown | None:
    """What Slack shows of one message, with everybody who reacted; None where it is gone."""
    with tolerating("message_not_found"):
        answer = await slack.reactions_get(channel=message.place.channel, timestamp=message.ts, full=True)
        if answer["message"].get("subtype") != DELETED:
            return shown(message.place, answer["message"], await _reactions(desk, message.place))
    return None


async def _reactions(desk: Desk, place: Place) -> PocketReactions:
    return await desk.db.read(pocket_reactions.of, place)
