"""What every way of writing a message shares: text, blocks, attachments and metadata, checked as Slack does."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox import blocks as block_kit
from sandbox.forms import with_ids
from sandbox.records import Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_TEXT = 40_000
"""https://docs.slack.dev/reference/methods/chat.postMessage#truncating"""

LONGEST_MESSAGE = 4_000
"""Over this a text is sent as several messages; `chat.update` and `chat.postEphemeral` can't and refuse it."""

LONGEST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100
METADATA_BYTES = 16_000
"""Slack documents `metadata_too_large` without its number."""

EVENT_TYPE = re.compile(r"^[A-Za-z0-9_.:\-]{1,255}$")


@dataclass(frozen=True, slots=True)
class Words:
    """The checked parts of a message. `None` is what was not given (`chat.update` then leaves it as it is)."""

    text: str
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    extra: Json = field(default_factory=dict)


def read_words(args: Mapping[str, Any], *, longest: int = LONGEST_TEXT) -> Words:
    """Check what a message is made of.

    Raises `no_text`, `msg_too_long`, `invalid_blocks` (with each place that is wrong), `invalid_attachments`,
    `too_many_attachments`, `markdown_text_conflict`, and the errors of `check_metadata`.
    """
    text, markdown = str(args.get("text") or ""), args.get("markdown_text")
    blocks, attachments = args.get("blocks"), args.get("attachments")
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > LONGEST_MARKDOWN:
            raise SlackError("msg_too_long")
        text, blocks = "", [{"type": "markdown", "text": markdown}]
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    if len(text) > longest:
        raise SlackError("msg_too_long")
    if blocks:
        _check_blocks(blocks)
    for attachment in attachments or ():
        _check_attachment(attachment)
    if len(attachments or ()) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    metadata = args.get("metadata")
    if metadata:
        check_metadata(metadata)
    extra = {"mrkdwn": False} if args.get("mrkdwn") is False else {}
    return Words(text, None if blocks is None else with_ids(blocks), attachments, metadata, extra)


def _check_blocks(blocks: list[Json]) -> None:
    if wrong := block_kit.check_blocks(blocks):
        raise SlackError("invalid_blocks", errors=wrong, response_metadata={"messages": wrong})


def _check_attachment(attachment: Json) -> None:
    inner = attachment.get("blocks")
    if inner is not None and (not isinstance(inner, list) or block_kit.check_blocks(inner)):
        raise SlackError("invalid_attachments")
    if not any(
        attachment.get(name) for name in ("text", "fallback", "blocks", "pretext", "title", "image_url", "fields")
    ):
        raise SlackError("no_text")


def check_metadata(metadata: Json) -> None:
    """Raise `invalid_metadata_format`, `invalid_metadata_schema` or `metadata_too_large`.

    https://docs.slack.dev/messaging/message-metadata
    """
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if set(metadata) - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_format")
    if not isinstance(event_type, str) or not EVENT_TYPE.match(event_type) or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")


def split_text(text: str) -> list[str]:
    """The messages that a long text is sent as: cut at a line's end, else at a space, else anywhere."""
    parts = []
    while len(text) > LONGEST_MESSAGE:
        head = text[:LONGEST_MESSAGE]
        cut = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or LONGEST_MESSAGE
        parts.append(text[:cut])
        text = text[cut:].lstrip("\n ") if cut < LONGEST_MESSAGE else text[cut:]
    return [*parts, text] if text or not parts else parts
