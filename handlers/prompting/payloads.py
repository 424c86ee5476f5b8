"""What comes in of the board, the bank and their forms."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, Json

from handlers.payloads import AnyPress, Form, FormOrigin, Id, Typed, entered
from storage import zones
from storage.ids import ChannelId, Place
from storage.prompts.bank import OURS, Written
from storage.prompts.plans import Known, Plan, ScheduleId, Source
from storage.prompts.recurrence import Kind, Rule
from storage.prompts.refusals import NotARecurrence, NotATime, QuestionsBesideATheme

from . import dates

Value = Annotated[str, Field(max_length=300)]


class Board(BaseModel):
    """What the board and the bank carry along unseen: whose they are, and which page of what is shown."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    channel: ChannelId
    page: int = 0
    shelf: str = ""


def _none_if_empty(metadata: Any) -> Any:  # noqa: ANN401 -- pydantic checks the type afterwards
    return metadata or None


class BoardPress(AnyPress):
    """Somebody pressed something on the board or in the bank; or beside a message, or in Home, which carry nothing along."""

    value: Value = Field("", validation_alias=AliasPath("actions", 0, "value"))
    option: Value = Field("", validation_alias=AliasPath("actions", 0, "selected_option", "value"))
    board: Annotated[Json[Board] | None, BeforeValidator(_none_if_empty)] = Field(
        None, validation_alias=AliasPath("view", "private_metadata")
    )
    view: str | None = Field(None, validation_alias=AliasPath("view", "id"))
    root: str | None = Field(None, validation_alias=AliasPath("view", "root_view_id"))

    @property
    def place(self) -> Place:
        """Whose board it is. Beside a message, its value is a channel."""
        return Place(self.workspace, self.board.channel if self.board else ChannelId(self.value))

    @property
    def page(self) -> int:
        """The page that is shown."""
        return self.board.page if self.board else 0

    @property
    def schedule(self) -> ScheduleId:
        """Which schedule."""
        return ScheduleId(self.value)


def _parts(value: Any) -> Any:  # noqa: ANN401 -- pydantic checks the type afterwards
    return value.split(":") if isinstance(value, str) else value


class SkipPress(BoardPress):
    """*Skip the next*: its value says of which schedule, and the date that it is."""

    next: Annotated[tuple[str, date], BeforeValidator(_parts)] = Field(
        validation_alias=AliasPath("actions", 0, "value")
    )

    @property
    def schedule(self) -> ScheduleId:
        """Which schedule."""
        return ScheduleId(self.next[0])


class LeafPress(BoardPress):
    """*Earlier* or *More*: its value is the page that it leads to."""

    to: int = Field(validation_alias=AliasPath("actions", 0, "value"), ge=0, le=10_000)


class UndoPress(BoardPress):
    """*Undo*, beside what was just done: its value says what that was, to which schedule, and on which date."""

    done: Annotated[tuple[Literal["remove"], str] | tuple[Literal["skip"], str, date], BeforeValidator(_parts)] = Field(
        validation_alias=AliasPath("actions", 0, "value")
    )

    @property
    def schedule(self) -> ScheduleId:
        """Which schedule."""
        return ScheduleId(self.done[1])

    @property
    def skipped(self) -> date | None:
        """The date that was left out; None where it was removed."""
        return None if self.done[0] == "remove" else self.done[2]


class Origin(FormOrigin):
    """What a form of a schedule or a prompt carries along: what it changes, as it was seen, and the board's page."""

    id: str = ""
    version: int = 0
    page: int = 0

    @property
    def known(self) -> Known:
        """What it changes, as it was seen."""
        return Known(self.id, self.version)


def origin(place: Place, *, id: str = "", version: int = 0, page: int = 0) -> str:
    """What a form carries along."""
    return Origin(key=uuid4().hex, channel=place.channel, id=id, version=version, page=page).model_dump_json(
        exclude_none=True
    )


class _BoardForm(Form):
    origin: Json[Origin] = Field(validation_alias=AliasPath("view", "private_metadata"))
    root: str | None = Field(None, validation_alias=AliasPath("view", "root_view_id"))
    view: str = Field(validation_alias=AliasPath("view", "id"))
    below: str | None = Field(None, validation_alias=AliasPath("view", "previous_view_id"))

    @property
    def place(self) -> Place:
        """Whose it is."""
        return Place(self.workspace, self.origin.channel or ChannelId(""))

    @property
    def has_board(self) -> bool:
        """Whether a board lies under it."""
        return self.root is not None and self.root != self.view


class ScheduleForm(_BoardForm):
    """What was entered in the form of a schedule."""

    kind: str = Field("", validation_alias=entered("kind", "selected_option", "value"))
    days: list[dict[str, Any]] | None = Field(None, validation_alias=entered("weekdays", "selected_options"))
    every: int = Field(1, validation_alias=entered("every", "selected_option", "value"))
    nth: int = Field(0, validation_alias=entered("nth", "selected_option", "value"))
    day: int = Field(0, validation_alias=entered("day", "selected_option", "value"))
    time: str | None = Field(None, validation_alias=entered("time", "selected_time"))
    zone: Typed = Field("", validation_alias=entered("zone", "selected_option", "value"))
    start: str | None = Field(None, validation_alias=entered("start", "selected_date"))
    until: str | None = Field(None, validation_alias=entered("until", "selected_date"))
    order: str = Field("", validation_alias=entered("order", "selected_option", "value"))
    questions: Typed | None = Field(None, validation_alias=entered("questions", "value"))
    theme: str | None = Field(None, validation_alias=entered("theme", "selected_option", "value"))
    open_days: int = Field(2, validation_alias=entered("open_days", "selected_option", "value"))
    grace: int = Field(12, validation_alias=entered("grace", "selected_option", "value"))
    nudges: list[dict[str, Any]] | None = Field(None, validation_alias=entered("nudge", "selected_options"))
    skips: Typed | None = Field(None, validation_alias=entered("skips", "value"))
    region: str | None = Field(None, validation_alias=entered("region", "selected_option", "value"))
    moves: str = Field("drop", validation_alias=entered("moves", "selected_option", "value"))

    def plan(self, *, at: float) -> Plan:
        """The plan that it says. Raises what is wrong with a field of it alone; the rest is for the plan's own checks."""
        today = zones.today(self.zone, at)
        rule = Rule(
            kind=_kind(self.kind),
            start=dates.picked(self.start, field="start") or today,
            time=_time(self.time),
            zone=self.zone,
            every=self.every,
            weekdays=tuple(int(one["value"]) for one in self.days or () if str(one.get("value")) in set("0123456")),
            nth=self.nth,
            day=self.day,
            until=dates.picked(self.until, field="until"),
            skips=dates.several(self.skips or "", today=today, field="skips"),
            region=self.region or "",
            moves=self.moves == "move",
        )
        return Plan(rule, self._source(), self.open_days, nudge=bool(self.nudges), grace=self.grace)

    def _source(self) -> Source:
        lines = tuple(line for line in (self.questions or "").split("\n") if line.strip())
        if self.order == "theme":
            if self.theme and lines:
                raise QuestionsBesideATheme(field="order")
            return Source("theme", theme=self.theme or "")
        shuffled = self.order == "shuffled" and len(lines) > 1
        return Source("list" if len(lines) > 1 else "question", lines, shuffled=shuffled)


class PauseForm(_BoardForm):
    """Until when a schedule is paused."""

    until: str | None = Field(None, validation_alias=entered("until", "selected_date"))


class DuplicateForm(_BoardForm):
    """To which pocket a schedule is copied."""

    to: Id = Field(validation_alias=entered("led_pocket", "selected_option", "value"))


class PromptForm(_BoardForm):
    """What was entered in the form of a prompt."""

    question: Typed | None = Field(None, validation_alias=entered("question", "value"))
    theme: str = Field(OURS, validation_alias=entered("theme", "selected_option", "value"))
    example: Typed | None = Field(None, validation_alias=entered("example", "value"))
    use: Typed | None = Field(None, validation_alias=entered("use", "value"))

    @property
    def written(self) -> Written:
        """As it was entered."""
        return Written(self.question or "", self.theme, self.example or "", self.use or "")


class ZoneSuggestion(Form):
    """Somebody types into a menu of a form here."""

    value: Typed = ""
    origin: Json[Origin] = Field(validation_alias=AliasPath("view", "private_metadata"))

    @property
    def place(self) -> Place:
        """Whose form it is."""
        return Place(self.workspace, self.origin.channel or ChannelId(""))


def _kind(kind: str) -> Kind:
    known: tuple[Kind, ...] = ("weekly", "weekday of month", "day of month", "once")
    for one in known:
        if one == kind:
            return one
    raise NotARecurrence(weeks=52, field="kind")


def _time(picked: str | None) -> time:
    try:
        return time.fromisoformat(picked or "").replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise NotATime(typed=(picked or "")[:20], field="time") from None
