"""How the baselines are served: by uvicorn, with the settings of `outloud run`, behind Bolt's own adapter for Starlette.

They are told where to listen, and where Slack is, by the same variables of the environment as the product.
"""

from __future__ import annotations

import os
import socket

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def app() -> AsyncApp:
    """Bolt as it comes, for one workspace; it answers when its listener has ended, as the product does."""
    token = os.environ["SLACK_BOT_TOKEN"]
    return AsyncApp(
        client=AsyncWebClient(token=token, base_url=os.environ["SLACK_API_URL"]),
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=True,
    )


def serve(answering: AsyncApp) -> None:
    """Answer Slack on `PORT`, until it is stopped."""
    handler = AsyncSlackRequestHandler(answering)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    routes = [Route("/slack/events", events, methods=["POST"]), Route("/readyz", _ready)]
    config = uvicorn.Config(
        Starlette(routes=routes),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
    )
    # named TCP, as the product's is: else asyncio lets an answer's body wait until its headers are acknowledged
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", int(os.environ["PORT"])))
        listening.listen()
        uvicorn.Server(config).run(sockets=[listening])


async def _ready(_request: Request) -> Response:
    return PlainTextResponse("ok")
