"""Messages: chat.postMessage, postEphemeral, update, delete, getPermalink."""

from __future__ import annotations

from sandbox.quotas import Tier
from sandbox.records import Channel, Json, SlackError
from sandbox.shapes import message_json

from .access import direct_message, joined, seen
from .arguments import CHANNEL, FLAG, OBJECT, OBJECTS, STAMP, TEXT, WORDS, needed, refused_as
from .method import Asked, Method, invalid_arguments, ratelimited
from .writing import LONGEST_MESSAGE, read_words, split_text


def post_message(asked: Asked) -> Json:
    """Post into a channel the app is in, or to a person; a long text becomes several messages, the first is answered.

    Raises `channel_not_found`, `not_in_channel`, `is_archived`, `thread_not_found`, `cannot_reply_to_message`, and the
    errors of `read_words`.
    """
    channel = _where(asked)
    if wait := asked.world.quotas.pace(channel.id):
        raise ratelimited(wait)
    words = read_words(asked.args)
    _shows_files(asked, words.blocks or [])
    _styled(asked)
    parts = [words.text] if words.blocks or words.attachments else split_text(words.text)
    messages = [
        asked.world.post(
            channel.id,
            asked.world.app.user,
            part,
            thread_ts=asked.text("thread_ts"),
            broadcast=asked.flag("reply_broadcast"),
            blocks=words.blocks or (),
            attachments=words.attachments or (),
            metadata=words.metadata or None,
            bot_id=asked.world.app.bot_id,
            app_id=asked.world.app.id,
            extra=words.extra,
        )
        for part in parts
    ]
    shape = message_json(asked.world, messages[0], metadata=True)
    return {"channel": channel.id, "ts": messages[0].ts, "message": shape}


def _where(asked: Asked) -> Channel:
    name = asked.text("channel")
    if name in asked.world.people:
        channel = direct_message(asked, name)
    else:
        names = {channel.name: channel.id for channel in asked.world.channels.values() if channel.name}
        channel_id = names.get(name.removeprefix("#"), name)
        channel = seen(asked, channel_id)
        if asked.world.app.user not in channel.members and "chat:write.public" not in asked.world.app.scopes:
            raise SlackError("not_in_channel")
    if channel.is_archived or _is_with_nobody(asked, channel):
        raise SlackError("is_archived")
    return channel


def _is_with_nobody(asked: Asked, channel: Channel) -> bool:
    others = [user_id for user_id in channel.members if user_id != asked.world.app.user]
    return channel.is_im and all(asked.world.person(user_id).deleted for user_id in others)


def _styled(asked: Asked) -> None:
    """Raise `missing_scope` for another name or icon, `as_user_not_supported`."""
    if any(asked.text(name) for name in ("username", "icon_emoji", "icon_url")):
        asked.need("chat:write.customize")
    if asked.flag("as_user"):
        raise SlackError("as_user_not_supported")
    _links_nothing(asked)


def _shows_files(asked: Asked, blocks: list[Json]) -> None:
    """Raise `invalid_blocks` for an image of a file that Slack does not have whole (python-slack-sdk #1450)."""
    for place, block in enumerate(blocks):
        id = (block.get("slack_file") or {}).get("id") if block.get("type") == "image" else None
        upload = asked.world.uploads.get(str(id)) if id else None
        if id and (upload is None or not upload.is_complete):
            wrong = f"[ERROR] invalid slack file [json-pointer:/blocks/{place}/slack_file]"
            raise SlackError("invalid_blocks", response_metadata={"messages": [wrong]})


def _links_nothing(asked: Asked) -> None:
    """Raise `invalid_arguments` for what the sandbox does not do."""
    if asked.flag("link_names") or asked.text("parse") not in ("", "none"):
        raise invalid_arguments("the sandbox links no names: write <@U…> or <#C…>, without link_names and parse")


def post_ephemeral(asked: Asked) -> Json:
    """Show a message to one person in a channel. Raises `user_not_in_channel` and the errors of `post_message`."""
    channel = joined(asked, asked.text("channel"))
    if channel.is_archived:
        raise SlackError("is_archived")
    if asked.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    thread_ts = asked.text("thread_ts")
    if thread_ts and thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    words = read_words(asked.args, longest=LONGEST_MESSAGE)
    _styled(asked)
    ephemeral = asked.world.whisper(
        channel.id,
        asked.text("user"),
        words.text,
        blocks=words.blocks or (),
        thread_ts=thread_ts,
        attachments=words.attachments or (),
    )
    return {"message_ts": ephemeral.ts}


def update(asked: Asked) -> Json:
    """Change one of the app's messages; what is not given stays.

    Raises `message_not_found`, `cant_update_message`, `is_inactive`, `msg_too_long` (over 4,000 characters) and what
    `read_words` raises.
    """
    channel = seen(asked, asked.text("channel"))
    message = asked.world.message(channel.id, asked.text("ts"))
    if channel.is_archived:
        raise SlackError("is_inactive")
    if message.user != asked.world.app.user:
        raise SlackError("cant_update_message")
    words = read_words(asked.args, longest=LONGEST_MESSAGE)
    _links_nothing(asked)
    if asked.flag("reply_broadcast"):
        raise SlackError("cant_broadcast_message")
    if asked.args.get("file_ids"):
        raise SlackError("file_not_found")
    changed = asked.world.edit(
        channel.id,
        message.ts,
        words.text,
        by=asked.world.app.user,
        blocks=words.blocks,
        attachments=words.attachments,
        metadata=words.metadata,
    )
    shape = message_json(asked.world, changed, metadata=True)
    return {"channel": channel.id, "ts": changed.ts, "text": changed.text, "message": shape}


def delete(asked: Asked) -> Json:
    """Take one of the app's messages away. Raises `message_not_found`, `cant_delete_message`."""
    channel = seen(asked, asked.text("channel"))
    asked.world.delete(channel.id, asked.text("ts"), by=asked.world.app.user)
    return {"channel": channel.id, "ts": asked.text("ts")}


def get_permalink(asked: Asked) -> Json:
    """Tell a message's address. Raises `channel_not_found`, `message_not_found`."""
    channel = seen(asked, asked.text("channel"))
    message = asked.world.message(channel.id, asked.text("message_ts"))
    return {"channel": channel.id, "permalink": asked.world.permalink(message)}


SAYS = {
    "text": TEXT,
    "blocks": refused_as(OBJECTS, "invalid_blocks_format"),
    "attachments": refused_as(OBJECTS, "invalid_attachments"),
    "markdown_text": TEXT,
    "as_user": FLAG,
    "link_names": FLAG,
    "parse": TEXT,
}
STYLE = {"username": TEXT, "icon_emoji": TEXT, "icon_url": TEXT}
METADATA = refused_as(OBJECT, "invalid_metadata_format")
MESSAGE = needed(refused_as(STAMP, "message_not_found"), "message_not_found")
THREAD = refused_as(STAMP, "thread_not_found")
WRITE = ("chat:write",)

METHODS = (
    Method(
        "chat.postMessage",
        post_message,
        Tier.POST,
        SAYS
        | STYLE
        | {
            "channel": CHANNEL,
            "thread_ts": THREAD,
            "reply_broadcast": FLAG,
            "metadata": METADATA,
            "mrkdwn": FLAG,
            "unfurl_links": FLAG,
            "unfurl_media": FLAG,
        },
        WRITE,
    ),
    Method(
        "chat.postEphemeral",
        post_ephemeral,
        Tier.FOUR,
        SAYS | STYLE | {"channel": CHANNEL, "user": needed(TEXT, "user_not_in_channel"), "thread_ts": THREAD},
        WRITE,
    ),
    Method(
        "chat.update",
        update,
        Tier.THREE,
        SAYS | {"channel": CHANNEL, "ts": MESSAGE, "metadata": METADATA, "reply_broadcast": FLAG, "file_ids": WORDS},
        WRITE,
    ),
    Method("chat.delete", delete, Tier.THREE, {"channel": CHANNEL, "ts": MESSAGE, "as_user": FLAG}, WRITE),
    Method("chat.getPermalink", get_permalink, Tier.SPECIAL, {"channel": CHANNEL, "message_ts": MESSAGE}),
)
