"""What who asked hears: the answer, alone; whether it may become a learning; or that nobody answered."""

from __future__ import annotations

from functools import partial

from handlers import blocks, words
from handlers.answers import replace, whisper
from handlers.desk import Call, Desk
from handlers.duties import Message, Post, Settle
from handlers.slack.reaching import forgo
from storage.experts import private_answers, private_endings, private_views
from storage.experts.private_views import QuestionView
from storage.ids import AskedId, Ts
from storage.owed.outbox import Errand
from storage.places import pockets

from .payloads import AskedPress


async def give(desk: Desk, errand: Errand) -> Message | None:
    """The answer: they asked for it, so it is not held back."""
    found = await _question(desk, errand)
    if found is None or found.state != "answered" or not found.answer:
        return None
    text = words.private_questions.answered(found.answered_by)
    return Message(errand.body["person"], text, blocks.private_questions.answered(text, found))


async def helped(call: Call) -> None:
    """*It helped me*."""
    press = AskedPress.of(call)
    await call.write(
        private_answers.helped, press.question, by=press.person, event_ts=press.action_ts, at=call.desk.now()
    )
    await whisper(call, words.private_questions.HELPED_SAID)
    await call.ack()


async def shared(call: Call) -> None:
    """*Yes, share both*."""
    press = AskedPress.of(call)
    found = await call.write(
        private_answers.share, press.question, by=press.person, event_ts=press.action_ts, at=call.desk.now()
    )
    text = words.private_questions.shared(found.place.channel)
    await replace(call, text, blocks.private_questions.shared(text, found.id))
    await call.ack()


async def left(call: Call) -> None:
    """*No, leave it between us*."""
    press = AskedPress.of(call)
    await call.write(private_answers.leave, press.question, by=press.person)
    await replace(call, words.private_questions.LEFT)
    await call.ack()


async def unshared(call: Call) -> None:
    """*Undo*, under what was shared."""
    press = AskedPress.of(call)
    await call.write(private_answers.unshare, press.question, by=press.person, at=call.desk.now())
    await replace(call, words.private_questions.UNSHARED)
    await call.ack()


async def unanswered(desk: Desk, errand: Errand) -> Message | None:
    """Nobody answered: the pocket is asked, or may be."""
    found = await _question(desk, errand)
    person = errand.body["person"]
    if found is None:
        return None
    if found.state == "passed on":
        text = words.private_questions.passed_on(found.place.channel)
        return Message(person, text, [blocks.section(text)])
    if found.state != "unanswered" or not found.words:
        return None
    is_pocket = await desk.db.read(pockets.is_live, found.place)
    text = words.private_questions.unanswered(found.place.channel, to_pocket=found.to_pocket)
    channel = found.place.channel if is_pocket else None
    return Message(person, text, blocks.private_questions.unanswered(text, found, channel))


def heard(_desk: Desk, errand: Errand, _ts: Ts) -> Settle:
    """They have their words."""
    return partial(private_endings.said, workspace=errand.workspace, id=AskedId(errand.body["question"]))


GIVE = Post(give, instead=forgo)
UNANSWERED = Post(unanswered, heard, instead=forgo)


async def _question(desk: Desk, errand: Errand) -> QuestionView | None:
    return await desk.db.read(private_views.find, errand.workspace, AskedId(errand.body["question"]))
