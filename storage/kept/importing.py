"""Importing: messages of an export that carry keep reactions become learnings, by the hand of whoever runs Outloud.

It is their yes in place of the authors' (docs/decisions/0140): nobody is asked first, but whoever said *never* stays out, what
is known of a message already stays as it is, and whoever can be told hears of theirs, with the way back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage import people
from storage.ids import LearningId, MessageRef, PersonId, Place, Ts, new_learning_id
from storage.learned import entries, helps, learnings
from storage.people import Someone
from storage.places import pockets
from storage.search import documents
from storage.tables import Learning, PersonRow

from . import curators, files, kept_news
from .curators import Given
from .keeps import Look

_INSERT = insert(Learning.__table__)  # type: ignore[arg-type]

Outcome = Literal["new", "known", "bot", "empty", "never"]
"""What becomes of a message: a learning; nothing, because one was, by a bot, without words, or of somebody who said never."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A message of an export with the keep reactions on it.

    `key`: what makes it one, where it does not stand in the pocket's channel in Slack; None: it does. `people`: its author, and
    whoever reacted.
    """

    ts: Ts
    key: str | None
    look: Look
    keepers: frozenset[Given]
    people: tuple[Someone, ...]

    @property
    def author(self) -> Someone | None:
        """Who wrote it."""
        return next((one for one in self.people if one.id == self.look.author), None)

    @property
    def is_to_be_told(self) -> bool:
        """Whether its author can be, and has not kept it alone."""
        author, others = self.author, {one.person for one in self.keepers} - {self.look.author}
        return author is not None and bool(others) and author.name is None and not author.is_gone


def judge(
    session: Session, place: Place, carried: Sequence[Carried], before: Collection[str] = frozenset()
) -> list[Outcome]:
    """What would become of each of these; `before`: the keys of what would have become learnings by then."""
    known = _known(session, place, carried) | {key for one in carried if (key := key_of(place, one)) in before}
    never = _never(session, place, [one.look.author for one in carried if one.look.author])
    outcomes = list[Outcome]()
    for one in carried:
        outcomes.append(_outcome(place, one, known, never))
        if outcomes[-1] == "new":
            known.add(key_of(place, one))  # one message may stand in two files of an export
    return outcomes


def remember(session: Session, place: Place, carried: Sequence[Carried], *, at: float) -> list[Outcome]:
    """Let them become learnings of this pocket; nothing is said in its channel. Raises `NotAPocket` where it is none now.

    Told again, each is known.
    """
    pockets.require(session, place)
    outcomes = judge(session, place, carried)
    new = [(one, new_learning_id()) for one, outcome in zip(carried, outcomes, strict=True) if outcome == "new"]
    people.introduce(
        session, place.workspace, {someone.id: someone for one, _ in new for someone in one.people}.values()
    )
    _begin(session, place, new, at=at)
    curators.carried(session, [(MessageRef(place, one.ts), given) for one, _ in new for given in one.keepers])
    for one, id in new:
        helped = [given for given in one.look.helped if given.person != one.look.author]
        helps.carried(session, MessageRef(place, one.ts), id, helped, ask=one.key is None, at=at)
    told = {one.look.author: id for one, id in new if one.look.author and one.is_to_be_told}
    kept_news.owe_each(session, place.workspace, told, at=at)
    return outcomes


def _begin(session: Session, place: Place, new: Sequence[tuple[Carried, LearningId]], *, at: float) -> None:
    """The one place where what is imported begins to be shown."""
    if new:
        session.connection().execute(_INSERT, [_row(place, one, id, at=at) for one, id in new])
    for one, id in new:
        documents.share(session, _said(place, one, id))


def _outcome(place: Place, one: Carried, known: Collection[str], never: Collection[PersonId]) -> Outcome:
    if key_of(place, one) in known:
        return "known"
    if not one.look.by_person or one.look.author is None:
        return "bot"
    if not entries.has_words(one.look.words):
        return "empty"
    return "never" if one.look.author in never else "new"


def _row(place: Place, one: Carried, id: LearningId, *, at: float) -> dict[str, object]:
    """Whose account was deactivated: their words stay, and their name goes."""
    look, author = one.look, one.author
    return {
        "workspace": place.workspace,
        "id": id,
        "key": key_of(place, one),
        "channel": place.channel,
        "author": look.author,
        "kind": "learning",
        "words": look.words,
        "without_name": author is not None and author.is_gone,
        "state": "live",
        "source_ts": one.ts,
        "link": look.link or None,
        "words_ts": look.edited,
        "files": files.to_text(look.files),
        "said_at": float(one.ts),
        "changed_at": at,
        "imported_at": at,
        "is_elsewhere": one.key is not None,
    }


def _said(place: Place, one: Carried, id: LearningId) -> documents.Said:
    return documents.Said(
        id=id,
        place=place,
        author=one.look.author or "",
        kind="learning",
        words=one.look.words,
        why="",
        topics=(),
        without_name=one.author is not None and one.author.is_gone,
        said_at=float(one.ts),
        files=files.to_text(one.look.files),
        is_slacks=True,
    )


def key_of(place: Place, one: Carried) -> str:
    """What makes it one."""
    return one.key or learnings.key_of(MessageRef(place, one.ts))


def _known(session: Session, place: Place, carried: Sequence[Carried]) -> set[str]:
    keys = [key_of(place, one) for one in carried]
    found = select(Learning.key).where(Learning.workspace == place.workspace, Learning.key.in_(keys))
    return set(session.scalars(found))


def _never(session: Session, place: Place, authors: Collection[PersonId]) -> set[PersonId]:
    found = select(PersonRow.id).where(
        PersonRow.workspace == place.workspace, PersonRow.id.in_(authors), PersonRow.never_keep
    )
    return {PersonId(id) for id in session.scalars(found)}
