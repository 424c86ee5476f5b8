"""The board of a pocket's schedules, and the forms that make, change, pause and duplicate one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from handlers import words
from storage.ids import ChannelId
from storage.prompts.days_off import regions
from storage.prompts.plans import GRACES, MAX_OPEN_DAYS, Plan
from storage.prompts.views import AnySchedule, ScheduleView, Unread

from .elements import Block, actions, button, field, form, option, plain, section, together

PER_PAGE = 8
"""Schedules on a page of the board, three blocks each: a form takes 100."""

OPEN_DAYS = (1, 2, 3, 4, 5, 10, MAX_OPEN_DAYS)
WEEKS = (1, 2, 3, 4, 6, 8, 12, 26, 52)
NUDGE = "nudge"


def board(
    schedules: Sequence[AnySchedule], *, page: int, metadata: str, news: str = "", undo: str = "", channel: ChannelId
) -> Block:
    """A page of what is scheduled. `news`: what was just done, with *Undo* where `undo` says how."""
    pages = max(1, -(-len(schedules) // PER_PAGE))
    page = min(page, pages - 1)
    blocks = [_news(news, undo)] if news else []
    top = [button(words.prompts.ADD, "schedule.add", channel), button(words.prompts.BANK, "bank.open", channel)]
    blocks.append(actions(*top))
    if not schedules:
        blocks.append(section(words.prompts.BOARD_EMPTY))
    for one in schedules[page * PER_PAGE : (page + 1) * PER_PAGE]:
        blocks += [section(words.schedules.schedule(one)), _deeds(one), {"type": "divider"}]
    if pages > 1:
        blocks += pager("schedule", page, pages)
    return {
        "type": "modal",
        "callback_id": "board",
        "title": plain(words.prompts.BOARD_TITLE),
        "close": plain(words.CLOSE),
        "private_metadata": metadata,
        "blocks": blocks,
    }


def pager(what: str, page: int, pages: int) -> list[Block]:
    """A line that says which page it is, and the ways to the others."""
    ways = []
    if page > 0:
        ways.append(button(words.prompts.EARLIER, f"{what}.earlier", str(page - 1)))
    if page < pages - 1:
        ways.append(button(words.prompts.LATER, f"{what}.later", str(page + 1)))
    context = {"type": "context", "elements": [plain(words.prompts.page(page + 1, pages))]}
    return [context, actions(*ways)]


def scheduled(text: str, id: str) -> list[Block]:
    """What a lead sees, privately, after a line scheduled something."""
    ways = [button(words.prompts.EDIT, "schedule.edit", id), button(words.UNDO, "schedule.unadd", id)]
    return [section(text), actions(*ways)]


def back(text: str, channel: ChannelId) -> list[Block]:
    """What a lead sees where a pocket's schedules may go on."""
    return [section(text), actions(button(words.prompts.RESUME_ALL, "schedules.resume", channel))]


def for_others(text: str, channel: ChannelId) -> list[Block]:
    """What somebody sees who leads nothing here."""
    parts = [section(part) for part in together(text.split("\n"))]
    return [*parts, actions(button(words.prompts.SUGGEST, "prompt.suggest", channel))]


def schedule_form(plan: Plan, *, metadata: str, zone_name: str, today: date, is_new: bool, news: str = "") -> Block:
    """The form of a schedule. `news`: what stands above it."""
    rule, source = plan.rule, plan.source
    texts, said = words.schedule_form, words.schedules
    order = "theme" if source.kind == "theme" else "shuffled" if source.shuffled else "in turn"
    region = regions().get(rule.region) if rule.region else None  # all the countries of the world are slow to load
    dates = "\n".join(words.schedules.breaks(rule.skips, date.isoformat))
    fields = [
        field("kind", texts.FIELD_KIND, _menu("kind", texts.KINDS, rule.kind)),
        field(
            "weekdays",
            texts.FIELD_WEEKDAYS,
            _weekdays(rule.weekdays),
            optional=True,
            hint=texts.FIELD_WEEKDAYS_HINT,
        ),
        field("time", texts.FIELD_TIME, {"type": "timepicker", "action_id": "time", "initial_time": f"{rule.time:%H:%M}"}),
        field("zone", texts.FIELD_ZONE, _suggesting("zone", texts.FIELD_ZONE_PLACEHOLDER, option(zone_name, rule.zone))),
        field("order", texts.FIELD_ORDER, _menu("order", texts.ORDERS, order)),
        field(
            "questions", texts.FIELD_QUESTIONS, _lines("questions", source.questions), optional=True,
            hint=texts.FIELD_QUESTIONS_HINT,
        ),
        field("theme", texts.FIELD_THEME, _menu("theme", words.bank.theme_options(), source.theme), optional=True),
        field("every", texts.FIELD_EVERY, _numbers("every", WEEKS, rule.every, texts.weeks)),
        field("nth", texts.FIELD_NTH, _menu("nth", {str(nth): name for nth, name in said.NTHS.items()}, str(rule.nth or 1))),
        field("day", texts.FIELD_DAY, _numbers("day", range(1, 32), rule.day or 1, str), hint=texts.FIELD_DAY_HINT),
        field("start", texts.FIELD_START, _date("start", max(rule.start, today) if is_new else rule.start)),
        field("until", texts.FIELD_UNTIL, _date("until", rule.until), optional=True),
        field("open_days", texts.FIELD_OPEN, _numbers("open_days", OPEN_DAYS, plan.open_days, said.open_days)),
        field("grace", texts.FIELD_GRACE, _numbers("grace", GRACES, plan.grace, texts.grace), hint=texts.FIELD_GRACE_HINT),
        field("nudge", texts.FIELD_NUDGE, _box("nudge", NUDGE, texts.NUDGE, checked=plan.nudge), optional=True),
        field("skips", texts.FIELD_SKIPS, _lines("skips", [dates]), optional=True, hint=texts.FIELD_SKIPS_HINT),
        field(
            "region", texts.FIELD_REGION,
            _suggesting("region", texts.FIELD_REGION_PLACEHOLDER, option(region.name, region.code) if region else None),
            optional=True,
        ),
        field("moves", texts.FIELD_MOVES, _menu("moves", texts.MOVES, "move" if rule.moves else "drop")),
    ]  # fmt: skip
    title = texts.FORM_TITLE_NEW if is_new else texts.FORM_TITLE_EDIT
    return form("schedule", title, words.SAVE, metadata, [*([section(news)] if news else []), *fields])


def pause_form(view: ScheduleView, *, metadata: str, week_from_now: date) -> Block:
    """Until when it is paused."""
    until = field(
        "until",
        words.schedule_form.FIELD_PAUSE,
        _date("until", week_from_now),
        optional=True,
        hint=words.schedule_form.FIELD_PAUSE_HINT,
    )
    about = section(words.schedules.schedule(view))
    return form("pause", words.schedule_form.PAUSE_TITLE, words.schedule_form.PAUSE_SUBMIT, metadata, [about, until])


def duplicate_form(view: ScheduleView, *, metadata: str) -> Block:
    """To which pocket it is copied."""
    to = field(
        "led_pocket", words.schedule_form.FIELD_TO, _suggesting("led_pocket", words.sharing.FIELD_POCKET_PLACEHOLDER)
    )
    about = section(words.schedules.schedule(view))
    return form(
        "duplicate", words.schedule_form.DUPLICATE_TITLE, words.schedule_form.DUPLICATE_SUBMIT, metadata, [about, to]
    )


def preview(text: str) -> Block:
    """What is asked next, for whoever wants to see it first."""
    return {
        "type": "modal",
        "title": plain(words.prompts.PREVIEW_TITLE),
        "close": plain(words.CLOSE),
        "blocks": [section(text)],
    }


def _news(news: str, undo: str) -> Block:
    block = section(news)
    return block | {"accessory": button(words.UNDO, "schedule.undo", undo)} if undo else block


def _deeds(view: AnySchedule) -> Block:
    if isinstance(view, Unread):
        return actions(button(words.prompts.MORE["remove"], "schedule.remove", view.id))
    rests = bool(view.rests or view.paused_until)
    deeds = [button(words.prompts.EDIT, "schedule.edit", view.id)]
    if view.next:
        deeds.append(button(words.prompts.SKIP, "schedule.skip", f"{view.id}:{view.next[0].on.isoformat()}"))
    pause = (words.prompts.RESUME, "schedule.resume") if rests else (words.prompts.PAUSE, "schedule.pause")
    if rests or view.next:
        deeds.append(button(*pause, view.id))
    more = [option(name, f"{deed}:{view.id}") for deed, name in words.prompts.MORE.items()]
    for on in view.left_out[:1]:
        more.insert(0, option(words.prompts.bring_back(on), f"unskip:{view.id}:{on.isoformat()}"))
    return actions(*deeds, {"type": "overflow", "action_id": "schedule.more", "options": more})


def menu(name: str, choices: Mapping[str, str], chosen: str) -> Block:
    """A menu of choices, by what they are called."""
    return _menu(name, choices, chosen)


def _menu(name: str, choices: Mapping[str, str], chosen: str) -> Block:
    options = {value: option(text[:1].upper() + text[1:], value) for value, text in choices.items()}
    element: Block = {"type": "static_select", "action_id": name, "options": list(options.values())}
    return element | ({"initial_option": options[chosen]} if chosen in options else {})


def _numbers(name: str, numbers: Sequence[int], chosen: int, called) -> Block:  # type: ignore[no-untyped-def]  # noqa: ANN001
    known = sorted({*numbers, chosen})
    return _menu(name, {str(number): called(number) for number in known}, str(chosen))


def _weekdays(chosen: Sequence[int]) -> Block:
    options = [option(name, str(day)) for day, name in enumerate(words.schedules.DAYS)]
    element: Block = {"type": "multi_static_select", "action_id": "weekdays", "options": options}
    return element | ({"initial_options": [options[day] for day in chosen]} if chosen else {})


def _suggesting(name: str, placeholder: str, chosen: Block | None = None) -> Block:
    element: Block = {
        "type": "external_select",
        "action_id": name,
        "min_query_length": 0,
        "placeholder": plain(placeholder),
    }
    return element | ({"initial_option": chosen} if chosen else {})


def _date(name: str, chosen: date | None) -> Block:
    element: Block = {"type": "datepicker", "action_id": name}
    return element | ({"initial_date": chosen.isoformat()} if chosen else {})


def _lines(name: str, lines: Sequence[str]) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "multiline": True}
    text = "\n".join(lines)
    return element | ({"initial_value": text} if text else {})


def _box(name: str, value: str, text: str, *, checked: bool) -> Block:
    options = [option(text, value)]
    element: Block = {"type": "checkboxes", "action_id": name, "options": options}
    return element | ({"initial_options": options} if checked else {})
