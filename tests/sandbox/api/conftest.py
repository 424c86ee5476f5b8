"""The workspace served over real HTTP, and clients for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import aiohttp
import pytest
import uvicorn
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from sandbox.server import web
from tests.sandbox.api.acme import Acme, Ask, Refusal


@pytest.fixture
def acme() -> Acme:
    """The workspace, before anybody serves it."""
    return Acme()


@pytest.fixture
async def served(acme: Acme) -> AsyncIterator[str]:
    """The address under which the workspace is served: uvicorn's HTTP, without its process's signals and ticks."""
    config = uvicorn.Config(web(acme.world), log_level="warning", lifespan="off")
    config.load()
    loop = asyncio.get_running_loop()
    state = ServerState()
    server = await loop.create_server(lambda: H11Protocol(config, state, {}, _loop=loop), "127.0.0.1", 0)
    acme.world.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield acme.world.base_url
    server.close()
    for connection in list(state.connections):
        connection.shutdown()
    await server.wait_closed()


@pytest.fixture
def client(served: str, acme: Acme) -> AsyncWebClient:
    """Slack's own asynchronous client, with the bot's token, that tries once."""
    return AsyncWebClient(acme.world.app.bot_token, base_url=f"{served}/api/", retry_handlers=[])


@pytest.fixture
def refusal() -> Refusal:
    """Awaits a call that must be refused; gives the name of the error."""

    async def error_of(call: Awaitable[Any]) -> str:
        with pytest.raises(SlackApiError) as caught:
            await call
        return str(caught.value.response["error"])

    return error_of


@pytest.fixture
async def ask(served: str, acme: Acme) -> AsyncIterator[Ask]:
    """Calls a method with a JSON body and the bot's token (or another), and gives the answer as it is."""
    async with aiohttp.ClientSession() as session:

        async def answer_to(method: str, args: dict[str, Any], token: str | None = None) -> dict[str, Any]:
            headers = {"Authorization": f"Bearer {acme.world.app.bot_token if token is None else token}"}
            async with session.post(f"{served}/api/{method}", json=args, headers=headers) as response:
                answer: dict[str, Any] = await response.json()
                return answer

        yield answer_to
