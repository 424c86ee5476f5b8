"""Where the acks are measured: the product and a baseline, each a program of its own, side by side in front of one local Slack.

The Slack and whoever sends run in this process, which no figure counts. The product runs as `outloud run` does by itself: its log
at *info*, its outbox at Slack's own pace. Its worker is woken by each commit, and looks; but while acks are measured, Slack lets
it post nothing (429): else a slow machine, which takes longer, would count more of that among its acks. What it costs to say
afterwards what an ack owes has a row of its own.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import text

from bench import pockets
from bench.library import word
from bench.load import TOO_BUSY, request
from bench.program import MANIFEST, OUTLOUD, migrate, reading
from sandbox import payloads
from sandbox.companion import AppFailed, Companion
from sandbox.manifest import read_manifest
from sandbox.parcels import Parcel
from sandbox.records import Channel, Happening, Json, Person
from sandbox.slack import Slack

POCKETS, PEOPLE = 8, 40

SETTLED_WITHIN = 60
"""Seconds."""

LENGTH, VOCABULARY = 18, 5000
"""Words of a text, and of which it is made: no two are so near to each other that the product would look twice."""


OWED = "SELECT (SELECT count(*) FROM outbox WHERE kind = '{}') + (SELECT count(*) FROM learnings WHERE {})"
SHARED = (
    "SELECT count(*) FROM learnings WHERE state = 'live'",
    "SELECT count(*) FROM documents",
    OWED.format("post card", "card_ts IS NOT NULL"),
)
KEPT = (
    "SELECT count(*) FROM keeps WHERE standing",
    "SELECT count(*) FROM learnings",
    OWED.format("look", "state <> 'pending'"),
)
"""What stands of so many shares, and of so many keeps: each of these is their number."""


@dataclass(frozen=True, slots=True)
class Stand:
    """`product` and `baseline` run; `url` is the product's database."""

    slack: Slack
    product: Companion
    baseline: Companion
    url: str
    people: list[Person]
    pockets: list[Channel]

    def commands(self, first: int, many: int) -> list[bytes]:
        """`/share words`, by many people in several pockets, each something else."""
        return [self._signed(Parcel.of_command(self._share(number))) for number in range(first, first + many)]

    def events(self, happened: list[Json]) -> list[bytes]:
        """What happened, each told as a delivery of its own."""
        world = self.slack.world
        told = [payloads.event_callback(world, event, payloads.new_event_id()) for event in happened]
        return [self._signed(Parcel.of_event(one)) for one in told]

    def keeps(self, many: int) -> list[Json]:
        """So many messages are written, and each gets its first 💡, of which nobody is told yet."""
        world, happened = self.slack.world, list[Json]()
        with self._in_secret() as heard:
            for number in range(many):
                channel, author, keeper = self._who(number)
                message = world.post(channel.id, author.id, _words(number))
                heard.clear()
                world.react(channel.id, message.ts, keeper.id, "bulb")
                happened += heard
        return happened

    def own_messages(self, many: int) -> list[Json]:
        """What Outloud wrote itself: the least that it can have to do with an event."""
        app = self.slack.world.app
        with self._in_secret() as heard:
            for number in range(many):
                channel = self.pockets[number % POCKETS]
                self.slack.world.post(channel.id, app.user, f"Card {number}", bot_id=app.bot_id, app_id=app.id)
            return list(heard)

    async def settled(self) -> None:
        """Wait until nothing is owed to Slack any more. Raises `AppFailed` where that takes longer than a minute."""
        with reading(self.url) as connection:
            for _ in range(SETTLED_WITHIN * 20):
                if not connection.scalar(text("SELECT count(*) FROM outbox")):
                    return
                connection.rollback()
                await asyncio.sleep(0.05)
        raise AppFailed(f"What was owed to Slack was not done within {SETTLED_WITHIN} seconds. {TOO_BUSY}")

    def silence(self) -> None:
        """From now on, Slack lets the product neither post nor look: it asks for a pause that is longer than any bench."""
        for method in ("chat.postMessage", "reactions.get"):
            self.slack.fails(method, "429", seconds=3600)

    def require_shared(self, many: int) -> None:
        """Raise `AppFailed` unless so many were shared by now: committed, with what is searched of them, and their cards."""
        require(self.url, SHARED, many)

    def require_kept(self, many: int) -> None:
        """Raise `AppFailed` unless so many messages are kept by now: committed, with the look that each is owed."""
        require(self.url, KEPT, many)

    @contextmanager
    def _in_secret(self) -> Iterator[list[Json]]:
        """What happens is collected, and told to nobody."""
        heard = list[Json]()

        def listen(happening: Happening) -> None:
            heard.append(happening.event)

        self.slack.world.listeners.append(listen)
        address, self.slack.app_url = self.slack.app_url, ""
        try:
            yield heard
        finally:
            self.slack.app_url = address
            self.slack.world.listeners.remove(listen)

    def _share(self, number: int) -> dict[str, str]:
        channel, person, _ = self._who(number)
        return payloads.slash_command(
            self.slack.world,
            command="/share",
            text=f"{_words(number)} #topic-{number % 50}",
            person=person,
            channel=channel,
            trigger_id=self.slack.world.new_trigger(person.id),
            response_url=f"{self.slack.world.base_url}/commands/none",
        )

    def _who(self, number: int) -> tuple[Channel, Person, Person]:
        people = self.people
        return self.pockets[number % POCKETS], people[number % PEOPLE], people[(number * 7 + 1) % PEOPLE]

    def _signed(self, parcel: Parcel) -> bytes:
        return request(parcel, self.slack.world.app.signing_secret)


@asynccontextmanager
async def stand(url: str, baseline: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[Stand]:
    """Both run, and the product has its pockets. `baseline` is a module of bench.baselines; `environment` its own.

    Raises `AppFailed`.
    """
    slack = Slack(read_manifest(MANIFEST))
    own = {"DATABASE_URL": url}
    other = [sys.executable, "-m", f"bench.baselines.{baseline}"]
    await migrate(own)
    async with (
        slack,
        Companion(slack, other, environment) as compared,
        Companion(slack, [*OUTLOUD, "run"], own) as product,
    ):
        people = [slack.person(f"person-{number}") for number in range(PEOPLE)]
        channels = [slack.channel(f"pocket-{number}", members=people) for number in range(POCKETS)]
        for channel in channels:
            await pockets.begin(slack, people[0], channel)
        both = Stand(slack, product, compared, url, people, channels)
        await both.settled()
        yield both
        product.check()
        compared.check()


def _words(number: int) -> str:
    """What somebody has to say, another thing for each number."""
    chance = random.Random(number)  # noqa: S311 -- nothing here is secret
    return f"Lesson {number}: {' '.join(word(chance.randrange(VOCABULARY)) for _ in range(LENGTH))}."


def require(url: str, statements: Iterable[str], many: int) -> None:
    """Raise `AppFailed` unless each of these counts so many in this database."""
    with reading(url) as connection:
        found = {one: connection.scalar(text(one)) for one in statements}
    for statement, number in found.items():
        if number != many:
            raise AppFailed(f"{many} were answered, but there are {number}: {statement}. {TOO_BUSY}")


def cpu(server: Companion) -> float:
    """Seconds of CPU that a server's threads have used by now. Raises `AppFailed` where the system does not say.

    By the clock that Linux has for each process (clock_getcpuclockid(3)): to the nanosecond, where /proc counts in hundredths.
    """
    try:
        return time.clock_gettime((~server.pid << 3) | 2)
    except OSError:
        raise AppFailed(
            "What another process uses of the CPU is asked of Linux, and this system does not say."
        ) from None


@contextmanager
def telling(name: str, rounds: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr, which what is yielded moves on by a round."""
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task(name, total=rounds)
        yield lambda: progress.advance(bar)
