"""What must be remembered after a history: the product's rules, as plain as they can be said, beside the bot's own code.

Slack's order decides (`ts`), not the order in which things are told; only what Outloud itself *answered* at a moment (a
keep that can't be, an author's no) depends on what it had been told until then.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Given = tuple[str, str]
"""A person, and the name of the emoji that they gave."""


@dataclass(slots=True)
class Told:
    """The newest that Outloud was told of somebody's reaction."""

    ts: str
    standing: bool


@dataclass(slots=True)
class Said:
    """A message: what it says in Slack, and what Outloud was told of it."""

    channel: str
    ts: str
    author: str
    by_person: bool
    words: str
    edits: int = 0
    """How often it was edited."""
    stands: bool = True
    """False once it was deleted in Slack."""
    told: dict[Given, Told] = field(default_factory=dict)
    refused: set[Given] = field(default_factory=set)
    """Reactions that were answered with "can't be kept", or that an author's no has ended: they keep nothing."""
    undone: dict[str, str] = field(default_factory=dict)
    """Whoever pressed *undo*, and when: no reaction of theirs from before that keeps anything."""
    no: bool = False
    """Whether its author said no to this very message."""
    known: int = 0
    """Which of its edits Outloud knows of; earlier ones change nothing."""
    waits: bool = False
    """Whether it is to be looked at."""
    live: bool = False
    met: bool = False
    """Whether anything was ever remembered of it: of what nobody keeps, nothing is."""
    gone: bool = False
    """Whether Outloud was told that it is gone."""

    @property
    def curators(self) -> frozenset[str]:
        """Whose reactions keep it, as far as was told."""
        return frozenset(person for person, _ in self._keeping())

    def _keeping(self) -> list[Given]:
        return [
            given
            for given, told in self.told.items()
            if told.standing and given not in self.refused and told.ts > self.undone.get(given[0], "")
        ]

    def react(self, given: Given, ts: str, *, standing: bool) -> None:
        """It is told that a reaction was given, or taken back."""
        if given in self.told and self.told[given].ts >= ts:
            return
        self.told[given] = Told(ts, standing)
        self.refused.discard(given)
        self.settle(given if given in self._keeping() else None)

    def settle(self, newest: Given | None = None) -> None:
        """A reaction came or went; `newest`: which one was just given."""
        if self.gone:
            return
        if not self.curators:
            self.waits = self.live = False
        elif not self.no:
            self.waits, self.met = not self.live, True
        elif newest and newest[0] == self.author:
            # Also where they gave it before their no, and it is told after: their own wishes, of which either may be the last.
            self.no, self.waits = False, True
        elif newest:
            self.refused.add(newest)

    def edit(self, number: int, words: str) -> None:
        """It is told that its edit `number` made it say this."""
        if self.gone or number < self.known:
            return
        if self.live:
            self.known, self.live = number, bool(words)
        elif self.waits:
            self.known = number
        elif words and self.curators and not self.no:  # its words were edited away, and are there again
            self.known, self.waits = number, True

    def delete(self) -> None:
        """It is told that it was deleted."""
        if self.met:
            self.gone, self.live, self.waits = True, False, False
            self.told.clear()

    def look(self, *, never: bool) -> None:
        """Outloud looks at it in Slack. `never`: its author wants nothing kept."""
        if not self.waits:
            return
        self.waits = False
        if self.stands and self.by_person and self.words and not never:
            self.live, self.known = True, self.edits
        else:
            self.refuse_all()

    def refuse_all(self) -> None:
        """Whoever keeps it keeps it no more, until they try anew."""
        self.live = self.waits = False
        self.refused.update(self._keeping())

    def withhold(self) -> None:
        """Its author says no to it: for good, unless they keep it themselves."""
        if not self.gone:
            self.no = True
            self.refuse_all()

    def undo(self, person: str, ts: str) -> None:
        """A curator presses *undo*."""
        if person in self.curators:
            self.undone[person] = ts
            self.settle()


@dataclass(slots=True)
class Shared:
    """What somebody shared; `words` are like no other's."""

    channel: str
    author: str
    words: str
    topics: tuple[str, ...] = ()
    stands: bool = True


@dataclass(slots=True)
class Model:
    """All that was said and shared in one channel."""

    said: list[Said] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    never: set[str] = field(default_factory=set)
    """Who wants nothing kept."""

    def look(self) -> None:
        """Outloud does all that it owes."""
        for one in self.said:
            one.look(never=one.author in self.never)

    def say_never(self, message: Said) -> None:
        """The author of a message wants nothing kept from now on, and this one taken back."""
        self.never.add(message.author)
        message.withhold()

    def take_all_back(self, person: str) -> None:
        """They want what is kept already taken back, too."""
        for one in self.said:
            if one.author == person and one.live:
                one.withhold()
