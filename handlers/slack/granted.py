"""What Slack granted, as the headers of any of its answers say (`x-oauth-scopes`): never older than the answer itself.

(docs.slack.dev/apis/web-api/using-the-web-api)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRIVATE_CHANNELS = frozenset({"groups:read", "groups:history"})
"""The optional scopes without which a private channel can be no pocket: to see it, and what becomes of its messages."""


def scopes(headers: Mapping[str, Any] | None) -> frozenset[str] | None:
    """The scopes that the token has; None where the answer does not say."""
    found = next((value for name, value in (headers or {}).items() if name.lower() == "x-oauth-scopes"), None)
    if found is None:
        return None
    listed = found if isinstance(found, str) else ",".join(map(str, found))
    return frozenset(filter(None, (scope.strip() for scope in listed.split(","))))


def lacks(headers: Mapping[str, Any] | None, wanted: frozenset[str]) -> bool:
    """Whether it is sure that not all of these were granted."""
    granted = scopes(headers)
    return granted is not None and not wanted <= granted
