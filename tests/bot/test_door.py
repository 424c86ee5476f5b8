"""The front door: what comes in, what is turned away and how, and what is logged of it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import BoltResponse
from starlette.applications import Starlette
from starlette.types import Message
from structlog.testing import capture_logs

from bot.payloads import LARGEST
from tests.bot.doorstep import (
    COMMAND,
    EVENT,
    FORM,
    FORM_SENT,
    GENUINE,
    JSON,
    NOW,
    PRESS,
    House,
    Spoken,
    call,
    form,
    written,
)


@pytest.fixture
def house() -> House:
    """A door with a house behind it that says 200 to everything."""
    return House()


@pytest.mark.parametrize("payload", GENUINE, ids=lambda payload: payload.get("type", "command"))
async def test_a_signed_request_goes_on_as_its_payload(house: House, payload: dict[str, Any]) -> None:
    """Whatever its kind."""
    raw, kind = written(payload)
    reply = await house.send(raw, kind)
    assert reply.status == 200
    assert [taken for taken, _ in house.taken] == [payload]


@pytest.mark.parametrize("words", ["payload=1&x", "the payload was big"])
async def test_a_command_with_the_word_payload_in_it_goes_on(house: House, words: str) -> None:
    """The words that Bolt would lose."""
    await house.send(form(COMMAND | {"text": words}), FORM)
    assert house.taken[0][0]["text"] == words


async def test_retries_are_told_of_and_other_headers_are_not(house: House) -> None:
    """Bolt lets a header of its own choose the listener to run: nobody outside may."""
    raw = json.dumps(EVENT).encode()
    more = {"x_slack_retry_num": "1", "x_slack_retry_reason": "http_timeout", "x_slack_bolt_lazy_only": "1"}
    await house.send(raw, JSON, **more, cookie="a=b")
    assert house.taken[0][1] == {
        "content-type": [JSON],
        "x-slack-retry-num": ["1"],
        "x-slack-retry-reason": ["http_timeout"],
    }


async def test_an_answer_comes_back_as_it_was_given(house: House) -> None:
    """Status, text and every header, those of Bolt's own answers too; the length is counted here."""
    bolts = BoltResponse(status=201, body={"text": "é"}, headers={"x-two": ["a", "b"], "content-length": "1"})
    house.answer = Spoken(bolts.status, bolts.body, bolts.headers)
    reply = await house.send(*written(COMMAND))
    assert (reply.status, json.loads(reply.body)) == (201, {"text": "é"})
    assert reply.headers["content-type"] == "application/json;charset=utf-8"
    assert reply.headers.getlist("content-length") == [str(len(reply.body))]
    assert reply.headers.getlist("x-two") == ["a", "b"]
    house.answer = Spoken()
    assert (await house.send(*written(COMMAND))).body == b""


async def test_slacks_question_for_the_address_is_answered_here(house: House) -> None:
    """`url_verification` gets its challenge back."""
    reply = await house.send(json.dumps({"type": "url_verification", "challenge": "3eZbr"}).encode())
    assert (reply.status, json.loads(reply.body)) == (200, {"challenge": "3eZbr"})
    assert not house.taken


async def test_slacks_look_at_the_certificate_is_answered_unsigned(house: House) -> None:
    """It may come without a signature, and nothing happens."""
    reply = await house.send(b"ssl_check=1&token=x", FORM, x_slack_signature=None, x_slack_request_timestamp=None)
    assert (reply.status, reply.body) == (200, b"")
    assert not house.taken


async def test_events_held_back_are_logged_and_acknowledged(house: House) -> None:
    """Slack says so with `app_rate_limited`, which Bolt would answer 404."""
    with capture_logs() as lines:
        reply = await house.send(b'{"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1518467820}')
    assert reply.status == 200
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == [
        "Slack is holding events back: more than 30,000 an hour in one workspace"
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"x_slack_signature": None},
        {"x_slack_request_timestamp": None},
        {"x_slack_signature": "v0=" + "0" * 64},
        {"x_slack_signature": "v0=é"},
        {"x_slack_request_timestamp": "yesterday"},
        {"x_slack_request_timestamp": "²"},
        {"x_slack_request_timestamp": str(int(NOW) - 301)},
        {"x_slack_request_timestamp": str(int(NOW) + 301)},
    ],
)
async def test_what_slack_did_not_sign_just_now_is_401(house: House, changed: dict[str, str | None]) -> None:
    """Missing, wrong, old, from the future, not even a number: one status, a sentence, and nothing goes on."""
    reply = await house.send(json.dumps(EVENT).encode(), JSON, **changed)
    assert reply.status == 401
    assert reply.text.endswith(".")
    assert not house.taken


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "", None])
async def test_another_content_type_is_415(house: House, kind: str | None) -> None:
    """Nothing else comes from Slack."""
    assert (await house.send(json.dumps(EVENT).encode(), content_type=kind)).status == 415


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b'{"type": "event_callback", "ev', JSON),
        (b"[]", JSON),
        (b'{"type": NaN}', JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"a":' * 90_000, JSON),
        (b"\xff", JSON),
        (b"", JSON),
        (b"", FORM),
        (b"payload=nonsense", FORM),
        (form({"command": "/share"}), FORM),
        (form(PRESS | {"actions": []}), FORM),
        (form(FORM_SENT | {"view": "V1"}), FORM),
    ],
)
async def test_a_malformed_payload_is_400_with_one_sentence(house: House, raw: bytes, kind: str) -> None:
    """Signed as it is: it says what is wrong, and stays outside."""
    reply = await house.send(raw, kind)
    assert reply.status == 400
    assert reply.text.count(".") == 1
    assert not house.taken


async def test_an_unknown_type_is_404_with_a_sentence(house: House) -> None:
    """Something Slack may send one day."""
    reply = await house.send(b'{"type": "something_new"}')
    assert (reply.status, reply.text) == (404, "The payload is of a type that Outloud doesn't know.")


@pytest.mark.parametrize("length", ["abc", "-1", "1.5", "", "²"])
async def test_a_length_that_is_no_number_is_400(house: House, length: str) -> None:
    """Before anything is read."""
    reply = await house.send(b"{}", content_length=length)
    assert (reply.status, reply.text) == (400, "The Content-Length is not a number.")


async def test_two_lengths_are_400(house: House) -> None:
    """Which of them counts is how requests are smuggled."""
    twice = [("content-type", JSON), ("content-length", "2"), ("content-length", "2")]
    assert (await call(house.application, twice, [b"{}"])).status == 400


@pytest.mark.parametrize("length", [str(LARGEST + 1), "9" * 5000])
async def test_a_body_that_says_it_is_too_large_is_413_unread(house: House, length: str) -> None:
    """Not a byte of it is read, and the connection ends."""
    body = [b"x"]
    reply = await call(house.application, [("content-type", JSON), ("content-length", length)], body)
    assert (reply.status, reply.headers["connection"]) == (413, "close")
    assert body == [b"x"]


async def test_a_body_that_grows_too_large_is_413_at_the_limit(house: House) -> None:
    """In chunks, with no length given: what lies beyond the limit stays unread."""
    body = [b"x" * (LARGEST // 4)] * 10
    reply = await call(house.application, [("content-type", JSON)], body)
    assert (reply.status, reply.headers["connection"]) == (413, "close")
    assert len(body) == 5


async def test_the_largest_body_is_taken(house: House) -> None:
    """2 MiB, to the byte, in pieces."""
    raw = form(COMMAND) + b"&more="
    raw += b"x" * (LARGEST - len(raw))
    assert (await house.send(raw, FORM)).status == 200
    assert (await house.send(raw + b"x", FORM)).status == 413


async def test_an_edit_of_the_longest_message_is_taken(house: House) -> None:
    """Slack takes 40,000 characters, and tells of an edit what it says and what it said, as text and as blocks, in ASCII."""
    said = "щ" * 40_000
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": said}]}
    message = {"type": "message", "user": "U1", "ts": "1.1", "text": said}
    blocks = [{"type": "rich_text", "elements": [line]}]
    event = {"type": "message", "subtype": "message_changed", "message": message | {"blocks": blocks}}
    event["previous_message"] = event["message"]
    assert (await house.send(json.dumps({**EVENT, "event": event}).encode())).status == 200


async def test_a_body_that_does_not_come_is_408() -> None:
    """After 3 seconds Slack has given up: so does the door. Here it has no patience at all."""
    house = House(patience=0.0)
    reply = await call(house.application, [("content-type", JSON)], [], end="never")
    assert (reply.status, reply.headers["connection"]) == (408, "close")


async def test_a_connection_that_ends_within_the_body_is_no_failure(house: House) -> None:
    """Nobody hears the answer; the log says what it was."""
    with capture_logs() as lines:
        reply = await call(house.application, [("content-type", JSON)], [b"{"], end="cut")
    assert reply.status == 400
    assert [line["log_level"] for line in lines] == ["info"]


async def test_what_fails_behind_the_door_is_500_with_a_sentence(house: House) -> None:
    """Slack delivers an event again; nobody outside learns why."""
    house.error = ValueError("what Ana wrote")
    with capture_logs() as lines:
        reply = await house.send(*written(EVENT))
    assert (reply.status, reply.text) == (500, "Outloud could not take this in. Its log says why.")
    assert [line["log_level"] for line in lines] == ["error", "info"]


async def test_an_answer_that_is_none_is_500_too(house: House) -> None:
    """A header that HTTP can't carry, say."""
    house.answer = Spoken(headers={"x-name": ["✓"]})
    assert (await house.send(*written(EVENT))).status == 500


async def test_a_request_is_logged_without_its_words(house: House) -> None:
    """Path, status, what kind it was and how long it took."""
    with capture_logs() as lines:
        await house.send(form(COMMAND | {"text": "the secret plan"}), FORM)
        await house.send(form(COMMAND | {"text": "the secret plan"}), FORM, x_slack_signature="v0=wrong")
    taken, refused = lines
    assert taken.pop("ms") >= 0
    assert taken == {
        "event": "request",
        "log_level": "info",
        "path": "/slack/events",
        "what": "command /share",
        "status": 200,
    }
    assert refused["reason"].startswith("The signature is wrong.")
    assert "secret plan" not in str(lines)
    assert "v0=" not in str(lines)


async def test_it_lives_while_it_answers(house: House) -> None:
    """`/healthz` says ok, whatever the database does."""
    house.reasons = ["The database is away."]
    reply = await house.ask("/healthz")
    assert (reply.status, reply.text) == (200, "ok")


async def test_it_is_ready_when_there_is_no_reason_not_to_be(house: House) -> None:
    """`/readyz` is what sends traffic here or elsewhere, and names its reasons."""
    assert (await house.ask("/readyz")).status == 200
    house.reasons = ["The database is away."]
    reply = await house.ask("/readyz")
    assert (reply.status, json.loads(reply.body)) == (503, {"ready": False, "reasons": ["The database is away."]})


async def test_readiness_that_cannot_be_known_is_none(house: House) -> None:
    """The question itself failed; the answer tells nobody why."""
    house.readiness_error = ValueError("what Ana wrote")
    reply = await house.ask("/readyz")
    assert reply.status == 503
    assert "Ana" not in reply.text


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "GET", 404), ("/slack/events", "GET", 405), ("/healthz", "POST", 405)]
)
async def test_there_are_three_ways_in_and_no_other(house: House, path: str, method: str, status: int) -> None:
    """Other paths and methods are plain errors."""
    assert (await house.ask(path, method)).status == status


async def test_while_it_stops_nothing_new_is_taken(house: House) -> None:
    """From the moment that the shutdown begins: Slack is asked to come again, a load balancer to look elsewhere."""
    steps: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    said: list[str] = []

    async def receive() -> Message:
        return steps.pop(0)

    async def send(message: Message) -> None:
        said.append(message["type"])
        if message["type"] == "lifespan.startup.complete":
            assert (await house.ask("/readyz")).status == 200

    await house.application({"type": "lifespan", "state": {}}, receive, send)
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    ready, event = await house.ask("/readyz"), await house.send(*written(EVENT))
    assert (ready.status, event.status) == (503, 503)
    assert not house.taken
    assert isinstance(house.application, Starlette)


@given(
    raw=st.binary(max_size=300) | st.text().map(str.encode), kind=st.sampled_from([JSON, FORM]), signed=st.booleans()
)
async def test_no_bytes_make_it_fail(raw: bytes, kind: str, *, signed: bool) -> None:
    """Signed or not, whatever they are: a clean 4xx, or 200."""
    house = House()
    reply = await house.send(raw, kind, **({} if signed else {"x_slack_signature": "v0=no"}))
    assert reply.status in {200, 400, 401, 404}


@given(data=st.data(), payload=st.sampled_from(GENUINE))
async def test_no_bent_request_makes_it_fail(data: st.DataObject, payload: dict[str, Any]) -> None:
    """A genuine one cut, with bytes changed, or with a field taken out."""
    if data.draw(st.booleans()):
        bent = copy.deepcopy(payload)
        del bent[data.draw(st.sampled_from(sorted(bent)))]
        raw, kind = written(bent)
    else:
        raw, kind = written(payload)
        at = data.draw(st.integers(0, len(raw)))
        raw = raw[:at] + data.draw(st.binary(max_size=3)) + raw[at + data.draw(st.integers(0, 3)) :]
    reply = await House().send(raw, kind)
    assert reply.status in {200, 400, 404}
