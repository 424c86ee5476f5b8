"""What people do in conversations: write, react, come and go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .elements import Impossible
from .scene import Scene, Where, Who
from .shapes import person_json
from .wording import typed_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .records import Channel, Json, Message, Person

SHARED_TEAM = "T0PARTNER"
"""The other organisation that external people are of."""


class Talk(Scene):
    """Everybody's acts in conversations. Each ends when the app has acknowledged the events that it caused."""

    def person(
        self,
        name: str,
        *,
        guest: str | None = None,
        external: bool = False,
        bot: bool = False,
        admin: bool = False,
        deleted: bool = False,
        tz: str = "Europe/Berlin",
        real_name: str = "",
        id: str | None = None,
    ) -> Person:
        """Somebody new: `guest` is `single` or `multi` (channels), `external` is of another organisation."""
        if any(person.name == name for person in self.world.people.values()):
            raise ValueError(f"There is already somebody called {name}.")
        if guest not in (None, "single", "multi"):
            raise ValueError("A guest is “single” or “multi”.")
        return self.world.add_person(
            name,
            id=id,
            team_id=SHARED_TEAM if external else None,
            real_name=real_name,
            is_bot=bot,
            bot_id=self.world.new_id("B") if bot else "",
            is_admin=admin,
            is_restricted=guest is not None,
            is_ultra_restricted=guest == "single",
            deleted=deleted,
            tz=tz,
        )

    def channel(
        self,
        name: str,
        *,
        private: bool = False,
        archived: bool = False,
        shared: bool = False,
        general: bool = False,
        members: Sequence[Who] = (),
        app: bool = True,
        id: str | None = None,
    ) -> Channel:
        """A channel that is there already, with these members, and the app unless `app` is False; no event tells."""
        name = name.removeprefix("#")
        if any(channel.name == name for channel in self.world.channels.values()):
            raise ValueError(f"There is already a channel called {name}.")
        people = [self.find_person(who).id for who in members]
        return self.world.add_channel(
            name,
            id=id,
            members=(*people, *([self.app.id] if app else ())),
            creator=people[0] if people else "",
            is_private=private,
            is_archived=archived,
            is_ext_shared=shared,
            is_general=general,
        )

    async def says(
        self,
        who: Who,
        text: str,
        *,
        in_: Where,
        thread: Message | str | None = None,
        broadcast: bool = False,
        files: Sequence[Json | str] = (),
        raw: bool = False,
    ) -> Message:
        """`who` writes `text`, which Slack's client escapes unless `raw`; in a person's name: in their direct message.

        `thread` is the message replied to (or a reply in its thread), or its ts. Raises `SlackError`, and `Impossible` where the
        app's manifest lets nobody write to it.
        """
        person = self.find_awake(who)
        channel = self.find_channel(in_, of=person)
        self._may_write(channel)
        root = thread if isinstance(thread, (str, type(None))) else thread.thread_ts or thread.ts
        attached = [self._file(person, file) for file in files]
        return await self.act(
            lambda: self.world.post(
                channel.id,
                person.id,
                text if raw else typed_text(self.world, text),
                thread_ts=root or "",
                broadcast=broadcast,
                files=attached,
                subtype="file_share" if attached else "",
                bot_id=person.bot_id,
            )
        )

    async def edits(self, who: Who, message: Message, text: str, *, raw: bool = False) -> Message:
        """`who` changes their message's words, and with them its blocks. Raises `SlackError`."""
        person = self._at(who, message)
        words = text if raw else typed_text(self.world, text)
        return await self.act(lambda: self.world.edit(message.channel, message.ts, words, by=person.id, blocks=()))

    async def deletes(self, who: Who, message: Message) -> None:
        """`who` deletes their message, or an admin anybody's. Raises `SlackError`."""
        person = self._at(who, message)
        await self.act(lambda: self.world.delete(message.channel, message.ts, by=person.id))

    async def reacts(self, who: Who, emoji: str, message: Message) -> None:
        """`who` gives the message an emoji (its name, without colons). Raises `SlackError`."""
        person = self._at(who, message)
        await self.act(lambda: self.world.react(message.channel, message.ts, person.id, emoji.strip(":")))

    async def unreacts(self, who: Who, emoji: str, message: Message) -> None:
        """`who` takes their emoji back. Raises `SlackError`."""
        person = self._at(who, message)
        await self.act(lambda: self.world.unreact(message.channel, message.ts, person.id, emoji.strip(":")))

    async def joins(self, who: Who, channel: Where) -> None:
        """`who` joins a channel that they can read. Raises `Impossible`, `SlackError`."""
        person, room = self.find_awake(who), self.find_channel(channel)
        if not self.can_read(person, room):
            raise Impossible(f"{person.name} cannot join #{room.name} without an invitation.")
        await self.act(lambda: self.world.join(room.id, person.id))

    async def leaves(self, who: Who, channel: Where) -> None:
        """`who` leaves the channel. Raises `SlackError`."""
        person, room = self.find_person(who), self.find_channel(channel)
        await self.act(lambda: self.world.leave(room.id, person.id))

    async def invites(self, who: Who, whom: Who, channel: Where) -> None:
        """`who`, a member, brings somebody or the app (`slack.app`) into the channel. Raises `SlackError`."""
        person, guest, room = self._member(who, channel), self.find_person(whom), self.find_channel(channel)
        await self.act(lambda: self.world.join(room.id, guest.id, inviter=person.id))

    async def removes(self, who: Who, whom: Who, channel: Where) -> None:
        """`who`, a member, takes somebody or the app out of the channel. Raises `SlackError`."""
        _, gone, room = self._member(who, channel), self.find_person(whom), self.find_channel(channel)
        await self.act(lambda: self.world.leave(room.id, gone.id))

    async def archives(self, who: Who, channel: Where) -> None:
        """`who` archives the channel. Raises `SlackError`."""
        person, room = self._member(who, channel), self.find_channel(channel)
        await self.act(lambda: self.world.archive(room.id, person.id))

    async def unarchives(self, who: Who, channel: Where) -> None:
        """`who` opens an archived channel again. Raises `SlackError`."""
        person, room = self._member(who, channel), self.find_channel(channel)
        await self.act(lambda: self.world.unarchive(room.id, person.id))

    async def renames(self, who: Who, channel: Where, name: str) -> None:
        """`who` gives the channel another name. Raises `SlackError`."""
        person, room = self._member(who, channel), self.find_channel(channel)
        await self.act(lambda: self.world.rename(room.id, name.removeprefix("#"), person.id))

    async def converts(self, who: Who, channel: Where, *, private: bool) -> None:
        """`who` makes the channel private or public. Raises `SlackError`."""
        person, room = self._member(who, channel), self.find_channel(channel)
        await self.act(lambda: self.world.convert(room.id, person.id, private=private))

    async def shares(self, who: Who, channel: Where) -> None:
        """`who` shares the channel with another organisation; a private one has another id then. Raises `SlackError`."""
        _, room = self._member(who, channel), self.find_channel(channel)
        await self.act(lambda: self.world.share(room.id))

    async def deletes_channel(self, who: Who, channel: Where) -> None:
        """`who` deletes the channel with all that was said in it. Raises `SlackError`."""
        person, room = self._member(who, channel), self.find_channel(channel)
        await self.act(lambda: self.world.delete_channel(room.id, person.id))

    async def deactivates(self, whom: Who) -> None:
        """An admin deactivates somebody: they see nothing and do nothing any more."""
        person = self.find_person(whom)
        person.deleted = True
        event = {"type": "user_change", "user": person_json(person, world=self.world)}
        await self.act(lambda: self.world.tell(event))

    def _may_write(self, channel: Channel) -> None:
        """To the app itself, where its Messages tab is there and can be written in (features.app_home of the manifest)."""
        home = self.world.app.manifest.get("features", {}).get("app_home", {})
        is_open = home.get("messages_tab_enabled") and not home.get("messages_tab_read_only_enabled")
        if channel.is_im and self.app.id in channel.members and not is_open:
            raise Impossible("Sending messages to this app has been turned off.")

    def _at(self, who: Who, message: Message) -> Person:
        person = self.find_person(who)
        self.check_sees(person, message)
        return person

    def _member(self, who: Who, channel: Where) -> Person:
        person, room = self.find_awake(who), self.find_channel(channel)
        if person.id not in room.members:
            raise Impossible(f"{person.name} is not in #{room.name}.")
        return person

    def _file(self, person: Person, file: Json | str) -> Json:
        """A file object (https://docs.slack.dev/reference/objects/file-object)."""
        if not isinstance(file, str):
            return file
        kind, id, now = file.rpartition(".")[2], self.world.new_id("F"), int(self.world.clock.now())
        own = f"https://{self.world.domain}.slack.com/files"
        slug = re.sub(r"[^a-z0-9.]+", "_", file.lower())
        return {
            "id": id,
            "created": now,
            "timestamp": now,
            "name": file,
            "title": file,
            "filetype": kind,
            "user": person.id,
            "mode": "hosted",
            "is_external": False,
            "is_public": True,
            "url_private": f"{own}-pri/{self.world.team_id}-{id}/{slug}",
            "permalink": f"{own}/{person.id}/{id}/{slug}",
        }
