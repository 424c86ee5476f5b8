"""An empty `AsyncApp`, served: it acknowledges whatever Slack brings, and does nothing. As Bolt's own examples have it.

`python -m bench.baselines.served`, with the environment of `outloud run`: the least that a program of Bolt's costs.
"""

from __future__ import annotations

import os
import re

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

ANYTHING = re.compile("")


async def _acknowledge(ack) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 -- Bolt finds it by its name
    await ack()


def app() -> Starlette:
    """It answers 200 at /readyz, too: the sandbox looks there before it brings anything."""
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    bolt = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], process_before_response=True)
    bolt.command(ANYTHING)(_acknowledge)
    bolt.event(ANYTHING)(_acknowledge)
    handler = AsyncSlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async def ready(_: Request) -> Response:
        return PlainTextResponse("ready")

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/readyz", ready)])


if __name__ == "__main__":
    uvicorn.run(app(), port=int(os.environ["PORT"]), access_log=False, log_level="warning")
