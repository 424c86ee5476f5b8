"""manifest.yml and the code hold each other, both ways: what Slack may deliver is answered, and no scope is idle."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import yaml

import handlers
from bot.pace import METHODS as PACED
from bot.pace import TIERS
from handlers import blocks, words
from handlers.blocks.home import Told
from sandbox.api.table import METHODS
from sandbox.audience import MESSAGES, OWN_SCOPES, READERS
from storage.experts.asking import Proposal
from storage.experts.names import Alias
from storage.experts.private_views import AskedView, QuestionView
from storage.experts.wishes import Wishes
from storage.home.view import Entry, Home, HomePocket, Mine, Pulse
from storage.ids import AskedId, ChannelId, LearningId, Person, PersonId, Place, RoundId, Ts, WorkspaceId
from storage.kept.keep_forms import Offer
from storage.learned.drafts import Draft
from storage.learned.earlier import Before
from storage.learned.learnings import LearningView
from storage.owed import notices
from storage.places.pocket_changes import Led
from storage.places.pocket_settings import PocketSettings
from storage.places.pockets import PocketName
from storage.prompts import bank
from storage.prompts.bank import OwnView, Prompt, Written
from storage.prompts.plans import Plan, ScheduleId, Source
from storage.prompts.questions import Question, Standing
from storage.prompts.recurrence import Rule, Time
from storage.prompts.rounds import RoundView
from storage.prompts.views import ScheduleView, Unread
from storage.search.asked import Asked
from storage.search.finding import Found, Hit
from storage.search.ranking import Why

PROMPT_STATES: tuple[bank.State, ...] = ("suggested", "live", "retired")
ROOT = Path(__file__).parent.parent
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
OPTIONAL: list[str] = MANIFEST["oauth_config"]["scopes"]["bot_optional"]
SHORTCUTS: list[dict[str, str]] = MANIFEST["features"]["shortcuts"]
EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

CALL = re.compile(r"\b(auth|bots|chat|conversations|emoji|files|reactions|team|users|views)_([a-z]+[A-Z]?[A-Za-z]*)\b")
"""A call of slack_sdk's client, such as `chat_postMessage`, or its method in passing."""

SCOPE_OF = OWN_SCOPES | dict(MESSAGES.values())
"""What an event takes, but of those that tell of a channel."""

NARROW = {
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
}
"""Of methods that take any of several scopes: which are meant. Outloud goes into channels, and direct messages."""

LEARNING = LearningView(
    id=LearningId("L1"),
    place=Place(WorkspaceId("T1"), ChannelId("C1")),
    author=PersonId("U1"),
    kind="idea",
    words="w",
    why="y",
    topics=("t",),
    without_name=False,
    state="live",
    source_ts=None,
    card_ts=None,
    link=None,
    said_at=0.0,
)
HIT = Hit(LEARNING, 1.0, Why(1.0, ()), helped=0, is_out_of_date=False, is_sure=True)
FOUND = Found(asked=Asked("t"), hits=(HIT,), more=True, first=5)


QUESTION = QuestionView(
    id=AskedId("q"),
    place=LEARNING.place,
    asker=Person(WorkspaceId("T1"), PersonId("U1")),
    words="w",
    without_name=False,
    to_pocket=False,
    state="open",
    due_at=1.0,
    asked=(),
    answered_by=None,
    answer="a",
    may_share="with name",
    question=None,
    learning=None,
    helped=False,
)
ASKED = AskedView(
    id=AskedId("q"),
    place=LEARNING.place,
    asker=None,
    words="w",
    due_at=1.0,
    ended="open",
    state="asked",
    ts=None,
    may_hear=True,
    may_share=True,
    names_optional=True,
    helped=False,
)

TODAY = date(2026, 11, 25)
PLAN = Plan(Rule("weekly", TODAY, time(10), "UTC", weekdays=(2,)), Source("question", ("q",)))
SCHEDULE = ScheduleView(
    id=ScheduleId("s"),
    place=Place(WorkspaceId("T1"), ChannelId("C1")),
    lead=PersonId("U1"),
    plan=PLAN,
    rests="",
    paused_until=None,
    next=(Time(TODAY, 1.0),),
    version=1,
    by=PersonId("U1"),
)
PROMPT = Prompt("p", "ours", "q", "e", "u")

ROUND = RoundView(
    id=RoundId("r"),
    key="k",
    place=Place(WorkspaceId("T1"), ChannelId("C1")),
    schedule=None,
    question="q",
    kind="learning",
    lead=PersonId("U1"),
    opened_at=1.0,
    closes_at=2.0,
    nudges_at=1.5,
    closed_at=2.0,
    closed_ts=Ts("2.0"),
    ts=Ts("1.0"),
)
HOME = Home(
    pockets=(HomePocket(PocketName(ChannelId("C1"), "c"), "tip", 1, Pulse(1, 0, 0, None)),),
    more_pockets=False,
    mine=Mine(1, 0, 0, (Entry(LEARNING, "tip", 0),)),
    drafts=(Draft(key="k", channel=ChannelId("C1"), words="w"),),
    more_drafts=False,
    new=(Entry(LEARNING, "tip", 0),),
    questions=(Question(LEARNING, ROUND, 0),),
    topics=("t",),
    is_hidden=False,
    is_never_kept=False,
    may_start=True,
    is_unchecked=True,
)


def test_the_commands_are_those_that_are_answered() -> None:
    """Each command of the manifest has a handler, and each handler's command is in the manifest."""
    assert [one["command"] for one in MANIFEST["features"]["slash_commands"]] == list(handlers.COMMANDS)


def test_the_events_are_those_that_are_answered() -> None:
    """An event that nobody answers would be a 404, and count as a failure at Slack."""
    assert {event.partition(".")[0] for event in EVENTS} == {event.partition(".")[0] for event in handlers.EVENTS}
    assert sorted(EVENTS) == EVENTS


def test_people_can_write_where_they_are_answered() -> None:
    """Where direct messages are heard, the app's Messages tab is there, and takes what they write."""
    home = MANIFEST["features"]["app_home"]
    assert "message.im" in EVENTS
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_the_shortcuts_are_those_that_are_answered() -> None:
    """The same, for shortcuts; on a message is what speaks of one."""
    assert {one["callback_id"] for one in SHORTCUTS} == set(handlers.SHORTCUTS)
    assert {one["name"] for one in SHORTCUTS if one["type"] == "global"} == {"Share something"}


def test_whatever_can_be_pressed_or_sent_is_answered_and_nothing_else() -> None:
    """The buttons, forms and suggesting menus that `blocks` can make, and the routes."""
    pocket = blocks.option("#c", "C1")
    forms = [
        blocks.sharing.share_form(metadata="{}", pocket=pocket, noun="tip"),
        blocks.sharing.details_form(LEARNING, metadata="{}", noun="tip"),
        blocks.keeping.keep_form(
            Offer("tip", kept=LearningId("L1")), author=PersonId("U1"), said="w", files=(), metadata="{}"
        ),
        blocks.sharing.edit_form(LEARNING, metadata="{}", noun="tip", is_own=True),
        blocks.cards.outdate_form(metadata="{}", noun="tip", is_hidden=False),
        blocks.cards.delete_form(LEARNING, metadata="{}", noun="tip", is_own=True),
        blocks.pockets.start_form(PocketSettings(), metadata="{}", is_shared=True),
        blocks.pockets.settings_form(Led(PocketSettings(), ()), metadata="{}"),
    ]
    here = ChannelId("C1")
    forms += [
        blocks.rounds.answer_form(ROUND, metadata="{}", names_optional=True),
        blocks.digests.when_form(None, metadata="{}"),
        blocks.questions.form_to_ask("w", metadata="{}", pocket=pocket),
        blocks.experts.askme_form(blocks.experts.Mine([], {}, Wishes(), []), metadata="{}"),
        blocks.experts.endorse_form(metadata="{}"),
        blocks.private_questions.form_to_ask("w", [PersonId("U1")], metadata="{}", pocket=pocket),
        blocks.private_questions.answer_form(ASKED, metadata="{}"),
        blocks.rounds.first_form("q", "", metadata="{}"),
    ]
    forms += [
        blocks.schedules.schedule_form(PLAN, metadata="{}", zone_name="UTC", today=TODAY, is_new=True),
        blocks.schedules.pause_form(SCHEDULE, metadata="{}", week_from_now=TODAY),
        blocks.schedules.duplicate_form(SCHEDULE, metadata="{}"),
        blocks.bank.prompt_form("prompt", Written("q"), metadata="{}", title="t", submit="s"),
        blocks.bank.prompt_form("suggest", Written("q"), metadata="{}", title="t", submit="s"),
    ]
    own = [
        (PROMPT, OwnView(PROMPT, SCHEDULE.place, PersonId("U1"), state, 1, PersonId("U1"))) for state in PROMPT_STATES
    ]
    resting, unread = replace(SCHEDULE, rests="paused"), Unread(SCHEDULE.id, SCHEDULE.place)
    surfaces = [
        *forms,
        blocks.schedules.board(
            [SCHEDULE, resting, unread] * 20, page=2, metadata="{}", news="n", undo="u", channel=here
        ),
        blocks.bank.bank(
            [(PROMPT, None), *own], shelves={"ours": "Ours"}, shelf="ours", page=1, pages=3, metadata="{}", channel=here
        ),
        *blocks.schedules.scheduled("t", "s"),
        *blocks.schedules.for_others("t", here),
        *blocks.schedules.back("t", here),
        *blocks.bank.suggestion("t", "p"),
        *blocks.cards.shared("L1"),
        *blocks.closeness.told("t", "L1", "L2"),
        *blocks.closeness.linked("t", "L1", "L2"),
        *blocks.closeness.unlinked("t", "L1", "L2"),
        *blocks.finding.page(
            FOUND, [blocks.finding.Card(HIT, "https://a", "", is_own=False, at=1.0, post="L1:C1:")], text="t"
        ),
        *blocks.drafts.closed("t", "k"),
        *blocks.drafts.closed_unfinished("t", "k"),
        *blocks.drafts.listed([Draft(key="k", channel=ChannelId("C1"), words="w")], {}),
        *blocks.cards.card(LEARNING, blocks.cards.Standing("tip")),
        *blocks.cards.card(LEARNING, blocks.cards.Standing("tip", question=Standing(replace(ROUND, closed_at=None)))),
        *blocks.cards.card(LEARNING, blocks.cards.Standing("tip", question=Standing(ROUND))),
        *blocks.finding.page(Found(asked=Asked("w", words="w")), [], text="t"),
        *blocks.finding.shown_here(LEARNING, text="t", link=None, at=1.0),
        *blocks.cards.changed("t", LEARNING, Before("w", "", "learning", ())),
        *blocks.experts.changed("t", ["a"], []),
        *blocks.experts.found(
            "t",
            [blocks.experts.Shown(PersonId("U1"), "w", "a", may_be_endorsed=True)],
            topic="t",
            team="T1",
            unchecked=True,
        ),
        *blocks.experts.endorsed("t", PersonId("U1"), ["t"]),
        *blocks.experts.say_what("t", PersonId("U1")),
        *blocks.experts.proposals("t", [Proposal("t", 1, 1)]),
        *blocks.experts.old("t"),
        *blocks.experts.aliases("t", [Alias("a", "b", "b", PersonId("U1"))], here),
        *blocks.experts.merged("t", ["a"], here),
        *blocks.private_questions.confirmed("t", QUESTION),
        *blocks.private_questions.wanted("t", ASKED),
        *blocks.private_questions.answered("t", QUESTION),
        *blocks.private_questions.shared("t", "q"),
        *blocks.keeping.first_keep("t", "L1", may_change=True),
        *blocks.keeping.first_kept("t", "L1"),
        *blocks.keeping.kept_this_week("t", [(LearningId("L1"), "t")]),
        *blocks.keeping.asked("t", "L1"),
        *blocks.keeping.stays("t", "L1"),
        *blocks.keeping.never_kept("t", "L1", still_kept=1),
        *blocks.keeping.not_mine("t", still_kept=1),
        *blocks.pockets.announced("t", here),
        *blocks.pockets.offered("t", here),
        *blocks.pockets.menu("t", here, may_lead=True),
        *blocks.rounds.opened(ROUND, noun="tip", last=""),
        *blocks.rounds.first_wanted("t", "key"),
        *blocks.rounds.reminding("t", here),
        *blocks.rounds.silence("t", "schedule"),
        *blocks.digests.when("t", here, may_lead=True),
        blocks.message_form("t"),
        blocks.home.home(HOME, Told(), {}, at=0.0),
    ]
    buttons = {
        *_found(surfaces, "button"),
        *_found(surfaces, "overflow"),
        *("bank.shelf", "askme.stand"),
        *_found(surfaces, "conversations_select"),
        *_found([surfaces[-1]], "users_select"),
    }
    told = {
        one["element"]["action_id"]
        for form in (*forms, surfaces[-1])
        for one in form["blocks"]
        if one.get("dispatch_action")
    }
    assert buttons | told == set(handlers.ACTIONS)
    assert {form["callback_id"] for form in forms if form.get("notify_on_close")} == set(handlers.CLOSINGS)
    assert {form["callback_id"] for form in forms} == set(handlers.FORMS)
    suggesting = {*_found(surfaces, "external_select"), *_found(surfaces, "multi_external_select")}
    assert suggesting == set(handlers.SUGGESTIONS)


def test_whatever_can_be_owed_has_a_duty_and_nothing_else() -> None:
    """Each kind that storage puts into the outbox (directly, or through `owe_members`), and the duties."""
    owed = re.findall(
        r'\b_?owe(?:_one)?\(\s*session,\s*[\w.]+,\s*"([a-z ]+)"|owe_members\([^)"]*"([a-z ]+)"',
        _storage().replace(", ERRAND,", f', "{notices.ERRAND}",'),
    )
    assert {"".join(one) for one in owed} == set(handlers.DUTIES)


def test_whatever_somebody_may_hear_unasked_is_a_notice_that_is_known() -> None:
    """Each kind that storage tells, and the notices."""
    told = re.findall(r'\bnotices\.tell\(\s*session,\s*(?:[\w.]+|\w+\([\w., =]+\)),\s*"([a-z ]+)"', _storage())
    assert set(told) == set(handlers.NOTICES)
    assert len(told) == _storage().count("notices.tell(")


def _storage() -> str:
    return "".join(path.read_text() for path in (ROOT / "storage").rglob("*.py"))


def test_each_scope_is_needed_and_each_need_has_its_scope() -> None:
    """By the methods that the code calls and the events it subscribes to; nothing more is asked of an admin."""
    called = _called_methods()
    needed = {"commands"}
    for method in called:
        needed |= NARROW.get(method) or set(METHODS[method].scopes[:1])
    needed |= {scope for event in EVENTS if (scope := SCOPE_OF.get(event, READERS[_kind(event)]))}
    assert needed == {*SCOPES, *OPTIONAL}
    assert sorted(SCOPES) == SCOPES
    assert sorted(OPTIONAL) == OPTIONAL


def test_every_method_that_is_called_has_a_pace() -> None:
    """The outbox's own methods: the worker must know how often each may be called."""
    duties = {duty.method for duty in handlers.DUTIES.values()} - {"chat.postMessage"}
    assert {method: TIERS[PACED[method]] for method in duties} == {
        method: int(METHODS[method].tier) for method in duties
    }


def test_every_address_leads_to_the_front_door() -> None:
    """One path for commands, events, forms and suggestions."""
    settings = MANIFEST["settings"]
    addresses = [
        *(one["url"] for one in MANIFEST["features"]["slash_commands"]),
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
    ]
    assert {address.removeprefix("https://outloud.example.com") for address in addresses} == {"/slack/events"}


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (MANIFEST["display_information"]["name"], 35),
        (MANIFEST["display_information"]["description"], 140),
        (MANIFEST["features"]["bot_user"]["display_name"], 80),
        *((one["command"], 32) for one in MANIFEST["features"]["slash_commands"]),
        *((one["description"], 2000) for one in MANIFEST["features"]["slash_commands"]),
        *((one["name"], 24) for one in SHORTCUTS),
        *((one["callback_id"], 255) for one in SHORTCUTS),
        *((one["description"], 150) for one in SHORTCUTS),
        *((one["usage_hint"], 1000) for one in MANIFEST["features"]["slash_commands"]),
    ],
)
def test_its_texts_fit(text: str, limit: int) -> None:
    """Slack's limits (docs.slack.dev/reference/app-manifest)."""
    assert 0 < len(text) <= limit


def test_its_name_is_the_one_that_people_read() -> None:
    """The working name stands in one constant, and here."""
    assert MANIFEST["display_information"]["name"] == MANIFEST["features"]["bot_user"]["display_name"] == words.NAME


def _kind(event: str) -> str:
    """Of which kind of channels an event tells."""
    return "group" if event.startswith("group_") or event == "channel_id_changed" else "channel"


def _called_methods() -> set[str]:
    found = set()
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for family, rest in CALL.findall(path.read_text()):
                if f"{family}.{rest}" in METHODS:
                    found.add(f"{family}.{rest}")
    return found


def _found(inside: Any, kind: str) -> set[str]:
    """The action_ids of every element of a kind, however deep."""
    if isinstance(inside, list):
        return set().union(*(_found(one, kind) for one in inside))
    if not isinstance(inside, dict):
        return set()
    own = {str(inside["action_id"])} if inside.get("type") == kind and "action_id" in inside else set()
    return own.union(*(_found(one, kind) for one in inside.values()))
