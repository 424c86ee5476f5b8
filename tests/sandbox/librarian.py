"""A program that is an app: it puts 📚 on what is given 💡, and says so once where it is started.

Run by `python -m tests.sandbox.librarian`, with PORT, SLACK_API_URL, SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Librarian"},
    "features": {
        "bot_user": {"display_name": "Librarian"},
        "slash_commands": [{"command": "/outloud", "description": "Starts it."}],
    },
    "oauth_config": {
        "scopes": {"bot": ["channels:read", "chat:write", "commands", "reactions:read", "reactions:write"]}
    },
    "settings": {"event_subscriptions": {"bot_events": ["reaction_added"]}},
}


def build(client: AsyncWebClient, signing_secret: str) -> Starlette:
    """The app as a web application."""
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=5))
    bolt = AsyncApp(client=client, signing_secret=signing_secret, process_before_response=True)
    handler = AsyncSlackRequestHandler(bolt)

    @bolt.command("/outloud")
    async def start(ack: Callable[..., Any], body: dict[str, Any]) -> None:
        await client.chat_postMessage(channel=body["channel_id"], text="I keep what you give a light bulb.")
        await ack("Started.")

    @bolt.event("reaction_added")
    async def keep(event: dict[str, Any]) -> None:
        if event["reaction"].partition("::")[0] == "bulb":
            item = event["item"]
            try:
                await client.reactions_add(channel=item["channel"], timestamp=item["ts"], name="books")
            except SlackApiError as error:
                if error.response["error"] != "already_reacted":
                    raise

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async def ready(_: Request) -> Response:
        return PlainTextResponse("ready")

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/readyz", ready)])


def main() -> None:
    """Serve it on PORT."""
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = build(client, os.environ["SLACK_SIGNING_SECRET"])
    sys.stdout.write("The librarian unlocks the door.\n")
    uvicorn.run(app, port=int(os.environ["PORT"]), log_level="warning")


if __name__ == "__main__":
    main()
