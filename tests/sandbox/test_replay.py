"""An export played as live traffic to an app that keeps what is given a light bulb."""

import contextlib
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

import sandbox.replay
from sandbox.companion import AppFailed
from sandbox.export import Export
from sandbox.replay import Habits, ReplayFailed, before_first, replay
from sandbox.serving import serving
from sandbox.slack import Slack
from tests.sandbox.librarian import MANIFEST, build

SMALL = Path(__file__).with_name("small_export")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an app that is in this program be quiet for a shorter time."""
    monkeypatch.setattr(sandbox.replay, "QUIET", 0.2)
    monkeypatch.setattr(sandbox.replay, "PATIENCE", 0.5)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """The project's own small export, zipped."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in SMALL.rglob("*.json"):
            archive.write(file, file.relative_to(SMALL).as_posix())
    return path


@contextlib.asynccontextmanager
async def librarian(slack: Slack) -> AsyncIterator[None]:
    """The app, served in this loop."""
    client = AsyncWebClient(token=slack.world.app.bot_token, base_url=slack.api_url)
    app = build(client, slack.world.app.signing_secret)
    async with serving(app) as address:
        slack.app_url = f"{address}/slack/events"
        yield


async def test_an_export_is_played_and_counted(packed: Path) -> None:
    """All messages, each keep, the app's own reaction on each message kept, and what it posted."""
    heard = []
    with Export(packed) as export:
        async with Slack(MANIFEST, speed=100, now=before_first(export)) as slack, librarian(slack):
            result = await replay(slack, export, progress=lambda: heard.append(1))
            stands = {channel.name: channel for channel in slack.world.channels.values()}
    assert (result.messages, result.keeps, result.acknowledged, result.posts) == (30, 7, 6, 2)
    assert result.json().keys() == {"messages", "keeps", "acknowledged", "posts", "seconds"}
    assert len(heard) == 30
    tips = stands["tips"].messages
    kept = tips["1767258120.000100"]
    assert (kept.user, kept.text[:6]) == ("U0BEN00001", "SQLite")
    assert kept.reactions == {"bulb": ["U0ANA00001"], "books": [slack.app.id]}
    assert tips["1767344460.000100"].edited == {"user": "U0CLEO0001", "ts": "1767344520.000000"}
    assert tips["1767259200.000100"].thread_ts == "1767258300.000200"


async def test_reactions_come_right_after_their_message_each_at_its_own_time(packed: Path) -> None:
    """Their `event_ts` grow by a millionth of a second; the clock stands at the message."""
    with Export(packed) as export:
        async with Slack(MANIFEST, speed=100, now=before_first(export)) as slack, librarian(slack):
            await replay(slack, export)
            given = [delivery.payload["event"] for delivery in slack.courier.deliveries if delivery.kind == "event"]
    bulbs = [event for event in given if event["item"]["ts"] == "1767258360.000100" and event["reaction"] != "books"]
    assert [(event["user"], event["event_ts"]) for event in bulbs] == [
        ("U0CLEO0001", "1767258360.000101"),
        ("U0ANA00001", "1767258360.000102"),
        ("U0ANA00001", "1767258360.000103"),
    ]


async def test_everybody_is_who_they_were(packed: Path) -> None:
    """Guests, the deactivated, those of another organisation, bots, and people whom the export does not list."""
    with Export(packed) as export:
        async with Slack(MANIFEST, speed=100, now=before_first(export)) as slack, librarian(slack):
            await replay(slack, export)
            people = slack.world.people
            starters = [one.payload["user_name"] for one in slack.courier.deliveries if one.kind == "command"]
            tips = slack.find_channel("tips").messages
    assert people["U0GIL00001"].is_ultra_restricted
    assert people["U0DAN00001"].deleted
    assert people["U0PIA00001"].team_id != slack.world.team_id
    assert people["U0PIA00001"].tz == "Etc/UTC"
    assert {"U0GONE0001", "U0ELSE0001", "USLACKBOT"} <= people.keys()
    [builds] = [message for message in tips.values() if message.subtype == "bot_message"]
    assert (people[builds.user].is_bot, builds.bot_id) == (True, "B0BUILDS01")
    assert starters == ["ana", "ana"]
    older = [message for message in tips.values() if message.subtype == "tombstone"]
    assert [message.thread_ts for message in older] == ["1763802000.000100"]


async def test_an_app_that_refuses_to_start_ends_it(packed: Path) -> None:
    """With who typed what, and what they were told."""
    with Export(packed) as export:
        async with Slack(MANIFEST, speed=100) as slack, librarian(slack):
            with pytest.raises(ReplayFailed, match="ana typed /share start in #tips: /share is not a valid command"):
                await replay(slack, export, habits=Habits(start="/share start"))


async def test_an_app_that_is_gone_ends_it(packed: Path) -> None:
    """As soon as it shows."""

    def check() -> None:
        raise AppFailed("The app ended by itself.")

    with Export(packed) as export:
        async with Slack(MANIFEST, speed=100) as slack, librarian(slack):
            with pytest.raises(AppFailed, match="ended by itself"):
                await replay(slack, export, check=check)


async def test_nothing_is_started_where_nothing_is_to_be(packed: Path) -> None:
    """With an empty start and other emoji, the app is only watched."""
    with Export(packed) as export:
        async with Slack(MANIFEST, speed=100) as slack, librarian(slack):
            result = await replay(slack, export, habits=Habits(start="", keep_emoji="tada", ack_emoji="tada"))
    assert (result.keeps, result.acknowledged, result.posts) == (1, 0, 0)
