"""A prompt as it stands in its channel, open and closed; the forms to answer it; and what goes with private words."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import words
from storage.ids import PersonId
from storage.learned.entries import MAX_WORDS
from storage.prompts.rounds import RoundView

from .elements import (
    SECTION_LIMIT,
    Block,
    actions,
    as_typed,
    button,
    context,
    field,
    form,
    paragraphs,
    plain,
    section,
    text_field,
    together,
)
from .holding import holding
from .sharing import name_field

LINES = 50
"""Answers that a closed prompt carries, at most."""

ROOM = 9_000
"""Characters of all of them: Slack refuses a message whose blocks hold far more (`msg_blocks_too_long`), and says of no limit."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of a closed round. `author` is None for one without a name."""

    words: str
    author: PersonId | None
    link: str


def opened(round: RoundView, *, noun: str, last: str) -> list[Block]:
    """A prompt that is open."""
    buttons = [button(words.rounds.ANSWER, "round.answer", round.id) | {"style": "primary"}]
    if round.nudges_at is not None:
        buttons.append(button(words.rounds.REMIND, "round.remind", round.id))
    before = [context(last)] if last else []
    footer = words.rounds.footer(words.moment(round.closes_at), noun=noun)
    return [*_question(round), *before, actions(*buttons), context(footer)]


def closed(round: RoundView, lines: list[Line], *, answered: int) -> list[Block]:
    """A prompt that is closed, with what came, by so many people; where nothing did, nothing is said of that."""
    footer = [context(words.rounds.closed(answered))] if answered else []
    return [*_question(round), *came(lines), *footer]


def came(lines: list[Line]) -> list[Block]:
    """What was answered, a line each; nothing, where nothing was."""
    if not lines:
        return []
    said = [words.rounds.line(one.words, one.author, one.link) for one in lines[:LINES]]
    while sum(map(len, said)) > ROOM:
        said.pop()
    rest = [words.rounds.more(len(lines) - len(said))] if len(lines) > len(said) else []
    return [section(text) for text in together([words.rounds.CAME, *said, *rest])]


def answer_form(round: RoundView, *, metadata: str, names_optional: bool) -> Block:
    """The form to answer."""
    entry = text_field("words", placeholder=words.rounds.FIELD_ANSWER_PLACEHOLDER, focus=True)
    fields = [
        section(words.safe(words.shorten(round.question, SECTION_LIMIT // 2))),
        field("words", words.rounds.FIELD_ANSWER, entry, hint=words.rounds.FIELD_ANSWER_HINT),
        *([name_field(without_name=False)] if names_optional else []),
    ]
    return holding(form("answer", words.rounds.FORM_TITLE, words.rounds.FORM_SUBMIT, metadata, fields))


def first_form(question: str, written: str, *, metadata: str) -> Block:
    """The form for a lead's first answer."""
    entry = text_field("words", written[:MAX_WORDS], placeholder=words.rounds.FIELD_ANSWER_PLACEHOLDER, focus=True)
    fields = [
        section(words.safe(words.shorten(question, SECTION_LIMIT // 2))),
        field("words", words.rounds.FIELD_ANSWER, entry, hint=words.rounds.FIRST_HINT),
    ]
    return holding(form("first", words.rounds.FIRST_TITLE, words.rounds.FIRST_SUBMIT, metadata, fields))


def first_ready(text: str) -> Block:
    """What takes the place of the form once it was sent."""
    return {
        "type": "modal",
        "title": plain(words.rounds.FIRST_TITLE),
        "close": plain(words.CLOSE),
        "blocks": [section(text)],
    }


def first_wanted(text: str, key: str) -> list[Block]:
    """What a lead is asked before a round opens."""
    return [section(text), actions(button(words.rounds.WRITE_FIRST, "round.first", key))]


def reminding(text: str, channel: str) -> list[Block]:
    """What somebody sees who asked to be reminded, with the way out."""
    return [section(text), actions(button(words.rounds.STOP_REMINDING, "round.forget", channel))]


def reminder(text: str, round: RoundView) -> list[Block]:
    """The reminder, with both ways on."""
    answer = button(words.rounds.ANSWER, "round.answer", round.id) | {"style": "primary"}
    stop = button(words.rounds.STOP_REMINDING, "round.forget", round.place.channel)
    return [section(text), actions(answer, stop)]


def silence(text: str, schedule: str | None) -> list[Block]:
    """What a lead hears where nobody answered; `schedule` is one that may ask less often."""
    way = [actions(button(words.rounds.SLOWER, "round.slower", schedule))] if schedule else []
    return [section(text), *way]


def given_back(text: str, written: str) -> list[Block]:
    """Words that had no prompt to follow, and why."""
    return [section(text), *as_typed(written)]


def _question(round: RoundView) -> list[Block]:
    return paragraphs(round.question)
