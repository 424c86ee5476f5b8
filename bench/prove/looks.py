"""How people in the leak hunt look for what others learned: by the menu of topics, by their own form, by searching, at Home."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import text

from bench import pockets
from bench.program import reading
from sandbox import payloads
from sandbox.parcels import Parcel
from sandbox.payloads import Spot
from sandbox.records import Channel, Ephemeral, Json, Message, Person, View
from sandbox.slack import NeverHappened, Slack

from .readers import Learned

LOBBY = "lobby"


ANSWERED = 2.0
"""Real seconds for which an answer is waited for that comes by itself."""


class NotAnswered(Exception):
    """The bot did not answer somebody who looked."""


@dataclass
class Looks:
    """Something of the bot's to press and to type into, for whoever may; also for those who are not there any more."""

    slack: Slack
    url: str
    lobby: Channel
    form: View
    note: Ephemeral

    @classmethod
    async def into(cls, slack: Slack, url: str) -> Looks:
        """A pocket where ana alone is, with an open form and an answer to press on."""
        lobby = slack.channel(LOBBY, members=("ana",))
        await pockets.begin(slack, "ana", lobby)
        form = (await slack.types("ana", "/share", in_=lobby)).form
        note = (await slack.types("ana", "/share Something", in_=lobby)).ephemeral
        if form is None or note is None:
            raise NotAnswered
        return cls(slack, url, lobby, form, note)

    async def by_topic(self, person: Person, one: Learned) -> bool:
        """Whether the menu of topics suggests to them what it is on."""
        asked = payloads.block_suggestion(
            self.slack.world, person, Spot(view=self.form), block_id="topics", action_id="topics", typed=one.topic
        )
        metadata = json.dumps({"key": "k", "channel": one.room.channel.id})
        asked["view"] |= {"private_metadata": metadata, "state": {"values": {}}}
        reply = await self.slack.ask_app("block_suggestion", "topics", asked)
        if not reply.is_ack:
            raise NotAnswered(f"A suggestion was answered {reply.status}.")
        return any(option["text"]["text"] == one.topic for option in json.loads(reply.body)["options"])

    async def by_own_form(self, person: Person, one: Learned) -> bool:
        """Whether *Add details* shows it to them."""
        opened = await self._opened(self.press(person, "share.details", one.id))
        return any(one.words in json.dumps(view.content) for view in opened)

    async def by_search(self, person: Person, one: Learned) -> bool:
        """Whether `/recall` finds it for them."""
        return _stands(one, json.loads(await self._type(person, "/recall", one.words))["blocks"])

    async def by_similar(self, person: Person, one: Learned) -> bool:
        """Whether *Find similar*, on a message that says the same, finds it for them."""
        world = self.slack.world
        said = Message(channel=self.lobby.id, ts=world.new_ts(), user=person.id, text=one.words)
        used = payloads.message_action(world, person, said, callback_id="find_similar", response_url="")
        opened = await self._opened(self.slack.ask_app("message_action", "find_similar", used))
        return any(_stands(one, view.content["blocks"]) for view in opened)

    async def by_asking(self, person: Person, one: Learned) -> bool | None:
        """Whether they are told of it who write it to Outloud itself. None: the answer waits behind other errands."""
        asked = await self.slack.says(person, one.words, in_=self.slack.app)
        direct = self.slack.world.channels[asked.channel].messages

        def answers() -> list[Message]:
            return [said for ts, said in direct.items() if ts > asked.ts and one.words in json.dumps(said.blocks)]

        with suppress(NeverHappened):
            return _stands(one, (await self.slack.until(answers, ANSWERED))[0].blocks)
        return None

    async def by_expert(self, person: Person, one: Learned) -> bool:
        """Whether `/whoknows` names it to them as a reason: by its link."""
        link = f"/p{one.ts.replace('.', '')}"
        return bool(one.ts) and link in await self._type(person, "/whoknows", one.words)

    async def at_home(self, person: Person, one: Learned) -> bool | None:
        """Whether it stands in the app's Home, as that is made for them now. None: as above."""
        with suppress(NeverHappened):  # one that was made before may be on its way still, and would stand for this one
            await self.slack.until(lambda: not self._home_is_owed(person), ANSWERED)
            await self.slack.opens_home(person)
            await self.slack.until(lambda: not self._home_is_owed(person), ANSWERED)
            return one.words in json.dumps(self.slack.world.homes[person.id].content)
        return None

    def _home_is_owed(self, person: Person) -> bool:
        owed = text("SELECT count(*) FROM outbox WHERE kind = 'refresh home' AND lane = :person AND state = 'waiting'")
        with reading(self.url) as connection:
            return bool(connection.scalar(owed, {"person": person.id}))

    async def _type(self, person: Person, command: str, words: str) -> str:
        """What the command is answered, typed where ana alone is."""
        fields = payloads.slash_command(
            self.slack.world,
            command=command,
            text=words,
            person=person,
            channel=self.lobby,
            trigger_id=self.slack.world.new_trigger(person.id),
            response_url="",
        )
        reply = await self.slack.courier.ask("command", command, fields, Parcel.of_command(fields))
        if not reply.is_ack:
            raise NotAnswered(f"{command} was answered {reply.status}.")
        return reply.body

    async def _opened(self, act: Awaitable[object]) -> list[View]:
        """The forms that an act opens; they are closed again."""
        before = set(self.slack.world.views)
        await act
        opened = [self.slack.world.views[id] for id in set(self.slack.world.views) - before]
        for view in opened:
            view.open = False
        return opened

    async def press(self, person: Person, action: str, value: str) -> None:
        """They press a button of the bot's."""
        spot = Spot(self.slack.world.channels[self.note.channel], self.note)
        button = {"type": "button", "action_id": action, "block_id": "b", "value": value}
        pressed = payloads.block_actions(self.slack.world, person, spot, button, state={}, response_url="")
        await self.slack.ask_app("block_actions", action, pressed)

    def know_id(self, one: Learned) -> bool:
        """Look up what the bot calls it: whoever presses a button sends that."""
        if not one.id:
            sql = "SELECT learning FROM learning_topics WHERE topic = :of"
            if one.is_kept:
                sql = "SELECT id FROM learnings WHERE source_ts = :of"
            with reading(self.url) as connection:
                one.id = connection.scalar(text(sql), {"of": one.ts if one.is_kept else one.topic}) or ""
        return bool(one.id)


def _stands(one: Learned, blocks: Sequence[Json]) -> bool:
    """Whether it is among what was found: answers repeat what was typed; what is found stands in them as rich text."""
    return one.words in json.dumps([block for block in blocks if block["type"] == "rich_text"])
