"""The people's acts over HTTP, as another program does them."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.slack import Slack
from tests.sandbox.parrot import Parrot

NO_NUMBER = "rate: Input should be a valid number, unable to parse string as a number"
NO_KIND = (
    "kind: Input should be '429', 'error before', 'error after', 'page before', 'page after', 'dropped before', "
    "'dropped after', 'delayed before', 'delayed after', 'repeated', 'overtaken', 'late', 'closed', "
    "'refreshed', 'silent', 'closed before ack' or 'closed after ack'"
)


class Remote:
    """Another program."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session, self._base = session, base

    async def do(self, act: str, status: int = 200, **body: object) -> Any:
        """Do something, and return what was answered."""
        async with self._session.post(f"{self._base}/sandbox/{act}", json=body) as response:
            answer = await response.json()
            assert response.status == status, answer
            return answer

    async def look(self, what: str, status: int = 200) -> Any:
        """Look at something."""
        async with self._session.get(f"{self._base}/sandbox/{what}") as response:
            assert response.status == status
            return await response.json()


@pytest.fixture
async def remote(slack: Slack) -> AsyncIterator[Remote]:
    """Another program beside the workspace."""
    async with aiohttp.ClientSession() as session:
        yield Remote(session, slack.world.base_url)


async def test_people_talk_over_http(remote: Remote, parrot: Parrot) -> None:
    """They come, write, react, edit and delete, and what they see is told."""
    await remote.do("person", name="dora", guest="multi")
    await remote.do("channel", name="secret", private=True, members=["ana", "dora"])
    said = (await remote.do("says", who="ana", text="Hush & hide.", channel="secret"))["message"]
    place = {"channel": said["channel"], "ts": said["ts"]}
    given = await remote.do("reacts", who="dora", emoji="bulb", message=place)
    assert given == {"reactions": {"bulb": ["dora"]}}
    await remote.do("edits", who="ana", message=place, text="Hush.")
    seen = await remote.look("sees/dora")
    assert "ana: Hush. (edited)" in seen["text"]
    assert [one["text"] for one in seen["channels"][place["channel"]]["messages"]] == ["Hush."]
    assert await remote.do("unreacts", who="dora", emoji="bulb", message=place) == {"reactions": {}}
    await remote.do("deletes", who="ana", message=place)
    assert (await remote.look("sees/ana"))["channels"][place["channel"]]["messages"] == []
    assert [body["event"]["type"] for body in parrot.heard] == ["reaction_added", "reaction_removed"]


async def test_channels_change_over_http(remote: Remote, slack: Slack) -> None:
    """Who is in them, their names, whether they are open."""
    await remote.do("joins", who="ben", channel="attic")
    await remote.do("invites", who="ben", whom="parrot", channel="attic")
    await remote.do("removes", who="ben", whom="cleo", channel="attic")
    await remote.do("leaves", who="ben", channel="attic")
    await remote.do("renames", who="ana", channel="attic", name="loft")
    await remote.do("converts", who="ana", channel="loft", private=True)
    await remote.do("archives", who="ana", channel="loft")
    loft = slack.find_channel("loft")
    assert (loft.is_private, loft.is_archived) == (True, True)
    assert list(loft.members) == [slack.find_person("ana").id, slack.app.id]
    await remote.do("unarchives", who="ana", channel="loft")
    await remote.do("deactivates", whom="ana")
    assert (await remote.look("sees/ana"))["channels"] == {}


@pytest.mark.usefixtures("parrot")
async def test_a_command_and_its_button_over_http(remote: Remote) -> None:
    """The private words have an id, on which the button is pressed."""
    answer = await remote.do("types", who="ana", line="/echo hello", channel="learning")
    assert answer["text"] == "You said hello\n[Again]"
    pressed = await remote.do("presses", who="ana", what="Again", on={"ephemeral": answer["ephemeral"]})
    assert pressed["text"] == "Said again."
    [shown] = (await remote.look("sees/ana"))["ephemerals"]
    assert (shown["id"], shown["text"]) == (answer["ephemeral"], "Said again.")


@pytest.mark.usefixtures("parrot")
async def test_a_form_over_http(remote: Remote) -> None:
    """Opened, looked through, filled in, refused by the client, closed."""
    form = (await remote.do("types", who="ana", line="/order", channel="learning"))["form"]
    found = await remote.do("suggests", who="ana", on={"form": form["id"]}, menu="seeds", typed="poppy")
    assert [option["value"] for option in found["options"]] == ["poppy"]
    filled = await remote.do("fills", form=form["id"], values={"seeds": ["poppy"]})
    assert filled["form"]["state"]["values"]["seeds"]["seeds"]["selected_options"][0]["value"] == "poppy"
    refused = await remote.do("submits", who="ana", form=form["id"], values={"size": "Small"})
    assert refused["errors"] == {"what": "Please complete this required field."}
    await remote.do("closes", who="ana", form=form["id"])
    assert (await remote.look("sees/ana"))["form"] is None
    kinds = [one["kind"] for one in (await remote.look("deliveries"))["deliveries"]]
    assert kinds == ["command", "block_suggestion", "view_closed"]
    [call] = (await remote.look("calls?method=views.open"))["calls"]
    assert (call["method"], call["error"]) == ("views.open", None)
    assert "token" not in call["args"]


async def test_the_clock_over_http(remote: Remote, slack: Slack) -> None:
    """It is moved, set and sped up; a change of speed is no jump."""
    before = slack.clock.passed()
    shown = await remote.do("clock", move=60, set=1_700_000_000, speed=1000)
    assert 1_700_000_060 <= shown["now"] < 1_700_000_100
    assert 60 <= shown["passed"] - before < 100
    assert (await remote.do("clock", 409, move=-1))["error"].startswith("Time passes forwards only")
    assert (await remote.do("clock", 409, speed=0))["error"] == "The clock's speed is a number above 0."


async def ask_slack(slack: Slack) -> None:
    """Call the Web API as the app does."""
    url, fields = f"{slack.api_url}auth.test", {"token": slack.world.app.bot_token}
    async with aiohttp.ClientSession() as session, session.post(url, data=fields):
        pass


async def test_faults_over_http(remote: Remote, slack: Slack) -> None:
    """Put in force, seen to strike, counted, ended; what people do over HTTP is never struck."""
    wanted = {"method": "*", "kind": "dropped after", "rate": 1.0, "times": None, "seconds": None, "status": None}
    assert await remote.do("fails", method="*", kind="dropped after", seed=7) == {"in_force": [wanted], "struck": {}}
    with pytest.raises(aiohttp.ClientError):
        await ask_slack(slack)
    await remote.do("says", who="ana", text="Untouched.", channel="learning")
    assert await remote.look("faults") == {"in_force": [wanted], "struck": {"dropped after": 1}}
    [call] = (await remote.look("calls"))["calls"]
    assert (call["method"], call["error"], call["fault"]) == ("auth.test", None, "dropped after")
    assert await remote.do("mends") == {"in_force": [], "struck": {"dropped after": 1}}


async def test_a_seed_over_http_repeats_what_is_struck(remote: Remote, slack: Slack) -> None:
    """The same calls, twice."""
    runs = []
    for _ in range(2):
        await remote.do("fails", method="auth.test", kind="error before", rate=0.5, seed=7)
        for _ in range(20):
            await ask_slack(slack)
        runs.append([call.error for call in slack.calls()][-20:])
        await remote.do("mends")
    assert runs[0] == runs[1]
    assert 0 < runs[0].count(None) < 20


async def test_shortcuts_and_the_apps_address_over_http(remote: Remote, slack: Slack, parrot: Parrot) -> None:
    """Without an app, who used it reads so."""
    assert (await remote.do("app", url="")) == {"url": ""}
    answer = await remote.do("uses", who="ana", shortcut="Order something")
    assert answer["error"] == "dispatch_failed"
    assert slack.app_url == ""
    assert parrot.heard == []


@pytest.mark.parametrize(
    ("act", "body", "status", "sentence"),
    [
        ("says", {"who": "zoe", "text": "Hi", "channel": "learning"}, 409, "There is nobody called zoe here."),
        ("says", {"who": "cleo", "text": "Hi", "channel": "learning"}, 409, "Slack refuses this: not_in_channel"),
        ("says", {"who": "ana", "channel": "learning"}, 400, "text: Field required"),
        (
            "says",
            {"who": "ana", "text": "Hi", "channel": "learning", "loud": 1},
            400,
            "loud: Extra inputs are not permitted",
        ),
        ("person", {"name": "ana"}, 409, "There is already somebody called ana."),
        ("closes", {"who": "ana", "form": "V1"}, 409, "There is no form or Home with the id V1."),
        (
            "presses",
            {"who": "ana", "what": "x", "on": {}},
            400,
            "on: Value error, name one of message, ephemeral and form",
        ),
        (
            "presses",
            {"who": "ana", "what": "x", "on": {"ephemeral": "e"}},
            409,
            "There are no private words with the id e.",
        ),
        (
            "fails",
            {"method": "chat.shout", "kind": "429"},
            409,
            "“429” cannot strike “chat.shout”: that is no method of the Web API.",
        ),
        ("fails", {"method": "*", "kind": "429", "rate": 2}, 409, "A fault's rate is a number from 0 to 1."),
        ("fails", {"method": "*", "kind": "429", "rate": "often"}, 400, NO_NUMBER),
        ("fails", {"method": "*", "kind": "hiccup"}, 400, NO_KIND),
        ("fails", {"kind": "429"}, 400, "method: Field required"),
        ("mends", {"method": "*"}, 400, "method: Extra inputs are not permitted"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_a_sentence(
    remote: Remote, act: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    """And with a 4xx."""
    assert await remote.do(act, status, **body) == {"error": sentence}


async def test_what_is_no_json_is_answered_with_a_sentence(slack: Slack) -> None:
    """As is whom nobody knows."""
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{slack.world.base_url}/sandbox/says", data=b"{") as response:
            assert response.status == 400
            assert (await response.json())["error"].startswith("the body: Invalid JSON")
        async with session.get(f"{slack.world.base_url}/sandbox/sees/zoe") as response:
            assert (response.status, await response.json()) == (404, {"error": "There is nobody called zoe here."})
