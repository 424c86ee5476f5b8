"""The bank as a lead leafs through it, and the form of a prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers import words
from storage.ids import ChannelId, PersonId
from storage.prompts.bank import MAX_EXAMPLE, MAX_USE, OwnView, Prompt, Written
from storage.prompts.plans import MAX_QUESTION

from .elements import Block, actions, button, field, form, plain, section
from .schedules import menu, pager

PER_PAGE = 10
"""Prompts on a page, three blocks each: a form takes 100."""


def bank(
    prompts: Sequence[tuple[Prompt, OwnView | None]],
    *,
    shelves: Mapping[str, str],
    shelf: str,
    page: int,
    pages: int,
    metadata: str,
    channel: ChannelId,
) -> Block:
    """A page of a shelf: a theme, the pocket's own, those suggested to it, or those that it retired."""
    choose = menu("bank.shelf", shelves, shelf) | {"placeholder": plain(words.bank.BANK_THEME)}
    blocks = [actions(choose, button(words.bank.BANK_ADD, "bank.add", channel))]
    if not prompts:
        blocks.append(section(words.bank.BANK_EMPTY))
    for prompt, own in prompts:
        blocks.append(section(words.bank.of_bank(prompt)))
        if own and own.state == "suggested":
            blocks.append(_by(own.by))
        blocks.append(_deeds(prompt, own))
    if pages > 1:
        blocks += pager("bank", page, pages)
    return {
        "type": "modal",
        "callback_id": "bank",
        "title": plain(words.bank.BANK_TITLE),
        "close": plain(words.CLOSE),
        "private_metadata": metadata,
        "blocks": blocks,
    }


def prompt_form(callback: str, written: Written, *, metadata: str, title: str, submit: str, news: str = "") -> Block:
    """The form of a prompt: to add one, to edit one, to suggest one."""
    fields = [
        field(
            "question",
            words.bank.FIELD_QUESTION,
            _text("question", written.question, MAX_QUESTION),
            hint=words.bank.FIELD_QUESTION_HINT,
        ),
        field("theme", words.schedule_form.FIELD_THEME, menu("theme", words.bank.theme_options(), written.theme)),
        field("example", words.bank.FIELD_EXAMPLE, _text("example", written.example, MAX_EXAMPLE), optional=True),
        field("use", words.bank.FIELD_USE, _text("use", written.use, MAX_USE), optional=True),
    ]
    return form(callback, title, submit, metadata, [*([section(news)] if news else []), *fields])


def suggestion(text: str, id: str) -> list[Block]:
    """What a lead sees of a prompt that somebody suggests."""
    take = button(words.bank.BANK_TAKE, "prompt.take", id)
    return [section(text), actions(take, button(words.bank.BANK_DECLINE, "prompt.decline", id))]


def _deeds(prompt: Prompt, own: OwnView | None) -> Block:
    use = button(words.bank.BANK_USE, "bank.use", prompt.id)
    if own is None:
        return actions(use)
    match own.state:
        case "suggested":
            take = button(words.bank.BANK_TAKE, "bank.take", prompt.id)
            return actions(take, button(words.bank.BANK_DECLINE, "bank.decline", prompt.id))
        case "retired":
            return actions(button(words.bank.BANK_BACK, "bank.take", prompt.id))
        case _:
            edit = button(words.bank.BANK_EDIT, "bank.edit", prompt.id)
            return actions(use, edit, button(words.bank.BANK_RETIRE, "bank.retire", prompt.id))


def _by(person: PersonId) -> Block:
    mark = {"type": "mrkdwn", "text": words.bank.suggested_by(person), "verbatim": True}
    return {"type": "context", "elements": [mark]}


def _text(name: str, initial: str, longest: int) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": longest}
    return element | ({"initial_value": initial[:longest]} if initial else {})
