"""*Post this here*: somebody shows what they found to the channel where they are, if every member of it may see that."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import whisper
from handlers.desk import Call, Desk
from handlers.duties import Message, Post
from handlers.payloads import ShowPress
from handlers.slack import audience, viewing
from handlers.slack.audience import Answer
from handlers.slack.looking import where_invited
from handlers.slack.reaching import CLOSED, forgo
from storage.ids import ChannelId, LearningId, PersonId, Place, Ts
from storage.learned import learnings, shown_here
from storage.learned.learnings import LearningView
from storage.learned.shown_here import MOST_LOOKED_AT, Reason
from storage.owed.outbox import Errand
from storage.places import pockets
from storage.refusals import Gone, NotChecked, NotForAllHere, Refusal, TooManyHere

from .results import link_of


async def pressed(call: Call) -> None:
    """Somebody wants it posted. Who may not see it themselves hears that it is gone, whatever else is so."""
    press = ShowPress.of(call)
    await viewing.require(call.desk, press.person, press.learning)
    found = await call.desk.db.read(learnings.find, call.workspace, press.learning)
    if found is None:
        raise Gone
    answer = await audience.may_hold(call.desk, press.place, found)
    if answer != "for all":
        raise _refusal(answer)
    show = partial(shown_here.show, learning=press.learning, place=press.place, thread=press.thread, by=press.person)
    await where_invited(call, press.place, partial(call.write, show, at=call.desk.now()), by=press.person)
    await whisper(call, words.finding.POSTED)
    await call.ack()


async def render(desk: Desk, errand: Errand) -> Message | None:
    """What the channel sees. Where it is not to be posted any more, and was not, whoever wanted it hears so. Raises `Later`."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    learning = await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))
    reason = await _why_not(desk, errand, place, learning)
    if learning is None or reason is not None:
        if errand.unknown:  # it may stand already; what does not is rendered once more
            return None
        await desk.db.write(shown_here.withdraw, errand.workspace, errand.body, reason=reason or "gone", at=desk.now())
        return None
    by, link = PersonId(errand.body["person"]), await link_of(desk, learning)
    text = words.finding.shown_here(by, learning.place.channel)
    shown = blocks.finding.shown_here(learning, text=text, link=link, at=desk.now())
    return Message(place.channel, text, shown, thread=await thread(desk, errand))


async def thread(_desk: Desk, errand: Errand) -> Ts | None:
    """Where it is posted in the channel, if in a thread."""
    return Ts(errand.body["thread"]) or None


def refused(session: Session, errand: Errand, code: str, at: float) -> bool:
    """The channel takes no post any more: whoever wanted it hears so."""
    if code not in CLOSED:
        return False
    shown_here.withdraw(session, errand.workspace, errand.body, reason="closed", at=at)
    return True


async def tell(_desk: Desk, errand: Errand) -> Message:
    """What whoever wanted it posted hears, where it is not."""
    text = words.finding.not_shown(ChannelId(errand.body["channel"]), errand.body["reason"])
    return Message(errand.body["person"], text, [blocks.section(text)])


SHOW_FOUND = Post(render, instead=refused, thread=thread)
TELL_NOT_SHOWN = Post(tell, instead=forgo)


async def _why_not(desk: Desk, errand: Errand, place: Place, learning: LearningView | None) -> Reason | None:
    if learning is None or not learning.is_live:
        return "gone"
    if not await desk.db.read(pockets.is_live, place):
        return "closed"
    answer = await audience.may_hold_now_or_later(desk, place, learning, since=errand.owed_at)
    if answer == "for all":
        return None
    return "too many" if answer == "too many" else "not for all"


def _refusal(answer: Answer) -> Refusal:
    if answer == "too many":
        return TooManyHere(limit=MOST_LOOKED_AT)
    return NotChecked() if answer == "not said" else NotForAllHere()
