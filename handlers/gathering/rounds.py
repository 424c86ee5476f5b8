"""Rounds: how a prompt stands in its channel, from its posting to what it carries when it is closed."""

from __future__ import annotations

from functools import partial

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.desk import Desk
from handlers.duties import Message, Post, Repeatable, Settle, tolerating
from handlers.slack.reaching import CLOSED, RESTRICTED, UNCHANGING
from handlers.slack.showing import message_link
from storage import workspaces
from storage.ids import RoundId, Ts
from storage.learned import helps
from storage.owed.outbox import Errand
from storage.places import pocket_settings, pockets
from storage.prompts import answers, first_answers, opening, rounds
from storage.prompts.answers import AnswerView
from storage.prompts.rounds import RoundView

from . import carried


async def render(desk: Desk, errand: Errand) -> Message | None:
    """The prompt; none where the round closed before it could be posted, or the pocket was stopped."""
    round = await _round(desk, errand)
    if round is None or not round.is_open or not await desk.db.read(pockets.is_live, round.place):
        return None
    if await desk.db.read(opening.is_too_late, round, at=desk.now()):
        if not errand.unknown:  # else it may stand, and is looked for first
            await desk.db.write(opening.lapsed, round, at=desk.now())
        return None
    noun = await desk.db.read(pocket_settings.noun_of, round.place)
    last = await _last(desk, round)
    return Message(
        round.place.channel, words.rounds.asked(round.question), blocks.rounds.opened(round, noun=noun, last=last)
    )


def posted(desk: Desk, errand: Errand, ts: Ts) -> Settle:
    """The prompt stands: the lead's first answer follows it."""
    return partial(_stands, errand=errand, ts=ts, at=desk.now())


def refused(session: Session, errand: Errand, code: str, at: float) -> bool:
    """The channel takes no prompt any more: this round is over before it began, and its lead hears why."""
    if code not in CLOSED:
        return False
    round = rounds.find(session, errand.workspace, RoundId(errand.body["round"]))
    if round is not None:
        opening.refused(session, round, code, for_good=code in RESTRICTED, at=at)
    return True


async def refresh(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Let a closed prompt carry what came, as that stands now."""
    round = await _round(desk, errand)
    if round is None or round.ts is None or round.is_open:
        return
    given, kept = await desk.db.read(answers.of_round, round), await desk.db.read(answers.kept_besides, round)
    lines = await carried.lines(desk, round, [*given, *kept])
    text, shown = words.rounds.asked(round.question), blocks.rounds.closed(round, lines, answered=len(given))
    with tolerating("message_not_found", *UNCHANGING):
        await slack.chat_update(channel=round.place.channel, ts=round.ts, text=text, blocks=shown)


POST_ROUND = Post(render, posted, instead=refused)
REFRESH_ROUND = Repeatable(refresh, "chat.update")


async def _last(desk: Desk, round: RoundView) -> str:
    """The best of the last round: of that very channel, so every member may see it."""
    before = await desk.db.read(rounds.before, round)
    given = await desk.db.read(answers.of_round, before) if before else []
    if not before or not given:
        return ""
    helped = [(await desk.db.read(helps.count, one.learning), one) for one in given]
    many, best = max(helped, key=lambda one: one[0])
    return words.rounds.last_time(len(given), best=await _best(desk, before, best) if many else "")


async def _best(desk: Desk, round: RoundView, best: AnswerView) -> str:
    me = await desk.db.read(workspaces.find, round.place.workspace)
    link = message_link(me, round.place.channel, best.ts or round.ts or "", thread=round.ts)
    noun = await desk.db.read(pocket_settings.noun_of, round.place)
    author = None if best.learning.without_name else best.learning.author
    return words.rounds.has_helped(author, link, noun=noun)


async def _round(desk: Desk, errand: Errand) -> RoundView | None:
    return await desk.db.read(rounds.find, errand.workspace, RoundId(errand.body["round"]))


def _stands(session: Session, *, errand: Errand, ts: Ts, at: float) -> None:
    round = rounds.find(session, errand.workspace, RoundId(errand.body["round"]))
    if round is not None:
        first_answers.stands(session, round, ts, at=at)
