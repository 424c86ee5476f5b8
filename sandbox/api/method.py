"""What a method of the Web API is: its name, arguments, scopes, tier and token, declared once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.records import Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.quotas import Tier
    from sandbox.world import World

PAGES = "https://docs.slack.dev/reference/methods/"


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument: how it is read, and Slack's errors when it is missing (if it must be there) or malformed."""

    read: Callable[[object], Any]
    """Makes the value of what was sent, or raises `ValueError` with a sentence."""
    missing: str = ""
    malformed: str = "invalid_arguments"


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: its arguments, read and checked, by `token` (`bot` or `app`)."""

    world: World
    method: Method
    args: Mapping[str, Any]
    token: str = "bot"  # noqa: S105 -- a kind of token, or a sandbox's, is no secret

    def text(self, name: str) -> str:
        """A text argument; empty if it was not given."""
        value = self.args.get(name)
        return value if isinstance(value, str) else ""

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean argument."""
        return bool(self.args.get(name, default))

    def need(self, *alternatives: str) -> None:
        """Raise `missing_scope` unless one of these scopes is granted."""
        granted = self.world.app.scopes
        if alternatives and not granted.intersection(alternatives):
            raise SlackError("missing_scope", needed=",".join(alternatives), provided=",".join(sorted(granted)))


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the Web API; its page of Slack's documentation is `page`."""

    name: str
    run: Callable[[Asked], Json]
    tier: Tier
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    """Any one of these is enough to call it; some conversations then need a certain one."""
    tokens: frozenset[str] = frozenset({"bot"})
    open_ended: bool = False
    """Whether it takes arguments of any name (`api.test`)."""

    @property
    def page(self) -> str:
        """The page of Slack's documentation that it follows."""
        return PAGES + self.name


def ratelimited(wait: int) -> SlackError:
    """Slack's refusal for a quota: HTTP 429 with `Retry-After` in whole seconds."""
    return SlackError("ratelimited", retry_after=wait)


def invalid_arguments(*messages: str) -> SlackError:
    """Slack's general refusal of arguments, with its reasons."""
    told = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_arguments", response_metadata={"messages": told})
