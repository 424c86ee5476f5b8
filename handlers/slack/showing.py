"""What Slack shows of a message, read for the rules of storage/."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from handlers import words
from handlers.payloads import scrub
from storage import emoji_names
from storage.ids import MessageRef, PersonId, Place, Ts
from storage.kept.curators import Given
from storage.kept.files import FileLink
from storage.kept.keeps import Look
from storage.kept.sources import Shown
from storage.learned.learnings import LearningView
from storage.places.pocket_reactions import PocketReactions
from storage.prompts.collecting import Reply
from storage.workspaces import Installation

LEAVES_OUT = "❌"
"""The reaction by which an author leaves an answer of theirs out, as names are compared (`emoji_names.same`)."""

DELETED = "tombstone"
"""The subtype of what stands in place of a deleted message that has replies."""

BROADCAST = "thread_broadcast"
"""The subtype of a reply that was also sent to its channel."""

BY_PEOPLE = {"", "file_share", BROADCAST, "me_message"}
"""Subtypes of messages that people write (docs.slack.dev/reference/events/message): others are Slack's, or bots'."""


def shown(place: Place, message: dict[str, Any], reactions: PocketReactions) -> Shown:
    """Its words, and the reactions that stand on it, as `conversations.history` and its like tell them.

    `reactions`: the pocket's own.
    """
    return Shown(
        MessageRef(place, Ts(message["ts"])),
        words_of(message),
        given=_given(message, lambda name: reactions.deed(name) == "keep"),
        once=_given(message, reactions.kept_once),
        files=files_of(message),
        helped=_given(message, lambda name: reactions.deed(name) == "helped"),
        endorsed=_given(message, lambda name: reactions.deed(name) == "endorse"),
        reactions=_given(message, lambda _name: True),
    )


def names_all(message: dict[str, Any], reactions: PocketReactions) -> bool:
    """Whether everybody is named who gave a reaction that does anything here: of many, Slack may leave some out."""
    wanted = [one for one in message.get("reactions", ()) if _counts(reactions, one["name"])]
    return all(len(one.get("users", ())) >= one.get("count", 0) for one in wanted)


def is_by_person(message: dict[str, Any]) -> bool:
    """Whether a person wrote it, and no bot, nor Slack itself."""
    is_theirs = message.get("subtype", "") in BY_PEOPLE and not message.get("bot_id")
    return is_theirs and message.get("user") not in (None, "USLACKBOT")


def answers_to(bot: PersonId, message: dict[str, Any]) -> bool:
    """Whether a person wrote it in the thread of a message of Outloud's, and not to ask Outloud itself there, by its name."""
    is_below = bool(message.get("thread_ts")) and bot in _above(message, bot) and is_by_person(message)
    return is_below and not re.match(rf"\s*<@{re.escape(bot)}[|>]", message.get("text") or "")


def _above(message: dict[str, Any], bot: PersonId) -> set[str | None]:
    """Who may have written what it stands below, as far as it says.

    Of a reply that was also sent to the channel Slack names no parent: it shows it, as `root`
    (docs.slack.dev/reference/events/message/thread_broadcast).
    """
    if message.get("subtype") != BROADCAST:
        return {message.get("parent_user_id")}
    return {message.get("parent_user_id"), (message.get("root") or {}).get("user", bot)}


def reply_of(
    installation: Installation | None, place: Place, message: dict[str, Any], *, edited: Ts | None = None
) -> Reply:
    """A message that `answers_to` Outloud. `edited`: its last edit's place in Slack's order, where an event told of it."""
    thread = Ts(message["thread_ts"])
    return Reply(
        message=MessageRef(place, Ts(message["ts"])),
        thread=thread,
        author=PersonId(message["user"]),
        words=words_of(message) if (message.get("text") or "").strip() else "",  # a file alone says nothing
        link=message_link(installation, place.channel, message["ts"], thread=thread),
        words_ts=edited or (message.get("edited") or {}).get("ts"),
    )


def is_left_out(message: dict[str, Any]) -> bool:
    """Whether its author's ❌ stands on it."""
    given = [one for one in message.get("reactions", ()) if emoji_names.same(one["name"]) == LEAVES_OUT]
    return any(message["user"] in one.get("users", ()) for one in given)


def message_link(installation: Installation | None, channel: str, ts: str, *, thread: str | None = None) -> str:
    """Where a message stands, as Slack's own links are made: `reactions.get` leaves `permalink` out at times."""
    link = f"{installation.url if installation else ''}archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread not in (None, ts) else link


def learning_link(installation: Installation | None, learning: LearningView) -> str | None:
    """Where one stands in Slack: the message that it was kept from, or its card, once that is posted."""
    if learning.link or not learning.card_ts:
        return learning.link
    return message_link(installation, learning.place.channel, learning.card_ts)


def words_of(message: dict[str, Any]) -> str:
    """Its text, as both databases can hold it; where it has none, what its files are called."""
    text: str = scrub(message.get("text") or "")
    return text or "\n".join(words.safe(file.title) for file in files_of(message))


def files_of(message: dict[str, Any]) -> tuple[FileLink, ...]:
    """Its files, as far as Slack shows them without the scope `files:read`; those that were deleted are none any more."""
    shown = [file for file in message.get("files") or () if isinstance(file, dict) and file.get("permalink")]
    named = (FileLink(_title(file), scrub(str(file["permalink"]))) for file in shown)
    return tuple(file for file in named if file.title)


def _title(file: dict[str, Any]) -> str:
    return str(scrub(str(file.get("title") or file.get("name") or ""))).strip()


def look_of(
    message: dict[str, Any],
    ref: MessageRef,
    installation: Installation | None,
    reactions: PocketReactions,
    *,
    heard: Ts,
) -> Look:
    """All that is read of a message that somebody keeps. `heard`: what was known of Slack's time before it was shown."""
    now = shown(ref.place, message, reactions)
    author = message.get("user")
    return Look(
        author=PersonId(author) if author else None,
        words=words_of(message),
        link=message.get("permalink") or _link_of(installation, ref, message),
        by_person=is_by_person(message),
        edited=(message.get("edited") or {}).get("ts"),
        files=now.files,
        helped=now.helped,
        reactions=now.reactions,
        heard=heard,
    )


def _link_of(installation: Installation | None, ref: MessageRef, message: dict[str, Any]) -> str:
    return message_link(installation, ref.place.channel, ref.ts, thread=message.get("thread_ts"))


def _counts(reactions: PocketReactions, name: str) -> bool:
    return reactions.deed(name) is not None or reactions.kept_once(name)


def _given(message: dict[str, Any], wanted: Callable[[str], bool]) -> frozenset[Given]:
    return frozenset(
        Given(PersonId(user), reaction["name"])
        for reaction in message.get("reactions", ())
        if wanted(reaction["name"])
        for user in reaction.get("users", ())
    )
