"""What Slack says: whether the token is good, what it may do, and what time it is there."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import clock
from bot.installation import NOT_ACCEPTED, TokenRefused
from bot.scopes import WITHOUT, Grant
from bot.settings import Settings
from handlers.duties import error_code
from handlers.slack.granted import PRIVATE_CHANNELS

from .database import Memory
from .finding import Finding, fault, lasting, unknown, warning, well

PATIENCE = 10.0
"""Seconds to wait for Slack."""
SKEWED = 60.0
"""Seconds between Slack's clock and ours from which on somebody should look."""
REFUSED = 300.0
"""Seconds from which on a request counts as not fresh (docs.slack.dev/authentication/verifying-requests-from-slack)."""

TO_DO = (
    "At https://api.slack.com/apps, your app: paste what `outloud manifest` prints at *App Manifest*, then *Install App*, "
    "*Reinstall to Workspace*."
)


async def look(chosen: Settings, memory: Memory | None) -> list[Finding]:
    """By one call of auth.test: the token, its scopes, and Slack's clock by the answer's `Date`."""
    began = clock.now()
    try:
        token, headers = await _ask(chosen, memory)
    except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
        token, headers = fault("token", f"Slack is out of reach at {chosen.slack_api_url}: {_why(error)}", _ADVICE), {}
    return [token, *_scopes(headers), _clock(headers, (began + clock.now()) / 2, signed=chosen.slack_app_token is None)]


_ADVICE = "Can this machine reach it, by name and over HTTPS? SLACK_API_URL is for a sandbox only."


async def _ask(chosen: Settings, memory: Memory | None) -> tuple[Finding, Mapping[str, str]]:
    """What became of the token, and the headers of the answer."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        client = AsyncWebClient(
            token=chosen.slack_bot_token.get_secret_value(),
            base_url=chosen.slack_api_url,
            session=session,
            retry_handlers=[],
        )
        try:
            said = await client.auth_test()
        except SlackApiError as error:
            return _refused(error, chosen), getattr(error.response, "headers", {})
        except AttributeError:  # how the SDK takes plain text that says 200
            return _none_of_slacks(chosen, "200"), {}
    return _accepted(dict(said.data) if isinstance(said.data, dict) else {}, memory), said.headers


def _accepted(said: dict[str, Any], memory: Memory | None) -> Finding:
    team = f"the workspace {said.get('team')} ({said.get('team_id')})"
    if not said.get("bot_id"):
        return fault(
            "token",
            f"Slack accepts SLACK_BOT_TOKEN, but it is no bot's: it is of {said.get('user')} in {team}.",
            "Take the *Bot User OAuth Token*, at https://api.slack.com/apps, your app, OAuth & Permissions.",
        )
    others = [one for one in memory.signs if one.workspace != said.get("team_id")] if memory else []
    if memory and others and len(others) == len(memory.signs):
        names = ", ".join(f"{one.name} ({one.workspace})" for one in others)
        return warning(
            "token",
            f"The token is of {team}, and the database of {names}.",
            "If that is not what you mean: is it another app's token, or another database?",
        )
    return well("token", f"Slack accepts it: the bot @{said.get('user')} in {team}.")


def _refused(error: SlackApiError, chosen: Settings) -> Finding:
    code = error_code(error)
    if code in NOT_ACCEPTED:
        return fault("token", str(TokenRefused(code)))
    if code:
        return warning("token", f"Slack does not say now whether the token is good ({code}).", "Ask again in a minute.")
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", "unknown")
    return _none_of_slacks(chosen, status)


def _none_of_slacks(chosen: Settings, status: object) -> Finding:
    says = f"What answers at {chosen.slack_api_url} is not Slack's Web API, or not well (status {status})."
    return fault(
        "token", says, "Is there a proxy in between? If Slack itself has trouble, https://slack-status.com tells."
    )


def _scopes(headers: Mapping[str, str]) -> list[Finding]:
    grant = Grant.of(headers)
    if grant is None:
        return [unknown("scopes", "What the token may do can't be seen: Slack did not say.")]
    found = [fault("scopes", f"{scope} is not granted: {WITHOUT[scope]}.", TO_DO) for scope in grant.missing]
    if grant.superfluous:
        says = f"Granted, and needed for nothing: {', '.join(grant.superfluous)}."
        found.append(warning("scopes", says, f"Least privilege says: take them away. {TO_DO}"))
    half = PRIVATE_CHANNELS & grant.granted
    if half and half != PRIVATE_CHANNELS:
        says = f"{', '.join(half)} is granted, and {', '.join(PRIVATE_CHANNELS - half)} is not: of use only together."
        found.append(warning("scopes", says, f"Allow both, so that private channels can be pockets, or none. {TO_DO}"))
    if not found:
        found = [well("scopes", "All that the manifest needs are granted, and no others.")]
    left_out = [f"{scope}: {WITHOUT[scope]}." for scope in grant.left_out]
    return [*found, *(well("optional scopes", f"Not granted is {one}") for one in left_out)]


def _clock(headers: Mapping[str, str], now: float, *, signed: bool) -> Finding:
    """`signed`: what Slack sends has an age that is looked at, as over HTTP alone."""
    try:
        there = parsedate_to_datetime(next(value for name, value in headers.items() if name.lower() == "date"))
    except (StopIteration, ValueError):
        return unknown("clock", "Slack's time is not known, so this machine's can't be held to it.")
    ahead = now - there.timestamp()
    if abs(ahead) <= SKEWED:
        return well("clock", "This machine's clock goes with Slack's.")
    says = f"This machine's clock is {lasting(ahead)} {'ahead of' if ahead > 0 else 'behind'} Slack's."
    advice = "Let it follow a time server (on Linux: timedatectl set-ntp true)."
    if abs(ahead) <= REFUSED or not signed:
        return warning("clock", says, advice)
    return fault("clock", says, f"Everything that Slack sends is refused as too old or too new. {advice}")


def _why(error: Exception) -> str:
    """A failure of the network, without the words of a library."""
    if isinstance(error, TimeoutError):
        return f"no answer within {PATIENCE:.0f} seconds."
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name is not known here."
    if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError)):
        return "its certificate is not trusted here, or there is no TLS."
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"{os.strerror(error.errno).lower() if error.errno else 'no connection'}."
    return "the connection broke off."
