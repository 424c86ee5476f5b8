"""The workspace served over real HTTP, and clients for it."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import web
from sandbox.serving import serving
from tests.sandbox.api.acme import Acme, Ask, Refusal


@pytest.fixture
def acme() -> Acme:
    """The workspace, before anybody serves it."""
    return Acme()


@pytest.fixture
async def served(acme: Acme) -> AsyncIterator[str]:
    """The address under which the workspace is served."""
    async with serving(web(acme.world)) as address:
        acme.world.base_url = address
        yield address


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
