"""Consent: what authors hear of their words that others keep, and what they answer."""

from __future__ import annotations

from functools import partial

from handlers import blocks, words
from handlers.answers import replace, whisper
from handlers.desk import Call, Desk
from handlers.duties import Settle
from handlers.notices import Notice, Said
from handlers.payloads import AnyPress, Press
from handlers.slack import viewing
from storage import people
from storage.ids import LearningId
from storage.kept import consent, keeps, kept_answers, kept_news
from storage.kept.kept_news import Kept
from storage.learned import learnings
from storage.owed.notices import Waiting
from storage.places import pocket_settings

LISTED = 10
"""How many messages one word links to: with their buttons they are twelve of the fifty blocks of a message."""


async def yes(call: Call) -> None:
    """An author lets a message be kept that is older than its pocket."""
    press = Press.of(call)
    await call.write(kept_answers.allow, press.learning, by=press.person, at=call.desk.now())
    text = words.keeping.ALLOWED
    await replace(call, text, blocks.keeping.first_kept(text, press.learning))
    await call.ack()


async def no(call: Call) -> None:
    """They would rather not: nobody else can keep it either."""
    await _withhold(call, words.keeping.NOT_ALLOWED)


async def kept_undone(call: Call) -> None:
    """An author pressed *undo* under what told them that their words were kept."""
    await _withhold(call, words.keeping.KEPT_UNDONE)


async def _withhold(call: Call, text: str) -> None:
    press = Press.of(call)
    await call.write(consent.withhold, press.learning, by=press.person, at=call.desk.now())
    await replace(call, text, blocks.keeping.kept_undone(text, press.learning))
    await call.ack()


async def never(call: Call) -> None:
    """An author pressed *never keep mine*: it holds from now on, and asks about what is kept already."""
    press = Press.of(call)
    still = await call.write(consent.never_keep, press.learning, by=press.person, at=call.desk.now())
    text = words.keeping.never_kept(still)
    await replace(call, text, blocks.keeping.never_kept(text, press.learning, still_kept=still))
    await call.ack()


async def all_taken_back(call: Call) -> None:
    """An author wants nothing of theirs kept, the earlier ones neither."""
    press = Press.of(call)
    await call.write(consent.withhold_all, by=press.person, at=call.desk.now())
    text = words.keeping.ALL_TAKEN_BACK
    await replace(call, text, blocks.keeping.never_kept(text, press.learning, still_kept=0))
    await call.ack()


async def allowed_again(call: Call) -> None:
    """An author changed their mind about *never keep mine*."""
    press = Press.of(call)
    await call.write(consent.keep_again, by=press.person, at=call.desk.now())
    await replace(
        call,
        words.keeping.KEPT_AGAIN_ALLOWED,
        blocks.keeping.kept_undone(words.keeping.KEPT_AGAIN_ALLOWED, press.learning),
    )
    await call.ack()


async def not_mine(call: Call) -> None:
    """*Not mine*, under what a channel hears when it becomes a pocket: nothing of theirs is to be kept, anywhere."""
    press = AnyPress.of(call)
    still = await call.write(consent.never_keep_any, by=press.person, at=call.desk.now())
    text = words.keeping.not_mine(still)
    await whisper(call, text, blocks.keeping.not_mine(text, still_kept=still))
    await call.ack()


async def mine_taken_back(call: Call) -> None:
    """The same person wants what is kept of theirs taken back, too."""
    await call.write(consent.withhold_all, by=AnyPress.of(call).person, at=call.desk.now())
    text = words.keeping.ALL_TAKEN_BACK
    await replace(call, text, blocks.keeping.not_mine(text, still_kept=0))
    await call.ack()


async def mine_allowed(call: Call) -> None:
    """The same person changed their mind."""
    await call.write(consent.keep_again, by=AnyPress.of(call).person, at=call.desk.now())
    await replace(call, words.keeping.KEPT_AGAIN_ALLOWED)
    await call.ack()


async def first_kept(desk: Desk, notice: Waiting) -> Said | None:
    """What an author hears the first time that words of theirs were kept, of the first that still are.

    Where they may not read it now, no more than that.
    """
    if await desk.db.read(people.heard, notice.person, "kept"):
        return None
    kept = await desk.db.read(kept_news.untold, notice.person)
    if not kept:
        return None
    text = await _first(desk, notice, kept)
    return Said(text, blocks.keeping.first_kept(text, kept[0].learning.id), {"learnings": [kept[0].learning.id]})


async def kept_this_week(desk: Desk, notice: Waiting) -> Said | None:
    """What they hear after that, at most once a week: how many, as things stand, and which."""
    kept = await desk.db.read(kept_news.untold, notice.person)
    if not kept:
        return None
    listed = [(one.learning.id, await _line(desk, notice, one)) for one in kept[:LISTED]]
    text = words.keeping.kept_this_week(len(kept), listed=len(listed))
    said = blocks.keeping.kept_this_week(text, listed)
    return Said(text, said, {"learnings": [id for id, _ in listed]})


def told(desk: Desk, notice: Waiting) -> Settle:
    """They have heard of exactly these."""
    ids = [LearningId(id) for id in notice.body.get("learnings", [])]
    return partial(kept_news.told, author=notice.person, ids=ids, at=desk.now())


async def ask(desk: Desk, notice: Waiting) -> Said | None:
    """Whether a message may be kept that its author wrote before there was a pocket."""
    learning = await desk.db.read(learnings.find, notice.person.workspace, LearningId(notice.body["learning"]))
    if learning is None or learning.state != "asked" or await desk.db.read(people.never_keeps, notice.person):
        return None
    keepers = await desk.db.read(keeps.curators_of, learning)
    noun = await desk.db.read(pocket_settings.noun_of, learning.place)
    if keepers and await viewing.may_be_told(desk, notice, learning.place):
        curator, link = keepers[0], learning.link or ""  # whoever asked for it first may want it no more
        text = words.keeping.asked(curator, link, learning.place.channel, noun=noun, shortened_by=learning.shortened_by)
    else:
        text = words.keeping.asked_out_of_sight(noun=noun, shortened=learning.shortened_by is not None)
    return Said(text, blocks.keeping.asked(text, learning.id))


FIRST_KEPT = Notice(first_kept, told)
KEPT_THIS_WEEK = Notice(kept_this_week, told)
ASKED = Notice(ask)


async def _line(desk: Desk, notice: Waiting, kept: Kept) -> str:
    learning = kept.learning
    if await viewing.may_be_shown(desk, notice, learning.id):
        link, channel = learning.link or "", learning.place.channel
        return words.keeping.kept_line(kept.curator, link, channel, shortened_by=learning.shortened_by)
    return words.keeping.KEPT_LINE_OUT_OF_SIGHT


async def _first(desk: Desk, notice: Waiting, kept: list[Kept]) -> str:
    learning, curator = kept[0].learning, kept[0].curator
    noun = await desk.db.read(pocket_settings.noun_of, learning.place)
    link, channel = learning.link or "", learning.place.channel
    if not await viewing.may_be_shown(desk, notice, learning.id):
        return words.keeping.first_kept_out_of_sight(noun=noun)
    if learning.imported_at is not None:
        others = sum(one.learning.imported_at is not None for one in kept) - 1
        return words.keeping.first_imported(curator, link, channel, noun=noun, others=others)
    return words.keeping.first_kept(curator, link, channel, noun=noun, shortened_by=learning.shortened_by)
