"""What people do with the app: type a command, press, choose, use a shortcut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import payloads
from .answers import Answer
from .elements import PRESSED, Found, Impossible, choose, find_element, options_of
from .forms import begin_state
from .parcels import Parcel
from .payloads import Spot
from .records import Message, SlackError, View
from .replies import show_reply
from .scene import Scene, Where, Who
from .shapes import view_json
from .wording import action_failed, command_failed, error_code, typed_command, unknown_command

if TYPE_CHECKING:
    from .manifest import Shortcut
    from .parcels import Reply
    from .records import Channel, Ephemeral, Json, Person


class Interactions(Scene):
    """Everybody's dealings with the app. None of them is sent twice; what fails is said in the answer."""

    async def types(self, who: Who, line: str, *, in_: Where) -> Answer:
        """`who` types a command into the channel, such as `/share words`, and sends it.

        Raises `Impossible` where they are not in the channel, or `line` is no command.
        """
        person = self.find_awake(who)
        channel = self.find_channel(in_, of=person)
        command, _, text = line.partition(" ")
        if not command.startswith("/"):
            raise Impossible("A command begins with a slash; to write a message, use says().")
        if person.id not in channel.members:
            raise Impossible(f"{person.name} is not in #{channel.name}, and nobody types into a channel from outside.")
        answer = Answer(self.world, person, channel=channel)
        if command not in self.manifest.commands:
            answer.failed = unknown_command(command)
            return answer
        reply = await self._ask_command(person, channel, command, text.strip())
        answer.failed = "" if reply.is_ack else command_failed(command, reply)
        answer.error = error_code(reply)
        if reply.is_ack:
            self._show(answer, command, reply, person, channel)
        return answer

    async def _ask_command(self, person: Person, channel: Channel, command: str, text: str) -> Reply:
        fields = payloads.slash_command(
            self.world,
            command=command,
            text=typed_command(self.world, text, should_escape=self.manifest.commands[command].should_escape),
            person=person,
            channel=channel,
            trigger_id=self.world.new_trigger(person.id),
            response_url=self._response_url(person, channel),
        )
        return await self.courier.ask("command", command, fields, Parcel.of_command(fields))

    def _show(self, answer: Answer, command: str, reply: Reply, person: Person, channel: Channel) -> None:
        try:
            show_reply(self.world, reply, person, channel)
        except SlackError as error:
            answer.failed, answer.error = f'{command} failed with the error "{error.code}"', error.code

    async def presses(
        self,
        who: Who,
        what: str,
        *,
        on: Message | Ephemeral | View,
        value: Any = None,  # noqa: ANN401 -- whatever the element holds
        block: str | None = None,
    ) -> Answer:
        """`who` presses a button, or chooses in a menu, on a message, or in a form or Home.

        `what` is an action_id, the words on the button, or an option of a menu; with `value` it is a menu or input, and
        `value` is the option (its words or value), person, channel, date or text entered. `block` is the `block_id` of where it
        stands, where several are called so. Raises `Impossible`.
        """
        person = self.find_person(who)
        self.check_sees(person, on)
        blocks = on.content["blocks"] if isinstance(on, View) else on.blocks
        found = find_element([one for one in blocks if block in (None, one.get("block_id"))], what)
        action = self._choose(person, on, found, value)
        return await self._send_action(person, on, action)

    def _choose(self, person: Person, on: Message | Ephemeral | View, found: Found, value: Any) -> Json:  # noqa: ANN401
        element, block_id = found.element, found.block["block_id"]
        action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
        if element["type"] in PRESSED:
            return action | self._pressed(found, value)
        state = self._state(person, on).setdefault(block_id, {})
        wanted = found.option["value"] if found.option else self._id_of(element, value)
        current = state.get(element["action_id"])
        state[element["action_id"]] = choose(element, wanted, self.offers(on, found), current)
        held: Json = state[element["action_id"]]
        return action | held

    def _pressed(self, found: Found, value: Any) -> Json:  # noqa: ANN401 -- as in presses
        element = found.element
        if element["type"] == "overflow":
            named = found.option["value"] if found.option else value
            options = [one for one in options_of(element) if named in (one["value"], one["text"]["text"])]
            if not options:
                raise Impossible(f"“{named}” is not in that menu.")
            return {"selected_option": options[0]}
        return {name: element[name] for name in ("text", "value", "style", "url") if name in element}

    def offers(self, on: Message | Ephemeral | View, found: Found) -> list[Json]:
        """The options there are: the element's own, or those the app has offered for what was typed (`suggests`)."""
        place = getattr(on, "id", "") or getattr(on, "ts", "")
        fetched = self.offered.get((place, found.block["block_id"], found.element["action_id"]), [])
        return [*options_of(found.element), *fetched]

    def _id_of(self, element: Json, value: Any) -> Any:  # noqa: ANN401 -- as in presses
        """People and channels by their ids, where names of them were given."""
        if isinstance(value, (list, tuple)):
            return [self._id_of(element, one) for one in value]
        if value is None:
            return None
        if "users_select" in element["type"]:
            return self.find_person(value).id
        if "conversations_select" in element["type"] or "channels_select" in element["type"]:
            return self.find_channel(value).id
        return value

    def _state(self, person: Person, on: Message | Ephemeral | View) -> Json:
        """What the inputs hold: a form's own state, or that of a message as this person has it before them."""
        if isinstance(on, View):
            return on.state
        return self.chosen.setdefault((person.id, on.channel, on.ts), begin_state(on.blocks))

    async def _send_action(self, person: Person, on: Message | Ephemeral | View, action: Json) -> Answer:
        spot = Spot(view=on) if isinstance(on, View) else Spot(self.world.channel(on.channel), on)
        answer = Answer(self.world, person, channel=spot.channel, on=on)
        url = self._response_url(person, spot.channel, spot) if spot.channel else ""
        payload = payloads.block_actions(
            self.world, person, spot, action, state=self._state(person, on), response_url=url
        )
        reply = await self.ask_app("block_actions", action["action_id"], payload)
        answer.failed, answer.error = "" if reply.is_ack else action_failed(reply), error_code(reply)
        return answer

    async def uses(self, who: Who, shortcut: str, message: Message | None = None) -> Answer:
        """`who` uses a shortcut, by its name or callback_id: from the menu of `message`, or else a global one.

        Raises `Impossible` where the manifest has no such shortcut, or they cannot see the message.
        """
        person = self.find_person(who)
        found = self._find_shortcut(shortcut, "message" if message else "global")
        if message:
            self.check_sees(person, message)
        channel = self.world.channel(message.channel) if message else None
        answer = Answer(self.world, person, channel=channel, on=message)
        if message and channel:
            url = self._response_url(person, channel, Spot(channel, message))
            payload = payloads.message_action(
                self.world, person, message, callback_id=found.callback_id, response_url=url
            )
        else:
            payload = payloads.shortcut(self.world, person, callback_id=found.callback_id)
        reply = await self.ask_app(payload["type"], found.callback_id, payload)
        answer.failed, answer.error = "" if reply.is_ack else action_failed(reply), error_code(reply)
        return answer

    async def opens_home(self, who: Who) -> View | None:
        """`who` opens the app's Home, of which the app hears; what they see there is returned.

        https://docs.slack.dev/reference/events/app_home_opened
        """
        person = self.find_awake(who)
        home = self.world.homes.get(person.id)
        direct = self.world.open_dm(person.id, self.app.id)
        event: Json = {"type": "app_home_opened", "user": person.id, "channel": direct.id, "tab": "home"}
        event |= {"view": view_json(home, world=self.world)} if home else {}
        await self.act(lambda: self.world.tell(event, direct))
        return self.world.homes.get(person.id)

    def _find_shortcut(self, name: str, kind: str) -> Shortcut:
        for shortcut in self.manifest.shortcuts:
            if name in (shortcut.name, shortcut.callback_id) and shortcut.type == kind:
                return shortcut
        raise Impossible(f"The app has no {kind} shortcut called {name}.")

    def _response_url(self, person: Person, channel: Channel, spot: Spot | None = None) -> str:
        ts = spot.message.ts if spot and spot.message else None
        thread_ts = spot.thread_ts if spot else ""
        secret = self.world.new_response_url(person.id, channel.id, message_ts=ts, thread_ts=thread_ts)
        return f"{self.world.base_url}/response/{secret}"
