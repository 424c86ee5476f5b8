"""Messages and reactions: what is written, edited, deleted, reacted to, and whispered to one person."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from .records import Channel, Ephemeral, Json, Message, Person, SlackError
from .shapes import message_json
from .state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

SYSTEM_SUBTYPES = frozenset(
    {
        "channel_join",
        "channel_leave",
        "channel_archive",
        "channel_unarchive",
        "channel_name",
        "channel_convert_to_private",
        "channel_convert_to_public",
        "tombstone",
    }
)
"""Messages that Slack writes itself: nobody edits them, replies to them, or need be a member to cause them."""

REACTIONS_PER_PERSON = 23
"""How many emoji one person may give one message: https://docs.slack.dev/reference/methods/reactions.add"""


class Messages(State):
    """The part of the world that is written."""

    def post(
        self,
        channel_id: str,
        user_id: str,
        text: str,
        *,
        thread_ts: str = "",
        subtype: str = "",
        broadcast: bool = False,
        blocks: Sequence[Json] = (),
        attachments: Sequence[Json] = (),
        metadata: Json | None = None,
        bot_id: str = "",
        app_id: str = "",
        files: Sequence[Json] = (),
        ts: str | None = None,
        extra: Json | None = None,
        member: bool = True,
    ) -> Message:
        """Write a message; `ts` is given for history that is played again.

        Its author must be in the channel, unless it is history, or `member` is False (an answer to a command).
        Raises `is_archived`, `not_in_channel`, and for a thread `thread_not_found` or `cannot_reply_to_message`.
        """
        channel = self.channel(channel_id)
        if channel.is_archived and subtype not in SYSTEM_SUBTYPES:
            raise SlackError("is_archived")
        is_outside = user_id not in channel.members and subtype not in SYSTEM_SUBTYPES
        if member and ts is None and is_outside:
            raise SlackError("not_in_channel")
        if ts is not None and ts in channel.messages:
            raise ValueError(f"There is already a message at {ts} in {channel_id}.")
        root = self._root(channel, thread_ts) if thread_ts and thread_ts != ts else None
        message = Message(
            channel=channel_id,
            ts=ts or self.new_ts(),
            user=user_id,
            text=text,
            subtype="thread_broadcast" if broadcast and root else subtype,
            thread_ts=root.ts if root else "",
            bot_id=bot_id,
            app_id=app_id,
            blocks=list(blocks),
            attachments=list(attachments),
            metadata=metadata,
            files=list(files),
            extra=dict(extra or {}),
        )
        self._place(channel, message, root)
        self._tell_message(channel, message_json(self, message))
        return message

    def _root(self, channel: Channel, thread_ts: str) -> Message:
        root = channel.messages.get(thread_ts)
        if root is None:
            raise SlackError("thread_not_found")
        if root.is_reply or root.subtype in SYSTEM_SUBTYPES - {"tombstone"}:
            raise SlackError("cannot_reply_to_message")
        return root

    def _place(self, channel: Channel, message: Message, root: Message | None) -> None:
        newest = next(reversed(channel.messages), "")
        channel.messages[message.ts] = message
        if message.ts < newest:
            channel.messages = dict(sorted(channel.messages.items()))
        seconds, _, micros = message.ts.partition(".")
        self._last_ts = max(self._last_ts, int(seconds) * 1_000_000 + int(micros or 0))
        if root:
            root.thread_ts = root.ts
            replies = channel.threads.setdefault(root.ts, [])
            replies.append(message.ts)
            replies.sort()

    def tell_message_again(self, message: Message) -> None:
        """Tell once more, as it stands now, that a message was written."""
        self._tell_message(self.channel(message.channel), message_json(self, message))

    def _tell_message(self, channel: Channel, event: Json) -> None:
        self.tell({**event, "channel": channel.id, "channel_type": channel.type}, channel)

    def edit(
        self,
        channel_id: str,
        ts: str,
        text: str,
        *,
        by: str,
        blocks: Sequence[Json] | None = None,
        attachments: Sequence[Json] | None = None,
        metadata: Json | None = None,
    ) -> Message:
        """Change one's own message; blocks, attachments and metadata that are None stay as they are.

        Raises `message_not_found`, `is_archived`, `cant_update_message`.
        """
        message, channel = self.message(channel_id, ts), self.channel(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if message.user != by or message.subtype in SYSTEM_SUBTYPES:
            raise SlackError("cant_update_message")
        previous = message_json(self, message)
        message.text = text
        message.blocks = message.blocks if blocks is None else list(blocks)
        message.attachments = message.attachments if attachments is None else list(attachments)
        message.metadata = message.metadata if metadata is None else metadata
        message.edited = {"user": by, "ts": self.new_ts()}
        self._tell_change(channel, message, previous)
        return message

    def replace(self, message: Message, text: str, blocks: Sequence[Json], attachments: Sequence[Json]) -> None:
        """Put other words in the app's own message, as an answer to an interaction does (`replace_original`)."""
        previous = message_json(self, message)
        message.text, message.blocks, message.attachments = text, list(blocks), list(attachments)
        message.edited = {"user": message.user, "ts": self.new_ts()}
        self._tell_change(self.channel(message.channel), message, previous)

    def _tell_change(self, channel: Channel, message: Message, previous: Json) -> None:
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": self.new_ts()}
        self._tell_message(channel, {**event, "message": message_json(self, message), "previous_message": previous})

    def delete(self, channel_id: str, ts: str, *, by: str) -> None:
        """Take a message away: one's own, or anybody's for an admin.

        A message that has replies leaves a tombstone, as in Slack (a `message_changed`, not a `message_deleted`).
        Raises `message_not_found`, `cant_delete_message`.
        """
        message, channel = self.message(channel_id, ts), self.channel(channel_id)
        is_admin = by in self.people and self.people[by].is_admin
        if message.subtype == "tombstone" or (message.user != by and not is_admin):
            raise SlackError("cant_delete_message")
        previous = message_json(self, message)
        if channel.threads.get(ts):
            buried = Message(channel_id, ts, "USLACKBOT", "This message was deleted.", "tombstone", thread_ts=ts)
            channel.messages[ts] = buried
            self._tell_change(channel, buried, previous)
            return
        del channel.messages[ts]
        if message.is_reply:
            self._leave_thread(channel, message)
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": self.new_ts()}
        self._tell_message(channel, {**event, "deleted_ts": ts, "previous_message": previous})

    def _leave_thread(self, channel: Channel, reply: Message) -> None:
        replies = channel.threads[reply.thread_ts]
        replies.remove(reply.ts)
        if replies:
            return
        del channel.threads[reply.thread_ts]
        root = channel.messages[reply.thread_ts]
        root.thread_ts = ""
        if root.subtype == "tombstone":
            del channel.messages[root.ts]

    def react(self, channel_id: str, ts: str, user_id: str, name: str, *, event_ts: str | None = None) -> None:
        """Give a message an emoji, or one more of it.

        Raises `message_not_found`, `is_archived`, `already_reacted`, `too_many_reactions`.
        """
        message, channel = self.message(channel_id, ts), self.channel(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if user_id in message.reactions.get(name, ()):
            raise SlackError("already_reacted")
        if sum(user_id in users for users in message.reactions.values()) >= REACTIONS_PER_PERSON:
            raise SlackError("too_many_reactions")
        message.reactions.setdefault(name, []).append(user_id)
        self._tell_reaction("reaction_added", message, user_id, name, event_ts)

    def unreact(self, channel_id: str, ts: str, user_id: str, name: str, *, event_ts: str | None = None) -> None:
        """Take an emoji back. Raises `message_not_found`, `is_archived`, `no_reaction`."""
        message, channel = self.message(channel_id, ts), self.channel(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if user_id not in message.reactions.get(name, ()):
            raise SlackError("no_reaction")
        message.reactions[name].remove(user_id)
        if not message.reactions[name]:
            del message.reactions[name]
        self._tell_reaction("reaction_removed", message, user_id, name, event_ts)

    def tell_reaction_again(self, message: Message, user_id: str, name: str, *, event_ts: str) -> None:
        """Tell once more that somebody gave a message an emoji at `event_ts`."""
        self._tell_reaction("reaction_added", message, user_id, name, event_ts)

    def _tell_reaction(self, kind: str, message: Message, user_id: str, name: str, event_ts: str | None) -> None:
        event: Json = {"type": kind, "user": user_id, "reaction": name}
        if message.user:
            event["item_user"] = message.user
        event["item"] = {"type": "message", "channel": message.channel, "ts": message.ts}
        event["event_ts"] = event_ts or self.new_ts()
        self.tell(event, self.channel(message.channel))

    def whisper(
        self,
        channel_id: str,
        user_id: str,
        text: str,
        *,
        blocks: Sequence[Json] = (),
        thread_ts: str = "",
        attachments: Sequence[Json] = (),
    ) -> Ephemeral:
        """Show something to one person only; no event tells of it. Raises `channel_not_found`, `user_not_found`."""
        channel, person = self.channel(channel_id), self.person(user_id)
        ephemeral = Ephemeral(
            id=secrets.token_hex(8),
            channel=channel.id,
            user=person.id,
            ts=self.new_ts(),
            text=text,
            blocks=list(blocks),
            thread_ts=thread_ts,
            attachments=list(attachments),
        )
        self.ephemerals.append(ephemeral)
        return ephemeral

    def permalink(self, message: Message) -> str:
        """Where a browser shows the message (https://docs.slack.dev/reference/methods/chat.getPermalink)."""
        link = f"https://{self.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
        return f"{link}?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else link

    def bot(self, bot_id: str) -> Person:
        """The bot with this `B…` id. Raises `bot_not_found`."""
        for person in self.people.values():
            if person.bot_id and person.bot_id == bot_id:
                return person
        raise SlackError("bot_not_found")
