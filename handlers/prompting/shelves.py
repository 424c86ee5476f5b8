"""The bank: leads leaf through its shelves, and keep the pocket's own in order; anybody suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.desk import Call
from handlers.payloads import Command
from storage.ids import Person, PersonId, Place
from storage.places import leads, pockets
from storage.prompts import bank
from storage.prompts.bank import OURS, OwnView, Prompt, Written
from storage.prompts.refusals import ChangedMeanwhile

from . import editing
from .board import update
from .payloads import Board, BoardPress, LeafPress, PromptForm, origin

PER_PAGE = blocks.bank.PER_PAGE
FIRST = "today I learned"
STATES: Mapping[str, bank.State] = {OURS: "live", "suggested": "suggested", "retired": "retired"}
"""The shelves that hold a pocket's own."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a shelf: each prompt, and if it is the pocket's own, what became of it."""

    prompts: Sequence[tuple[Prompt, OwnView | None]]
    number: int
    of: int
    shelves: Mapping[str, str]


def page_of(session: Session, place: Place, shelf: str, number: int, *, by: Person) -> Page:
    """A page, for a lead. Raises `NotAPocket`, `NotALead`."""
    pockets.require(session, place)
    leads.require(session, place, by)
    suggested = bank.count(session, place, "suggested")
    shelves = words.bank.shelves(suggested)
    if shelf in STATES:
        many = bank.count(session, place, STATES[shelf])
        pages = max(1, -(-many // PER_PAGE))
        number = min(number, pages - 1)
        own = bank.own(session, place, STATES[shelf], skip=number * PER_PAGE, limit=PER_PAGE)
        return Page([(one.prompt, one) for one in own], number, pages, shelves)
    prompts = bank.themes()[shelf if shelf in bank.themes() else FIRST].prompts
    pages = -(-len(prompts) // PER_PAGE)
    number = min(number, pages - 1)
    return Page([(one, None) for one in prompts[number * PER_PAGE :][:PER_PAGE]], number, pages, shelves)


async def open_first(call: Call, command: Command) -> None:
    """`/prompts bank`."""
    view = await _view(call, command.place, command.person)
    await call.slack.views_open(trigger_id=command.trigger_id, view=view)
    await call.ack()


async def opened(call: Call) -> None:
    """*The bank*, on the board."""
    press = BoardPress.of(call)
    await call.slack.views_push(trigger_id=press.trigger_id, view=await _view(call, press.place, press.person))
    await call.ack()


async def chosen(call: Call) -> None:
    """Another shelf was chosen."""
    press = BoardPress.of(call)
    await _show(call, press, shelf=press.option)


async def leafed(call: Call) -> None:
    """*Earlier* and *More*."""
    press = LeafPress.of(call)
    await _show(call, press, page=press.to)


async def used(call: Call) -> None:
    """*Schedule it*: opens the form of a schedule that asks it."""
    press = BoardPress.of(call)
    prompt = await call.desk.db.read(bank.any_prompt, press.value, by=press.person)
    await editing.open_new(call, press, press.place, question=prompt.question, theme=prompt.theme)


async def taken(call: Call) -> None:
    """*Take it up*, or *Bring back*."""
    press = BoardPress.of(call)
    await call.write(bank.set_state, press.value, "live", by=press.person)
    await _show(call, press)


async def retired(call: Call) -> None:
    """*Retire*."""
    press = BoardPress.of(call)
    await call.write(bank.set_state, press.value, "retired", by=press.person)
    await _show(call, press)


async def declined(call: Call) -> None:
    """*Decline*, of a suggestion."""
    press = BoardPress.of(call)
    await call.write(bank.decline, press.value, by=press.person)
    await _show(call, press)


async def add_asked(call: Call) -> None:
    """*Add one of ours*."""
    press = BoardPress.of(call)
    form = _form("prompt", Written(""), metadata=origin(press.place), title=words.bank.PROMPT_TITLE)
    await call.slack.views_push(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def edit_asked(call: Call) -> None:
    """*Edit*, of one of the pocket's own."""
    press = BoardPress.of(call)
    found = await call.desk.db.read(bank.find, press.value, by=press.person)
    await call.slack.views_push(trigger_id=press.trigger_id, view=_edit_form(found, _written(found)))
    await call.ack()


async def submitted(call: Call) -> None:
    """The form of a prompt was sent. Where somebody else changed it meanwhile, it stays open, with both to compare."""
    form = PromptForm.of(call)
    if not form.origin.id:
        await call.write(
            bank.add, form.place, form.written, by=form.person, at=call.desk.now(), key=f"form:{form.origin.key}"
        )
    else:
        try:
            await call.write(bank.change, form.origin.known, form.written, by=form.person)
        except ChangedMeanwhile:
            theirs = await call.desk.db.read(bank.find, form.origin.id, by=form.person)
            view = _edit_form(theirs, form.written, by=theirs.changed_by)
            await call.ack(response_action="update", view=view)
            return
    await _show_below(call, form)
    await call.ack()


async def suggest_asked(call: Call) -> None:
    """*Suggest a prompt*, under what somebody saw who leads nothing here."""
    press = BoardPress.of(call)
    await open_suggestion(call, press.place, press.trigger_id)


async def open_suggestion(call: Call, place: Place, trigger_id: str) -> None:
    """The form to suggest a prompt."""
    title, submit = words.bank.SUGGEST_TITLE, words.bank.SUGGEST_SUBMIT
    form = _form("suggest", Written(""), metadata=origin(place), title=title, submit=submit)
    await call.slack.views_open(trigger_id=trigger_id, view=form)
    await call.ack()


async def suggested(call: Call) -> None:
    """The form to suggest a prompt was sent."""
    form = PromptForm.of(call)
    key = f"form:{form.origin.key}"
    await call.write(bank.suggest, form.place, form.written, by=form.person, at=call.desk.now(), key=key)
    await call.ack(response_action="update", view=blocks.schedules.preview(words.bank.SUGGESTED_THANKS))


async def _show(call: Call, press: BoardPress, *, shelf: str | None = None, page: int | None = None) -> None:
    """Let the open bank say what stands now."""
    known = press.board or Board(channel=press.place.channel)
    number = (0 if shelf is not None else known.page) if page is None else page
    view = await _view(call, press.place, press.person, shelf=known.shelf if shelf is None else shelf, page=number)
    await update(call, press.view or "", view)
    await call.ack()


async def _show_below(call: Call, form: PromptForm) -> None:
    """The bank under a form shows the pocket's own, with what the form brought."""
    if form.below:
        view = await _view(call, form.place, form.person, shelf=OURS)
        await update(call, form.below, view)


async def _view(call: Call, place: Place, person: Person, *, shelf: str = FIRST, page: int = 0) -> blocks.Block:
    found = await call.desk.db.read(page_of, place, shelf or FIRST, page, by=person)
    shelf = shelf if shelf in found.shelves else FIRST
    metadata = Board(channel=place.channel, page=found.number, shelf=shelf).model_dump_json()
    return blocks.bank.bank(
        found.prompts,
        shelves=found.shelves,
        shelf=shelf,
        page=found.number,
        pages=found.of,
        metadata=metadata,
        channel=place.channel,
    )


def _form(
    callback: str,
    written: Written,
    *,
    metadata: str,
    title: str,
    submit: str = words.SAVE,
    news: str = "",
) -> blocks.Block:
    return blocks.bank.prompt_form(callback, written, metadata=metadata, title=title, submit=submit, news=news)


def _edit_form(found: OwnView, written: Written, *, by: PersonId | None = None) -> blocks.Block:
    metadata = origin(found.place, id=found.prompt.id, version=found.version)
    news = words.bank.prompt_changed_meanwhile(by, found.prompt) if by else ""
    return _form("prompt", written, metadata=metadata, title=words.bank.PROMPT_TITLE_EDIT, news=news)


def _written(found: OwnView) -> Written:
    prompt = found.prompt
    return Written(prompt.question, prompt.theme, prompt.example, prompt.use)
