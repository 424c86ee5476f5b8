"""Forms: filled in, submitted, refused, closed."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.elements import Impossible
from sandbox.records import View
from sandbox.slack import Slack
from tests.sandbox.parrot import Parrot, order_form, plain

TROUBLE = "We had some trouble connecting. Try again?"


async def opened(slack: Slack) -> View:
    """Ana's order form."""
    answer = await slack.types("ana", "/order", in_="learning")
    assert answer.form
    return answer.form


def answers(parrot: Parrot, *replies: dict[str, Any] | str | None) -> list[dict[str, Any]]:
    """Let the app answer submissions with these, one each; what it was sent gathers in the list returned."""
    sent: list[dict[str, Any]] = []
    left = list(replies)

    @parrot.bolt.view("order")
    async def submitted(ack: Callable[..., Any], body: dict[str, Any]) -> None:
        sent.append(body)
        reply = left.pop(0)
        await (ack(**reply) if isinstance(reply, dict) else ack(reply) if reply else ack())

    return sent


async def test_a_form_is_refused_at_a_field_and_then_taken(slack: Slack, parrot: Parrot) -> None:
    """Its words stay while it is open; at last it is closed."""
    sent = answers(parrot, {"response_action": "errors", "errors": {"what": "We have no soup."}}, None)
    form = await opened(slack)
    first = await slack.submits("ana", form, {"What": "soup", "size": "Large"})
    assert (first.errors, first.closed) == ({"what": "We have no soup."}, False)
    assert "What: [soup]" in slack.text_of(form)
    assert "! what: We have no soup." in str(slack.sees("ana"))
    second = await slack.submits("ana", form, {"what": "bread"})
    assert (second.errors, second.closed, second.failed) == ({}, True, "")
    assert slack.sees("ana").form is None
    values = sent[1]["view"]["state"]["values"]
    assert values["what"]["what"] == {"type": "plain_text_input", "value": "bread"}
    assert values["size"]["size"]["selected_option"]["value"] == "large"
    assert sent[0]["trigger_id"] != sent[1]["trigger_id"]


@pytest.mark.usefixtures("parrot")
async def test_the_client_refuses_before_the_app_is_asked(slack: Slack) -> None:
    """What is required and empty, too long, too short, or too many."""
    form = await opened(slack)
    empty = await slack.submits("ana", form)
    assert empty.errors == {"what": "Please complete this required field."}
    long = await slack.submits("ana", form, {"what": "x" * 21})
    assert long.errors == {"what": "Please use 20 characters or fewer; this is 21."}
    short = await slack.submits("ana", form, {"what": "x"})
    assert short.errors == {"what": "Please use 2 characters or more; this is 1."}
    for seed in ("a", "b", "c"):
        await slack.suggests("ana", form, "seeds", seed)
    many = await slack.submits("ana", form, {"what": "bread", "seeds": ["a", "b", "c"]})
    assert many.errors == {"seeds": "Please choose 2 at most."}
    assert [delivery.kind for delivery in slack.courier.deliveries].count("view_submission") == 0


async def test_a_menu_that_the_app_fills_takes_only_what_it_suggested(slack: Slack, parrot: Parrot) -> None:
    """Asked from the menu's shortest query on; chosen by the words or the value."""
    sent = answers(parrot, None)
    form = await opened(slack)
    assert await slack.suggests("ana", form, "Seeds", "") == []
    with pytest.raises(Impossible, match="“poppy” is not offered"):
        await slack.fills(form, {"seeds": ["poppy"]})
    options = await slack.suggests("ana", form, "Seeds", "poppy")
    assert options == [{"text": plain("Poppy"), "value": "poppy"}]
    asked = parrot.heard[-1]
    assert (asked["type"], asked["action_id"], asked["block_id"], asked["value"]) == (
        "block_suggestion",
        "seeds",
        "seeds",
        "poppy",
    )
    assert asked["container"] == {"type": "view", "view_id": form.id}
    await slack.submits("ana", form, {"what": "bread", "seeds": ["Poppy"]})
    chosen = sent[0]["view"]["state"]["values"]["seeds"]["seeds"]["selected_options"]
    assert [option["value"] for option in chosen] == ["poppy"]


async def test_suggestions_that_fail_say_so(slack: Slack, parrot: Parrot) -> None:
    """A refused request, and more options than Slack takes."""
    form = await opened(slack)
    parrot.statuses = [500]
    with pytest.raises(Impossible, match=r"could not be loaded: This app responded with Status Code 500"):
        await slack.suggests("ana", form, "seeds", "poppy")
    with pytest.raises(Impossible, match=r"could not be loaded: .*100"):
        await slack.suggests("ana", form, "seeds", "too many")


@pytest.mark.parametrize(
    "reply",
    [
        "Thank you!",
        {"response_action": "errors", "errors": {"nowhere": "This is no field."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": order_form(title=plain("A title that is far too long"))},
        {"response_action": "push", "view": {"type": "home", "blocks": []}},
    ],
)
async def test_an_answer_that_slack_does_not_understand_leaves_the_form_open(
    slack: Slack, parrot: Parrot, reply: dict[str, Any] | str
) -> None:
    """With the words in it, and Slack's sentence."""
    answers(parrot, reply)
    form = await opened(slack)
    answer = await slack.submits("ana", form, {"what": "bread"})
    assert (answer.failed, answer.closed) == (TROUBLE, False)
    assert "What: [bread]" in slack.text_of(form)


async def test_a_form_that_is_not_answered_in_time_stays_open(slack: Slack, parrot: Parrot) -> None:
    """Nor is it when the app fails; nothing is sent again."""
    form = await opened(slack)
    parrot.statuses = [500]
    failed = await slack.submits("ana", form, {"what": "bread"})
    assert (failed.failed, failed.error, form.open) == (TROUBLE, "dispatch_failed", True)
    parrot.held = asyncio.Event()
    submitting = asyncio.create_task(slack.submits("ana", form))
    await slack.until(lambda: len(parrot.retries) == 3)
    slack.clock.move(3)
    late = await submitting
    assert (late.failed, late.error, form.open) == (TROUBLE, "operation_timeout", True)


async def test_a_form_is_updated_pushed_upon_and_cleared(slack: Slack, parrot: Parrot) -> None:
    """An update keeps what was entered; a push lies on top; clear takes all away."""
    answers(
        parrot,
        {"response_action": "update", "view": order_form(title=plain("Again"))},
        {"response_action": "push", "view": order_form(title=plain("On top"))},
        {"response_action": "clear"},
    )
    form = await opened(slack)
    updated = await slack.submits("ana", form, {"what": "bread"})
    assert updated.form is form
    assert slack.text_of(form).startswith("Again\nWhat: [bread]")
    pushed = await slack.submits("ana", form)
    assert pushed.form
    assert pushed.form is not form
    assert slack.sees("ana").form is pushed.form
    cleared = await slack.submits("ana", pushed.form, {"what": "butter"})
    assert cleared.closed
    assert not form.open


@pytest.mark.usefixtures("parrot")
async def test_the_app_hears_of_a_closed_form_only_where_it_asked_to(slack: Slack) -> None:
    """By `notify_on_close`; nobody else can close it."""
    form = await opened(slack)
    with pytest.raises(Impossible, match="ben has no such form"):
        await slack.closes("ben", form)
    await slack.closes("ana", form)
    [closed] = [delivery.payload for delivery in slack.courier.deliveries if delivery.kind == "view_closed"]
    assert (closed["view"]["id"], closed["is_cleared"]) == (form.id, False)
    form = await opened(slack)
    del form.content["notify_on_close"]
    await slack.closes("ana", form)
    assert [delivery.kind for delivery in slack.courier.deliveries].count("view_closed") == 1
    with pytest.raises(Impossible, match="ana has no such form"):
        await slack.submits("ana", form)


@pytest.mark.usefixtures("parrot")
@pytest.mark.parametrize("with_state", [False, True])
async def test_what_stood_in_a_closed_form_is_told_only_where_a_test_says_so(slack: Slack, *, with_state: bool) -> None:
    """Slack documents it for forms that are submitted, and for no others."""
    assert slack.closes_with_state is False
    slack.closes_with_state = with_state
    form = await opened(slack)
    await slack.fills(form, {"what": "bread"})
    await slack.closes("ana", form)
    [closed] = [delivery.payload for delivery in slack.courier.deliveries if delivery.kind == "view_closed"]
    values = closed["view"]["state"]["values"]
    assert [one["what"]["value"] for one in values.values() if "what" in one] == (["bread"] if with_state else [])


@pytest.mark.usefixtures("parrot")
async def test_an_input_that_acts_at_once_tells_the_app(slack: Slack) -> None:
    """`dispatch_action` on an input, as it is filled in."""
    form = await opened(slack)
    form.content["blocks"][1]["dispatch_action"] = True
    await slack.fills(form, {"size": "Small", "what": "bread"})
    [sent] = [delivery.payload for delivery in slack.courier.deliveries if delivery.kind == "block_actions"]
    assert sent["actions"][0]["selected_option"]["value"] == "small"
    assert sent["view"]["state"]["values"]["size"]["size"]["selected_option"]["value"] == "small"
    assert "response_url" not in sent


async def test_a_trigger_opens_a_form_for_three_seconds(slack: Slack, parrot: Parrot) -> None:
    """An app that takes longer opens none, and the person is told that it did not answer."""
    parrot.held = asyncio.Event()
    typing = asyncio.create_task(slack.types("ana", "/order", in_="learning"))
    await slack.until(lambda: parrot.retries)
    slack.clock.move(3.1)
    answer = await typing
    parrot.held.set()
    [call] = await slack.until(lambda: slack.calls("views.open"))
    assert call.error == "expired_trigger_id"
    assert answer.form is None
