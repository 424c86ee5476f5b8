"""Answers to interactions at their `response_url`.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.records import Ephemeral, Json, Message, ResponseUrl, SlackError

from .arguments import FLAG, OBJECT, OBJECTS, STAMP, TEXT, refused_as
from .method import Argument, invalid_arguments
from .writing import Words, read_words

if TYPE_CHECKING:
    from sandbox.world import World

PARTS: dict[str, Argument] = {
    "text": TEXT,
    "blocks": refused_as(OBJECTS, "invalid_blocks_format"),
    "attachments": refused_as(OBJECTS, "invalid_attachments"),
    "metadata": refused_as(OBJECT, "invalid_metadata_format"),
    "response_type": TEXT,
    "replace_original": FLAG,
    "delete_original": FLAG,
    "thread_ts": refused_as(STAMP, "thread_not_found"),
    "mrkdwn": FLAG,
    "unfurl_links": FLAG,
    "unfurl_media": FLAG,
}


def respond(world: World, secret: str, body: Json) -> None:
    """Carry out one answer. A refused one does not use the address up.

    Raises `expired_url` and `used_url` (404) where the address no longer works, and what `read_words` raises.
    """
    url = world.response_urls.get(secret)
    if url is None or world.clock.passed() > url.until:
        raise SlackError("expired_url", status=404)
    if url.uses <= 0:
        raise SlackError("used_url", status=404)
    args = _read(body)
    if args.get("delete_original"):
        _delete(world, url)
    else:
        _write(world, url, args)
    url.uses -= 1


def _read(body: Json) -> Json:
    if unknown := sorted(body.keys() - PARTS.keys()):
        raise invalid_arguments(*[f"unknown argument: {name}" for name in unknown])
    args: Json = {}
    for name, value in body.items():
        if value in (None, ""):
            continue
        try:
            args[name] = PARTS[name].read(value)
        except ValueError as error:
            raise SlackError(PARTS[name].malformed, reason=f"{name} {error}") from None
    if args.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise invalid_arguments("response_type must be one of: ephemeral, in_channel")
    return args


def _original(world: World, url: ResponseUrl) -> Message | Ephemeral | None:
    for ephemeral in world.ephemerals:
        if (ephemeral.ts, ephemeral.user) == (url.message_ts, url.user):
            return ephemeral
    return world.channel(url.channel).messages.get(url.message_ts or "")


def _delete(world: World, url: ResponseUrl) -> None:
    original = _original(world, url)
    if isinstance(original, Ephemeral):
        world.ephemerals.remove(original)
    elif original and original.user == world.app.user:
        world.delete(original.channel, original.ts, by=world.app.user)
    else:
        raise SlackError("message_not_found")


def _write(world: World, url: ResponseUrl, args: Json) -> None:
    words = read_words(args)
    original = _original(world, url) if args.get("replace_original") else None
    if isinstance(original, Ephemeral):
        original.text, original.blocks = words.text, words.blocks or []
        original.attachments = words.attachments or []
    elif original and original.user == world.app.user:
        world.replace(original, words.text, words.blocks or (), words.attachments or ())
    elif original:
        raise SlackError("cant_update_message")
    else:
        _add(world, url, args, words)


def _add(world: World, url: ResponseUrl, args: Json, words: Words) -> None:
    thread_ts = args.get("thread_ts", url.thread_ts)
    blocks, attachments = words.blocks or (), words.attachments or ()
    if args.get("response_type") != "in_channel":
        if world.channel(url.channel).is_archived:
            raise SlackError("is_archived")
        world.whisper(url.channel, url.user, words.text, blocks=blocks, thread_ts=thread_ts, attachments=attachments)
        return
    world.post(
        url.channel,
        world.app.user,
        words.text,
        thread_ts=thread_ts,
        blocks=blocks,
        attachments=attachments,
        metadata=words.metadata,
        bot_id=world.app.bot_id,
        app_id=world.app.id,
        extra=words.extra,
        member=False,
    )
