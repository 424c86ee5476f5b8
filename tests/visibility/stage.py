"""Where the matrix acts: the real handlers and duties, with a pen that takes down all that they would show.

What they ask of Slack they ask of the real sandbox; what they say is taken down, and reaches nobody. So a cell costs two looks
into the database, and no request.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from handlers import ACTIONS, COMMANDS, DUTIES, NOTICES, SHORTCUTS, SUGGESTIONS
from handlers.desk import Call, Desk, Handler
from handlers.duties import Later, Post, Repeatable
from handlers.pockets import standing
from sandbox import payloads
from sandbox.payloads import Spot
from sandbox.records import Channel, Ephemeral, Json, Message, Person, View
from sandbox.slack import Slack
from storage import ids
from storage.ids import ChannelId, MessageRef, PersonId, Place, Ts, WorkspaceId
from storage.owed.notices import Waiting
from storage.owed.outbox import Errand
from storage.refusals import Refusal
from tests.memory import Memory

SAYS = (
    "views_open",
    "views_push",
    "views_update",
    "views_publish",
    "chat_postMessage",
    "chat_postEphemeral",
    "chat_update",
    "conversations_open",
    "files_completeUploadExternal",
)
PATIENCE = 20.0
"""Real seconds that a handler may take: how quick it is is not what is looked at here."""


@dataclass
class Pen:
    """All that is shown, taken down; what is asked goes on to Slack."""

    slack: Any
    shown: list[Any] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return self.say if name in SAYS else getattr(self.slack, name)

    async def say(self, *_args: Any, **said: Any) -> dict[str, Any]:
        """An answer, a message or a form."""
        self.shown.append(said)
        return {"ok": True, "ts": "1.000001", "view": {"id": "V1"}, "channel": {"id": "D1"}}


@dataclass(frozen=True)
class Stage:
    """Slack with the bot's own desk; a form and a private message of the bot's that somebody got at some time."""

    slack: Slack
    desk: Desk
    memory: Memory
    form: View
    note: Ephemeral
    clock: list[float] = field(default_factory=list)
    """What the desk's clock says, where it goes by hand."""
    homes: dict[tuple[str, str], str] = field(default_factory=dict)
    """What a person's Home showed when somebody looked for a channel, where that was not looked at yet."""
    one_home: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever makes some learnings the newest of all."""
    one_post: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever posts what they found."""

    async def suggests(self, who: Person, action: str, channel: str, typed: str = "") -> str:
        """What a menu offers in a form that was opened in a channel."""
        spot = Spot(view=self.form)
        asked = payloads.block_suggestion(self.slack.world, who, spot, block_id=action, action_id=action, typed=typed)
        asked["view"] |= {"private_metadata": json.dumps({"key": "k", "channel": channel}), "state": {"values": {}}}
        return await self._handle(SUGGESTIONS[action], asked)

    async def presses(self, who: Person, action: str, value: str) -> str:
        """What a button, or a choice of a menu, shows."""
        spot = Spot(self.slack.world.channels[self.note.channel], self.note)
        button: Json = {"type": "button", "action_id": action, "block_id": "b", "value": value}
        if action.endswith(".menu") or action == "schedule.more":
            text = {"type": "plain_text", "text": "?"}
            button |= {"type": "overflow", "selected_option": {"text": text, "value": value}}
        pressed = payloads.block_actions(self.slack.world, who, spot, button, state={}, response_url="")
        return await self._handle(ACTIONS[action], pressed)

    async def types(self, who: Person, command: str, text: str, channel: Channel) -> str:
        """What a command shows."""
        trigger = self.slack.world.new_trigger(who.id)
        typed = payloads.slash_command(
            self.slack.world,
            command=command,
            text=text,
            person=who,
            channel=channel,
            trigger_id=trigger,
            response_url="",
        )
        return await self._handle(COMMANDS[command], typed)

    async def uses(self, who: Person, shortcut: str, message: Message) -> str:
        """What a message's shortcut shows."""
        used = self._message_action(who, shortcut, message)
        return await self._handle(SHORTCUTS[shortcut], used)

    async def hears(self, who: Person, kind: str, **body: str) -> str:
        """What a notice says."""
        person, now = ids.Person(self._workspace, PersonId(who.id)), self.desk.now()
        try:
            said = await NOTICES[kind].render(self.desk, Waiting(person, kind, "", body, owed_at=now, due=now))
        except Later:
            return ""
        return json.dumps([said.text, said.blocks]) if said else ""

    async def posts(self, kind: str, lane: str, **body: Any) -> str:
        """What is posted, in a channel or privately."""
        duty = DUTIES[kind]
        assert isinstance(duty, Post)
        try:
            said = await duty.render(self.desk, self._errand(kind, lane, body))
        except Later:
            return ""
        return json.dumps([said.text, said.blocks]) if said else ""

    async def does(self, kind: str, lane: str, **body: Any) -> str:
        """What is shown by a duty that may be done again."""
        duty, pen = DUTIES[kind], Pen(self.desk.viewers.slack)
        assert isinstance(duty, Repeatable)
        with suppress(Later):
            await duty.do(self.desk, cast("Any", pen), self._errand(kind, lane, body))
        return json.dumps(pen.shown)

    async def exports(self, who: Person, channel: str) -> str:
        """What stands in the files of an export."""
        duty, pen = DUTIES["send export"], Pen(self.desk.viewers.slack)
        assert isinstance(duty, Repeatable)
        with suppress(TimeoutError):  # Slack did not say in time whether it may be sent
            await duty.do(
                self.desk, cast("Any", pen), self._errand("send export", who.id, {"channel": channel, "person": who.id})
            )
        files = [file["id"] for said in pen.shown for file in said.get("files", ())]
        return "".join((self.slack.world.uploads[id].content or b"").decode() for id in files)

    async def asks_aloud(self, who: Person, typed: str, *, directly: bool) -> str:
        """What somebody hears who asks Outloud by its name in the pocket of the note, or directly."""
        ref = MessageRef(Place(self._workspace, ChannelId(self.note.channel)), Ts(f"7.{who.id}"))
        self.desk.addressed.hold(ref, typed)
        body = {"channel": ref.place.channel, "ts": ref.ts, "thread": "", "person": who.id}
        if directly:
            return await self.posts("answer directly", who.id, **body)
        duty, pen = DUTIES["answer mention"], Pen(self.desk.viewers.slack)
        assert isinstance(duty, Repeatable)
        await duty.do(self.desk, cast("Any", pen), self._errand("answer mention", who.id, body))
        return json.dumps(pen.shown)

    def _errand(self, kind: str, lane: str, body: dict[str, Any]) -> Errand:
        now = self.desk.now()
        return Errand(
            workspace=self._workspace,
            id="e",
            kind=kind,
            lane=lane,
            slot=None,
            body=body,
            lease="l",
            until=now + 60,
            tries=1,
            unknown=False,
            owed_at=now,
            tried_at=now,
            after_ts=None,
            waited=0.0,
        )

    @property
    def _workspace(self) -> WorkspaceId:
        return WorkspaceId(self.slack.world.team_id)

    def _message_action(self, who: Person, shortcut: str, message: Message) -> Json:
        channel = self.slack.world.channels.get(message.channel)
        shape = {"user": {"id": who.id}, "trigger_id": "t", "action_ts": "9.000001", "callback_id": shortcut}
        named = {"id": message.channel, "name": channel.name if channel else ""}
        said = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
        return shape | {"type": "message_action", "channel": named, "message": said}

    async def _handle(self, handler: Handler, body: Json) -> str:
        pen = Pen(self.desk.viewers.slack)
        said = cast("Any", pen.say)
        until = asyncio.get_running_loop().time() + PATIENCE
        bot = PersonId(self.slack.app.id)
        call = Call(body, self._workspace, bot, until, said, said, cast("Any", pen), self.desk)
        try:
            await standing.answer(handler, call)
        except Refusal as refusal:
            pen.shown.append(refusal.words)
        return json.dumps(pen.shown)
