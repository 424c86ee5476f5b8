"""Learnings: what somebody shared. What was kept from a message is in `keeps`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.orm import Session

from storage import markup, people
from storage.db.among import among
from storage.db.upserts import Upsert
from storage.experts import asking
from storage.home import showing
from storage.ids import (
    ChannelId,
    LearningId,
    MessageRef,
    Person,
    PersonId,
    Place,
    RoundId,
    Ts,
    WorkspaceId,
    new_learning_id,
)
from storage.kept import files
from storage.kept.files import FileLink
from storage.owed import outbox
from storage.places import pocket_settings, pockets
from storage.prompts import asked, rounds
from storage.refusals import AlreadyUndone, Gone, NotYours, SharedElsewhere
from storage.search import documents
from storage.tables import Earlier, Help, Learning, Outdated

from . import edits, entries, links, topics
from .entries import NewLearning


@dataclass(frozen=True, slots=True)
class LearningView:
    """A learning as it stands. `said_at` in seconds since 1970, UTC.

    `source_ts` is the message it was kept from, `words_ts` the place of that message's last known edit in Slack's order, `files`
    are those of that message. `shortened_by`: the curator who left words of it out; `shortened_from` is a digest of all of them.
    `cut`: what they left of one that waits for its author's yes (`shortening`).
    `edited_by`: the lead who wrote what it says now; None where its author did.
    When (as `said_at`) its author heard that it is kept: `told_at`; said yes to it, older than its pocket: `allowed_at`; and when
    somebody edited it here: `edited_at`; when it was imported from an export: `imported_at`, and `is_elsewhere` where its message
    does not stand in Slack here. `author_name`: of one who is not in this workspace.
    """

    id: LearningId
    place: Place
    author: PersonId | None
    kind: str
    words: str
    why: str
    topics: tuple[str, ...]
    without_name: bool
    state: str
    source_ts: Ts | None
    card_ts: Ts | None
    link: str | None
    said_at: float
    words_ts: Ts | None = None
    files: tuple[FileLink, ...] = ()
    shortened_by: PersonId | None = None
    shortened_from: str | None = None
    cut: str | None = None
    edited_by: PersonId | None = None
    told_at: float | None = None
    allowed_at: float | None = None
    edited_at: float | None = None
    imported_at: float | None = None
    is_elsewhere: bool = False
    author_name: str | None = None

    @property
    def is_live(self) -> bool:
        """Whether it may be shown at all."""
        return self.state == "live"

    @property
    def plain_words(self) -> str:
        """Its words as people read them, whoever shows them: what was kept is in Slack's markup, as its message is."""
        return self.words if self.source_ts is None else markup.plain(self.words)


_ADD = Upsert(lambda insert: insert(Learning).on_conflict_do_nothing(index_elements=["workspace", "key"]))
_BY_KEY = select(Learning.__table__).where(
    Learning.workspace == bindparam("of_workspace"), Learning.key == bindparam("of_key")
)
_BY_KEY_LOCKED = _BY_KEY.with_for_update()
_BY_ID = select(Learning.__table__).where(
    Learning.workspace == bindparam("of_workspace"), Learning.id == bindparam("of_id")
)
_SEVERAL = select(Learning.__table__).where(
    Learning.workspace == bindparam("of_workspace"),
    among(Learning.id, "of_ids"),
    Learning.state == "live",
)
_BY_CARD = select(Learning.__table__).where(
    Learning.workspace == bindparam("of_workspace"),
    Learning.channel == bindparam("of_channel"),
    Learning.card_ts == bindparam("of_ts"),
)


def share(
    session: Session,
    new: NewLearning,
    *,
    by: Person,
    at: float,
    here: bool = False,
    tell: bool = False,
    round: RoundId | None = None,
) -> LearningId:
    """Remember what `by` learned, and owe its card to the pocket. Asked again with the same key, it is an edit.

    A question is asked of the pocket by that (`prompts.questions`), unless it is itself an answer.
    `here`: Slack says that they are there right now. `tell`: owe them a private word, too. `round`: it answers this one, and
    its card stands in the thread. Raises what `pockets.require_share` does, `NamesStand`, `SharedElsewhere`, `NothingToShare`,
    `TooLong`, `UnknownKind`, and what
    `topics.normalise_all` raises.
    """
    new = entries.checked(new)
    pockets.require_share(session, new.place, by, seen_at=at if here else None)
    pocket_settings.require_name(session, new.place, without_name=new.without_name)
    id = new_learning_id()
    people.meet(session, by)
    row = {
        "workspace": new.place.workspace,
        "id": id,
        "key": new.key,
        "channel": new.place.channel,
        "author": by.id,
        "kind": new.kind,
        "words": new.words,
        "why": new.why,
        "without_name": new.without_name,
        "state": "live",
        "said_at": at,
        "changed_at": at,
    }
    if not _ADD.run(session, **row):
        key = {"of_workspace": new.place.workspace, "of_key": new.key}
        return _share_again(session, session.connection().execute(_BY_KEY_LOCKED, key).one(), new, by=by, at=at)
    topics.add(session, new.place.workspace, id, new.topics)
    documents.share(session, _said(id, new, by=by, at=at))
    if new.kind == "question" and round is None:
        asked.ask(session, new.place, id, by=by.id, at=at)
    lane, body = new.place.channel, {"learning": id}
    thread = {"round": round} if round else {}
    outbox.owe(session, new.place.workspace, "post card", lane=lane, body=body | thread, at=at)
    showing.touch(session, by, at=at)
    if tell:
        outbox.owe(session, new.place.workspace, "confirm share", lane=lane, body={**body, "person": by.id}, at=at)
    return id


def edit(
    session: Session, id: LearningId, new: NewLearning, *, by: Person, at: float, saw: edits.Saw | None = None
) -> None:
    """Change what a learning says; its card follows. Its key and its pocket stay. `saw`: what their form showed.

    Raises `Gone`, `NotYours` for anybody but its author, `NamesStand`, what `edits.settled` raises, and what `share` raises of
    words, topics and kinds.
    """
    new = entries.checked(new)
    old = _require(session, by, id)
    if not old.is_live:
        raise Gone
    new = edits.settled(new, old, saw, by_author=True)
    if not old.without_name:
        pocket_settings.require_name(session, old.place, without_name=new.without_name)
    change(session, old, new, at=at)


def withdraw(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """Take back what one shared: its words and helps are forgotten, its card goes. Raises `Gone`, `NotYours`, `AlreadyUndone`."""
    old = _require(session, by, id)
    if not old.is_live:
        raise AlreadyUndone
    forget_words(session, by.workspace, id, state="taken back", at=at)
    session.execute(delete(Help).where(Help.workspace == by.workspace, Help.learning == id))
    owe_card_refresh(session, old, at=at)
    showing.touch(session, by, at=at)


def find(session: Session, workspace: WorkspaceId, id: LearningId, *, lock: bool = False) -> LearningView | None:
    """A learning in whatever state it is. `lock`: nobody else changes it before this transaction ends."""
    statement = _BY_ID.with_for_update() if lock else _BY_ID
    row = session.execute(statement, {"of_workspace": workspace, "of_id": id}).one_or_none()
    return None if row is None else _view(session, row)


def several(session: Session, workspace: WorkspaceId, ids: Sequence[LearningId]) -> dict[LearningId, LearningView]:
    """Those of these learnings that are live."""
    if not ids:
        return {}
    rows = session.connection().execute(_SEVERAL, {"of_workspace": workspace, "of_ids": [*ids]}).all()
    about = topics.of_each(session, workspace, ids)
    return {LearningId(row.id): _view(session, row, about=about.get(row.id, ())) for row in rows}


def find_by_key(session: Session, workspace: WorkspaceId, key: str, *, lock: bool = False) -> LearningView | None:
    """The learning that a form, a command or a message became. `lock` as in `find`."""
    statement = _BY_KEY_LOCKED if lock else _BY_KEY
    row = session.connection().execute(statement, {"of_workspace": workspace, "of_key": key}).one_or_none()
    return None if row is None else _view(session, row)


def find_by_card(session: Session, message: MessageRef, *, lock: bool = False) -> LearningView | None:
    """The learning whose card this message is. `lock` as in `find`."""
    statement, place = _BY_CARD.with_for_update() if lock else _BY_CARD, message.place
    key = {"of_workspace": place.workspace, "of_channel": place.channel, "of_ts": message.ts}
    row = session.execute(statement, key).first()
    return None if row is None else _view(session, row)


def key_of(message: MessageRef) -> str:
    """The key of the learning that a message becomes."""
    return f"message:{message.place.channel}:{message.ts}"


def own(session: Session, id: LearningId, *, by: Person) -> LearningView:
    """A live learning of `by`'s own. Raises `Gone`, `NotYours`."""
    found = _require(session, by, id)
    if not found.is_live:
        raise Gone
    return found


def owe_card_refresh(session: Session, learning: LearningView, *, at: float) -> None:
    """Owe its card the state that it will have when the refresh is sent. What was kept has none: its message is its card."""
    if learning.source_ts is not None:
        return
    rounds.owe_card(session, learning.place, learning.id, at=at)


def forget_words(session: Session, workspace: WorkspaceId, id: LearningId, *, state: str, at: float) -> None:
    """Take a learning back: what remains of it says only that it was there."""
    rounds.follow(session, workspace, id, at=at)  # its link, which goes, says in which thread it stands
    topics.replace(session, workspace, id, ())
    documents.forget(session, workspace, id)
    session.execute(delete(Outdated).where(Outdated.workspace == workspace, Outdated.learning == id))
    session.execute(delete(Earlier).where(Earlier.workspace == workspace, Earlier.learning == id))
    session.execute(
        update(Learning)
        .where(Learning.workspace == workspace, Learning.id == id)
        .values(
            state=state,
            words="",
            why="",
            link=None,
            files="",
            shortened_by=None,
            shortened_from=None,
            cut=None,
            edited_by=None,
            edited_at=None,
            changed_at=at,
        )
    )
    links.forget(session, workspace, id, at=at)
    asked.no_more(session, workspace, id, at=at)


def key_of_form(key: str) -> str:
    """The key of the learning that a form becomes; `key` is the form's own."""
    return f"form:{key}"


def _share_again(
    session: Session, again: Row[tuple[object, ...]], new: NewLearning, *, by: Person, at: float
) -> LearningId:
    """The same key once more: what was undone stays undone; a form may have been changed, and then it is an edit.

    A command can't: what differs was edited since it was typed, and stays.
    """
    old = _view(session, again)
    if old.author != by.id:
        raise NotYours
    if old.place != new.place:
        raise SharedElsewhere(field="pocket")
    if old.is_live and not says(old, new) and not new.key.startswith("command:"):
        change(session, old, new, at=at)
    return old.id


def says(found: LearningView, new: NewLearning) -> bool:
    """Whether it says this already."""
    return (found.words, found.why, found.kind, found.topics, found.without_name) == (
        new.words, new.why, new.kind, new.topics, new.without_name,
    )  # fmt: skip


def change(
    session: Session, old: LearningView, new: NewLearning, *, at: float, edited_by: PersonId | None = None
) -> None:
    """Let it say this from now on; `edited_by` is the lead who wrote it, None its author."""
    values = {"words": new.words, "why": new.why, "kind": new.kind, "without_name": new.without_name}
    session.execute(
        update(Learning)
        .where(Learning.workspace == old.place.workspace, Learning.id == old.id)
        .values(**values, edited_by=edited_by, changed_at=at, edited_at=at)
    )
    if edited_by is None:  # what they wrote before a lead did is past
        here = (Earlier.workspace == old.place.workspace, Earlier.learning == old.id)
        session.execute(delete(Earlier).where(*here))
    topics.replace(session, old.place.workspace, old.id, new.topics)
    documents.follow(session, old.place.workspace, old.id)
    _ask_by_kind(session, old, new.kind, at=at)
    is_anew = (old.kind == "question") != (new.kind == "question") or old.without_name
    added = set(new.topics) - (set() if is_anew else set(old.topics))
    if old.author and not new.without_name and added:
        asking.helped(session, Person(old.place.workspace, old.author), sorted(added), at=at)
    owe_card_refresh(session, old, at=at)
    if edited_by is None and old.author is not None:
        showing.touch(session, Person(old.place.workspace, old.author), at=at)
    rounds.follow(session, old.place.workspace, old.id, at=at)


def _said(id: LearningId, new: NewLearning, *, by: Person, at: float) -> documents.Said:
    return documents.Said(
        id=id,
        place=new.place,
        author=by.id,
        kind=new.kind,
        words=new.words,
        why=new.why,
        topics=new.topics,
        without_name=new.without_name,
        said_at=at,
    )


def _ask_by_kind(session: Session, old: LearningView, kind: str, *, at: float) -> None:
    """What is made a question is asked of its pocket; what is one no more, no more. A kept one has no card to answer below."""
    if kind == old.kind or old.source_ts is not None or old.author is None:
        return
    if kind != "question":
        asked.no_more(session, old.place.workspace, old.id, at=at)
    elif not rounds.is_answer(session, old.place.workspace, old.id):
        asked.ask(session, old.place, old.id, by=old.author, ts=old.card_ts, at=at)


def _require(session: Session, by: Person, id: LearningId) -> LearningView:
    found = find(session, by.workspace, id, lock=True)
    if found is None:
        raise Gone
    if found.author != by.id:
        raise NotYours
    return found


def _view(session: Session, row: Row[tuple[object, ...]], *, about: tuple[str, ...] | None = None) -> LearningView:
    workspace = WorkspaceId(row.workspace)
    return LearningView(
        id=LearningId(row.id),
        place=Place(workspace, ChannelId(row.channel)),
        author=row.author,
        kind=row.kind,
        words=row.words,
        why=row.why,
        topics=topics.of(session, workspace, LearningId(row.id)) if about is None else about,
        without_name=row.without_name,
        state=row.state,
        source_ts=row.source_ts,
        card_ts=row.card_ts,
        link=row.link,
        said_at=row.said_at,
        words_ts=row.words_ts,
        files=files.from_text(row.files),
        shortened_by=row.shortened_by,
        shortened_from=row.shortened_from,
        cut=row.cut,
        edited_by=row.edited_by,
        told_at=row.told_at,
        allowed_at=row.allowed_at,
        edited_at=row.edited_at,
        imported_at=row.imported_at,
        is_elsewhere=row.is_elsewhere,
        author_name=_name(session, row) if row.imported_at is not None else None,
    )


def _name(session: Session, row: Row[tuple[object, ...]]) -> str | None:
    return people.names(session, WorkspaceId(row.workspace), [row.author]).get(row.author) if row.author else None
