"""Reactions that the app gives and reads."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.api.acme import Acme, Refusal


async def test_a_message_is_read_with_its_reactions_and_link(client: AsyncWebClient, acme: Acme) -> None:
    """Also a reply in a thread; who reacted stands in order."""
    reply = acme.says("Read me.", thread_ts=acme.says().ts)
    acme.world.react(acme.pocket.id, reply.ts, acme.ben, "bulb")
    await client.reactions_add(channel=acme.pocket.id, timestamp=reply.ts, name="books")
    message = (await client.reactions_get(channel=acme.pocket.id, timestamp=reply.ts, full=True))["message"]
    assert (message["text"], message["user"]) == ("Read me.", acme.ana)
    assert message["permalink"] == acme.world.permalink(reply)
    assert message["reactions"] == [
        {"name": "bulb", "users": [acme.ben], "count": 1},
        {"name": "books", "users": [acme.bot], "count": 1},
    ]


async def test_only_full_names_everybody_who_reacted(client: AsyncWebClient, acme: Acme) -> None:
    """The count is always right."""
    message = acme.says()
    for number in range(30):
        acme.world.react(acme.pocket.id, message.ts, acme.world.add_person(f"p{number}").id, "bulb")
    args: dict[str, Any] = {"channel": acme.pocket.id, "timestamp": message.ts}
    some = (await client.reactions_get(**args))["message"]["reactions"][0]
    everybody = (await client.reactions_get(**args, full=True))["message"]["reactions"][0]
    assert (len(some["users"]), some["count"], len(everybody["users"]), everybody["count"]) == (25, 30, 30, 30)


async def test_an_emoji_is_a_standard_one_or_the_workspaces_own(
    client: AsyncWebClient, acme: Acme, refusal: Refusal
) -> None:
    """With a skin tone where there is one."""
    item = {"channel": acme.pocket.id, "timestamp": acme.says().ts}
    acme.world.emoji["shipit"] = "https://example.com/shipit.png"
    for name in ("+1", "thumbsup::skin-tone-3", "shipit", ":bulb:"):
        assert (await client.reactions_add(**item, name=name))["ok"]
    for name in ("light_bulb", "💡", "thumbsup::skin-tone-9", ""):
        assert await refusal(client.reactions_add(**item, name=name)) == "invalid_name"


async def test_the_app_takes_back_only_its_own(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """Ben's reaction stays."""
    message = acme.says()
    acme.world.react(acme.pocket.id, message.ts, acme.ben, "books")
    call = client.reactions_remove(channel=acme.pocket.id, timestamp=message.ts, name="books")
    assert await refusal(call) == "no_reaction"
    assert message.reactions == {"books": [acme.ben]}


async def test_where_the_app_is_not_it_reads_no_reactions(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """A public channel it is not in."""
    message = acme.says(in_=acme.elsewhere)
    item: dict[str, Any] = {"channel": acme.elsewhere.id, "timestamp": message.ts}
    assert await refusal(client.reactions_get(**item)) == "not_in_channel"
    assert await refusal(client.reactions_add(**item, name="books")) == "not_in_channel"
