"""`make replay PROMPT=1`: a weekly prompt in front of an export's real threads, in its busiest channel.

Each Wednesday at ten the bot, which goes by the sandbox's clock, asks by itself. What people wrote in threads until Friday
stands in the prompt's thread, with its author, words and time. Then the round closes. Expected is each person's first reply of
each week, once, and no other: found from the export alone, by a way that shares no code with the bot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from sandbox.export import Export, ExportedMessage
from sandbox.player import Habits, Player
from sandbox.records import Channel, Message
from sandbox.slack import Slack

QUESTION = "What did you learn this week?"
LINE = f"/prompts weekly wed 10:00 {QUESTION}"
OPENS, CLOSES = timedelta(days=2, hours=10), timedelta(days=4, hours=10)
"""From Monday's midnight on: two working days, as a schedule has it where nobody said otherwise."""

MARGIN = timedelta(minutes=5)
BROADCAST = "thread_broadcast"
"""The subtype of a reply that was also sent to the channel: it is an answer like any other."""

WITHIN = 30.0
"""Real seconds that the bot has for what falls due."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody's first reply in a week."""

    ts: str
    author: str
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was asked and answered, and what should be remembered of it. `channel`: where."""

    channel: str
    rounds: int
    replies: int
    wanted: tuple[Answer, ...]
    problems: tuple[str, ...]


async def play(slack: Slack, export: Export, check: Callable[[], None]) -> Outcome:
    """Play it, week by week. Raises `ReplayFailed`, and what `check` raises where the bot is gone."""
    await Player(slack, export, Habits()).set_the_scene()
    channel, lead = _busiest(slack, export)
    zone = ZoneInfo(slack.find_person(lead).tz)
    weeks = _weeks(export, channel.id, zone)
    first = min(weeks, default=datetime.fromtimestamp(slack.clock.now(), zone))
    slack.clock.set((first + timedelta(hours=1)).timestamp())
    answer = await slack.types(lead, LINE, in_=channel)
    if "Every Wednesday at 10:00" not in answer.text:
        return Outcome(channel.id, 0, 0, (), (f"The prompt was not scheduled: {answer.text}",))
    wanted: list[Answer] = []
    problems: list[str] = []
    for monday, replies in sorted(weeks.items()):
        check()
        found, wrong = await _week(slack, channel, monday, replies)
        wanted += found
        problems += wrong
    return Outcome(channel.id, len(weeks), sum(map(len, weeks.values())), tuple(wanted), tuple(problems))


def in_database(connection: Connection, channel: str) -> list[Answer]:
    """What the bot remembers of this channel, in plain SQL."""
    rows = connection.execute(
        text("SELECT * FROM learnings WHERE state = 'live' AND channel = :channel"), {"channel": channel}
    )
    return [Answer(row.source_ts or "", row.author, row.words, row.link or "") for row in rows]


async def _week(
    slack: Slack, channel: Channel, monday: datetime, replies: list[ExportedMessage]
) -> tuple[list[Answer], list[str]]:
    before = set(channel.messages)
    slack.clock.set((monday + OPENS).timestamp() + 5)
    prompt = await slack.until(lambda: _prompts(slack, channel, before)[0], WITHIN, f"the prompt of {monday:%Y-%m-%d}")
    wanted: dict[str, Answer] = {}
    for reply in replies:
        slack.clock.set(reply.time)
        message = await slack.act(partial(_post, slack, channel, prompt, reply))
        if reply.text.strip() and reply.user not in wanted:
            link = slack.world.permalink(message)
            wanted[reply.user] = Answer(message.ts, reply.user, reply.text, link)
    await slack.settled()
    marked = {one.ts for one in wanted.values()}
    await slack.until(lambda: _marked(slack, channel, prompt) >= marked, WITHIN, f"📚 in {monday:%Y-%m-%d}")
    slack.clock.set((monday + CLOSES).timestamp() + 60)
    many = len(wanted)
    await slack.until(lambda: "This round is closed" in slack.text_of(prompt), WITHIN, f"the end of {monday:%Y-%m-%d}")
    extra = len(_marked(slack, channel, prompt) - marked)
    return list(wanted.values()), [f"In {monday:%Y-%m-%d} {extra} others carry 📚 besides {many}."] if extra else []


def _post(slack: Slack, channel: Channel, prompt: Message, reply: ExportedMessage) -> Message:
    channel.members.setdefault(reply.user)
    is_broadcast = reply.subtype == BROADCAST
    return slack.world.post(
        channel.id, reply.user, reply.text, ts=reply.ts, thread_ts=prompt.ts, broadcast=is_broadcast
    )


def _prompts(slack: Slack, channel: Channel, before: set[str]) -> list[Message]:
    new = [one for ts, one in channel.messages.items() if ts not in before and one.user == slack.app.id]
    return [one for one in new if QUESTION in slack.text_of(one)]


def _marked(slack: Slack, channel: Channel, prompt: Message) -> set[str]:
    """The replies to a prompt that the app's 📚 stands on."""
    thread = channel.threads.get(prompt.ts, [])
    return {ts for ts in thread if slack.app.id in channel.messages[ts].reactions.get("books", ())}


def _busiest(slack: Slack, export: Export) -> tuple[Channel, str]:
    """The channel with the most replies, and who leads its pocket: the first who may."""
    many = Counter(channel.id for channel, message in export.messages() if _is_reply(message))
    channel = slack.world.channel(many.most_common(1)[0][0] if many else export.channels[0].id)
    people = [slack.world.people[id] for id in channel.members]
    usable = [one for one in people if not (one.is_bot or one.deleted or one.is_restricted)]
    return channel, next(one.name for one in usable if one.team_id == slack.world.team_id)


def _weeks(export: Export, channel: str, zone: ZoneInfo) -> dict[datetime, list[ExportedMessage]]:
    """The replies of each week that were written while its round would be open, by the midnight of its Monday."""
    weeks: dict[datetime, list[ExportedMessage]] = {}
    for of, message in export.messages():
        if of.id != channel or not _is_reply(message):
            continue
        at = datetime.fromtimestamp(message.time, zone)
        monday = datetime.combine(at.date() - timedelta(days=at.weekday()), time(0), zone)
        if monday + OPENS + MARGIN < at < monday + CLOSES - MARGIN:
            weeks.setdefault(monday, []).append(message)
    return weeks


def _is_reply(message: ExportedMessage) -> bool:
    is_one = message.thread_ts not in ("", message.ts)
    is_said = message.subtype in ("", BROADCAST) and not message.bot_id
    return is_one and is_said and message.user not in ("", "USLACKBOT")
