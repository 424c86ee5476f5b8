"""What came of an import, or would: counted as it goes, and said in sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from storage.ids import PersonId
from storage.kept.importing import Carried, Outcome

LEFT_OUT = {
    "known": "whose message is known already, kept or not",
    "bot": "by bots, or by nobody",
    "empty": "without words",
    "never": "whose authors are never kept",
}
"""Of what becomes nothing: why."""


@dataclass(slots=True)
class Tally:
    """`messages`: all that were read; the rest is of those that somebody's keep reaction stands on."""

    messages: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    helped: int = 0
    authors: set[PersonId] = field(default_factory=set)
    by_name: set[PersonId] = field(default_factory=set)
    told: set[PersonId] = field(default_factory=set)
    nameless: int = 0

    def count(self, one: Carried, outcome: Outcome) -> None:
        """One that carries keep reactions."""
        self.outcomes[outcome] += 1
        if outcome != "new" or one.author is None:
            return
        self.authors.add(one.author.id)
        self.helped += len({given.person for given in one.look.helped} - {one.author.id})
        self.by_name |= {someone.id for someone in one.people if someone.name is not None}
        self.nameless += one.author.is_gone
        if one.is_to_be_told:
            self.told.add(one.author.id)

    def facts(self) -> dict[str, int]:
        """For programs."""
        left_out = {reason: self.outcomes[reason] for reason in LEFT_OUT}  # type: ignore[index]  # its keys are outcomes
        return {
            "messages": self.messages,
            "learnings": self.outcomes["new"],
            "authors": len(self.authors),
            "helped": self.helped,
            "by_name": len(self.by_name),
            "without_name": self.nameless,
            "told": len(self.told),
            **left_out,
        }

    def lines(self, *, dry: bool) -> list[str]:
        """For people."""
        new, authors, would = self.outcomes["new"], len(self.authors), "would become" if dry else "became"
        found = [f"{self.messages:,} messages read. {_many(new, 'message')} {would} learnings, by {_people(authors)}."]
        if self.helped:
            found.append(f"{_many(self.helped, 'helped mark')} {'would come' if dry else 'came'} with them.")
        for reason, why in LEFT_OUT.items():
            if many := self.outcomes[reason]:  # type: ignore[index]
                found.append(f"Left out: {many:,} {why}.")
        if self.by_name:
            found.append(f"Kept by name, because they are not in this workspace: {_people(len(self.by_name))}.")
        if self.nameless:
            found.append(f"Without a name, because their authors were deactivated: {self.nameless:,}.")
        if self.told:
            hear = "would hear" if dry else "hear"
            found.append(f"Authors who {hear} privately that theirs are kept, with the way back: {len(self.told):,}.")
        return [*found, "Nothing was changed."] if dry else found


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
