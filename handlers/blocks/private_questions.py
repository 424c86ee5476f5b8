"""Questions to people who know: the form, what each of them sees, the form to answer, and what who asked hears."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import words
from storage.experts.private_questions import AT_ONCE
from storage.experts.private_views import AskedView, QuestionView
from storage.ids import ChannelId, PersonId
from storage.learned.entries import MAX_WORDS
from storage.tables import MAY_SHARE

from . import bundles
from .elements import (
    SECTION_LIMIT,
    Block,
    actions,
    as_typed,
    button,
    context,
    field,
    form,
    option,
    plain,
    section,
    text_field,
)
from .questions import ask_button
from .sharing import name_field, pocket_field

PART = "asked"
"""How the id begins of the part of a message that asks something."""

_MAY = (
    words.private_questions.MAY_NOT,
    words.private_questions.MAY_WITH_NAME,
    words.private_questions.MAY_WITHOUT_NAME,
)


def form_to_ask(said: str, people: Sequence[PersonId], *, metadata: str, pocket: Block | None) -> Block:
    """The form to ask; `people`: who can be, the best first; `pocket`: the option of the one that is chosen already, if any."""
    who = words.private_questions.who_is_asked(people[:AT_ONCE], chosen=pocket is not None)
    entry = text_field("words", said[:MAX_WORDS], placeholder=words.questions.FIELD_WORDS_PLACEHOLDER, focus=True)
    choice = option(words.private_questions.TO_POCKET, "yes")
    boxes = {
        "type": "checkboxes",
        "action_id": "to_pocket",
        "options": [choice | {"description": plain(words.private_questions.TO_POCKET_WHAT)}],
    }
    fields = [
        section(who),
        field("words", words.private_questions.FIELD_WORDS, entry, hint=words.private_questions.FIELD_WORDS_HINT),
        pocket_field(pocket),
        name_field(without_name=False),
        field("to_pocket", words.private_questions.FIELD_TO_POCKET, boxes, optional=True),
    ]
    return form("ask_people", words.private_questions.FORM_TITLE, words.private_questions.FORM_SUBMIT, metadata, fields)


def nobody(text: str, channel: ChannelId | None, said: str) -> list[Block]:
    """Where there is nobody to ask: the pocket is."""
    ask = words.questions.ASK_THIS_POCKET if channel else words.questions.ASK_A_POCKET
    return [section(text), actions(ask_button(ask, channel, said))]


def confirmed(text: str, question: QuestionView) -> list[Block]:
    """What who asked hears at once, with the way back."""
    back = button(words.private_questions.TAKE_BACK, "asked.take_back", question.id)
    return [section(text), *as_typed(question.words), actions(back)]


def wanted(text: str, question: AskedView) -> list[Block]:
    """What somebody is asked: a part that is found again in whatever message it stands."""
    answer = button(words.private_questions.ANSWER, "asked.answer", question.id) | {"style": "primary"}
    decline = button(words.private_questions.NOT_THIS_TIME, "asked.decline", question.id)
    said = [section(text), *as_typed(question.words), actions(answer, decline), context(words.private_questions.WHY_ME)]
    return [block | {"block_id": part_of(question.id)} for block in said]


def part_of(id: str) -> str:
    """What the blocks bring as their id that ask this."""
    return f"{PART} {id[:64]}"


def answer_form(question: AskedView, *, metadata: str) -> Block:
    """The form to answer."""
    entry = text_field("words", placeholder=words.rounds.FIELD_ANSWER_PLACEHOLDER, focus=True)
    fields = [
        section(words.safe(words.shorten(question.words, SECTION_LIMIT // 2))),
        field("words", words.private_questions.FIELD_ANSWER, entry, hint=words.private_questions.FIELD_ANSWER_HINT),
        *([_may_share(names_optional=question.names_optional)] if question.may_share else []),
    ]
    title, submit = words.private_questions.ANSWER_TITLE, words.private_questions.ANSWER_SUBMIT
    return form("answer_asked", title, submit, metadata, fields)


def answer_said(text: str, written: str = "") -> Block:
    """What the form becomes once it is sent; `written`: what comes back."""
    title, said = plain(words.private_questions.ANSWER_TITLE), [section(text), *as_typed(written)]
    return {"type": "modal", "title": title, "close": plain(words.CLOSE), "blocks": said}


def answered(text: str, question: QuestionView) -> list[Block]:
    """What who asked hears. Whether it is to be shared is a part of its own, so that the answer stays when that is decided."""
    helped = button(words.private_questions.HELPED, "asked.helped", question.id)
    quoted = context(plain(words.shorten(question.words, SECTION_LIMIT // 2)))
    said = [section(text), *as_typed(question.answer), quoted, actions(helped)]
    return bundles.bundle([said, *([_shall_it(question)] if question.may_share != MAY_SHARE[0] else [])])


def shared(text: str, id: str) -> list[Block]:
    """Both wanted it, with the way back."""
    return [section(text), actions(button(words.UNDO, "asked.undo", id))]


def unanswered(text: str, question: QuestionView, channel: ChannelId | None) -> list[Block]:
    """Nobody answered: what was asked, and how to ask a pocket; `channel`: this one, while it is one."""
    ask = words.questions.ASK_THIS_POCKET if channel else words.questions.ASK_A_POCKET
    return [section(text), *as_typed(question.words), actions(ask_button(ask, channel, question.words))]


def _may_share(*, names_optional: bool) -> Block:
    choices = [option(label, value) for label, value in zip(_MAY, MAY_SHARE, strict=True)][: 3 if names_optional else 2]
    radio = {"type": "radio_buttons", "action_id": "may_share", "options": choices, "initial_option": choices[0]}
    label, hint = words.private_questions.FIELD_MAY_SHARE, words.private_questions.FIELD_MAY_SHARE_HINT
    return field("may_share", label, radio, hint=hint)


def _shall_it(question: QuestionView) -> list[Block]:
    named = question.may_share == MAY_SHARE[1]
    text = words.private_questions.may_be_shared(question.place.channel, named=named)
    share = button(words.private_questions.SHARE, "asked.share", question.id)
    return [section(text), actions(share, button(words.private_questions.LEAVE, "asked.leave", question.id))]
