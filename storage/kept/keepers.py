"""Who keeps is a person: Slack is asked once of everybody who reacts, and what a bot gave keeps nothing.

A reaction's event names a user, and does not say whether that is a bot (docs/decisions/0035, of helps).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage import people
from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.learned import helps, learnings
from storage.learned.learnings import LearningView
from storage.tables import Keep

from . import keeps


def unknown(session: Session, learning: LearningView) -> list[PersonId]:
    """Of whom nobody knows yet whether they are people, of those who keep it."""
    workspace = learning.place.workspace
    return [
        one for one in keeps.curators_of(session, learning) if people.is_bot(session, Person(workspace, one)) is None
    ]


def known(session: Session, person: Person, *, bot: bool, at: float) -> None:
    """Slack said whether somebody who reacted is a bot: what they kept, and whom it helped, follow."""
    helps.is_person(session, person, bot=bot, at=at)
    if not bot:
        return
    standing = (Keep.workspace == person.workspace, Keep.person == person.id, Keep.standing)
    found = select(Keep.channel, Keep.message_ts).where(*standing).distinct().order_by(Keep.channel, Keep.message_ts)
    for row in session.execute(found).all():
        message = MessageRef(Place(person.workspace, ChannelId(row.channel)), Ts(row.message_ts))
        learnings.find_by_key(session, person.workspace, learnings.key_of(message), lock=True)  # before who keeps it
        here = (Keep.channel == row.channel, Keep.message_ts == row.message_ts)
        session.execute(update(Keep).where(*standing, *here).values(standing=False, mere=True))
        keeps.settle(session, message, at=at)


def all_known(session: Session, workspace: WorkspaceId, said: Mapping[PersonId, bool], *, at: float) -> None:
    """The same of several: whether each is a bot."""
    for id in sorted(said):  # locks are taken in one order
        known(session, Person(workspace, id), bot=said[id], at=at)
