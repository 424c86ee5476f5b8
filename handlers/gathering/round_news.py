"""What a round's lead hears of it, alone: that nobody answered, or who did so for the first time."""

from __future__ import annotations

from handlers import blocks, words
from handlers.answers import replace
from handlers.desk import Call, Desk
from handlers.duties import Later
from handlers.notices import Notice, Said
from handlers.payloads import SlowerPress
from handlers.slack import viewing
from handlers.slack.showing import message_link
from storage import workspaces
from storage.ids import RoundId
from storage.owed.notices import Waiting
from storage.places import catching_up
from storage.prompts import answers, rounds
from storage.prompts import silence as silences
from storage.prompts.rounds import RoundView


async def silence(desk: Desk, waiting: Waiting) -> Said | None:
    """Nobody answered; none where somebody did after all, or the lead may not look there any more."""
    round = await _round(desk, waiting)
    if round is None or await desk.db.read(answers.has_others, round):
        return None
    if await desk.db.read(catching_up.is_reading, round.place):
        raise Later(desk.now() + viewing.AGAIN_AFTER)  # somebody may have answered while Outloud was away
    own = [one for one in await desk.db.read(answers.of_round, round) if one.learning.author == round.lead]
    if own and own[0].learning.without_name and waiting.person.id != round.lead:
        return None  # that nobody else answered would say whose it is
    found = await desk.db.read(silences.advice, round)
    next, use = (found.prompt.question, found.prompt.use) if found.prompt else ("", "")
    text = words.rounds.silence(
        round.question,
        round.place.channel,
        await _link(desk, round),
        asker=("you" if waiting.person.id == round.lead else f"<@{round.lead}>") if own else "",
        next=next,
        use=use,
        again=found.fortnightly is not None,
    )
    return Said(text, blocks.rounds.silence(text, found.fortnightly))


async def slowed_down(call: Call) -> None:
    """*Every other week*: its schedule asks less often from now on. Raises `NoSuchSchedule`, `NotALead`."""
    press = SlowerPress.of(call)
    at = call.desk.now()
    now = await call.write(silences.go_fortnightly, press.schedule, by=press.person, at=at)
    await replace(call, words.rounds.slower(words.moment(now.next[0].at) if now.next else "-"))
    await call.ack()


async def newcomers(desk: Desk, waiting: Waiting) -> Said | None:
    """Who answered for the first time, with their name, and whose answer stands still; none as above."""
    round = await _round(desk, waiting)
    people = await desk.db.read(answers.newcomers, round) if round else ()
    if round is None or not people:
        return None
    text = words.rounds.newcomers(people, round.place.channel, await _link(desk, round))
    return Said(text, [blocks.section(text)])


SILENCE = Notice(silence)
NEWCOMERS = Notice(newcomers)


async def _round(desk: Desk, waiting: Waiting) -> RoundView | None:
    """The round, where its lead may look."""
    found = await desk.db.read(rounds.find, waiting.person.workspace, RoundId(waiting.body["round"]))
    return found if found and await viewing.may_be_told(desk, waiting, found.place) else None


async def _link(desk: Desk, round: RoundView) -> str:
    me = await desk.db.read(workspaces.find, round.place.workspace)
    return message_link(me, round.place.channel, round.ts or "")
