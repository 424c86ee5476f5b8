"""Conversations: who joins and leaves them, and what becomes of them. Each change tells its events.

The events' shapes: https://docs.slack.dev/reference/events (one page each, by the event's name).
"""

from __future__ import annotations

from .messages import Messages
from .records import Channel, Ephemeral, Json, Message, ResponseUrl, SlackError

MPIM_PEOPLE = 9
"""How many people a group's direct message takes: https://docs.slack.dev/reference/methods/conversations.open"""


class Conversations(Messages):
    """The part of the world where people meet."""

    def join(self, channel_id: str, user_id: str, *, inviter: str = "") -> None:
        """Make somebody a member; somebody who is one already changes nothing.

        Raises `user_not_found`, `is_archived`, and `method_not_supported_for_channel_type` for direct messages.
        """
        channel, person = self._room(channel_id), self.person(user_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if person.id in channel.members:
            return
        channel.members[person.id] = None
        event = self._membership("member_joined_channel", channel, person.id)
        if inviter:
            event["inviter"] = inviter
        self.tell(event, channel)
        self._note(
            channel, user_id, "channel_join", "has joined the channel", **({"inviter": inviter} if inviter else {})
        )

    def leave(self, channel_id: str, user_id: str) -> None:
        """End somebody's membership. The app itself also hears `channel_left` or `group_left`.

        Raises `not_in_channel`, `cant_leave_general`, `is_archived`.
        """
        channel = self._room(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if channel.is_general:
            raise SlackError("cant_leave_general")
        if user_id not in channel.members:
            raise SlackError("not_in_channel")
        del channel.members[user_id]
        self.tell(self._membership("member_left_channel", channel, user_id), channel)
        self._note(channel, user_id, "channel_leave", "has left the channel")
        if user_id == self.app.user:
            left = self._family(channel, "left")
            self.tell({"type": left, "channel": channel.id, "actor_id": user_id}, channel)

    def archive(self, channel_id: str, by: str) -> None:
        """Close a channel: it stays readable, nobody writes. Raises `already_archived`, `cant_archive_general`."""
        channel = self._room(channel_id)
        if channel.is_archived:
            raise SlackError("already_archived")
        if channel.is_general:
            raise SlackError("cant_archive_general")
        channel.is_archived = True
        self.tell({"type": self._family(channel, "archive"), "channel": channel.id, "user": by}, channel)
        self._note(channel, by, "channel_archive", "archived the channel")

    def unarchive(self, channel_id: str, by: str) -> None:
        """Open an archived channel again. Raises `not_archived`."""
        channel = self._room(channel_id)
        if not channel.is_archived:
            raise SlackError("not_archived")
        channel.is_archived = False
        self.tell({"type": self._family(channel, "unarchive"), "channel": channel.id, "user": by}, channel)
        self._note(channel, by, "channel_unarchive", "un-archived the channel")

    def rename(self, channel_id: str, name: str, by: str) -> None:
        """Give a channel another name. Raises `name_taken`, `is_archived`."""
        channel = self._room(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if any(other.name == name for other in self.channels.values()):
            raise SlackError("name_taken")
        old, channel.name = channel.name, name
        renamed = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
        self.tell({"type": self._family(channel, "rename"), "channel": renamed}, channel)
        words = f'has renamed the channel from "{old}" to "{name}"'
        self._note(channel, by, "channel_name", words, old_name=old, name=name)

    def convert(self, channel_id: str, by: str, *, private: bool) -> None:
        """Make a channel private or public; its id stays. Only a message's subtype tells of it.

        Raises `method_not_supported_for_channel_type` for direct messages, `is_archived`.
        """
        channel = self._room(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if channel.is_private == private:
            return
        channel.is_private = private
        kind = "private" if private else "public"
        words = f"made this channel *{kind}*"
        self._note(channel, by, f"channel_convert_to_{kind}", words)

    def share(self, channel_id: str) -> Channel:
        """Share a channel with another organisation, over Slack Connect. A private one then has another id, for ever.

        Raises `method_not_supported_for_channel_type` for direct messages, `is_archived`.
        https://docs.slack.dev/reference/events/channel_id_changed
        """
        channel = self._room(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        channel.is_ext_shared = True
        if channel.is_private:
            self._give_new_id(channel)
            self.tell(
                {"type": "channel_id_changed", "old_channel_id": channel_id, "new_channel_id": channel.id}, channel
            )
        self.tell({"type": "channel_shared", "channel": channel.id, "connected_team_id": "T0OTHER"}, channel)
        return channel

    def _give_new_id(self, channel: Channel) -> None:
        del self.channels[channel.id]
        old, channel.id = channel.id, self.new_id("C")
        self.channels[channel.id] = channel
        here: list[Message | Ephemeral | ResponseUrl] = [*channel.messages.values()]
        here += [*self.ephemerals, *self.response_urls.values()]
        for one in here:
            if one.channel == old:
                one.channel = channel.id

    def delete_channel(self, channel_id: str, by: str) -> None:
        """Take a channel and all its messages away. Raises `cant_delete_general`."""
        channel = self._room(channel_id)
        if channel.is_general:
            raise SlackError("cant_delete_general")
        del self.channels[channel_id]
        self.tell({"type": self._family(channel, "deleted"), "channel": channel.id, "actor_id": by}, channel)

    def open_dm(self, *user_ids: str) -> Channel:
        """The direct message of these people (ids, all of them): the one there is, or a new one.

        Raises `user_not_found`, `not_enough_users` (fewer than 2), `too_many_users`.
        """
        people = {self.person(user_id).id for user_id in user_ids}
        if len(people) < 2:  # noqa: PLR2004 -- two make a conversation
            raise SlackError("not_enough_users")
        if len(people) > MPIM_PEOPLE:
            raise SlackError("too_many_users")
        for channel in self.channels.values():
            if (channel.is_im or channel.is_mpim) and channel.members.keys() == people:
                return channel
        members = tuple(dict.fromkeys(user_ids))
        if len(people) == 2:  # noqa: PLR2004 -- two make a conversation
            return self.add_channel("", members=members, is_im=True)
        names = "--".join(self.person(user_id).name for user_id in members)
        return self.add_channel(f"mpdm-{names}-1", members=members, is_mpim=True, is_private=True)

    def _room(self, channel_id: str) -> Channel:
        channel = self.channel(channel_id)
        if channel.is_im or channel.is_mpim:
            raise SlackError("method_not_supported_for_channel_type")
        return channel

    def _membership(self, kind: str, channel: Channel, user_id: str) -> Json:
        letter = "G" if channel.is_private else "C"
        team = self.person(user_id).team_id
        return {"type": kind, "user": user_id, "channel": channel.id, "channel_type": letter, "team": team}

    def _family(self, channel: Channel, what: str) -> str:
        return f"{'group' if channel.is_private else 'channel'}_{what}"

    def _note(self, channel: Channel, user_id: str, subtype: str, words: str, **extra: str) -> None:
        """Write the line that Slack itself writes into the channel."""
        self.post(channel.id, user_id, f"<@{user_id}> {words}", subtype=subtype, extra=extra)
