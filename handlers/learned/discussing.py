"""Discussion: an author hears, privately, that somebody answered in the thread of their card."""

from __future__ import annotations

from handlers import blocks, words
from handlers.desk import Call, Desk
from handlers.notices import Notice, Said
from handlers.payloads import WrittenEvent
from handlers.slack import viewing
from handlers.slack.showing import message_link
from storage import workspaces
from storage.ids import LearningId, MessageRef, PersonId
from storage.learned import discussion, learnings
from storage.owed.notices import Waiting
from storage.places import pocket_settings
from storage.prompts import questions


async def replied(call: Call, event: WrittenEvent) -> None:
    """A person wrote in the thread of a message of Outloud's."""
    card, by = MessageRef(event.place, event.thread_ts), event.person
    await call.write(discussion.answered, card, event.ts, by=by, at=call.desk.now())


async def answered(desk: Desk, notice: Waiting) -> Said | None:
    """What its author hears; nothing where the learning is gone by now. Where they may not look there, not who and where."""
    learning = await desk.db.read(learnings.find, notice.person.workspace, LearningId(notice.body["learning"]))
    if learning is None or not learning.is_live:
        return None
    is_asked = await desk.db.read(questions.standing, learning) is not None
    noun = await desk.db.read(pocket_settings.noun_of, learning.place)
    text = words.questions.ANSWERED_OUT_OF_SIGHT if is_asked else words.cards.answered_out_of_sight(noun)
    if await viewing.may_be_shown(desk, notice, learning.id):
        installation = await desk.db.read(workspaces.find, notice.person.workspace)
        place, ts = learning.place, notice.body["ts"]
        link = message_link(installation, place.channel, ts, thread=learning.card_ts)
        by = PersonId(notice.body["person"])
        text = words.cards.answered(by, link, place.channel, noun=noun)
        if is_asked:
            text = words.questions.answered(by or None, link, place.channel)
    return Said(text, [blocks.section(text)])


ANSWERED = Notice(answered)
