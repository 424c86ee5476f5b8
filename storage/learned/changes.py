"""Changes: what becomes of a learning once it stands. It is edited, linked to its like, goes out of date, or is deleted.

Its author may, and the pocket's leads: a lead's edit says so, and what a lead takes away its author hears of. Nobody learns
here who wrote what stands without a name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, insert, select
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.home import showing
from storage.ids import ChannelId, LearningId, Person, PersonId, Place, WorkspaceId
from storage.kept import consent
from storage.owed import notices
from storage.places import channels, leads, pocket_settings
from storage.refusals import Gone, NotYoursToChange, NotYoursToLink, TooLong
from storage.tables import Learning, Outdated, Removal

from . import earlier, edits, entries, helps, learnings, links
from .entries import NewLearning
from .learnings import LearningView

HELD_FOR = 30 * 86400.0
"""Seconds that words are held for an author who can't be told."""

MAX_REASON = 300
"""Characters: a line on the card, which stays one text of it when each of them is escaped (Block Kit)."""


@dataclass(frozen=True, slots=True)
class OutOfDate:
    """Why a learning is out of date, since when (seconds since 1970, UTC), and who says so.

    `by` is None for its author where that one's name does not stand with it.
    """

    by: PersonId | None
    at: float
    why: str


@dataclass(frozen=True, slots=True)
class Changeable:
    """A learning for somebody who may change it. `is_own`: they wrote it; of others' it does not say who did."""

    learning: LearningView
    is_own: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """What a lead took away: for its author alone. `words` is empty of what was kept: they stand in its message still."""

    place: Place
    author: PersonId
    by: PersonId
    words: str
    why: str


def _outdate(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Outdated)
    news = {name: statement.excluded[name] for name in ("by", "at", "why")}
    return statement.on_conflict_do_update(index_elements=["workspace", "learning"], set_=news)


_OUTDATE = Upsert(_outdate)


def changeable(session: Session, id: LearningId, *, by: Person) -> Changeable:
    """A live learning, for whoever wants to change it. Raises `NotYoursToChange`; for those who may, `Gone`."""
    found, is_own = _require(session, id, by)
    return Changeable(found if is_own else replace(found, author=None), is_own)


def may_change(session: Session, learning: LearningView, *, by: Person) -> bool:
    """Whether they may: it is theirs, or they lead its pocket."""
    return learning.author == by.id or _leads(session, learning.place, by)


def edit(
    session: Session,
    id: LearningId,
    new: NewLearning,
    *,
    by: Person,
    at: float,
    name_chosen: bool = True,
    saw: edits.Saw | None = None,
) -> None:
    """Change what a learning says; its card follows, and says so where a lead did it.

    What its author wrote is theirs to bring back (`earlier`).
    Whether a name stands with it only its author changes, where they were asked (`name_chosen`). What was kept says what its
    message says: its words stay. `saw`: what their form showed. Raises `NotYoursToChange`, `Gone`, and what `learnings.edit`
    raises of what is entered.
    """
    found, is_own = _require(session, id, by)
    if found.source_ts is not None:
        new = replace(entries.checked(replace(new, words="-")), words=found.words, without_name=False)
    else:
        new = entries.checked(new)
    if not (is_own and name_chosen):
        new = replace(new, without_name=found.without_name)
    elif not found.without_name:
        pocket_settings.require_name(session, found.place, without_name=new.without_name)
    new = edits.settled(new, found, saw, by_author=is_own)
    if learnings.says(found, new) and not (is_own and found.edited_by):  # saved as it was: nobody has changed anything
        return
    if not is_own:
        earlier.hold(session, found, at=at)
    learnings.change(session, found, new, at=at, edited_by=None if is_own else by.id)
    if not is_own and found.author is not None:
        author = Person(by.workspace, found.author)
        notices.tell(session, author, "edited", {"learning": id}, at=at, about=id)


def outdate(session: Session, id: LearningId, why: str, *, by: Person, at: float) -> None:
    """It is out of date from now on, for this reason, if one is given. Raises `TooLong`, `NotYoursToChange`, `Gone`."""
    why = " ".join(why.split())
    if len(why) > MAX_REASON:
        raise TooLong(length=len(why), limit=MAX_REASON, field="reason")
    found, _ = _require(session, id, by)
    why = why if entries.has_words(why) else ""
    _OUTDATE.run(session, workspace=by.workspace, learning=id, by=by.id, at=at, why=why)
    learnings.owe_card_refresh(session, found, at=at)


def renew(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """It is not out of date any more. Raises `NotYoursToChange`, `Gone`."""
    found, _ = _require(session, id, by)
    session.execute(delete_from(Outdated).where(Outdated.workspace == by.workspace, Outdated.learning == id))
    learnings.owe_card_refresh(session, found, at=at)


def delete(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """Its card goes, and its words are forgotten. What a lead takes away is held for its author, until they have heard of it.

    What was kept can't be kept again but by its author. Raises `NotYoursToChange`, `Gone`.
    """
    found, is_own = _require(session, id, by)
    if not is_own and found.author is not None:
        _hold_for_author(session, found, found.author, by=by, at=at)
    if found.source_ts is not None:
        consent.keep_no_more(session, found, at=at)
        return
    learnings.forget_words(session, by.workspace, id, state="deleted", at=at)
    helps.forget(session, by.workspace, id)
    learnings.owe_card_refresh(session, found, at=at)
    showing.touch(session, by, at=at)


def link(session: Session, one: LearningId, two: LearningId, *, by: Person, at: float) -> None:
    """These two say nearly the same, and lead to each other from now on. Said again, it changes nothing.

    Whoever wrote either may say so, or leads the pocket of either. Raises `NotYoursToLink`, and `Gone`.
    """
    _require_either(session, one, two, by)
    links.add(session, by.workspace, one, two, by=by.id, at=at)


def unlink(session: Session, one: LearningId, two: LearningId, *, by: Person, at: float) -> None:
    """These two don't lead to each other any more. Said again, it changes nothing. Raises as `link` does."""
    _require_either(session, one, two, by)
    links.remove(session, by.workspace, one, two, at=at)


def unlink_all(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """It leads nowhere any more, and nothing to it. Raises `NotYoursToChange`, `Gone`."""
    found, _ = _require(session, id, by)
    links.forget(session, by.workspace, id, at=at)
    learnings.owe_card_refresh(session, found, at=at)


_OUTDATED = select(Outdated.by, Outdated.at, Outdated.why).where(
    Outdated.workspace == bindparam("of_workspace"), Outdated.learning == bindparam("of_id")
)


def out_of_date(session: Session, learning: LearningView) -> OutOfDate | None:
    """Whether it is, and what is said of that; None where it is not."""
    row = session.execute(_OUTDATED, {"of_workspace": learning.place.workspace, "of_id": learning.id}).one_or_none()
    if row is None:
        return None
    is_hidden = learning.without_name and row.by == learning.author
    return OutOfDate(None if is_hidden else PersonId(row.by), row.at, row.why)


def removed(session: Session, workspace: WorkspaceId, id: LearningId) -> Removed | None:
    """What a lead took away, while its author has not heard of it yet."""
    learning = (Learning.workspace == Removal.workspace) & (Learning.id == Removal.learning)
    found = select(Learning.channel, Removal.author, Removal.by, Removal.words, Removal.why).join(Learning, learning)
    row = session.execute(found.where(Removal.workspace == workspace, Removal.learning == id)).one_or_none()
    if row is None:
        return None
    return Removed(Place(workspace, ChannelId(row.channel)), PersonId(row.author), PersonId(row.by), row.words, row.why)


def forget_removed(session: Session, workspace: WorkspaceId, id: LearningId) -> None:
    """Its author has heard of it, with all that they wrote: nothing of it is held any more."""
    session.execute(delete_from(Removal).where(Removal.workspace == workspace, Removal.learning == id))


def forget_old(session: Session, *, at: float) -> None:
    """Forget what is held for authors who could not be told for long: of all workspaces."""
    session.execute(delete_from(Removal).where(Removal.at < at - HELD_FOR))


def _hold_for_author(session: Session, found: LearningView, author: PersonId, *, by: Person, at: float) -> None:
    forget_removed(session, by.workspace, found.id)  # of a message that its author kept again before they heard
    own = earlier.of(session, by.workspace, found.id) or found  # what a lead wrote is not theirs
    words = "" if found.source_ts is not None else own.words
    row = {"workspace": by.workspace, "learning": found.id, "author": author, "by": by.id, "at": at}
    session.execute(insert(Removal), row | {"words": words, "why": own.why})
    notices.tell(session, Person(by.workspace, author), "taken away", {"learning": found.id}, at=at, about=found.id)


def _require(session: Session, id: LearningId, by: Person) -> tuple[LearningView, bool]:
    """The learning, and whether it is theirs. Who has no right to it does not hear whether it is there still."""
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None:
        raise Gone
    if not may_change(session, found, by=by):
        raise NotYoursToChange(leads=", ".join(f"<@{lead}>" for lead in leads.of(session, found.place)))
    if not found.is_live:
        raise Gone
    return found, found.author == by.id


def _require_either(session: Session, one: LearningId, two: LearningId, by: Person) -> None:
    found = [learnings.find(session, by.workspace, id, lock=True) for id in sorted({one, two})]  # all in one order
    there = [learning for learning in found if learning is not None]
    if len(there) < 2:  # noqa: PLR2004 -- one is gone without a trace, or both are the same
        raise Gone
    if not any(may_change(session, learning, by=by) for learning in there):
        raise NotYoursToLink
    if not all(learning.is_live for learning in there):
        raise Gone


def _leads(session: Session, place: Place, person: Person) -> bool:
    """Whether they lead its pocket, and are in it: unlike a pocket's settings, what others said is never just anybody's."""
    is_there = channels.membership(session, place, person) is not False
    return is_there and person.id in leads.of(session, place)
