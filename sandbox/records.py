"""What the sandbox's Slack is made of: people, messages, channels, forms, and the one app installed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """An error by Slack's own name, such as `not_in_channel`; `more` is added to the Web API's answer."""

    def __init__(self, code: str, **more: Any) -> None:  # noqa: ANN401 -- any JSON, or the fields of a dataclass
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass(slots=True)
class Person:
    """A member of the workspace, a guest, a bot, or somebody of another organisation (their `team_id` differs)."""

    id: str
    name: str
    team_id: str
    real_name: str = ""
    enterprise_id: str = ""
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    tz: str = "Europe/Berlin"
    bot_id: str = ""
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0


@dataclass(slots=True)
class Message:
    """A message as it stands. `reactions` maps an emoji's name to who gave it, in order."""

    channel: str
    ts: str
    user: str
    text: str
    subtype: str = ""
    thread_ts: str = ""
    bot_id: str = ""
    app_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    """What only a subtype has, such as `inviter`, `old_name`, `username`."""

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread, below the message that began it."""
        return self.thread_ts not in ("", self.ts)


@dataclass(slots=True)
class Ephemeral:
    """What one person sees and nobody else, until they reload: an answer to a command, or `chat.postEphemeral`."""

    id: str
    channel: str
    user: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    attachments: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Channel:
    """A channel, a direct message (`is_im`) or a group's (`is_mpim`). Messages stand by their `ts`, in order."""

    id: str
    name: str
    creator: str = ""
    created: int = 0
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    is_general: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_org_shared: bool = False
    members: dict[str, None] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    """The replies of each thread: the `ts` of its root, the `ts` of each reply in order."""

    @property
    def type(self) -> str:
        """Slack's `channel_type` in events: `channel`, `group`, `im` or `mpim`."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "group" if self.is_private else "channel"


@dataclass(slots=True)
class View:
    """A form or a Home that the app opened for `user`; `content` is what the app sent, checked."""

    id: str
    user: str
    type: str
    content: Json
    hash: str
    root_id: str
    previous_view_id: str | None = None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    """What the person has entered: block_id, action_id, value in Slack's shape (`view.state.values`)."""
    errors: dict[str, str] = field(default_factory=dict)
    """What the app answered at the last try to submit: block_id, sentence."""
    open: bool = True


@dataclass(slots=True)
class Trigger:
    """A `trigger_id`: who caused it, and until when (`Clock.lived`) it opens a form. It opens one only."""

    user: str
    until: float
    used: bool = False
    view: str | None = None
    """The form it was given in, if any: what `views.push` needs."""


@dataclass(slots=True)
class ResponseUrl:
    """Where the app may answer an interaction: 5 times, for 30 minutes (`Clock.passed`)."""

    user: str
    channel: str
    until: float
    uses: int = 5
    message_ts: str | None = None
    """The message or ephemeral that `replace_original` and `delete_original` mean."""
    thread_ts: str = ""


@dataclass(slots=True)
class Upload:
    """A file that the app uploads: where (`secret`), and `content` once it has arrived, `length` bytes of it."""

    id: str
    name: str
    length: int
    secret: str
    content: bytes | None = None
    is_complete: bool = False


@dataclass(slots=True)
class App:
    """The one app installed here: what manifest.yml says of it, and its secrets."""

    manifest: Json
    user: str
    bot_id: str
    name: str = "app"
    id: str = "A0OUTLOUD"
    bot_token: str = "xoxb-sandbox-token"  # noqa: S105 -- a kind of token, or a sandbox's, is no secret
    app_token: str = "xapp-sandbox-token"  # noqa: S105 -- a kind of token, or a sandbox's, is no secret
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 -- a kind of token, or a sandbox's, is no secret
    scopes: set[str] = field(default_factory=set)
    """The scopes granted: all the manifest's, unless a test takes one away."""
    installed: bool = True
    """Whether its tokens still open anything."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something happened: `event` is the inner event in Slack's shape. `channel` is where, if in a channel.

    Who hears of it (the manifest's events, the app's membership) is for `sandbox.delivery` to decide.
    """

    event: Json
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API: its arguments without the token, and when (`Clock.now`)."""

    method: str
    args: Json
    error: str | None
    """Why Slack did not carry it out: its own error, or the fault that struck before. None where it did, whatever came
    back."""
    at: float
    fault: str | None = None
    """The kind of `sandbox.faults` that struck it."""
