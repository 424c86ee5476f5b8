"""Files that the app uploads: an address, the bytes, and a message that shares them."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.api.acme import Acme


async def send(url: str, content: bytes) -> int:
    """Upload it; the HTTP status."""
    async with aiohttp.ClientSession() as session, session.post(url, data=content) as answer:
        return answer.status


async def test_a_file_is_uploaded_and_shared(client: AsyncWebClient, acme: Acme) -> None:
    """As the SDK does it; it stands in the channel with the words that came with it."""
    await client.files_upload_v2(channel=acme.pocket.id, filename="a.csv", content="who,when\n", initial_comment="Here")
    (message,) = acme.pocket.messages.values()
    assert (message.text, message.user, message.files[0]["name"]) == ("Here", acme.bot, "a.csv")
    assert acme.world.uploads[message.files[0]["id"]].content == b"who,when\n"


async def test_what_arrives_must_be_what_was_said(client: AsyncWebClient, acme: Acme) -> None:
    """Of that length, and once; nothing is shared before, nor twice."""
    said = await client.files_getUploadURLExternal(filename="a.csv", length=4)
    file = {"id": said["file_id"], "title": "A"}
    assert await send(said["upload_url"], b"too long") == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[file], channel_id=acme.pocket.id)
    assert [await send(said["upload_url"], b"four") for _ in range(2)] == [200, 404]
    await client.files_completeUploadExternal(files=[file], channel_id=acme.pocket.id)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[file], channel_id=acme.pocket.id)
    assert len(acme.pocket.messages) == 1
