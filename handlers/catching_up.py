"""Catching up: after a gap, what Outloud could not hear is read from Slack, pocket by pocket and page by page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from storage import gaps, sources
from storage.gaps import Gap, Page
from storage.ids import MessageRef, Ts
from storage.outbox import Errand
from storage.sources import Shown

from . import blocks, words
from .desk import Desk
from .duties import Message, Post, Repeatable, Settle, is_final, tolerating
from .reaching import forgo
from .showing import DELETED, names_all, shown

PAGE = 200
"""Messages in one reading: "no more than 200 results at a time" (docs.slack.dev/apis/web-api/pagination)."""


async def begin(desk: Desk, _slack: AsyncWebClient, errand: Errand) -> Settle:
    """Owe the catching up with some of the pockets."""
    return partial(gaps.begin, workspace=errand.workspace, body=errand.body, at=desk.now())


async def catch_up(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Read one page of a pocket's history, newest first."""
    gap, until = await _gap(desk, errand), Ts(errand.body.get("latest", gaps.NOW))
    if until <= gap.oldest:
        return None
    try:
        answer = await slack.conversations_history(
            channel=gap.place.channel, oldest=gap.oldest, latest=until, limit=PAGE
        )
    except SlackApiError as error:
        if is_final(error):
            return partial(gaps.missed, gap=gap, at=desk.now())
        raise
    messages = answer["messages"]
    since = Ts(messages[-1]["ts"]) if messages and answer.get("has_more") else gap.oldest
    threads = tuple(Ts(one["ts"]) for one in messages if one.get("reply_count"))
    page = replace(_page(gap, messages), threads=threads, since=since, until=until)
    return partial(gaps.read, gap=gap, page=page, at=desk.now())


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
    page = replace(_page(gap, replies), until=until)
    return partial(gaps.read_thread, gap=gap, thread=thread, page=page, at=desk.now())


async def check_source(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Look at one message that something is known of."""
    gap = await _gap(desk, errand)
    message = MessageRef(gap.place, Ts(errand.body["ts"]))
    try:
        now = await _look(slack, message)
    except SlackApiError as error:
        if is_final(error):
            return None
        raise
    return partial(gaps.checked, gap=gap, message=message, now=now, at=desk.now())


async def check_older(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Look at the next older message that is kept: its keeps may have gone, and so may the message."""
    gap = await _gap(desk, errand)
    older = await desk.db.read(sources.next_older, gap.place, before=Ts(errand.body["before"]))
    if older is None or older.source_ts is None:
        return None
    message = MessageRef(gap.place, older.source_ts)
    try:
        now = await _look(slack, message)
    except SlackApiError as error:
        if is_final(error):  # this one tells nothing: those before it may
            return partial(gaps.go_on, gap=gap, message=message, at=desk.now())
        raise
    return partial(_checked, gap=gap, message=message, now=now, at=desk.now())


async def tell_of_gap(_desk: Desk, errand: Errand) -> Message:
    """What a lead hears where Outloud can't read what it missed."""
    gap = Gap.of(errand.workspace, errand.body)
    text = words.missed_hours(gap.place.channel, gap.since, gap.until)
    return Message(errand.body["person"], text, [blocks.section(text)])


BEGIN = Repeatable(begin, "conversations.history", background=True)
CATCH_UP = Repeatable(catch_up, "conversations.history", background=True)
CATCH_UP_THREAD = Repeatable(catch_up_thread, "conversations.replies", background=True)
CHECK_SOURCE = Repeatable(check_source, "reactions.get", background=True)
CHECK_OLDER = Repeatable(check_older, "reactions.get", background=True)
TELL_OF_GAP = Post(tell_of_gap, instead=forgo)


async def _gap(desk: Desk, errand: Errand) -> Gap:
    return await desk.db.read(gaps.as_known_now, Gap.of(errand.workspace, errand.body))


def _checked(session: Session, *, gap: Gap, message: MessageRef, now: Shown | None, at: float) -> None:
    gaps.checked(session, gap, message, now, at=at)
    gaps.go_on(session, gap, message, at=at)


def _page(gap: Gap, messages: list[dict[str, Any]]) -> Page:
    """What Slack shows of these messages. What stands in place of a deleted one is left out: it is looked at by itself."""
    there = [one for one in messages if one.get("subtype") != DELETED]
    whole = tuple(shown(gap.place, one) for one in there if names_all(one))
    return Page(whole, cut=tuple(Ts(one["ts"]) for one in there if not names_all(one)))


async def _look(slack: AsyncWebClient, message: MessageRef) -> Shown | None:
    """What Slack shows of one message, with everybody who reacted; None where it is gone."""
    with tolerating("message_not_found"):
        answer = await slack.reactions_get(channel=message.place.channel, timestamp=message.ts, full=True)
        if answer["message"].get("subtype") != DELETED:
            return shown(message.place, answer["message"])
    return None
