"""A small app on Bolt, served in the same loop as the sandbox's Slack that it talks to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.serving import serving
from sandbox.slack import Slack

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Parrot"},
    "features": {
        "bot_user": {"display_name": "Parrot"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/echo", "description": "Says it again."},
            {"command": "/order", "description": "Opens a form."},
            {"command": "/escaped", "description": "Hears ids.", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Keep this", "type": "message", "callback_id": "keep", "description": "Keeps it."},
            {"name": "Order something", "type": "global", "callback_id": "order", "description": "Opens a form."},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["app_mentions:read", "channels:read", "chat:write", "commands", "im:history", "im:write"],
            "bot_optional": ["channels:history", "groups:read", "reactions:read", "reactions:write"],
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "channel_archive",
                "member_joined_channel",
                "member_left_channel",
                "message.channels",
                "message.groups",
                "message.im",
                "reaction_added",
                "reaction_removed",
            ]
        },
        "interactivity": {"is_enabled": True, "message_menu_options_url": "https://x.io/"},
    },
}

SIZES = [{"text": {"type": "plain_text", "text": words}, "value": words.lower()} for words in ("Small", "Large")]


def plain(words: str) -> dict[str, str]:
    """A plain_text object."""
    return {"type": "plain_text", "text": words}


def order_form(**more: object) -> dict[str, Any]:
    """A form with a text, a menu of its own, and a menu that the app fills."""
    what = {"type": "plain_text_input", "action_id": "what", "max_length": 20, "min_length": 2}
    size = {"type": "static_select", "action_id": "size", "options": SIZES}
    seeds = {"type": "multi_external_select", "action_id": "seeds", "min_query_length": 1, "max_selected_items": 2}
    blocks = [
        {"type": "input", "block_id": "what", "label": plain("What"), "element": what},
        {"type": "input", "block_id": "size", "label": plain("Size"), "element": size, "optional": True},
        {"type": "input", "block_id": "seeds", "label": plain("Seeds"), "element": seeds, "optional": True},
    ]
    form = {
        "type": "modal",
        "callback_id": "order",
        "title": plain("Order"),
        "submit": plain("Order"),
        "blocks": blocks,
    }
    return form | more


class Parrot:
    """The app: what it heard, and how it answers, which a test may change."""

    def __init__(self, slack: Slack) -> None:
        self.heard: list[dict[str, Any]] = []
        self.retries: list[tuple[str, str]] = []
        """The retry headers of each request: the number and the reason, empty at a first try."""
        self.statuses: list[int] = []
        """What it answers to the next requests, one each, instead of what it would."""
        self.reply: dict[str, Any] | str | None = None
        """What it acks `/echo` with, instead of its own words."""
        self.held: asyncio.Event | None = None
        """While it is set and not yet fired, the app does not answer."""
        client = AsyncWebClient(token=slack.world.app.bot_token, base_url=slack.api_url)
        self.bolt = AsyncApp(client=client, signing_secret=slack.world.app.signing_secret, process_before_response=True)
        self._handler = AsyncSlackRequestHandler(self.bolt)

    async def serve(self, request: Request) -> Response:
        """Take a request, and answer as Bolt does, or as a test has told."""
        headers = request.headers
        self.retries.append((headers.get("x-slack-retry-num", ""), headers.get("x-slack-retry-reason", "")))
        await request.body()
        if self.held:
            await self.held.wait()
        if self.statuses:
            return Response(status_code=self.statuses.pop(0))
        return await self._handler.handle(request)


@contextlib.asynccontextmanager
async def running(slack: Slack) -> AsyncIterator[Parrot]:
    """The app, served, with `slack` told where."""
    parrot = Parrot(slack)
    app = Starlette(routes=[Route("/slack/events", parrot.serve, methods=["POST"])])
    async with serving(app) as address:
        slack.app_url = f"{address}/slack/events"
        try:
            yield parrot
        finally:
            if parrot.held:
                parrot.held.set()


def teach(parrot: Parrot) -> None:
    """Give the app something to do."""
    bolt = parrot.bolt
    for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:
        bolt.event(event.partition(".")[0])(_noting(parrot))

    @bolt.command("/echo")
    async def echo(ack: Callable[..., Any], command: dict[str, Any]) -> None:
        parrot.heard.append(command)
        yes = {"type": "button", "action_id": "again", "text": plain("Again"), "value": "1"}
        if parrot.reply is not None:
            await (ack(**parrot.reply) if isinstance(parrot.reply, dict) else ack(parrot.reply))
            return
        section = {"type": "section", "text": {"type": "mrkdwn", "text": f"You said {command['text']}"}}
        await ack(text=command["text"], blocks=[section, {"type": "actions", "elements": [yes]}])

    @bolt.command("/escaped")
    async def escaped(ack: Callable[..., Any], command: dict[str, Any]) -> None:
        await ack(text=f"`{command['text']}`")

    @bolt.action("again")
    async def again(ack: Callable[..., Any], body: dict[str, Any], respond: Callable[..., Any]) -> None:
        parrot.heard.append(body)
        await respond(text="Said again.", replace_original=True)
        await ack()

    @bolt.command("/order")
    async def order(ack: Callable[..., Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=order_form(notify_on_close=True))
        await ack()

    @bolt.options("seeds")
    async def suggest(ack: Callable[..., Any], options: dict[str, Any]) -> None:
        parrot.heard.append(options)
        typed = options["value"]
        found = [typed] if typed != "too many" else [str(number) for number in range(101)]
        await ack(options=[{"text": plain(one.title()), "value": one} for one in found])


def _noting(parrot: Parrot) -> Callable[..., Any]:
    async def note(body: dict[str, Any]) -> None:
        parrot.heard.append(body)

    return note
