"""The road for everything that goes wrong: words for the person who waits, and for an event a 5xx, so that Slack asks again."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from storage import markup
from storage.refusals import Refusal

from . import blocks, words
from .payloads import scrub
from .slack.silence import SILENCE

log = logging.getLogger(__name__)

OUTCOME = "outloud.outcome"
"""Where Bolt's context says what the status of an answer hides: that it was *refused*, or has *failed*."""

PATIENCE = 0.4
"""Seconds to say it: the handler may have taken 2.5 of the 3 that Slack waits."""


class TooSlow(Refusal):
    """That took too long, so Outloud stopped, and nothing was saved. Please try again in a moment."""

    again = True
    nothing_done = True


class Stands(Refusal):
    """That is saved, but what comes of it could not be shown in time. Look at it before you do it again."""


def says_nothing_done(error: Exception) -> bool:
    """Whether whoever waits would read that nothing was done, or saved."""
    return error.nothing_done if isinstance(error, Refusal) else True


async def explain(error: Exception, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
    """Answer a delivery that failed. Never raises: a raise here would leave Bolt without any answer."""
    try:
        return await _explain(error, body, context)
    except Exception:
        log.exception("could not say what went wrong")
        return BoltResponse(status=500)


async def _explain(error: Exception, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
    kind = "command" if "command" in body else str(body.get("type"))
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=404)
    context[OUTCOME] = _outcome(error)
    text = _words(error, kind)
    if kind in ("block_actions", "message_action", "shortcut"):
        # Where nothing can be said any more, Slack's own warning sign beside the button has to do.
        return BoltResponse(status=200 if await _say(text, body, context) else 400)
    answer = {
        "event_callback": lambda: BoltResponse(status=_status(error)),
        "command": lambda: _answer(text, given_back="" if isinstance(error, Stands) else _typed(body)),
        "view_submission": lambda: (
            _in_its_place(text) if isinstance(error, Stands) else _at_its_field(error, text, body)
        ),
        "block_suggestion": lambda: BoltResponse(status=200, body={"options": []}),
    }.get(kind)
    return answer() if answer else BoltResponse(status=_status(error))


def _outcome(error: Exception) -> str:
    if isinstance(error, Refusal) and not isinstance(error, Stands):
        return "busy" if error.again else "refused"
    return "failed"


def _words(error: Exception, kind: str) -> str:
    """What a person reads. What is no refusal is a defect, or a payload that Slack never sends: the log has it."""
    if isinstance(error, Stands) and isinstance(error.__cause__, Exception):
        _words(error.__cause__, kind)
        return error.words
    if isinstance(error, Refusal):
        log.info("refused a %s: %s", kind, type(error).__name__)
        return error.words
    if isinstance(error, ValidationError):
        fields = sorted({".".join(map(str, one["loc"])) for one in error.errors(include_input=False)})
        log.warning("a %s was not understood: %s", kind, ", ".join(fields))
        return words.NOT_UNDERSTOOD
    if isinstance(error, SILENCE):  # a form could not be opened, or a look at Slack not be made
        log.warning("a %s was not answered by Slack: %s", kind, _code(error))
        return words.SLACK_REFUSED
    log.error("a %s failed", kind, exc_info=error)
    return words.SOMETHING_BROKE


def _code(error: Exception) -> str:
    """Slack's name for it, such as `expired_trigger_id`, or the exception's."""
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__


def _status(error: Exception) -> int:
    """For an event: 200 where asking again would change nothing, 5xx where it may."""
    if isinstance(error, Refusal):
        return 503 if error.again else 200
    return 400 if isinstance(error, ValidationError) else 500


def _answer(text: str, *, given_back: str) -> BoltResponse:
    """A command's private answer, with the words that were typed: Slack has cleared them from where they were typed."""
    answer: dict[str, Any] = {"response_type": "ephemeral", "text": text}
    if given_back:
        answer["blocks"] = [
            blocks.section(text),
            blocks.section(words.WORDS_BACK),
            *blocks.as_typed(given_back),
        ]
    return BoltResponse(status=200, body=answer)


def _typed(body: dict[str, Any]) -> str:
    """What somebody wrote behind a command, and would have to write again: more than a word that says what is to be done."""
    typed: str = scrub(markup.unescape(str(body.get("text") or ""))).strip()
    if body["command"] == words.SHARE:
        return "" if words.asks_for_help(typed) or typed.lower() in words.sharing.DRAFTS else typed
    return typed if len(typed.split(None, 1)) > 1 else ""


def _at_its_field(error: Exception, text: str, body: dict[str, Any]) -> BoltResponse:
    """The form stays open, with the words in it, and says why at the field to blame: else at its first."""
    inputs = [one.get("block_id") for one in body["view"]["blocks"] if one.get("type") == "input"]
    if not inputs:  # it only asked whether somebody is sure
        return _in_its_place(text)
    fields = [name for name in inputs if isinstance(name, str) and name]
    if not fields:  # no form of ours
        return BoltResponse(status=400)
    blamed = error.field if isinstance(error, Refusal) and error.field in fields else fields[0]
    return BoltResponse(status=200, body={"response_action": "errors", "errors": {blamed: words.unformatted(text)}})


def _in_its_place(text: str) -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": "update", "view": blocks.message_form(text)})


async def _say(text: str, body: dict[str, Any], context: AsyncBoltContext) -> bool:
    """To whoever pressed something: beside the message, or, in a form or in Home, in a form of its own. False: in vain."""
    try:
        async with asyncio.timeout(PATIENCE):
            if context.respond is not None and body.get("response_url"):
                said = await context.respond(text, response_type="ephemeral", replace_original=False)
                if said.status_code == HTTPStatus.OK:
                    return True  # where the channel was archived, say, no answer can stand: a form can
            in_form = (body.get("view") or {}).get("type") == "modal"
            show = context.client.views_push if in_form else context.client.views_open
            await show(trigger_id=body.get("trigger_id") or "", view=blocks.message_form(text))
            return True
    except (*SILENCE, ValueError) as error:
        log.warning("could not say that something was refused: %s", type(error).__name__)
        return False
