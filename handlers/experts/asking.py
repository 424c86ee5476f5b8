"""The weekly question: whether somebody wants to be listed; and the one that is asked of tags of long ago."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import replace
from handlers.desk import Call, Desk
from handlers.duties import Later, Settle
from handlers.notices import Notice, Said
from handlers.slack import viewing
from storage import visibility
from storage.experts import asking, fading, wishes
from storage.experts.asking import Proposal
from storage.ids import Person
from storage.owed.notices import Waiting

from .payloads import TopicsPress


async def question(desk: Desk, notice: Waiting) -> Said | None:
    """What waits for their answer, as things stand; None where nothing does any more, or all of it rests.

    What they were asked about already waits behind the rest. While Slack does not say what they may see, it all waits: else what
    their learnings earned would never be asked.
    """
    viewer = await viewing.of(desk, notice.person, visibility.by_author(notice.person), patience=viewing.UNHURRIED)
    found = await desk.db.read(asking.question, viewer, at=desk.now())
    if desk.now() < notice.due + viewing.MOST_WAITED and await desk.db.read(
        asking.may_have_more, viewer, found, at=desk.now()
    ):
        raise Later(desk.now() + viewing.AGAIN_AFTER)
    if not found:
        await desk.db.write(asking.owe_resting, notice.person, at=desk.now())
        return None
    before = set(notice.body.get("asked", ()))
    new = [one for one in found if one.topic not in before] or found
    now = new[: asking.AT_ONCE]
    text = "\n".join(words.experts.proposed(one) for one in now)
    asked = [*before, *(one.topic for one in now)]
    return Said(text, blocks.experts.proposals("", now), {"asked": sorted(set(asked)), "more": len(new) > len(now)})


def asked(desk: Desk, notice: Waiting) -> Settle:
    """They were asked."""
    person, at = notice.person, desk.now()

    def settle(session: Session) -> None:
        wishes.was_asked(session, person, at=at)
        if notice.body.get("more"):  # what rests is owed once all was asked: of both, one notice holds
            asking.owe(session, person, at=at, asked=notice.body["asked"])
        else:
            asking.owe_resting(session, person, at=at)

    return settle


async def listed(call: Call) -> None:
    """*List me*."""
    press = TopicsPress.of(call)
    await call.write(asking.yes, press.topic, by=press.person, at=call.desk.now())
    await _go_on(call, press.person, words.experts.answered(press.topic, listed=True))


async def declined(call: Call) -> None:
    """*No thanks*."""
    press = TopicsPress.of(call)
    await call.write(asking.no, press.topic, by=press.person, at=call.desk.now())
    await _go_on(call, press.person, words.experts.answered(press.topic, listed=False))


async def stopped(call: Call) -> None:
    """*Stop asking*."""
    await call.write(asking.stop, by=TopicsPress.of(call).person)
    await replace(call, words.experts.STOPPED)
    await call.ack()


async def old(desk: Desk, notice: Waiting) -> Said | None:
    """What they said of themselves long ago."""
    found = await desk.db.read(fading.old, notice.person, at=desk.now())
    if not found:
        return None
    text = words.experts.old(found)
    return Said(text, blocks.experts.old(text), {"at": desk.now()})


def old_asked(desk: Desk, notice: Waiting) -> Settle:
    """They were asked about exactly these."""
    return partial(fading.asked, person=notice.person, at=notice.body.get("at", desk.now()))


async def still(call: Call) -> None:
    """*Yes, still*."""
    await call.write(fading.still, by=TopicsPress.of(call).person, at=call.desk.now())
    await replace(call, words.experts.STILL_SO)
    await call.ack()


QUESTION = Notice(question, asked)
OLD = Notice(old, old_asked)


async def _go_on(call: Call, person: Person, text: str) -> None:
    """What was answered is said; what is left is asked still."""
    left = await _proposals(call.desk, person)
    said = text if left else f"{text}\n{words.experts.ALL_ANSWERED}"
    await replace(call, said, blocks.experts.proposals(said, left))
    await call.ack()


async def _proposals(desk: Desk, person: Person) -> list[Proposal]:
    viewer = await viewing.of(desk, person, visibility.by_author(person))
    return (await desk.db.read(asking.question, viewer, at=desk.now()))[: asking.AT_ONCE]
