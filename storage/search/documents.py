"""Documents: what of a learning is searched. Each follows its learning in the same transaction, and goes with its words.

Beside its words a document holds *marks*, which are terms, too: of its workspace, its channel, who wrote it, and what it is on.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from storage import markup
from storage.db.among import among
from storage.db.upserts import Upsert
from storage.ids import ChannelId, LearningId, Place, WorkspaceId
from storage.kept import files
from storage.learned import topics
from storage.refusals import Unavailable
from storage.tables import Document, Learning

from . import marks, tokens, vocabulary

A_SECOND = 16
"""Numbers that one second has: a document's is the first one free from the time on when it was said."""

TRIES = 40


@dataclass(frozen=True, slots=True)
class Said:
    """What a live learning says, and what is known of it. `is_slacks`: its words are a message's, in Slack's markup."""

    id: LearningId
    place: Place
    author: str
    kind: str
    words: str
    why: str
    topics: Sequence[str]
    without_name: bool
    said_at: float
    files: str = ""
    is_slacks: bool = False

    @property
    def text(self) -> str:
        """All that people read of it."""
        words = markup.plain(self.words) if self.is_slacks else self.words
        titles = [file.title for file in files.from_text(self.files)]
        return "\n".join([words, self.why, *titles, *self.topics])


def _add(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    return insert(Document).on_conflict_do_nothing(index_elements=["number"])


_ADD = Upsert(_add)
_OLD = select(Document.number, Document.channel, Document.terms, Document.counted).where(
    Document.workspace == bindparam("of_workspace"), Document.learning == bindparam("of_learning")
)
_SAID = select(Learning.__table__).where(
    Learning.workspace == bindparam("of_workspace"), Learning.id == bindparam("of_learning")
)
_EACH = select(Learning.__table__).where(
    Learning.workspace == bindparam("of_workspace"), among(Learning.id, "ids"), Learning.state == "live"
)


def share(session: Session, said: Said) -> None:
    """A learning is new: so is its document. Raises `Unavailable` where no number is free, which chance alone forbids."""
    terms = tokens.terms(said.text)
    row = {
        "workspace": said.place.workspace,
        "learning": said.id,
        "channel": said.place.channel,
        "length": len(terms),
        "counted": False,
        "terms": f" {' '.join([*_marks(said), *terms])} ",
    }
    number, step = number_at(said.said_at), 1
    for _ in range(TRIES):
        if _ADD.run(session, number=number, **row):
            return
        number, step = number + random.randint(1, step), step * 2  # noqa: S311 -- any free one
    raise Unavailable


def follow(session: Session, workspace: WorkspaceId, id: LearningId) -> None:
    """Something became of a learning: its document says what it says now, and is gone where it is not live."""
    key = {"of_workspace": workspace, "of_learning": id}
    said = of_learning(session, workspace, id)
    if said is None:
        forget(session, workspace, id)
        return
    old = session.execute(_OLD, key).one_or_none()
    if old is None:
        share(session, said)
        return
    found = tokens.terms(said.text)
    terms = f" {' '.join([*_marks(said), *found])} "
    if terms == old.terms and old.channel == said.place.channel:
        return
    vocabulary.hold(session, workspace)
    old = session.execute(_OLD.with_for_update(), key).one()  # whether it is counted, another process may be changing
    _uncount(session, workspace, old.terms, was_counted=old.counted)
    values = {"channel": said.place.channel, "length": len(found), "counted": False, "terms": terms}
    session.execute(update(Document).where(Document.workspace == workspace, Document.learning == id).values(values))


def forget(session: Session, workspace: WorkspaceId, id: LearningId) -> None:
    """A learning is not live any more: nothing of it is found."""
    if session.execute(_OLD, {"of_workspace": workspace, "of_learning": id}).one_or_none() is None:
        return
    vocabulary.hold(session, workspace)
    gone = (
        delete(Document)
        .where(Document.workspace == workspace, Document.learning == id)
        .returning(Document.terms, Document.counted)
    )
    row = session.execute(gone).one_or_none()
    if row is not None:
        _uncount(session, workspace, row.terms, was_counted=row.counted)


def move(session: Session, place: Place, new: ChannelId) -> None:
    """A channel has another id from now on; its documents' rows stand under that already."""
    here = (Document.workspace == place.workspace, Document.channel == new)
    terms = func.replace(
        Document.terms, f" {marks.of_channel(place)} ", f" {marks.of_channel(Place(place.workspace, new))} "
    )
    session.execute(update(Document).where(*here).values(terms=terms))


def of_learning(session: Session, workspace: WorkspaceId, id: LearningId) -> Said | None:
    """What a live learning says; None where it is not live."""
    key = {"of_workspace": workspace, "of_learning": id}
    row = session.execute(_SAID, key).one_or_none()
    if row is None or row.state != "live":
        return None
    return _said(row, topics.of(session, workspace, id))


def texts_of(session: Session, workspace: WorkspaceId, ids: Collection[LearningId]) -> dict[LearningId, str]:
    """What people read of these, as far as they are live."""
    rows = session.connection().execute(_EACH, {"of_workspace": workspace, "ids": [*ids]}).all() if ids else []
    on = topics.of_each(session, workspace, [LearningId(row.id) for row in rows]) if rows else {}
    return {LearningId(row.id): _said(row, on.get(row.id, ())).text for row in rows}


def terms_of(session: Session, workspace: WorkspaceId, ids: Collection[LearningId]) -> dict[LearningId, frozenset[str]]:
    """The words that these hold, each once."""
    found = select(Document.learning, Document.terms).where(Document.workspace == workspace, Document.learning.in_(ids))
    return {LearningId(row.learning): frozenset(words_of(row.terms)) for row in session.execute(found)}


def number_at(at: float) -> int:
    """The first number of a second (since 1970, UTC), or of a part of it."""
    return int(at * A_SECOND)


def words_of(terms: str) -> list[str]:
    """A document's words, without its marks."""
    return [term for term in terms.split() if term[0] != "@"]


def _said(row: Row[*tuple[Any, ...]], on: Sequence[str]) -> Said:
    return Said(
        id=LearningId(row.id),
        place=Place(WorkspaceId(row.workspace), ChannelId(row.channel)),
        author=row.author,
        kind=row.kind,
        words=row.words,
        why=row.why,
        topics=on,
        without_name=row.without_name,
        said_at=row.said_at,
        files=row.files,
        is_slacks=row.source_ts is not None,
    )


def _uncount(session: Session, workspace: WorkspaceId, terms: str, *, was_counted: bool) -> None:
    vocabulary.went(session, workspace, words_of(terms) if was_counted else [])


def _marks(said: Said) -> list[str]:
    signed = [] if said.without_name else [marks.signed_by(said.author)]
    return [
        marks.of_workspace(said.place.workspace),
        marks.of_channel(said.place),
        marks.written_by(said.place.workspace, said.author),
        *signed,
        marks.of_kind(said.kind),
        *(marks.on(topic) for topic in said.topics),
    ]
