"""A Slack export, read as it is played: people and channels at once, messages one day file after another.

The format: https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports
"""

from __future__ import annotations

import heapq
import lzma
import re
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes, unpacked: the largest day of a channel that is read."""

LARGEST_EXPORT = 4 * 1024 * 1024 * 1024
"""Bytes, unpacked: the largest export that is read."""

DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError)
"""What zipfile raises for a file that is damaged, encrypted, or packed in a way it does not know."""

DAY = re.compile(r"^\d{4}-\d{2}-\d{2}\.json$")

Text = Annotated[str, BeforeValidator(lambda text: text or "")]
"""A text that some exports leave out by writing null."""


def _times(value: Any) -> tuple[str, ...]:  # noqa: ANN401 -- whatever stands there
    found = value if isinstance(value, list) else []
    return tuple(one["ts"] for one in found if isinstance(one, dict) and isinstance(one.get("ts"), str))


class BadExport(ValueError):
    """The file is no Slack export that can be read; the text says why."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ExportedPerson(_Part):
    """A person or bot of users.json."""

    id: str
    name: str
    team_id: Text = ""
    real_name: Text = ""
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    tz: Text = ""


class ExportedChannel(_Part):
    """A channel of channels.json or groups.json."""

    id: str
    name: str
    creator: Text = ""
    is_general: bool = False
    is_private: bool = False
    members: tuple[str, ...] = ()


class Reaction(_Part):
    """An emoji (its name, without colons), and who gave it (their ids)."""

    name: str
    users: tuple[str, ...] = ()


class ExportedMessage(_Part):
    """A message of a day file, in the channel of the folder it lies in."""

    ts: Annotated[str, Field(pattern=r"^\d{1,12}\.\d{6}$")]
    text: Text = ""
    user: Text = ""
    subtype: Text = ""
    thread_ts: Text = ""
    bot_id: Text = ""
    username: Text = ""
    blocks: tuple[dict[str, Any], ...] | None = None
    attachments: tuple[dict[str, Any], ...] | None = None
    files: tuple[dict[str, Any], ...] | None = None
    edited: dict[str, str] | None = None
    reactions: tuple[Reaction, ...] = ()
    replies: Annotated[tuple[str, ...], BeforeValidator(_times)] = ()
    """When those in its thread were written: older exports say so here alone."""

    @property
    def time(self) -> float:
        """Seconds since 1970, UTC."""
        return float(self.ts)


Model = TypeVar("Model")
PEOPLE = TypeAdapter(list[ExportedPerson])
CHANNELS = TypeAdapter(list[ExportedChannel])
MESSAGES = TypeAdapter(list[ExportedMessage])


class Export:
    """An export in a zip file, open within `with`. Raises `BadExport` for what cannot be read, as soon as it shows."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        try:
            self._zip = zipfile.ZipFile(self._path)
        except OSError as error:
            raise BadExport(f"{path} cannot be read: {error.strerror or error}.") from None
        except zipfile.BadZipFile:
            raise BadExport(f"{path} is not a zip file. A Slack export is one.") from None
        self._files = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        try:
            self._check()
            self.people = self._read("users.json", PEOPLE)
            self.channels = self._read_channels()
        except BadExport:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def messages(self) -> Iterator[tuple[ExportedChannel, ExportedMessage]]:
        """All messages of all channels in order of time, each with its channel; a `ts` that comes twice comes once."""
        yield from heapq.merge(*map(self._channel_messages, self.channels), key=lambda pair: (pair[1].time, pair[1].ts))

    def home_team(self) -> str:
        """The id of the workspace that most people are of; others are of another organisation."""
        teams = Counter(person.team_id for person in self.people if person.team_id)
        return teams.most_common(1)[0][0] if teams else ""

    def count_messages(self) -> int:
        """How many messages there are; each day file is read for it."""
        return sum(1 for _ in self.messages())

    def _channel_messages(self, channel: ExportedChannel) -> Iterator[tuple[ExportedChannel, ExportedMessage]]:
        last, threads = "", dict[str, str]()
        for name in sorted(self._files):
            path = PurePosixPath(name)
            if path.parent.name == channel.name and len(path.parts) == 2 and DAY.match(path.name):  # noqa: PLR2004
                for message in sorted(self._day(name), key=lambda one: (one.time, one.ts)):
                    threads.update(dict.fromkeys(message.replies, message.ts))
                    thread = threads.pop(message.ts, "")
                    if message.ts != last:
                        is_told = bool(message.thread_ts or not thread)
                        yield channel, message if is_told else message.model_copy(update={"thread_ts": thread})
                    last = message.ts

    def _day(self, name: str) -> list[ExportedMessage]:
        return self._read(name, MESSAGES)

    def _check(self) -> None:
        for name in self._files:
            path = PurePosixPath(name.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts:
                raise BadExport(f"{self._path} names a file outside of itself ({name!r}), so it is not opened.")
        if sum(info.file_size for info in self._files.values()) > LARGEST_EXPORT:
            raise BadExport(
                f"{self._path} would unpack to more than {LARGEST_EXPORT // 2**30} GiB, so it is not opened."
            )
        for needed in ("users.json", "channels.json"):
            if needed not in self._files:
                raise BadExport(f"{self._path} has no {needed}, so it is no Slack export.")

    def _read_channels(self) -> list[ExportedChannel]:
        private = self._read("groups.json", CHANNELS) if "groups.json" in self._files else []
        hidden = [group.model_copy(update={"is_private": True}) for group in private]
        return [*self._read("channels.json", CHANNELS), *hidden]

    def _read(self, name: str, adapter: TypeAdapter[Model]) -> Model:
        content = self._unpack(name)
        try:
            return adapter.validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(step) for step in first["loc"])
            place = f" at {where}" if where else ""
            raise BadExport(f"{self._path}: {name} is not as a Slack export has it{place}: {first['msg']}.") from None

    def _unpack(self, name: str) -> bytes:
        info = self._files[name]
        if info.file_size > LARGEST_FILE:
            raise BadExport(f"{self._path}: {name} would unpack to more than {LARGEST_FILE // 2**20} MiB.")
        try:
            with self._zip.open(info) as packed:
                return packed.read(LARGEST_FILE)
        except DAMAGES as error:
            raise BadExport(f"{self._path}: {name} cannot be unpacked: {error}.") from None
