"""Bytes to Slack, where nobody sees them until they are shared or shown (docs.slack.dev/messaging/working-with-files)."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient


async def upload(slack: AsyncWebClient, name: str, content: bytes, *, alt: str = "") -> str:
    """Bring a file to Slack; it is still to be completed. Returns its id. Raises what the SDK and aiohttp raise."""
    said = await slack.files_getUploadURLExternal(filename=name, length=len(content), alt_txt=alt or None)
    session: Any = slack.session
    async with session.post(str(said["upload_url"]), data=content, proxy=slack.proxy) as answer:
        answer.raise_for_status()
    return str(said["file_id"])
