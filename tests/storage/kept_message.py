"""A pocket with a message of ana's in it that others keep: rules of keeping, without Slack and without threads."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.ids import ChannelId, LearningId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.kept import curators, keeps
from storage.kept.keeps import Look, Reaction
from storage.learned import learnings
from storage.owed import outbox
from storage.places import pockets
from storage.places.channels import ChannelFacts
from tests.storage.rows import open_workspace

ANA, BEN, CLEO = PersonId("UANA"), PersonId("UBEN"), PersonId("UCLEO")
SAID = Look(author=ANA, words="WAL lets readers go on.", link="https://acme.slack.com/p1", by_person=True)

_numbers = itertools.count(1)


@dataclass
class Pocket:
    """A pocket of a workspace of its own, in one transaction, with one message of ana's in it."""

    session: Session
    message: MessageRef

    @classmethod
    def new(cls, session: Session) -> Pocket:
        """A new one."""
        workspace = open_workspace(session, f"T{next(_numbers)}")
        place = Place(workspace, ChannelId("C1"))
        pockets.start(session, place, ChannelFacts("learning", is_private=False), by=Person(workspace, ANA), at=1.0)
        session.execute(text("DELETE FROM outbox WHERE workspace = :id"), {"id": workspace})
        return cls(session, MessageRef(place, Ts("1700000000.000100")))

    @property
    def workspace(self) -> WorkspaceId:
        """Whose it is."""
        return self.message.place.workspace

    def start_after_message(self) -> None:
        """It was no pocket yet when the message was written."""
        self.session.execute(
            text("UPDATE pockets SET started_ts = '1800000000.0' WHERE workspace = :id"), {"id": self.workspace}
        )

    def reacts(self, who: PersonId, ts: int, *, standing: bool = True, emoji: str = "bulb", delivery: str = "") -> None:
        """An event arrives, which Slack dates by `ts`."""
        event_ts = Ts(f"17000001{ts:02}.000000")
        delivery = delivery or f"Ev{next(_numbers)}"
        keeps.follow(self.session, Reaction(self.message, who, emoji, event_ts, standing, delivery), at=10.0)

    def looks(self, seen: Look | None = SAID) -> None:
        """The worker looks at the message, where that is owed."""
        for row in self.owed("look"):
            id = LearningId(row["learning"])
            found = learnings.find(self.session, self.workspace, id)
            known = found.words_ts if found else None
            keeps.looked(self.session, self.workspace, id, seen, known=known, at=11.0)
        self.forget("look")

    def owed(self, kind: str) -> list[dict[str, str]]:
        """The bodies of the errands of a kind."""
        due = [one for one in outbox.due(self.session, at=1e12) if one.workspace == self.workspace and one.kind == kind]
        return [errand.body for errand in outbox.claim(self.session, due, at=1e12, lease=0)] if due else []

    def forget(self, kind: str) -> None:
        """These errands are done."""
        self.session.execute(
            text("DELETE FROM outbox WHERE workspace = :id AND kind = :kind"), {"id": self.workspace, "kind": kind}
        )

    @property
    def learning(self) -> learnings.LearningView | None:
        """What became of the message."""
        key = f"message:{self.message.place.channel}:{self.message.ts}"
        return learnings.find_by_key(self.session, self.workspace, key)

    @property
    def id(self) -> LearningId:
        """The learning's id."""
        assert self.learning
        return self.learning.id

    @property
    def state(self) -> str:
        """The learning's state; empty where there is none."""
        return self.learning.state if self.learning else ""

    @property
    def curators(self) -> set[PersonId]:
        """Whose keep it is."""
        return set(curators.of(self.session, self.message))
