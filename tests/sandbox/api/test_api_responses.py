"""Answers at a `response_url`: private or public, in place of the original, five times in half an hour."""

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.world import World
from tests.sandbox.api.acme import Acme


def door(world: World, secret: str) -> AsyncWebhookClient:
    """Slack's own client for a `response_url`."""
    return AsyncWebhookClient(f"{world.base_url}/response/{secret}", retry_handlers=[])


@pytest.fixture
def url(served: str, acme: Acme) -> AsyncWebhookClient:
    """Where a command of ana's is answered."""
    assert served
    return door(acme.world, acme.world.new_response_url(acme.ana, acme.pocket.id))


async def test_an_answer_is_private_by_default(url: AsyncWebhookClient, acme: Acme) -> None:
    """Only who caused it sees it."""
    answer = await url.send(text="Only you.")
    assert (answer.status_code, answer.body) == (200, "ok")
    assert [(ephemeral.user, ephemeral.text) for ephemeral in acme.world.ephemerals] == [(acme.ana, "Only you.")]
    assert not acme.pocket.messages


async def test_an_answer_in_the_channel_needs_no_membership(served: str, acme: Acme) -> None:
    """A command can be answered where the app is not."""
    assert served
    url = door(acme.world, acme.world.new_response_url(acme.ana, acme.elsewhere.id))
    assert (await url.send(text="All.", response_type="in_channel")).status_code == 200
    assert [message.text for message in acme.elsewhere.messages.values()] == ["All."]


async def test_five_answers_and_no_sixth(url: AsyncWebhookClient) -> None:
    """A refused answer does not count."""
    assert (await url.send(text="")).status_code == 400
    assert [(await url.send(text="Hi")).status_code for _ in range(6)] == [200] * 5 + [404]
    assert "used_url" in (await url.send(text="Hi")).body


async def test_after_half_an_hour_nothing_is_answered(url: AsyncWebhookClient, acme: Acme) -> None:
    """By the sandbox's clock."""
    acme.world.clock.move(30 * 60 + 1)
    answer = await url.send(text="Hi")
    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


async def test_an_address_nobody_gave_is_expired(served: str, acme: Acme) -> None:
    """It says no more than that."""
    assert served
    assert (await door(acme.world, "guessed").send(text="Hi")).status_code == 404


async def test_a_whisper_is_replaced_and_taken_away(served: str, acme: Acme) -> None:
    """The one whose button was pressed."""
    assert served
    whisper = acme.world.whisper(acme.pocket.id, acme.ana, "Shared. Undo?")
    url = door(acme.world, acme.world.new_response_url(acme.ana, acme.pocket.id, message_ts=whisper.ts))
    divider = {"type": "divider"}
    await url.send_dict({"text": "Undone.", "replace_original": True, "blocks": [divider]})
    assert [(whisper.text, whisper.blocks[0]["type"])] == [("Undone.", "divider")]
    assert acme.world.ephemerals == [whisper]
    await url.send(delete_original=True)
    assert acme.world.ephemerals == []


async def test_a_message_of_the_apps_is_replaced(served: str, acme: Acme) -> None:
    """Somebody else's is not."""
    assert served
    own = acme.world.post(acme.pocket.id, acme.bot, "A card.")
    anas = acme.says()
    urls = [
        door(acme.world, acme.world.new_response_url(acme.ana, acme.pocket.id, message_ts=message.ts))
        for message in (own, anas)
    ]
    answers = [(await url.send(text="New words.", replace_original=True)).status_code for url in urls]
    assert (answers, own.text, anas.text) == ([200, 400], "New words.", "A lesson.")


async def test_an_answer_can_stand_in_a_thread(url: AsyncWebhookClient, acme: Acme) -> None:
    """A private one too."""
    root = acme.says()
    body = {"text": "In the thread.", "thread_ts": root.ts}
    assert (await url.send_dict(body)).status_code == 200
    assert (await url.send_dict(body | {"response_type": "in_channel"})).status_code == 200
    assert acme.world.ephemerals[0].thread_ts == root.ts
    assert len(acme.pocket.threads[root.ts]) == 1


async def test_an_archived_channel_takes_no_answer(url: AsyncWebhookClient, acme: Acme) -> None:
    """Neither a private one nor a public one."""
    acme.world.archive(acme.pocket.id, acme.ana)
    for kind in ("ephemeral", "in_channel"):
        answer = await url.send(text="Hi", response_type=kind)
        assert (answer.status_code, "is_archived" in answer.body) == (400, True)
    assert not acme.world.ephemerals


async def test_nothing_of_anybody_elses_is_taken_away(served: str, acme: Acme) -> None:
    """A message of ana's stays; so does what is gone already."""
    assert served
    message = acme.says()
    for ts in (message.ts, None, "1700000000.000001"):
        url = door(acme.world, acme.world.new_response_url(acme.ana, acme.pocket.id, message_ts=ts))
        answer = await url.send(delete_original=True)
        assert (answer.status_code, "message_not_found" in answer.body) == (400, True)
    assert list(acme.pocket.messages) == [message.ts]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": "Hi", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "Hi", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"text": "Hi", "response_type": "loud"}, "invalid_arguments"),
        ({"text": "Hi", "channel": "C1"}, "invalid_arguments"),
        ({"mrkdwn": True}, "no_text"),
    ],
)
async def test_a_bad_answer_is_refused(
    body: dict[str, object], error: str, url: AsyncWebhookClient, acme: Acme
) -> None:
    """With Slack's name for it, and nothing shown."""
    answer = await url.send_dict(body)
    assert (answer.status_code, error in answer.body) == (400, True)
    assert not acme.world.ephemerals
