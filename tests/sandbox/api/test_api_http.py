"""The edge: how arguments may come, and what is no request at all."""

import json
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.api.table import METHODS, call
from tests.sandbox.api.acme import Acme, Ask, Refusal

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "Hi"}}]


@pytest.mark.parametrize("way", ["json", "form", "multipart", "query", "get"])
async def test_arguments_come_in_any_of_slacks_ways(way: str, served: str, acme: Acme) -> None:
    """JSON, a form, a query: nested JSON is a text in the latter."""
    args = {"channel": acme.pocket.id, "text": "Hi", "blocks": json.dumps(BLOCKS), "unfurl_links": "false"}
    url, headers = f"{served}/api/chat.postMessage", {"Authorization": f"Bearer {acme.world.app.bot_token}"}
    multipart = aiohttp.FormData(args, default_to_multipart=True)
    ways: dict[str, dict[str, Any]] = {
        "json": {"json": args | {"blocks": BLOCKS, "unfurl_links": False}},
        "form": {"data": args},
        "multipart": {"data": multipart},
        "query": {"params": args},
        "get": {"params": args},
    }
    verb = "GET" if way == "get" else "POST"
    async with aiohttp.ClientSession(headers=headers) as session, session.request(verb, url, **ways[way]) as response:
        answer = await response.json()
    assert answer["ok"], answer
    assert answer["message"]["blocks"][0]["text"] == BLOCKS[0]["text"]


async def test_a_token_may_be_an_argument(served: str, acme: Acme) -> None:
    """`token=` in a form or a query does as well as the header."""
    url, token = f"{served}/api/auth.test", {"token": acme.world.app.bot_token}
    async with aiohttp.ClientSession() as session:
        for call_ in (session.post(url, data=token), session.post(url, params=token), session.get(url, params=token)):
            async with call_ as response:
                assert (await response.json())["user_id"] == acme.bot


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"", "application/json", "invalid_json"),
        (b"[" * 100_000, "application/json", "invalid_json"),
        (b'"\xff"', "application/json", "invalid_json"),
        (b"[1]", "application/json; charset=utf-8", "json_not_object"),
        (b"a=b", "text/plain", "invalid_post_type"),
        (b"a=\xff", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"nonsense", "multipart/form-data", "invalid_form_data"),
    ],
)
async def test_what_is_no_request_is_refused_by_slacks_name(body: bytes, kind: str, error: str, served: str) -> None:
    """A body that is not what its content type says."""
    async with aiohttp.ClientSession() as session:
        sent = session.post(f"{served}/api/auth.test", data=body, headers={"Content-Type": kind})
        async with sent as response:
            assert (response.status, (await response.json())["error"]) == (200, error)


async def test_a_body_of_more_than_a_megabyte_is_refused(served: str) -> None:
    """It is not read to its end."""
    url, body = f"{served}/api/auth.test", {"a": "x" * 1_000_001}
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        assert response.status == 413


async def test_an_unknown_method_is_refused(ask: Ask) -> None:
    """A method that Slack does not have, or the sandbox."""
    assert (await ask("chat.shout", {}))["error"] == "unknown_method"


async def test_an_app_that_was_removed_is_let_in_nowhere(ask: Ask, acme: Acme) -> None:
    """Its token is known, and dead."""
    acme.world.app.installed = False
    assert (await ask("auth.test", {}))["error"] == "account_inactive"


async def test_over_the_quota_is_429_with_the_wait(served: str, acme: Acme, client: AsyncWebClient) -> None:
    """`ratelimited`, and whole seconds in `Retry-After`; the clock moves on, and the call passes."""
    acme.world.quotas.hold("auth.test", 30)
    token = {"token": acme.world.app.bot_token}
    async with aiohttp.ClientSession() as session, session.post(f"{served}/api/auth.test", data=token) as response:
        assert response.status == 429
        assert int(response.headers["retry-after"]) == 30
        assert await response.json() == {"ok": False, "error": "ratelimited"}
    acme.world.clock.move(30)
    assert (await client.auth_test())["ok"]


async def test_a_second_post_within_the_second_is_limited(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """One a second a channel; a person's id and their direct message are one channel."""
    await client.chat_postMessage(channel=acme.pocket.id, text="One")
    assert await refusal(client.chat_postMessage(channel=acme.pocket.id, text="Two")) == "ratelimited"
    await client.chat_postMessage(channel=acme.secret.id, text="Elsewhere")
    answer = await client.chat_postMessage(channel=acme.ana, text="One")
    assert await refusal(client.chat_postMessage(channel=answer["channel"], text="Two")) == "ratelimited"
    acme.world.clock.move(1)
    await client.chat_postMessage(channel=acme.pocket.id, text="Two")


async def test_each_answer_names_the_scopes(served: str, acme: Acme) -> None:
    """`X-OAuth-Scopes`, as Bolt reads it."""
    token = {"token": acme.world.app.bot_token}
    async with aiohttp.ClientSession() as session, session.post(f"{served}/api/auth.test", data=token) as response:
        assert set(response.headers["x-oauth-scopes"].split(",")) == acme.world.app.scopes


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.lists(st.text(max_size=5), max_size=3)
NAMES = sorted({name for method in METHODS.values() for name in method.arguments})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(METHODS)),
    st.dictionaries(st.sampled_from(NAMES), VALUES | st.dictionaries(st.sampled_from(NAMES), VALUES), max_size=6),
)
def test_no_argument_is_too_strange_to_be_answered(method: str, args: dict[str, Any]) -> None:
    """Whatever the arguments are, the answer is `ok` or an error with a name."""
    acme = Acme()
    for channel in (None, acme.pocket.id):
        for token in (acme.world.app.bot_token, acme.world.app.app_token):
            given_args = args if channel is None else args | {"channel": channel}
            answer = call(acme.world, method, given_args, token)
            assert answer.body["ok"] or answer.body["error"]
            json.dumps(answer.body)


async def test_the_workspaces_id_may_be_named_in_any_call(ask: Ask, acme: Acme) -> None:
    """Bolt's clients send it with each; another workspace's is refused."""
    assert (await ask("users.info", {"user": acme.ana, "team_id": acme.world.team_id}))["ok"]
    answer = await ask("users.info", {"user": acme.ana, "team_id": "T0OTHER"})
    assert answer["error"] == "team_access_not_granted"


async def test_a_socket_is_handed_out_where_the_manifest_enables_it(ask: Ask, acme: Acme) -> None:
    """To the app's own token, by whoever serves sockets."""
    token = acme.world.app.app_token
    acme.world.socket_url = lambda: "ws://127.0.0.1:1/link?ticket=1"
    assert (await ask("apps.connections.open", {}, token))["url"] == "ws://127.0.0.1:1/link?ticket=1"
    acme.world.app.manifest = {}
    assert (await ask("apps.connections.open", {}, token))["error"] == "socket_mode_disabled"
