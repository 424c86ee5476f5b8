"""Cards: how a learning that somebody shared stands in its pocket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.blocks import Block
from handlers.blocks.cards import Standing
from handlers.blocks.closeness import MOST_LINKS, Also
from handlers.desk import Desk
from handlers.duties import Message, NotYet, Post, Repeatable, Settle, tolerating
from handlers.gathering import carried
from handlers.slack import audience, viewing
from handlers.slack.reaching import CLOSED, UNCHANGING, forgo
from handlers.slack.showing import learning_link
from storage import people, visibility, workspaces
from storage.ids import ChannelId, LearningId, MessageRef, Person, Place, RoundId, Ts
from storage.kept import keepers
from storage.learned import cards, changes, helps, learnings, links
from storage.learned.learnings import LearningView
from storage.owed.outbox import Errand
from storage.places import pocket_reactions, pocket_settings
from storage.prompts import questions, rounds
from storage.visibility import FRESH


async def render(desk: Desk, errand: Errand) -> Message | None:
    """The card of a learning as it stands now; none where it was taken back before."""
    known = await desk.db.read(_known, errand)
    if known is None or not known.learning.is_live:
        return None
    if await _is_nobodys(desk, known, errand):
        await desk.db.write(cards.turn_away, errand.workspace, known.learning.id, at=desk.now())
        return None
    text, card = await _drawn(desk, known, since=errand.owed_at)
    return Message(known.learning.place.channel, text, card, thread=await thread(desk, errand))


async def thread(desk: Desk, errand: Errand) -> Ts | None:
    """Where an answer by the form is posted: below its prompt. Raises `NotYet` until that stands."""
    if "round" not in errand.body:
        return None
    round = await desk.db.read(rounds.find, errand.workspace, RoundId(errand.body["round"]))
    if round is None:
        return None
    if round.ts is None and (round.is_open or await desk.db.read(questions.is_on_its_way, round)):
        raise NotYet
    return round.ts


def posted(desk: Desk, errand: Errand, ts: Ts) -> Settle:
    """The card stands."""
    return partial(_carded, errand=errand, ts=ts, at=desk.now())


async def refresh(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Let the card say what its learning says now; take it away where that was taken back."""
    known = await desk.db.read(_known, errand)
    if known is None:
        return None
    learning = known.learning
    if learning.card_ts is None:
        if await desk.db.read(cards.is_owed, learning):
            raise NotYet
        return None
    card: dict[str, Any] = {"channel": learning.place.channel, "ts": learning.card_ts}
    with tolerating(*UNCHANGING):
        if learning.is_live:
            text, shown = await _drawn(desk, known, since=errand.owed_at)
            with tolerating("message_not_found"):
                await slack.chat_update(**card, text=text, blocks=shown)
        else:
            with tolerating("message_not_found"):
                await slack.chat_delete(**card)
            return partial(_carded, errand=errand, ts=None, at=desk.now())
    return None


def refused(session: Session, errand: Errand, code: str, at: float) -> bool:
    """The channel takes no card any more: whoever shared it hears so, and gets their words back (docs/decisions/0021)."""
    if code not in CLOSED:
        return False
    learning = learnings.find(session, errand.workspace, LearningId(errand.body["learning"]))
    if learning is not None and learning.is_live:
        cards.owe_words_back(session, learning, reason=code, at=at)
    return True


async def give_back(desk: Desk, errand: Errand) -> Message | None:
    """What somebody hears whose learning could not stand anywhere, with all that they wrote."""
    learning = await _learning(desk, errand)
    if learning is None or not learning.is_live:
        return None
    text = words.cards.not_posted(learning.place.channel, errand.body["reason"])
    return Message(errand.body["person"], text, blocks.cards.words_back(text, learning))


def given_back(desk: Desk, errand: Errand, _ts: Ts) -> Settle:
    """They have their words: a learning that nobody can see is forgotten."""
    return partial(
        learnings.forget_words,
        workspace=errand.workspace,
        id=LearningId(errand.body["learning"]),
        state="taken back",
        at=desk.now(),
    )


POST_CARD = Post(render, posted, instead=refused, thread=thread)
REFRESH_CARD = Repeatable(refresh, "chat.update")
GIVE_BACK = Post(give_back, given_back, instead=forgo)


class _Known(NamedTuple):
    """All that a card says of a learning: a card that is owed waits for one reading, not for one after the other."""

    learning: LearningView
    standing: Standing
    linked: list[tuple[LearningView, str]]
    is_bot: bool | None
    """Whether its author is one; None: Slack was not asked yet."""


def _known(session: Session, errand: Errand) -> _Known | None:
    learning = learnings.find(session, errand.workspace, LearningId(errand.body["learning"]))
    if learning is None:
        return None
    is_bot = people.is_bot(session, Person(errand.workspace, learning.author)) if learning.author else None
    return _Known(learning, _standing(session, learning), _linked(session, learning), is_bot)


async def _drawn(desk: Desk, known: _Known, *, since: float) -> tuple[str, list[Block]]:
    """What a notification shows of it, and its card, which is owed `since` a moment."""
    learning, standing = known.learning, known.standing
    if standing.question is not None and standing.question.came:
        came = await carried.lines(desk, standing.question.round, standing.question.came)
        standing = replace(standing, came=tuple(came))
    standing = replace(standing, also=await _also(desk, known, since=since))
    text = words.cards.card_text(
        learning.author, learning.words, kind=learning.kind, noun=standing.noun, without_name=learning.without_name
    )
    return text, blocks.cards.card(learning, standing)


async def _is_nobodys(desk: Desk, known: _Known, errand: Errand) -> bool:
    """Whether Slack says that no colleague shared it: a bot did, or somebody who was deactivated (docs/decisions/0203).

    What it does not say within a second is taken for granted. Of answers to a prompt, of which many come at once, it is asked
    the first time; of others, what is close to them is looked for anyway, for the same person.
    """
    if known.learning.author is None or known.is_bot or (known.is_bot is False and "round" in errand.body):
        return bool(known.is_bot)
    author = Person(errand.workspace, known.learning.author)
    profile = await desk.viewers.profile(author, until=asyncio.get_running_loop().time() + viewing.PATIENCE)
    if profile is None:
        return False
    if known.is_bot is None:
        await desk.db.write(keepers.known, author, bot=profile.is_bot, at=desk.now())
    is_new = desk.now() - errand.owed_at <= FRESH  # else they may have shared it, and have left since
    return profile.is_bot or (is_new and not profile.is_active)


async def _also(desk: Desk, known: _Known, *, since: float) -> tuple[Also, ...]:
    """Where its card leads: as far as it is sure that everybody who reads the card may see that. Raises `Later`."""
    here = known.learning.place
    if not known.linked:
        return ()
    me = await desk.db.read(workspaces.find, here.workspace)
    shown = [one for one in known.linked if await _is_for_all(desk, here, one[0], since=since)]
    return tuple(
        Also(noun, link, None if other.place == here else other.place.channel)
        for other, noun in shown
        if (link := learning_link(me, other))
    )


async def _is_for_all(desk: Desk, here: Place, other: LearningView, *, since: float) -> bool:
    return await audience.may_hold_now_or_later(desk, here, other, since=since) == "for all"


def _linked(session: Session, learning: LearningView) -> list[tuple[LearningView, str]]:
    """What it is linked with that may be shown in its channel, as far as is remembered, and what each is called."""
    ids = links.of(session, learning.place.workspace, learning.id)[:MOST_LINKS]
    there = learnings.several(session, learning.place.workspace, ids)
    return [
        (there[id], pocket_settings.noun_of(session, there[id].place))
        for id in ids
        if id in there and visibility.may_be_shown(session, there[id].place, learning.place)
    ]


def _standing(session: Session, learning: LearningView) -> Standing:
    return Standing(
        pocket_settings.noun_of(session, learning.place),
        pocket_reactions.of(session, learning.place).shown("helped"),
        helps.count(session, learning),
        changes.out_of_date(session, learning),
        questions.standing(session, learning),
    )


def _carded(session: Session, *, errand: Errand, ts: Ts | None, at: float) -> None:
    place, id = Place(errand.workspace, ChannelId(errand.lane)), LearningId(errand.body["learning"])
    cards.stands(session, errand.workspace, id, ts=ts, at=at)
    if ts is not None:
        questions.stands(session, errand.workspace, id, ts, at=at)
        helps.card_stands(session, MessageRef(place, ts), at=at, late=errand.unknown)
        if "round" not in errand.body:  # answers to a prompt are alike, and right so
            links.owe_look(session, place, id, at=at)


async def _learning(desk: Desk, errand: Errand) -> LearningView | None:
    return await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))
