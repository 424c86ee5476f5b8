"""The bank: prompts by theme. Those that are built in stand in bank.yml; a pocket's own are rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal
from uuid import uuid4

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from storage import deliveries, people
from storage.ids import ChannelId, Person, PersonId, Place, WorkspaceId
from storage.owed import notices
from storage.places import channels, leads, pockets
from storage.refusals import NotAMember, TooLong
from storage.tables import OwnPrompt

from .plans import Known, one_question
from .refusals import ChangedMeanwhile, NoSuchPrompt, SamePrompt, TakenUp, TooManyPrompts, UnknownTheme

OURS = "ours"
"""The theme of what a pocket asks and no other does."""

MAX_PROMPTS = 500
"""Of a pocket's own."""

MAX_EXAMPLE = 500
"""Characters, as of a question."""

MAX_USE = 200

State = Literal["suggested", "live", "retired"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question, an answer that somebody might give, and when to use it."""

    id: str
    theme: str
    question: str
    example: str
    use: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What prompts have in common."""

    id: str
    name: str
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote of a prompt."""

    question: str
    theme: str = OURS
    example: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True)
class OwnView:
    """A prompt of a pocket's own. `by`: who wrote it, or suggested it."""

    prompt: Prompt
    place: Place
    by: PersonId
    state: State
    version: int
    changed_by: PersonId


@cache
def themes() -> Mapping[str, Theme]:
    """The themes that are built in, by id, in the order of the file."""
    import yaml  # noqa: PLC0415 -- once, when somebody looks at prompts

    found = yaml.safe_load(files(__package__).joinpath("bank.yml").read_text(encoding="utf-8"))
    return {
        id: Theme(id, theme["name"], tuple(Prompt(theme=id, **prompt) for prompt in theme["prompts"]))
        for id, theme in found.items()
    }


def cards(session: Session, place: Place, theme: str) -> dict[str, str]:
    """The questions of a theme that a pocket may be asked, by their ids: the bank's, then the pocket's own."""
    built_in = {prompt.id: prompt.question for prompt in themes()[theme].prompts} if theme in themes() else {}
    own = _own(place, "live").where(OwnPrompt.theme == theme)
    return built_in | {row.id: row.question for row in session.execute(own)}


def require_theme(session: Session, place: Place, theme: str) -> None:
    """Raise `UnknownTheme` where nothing can be asked of it."""
    if not cards(session, place, theme):
        raise UnknownTheme(field="theme")


def own(session: Session, place: Place, state: State, *, skip: int = 0, limit: int = MAX_PROMPTS) -> list[OwnView]:
    """A pocket's own prompts in a state, the oldest first."""
    return [_view(row) for row in session.execute(_own(place, state).offset(skip).limit(limit))]


def count(session: Session, place: Place, state: State) -> int:
    """How many of its own a pocket has in a state."""
    return session.scalar(select(func.count()).select_from(_own(place, state).subquery())) or 0


def find(session: Session, id: str, *, by: Person) -> OwnView:
    """A prompt of a pocket's own, for a lead. Raises `NoSuchPrompt`, `NotALead`."""
    return _view(_led(session, id, by))


def glance(session: Session, workspace: WorkspaceId, id: str) -> OwnView | None:
    """A prompt of a pocket's own, whatever became of it."""
    found = select(OwnPrompt.__table__).where(OwnPrompt.workspace == workspace, OwnPrompt.id == id)
    row = session.execute(found).one_or_none()
    return _view(row) if row else None


def any_prompt(session: Session, id: str, *, by: Person) -> Prompt:
    """A prompt that is built in, or of a pocket that they lead. Raises `NoSuchPrompt`, `NotALead`."""
    built_in = (prompt for theme in themes().values() for prompt in theme.prompts if prompt.id == id)
    return next(built_in, None) or find(session, id, by=by).prompt


def add(session: Session, place: Place, written: Written, *, by: Person, at: float, key: str = "") -> None:
    """A lead adds a prompt; the same `key` again changes nothing. Raises `NotALead`, and what `_checked` raises."""
    pockets.require(session, place)
    leads.require(session, place, by)
    _insert(session, place, written, by=by, state="live", at=at, key=key)


def suggest(session: Session, place: Place, written: Written, *, by: Person, at: float, key: str = "") -> None:
    """Somebody who is in a pocket suggests a prompt to its leads; the same `key` again changes nothing.

    Raises `NotAPocket`, `NotAMember`, and what `_checked` raises.
    """
    pockets.require(session, place)
    if channels.membership(session, place, by) is False:
        raise NotAMember
    _insert(session, place, written, by=by, state="suggested", at=at, key=key)


def change(session: Session, known: Known, written: Written, *, by: Person) -> None:
    """A lead changes a prompt that they saw as `known`. Raises `NoSuchPrompt`, `NotALead`, `ChangedMeanwhile`, and as `add`."""
    row = _led(session, known.id, by)
    if row.version != known.version:
        raise ChangedMeanwhile(by=row.changed_by, field="question")
    written = _checked(session, _place(row), written, but=known.id)
    _write(session, row, by, question=written.question, theme=written.theme, example=written.example, use=written.use)


def set_state(session: Session, id: str, state: State, *, by: Person) -> None:
    """A lead takes a suggestion up, retires a prompt, or brings one back.

    Raises `NoSuchPrompt`, `NotALead`, `TooManyPrompts`, `SamePrompt` where another one asks the same by now.
    """
    row = _led(session, id, by)
    if state == "live" != row.state and count(session, _place(row), state) >= MAX_PROMPTS:
        raise TooManyPrompts(limit=MAX_PROMPTS, field="question")
    if state == "live" and row.state == "retired":
        _require_alone(session, _place(row), row.question, but=id)
    _write(session, row, by, state=state)


def decline(session: Session, id: str, *, by: Person) -> None:
    """A lead would rather not have a suggestion. Raises `NoSuchPrompt`, `NotALead`, `TakenUp` where another lead took it up."""
    row = _led(session, id, by)
    if row.state == "live":
        raise TakenUp(by=row.changed_by)
    _write(session, row, by, state="retired")


def _insert(session: Session, place: Place, written: Written, *, by: Person, state: State, at: float, key: str) -> None:
    if key and deliveries.seen(session, place.workspace, key):
        return
    written = _checked(session, place, written)
    if count(session, place, state) >= MAX_PROMPTS:
        raise TooManyPrompts(limit=MAX_PROMPTS, field="question")
    if key:
        deliveries.first(session, place.workspace, key, at=at)
    people.meet(session, by)
    words = {"question": written.question, "theme": written.theme, "example": written.example, "use": written.use}
    row = {"workspace": place.workspace, "id": uuid4().hex, "channel": place.channel, "by": by.id, "changed_by": by.id}
    session.execute(insert(OwnPrompt).values(**row, **words, state=state, created_at=at))
    if state == "suggested":
        for lead in leads.of(session, place):
            hearer = Person(place.workspace, lead)
            notices.tell(session, hearer, "prompt suggested", {"prompt": row["id"]}, about=row["id"], at=at)


def _checked(session: Session, place: Place, written: Written, *, but: str = "") -> Written:
    """The same, tidied. Raises `NoQuestion`, `TooLong`, `UnknownTheme`, `SamePrompt`, each for its field."""
    question = one_question(written.question, field="question")
    example, use = " ".join(written.example.split()), " ".join(written.use.split())
    for field, text, limit in (("example", example, MAX_EXAMPLE), ("use", use, MAX_USE)):
        if len(text) > limit:
            raise TooLong(length=len(text), limit=limit, field=field)
    if written.theme != OURS and written.theme not in themes():
        raise UnknownTheme(field="theme")
    _require_alone(session, place, question, but=but)
    return Written(question, written.theme, example, use)


def _require_alone(session: Session, place: Place, question: str, *, but: str) -> None:
    same = select(OwnPrompt.id).where(
        OwnPrompt.workspace == place.workspace,
        OwnPrompt.channel == place.channel,
        OwnPrompt.state != "retired",
        OwnPrompt.question == question,
        OwnPrompt.id != but,
    )
    if session.scalar(same.limit(1)) is not None:
        raise SamePrompt(field="question")


def _own(place: Place, state: State):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- a select of all columns
    return (
        select(OwnPrompt.__table__)
        .where(OwnPrompt.workspace == place.workspace, OwnPrompt.channel == place.channel, OwnPrompt.state == state)
        .order_by(OwnPrompt.created_at, OwnPrompt.id)
    )


def _led(session: Session, id: str, by: Person) -> Row[tuple[object, ...]]:
    found = select(OwnPrompt.__table__).where(OwnPrompt.workspace == by.workspace, OwnPrompt.id == id)
    row = session.execute(found.with_for_update()).one_or_none()
    if row is None:
        raise NoSuchPrompt
    leads.require(session, _place(row), by)
    return row


def _write(session: Session, row: Row[tuple[object, ...]], by: Person, **news: str) -> None:
    here = (OwnPrompt.workspace == row.workspace, OwnPrompt.id == row.id)
    session.execute(update(OwnPrompt).where(*here).values(version=row.version + 1, changed_by=by.id, **news))


def _place(row: Row[tuple[object, ...]]) -> Place:
    return Place(WorkspaceId(row.workspace), ChannelId(row.channel))


def _view(row: Row[tuple[object, ...]]) -> OwnView:
    prompt = Prompt(row.id, row.theme, row.question, row.example, row.use)
    return OwnView(prompt, _place(row), PersonId(row.by), row.state, row.version, PersonId(row.changed_by))
