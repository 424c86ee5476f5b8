"""What a workspace searches, no other sees or touches: down to the ids, its twin stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import storage.search
from storage.ids import ChannelId, LearningId, Place, WorkspaceId
from storage.learned import links
from storage.search import closeness, documents, finding, linked, vocabulary
from storage.search.asked import Asked
from storage.search.looking import Look
from tests.storage.rooms import functions_with_a_session
from tests.storage.rows import viewer as viewing
from tests.storage.twins import OURS, THEIRS, Ids, rows

from .stage import ANA, AT, Library

OF_ALL_WORKSPACES = {
    "counting.beat",
    "counting.count",
    "counting.is_due",
    "counting.tidy",
    "counting.walk",
    "vocabulary.is_untidy",
    "vocabulary.tidied",
}
"""What the clock does for everybody at once."""

UNSEEN = {"candidates.find"}
"""What `finding` reaches, and nothing else."""


class Acts:
    """Everything that is done with documents, done in one workspace: each public function by its name."""

    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self.session, self.workspace = session, workspace
        self.library = Library(session, workspace)
        self.place = Place(workspace, ChannelId("C1"))
        for name in ("first", "second"):
            self.library.shares(name, f"Swordfish {name} {workspace}", topics=("fish",))
        self.again = self.library.shares("again", f"Swordfish first {workspace}", topics=("fish",), days_ago=-1)
        self.library.count()
        self.first = LearningId(self.library.ids["first"])
        links.add(session, workspace, self.first, self.library.ids["second"], by=ANA, at=AT)

    def each(self) -> dict[str, Callable[[], Any]]:
        """In an order in which each finds something to do."""
        s, w = self.session, self.workspace
        viewer = viewing(self.library.viewer().person)
        asked = finding.understand(f"swordfihs {OURS} {THEIRS} #fish", by=viewer.person, at=AT)
        return {
            "vocabulary.near": lambda: vocabulary.near(s, w, "swordfihs", typos=2),
            "finding.find": lambda: finding.find(s, viewer, asked, at=AT),
            "finding.latest": lambda: finding.latest(s, viewer, at=AT),
            "finding.hits": lambda: finding.hits(s, viewer, Look(s, viewer, AT).rank(Asked("", words="swordfish"))),
            "linked.to": lambda: linked.to(s, viewer, [self.first], hopeful=True),
            "closeness.nearest": lambda: closeness.nearest(s, viewer, self.again, at=AT),
            "documents.terms_of": lambda: documents.terms_of(s, w, [self.first]),
            "documents.texts_of": lambda: documents.texts_of(s, w, [self.first]),
            "documents.of_learning": lambda: documents.of_learning(s, w, self.first),
            "documents.follow": self._follow,
            "documents.move": lambda: documents.move(s, self.place, ChannelId("C1")),
            "documents.forget": lambda: documents.forget(s, w, self.first),
            "documents.share": self._share_again,
            "vocabulary.hold": lambda: vocabulary.hold(s, w),
            "vocabulary.went": lambda: vocabulary.went(s, w, ["swordfish"]),
        }

    def _follow(self) -> None:
        self.session.execute(
            text("UPDATE learnings SET words = 'Otherwise' WHERE workspace = :w AND id = :id"),
            {"w": self.workspace, "id": self.first},
        )
        documents.follow(self.session, self.workspace, self.first)

    def _share_again(self) -> None:
        said = documents.of_learning(self.session, self.workspace, self.first)
        assert said is not None
        documents.share(self.session, said)


def test_no_function_sees_or_touches_another_workspaces_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is called in one workspace, and does what it does there alone; its twin, down to the ids, stays as it was."""
    ids = Ids(monkeypatch)
    alone, seen = dict[str, str](), set[str]()
    with Session(engine) as session:
        for name, act in Acts(session, OURS).each().items():
            alone[name] = str(act())
    ids.restart()
    with Session(engine) as session:
        ours = Acts(session, OURS)
        ids.restart()
        Acts(session, THEIRS)
        before = rows(session, THEIRS)
        for name, act in ours.each().items():
            assert str(act()) == alone[name], name
            assert rows(session, THEIRS) == before, name
            seen.add(name)
    assert seen | OF_ALL_WORKSPACES | UNSEEN == functions_with_a_session(storage.search)
