"""From which channel of an export a pocket's learnings may come, and who everybody in it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from storage.ids import PersonId, Place
from storage.people import Someone

from . import shapes
from .archive import Archive, BadExport
from .shapes import ChannelShape, MessageShape, PersonShape, Profile

LISTED = 30
"""Channels that a refusal names."""


@dataclass(frozen=True, slots=True)
class Source:
    """One channel of an export. `elsewhere`: it is not the pocket's own channel, but one of another workspace.

    `people`: everybody in users.json, by id; `team`: the workspace that the export is of. `threads`: in which thread one was
    written that somebody reacted to, by the one that began it, where it does not say so itself.
    """

    archive: Archive
    channel: ChannelShape
    elsewhere: bool
    team: str
    people: dict[str, PersonShape] = field(repr=False)
    threads: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def days(self) -> list[str]:
        """The channel's files, one for each day on which something was said."""
        return self.archive.within(self.channel.name)

    def messages(self, *, checked: bool, then: Callable[[], None] = lambda: None) -> Iterator[MessageShape | None]:
        """All of the channel's, day by day; `checked` as in `shapes.messages`, `then`: after each day. Raises `BadExport`.

        One with reactions that a file holds twice comes once.
        """
        for name in self.days:
            seen = set[str]()
            for message in shapes.messages(self.archive, name, checked=checked):
                is_again = message is not None and message.ts in seen
                if message is not None and message.reactions:
                    seen.add(message.ts)
                if message is not None and not checked:
                    self._thread(message)
                yield None if is_again else message
            then()

    def thread_of(self, message: MessageShape) -> str | None:
        """The message that began the thread that it was written in, once all were read; older exports say it there alone."""
        return message.thread_ts or self.threads.get(message.ts)

    def _thread(self, message: MessageShape) -> None:
        """Those that say it themselves, or that nobody reacted to, are let go: else all replies would be held."""
        self.threads.update(dict.fromkeys(message.replies, message.ts))
        if message.thread_ts or not message.reactions:
            self.threads.pop(message.ts, None)

    def someone(self, id: str, profile: Profile | None = None) -> Someone:
        """Who this is. `profile`: what stands beside a message of theirs.

        Of the pocket's workspace Slack itself says what they are called; of others, and of whom it is not known, the export.
        """
        known = self.people.get(id)
        team = known.team_id if known else (profile.team if profile else "")
        called = known.called if known else (profile.called if profile else "")
        is_here = not self.elsewhere and (team in ("", self.team) if known or profile else True)
        return Someone(
            PersonId(id),
            name=None if is_here else called or f"somebody ({id})",
            is_bot=known.is_bot if known else None,
            is_gone=bool(known and known.deleted),
        )

    def name_of(self, id: str) -> str:
        """What a mention of somebody says."""
        known = self.people.get(id)
        return (known.called if known else "") or "somebody"


def find(archive: Archive, place: Place, name: str, wanted: str) -> Source:
    """The channel whose messages may become the pocket's. `name` is the pocket's; `wanted` what was asked for, or empty.

    The pocket's own channel, by its id, also where it is private. Of the same workspace no other: whoever reads the pocket
    may not be allowed to read that one. Of another workspace a public one. Raises `BadExport`.
    """
    for needed in ("users.json", "channels.json"):
        if needed not in archive:
            raise BadExport(f"{archive.path} has no {needed} in it, so it is no Slack export.")
    public = list(shapes.channels(archive, "channels.json"))
    people = {person.id: person for person in shapes.people(archive)}
    team = _team(people)
    own = [one for one in (*public, *shapes.channels(archive, "groups.json")) if one.id == place.channel]
    if own and wanted.removeprefix("#") in ("", own[0].name, own[0].id):
        return Source(archive, own[0], elsewhere=False, team=team, people=people)
    if own or team == place.workspace:
        raise BadExport(
            f"{archive.path} is of #{name}'s own workspace{'' if own else f', and #{name} is not in it'}: only what was said in "
            f"#{name} itself becomes its learnings. Make the other channel a pocket, and import it there."
        )
    return Source(archive, _chosen(archive, public, name, wanted), elsewhere=True, team=team, people=people)


def _chosen(archive: Archive, public: list[ChannelShape], name: str, wanted: str) -> ChannelShape:
    asked = wanted.removeprefix("#") or name
    found = [one for one in public if asked in (one.name, one.id)]
    if not found and not wanted and len(public) == 1:
        found = public
    if not found:
        listed = ", ".join(f"#{one.name}" for one in public[:LISTED]) or "none"
        more = " and more" if len(public) > LISTED else ""
        raise BadExport(f"{archive.path} has no public channel #{asked}. Say which with --from: {listed}{more}.")
    return found[0]


def _team(people: dict[str, PersonShape]) -> str:
    """The workspace that most are of: others are of another organisation."""
    teams = Counter(person.team_id for person in people.values() if person.team_id)
    return teams.most_common(1)[0][0] if teams else ""
