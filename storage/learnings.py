"""Learnings: what somebody shared. What was kept from a message is in `keeps`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from . import channels, outbox, people, pockets, topics
from .ids import ChannelId, LearningId, Person, PersonId, Place, Ts, WorkspaceId, new_learning_id
from .refusals import AlreadyUndone, Gone, NothingToShare, NotYours, SharedElsewhere, TooLong, UnknownKind
from .tables import KINDS, Learning

MAX_WORDS = 3000
"""Characters: what a form's field takes (Block Kit)."""


@dataclass(frozen=True, slots=True)
class NewLearning:
    """What somebody wants to share. `key` makes it one: the same key again is the same learning."""

    key: str
    place: Place
    words: str
    why: str = ""
    kind: str = "learning"
    topics: tuple[str, ...] = ()
    without_name: bool = False


@dataclass(frozen=True, slots=True)
class LearningView:
    """A learning as it stands. `said_at` in seconds since 1970, UTC.

    `source_ts` is the message it was kept from, `words_ts` the place of that message's last known edit in Slack's order.
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

    @property
    def is_live(self) -> bool:
        """Whether it may be shown at all."""
        return self.state == "live"


_INSERT = insert(Learning.__table__)  # type: ignore[arg-type]
_BY_KEY = select(Learning.__table__).where(
    Learning.workspace == bindparam("of_workspace"), Learning.key == bindparam("of_key")
)
_BY_ID = select(Learning.__table__).where(
    Learning.workspace == bindparam("of_workspace"), Learning.id == bindparam("of_id")
)


def share(
    session: Session, new: NewLearning, *, by: Person, at: float, here: bool = False, tell: bool = False
) -> LearningId:
    """Remember what `by` learned, and owe its card to the pocket. Asked again with the same key, it is an edit.

    `here`: Slack says that they are there right now. `tell`: owe them a private word, too. Raises `NotAPocket`,
    `NotAMember`, `NotInvited`, `SharedElsewhere`, `NothingToShare`, `TooLong`, `UnknownKind`, and what
    `topics.normalise_all` raises.
    """
    new = _checked(new)
    if here:
        pockets.require(session, new.place)
        channels.seen(session, new.place, by, at=at)
    pockets.require_share(session, new.place, by)
    again = session.execute(_BY_KEY, {"of_workspace": new.place.workspace, "of_key": new.key}).one_or_none()
    if again is not None:
        return _share_again(session, again, new, by=by, at=at)
    id = new_learning_id()
    people.meet(session, by)
    session.execute(
        _INSERT,
        {
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
        },
    )
    topics.add(session, new.place.workspace, id, new.topics)
    lane, body = new.place.channel, {"learning": id}
    outbox.owe(session, new.place.workspace, "post card", lane=lane, body=body, at=at)
    if tell:
        outbox.owe(session, new.place.workspace, "confirm share", lane=lane, body={**body, "person": by.id}, at=at)
    return id


def edit(session: Session, id: LearningId, new: NewLearning, *, by: Person, at: float) -> None:
    """Change what a learning says; its card follows. Its key and its pocket stay.

    Raises `Gone`, `NotYours` for anybody but its author, and what `share` raises of words, topics and kinds.
    """
    new = _checked(new)
    old = _require(session, by, id)
    if not old.is_live:
        raise Gone
    _change(session, by.workspace, old, new, at=at)


def withdraw(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """Take back what one shared: its words are forgotten, its card goes. Raises `Gone`, `NotYours`, `AlreadyUndone`."""
    old = _require(session, by, id)
    if not old.is_live:
        raise AlreadyUndone
    forget_words(session, by.workspace, id, state="taken back", at=at)
    owe_card_refresh(session, old, at=at)


def find(session: Session, workspace: WorkspaceId, id: LearningId, *, lock: bool = False) -> LearningView | None:
    """A learning in whatever state it is. `lock`: nobody else changes it before this transaction ends."""
    statement = _BY_ID.with_for_update() if lock else _BY_ID
    row = session.execute(statement, {"of_workspace": workspace, "of_id": id}).one_or_none()
    return None if row is None else _view(session, row)


def find_by_key(session: Session, workspace: WorkspaceId, key: str, *, lock: bool = False) -> LearningView | None:
    """The learning that a form, a command or a message became. `lock` as in `find`."""
    statement = _BY_KEY.with_for_update() if lock else _BY_KEY
    row = session.execute(statement, {"of_workspace": workspace, "of_key": key}).one_or_none()
    return None if row is None else _view(session, row)


def own(session: Session, id: LearningId, *, by: Person) -> LearningView:
    """A live learning of `by`'s own. Raises `Gone`, `NotYours`."""
    found = _require(session, by, id)
    if not found.is_live:
        raise Gone
    return found


def carded(session: Session, workspace: WorkspaceId, id: LearningId, *, ts: Ts | None, at: float) -> None:
    """Its card stands in Slack at `ts`, or (None) no longer. What changed while it was posted is owed to it."""
    session.execute(update(Learning).where(Learning.workspace == workspace, Learning.id == id).values(card_ts=ts))
    found = find(session, workspace, id)
    if ts is not None and found is not None and not found.is_live:
        owe_card_refresh(session, found, at=at)


def owe_card_refresh(session: Session, learning: LearningView, *, at: float) -> None:
    """Owe its card the state that it will have when the refresh is sent."""
    outbox.owe(
        session,
        learning.place.workspace,
        "refresh card",
        lane=learning.place.channel,
        body={"learning": learning.id},
        slot=f"card:{learning.id}",
        at=at,
    )


def owe_words_back(session: Session, learning: LearningView, *, reason: str, at: float) -> None:
    """Its author is to get the words back: its pocket takes no card. `reason` is Slack's name for why."""
    if learning.author is not None:
        body = {"learning": learning.id, "person": learning.author, "reason": reason}
        outbox.owe(session, learning.place.workspace, "give words back", lane=learning.author, body=body, at=at)


def card_is_owed(session: Session, learning: LearningView) -> bool:
    """Whether its card is still to be posted, or was while nobody looked: then a refresh has to wait for it."""
    place = learning.place
    if outbox.waits(session, place.workspace, "post card", lane=place.channel, key="learning", value=learning.id):
        return True
    now = find(session, place.workspace, learning.id)
    return now is not None and now.card_ts != learning.card_ts


def forget_words(session: Session, workspace: WorkspaceId, id: LearningId, *, state: str, at: float) -> None:
    """Take a learning back: what remains of it says only that it was there."""
    topics.replace(session, workspace, id, ())
    session.execute(
        update(Learning)
        .where(Learning.workspace == workspace, Learning.id == id)
        .values(state=state, words="", why="", link=None, changed_at=at)
    )


def has_words(text: str) -> bool:
    """Whether anything in it can be seen: no space, no control or invisible format character."""
    return any(unicodedata.category(mark)[0] not in "ZC" for mark in text)


def _checked(new: NewLearning) -> NewLearning:
    words, why = new.words.strip(), new.why.strip()
    if not has_words(words):
        raise NothingToShare(field="words")
    for field, text in (("words", words), ("why", why)):
        if len(text) > MAX_WORDS:
            raise TooLong(length=len(text), limit=MAX_WORDS, field=field)
    if new.kind not in KINDS:
        raise UnknownKind(kinds=", ".join(KINDS), field="kind")
    return replace(new, words=words, why=why if has_words(why) else "", topics=topics.normalise_all(list(new.topics)))


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
    same = (old.words, old.why, old.kind, old.topics, old.without_name) == (
        new.words, new.why, new.kind, new.topics, new.without_name,
    )  # fmt: skip
    if old.is_live and not same and not new.key.startswith("command:"):
        _change(session, by.workspace, old, new, at=at)
    return old.id


def _change(session: Session, workspace: WorkspaceId, old: LearningView, new: NewLearning, *, at: float) -> None:
    session.execute(
        update(Learning)
        .where(Learning.workspace == workspace, Learning.id == old.id)
        .values(words=new.words, why=new.why, kind=new.kind, without_name=new.without_name, changed_at=at)
    )
    topics.replace(session, workspace, old.id, new.topics)
    owe_card_refresh(session, old, at=at)


def _require(session: Session, by: Person, id: LearningId) -> LearningView:
    found = find(session, by.workspace, id, lock=True)
    if found is None:
        raise Gone
    if found.author != by.id:
        raise NotYours
    return found


def _view(session: Session, row: Row[tuple[object, ...]]) -> LearningView:
    workspace = WorkspaceId(row.workspace)
    return LearningView(
        id=LearningId(row.id),
        place=Place(workspace, ChannelId(row.channel)),
        author=row.author,
        kind=row.kind,
        words=row.words,
        why=row.why,
        topics=topics.of(session, workspace, LearningId(row.id)),
        without_name=row.without_name,
        state=row.state,
        source_ts=row.source_ts,
        card_ts=row.card_ts,
        link=row.link,
        said_at=row.said_at,
        words_ts=row.words_ts,
    )
