"""What the app writes: into channels, to people, in threads; and what becomes of it."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.api.acme import Acme, Refusal

SECTION: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": "A card."}}
METADATA = {"event_type": "card", "event_payload": {"id": "7"}}


async def test_a_post_stands_in_the_channel_under_the_apps_name(client: AsyncWebClient, acme: Acme) -> None:
    """The answer carries the message as it stands, its blocks with ids."""
    answer = await client.chat_postMessage(channel=acme.pocket.id, text="A card.", blocks=[SECTION])
    message = acme.pocket.messages[answer["ts"]]
    assert (message.user, message.bot_id, message.text) == (acme.bot, acme.world.app.bot_id, "A card.")
    assert answer["message"]["blocks"] == message.blocks
    assert message.blocks[0]["block_id"]


async def test_a_channel_may_be_named(client: AsyncWebClient, acme: Acme) -> None:
    """By its id, or its name with or without the sign."""
    for channel in ("pocket", "#pocket", acme.pocket.id):
        assert (await client.chat_postMessage(channel=channel, text="Hi"))["channel"] == acme.pocket.id
        acme.world.clock.move(1)


async def test_a_post_to_a_person_opens_the_direct_message_once(client: AsyncWebClient, acme: Acme) -> None:
    """The same one each time; only the two are in it."""
    first = await client.chat_postMessage(channel=acme.ana, text="Hi")
    acme.world.clock.move(1)
    assert (await client.chat_postMessage(channel=acme.ana, text="Hi"))["channel"] == first["channel"]
    assert set(acme.world.channels[first["channel"]].members) == {acme.ana, acme.bot}


async def test_who_is_deactivated_gets_no_message(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """Neither by their id nor in the direct message there was."""
    channel = (await client.chat_postMessage(channel=acme.ana, text="Hi"))["channel"]
    acme.world.clock.move(1)
    acme.world.people[acme.ana].deleted = True
    assert await refusal(client.chat_postMessage(channel=acme.ana, text="Hi")) == "user_disabled"
    assert await refusal(client.chat_postMessage(channel=channel, text="Hi")) == "is_archived"


async def test_a_long_text_becomes_several_messages(client: AsyncWebClient, acme: Acme) -> None:
    """Over 4,000 characters, cut between words; nothing is lost."""
    words = " ".join(f"word{number}" for number in range(1500))
    answer = await client.chat_postMessage(channel=acme.pocket.id, text=words)
    texts = [message.text for message in acme.pocket.messages.values()]
    assert len(texts) == 4
    assert all(len(text) <= 4000 for text in texts)
    assert " ".join(texts) == words
    assert answer["message"]["text"] == texts[0]


async def test_the_longest_texts_are_taken(client: AsyncWebClient, acme: Acme) -> None:
    """40,000 characters posted (as ten messages), 4,000 in an update."""
    posted = await client.chat_postMessage(channel=acme.pocket.id, text="x" * 40_000)
    assert [len(message.text) for message in acme.pocket.messages.values()] == [4000] * 10
    assert (await client.chat_update(channel=acme.pocket.id, ts=posted["ts"], text="y" * 4000))["ok"]


async def test_a_long_text_beside_blocks_stays_one_message(client: AsyncWebClient, acme: Acme) -> None:
    """It is then only what notifications show."""
    await client.chat_postMessage(channel=acme.pocket.id, text="x" * 5000, blocks=[SECTION])
    assert len(acme.pocket.messages) == 1


async def test_a_reply_stands_in_its_thread_and_not_in_the_history(client: AsyncWebClient, acme: Acme) -> None:
    """Unless it was broadcast."""
    root = acme.says()
    reply = await client.chat_postMessage(channel=acme.pocket.id, text="In the thread.", thread_ts=root.ts)
    acme.world.clock.move(1)
    shout = await client.chat_postMessage(
        channel=acme.pocket.id, text="To all.", thread_ts=root.ts, reply_broadcast=True
    )
    history = await client.conversations_history(channel=acme.pocket.id)
    assert [message["ts"] for message in history["messages"]] == [shout["ts"], root.ts]
    assert history["messages"][0]["subtype"] == "thread_broadcast"
    assert history["messages"][1]["reply_count"] == 2
    replies = await client.conversations_replies(channel=acme.pocket.id, ts=root.ts)
    assert [message["ts"] for message in replies["messages"]] == [root.ts, reply["ts"], shout["ts"]]
    assert replies["messages"][1]["parent_user_id"] == acme.ana
    assert "parent_user_id" not in replies["messages"][2]
    assert replies["messages"][2]["root"]["ts"] == root.ts


async def test_nobody_replies_to_a_reply_or_to_slack(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """A thread's ts is its first message's."""
    reply = acme.says(thread_ts=acme.says().ts)
    call = client.chat_postMessage(channel=acme.pocket.id, text="Hi", thread_ts=reply.ts)
    assert await refusal(call) == "cannot_reply_to_message"


async def test_metadata_comes_back_only_where_it_is_asked_for(client: AsyncWebClient, acme: Acme) -> None:
    """`include_all_metadata`, in the history and in a thread."""
    answer = await client.chat_postMessage(channel=acme.pocket.id, text="A card.", metadata=METADATA)
    for include in (False, True):
        found = [
            await client.conversations_history(channel=acme.pocket.id, include_all_metadata=include),
            await client.conversations_replies(channel=acme.pocket.id, ts=answer["ts"], include_all_metadata=include),
        ]
        given = [page["messages"][0].get("metadata") for page in found]
        assert given == [METADATA if include else None] * 2


async def test_an_update_leaves_what_it_does_not_name(client: AsyncWebClient, acme: Acme) -> None:
    """Blocks and metadata stay, until they are given, or given as nothing."""
    posted = await client.chat_postMessage(channel=acme.pocket.id, text="A card.", blocks=[SECTION], metadata=METADATA)
    message = acme.pocket.messages[posted["ts"]]
    await client.chat_update(channel=acme.pocket.id, ts=message.ts, text="Another.")
    assert (message.text, len(message.blocks), message.metadata) == ("Another.", 1, METADATA)
    await client.chat_update(channel=acme.pocket.id, ts=message.ts, text="Another.", blocks=[])
    assert (message.blocks, message.edited and message.edited["user"]) == ([], acme.bot)


async def test_what_is_in_an_archived_channel_is_not_updated(
    client: AsyncWebClient, acme: Acme, refusal: Refusal
) -> None:
    """`is_inactive`, by this method's own name for it."""
    posted = await client.chat_postMessage(channel=acme.pocket.id, text="A card.")
    acme.world.archive(acme.pocket.id, acme.ana)
    assert await refusal(client.chat_update(channel=acme.pocket.id, ts=posted["ts"], text="Hi")) == "is_inactive"


async def test_what_is_whispered_stands_in_no_history(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """One person has it; it can be neither updated nor found."""
    answer = await client.chat_postEphemeral(channel=acme.pocket.id, user=acme.ben, text="Only you.")
    assert [(ephemeral.user, ephemeral.text) for ephemeral in acme.world.ephemerals] == [(acme.ben, "Only you.")]
    assert (await client.conversations_history(channel=acme.pocket.id))["messages"] == []
    call = client.chat_update(channel=acme.pocket.id, ts=answer["message_ts"], text="Hi")
    assert await refusal(call) == "message_not_found"


async def test_a_permalink_leads_to_a_reply_through_its_thread(client: AsyncWebClient, acme: Acme) -> None:
    """As Slack's client writes it."""
    root = acme.says(ts="1700000000.000100")
    reply = acme.says(ts="1700000001.000200", thread_ts=root.ts)
    links = [
        (await client.chat_getPermalink(channel=acme.pocket.id, message_ts=message.ts))["permalink"]
        for message in (root, reply)
    ]
    base = f"https://acme.slack.com/archives/{acme.pocket.id}"
    query = f"?thread_ts=1700000000.000100&cid={acme.pocket.id}"
    assert links == [f"{base}/p1700000000000100", f"{base}/p1700000001000200{query}"]


async def test_bad_blocks_are_refused_with_the_place(client: AsyncWebClient, acme: Acme) -> None:
    """`response_metadata.messages` says where and why."""
    with pytest.raises(Exception, match=r"must be more than 0 characters \[json-pointer:/blocks/0/text/text\]"):
        await client.chat_postMessage(
            channel=acme.pocket.id,
            text="Hi",
            blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
        )
    assert not acme.pocket.messages


async def test_attachments_are_checked_too(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """Their blocks, and that they say anything."""
    bad = client.chat_postMessage(channel=acme.pocket.id, attachments=[{"blocks": [{"type": "nonsense"}]}], text="x")
    assert await refusal(bad) == "invalid_attachments"
    acme.world.clock.move(1)
    empty = client.chat_postMessage(channel=acme.pocket.id, attachments=[{"color": "#fff"}], text="x")
    assert await refusal(empty) == "no_text"


async def test_what_the_app_wrote_it_can_change_where_it_still_sees_it(
    client: AsyncWebClient, acme: Acme, refusal: Refusal
) -> None:
    """After it left: in a public channel, not in a private one."""
    for channel in (acme.pocket, acme.secret):
        message = acme.world.post(channel.id, acme.bot, "A card.")
        acme.world.leave(channel.id, acme.bot)
        update = client.chat_update(channel=channel.id, ts=message.ts, text="Changed.")
        if channel is acme.pocket:
            assert (await update)["text"] == message.text == "Changed."
        else:
            assert await refusal(update) == "channel_not_found"


async def test_what_the_sandbox_does_not_do_is_refused_and_not_ignored(
    client: AsyncWebClient, acme: Acme, refusal: Refusal
) -> None:
    """Names are not linked, nothing is broadcast later, there are no files."""
    message = acme.world.post(acme.pocket.id, acme.bot, "A card.")
    item = {"channel": acme.pocket.id, "ts": message.ts, "text": "Hi"}
    assert await refusal(client.api_call("chat.update", json=item | {"parse": "full"})) == "invalid_arguments"
    assert await refusal(client.api_call("chat.update", json=item | {"link_names": True})) == "invalid_arguments"
    assert await refusal(client.api_call("chat.update", json=item | {"file_ids": ["F1"]})) == "file_not_found"
    broadcast = client.api_call("chat.update", json=item | {"reply_broadcast": True})
    assert await refusal(broadcast) == "cant_broadcast_message"
    assert message.text == "A card."


async def test_each_element_that_acts_gets_an_id(client: AsyncWebClient, acme: Acme) -> None:
    """As Slack gives one where the app gave none."""
    button: dict[str, Any] = {"type": "button", "text": {"type": "plain_text", "text": "It helped me"}}
    blocks = [SECTION | {"accessory": button}, {"type": "actions", "elements": [button]}]
    answer = await client.chat_postMessage(channel=acme.pocket.id, text="A card.", blocks=blocks)
    section, actions = answer["message"]["blocks"]
    assert section["accessory"]["action_id"]
    assert actions["elements"][0]["action_id"]
