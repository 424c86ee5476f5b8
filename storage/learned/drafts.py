"""Drafts: what somebody began to share and put aside. Nobody else sees them, and Outloud forgets them after 30 days."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, delete, func, select
from sqlalchemy.orm import Session

from storage import people
from storage.db.upserts import Upsert
from storage.home import showing
from storage.ids import ChannelId, LearningId, Person
from storage.refusals import AlreadyShared, DraftGone, NothingToSave, TooLong, TooManyDrafts
from storage.tables import KINDS, DraftRow

from . import entries, learnings
from .entries import NewLearning

FORGET_AFTER = 30 * 86400.0
"""Seconds since it was saved last."""

MAX_DRAFTS = 20
"""Of one person: each takes two of the 50 blocks of the message that lists them (Block Kit)."""

MAX_TOPICS = 100
"""What is more was never chosen in a form of ours, which offers ten."""

MAX_TOPIC = 150
"""Characters: an option's value (Block Kit)."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What stands in a form. `key` is the form's; `channel` is empty where none was chosen."""

    key: str
    channel: ChannelId
    words: str = ""
    why: str = ""
    kind: str = KINDS[0]
    topics: tuple[str, ...] = ()
    without_name: bool = False

    @property
    def has_words(self) -> bool:
        """Whether anything was written: choices alone are soon made anew."""
        return entries.has_words(self.words + self.why)


@dataclass(frozen=True, slots=True)
class Draft(NewDraft):
    """A draft as its author sees it. `saved_at` in seconds since 1970, UTC."""

    saved_at: float = 0.0


def _save(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(DraftRow)
    changed = ("channel", "words", "why", "kind", "topics", "without_name", "saved_at")
    return statement.on_conflict_do_update(
        index_elements=["workspace", "person", "key"], set_={name: statement.excluded[name] for name in changed}
    )


_SAVE = Upsert(_save)


def save(session: Session, draft: NewDraft, *, by: Person, at: float) -> None:
    """Put aside what stands in a form, whole or not; from the same form once more, the newer counts.

    Raises `NothingToSave`, `TooLong`, `AlreadyShared` where the form was shared meanwhile, `TooManyDrafts`.
    """
    if not (entries.has_words(draft.words + draft.why) or draft.topics):
        raise NothingToSave(field="words")
    for field, text in (("words", draft.words), ("why", draft.why)):
        if len(text) > entries.MAX_WORDS:  # it could not be opened again
            raise TooLong(length=len(text), limit=entries.MAX_WORDS, field=field)
    if learnings.find_by_key(session, by.workspace, learnings.key_of_form(draft.key)) is not None:
        raise AlreadyShared
    others = select(func.count()).where(*_of(by), DraftRow.key != draft.key)
    if (session.scalar(others) or 0) >= MAX_DRAFTS:
        raise TooManyDrafts(limit=MAX_DRAFTS)
    people.meet(session, by)
    _SAVE.run(
        session,
        workspace=by.workspace,
        person=by.id,
        key=draft.key,
        channel=draft.channel,
        words=draft.words,
        why=draft.why,
        kind=draft.kind if draft.kind in KINDS else KINDS[0],
        topics="\n".join(" ".join(topic.split())[:MAX_TOPIC] for topic in draft.topics[:MAX_TOPICS]),
        without_name=draft.without_name,
        saved_at=at,
    )
    showing.touch(session, by, at=at)


def is_saved(session: Session, draft: NewDraft, *, by: Person) -> bool:
    """Whether just these words are put aside, or shared, already."""
    found = select(DraftRow.words, DraftRow.why).where(*_of(by), DraftRow.key == draft.key)
    row = session.execute(found).one_or_none()
    if row is not None:
        return (row.words, row.why) == (draft.words, draft.why)
    return learnings.find_by_key(session, by.workspace, learnings.key_of_form(draft.key)) is not None


def of(session: Session, by: Person) -> list[Draft]:
    """Somebody's own drafts, the newest first."""
    found = select(DraftRow.__table__).where(*_of(by)).order_by(DraftRow.saved_at.desc(), DraftRow.key)
    return [_draft(row) for row in session.execute(found)]


def own(session: Session, key: str, *, by: Person) -> Draft:
    """One of somebody's own. Raises `DraftGone`."""
    row = session.execute(select(DraftRow.__table__).where(*_of(by), DraftRow.key == key)).one_or_none()
    if row is None:
        raise DraftGone
    return _draft(row)


def share(session: Session, new: NewLearning, key: str, *, by: Person, at: float) -> LearningId:
    """Share what stands in the form `key`; a draft that it was, or was opened from, has ended. Raises as `learnings.share`."""
    id = learnings.share(session, new, by=by, tell=True, at=at)
    throw_away(session, key, by=by, at=at)
    return id


def throw_away(session: Session, key: str, *, by: Person, at: float) -> None:
    """Forget one of somebody's own, if it is there."""
    session.execute(delete(DraftRow).where(*_of(by), DraftRow.key == key))
    showing.touch(session, by, at=at)


def forget_old(session: Session, *, at: float) -> int:
    """Forget what nobody touched for 30 days. Returns how many."""
    gone = session.connection().execute(delete(DraftRow).where(DraftRow.saved_at < at - FORGET_AFTER))
    return gone.rowcount


def _of(by: Person) -> tuple[ColumnElement[bool], ...]:
    return DraftRow.workspace == by.workspace, DraftRow.person == by.id


def _draft(row: Row[tuple[object, ...]]) -> Draft:
    return Draft(
        key=row.key,
        channel=ChannelId(row.channel),
        words=row.words,
        why=row.why,
        kind=row.kind,
        topics=tuple(filter(None, row.topics.splitlines())),
        without_name=row.without_name,
        saved_at=row.saved_at,
    )
