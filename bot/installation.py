"""Whose bot this is: Slack says so once, and every delivery is authorized from memory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.duties import error_code
from storage import workspaces
from storage.db.database import Database
from storage.ids import PersonId, WorkspaceId
from storage.refusals import Unavailable
from storage.workspaces import Installation

from .scopes import Grant

log = logging.getLogger(__name__)

NOT_ACCEPTED = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
}
"""Slack's errors that a new try does not mend (docs.slack.dev/reference/methods/auth.test)."""

LONGEST_WAIT = 30.0
"""Seconds between two questions, at most."""


class TokenRefused(Exception):
    """Slack does not accept SLACK_BOT_TOKEN ({code}). Copy the Bot User OAuth Token anew, from *OAuth & Permissions*."""

    def __init__(self, code: str) -> None:
        super().__init__((self.__doc__ or "").format(code=code))


class AppTokenRefused(TokenRefused):
    """Slack does not accept SLACK_APP_TOKEN ({code}). Copy an App-Level Token (connections:write) from *Basic Information*."""


class NotIntroduced(Unavailable):
    """Outloud has not heard from Slack yet which workspace it works for. Please try again in a minute."""


class Introduction:
    """Asks Slack who this bot is, and authorizes what comes in for its workspace."""

    def __init__(self, db: Database, slack: AsyncWebClient, now: Callable[[], float]) -> None:
        self._db = db
        self._slack = slack
        self._now = now
        self.installation: Installation | None = None
        self.grant: Grant | None = None
        """What this bot may do, as Slack said when it was asked."""

    async def ask(self) -> None:
        """Ask once, and remember the answer. Raises `TokenRefused`, and what the SDK raises when Slack is out of reach."""
        try:
            said = await self._slack.auth_test()
        except SlackApiError as error:
            if (code := error_code(error)) in NOT_ACCEPTED:
                raise TokenRefused(code) from error
            raise
        found = Installation(
            workspace=WorkspaceId(said["team_id"]),
            enterprise=said.get("enterprise_id"),
            name=said.get("team") or "",
            url=said.get("url") or "",
            bot_user=PersonId(said["user_id"]),
            bot=said.get("bot_id") or "",
        )
        await self._db.write(workspaces.install, found, at=self._now())
        self.grant = Grant.of(said.headers)
        if self.grant is not None and self.grant.missing:
            log.warning("not granted: %s; `outloud doctor` says what to do", ", ".join(self.grant.missing))
        self.installation = found

    async def ask_until_answered(self) -> None:
        """Ask again and again while Slack, or the database, is out of reach. Raises `TokenRefused`."""
        wait = 1.0
        while self.installation is None:
            try:
                await self.ask()
            except TokenRefused:
                raise
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, Unavailable) as error:
                log.warning("Slack has not said yet who this bot is (%s); asking again", type(error).__name__)
            except Exception:
                log.exception("what Slack said of this bot was not understood; asking again")
            else:
                return
            await asyncio.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 2)

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """Bolt's question who answers here. No network. None for another workspace: Bolt then swallows the delivery.

        Raises `NotIntroduced`, so that what comes too early is answered 5xx, and delivered again.
        """
        found = self.installation
        if found is None:
            raise NotIntroduced
        if team_id != found.workspace and (found.enterprise is None or enterprise_id != found.enterprise):
            return None
        return AuthorizeResult(
            enterprise_id=found.enterprise,
            team_id=found.workspace,
            team=found.name,
            url=found.url,
            bot_user_id=found.bot_user,
            bot_id=found.bot,
            bot_token=self._slack.token,
            bot_scopes=sorted(self.grant.granted) if self.grant else None,
        )
