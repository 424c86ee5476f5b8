"""`/prompts`: the board for leads, what is scheduled for others, a schedule in a line, a suggestion, help."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import answer
from handlers.desk import Call
from handlers.payloads import Command
from handlers.pockets.standing import whoever_leads
from handlers.slack.looking import typed_step
from storage.ids import Person, PersonId, Place
from storage.places import leads, pocket_settings, pockets
from storage.prompts import bank, schedules, views
from storage.prompts.bank import Written
from storage.prompts.views import AnySchedule

from . import board, line, shelves


async def asked(call: Call) -> None:
    """The word behind it says what is done; nothing behind it is the board."""
    command = Command.of(call)
    word, rest = command.first
    match word:
        case first if words.asks_for_help(first):
            await answer(call, words.prompts.HELP)
        case "bank":
            await typed_step(call, command, partial(shelves.open_first, call, command))
        case "suggest":
            await typed_step(call, command, partial(_suggest, call, command, rest))
        case "":
            await typed_step(call, command, partial(_show, call, command))
        case _:
            await typed_step(call, command, partial(_schedule, call, command))


async def _show(call: Call, command: Command) -> None:
    text = await open_board(call, command.person, command.place, command.trigger_id)
    if text:
        await answer(call, text, blocks.schedules.for_others(text, command.place.channel))
    else:
        await call.ack()


async def open_board(call: Call, person: Person, place: Place, trigger_id: str) -> str:
    """The board, to whoever leads it; to others, what is asked there, in words that are returned. Raises `NotAPocket`."""
    may_lead, found, led_by = await call.desk.db.read(_seen, place, person, at=call.desk.now())
    if not may_lead:
        person = await whoever_leads(call.desk, place, person)
        may_lead, found, led_by = await call.desk.db.read(_seen, place, person, at=call.desk.now())
    if not may_lead:
        return words.prompts.for_others(found, led_by)
    await call.slack.views_open(trigger_id=trigger_id, view=board.view(found, place=place))
    return ""


def _seen(
    session: Session, place: Place, person: Person, *, at: float
) -> tuple[bool, list[AnySchedule], tuple[PersonId, ...]]:
    """What somebody sees of a pocket's schedules. Raises `NotAPocket`."""
    pockets.require(session, place)
    may_lead, led_by = leads.may(session, place, person), leads.of(session, place)
    return may_lead, views.of_pocket(session, place, at=at), led_by


async def _schedule(call: Call, command: Command) -> None:
    now = call.desk.now()
    zone = (await call.desk.db.read(_led_zone, command.place, command.person)).timezone
    plan = line.read(command.words, zone=zone, today=datetime.fromtimestamp(now, ZoneInfo(zone)).date())
    id = await call.write(
        schedules.add, command.place, plan, by=command.person, at=now, key=f"command:{command.trigger_id}"
    )
    text = words.prompts.scheduled(plan, views.preview(plan, at=now))
    await answer(call, text, blocks.schedules.scheduled(text, id) if id else None)


def _led_zone(session: Session, place: Place, person: Person) -> pocket_settings.PocketSettings:
    """The settings of a pocket that somebody leads. Raises `NotAPocket`, `NotALead`."""
    pockets.require(session, place)
    leads.require(session, place, person)
    return pocket_settings.of(session, place)


async def _suggest(call: Call, command: Command, question: str) -> None:
    if not question.strip():
        await shelves.open_suggestion(call, command.place, command.trigger_id)
        return
    await call.write(bank.suggest, command.place, Written(question), by=command.person, at=call.desk.now())
    await answer(call, words.bank.SUGGESTED_THANKS)
