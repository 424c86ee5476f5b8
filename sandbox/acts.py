"""What can be done over HTTP: the body of each request, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, model_validator

from .elements import Impossible
from .records import Ephemeral, Json, Message, View
from .shapes import channel_json, message_json, person_json

if TYPE_CHECKING:
    from .slack import Slack


class Act(BaseModel):
    """Something to do; its name in the address is the class's in small letters, and its body has these fields."""

    model_config = ConfigDict(extra="forbid")

    async def carry_out(self, slack: Slack) -> Json:
        """Do it, and return what there is to tell."""
        raise NotImplementedError


class Place(BaseModel):
    """A message, by its channel (a name or id) and ts."""

    model_config = ConfigDict(extra="forbid")
    channel: str
    ts: str

    def find(self, slack: Slack) -> Message:
        """The message. Raises `SlackError`."""
        return slack.world.message(slack.find_channel(self.channel).id, self.ts)


class On(BaseModel):
    """One of: a message, the id of words that only one person sees, the id of a form or Home."""

    model_config = ConfigDict(extra="forbid")
    message: Place | None = None
    ephemeral: str | None = None
    form: str | None = None

    @model_validator(mode="after")
    def _one(self) -> On:
        if sum(part is not None for part in (self.message, self.ephemeral, self.form)) != 1:
            raise ValueError("name one of message, ephemeral and form")
        return self

    def find(self, slack: Slack) -> Message | Ephemeral | View:
        """What is named. Raises `SlackError`, `Impossible`."""
        if self.message:
            return self.message.find(slack)
        if self.form:
            return find_form(slack, self.form)
        for ephemeral in slack.world.ephemerals:
            if ephemeral.id == self.ephemeral:
                return ephemeral
        raise Impossible(f"There are no private words with the id {self.ephemeral}.")


class Person(Act):
    """Somebody new."""

    name: str
    guest: str | None = None
    external: bool = False
    bot: bool = False
    admin: bool = False
    tz: str = "Europe/Berlin"

    async def carry_out(self, slack: Slack) -> Json:
        """The person made."""
        return {"person": person_json(slack.person(**self.model_dump()), world=slack.world)}


class Channel(Act):
    """A channel that is there already."""

    name: str
    private: bool = False
    archived: bool = False
    shared: bool = False
    members: list[str] = []
    app: bool = True

    async def carry_out(self, slack: Slack) -> Json:
        """The channel made, as the app sees it."""
        channel = slack.channel(**self.model_dump())
        return {"channel": channel_json(channel, for_user=slack.app.id, world=slack.world)}


class Says(Act):
    """Somebody writes; `thread` is the ts of the message replied to."""

    who: str
    text: str
    channel: str
    thread: str | None = None
    broadcast: bool = False
    files: list[str] = []
    raw: bool = False

    async def carry_out(self, slack: Slack) -> Json:
        """The message written."""
        more = self.model_dump(exclude={"who", "text", "channel"})
        message = await slack.says(self.who, self.text, in_=self.channel, **more)
        return {"message": message_json(slack.world, message) | {"channel": message.channel}}


class Edits(Act):
    """Somebody changes their message."""

    who: str
    message: Place
    text: str
    raw: bool = False

    async def carry_out(self, slack: Slack) -> Json:
        """The message as it is now."""
        message = await slack.edits(self.who, self.message.find(slack), self.text, raw=self.raw)
        return {"message": message_json(slack.world, message) | {"channel": message.channel}}


class Deletes(Act):
    """Somebody deletes a message."""

    who: str
    message: Place

    async def carry_out(self, slack: Slack) -> Json:
        """Nothing."""
        await slack.deletes(self.who, self.message.find(slack))
        return {}


class Reacts(Act):
    """Somebody gives a message an emoji."""

    who: str
    emoji: str
    message: Place

    async def carry_out(self, slack: Slack) -> Json:
        """The message's reactions, as they see them."""
        message = self.message.find(slack)
        await slack.reacts(self.who, self.emoji, message)
        return {"reactions": slack.sees(self.who).reactions(message)}


class Unreacts(Reacts):
    """Somebody takes their emoji back."""

    async def carry_out(self, slack: Slack) -> Json:
        """The message's reactions, as they see them."""
        message = self.message.find(slack)
        await slack.unreacts(self.who, self.emoji, message)
        return {"reactions": slack.sees(self.who).reactions(message)}


class _InChannel(Act):
    """Somebody does something with a channel; the method of `Slack` is called as the class."""

    who: str
    channel: str

    async def carry_out(self, slack: Slack) -> Json:
        """Nothing."""
        await getattr(slack, type(self).__name__.lower())(self.who, self.channel)
        return {}


class Joins(_InChannel):
    """Somebody joins a channel."""


class Leaves(_InChannel):
    """Somebody leaves a channel."""


class Archives(_InChannel):
    """Somebody archives a channel."""


class Unarchives(_InChannel):
    """Somebody opens an archived channel again."""


class Shares(_InChannel):
    """Somebody shares a channel with another organisation."""


class Renames(Act):
    """Somebody gives a channel another name."""

    who: str
    channel: str
    name: str

    async def carry_out(self, slack: Slack) -> Json:
        """Nothing."""
        await slack.renames(self.who, self.channel, self.name)
        return {}


class Converts(Act):
    """Somebody makes a channel private or public."""

    who: str
    channel: str
    private: bool

    async def carry_out(self, slack: Slack) -> Json:
        """Nothing."""
        await slack.converts(self.who, self.channel, private=self.private)
        return {}


class _WithAnother(Act):
    """Somebody does something with another, or the app (by its name), in a channel."""

    who: str
    whom: str
    channel: str

    async def carry_out(self, slack: Slack) -> Json:
        """Nothing."""
        await getattr(slack, type(self).__name__.lower())(self.who, self.whom, self.channel)
        return {}


class Invites(_WithAnother):
    """Somebody brings another into a channel."""


class Removes(_WithAnother):
    """Somebody takes another out of a channel."""


class Deactivates(Act):
    """An admin deactivates somebody."""

    whom: str

    async def carry_out(self, slack: Slack) -> Json:
        """Nothing."""
        await slack.deactivates(self.whom)
        return {}


def find_form(slack: Slack, view_id: str) -> View:
    """The form or Home with this id, open or not. Raises `Impossible`."""
    views = slack.world.views | {home.id: home for home in slack.world.homes.values()}
    if view_id not in views:
        raise Impossible(f"There is no form or Home with the id {view_id}.")
    return views[view_id]
