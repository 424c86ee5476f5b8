"""A workspace with some pockets, to search in: rules by themselves, without Slack."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from storage.ids import ChannelId, LearningId, Person, PersonId, Place, WorkspaceId
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.places import pockets
from storage.places.channels import ChannelFacts
from storage.search import counting, finding
from storage.search.finding import Found
from storage.visibility import Viewer
from tests.storage.rows import open_workspace
from tests.storage.rows import viewer as viewing

ANA, BEN = PersonId("UANA"), PersonId("UBEN")
T1 = WorkspaceId("T1")
T1 = WorkspaceId("T1")
AT = 1.7e9
A_DAY = 86400.0


@dataclass
class Library:
    """What was shared, by short names; ana shares in C1, unless it is said otherwise. Ben looks, a member of nothing."""

    session: Session
    workspace: WorkspaceId = T1
    ids: dict[str, LearningId] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open it, with one pocket."""
        open_workspace(self.session, self.workspace)
        self.opens("C1")

    def opens(self, channel: str, *, private: bool = False) -> Place:
        """A pocket more, called as its id."""
        place = Place(self.workspace, ChannelId(channel))
        facts = ChannelFacts(channel.lower(), is_private=private)
        pockets.start(self.session, place, facts, by=Person(self.workspace, ANA), at=1.0)
        return place

    def shares(
        self,
        name: str,
        words: str,
        *,
        by: PersonId = ANA,
        channel: str = "C1",
        days_ago: float = 0.0,
        topics: tuple[str, ...] = (),
        kind: str = "learning",
        without_name: bool = False,
        why: str = "",
    ) -> LearningId:
        """Somebody shares."""
        place = Place(self.workspace, ChannelId(channel))
        new = NewLearning(f"form:{name}", place, words, why=why, topics=topics, kind=kind, without_name=without_name)
        person, at = Person(self.workspace, by), AT - days_ago * A_DAY
        self.ids[name] = learnings.share(self.session, new, by=person, here=True, at=at)
        return self.ids[name]

    def viewer(
        self, who: PersonId = BEN, kind: str = "member", channels: frozenset[str] | None = frozenset()
    ) -> Viewer:
        """Somebody who looks; whatever Slack ever said of a channel still holds."""
        inside = None if channels is None else frozenset(ChannelId(one) for one in channels)
        return viewing(Person(self.workspace, who), kind, channels=inside)  # type: ignore[arg-type]

    def look(self, typed: str, viewer: Viewer | None = None, *, first: int = 0, hopeful: bool = False) -> Found:
        """They look for this, in Slack's markup."""
        viewer = viewer or self.viewer()
        asked = finding.understand(typed, by=viewer.person, at=AT)
        return finding.find(self.session, viewer, asked, at=AT, first=first, hopeful=hopeful)

    def find(self, typed: str, viewer: Viewer | None = None) -> list[str]:
        """What they find, by its short names, best first."""
        names = {id: name for name, id in self.ids.items()}
        return [names[hit.learning.id] for hit in self.look(typed, viewer).hits]

    def count(self) -> None:
        """The clock counts words."""
        while counting.beat(self.session):
            pass
