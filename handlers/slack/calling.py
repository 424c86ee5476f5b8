"""What people here are called, as Slack says: for names that somebody typed where Slack offers none to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from storage.ids import PersonId

A_PAGE, PAGES = 1000, 3
"""How many are asked for at once, and how often: somebody waits (docs.slack.dev/reference/methods/users.list)."""

NAMES = ("display_name", "display_name_normalized", "real_name", "real_name_normalized")
"""Of a profile: what Slack shows of somebody, and the same without accents."""


@dataclass(frozen=True, slots=True)
class Called:
    """Whose each name is, in small letters; nobody's, where they are more than can be asked for. Ids are names, too."""

    whose: Mapping[str, frozenset[PersonId]] = field(default_factory=dict)

    def alone(self, name: str) -> PersonId | None:
        """Who alone is called so."""
        found = self.whose.get(_plain(name), frozenset())
        return next(iter(found)) if len(found) == 1 else None


async def people(slack: AsyncWebClient, own: frozenset[str]) -> Called:
    """All of these teams, with the deactivated, whose words stay; of others, one may not see each. Raises what the SDK raises."""
    whose, cursor = defaultdict[str, set[PersonId]](set), ""
    for _ in range(PAGES):
        page = await slack.users_list(limit=A_PAGE, cursor=cursor)
        for user in page["members"]:
            if user.get("team_id") in own and not user.get("is_bot"):
                for name in _names(user):
                    whose[name].add(PersonId(user["id"]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return Called({name: frozenset(ids) for name, ids in whose.items()})
    return Called()


def _names(user: Mapping[str, Any]) -> set[str]:
    said = user.get("profile") or {}
    names = [user.get("id"), user.get("name"), user.get("real_name"), *(said.get(one) for one in NAMES)]
    return {_plain(name) for name in names if isinstance(name, str) and name.strip()}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("@")
