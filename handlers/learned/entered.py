"""What was entered in a form about a learning, as storage takes it."""

from __future__ import annotations

from handlers import blocks
from handlers.payloads import LearningForm
from storage.learned.entries import NewLearning
from storage.refusals import NoNameChosen


def new_learning(form: LearningForm, *, key: str) -> NewLearning:
    """Raises `NoNameChosen` where the form asked whose name stands with it, and nothing was chosen."""
    return NewLearning(
        key=key,
        place=form.place,
        words=form.words or "",
        why=form.why or "",
        kind=form.kind,
        topics=form.topics,
        without_name=_without_name(form.name),
    )


def of_others(form: LearningForm) -> NewLearning:
    """The same, of a form that asks nothing about names: it was opened by somebody else than the author."""
    return new_learning(form.model_copy(update={"name": blocks.sharing.WITH_NAME}), key="")


def _without_name(chosen: str) -> bool:
    """Whether no name is to stand with it. Raises `NoNameChosen` for anything but the two choices: a name is not guessed."""
    if chosen not in (blocks.sharing.WITH_NAME, blocks.sharing.NO_NAME):
        raise NoNameChosen(field="name")
    return chosen == blocks.sharing.NO_NAME
