"""How people in the leak hunt look for what others learned: by the menu of topics, by their own form, and by searching."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import text

from bench import pockets
from bench.program import reading
from sandbox import payloads
from sandbox.parcels import Parcel
from sandbox.payloads import Spot
from sandbox.records import Channel, Ephemeral, Person, View
from sandbox.slack import Slack

from .readers import Learned

LOBBY = "lobby"


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
        before = set(self.slack.world.views)
        await self.press(person, "share.details", one.id)
        opened = [self.slack.world.views[id] for id in set(self.slack.world.views) - before]
        for view in opened:
            view.open = False
        return any(one.words in json.dumps(view.content) for view in opened)

    async def by_search(self, person: Person, one: Learned) -> bool:
        """Whether `/recall` finds it for them. The answer repeats what was typed; what is found stands in it as rich text."""
        fields = payloads.slash_command(
            self.slack.world,
            command="/recall",
            text=one.words,
            person=person,
            channel=self.lobby,
            trigger_id=self.slack.world.new_trigger(person.id),
            response_url="",
        )
        reply = await self.slack.courier.ask("command", "/recall", fields, Parcel.of_command(fields))
        if not reply.is_ack:
            raise NotAnswered(f"/recall was answered {reply.status}.")
        shown = [block for block in json.loads(reply.body)["blocks"] if block["type"] == "rich_text"]
        return one.words in json.dumps(shown)

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
