"""How people in the leak hunt look for what others learned: by menus and forms, by searching, by asking, at Home, in a digest."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import text

from bench import pockets
from bench.program import reading, said_by
from sandbox import payloads
from sandbox.parcels import Parcel
from sandbox.payloads import Spot
from sandbox.records import Channel, Ephemeral, Json, Message, Person, View
from sandbox.slack import NeverHappened, Slack

from .readers import Learned

LOBBY = "lobby"


NOTHING = "Nothing that you may read"
"""What an answer says that found nothing, and not for want of time."""

CLOSE = "Something very close is there already"
"""What somebody hears who shared what is there."""

STARTED, TRIES = 60.0, 10
"""Real seconds for which a first card is waited for, and how often a form is asked for."""

PRESSES = 100
"""How often somebody presses again to take back what stands still: each press is answered within seconds."""

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
    results: View
    note: Ephemeral
    halls: tuple[Channel, ...]
    annex: Channel

    @classmethod
    async def into(cls, slack: Slack, url: str, *halls: Sequence[Person], annex: Sequence[Person]) -> Looks:
        """A pocket where ana alone is, with open forms and an answer to press on; and one where each of `halls` is with her.

        And an `annex`: one more where these are.
        """
        lobby = slack.channel(LOBBY, members=("ana",))
        await pockets.begin(slack, "ana", lobby)
        form = (await slack.types("ana", "/share", in_=lobby)).form
        note = (await slack.types("ana", "/share Something", in_=lobby)).ephemeral
        (card, *_) = await slack.until(
            lambda: [one for one in lobby.messages.values() if "Something" in one.text], STARTED
        )
        for _ in range(TRIES):  # on a busy machine: again, as she is told
            if (results := (await slack.uses("ana", "Find similar", card)).form) is not None:
                break
        if form is None or note is None or results is None:
            raise NotAnswered
        made = [
            slack.channel(f"hall-{at}", members=("ana", *(one.name for one in hall)))
            for at, hall in enumerate((*halls, annex))
        ]
        for hall in made:
            await pockets.begin(slack, "ana", hall)
        return cls(slack, url, lobby, form, results, note, tuple(made[:-1]), made[-1])

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
        found = json.loads(await self._type(person, "/recall", one.words))
        return _stands(one, found.get("blocks", ()))  # none where a sentence says that they are no colleague any more

    async def by_similar(self, person: Person, one: Learned) -> bool:
        """Whether *Find similar*, on a message that says the same, finds it for them."""
        world = self.slack.world
        said = Message(channel=self.lobby.id, ts=world.new_ts(), user=person.id, text=one.words)
        used = payloads.message_action(world, person, said, callback_id="find_similar", response_url="")
        opened = await self._opened(self.slack.ask_app("message_action", "find_similar", used))
        return any(_stands(one, view.content["blocks"]) for view in opened)

    async def by_more(self, person: Person, one: Learned) -> bool | None:
        """Whether *More*, in results that stand open before them, shows it. None: the form does not say whether."""
        self.results.content["blocks"] = []
        await self.press(person, "found.more", f"0:{one.words}", on=Spot(view=self.results))
        shown = self.results.content["blocks"]
        return _stands(one, shown) or (False if NOTHING in json.dumps(shown) else None)

    async def by_command(self, person: Person, one: Learned) -> bool | None:
        """Whether `outloud search --as` says that they would find it. None: it says that Slack did not say in time."""
        given = self.slack.environment | {"DATABASE_URL": self.url, "SLACK_PACE": str(self.slack.clock.speed)}
        told = json.loads(await said_by(["search", one.words, "--as", person.id, "--json"], given))
        found = any(one.words in result["text"] for result in told["results"])
        return None if told["could_not_check"] and not found else found

    async def by_digest(self, person: Person, one: Learned) -> bool:
        """Whether `/outloud digest`, where it was learned, tells them of it."""
        return one.words in await self._type(person, "/outloud", "digest", in_=one.room.channel)

    def is_in_hall(self, person: Person) -> bool:
        """Whether they are in the last of the halls."""
        return person.id in self.halls[-1].members

    async def by_mention(self, person: Person, one: Learned) -> bool | None:
        """Whether they are told of it who name Outloud in the last of the halls. None: as `by_asking` has it."""
        before = len(self.slack.world.ephemerals)
        await self.slack.says(person, f"@{self.slack.app.name} {one.words}", in_=self.halls[-1])

        def answers() -> list[Ephemeral]:
            said = [note for note in self.slack.world.ephemerals[before:] if note.user == person.id]
            return [note for note in said if one.words in json.dumps(note.blocks)]

        with suppress(NeverHappened):
            return _stands(one, (await self.slack.until(answers, ANSWERED))[0].blocks)
        return None

    def by_posting(self, hall: Channel) -> Callable[[Person, Learned], Awaitable[bool | None]]:
        """Whether *Post this here* lets it stand in this hall. None: it waits to be posted, or posted it was."""

        async def look(person: Person, one: Learned) -> bool | None:
            if hall.id in one.posted_in:
                return None
            before = set(hall.messages)
            await self.press(person, "found.post", f"{one.id}:{hall.id}:")
            with suppress(NeverHappened):
                await self.slack.until(lambda: not self._is_owed("show found", hall.id), ANSWERED)
                new = [said for ts, said in hall.messages.items() if ts not in before]
                if any(one.words in json.dumps(said.blocks) for said in new):
                    one.posted_in.add(hall.id)
                    return True
                return False
            one.posted_in.add(hall.id)
            return None

        return look

    async def by_sharing(self, person: Person, one: Learned) -> bool | None:
        """Whether they hear of it who share the very same in the annex, and take that back. None: as `by_asking` has it."""
        before, same = len(self.slack.world.ephemerals), one.words if one.is_kept else f"{one.words} #{one.topic}"
        if "Shared" not in await self._type(person, "/share", same, in_=self.annex):
            return None
        mine = "SELECT id FROM learnings WHERE channel = :annex AND state = 'live'"
        with reading(self.url) as connection:
            (id,) = connection.scalars(text(mine), {"annex": self.annex.id}).all()
        heard = None
        with suppress(NeverHappened):
            await self.slack.until(
                lambda: not any(self._is_owed(kind, self.annex.id) for kind in ("post card", "tell close")), ANSWERED
            )
            told = [note for note in self.slack.world.ephemerals[before:] if note.user == person.id]
            heard = any(f"/p{one.ts.replace('.', '')}" in note.text for note in told if CLOSE in note.text)
        await self.undo(person, "share.undo", id)
        return heard

    async def undo(self, person: Person, action: str, id: str) -> None:
        """They take something back: on a busy machine they press again, as they are told. Raises `NotAnswered` in the end."""
        state = text("SELECT state FROM learnings WHERE id = :id")
        with reading(self.url) as connection:
            for _ in range(PRESSES):
                if connection.scalar(state, {"id": id}) != "live":
                    return
                connection.rollback()
                await self.press(person, action, id)
        raise NotAnswered(f"{person.name} can't take {id} back.")

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
            await self.slack.until(lambda: not self._is_owed("refresh home", person.id), ANSWERED)
            await self.slack.opens_home(person)
            await self.slack.until(lambda: not self._is_owed("refresh home", person.id), ANSWERED)
            return one.words in json.dumps(self.slack.world.homes[person.id].content)
        return None

    def _is_owed(self, kind: str, lane: str) -> bool:
        owed = text("SELECT count(*) FROM outbox WHERE kind = :kind AND lane = :lane AND state = 'waiting'")
        with reading(self.url) as connection:
            return bool(connection.scalar(owed, {"kind": kind, "lane": lane}))

    async def _type(self, person: Person, command: str, words: str, *, in_: Channel | None = None) -> str:
        """What the command is answered, typed where ana alone is, or in another channel."""
        fields = payloads.slash_command(
            self.slack.world,
            command=command,
            text=words,
            person=person,
            channel=in_ or self.lobby,
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

    async def press(self, person: Person, action: str, value: str, *, on: Spot | None = None) -> None:
        """They press a button of the bot's: in a message for them alone, or elsewhere."""
        spot = on or Spot(self.slack.world.channels[self.note.channel], self.note)
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
