"""The settings: from the environment, or from a file `.env` in the working directory; the environment goes first.

What is missing or malformed is told all at once, by name, with what to do. No value is ever repeated, because a token
pasted into the wrong place is still a token.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from . import addresses, dotenv_file

DOTENV = Path(".env")

OWN_CLOCK = "own"
"""As `SLACK_CLOCK`: the clock of this machine."""

ADVICE = {
    "slack_bot_token": "It stands at https://api.slack.com/apps, your app, OAuth & Permissions, Bot User OAuth Token.",
    "slack_app_token": "It stands at https://api.slack.com/apps, your app, Basic Information, App-Level Tokens.",
    "slack_signing_secret": "It stands at https://api.slack.com/apps, your app, Basic Information, Signing Secret.",
    "slack_api_url": "Leave it out for Slack itself; for a sandbox give its address, such as http://127.0.0.1:8000/api/.",
    "slack_pace": "Leave it out, or give 1; for a sandbox, how many times Slack's rates its clock allows.",
    "slack_clock": "Leave it out, or give own; for a sandbox, the address of its clock, such as http://127.0.0.1:8000/sandbox/clock.",
    "database_url": "Give sqlite:///outloud.db for a file, or postgresql://user:password@host/database.",
    "host": "Give 127.0.0.1 for this machine alone, or 0.0.0.0 for whoever can reach it.",
    "port": "Give a whole number from 1 to 65535.",
    "metrics_port": "Leave it out, or give a whole number from 1 to 65535 that is not PORT's.",
    "log_level": "Give debug, info, warning, error or critical.",
}
"""What to do about each setting; also the order in which problems are told."""


class BadSettings(Exception):
    """What is wrong with the settings, one line each. The text is for whoever runs Outloud, and holds no value."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "\n  ".join(["Outloud can't start with these settings (.env.example shows them all):", *problems])
        )


def _secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("holds a space or a sign that Slack never puts there; copy it again")
    return value


OTHER_TOKENS = {
    "xoxe": "that of an app with token rotation, which Outloud does not follow: switch it off",
    "xoxp-": "a user's token",
    "xapp-": "an app-level token",
}
"""How Slack's other tokens begin, and what they are (docs.slack.dev/authentication/tokens)."""


def _bot_token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text.startswith("xoxb-"):
        kind = next((kind for start, kind in OTHER_TOKENS.items() if text.startswith(start)), "no token of a bot")
        raise ValueError(f"must start with xoxb-, as a bot's token does; this one is {kind}")
    return _secret(value)


def _app_token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("xapp-"):
        raise ValueError("must start with xapp-, as an App-Level Token does; another of Slack's tokens won't do")
    return _secret(value)


def _database(value: SecretStr) -> SecretStr:
    return SecretStr(addresses.database(value.get_secret_value()))


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


LogLevel = Literal["debug", "info", "warning", "error", "critical"]


class DatabaseSettings(BaseSettings):
    """What `outloud migrate` and `outloud outbox` need: the database, and how much to log."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, hide_input_in_errors=True)

    database_url: Annotated[SecretStr, AfterValidator(_database)] = SecretStr("sqlite:///outloud.db")
    """SQLAlchemy's address of the database. It may hold a password: show `database_place` instead."""
    log_level: Annotated[LogLevel, BeforeValidator(_lower)] = "info"
    """The least grave log line that is written."""

    @property
    def database_place(self) -> str:
        """Where the database is, for people to read: no user, no password, no options."""
        return addresses.place(self.database_url.get_secret_value())

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold: for `logs.set_up`."""
        return addresses.passwords(self.database_url.get_secret_value())

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, values: dict[str, Any]) -> dict[str, Any]:
        """A setting that holds only spaces is not set, as in `PORT= `; those around a value don't belong to it."""
        trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in trimmed.items() if value != ""}


class Settings(DatabaseSettings):
    """All that `outloud run` needs. Secrets show as stars in its repr, and nowhere else."""

    slack_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)]
    slack_app_token: Annotated[SecretStr, AfterValidator(_app_token)] | None = None
    """Where there is one, Outloud opens connections to Slack (Socket Mode), and needs no address that Slack can reach."""
    slack_signing_secret: Annotated[SecretStr, AfterValidator(_secret)] = Field(SecretStr(""), validate_default=True)
    """Needed for what comes over HTTP, and empty where nothing does."""
    slack_api_url: Annotated[str, AfterValidator(addresses.web_api)] = "https://slack.com/api/"
    slack_pace: float = Field(default=1.0, ge=1, allow_inf_nan=False)
    """How many times Slack's published rates the outbox may go: above 1 only towards a sandbox, with a faster clock."""
    slack_clock: str = OWN_CLOCK
    """This machine's own clock; or an address that tells the time (`now`, seconds since 1970, UTC): only a sandbox's."""
    host: Annotated[str, AfterValidator(addresses.listening)] = "127.0.0.1"
    """Where the front door listens: this machine alone, so that nobody opens a port by trying Outloud out. The
    container image says 0.0.0.0, because nothing outside a container reaches its 127.0.0.1."""
    port: int = Field(default=3000, ge=1, le=65535)
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    """Where Prometheus reads how it goes, at /metrics; nothing is counted where there is none."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold: for `logs.set_up`."""
        own = (
            self.slack_bot_token,
            self.slack_signing_secret,
            *([self.slack_app_token] if self.slack_app_token else ()),
        )
        return tuple(secret.get_secret_value() for secret in own) + super().secrets

    @field_validator("slack_signing_secret")
    @classmethod
    def _one_door_is_open(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        token = info.data.get("slack_app_token", secret)  # absent when it is malformed itself, which is told already
        if token is None and not secret.get_secret_value():
            raise ValueError("is missing")
        return secret

    @field_validator("metrics_port")
    @classmethod
    def _figures_have_a_port_of_their_own(cls, port: int | None, info: ValidationInfo) -> int | None:
        if port is not None and port == info.data.get("port"):
            raise ValueError("is the same as PORT: what is seen there is not for everybody")
        return port

    @field_validator("slack_pace")
    @classmethod
    def _only_a_sandbox_is_hurried(cls, pace: float, info: ValidationInfo) -> float:
        url = info.data.get("slack_api_url")  # absent when it is malformed itself, which is told already
        if pace > 1 and url is not None and not addresses.is_loopback(url):
            raise ValueError(
                "may be more than 1 only where SLACK_API_URL is on this machine: Slack keeps to its own rates"
            )
        return pace

    @field_validator("slack_clock")
    @classmethod
    def _only_a_sandboxes_clock_is_followed(cls, clock: str, info: ValidationInfo) -> str:
        url = info.data.get("slack_api_url")  # absent when it is malformed itself, which is told already
        if clock != OWN_CLOCK and not (addresses.is_loopback(clock) and (url is None or addresses.is_loopback(url))):
            raise ValueError(
                "may be given only where it and SLACK_API_URL are on this machine: Slack has no clock to move"
            )
        return clock


def load() -> Settings:
    """All settings. Raises `BadSettings`."""
    return _load(Settings)


def load_database() -> DatabaseSettings:
    """The settings of a command that only needs the database. Raises `BadSettings`."""
    return _load(DatabaseSettings)


_Kind = TypeVar("_Kind", bound=DatabaseSettings)


def _load(kind: type[_Kind]) -> _Kind:
    try:
        in_file, problems = dotenv_file.read(DOTENV)
    except dotenv_file.UnreadableFile as error:
        in_file, problems = {}, [str(error)]
    in_environment = {name.lower() for name, value in os.environ.items() if value.strip()}
    wanted: dict[str, Any] = {name.lower(): value for name, value in in_file.items()}
    found = None
    try:
        found = kind(**{name: wanted[name] for name in wanted.keys() & kind.model_fields.keys() - in_environment})
    except ValidationError as error:
        problems += _problems(error)
    if problems or found is None:  # raised out here, so that no traceback can lead back to the values
        raise BadSettings(problems)
    return found


def _problems(error: ValidationError) -> list[str]:
    found: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_input=False):
        name = str(fault["loc"][0])
        if fault["type"] == "missing":
            wrong = "is missing"
        elif fault["type"] == "value_error":
            wrong = str(fault["ctx"]["error"])
        else:
            wrong = "is malformed"
        found.setdefault(name, f"{name.upper()} {wrong}. {ADVICE[name]}")
    return [found[name] for name in ADVICE if name in found]
