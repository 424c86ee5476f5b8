"""Questions: the form to ask one, how it stands on its card, and the button that leads to the form."""

from __future__ import annotations

from handlers import words
from storage.ids import ChannelId
from storage.learned.entries import MAX_WORDS
from storage.prompts.questions import Standing

from .elements import Block, actions, button, context, field, form, text_field
from .holding import holding
from .rounds import Line, came
from .sharing import name_field, pocket_field

MOST_CARRIED = 1500
"""Characters of what somebody searched that a button carries into the form, of the 2,000 of its value (Block Kit)."""


def ask_button(text: str, channel: ChannelId | None, said: str = "") -> Block:
    """What opens the form, with these words in it, and this pocket, if any; the form asks for what is left out."""
    return button(text, "question.ask", f"{channel or ''}:{said[:MOST_CARRIED]}")


def form_to_ask(said: str, *, metadata: str, pocket: Block | None) -> Block:
    """The form to ask; `pocket` is the option of the one that is chosen already, if any."""
    entry = text_field("words", said[:MAX_WORDS], placeholder=words.questions.FIELD_WORDS_PLACEHOLDER, focus=True)
    fields = [
        field("words", words.questions.FIELD_WORDS, entry, hint=words.questions.FIELD_WORDS_HINT),
        pocket_field(pocket),
        name_field(without_name=False),
    ]
    return holding(form("ask", words.questions.FORM_TITLE, words.questions.FORM_SUBMIT, metadata, fields))


def below(standing: Standing, lines: list[Line], menu: Block, *, noun: str) -> list[Block]:
    """What stands under a question: what can be done with it, and, once it is answered, what came. `menu`: its card's."""
    round, learning = standing.round, standing.round.asked or ""
    if round.is_open:
        answer = button(words.rounds.ANSWER, "round.answer", round.id) | {"style": "primary"}
        done = button(words.questions.ANSWERED, "question.answered", learning)
        return [actions(answer, done, menu), context(words.questions.footer(noun))]
    reopen = button(words.questions.REOPEN, "question.reopen", learning)
    return [*came(lines), context(words.questions.closed(len(lines))), actions(reopen, menu)]
