"""What an author presses under what they hear of keeps."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import words
from storage.ids import LearningId, PersonId
from storage.kept import shortening
from storage.kept.files import FileLink
from storage.kept.keep_forms import Offer
from storage.learned.entries import MAX_WORDS
from storage.learned.topics import MAX_TOPICS

from .cards import menu
from .elements import Block, actions, button, field, form, option, plain, section, text_field


def keep_form(offer: Offer, *, author: PersonId | None, said: str, files: Sequence[FileLink], metadata: str) -> Block:
    """The form to keep a message: who wrote it, its words (`said`, as Slack has them) to trim, and topics."""
    is_long = len(shortening.shown(said)) > MAX_WORDS
    box = text_field("words", shortening.beginning(said), focus=True)
    hint = words.keeping.FIELD_LONG_HINT if is_long else words.keeping.FIELD_WORDS_HINT
    chosen = [option(topic, topic) for topic in offer.topics]
    tags: Block = {
        "type": "multi_external_select",
        "action_id": "topics",
        "min_query_length": 0,
        "max_selected_items": MAX_TOPICS,
        "placeholder": plain(words.sharing.FIELD_TOPICS_PLACEHOLDER),
        **({"initial_options": chosen} if chosen else {}),
    }
    fields = [
        *([section(words.keeping.written_by(author))] if author else []),
        *([section(words.keeping.YOU_KEEP), actions(_undo(offer.kept))] if offer.kept else []),
        field("words", words.keeping.FIELD_WORDS, box, optional=is_long, hint=hint),
        *([section(words.cards.files(files))] if files else []),
        field("topics", words.sharing.FIELD_TOPICS, tags, optional=True),
    ]
    return form("keep", words.keeping.FORM_TITLE, words.keeping.FORM_KEEP, metadata, fields)


def undone_form() -> Block:
    """What that form becomes once its keep is taken back."""
    return {
        "type": "modal",
        "title": plain(words.keeping.FORM_TITLE),
        "close": plain(words.CLOSE),
        "blocks": [section(words.keeping.KEEP_FORM_UNDONE)],
    }


def _undo(learning: str) -> Block:
    return button(words.keeping.KEEP_NO_MORE, "keep.form_undo", learning)


def kept_undone(text: str, learning: str) -> list[Block]:
    """What an author sees after a no or a yes of theirs: *never keep mine* stays within reach."""
    return [section(text), actions(button(words.keeping.NEVER_KEEP, "kept.never", learning))]


def first_kept(text: str, learning: str) -> list[Block]:
    """What an author hears of one message of theirs that is kept: their ways out, and what else they can do with it."""
    undo, never = button(words.UNDO, "kept.undo", learning), button(words.keeping.NEVER_KEEP, "kept.never", learning)
    return [section(text), actions(undo, never, menu(learning))]


def first_keep(text: str, learning: str, *, may_change: bool) -> list[Block]:
    """What somebody hears after their first keep."""
    more = [menu(learning)] if may_change else []
    return [section(text), actions(button(words.UNDO, "keep.undo", learning), *more)]


def kept_this_week(text: str, listed: list[tuple[LearningId, str]]) -> list[Block]:
    """The same of several: each may be undone by itself, and all of them told never to be kept."""
    lines = [section(line) | {"accessory": button(words.UNDO, "kept.undo", id), "block_id": id} for id, line in listed]
    first, _ = listed[0]
    return [section(text), *lines, actions(button(words.keeping.NEVER_KEEP, "kept.never", first))]


def asked(text: str, learning: str) -> list[Block]:
    """Whether a message may be kept."""
    yes, no = button(words.keeping.YES, "kept.yes", learning), button(words.keeping.NO, "kept.no", learning)
    return [section(text), actions(yes, no, button(words.keeping.NEVER_KEEP, "kept.never", learning))]


def stays(text: str, learning: str) -> list[Block]:
    """Whether a learning shall go with the last keep."""
    keep = button(words.keeping.KEEP_ALL_THE_SAME, "keep.stay", learning)
    return [section(text), actions(keep, button(words.keeping.TAKE_IT_BACK, "keep.let_go", learning))]


def not_mine(text: str, *, still_kept: int) -> list[Block]:
    """The same for somebody who said so of all their words: the value of these buttons says nothing."""
    on = [button(words.keeping.TAKE_ALL_BACK, "mine.take_back", "mine")] if still_kept else []
    return [section(text), actions(*on, button(words.keeping.KEEP_AGAIN, "mine.allow", "mine"))]


def never_kept(text: str, learning: str, *, still_kept: int) -> list[Block]:
    """What an author sees after *never keep mine*: a way on, and a way back."""
    on = [button(words.keeping.TAKE_ALL_BACK, "kept.take_all_back", learning)] if still_kept else []
    return [section(text), actions(*on, button(words.keeping.KEEP_AGAIN, "kept.allow", learning))]
