"""The messages of an export, read for storage: which of them somebody's keep reaction stands on, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from handlers.slack import showing
from storage import markup
from storage.ids import PersonId, Ts
from storage.kept.curators import Given
from storage.kept.files import FileLink
from storage.kept.importing import Carried
from storage.kept.keeps import Look
from storage.people import Someone
from storage.places.pocket_reactions import PocketReactions
from storage.workspaces import Installation

from .archive import BadExport
from .shapes import MessageShape
from .source import Source

AHEAD = 86400.0
"""Seconds by which a message may be ahead of this machine's clock."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a source for a pocket, by its own `reactions`, at `now` (seconds since 1970, UTC)."""

    source: Source
    reactions: PocketReactions
    installation: Installation | None
    now: float

    def all(self, *, checked: bool, then: Callable[[], None] = lambda: None) -> Iterator[Carried | None]:
        """A value for each message: None for one that nobody keeps. `checked`, `then`: as `Source.messages` has them.

        Raises `BadExport`.
        """
        found = self.source.messages(checked=checked, then=then)
        return (None if message is None else self._carried(message) for message in found)

    def _carried(self, message: MessageShape) -> Carried | None:
        if max(float(message.ts), float(message.edited.ts) if message.edited else 0) > self.now + AHEAD:
            raise BadExport(f"{self.source.archive.path} holds a message of the future, so it is no Slack export.")
        if not message.reactions:
            return None
        keepers = self._given(message, lambda name: self.reactions.deed(name) == "keep")
        if not keepers:
            return None
        helped = self._given(message, lambda name: self.reactions.deed(name) == "helped")
        people = {one.person: self.source.someone(one.person) for one in (*keepers, *helped)}
        if message.user:
            people[PersonId(message.user)] = self._author(message)
        return Carried(
            ts=Ts(message.ts),
            key=f"import:{self.source.channel.id}:{message.ts}" if self.source.elsewhere else None,
            look=self._look(message, helped),
            keepers=keepers,
            people=tuple(people.values()),
        )

    def _author(self, message: MessageShape) -> Someone:
        profile = message.user_profile
        team = message.user_team or message.team
        if profile is not None and not profile.team and team:
            profile = profile.model_copy(update={"team": team})
        return self.source.someone(message.user, profile)

    def _look(self, message: MessageShape, helped: frozenset[Given]) -> Look:
        raw = message.model_dump(include={"text", "files", "user", "subtype", "bot_id"})
        author = self.source.people.get(message.user)
        words, files = showing.words_of(raw), () if self.source.elsewhere else _safe(showing.files_of(raw))
        return Look(
            author=PersonId(message.user) if message.user else None,
            words=self._read(words) if self.source.elsewhere else words,
            link="" if self.source.elsewhere else self._link(message),
            by_person=showing.is_by_person(raw) and not (author and author.is_bot),
            edited=Ts(message.edited.ts) if message.edited else None,
            files=files,
            helped=helped,
        )

    def _link(self, message: MessageShape) -> str:
        thread = self.source.thread_of(message)
        return showing.message_link(self.installation, self.source.channel.id, message.ts, thread=thread)

    def _read(self, words: str) -> str:
        """Whom it mentions, by name: their ids mean nothing, or somebody else, in the pocket's workspace."""
        return markup.REFERENCE.sub(
            lambda one: markup.escape(f"@{self._named(one[2])}") if one[1] == "@" else one[0], words
        )

    def _named(self, id: str) -> str:
        return self.source.name_of(id)

    def _given(self, message: MessageShape, wanted: Callable[[str], bool]) -> frozenset[Given]:
        return frozenset(
            Given(PersonId(user), one.name)
            for one in message.reactions
            if wanted(one.name)
            for user in one.users
            if user and not self._is_bot(user)
        )

    def _is_bot(self, id: str) -> bool:
        known = self.source.people.get(id)
        return bool(known and known.is_bot) or (self.installation is not None and id == self.installation.bot_user)


def _safe(files: tuple[FileLink, ...]) -> tuple[FileLink, ...]:
    """Links to Slack alone, and without what an export writes behind them to open them."""
    bare = (FileLink(one.title, one.link.partition("?")[0]) for one in files)
    return tuple(one for one in bare if one.link.startswith("https://"))
