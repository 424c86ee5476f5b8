"""Where people act: the world, the way to the app, and how a test's names mean people and channels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .clock import Clock
from .delivery import Courier
from .elements import Impossible
from .manifest import Manifest, read_manifest
from .parcels import Parcel, Reply
from .records import Channel, Json, Message, Person, View
from .wording import NOT_CONFIGURED
from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .records import Ephemeral

Who = Person | str
"""A person, or the name or id of one."""
Where = Channel | Person | str
"""A channel, or its name or id; a person means the direct message with them."""

Result = TypeVar("Result")


class Scene:
    """One workspace, with one app in it."""

    def __init__(
        self,
        manifest: Manifest | Mapping[str, Any] | Path | str,
        *,
        speed: float,
        now: float | None,
        socket_mode: bool | None,
    ) -> None:
        self.manifest = _as_manifest(manifest)
        if socket_mode is not None:
            self.manifest = self.manifest.with_socket_mode(on=socket_mode)
        self.clock = Clock(now=now, speed=speed)
        self.world = World(self.manifest.content, clock=self.clock)
        self.courier = Courier(self.world, self.manifest)
        self.offered: dict[tuple[str, str, str], list[Json]] = {}
        """The options that the app has offered in each menu it fills: the view or message, block_id, action_id."""
        self.chosen: dict[tuple[str, str, str], Json] = {}
        """What the menus of messages hold as somebody has them before them: the person, channel and ts."""

    @property
    def app_url(self) -> str:
        """Where the app listens for what happens; empty while no app runs."""
        return self.courier.app_url

    @app_url.setter
    def app_url(self, url: str) -> None:
        self.courier.app_url = url

    @property
    def app(self) -> Person:
        """The app's bot user."""
        return self.world.person(self.world.app.user)

    def find_person(self, who: Who) -> Person:
        """The person meant. Raises `Impossible` where there is none."""
        if isinstance(who, Person):
            return who
        name = who.removeprefix("@")
        if name in self.world.people:
            return self.world.people[name]
        for person in self.world.people.values():
            if person.name == name:
                return person
        raise Impossible(f"There is nobody called {who} here.")

    def find_awake(self, who: Who) -> Person:
        """The person meant, if they can do anything. Raises `Impossible` for the deactivated too."""
        person = self.find_person(who)
        if person.deleted:
            raise Impossible(f"{person.name} is deactivated.")
        return person

    def find_channel(self, where: Where, *, of: Person | None = None) -> Channel:
        """The channel meant; a person means the direct message of `of` with them. Raises `Impossible`."""
        if isinstance(where, Channel):
            return where
        if isinstance(where, str):
            name = where.removeprefix("#")
            if name in self.world.channels:
                return self.world.channels[name]
            for channel in self.world.channels.values():
                if channel.name == name:
                    return channel
        if of is None or (isinstance(where, str) and not self._is_person(where)):
            raise Impossible(f"There is no channel called {where} here.")
        return self.world.open_dm(of.id, self.find_person(where).id)

    def _is_person(self, name: str) -> bool:
        name = name.removeprefix("@")
        return name in self.world.people or any(person.name == name for person in self.world.people.values())

    def can_read(self, person: Person, channel: Channel) -> bool:
        """Whether Slack lets this person read the channel: members; in public ones all but guests and externals."""
        if person.deleted:
            return False
        is_full = person.team_id == self.world.team_id and not (person.is_restricted or person.is_ultra_restricted)
        return person.id in channel.members or (channel.type == "channel" and is_full)

    def check_sees(self, person: Person, thing: Message | Ephemeral | View) -> None:
        """Raise `Impossible` unless this person has it before their eyes."""
        if person.deleted:
            raise Impossible(f"{person.name} is deactivated.")
        if isinstance(thing, View):
            if thing.user != person.id or not thing.open:
                raise Impossible(f"{person.name} has no such form open.")
            return
        channel = self.world.channel(thing.channel)
        if isinstance(thing, Message):
            stands = channel.messages.get(thing.ts) is thing and self.can_read(person, channel)
        else:
            stands = thing.user == person.id and any(one.id == thing.id for one in self.world.ephemerals)
        if not stands:
            raise Impossible(f"{person.name} cannot see that message.")

    async def settled(self) -> None:
        """Wait until no event is on its way to the app, and none is due to be sent again."""
        await self.courier.settled()

    async def ask_app(self, kind: str, name: str, payload: Json) -> Reply:
        """Bring an interaction to the app, once; nothing is sent where its manifest has interactivity switched off."""
        is_able = self.manifest.suggests if kind == "block_suggestion" else self.manifest.is_interactive
        if not is_able:
            return Reply(reason=NOT_CONFIGURED)
        return await self.courier.ask(kind, name, payload, Parcel.of_interaction(payload))

    async def act(self, act: Callable[[], Result]) -> Result:
        """Do something in the world, and wait until the app has acknowledged the events it caused, or failed to."""
        before = len(self.courier.deliveries)
        result = act()
        for delivery in self.courier.deliveries[before:]:
            await delivery.rested()
        return result


def _as_manifest(manifest: Manifest | Mapping[str, Any] | Path | str) -> Manifest:
    if isinstance(manifest, Manifest):
        return manifest
    return read_manifest(manifest) if isinstance(manifest, (Path, str)) else Manifest(manifest)
