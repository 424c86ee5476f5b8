"""Which conversations the app sees, with which scopes; and pages."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.api.acme import Acme, Refusal


async def test_a_list_has_public_channels_and_the_private_ones_the_app_is_in(
    client: AsyncWebClient, acme: Acme
) -> None:
    """What the app may not know of is not there."""
    both = await client.conversations_list(types="public_channel,private_channel")
    names = {channel["name"]: channel["is_member"] for channel in both["channels"]}
    assert names == {"pocket": True, "secret": True, "elsewhere": False, "attic": True}
    public = await client.conversations_list(exclude_archived=True)
    assert {channel["id"] for channel in public["channels"]} == {acme.pocket.id, acme.elsewhere.id}


async def test_a_persons_list_has_private_channels_only_where_the_app_is_too(
    client: AsyncWebClient, acme: Acme
) -> None:
    """Ana is in the hidden channel; the app is not."""
    answer = await client.users_conversations(user=acme.ana, types="public_channel,private_channel")
    names = {channel["name"] for channel in answer["channels"]}
    assert names == {"pocket", "secret", "elsewhere", "attic"}
    assert all("is_member" not in channel for channel in answer["channels"])


@pytest.mark.parametrize(("channel", "scope"), [("pocket", "channels"), ("secret", "groups"), ("im", "im")])
async def test_each_type_of_conversation_has_its_own_scopes(
    channel: str, scope: str, client: AsyncWebClient, acme: Acme, refusal: Refusal
) -> None:
    """`read` to see it, `history` to read what was said."""
    where = acme.world.open_dm(acme.bot, acme.ana) if channel == "im" else getattr(acme, channel)
    assert (await client.conversations_info(channel=where.id))["ok"]
    assert (await client.conversations_history(channel=where.id))["ok"]
    acme.world.app.scopes -= {f"{scope}:read", f"{scope}:history"}
    assert await refusal(client.conversations_info(channel=where.id)) == "missing_scope"
    assert await refusal(client.conversations_history(channel=where.id)) == "missing_scope"


async def test_a_list_of_types_needs_the_scope_of_each(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """Public and private, but no scope for private ones."""
    acme.world.app.scopes.discard("groups:read")
    types = "public_channel,private_channel"
    assert await refusal(client.conversations_list(types=types)) == "missing_scope"
    assert await refusal(client.users_conversations(user=acme.ana, types=types)) == "missing_scope"
    assert (await client.conversations_list())["ok"]


async def test_pages_hold_everything_once(client: AsyncWebClient, acme: Acme) -> None:
    """Each cursor leads to the next page; the last has none."""
    sent = [acme.says(str(number)).text for number in range(7)]
    seen, cursor = [], ""
    for _ in range(4):
        page = await client.conversations_history(channel=acme.pocket.id, limit=2, cursor=cursor)
        seen += [message["text"] for message in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"] if page["has_more"] else ""
    assert (seen, cursor) == (sent[::-1], "")


async def test_history_can_be_bounded_in_time(client: AsyncWebClient, acme: Acme) -> None:
    """`oldest` and `latest`, without them or with them."""
    stamps = [acme.says(ts=f"170000000{number}.000000").ts for number in range(5)]
    window: dict[str, Any] = {"channel": acme.pocket.id, "oldest": stamps[1], "latest": stamps[3]}
    inner = await client.conversations_history(**window)
    whole = await client.conversations_history(**window, inclusive=True)
    assert [message["ts"] for message in inner["messages"]] == [stamps[2]]
    assert [message["ts"] for message in whole["messages"]] == [stamps[3], stamps[2], stamps[1]]


async def test_a_channel_tells_what_it_is(client: AsyncWebClient, acme: Acme) -> None:
    """Private, shared, archived: in Slack's words."""
    acme.pocket.is_ext_shared = True
    shared = (await client.conversations_info(channel=acme.pocket.id, include_num_members=True))["channel"]
    assert (shared["is_shared"], shared["is_ext_shared"], shared["num_members"]) == (True, True, 3)
    private = (await client.conversations_info(channel=acme.secret.id))["channel"]
    assert (private["is_private"], private["is_channel"], private["is_group"]) == (True, False, True)
    attic = (await client.conversations_info(channel=acme.attic.id))["channel"]
    assert attic["is_archived"]


async def test_the_app_joins_a_public_channel_once(client: AsyncWebClient, acme: Acme) -> None:
    """The second time there is a warning, and no event."""
    await client.conversations_join(channel=acme.elsewhere.id)
    events: list[object] = []
    acme.world.listeners.append(events.append)
    assert (await client.conversations_join(channel=acme.elsewhere.id))["warning"] == "already_in_channel"
    assert not events


async def test_a_direct_message_is_opened_once(client: AsyncWebClient, acme: Acme) -> None:
    """Then it is found; it can be described."""
    first = await client.conversations_open(users=[acme.ana])
    again = await client.conversations_open(users=acme.ana, return_im=True)
    assert again["channel"]["id"] == first["channel"]["id"]
    assert (again["already_open"], again["channel"]["user"]) == (True, acme.ana)
    assert (await client.conversations_open(channel=first["channel"]["id"]))["ok"]


async def test_a_person_tells_who_they_are(client: AsyncWebClient, acme: Acme) -> None:
    """A guest, a bot, somebody of another organisation, somebody who left."""
    guest = acme.world.add_person("gus", is_restricted=True, tz="America/New_York")
    other = acme.world.add_person("olga", team_id="T0OTHER")
    gone = acme.world.add_person("gina", deleted=True)
    shapes = [(await client.users_info(user=person.id))["user"] for person in (guest, other, gone)]
    assert (shapes[0]["is_restricted"], shapes[0]["tz"]) == (True, "America/New_York")
    assert (shapes[1]["team_id"], shapes[2]["deleted"]) == ("T0OTHER", True)
    assert (await client.users_info(user=acme.bot))["user"]["is_bot"]
    assert len((await client.users_list())["members"]) == 6
