"""The form to share, and the one to add details."""

from __future__ import annotations

from handlers import words
from storage.learned.drafts import Draft
from storage.learned.learnings import LearningView
from storage.learned.topics import MAX_TOPICS

from . import drafts
from .elements import Block, field, form, option, plain, section, text_field
from .holding import holding

WITH_NAME, NO_NAME = "as me", "without name"
"""What the form says of whose name stands with it."""


def share_form(*, metadata: str, pocket: Block | None, noun: str, draft: Draft | None = None) -> Block:
    """The form to share; `pocket` is the option of the channel that it was opened in, `noun` its noun.

    `draft`: what stands in it already.
    """
    fields = [
        *_learning_fields(noun, draft),
        pocket_field(pocket),
        name_field(without_name=bool(draft and draft.without_name)),
        *drafts.save_button(),
    ]
    return holding(form("share", words.sharing.form_title(noun), words.sharing.FORM_SHARE, metadata, fields))


def details_form(learning: LearningView, *, metadata: str, noun: str, news: str = "") -> Block:
    """The form to add details to what was shared already. `news`: what stands above it."""
    fields = [*_news(news), *_learning_fields(noun, learning), name_field(without_name=learning.without_name)]
    return holding(form("details", words.sharing.DETAILS_TITLE, words.sharing.FORM_SAVE, metadata, fields))


def pocket_field(chosen: Block | None) -> Block:
    """The choice of a pocket; `chosen` is the option that stands in it already."""
    menu = {
        "type": "external_select",
        "action_id": "pocket",
        "min_query_length": 0,
        "placeholder": plain(words.sharing.FIELD_POCKET_PLACEHOLDER),
        **({"initial_option": chosen} if chosen else {}),
    }
    return field("pocket", words.sharing.FIELD_POCKET, menu)


def name_field(*, without_name: bool) -> Block:
    """The choice whose name stands with it."""
    choices = [option(words.sharing.AS_ME, WITH_NAME), option(words.sharing.WITHOUT_NAME, NO_NAME)]
    radio = {
        "type": "radio_buttons",
        "action_id": "name",
        "options": choices,
        "initial_option": choices[1 if without_name else 0],
    }
    return field("name", words.sharing.FIELD_NAME, radio, hint=words.sharing.FIELD_NAME_HINT)


def edit_form(learning: LearningView, *, metadata: str, noun: str, is_own: bool, news: str = "") -> Block:
    """The form to change what stands: with all that is there. Only its author is asked about their name. `news` as above."""
    words_of_their_own = learning.source_ts is None  # what was kept says what its message says
    fields = [*_news(news), *_learning_fields(noun, learning)[0 if words_of_their_own else 1 :]]
    if is_own and words_of_their_own:
        fields.append(name_field(without_name=learning.without_name))
    return holding(form("edit", words.cards.EDIT_TITLE, words.sharing.FORM_SAVE, metadata, fields))


def _news(text: str) -> list[Block]:
    return [section(text)] if text else []


def _learning_fields(noun: str, learning: LearningView | Draft | None = None) -> list[Block]:
    names = words.sharing.kind_names(noun)
    kinds = [option(name, kind) for kind, name in names.items()]
    kind = learning.kind if learning else "learning"
    chosen = [option(topic, topic) for topic in (learning.topics if learning else ())]
    return [
        field("words", words.sharing.FIELD_WORDS, _words_field(learning.words if learning else "")),
        field("why", words.sharing.FIELD_WHY, text_field("why", learning.why if learning else ""), optional=True),
        field(
            "topics",
            words.sharing.FIELD_TOPICS,
            {
                "type": "multi_external_select",
                "action_id": "topics",
                "min_query_length": 0,
                "max_selected_items": max(MAX_TOPICS, len(chosen)),  # of a draft, more may stand there
                "placeholder": plain(words.sharing.FIELD_TOPICS_PLACEHOLDER),
                **({"initial_options": chosen} if chosen else {}),
            },
            optional=True,
        ),
        field(
            "kind",
            words.sharing.FIELD_KIND,
            {
                "type": "static_select",
                "action_id": "kind",
                "options": kinds,
                "initial_option": option(names[kind], kind),
            },
            hint=words.sharing.FIELD_KIND_HINT,
        ),
    ]


def _words_field(initial: str) -> Block:
    return text_field("words", initial, placeholder=words.sharing.FIELD_WORDS_PLACEHOLDER, focus=True)
