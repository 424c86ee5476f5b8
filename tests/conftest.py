"""The stage: a strict local Slack, the real bot behind its real front door, and a database of either engine."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL

import migrations
from bot.settings import Settings
from bot.watching import Watch
from bot.wiring import Outloud
from sandbox.manifest import read_manifest
from sandbox.records import Channel
from sandbox.serving import Server
from sandbox.slack import Slack
from storage.db.database import Database
from tests import beginnings, compiled, connections, databases, scratch
from tests.memory import Memory

scratch.use_memory()
compiled.once()
hypothesis.settings.register_profile("outloud", deadline=None)  # how long an example takes is the machine's business
hypothesis.settings.load_profile("outloud")

MANIFEST = read_manifest(Path(__file__).parent.parent / "manifest.yml")
FAST = 100.0
"""How many times Slack's pace the scenarios run; tests that are marked `true_pace` run at 1."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What was imported stays: to look for garbage in it, over and over, would take a fifth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    return databases.new_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_database(worker_id: str) -> Iterator[URL]:
    """A migrated PostgreSQL database of this test process's own."""
    name = f"outloud_test_{os.getpid()}_{worker_id}"
    for url in databases.new_postgres(name):
        migrations.upgrade(url)
        with connections.kept(name), databases.emptying(url):
            yield url


@pytest.fixture(params=databases.ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """An empty database at the newest revision: each test runs on both engines."""
    if request.param == "sqlite":
        return databases.new_sqlite(tmp_path, request.getfixturevalue("sqlite_template"))
    url: URL = request.getfixturevalue("postgres_database")
    databases.empty(url)
    return url


@pytest.fixture
def memory(database_url: URL) -> Iterator[Memory]:
    """What the database holds, from outside."""
    eyes = Memory(database_url)
    yield eyes
    eyes.close()


@pytest.fixture
def pace(request: pytest.FixtureRequest) -> float:
    """How many times Slack's pace this test runs."""
    return 1.0 if request.node.get_closest_marker("true_pace") else FAST


@pytest.fixture
def by_socket(request: pytest.FixtureRequest) -> bool:
    """Whether the bot hears by Socket Mode: over HTTP, unless a test is parametrised with this."""
    return bool(getattr(request, "param", False))


BY_EITHER_DOOR = pytest.mark.parametrize("by_socket", [False, True], ids=["http", "socket"], indirect=True)
"""For a test that is to run by both doors."""


@pytest.fixture
async def empty_slack(pace: float, by_socket: bool) -> AsyncIterator[Slack]:  # noqa: FBT001 -- a fixture is passed by name
    """A strict local Slack with four people in it, and no app listening yet."""
    async with Slack(MANIFEST, speed=pace, socket_mode=by_socket) as slack:
        for name in ("ana", "ben", "cleo", "dan"):
            slack.person(name)
        yield slack


@dataclass
class Bot:
    """A running bot, which a test may stop and start anew."""

    slack: Slack
    database_url: URL
    pace: float
    port: int = 0
    outloud: Outloud | None = None
    ahead: float = 0.0
    """Seconds by which the bot's clock is ahead of the wall's."""
    watch: Watch | None = None
    """Who is told of its work from the next start on."""
    long: float = 1800.0
    """Seconds: what counts as a long absence. At this pace three would be one, and a busy machine's pauses were read up on."""
    _server: Server | None = None

    @property
    def db(self) -> Database:
        """Its memory, for what no act in Slack brings about."""
        assert self.outloud is not None
        return self.outloud.db

    async def start(self) -> None:
        """Serve the real application on a port of its own, and tell Slack where it is."""
        chosen = settings(self.slack, self.database_url, self.pace)
        self.outloud = Outloud(chosen, now=lambda: time.time() + self.ahead, watch=self.watch)
        self._server = Server(self.outloud.application(), lifespan=True)
        self.port, self.slack.app_url = self._server.port, f"{self._server.address}/slack/events"
        await self._server.start()
        pulse = self.outloud._pulse  # noqa: SLF001 -- its rhythm is Slack's, and nobody sets it
        pulse.rhythm = replace(pulse.rhythm, long=self.long)
        async with asyncio.timeout(30):
            while await self.outloud.ready():
                await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Stop it as SIGTERM would."""
        if self._server:
            await self._server.stop()
        self._server = None


def settings(slack: Slack, database_url: URL, pace: float) -> Settings:
    """The settings of a bot that talks to this Slack."""
    environment = slack.environment
    app_token = environment.get("SLACK_APP_TOKEN")
    return Settings(
        slack_bot_token=SecretStr(environment["SLACK_BOT_TOKEN"]),
        slack_app_token=SecretStr(app_token) if app_token else None,
        slack_signing_secret=SecretStr(environment.get("SLACK_SIGNING_SECRET", "")),
        slack_api_url=environment["SLACK_API_URL"],
        database_url=SecretStr(database_url.render_as_string(hide_password=False)),
        slack_pace=pace,
    )


@pytest.fixture
async def bot(empty_slack: Slack, database_url: URL, pace: float) -> AsyncIterator[Bot]:
    """The running bot."""
    running = Bot(empty_slack, database_url, pace)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def slack(empty_slack: Slack, bot: Bot) -> Slack:
    """The local Slack, with the bot at work."""
    assert bot.outloud is not None
    return empty_slack


@pytest.fixture
async def pocket(slack: Slack, memory: Memory, pace: float) -> Channel:
    """A channel that is a pocket: ana is its lead, ben and cleo are in it, dan is not."""
    return await beginnings.begin(slack, memory, anew=pace < FAST)  # at Slack's own pace it counts when was posted last


@pytest.fixture
def disk() -> Iterator[threading.Event]:
    """Set while the disk takes what is committed; while it is not, whoever commits hangs."""
    works = threading.Event()
    works.set()

    def commit(connection: Any) -> None:
        if connection.get_execution_options().get("write"):
            works.wait(20)

    event.listen(Engine, "commit", commit)
    yield works
    works.set()
    event.remove(Engine, "commit", commit)
