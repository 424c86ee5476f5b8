"""What every part of the world stands on: the clock, ids, people, channels, and who is told of a change."""

from __future__ import annotations

import itertools
import secrets
from typing import TYPE_CHECKING, Any

from .clock import Clock
from .faults import Faults
from .quotas import Quotas
from .records import (
    App,
    Call,
    Channel,
    Ephemeral,
    Happening,
    Json,
    Message,
    Person,
    ResponseUrl,
    SlackError,
    Trigger,
    Upload,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class State:
    """A workspace with one app in it, and nobody else as yet."""

    def __init__(self, manifest: Json, *, clock: Clock | None = None, domain: str = "acme") -> None:
        self.clock = clock or Clock()
        self.team_id = "T0SANDBOX"
        self.team_name = domain.capitalize()
        self.domain = domain
        self.base_url = "http://127.0.0.1"
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Ephemeral] = []
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.emoji: dict[str, str] = {}
        """The workspace's own emoji: the name, the picture's address or `alias:name`."""
        self.uploads: dict[str, Upload] = {}
        """The files that the app uploads, by their ids."""
        self.calls: list[Call] = []
        self.listeners: list[Callable[[Happening], None]] = []
        self.socket_url: Callable[[], str] | None = None
        """Makes a new Socket Mode address; set by whoever serves sockets."""
        self.quotas = Quotas(self.clock)
        self.faults = Faults()
        self._ids = itertools.count(1)
        self._last_ts = 0
        display = manifest.get("features", {}).get("bot_user", {}).get("display_name", "app")
        bot = self.add_person(display.lower(), real_name=display, is_bot=True)
        bot.bot_id = self.new_id("B")
        granted = manifest.get("oauth_config", {}).get("scopes", {})
        scopes = {*granted.get("bot", ()), *granted.get("bot_optional", ())}
        self.app = App(manifest=manifest, user=bot.id, bot_id=bot.bot_id, name=display, scopes=scopes)

    # -- ids and times

    def new_id(self, letter: str) -> str:
        """An id as Slack's look: a letter and ten more, never twice in a run."""
        return f"{letter}0{next(self._ids):04d}{secrets.token_hex(3).upper()[:5]}"

    def new_ts(self) -> str:
        """The `ts` of something that happens now: unique, growing, six decimals."""
        micros = max(int(self.clock.now() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    # -- people and channels

    def add_person(
        self,
        name: str,
        *,
        id: str | None = None,
        team_id: str | None = None,
        **more: Any,  # noqa: ANN401 -- any JSON, or the fields of a dataclass
    ) -> Person:
        """A new person. Two people may not have one id (`ValueError`)."""
        person = Person(id or self.new_id("U"), name, team_id or self.team_id, **more)
        person.real_name = person.real_name or name.capitalize()
        if person.id in self.people:
            raise ValueError(f"There is already somebody with the id {person.id}.")
        self.people[person.id] = person
        return person

    def add_channel(
        self,
        name: str,
        *,
        id: str | None = None,
        members: tuple[str, ...] = (),
        **more: Any,  # noqa: ANN401 -- any JSON, or the fields of a dataclass
    ) -> Channel:
        """A new channel with `members` (ids of people) in it, told to nobody."""
        letter = "D" if more.get("is_im") else "C"
        channel = Channel(id or self.new_id(letter), name, created=int(self.clock.now()), **more)
        channel.members = dict.fromkeys(members)
        self.channels[channel.id] = channel
        return channel

    def person(self, user_id: str) -> Person:
        """Whoever has this id, deactivated or not. Raises `user_not_found`."""
        try:
            return self.people[user_id]
        except KeyError:
            raise SlackError("user_not_found") from None

    def channel(self, channel_id: str) -> Channel:
        """The conversation with this id. Raises `channel_not_found`."""
        try:
            return self.channels[channel_id]
        except KeyError:
            raise SlackError("channel_not_found") from None

    def message(self, channel_id: str, ts: str) -> Message:
        """The message with this `ts`, a thread's reply too. Raises `channel_not_found`, `message_not_found`."""
        try:
            return self.channel(channel_id).messages[ts]
        except KeyError:
            raise SlackError("message_not_found") from None

    # -- who is told

    def tell(self, event: Json, channel: Channel | None = None) -> None:
        """Tell every listener that `event` (an inner event, without its `event_ts` if that is now) happened."""
        event.setdefault("event_ts", event.get("ts") or self.new_ts())
        for listener in list(self.listeners):
            listener(Happening(event, channel.id if channel else None))
