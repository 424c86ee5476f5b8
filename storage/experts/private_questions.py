"""Private questions: somebody asks people who know, at most three at once, the best first. What comes of it: `private_answers`.

Each of them hears it once, by the quiet rule, and counts it among the questions that they want in a week. Where one would rather
not, or can't be asked any more, the next best is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Text, cast, delete, insert, select, update
from sqlalchemy.orm import Session

from storage import people
from storage.home import showing
from storage.ids import AskedId, Person, PersonId, Place, Ts, WorkspaceId
from storage.learned import entries
from storage.owed import notices, outbox
from storage.places import pocket_settings, pockets
from storage.prompts import clock, timing
from storage.prompts.recurrence import Rule
from storage.prompts.refusals import CantBeRead
from storage.refusals import NotYours
from storage.tables import AskedPerson, AskedQuestion, PersonRow, Schedule

from . import wishes
from .private_views import QuestionView, asked_of, find, of, of_person, own, waiting_for
from .refusals import AskedNoMore, NobodyToAsk

AT_ONCE = 3
"""People who are asked at once: one answer is wanted, and each question costs somebody's quiet."""

WORKING_DAYS = 2
"""For which they may answer."""


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What somebody wants to ask. `id` makes it one: the same again is the same question.

    `to_pocket`: where nobody answers in time, the pocket is to be asked.
    """

    id: AskedId
    place: Place
    words: str
    without_name: bool = False
    to_pocket: bool = False


def ask(session: Session, new: NewQuestion, among: Sequence[PersonId], *, by: Person, at: float) -> None:
    """Ask the best of `among` who have room. Raises `NobodyToAsk`, `NothingToShare`, `TooLong`, `NotYours`, and as `share` does.

    `among`: who may be asked about it, and reads the pocket, the best first; as Slack said just now.
    """
    words = entries.words_checked(new.words)
    pockets.require_share(session, new.place, by)
    pocket_settings.require_name(session, new.place, without_name=new.without_name)
    old = find(session, by.workspace, new.id)
    if old is not None:
        if old.asker != by:
            raise NotYours
        return
    wanted = [one for one in dict.fromkeys(among) if one != by.id]
    if not _free(session, by.workspace, wanted, at=at):
        raise NobodyToAsk(field="words")
    free = _free(session, by.workspace, wanted, at=at, lock=True)
    if not free:
        raise NobodyToAsk(field="words")
    people.meet(session, by)
    session.execute(insert(AskedQuestion.__table__), _row(session, new, words, by=by, at=at))  # type: ignore[arg-type]
    next_ones = [
        {"workspace": by.workspace, "question": new.id, "person": one, "turn": turn, "state": "next"}
        for turn, one in enumerate(free)
    ]
    session.execute(insert(AskedPerson.__table__), next_ones)  # type: ignore[arg-type]
    for person in free[:AT_ONCE]:
        _ask(session, Person(by.workspace, person), new.id, at=at)
    body = {"question": new.id, "person": by.id}
    outbox.owe(session, by.workspace, "confirm asked", lane=by.id, body=body, at=at)
    clock.look_anew(session)


def stands(session: Session, id: AskedId, person: Person, *, ts: Ts, at: float) -> None:
    """They were told: it stands at `ts` in the direct message with them. Where it was over by then, it says so."""
    question = find(session, person.workspace, id, lock=True)
    session.execute(update(AskedPerson).where(*of_person(person, id)).values(ts=ts))
    found = asked_of(session, id, person)
    if question is not None and found is not None and not found.waits:
        owe_refresh(session, person, id, at=at)


def decline(session: Session, id: AskedId, *, by: Person, at: float) -> None:
    """*Not this time*: the next best is asked instead, if there is one. Raises `NotAskedAnyMore`; said twice, it is said once."""
    find(session, by.workspace, id, lock=True)
    found = asked_of(session, id, by)
    if found is not None and found.state == "declined":
        return
    waiting_for(session, id, by=by)
    _instead(session, id, by, state="declined", at=at)


def pass_over(session: Session, id: AskedId, person: Person, *, at: float) -> None:
    """They were not told, and can't be asked any more: the next best is, if there is one."""
    find(session, person.workspace, id, lock=True)
    found = asked_of(session, id, person)
    if found is not None and found.waits and found.ts is None:
        _instead(session, id, person, state="released", at=at)


def take_back(session: Session, id: AskedId, *, by: Person, at: float) -> None:
    """Who asked takes it back: its words are forgotten. Raises `Gone`, `NotYours`, `AskedNoMore`."""
    found = own(session, id, by=by, lock=True)
    if found.state == "taken back":
        return
    if found.state != "open":
        raise AskedNoMore
    end(session, found, "taken back", at=at, words="")


def end(session: Session, found: QuestionView, state: str, *, at: float, **values: Any) -> None:  # noqa: ANN401 -- columns
    """It is over: whoever was asked and did not answer is released, and what stands in front of them says so."""
    here = of(found.asker.workspace, found.id)
    session.execute(update(AskedQuestion).where(*here).values(state=state, ended_at=at, **values))
    these = (AskedPerson.workspace == found.asker.workspace, AskedPerson.question == found.id)
    session.execute(delete(AskedPerson).where(*these, AskedPerson.state == "next"))
    session.execute(update(AskedPerson).where(*these, AskedPerson.state == "asked").values(state="released"))
    asked = select(AskedPerson.person, AskedPerson.ts).where(*these, AskedPerson.state != "declined")
    for row in session.execute(asked.order_by(AskedPerson.person)).all():
        person = Person(found.asker.workspace, PersonId(row.person))
        if row.ts is not None:
            owe_refresh(session, person, found.id, at=at)
        else:  # it may wait for its turn, and stand in their Home meanwhile
            showing.touch(session, person, at=at, ever=True)


def owe_refresh(session: Session, person: Person, id: AskedId, *, at: float) -> None:
    """What stands in front of somebody who was asked is to say how it stands."""
    body, slot = {"question": id, "person": person.id}, f"asked:{id}:{person.id}"
    outbox.owe(session, person.workspace, "refresh asked", lane=person.id, body=body, slot=slot, at=at)


def due_at(session: Session, place: Place, *, at: float) -> float:
    """Two working days from `at`, in the pocket's zone, without the public holidays that its prompts leave out."""
    zone = pocket_settings.of(session, place).timezone
    start = datetime.fromtimestamp(at, UTC).date()
    rule = Rule("once", start, time(9), zone, region=_region(session, place))
    return timing.closes_at(rule, at, days=WORKING_DAYS)


def _region(session: Session, place: Place) -> str:
    here = (Schedule.workspace == place.workspace, Schedule.channel == place.channel, Schedule.state == "live")
    rules = select(cast(Schedule.rule, Text).label("rule"), Schedule.zone).where(*here)
    for row in session.execute(rules.order_by(Schedule.next_at, Schedule.id).limit(10)).all():
        with suppress(CantBeRead):
            if region := Rule.read(row.rule, row.zone).region:
                return region
    return ""


def _row(session: Session, new: NewQuestion, words: str, *, by: Person, at: float) -> dict[str, Any]:
    due = due_at(session, new.place, at=at)
    told = {"words": words, "without_name": new.without_name, "to_pocket": new.to_pocket}
    row = {"workspace": by.workspace, "id": new.id, "asker": by.id, "channel": new.place.channel}
    return row | told | {"asked_at": at, "due_at": due}


def _free(
    session: Session, workspace: WorkspaceId, among: Collection[PersonId], *, at: float, lock: bool = False
) -> list[PersonId]:
    """Of these, in their order, those who are found, can be written to and have room. `lock`: nobody else takes it."""
    if lock:
        for one in sorted(among):
            people.meet(session, Person(workspace, one))
        here = (PersonRow.workspace == workspace, PersonRow.id.in_(among))
        session.execute(select(PersonRow.id).where(*here).order_by(PersonRow.id).with_for_update(key_share=True))
    full = wishes.full(session, workspace, among, at=at)
    return [one for one in among if one not in full and _is_found(session, Person(workspace, one), at=at)]


def _is_found(session: Session, person: Person, *, at: float) -> bool:
    hides = wishes.of(session, person).hidden
    return not hides and not people.is_lost(session, person, at=at) and people.is_bot(session, person) is not True


def _ask(session: Session, person: Person, id: AskedId, *, at: float) -> None:
    session.execute(update(AskedPerson).where(*of_person(person, id)).values(state="asked", asked_at=at))
    notices.tell(session, person, "asked privately", {"question": id}, about=id, at=at)


def _instead(session: Session, id: AskedId, person: Person, *, state: str, at: float) -> None:
    """They are asked no more; the next best who has room is."""
    session.execute(update(AskedPerson).where(*of_person(person, id)).values(state=state))
    these = (AskedPerson.workspace == person.workspace, AskedPerson.question == id, AskedPerson.state == "next")
    waiting = [
        PersonId(one) for one in session.scalars(select(AskedPerson.person).where(*these).order_by(AskedPerson.turn))
    ]
    if not waiting:
        return
    free = _free(session, person.workspace, waiting, at=at, lock=True)
    if free:
        _ask(session, Person(person.workspace, free[0]), id, at=at)
