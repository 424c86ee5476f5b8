"""Forms and Homes over the Web API: triggers, hashes, what was entered."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.api.acme import Acme, Refusal


def plain(words: str) -> dict[str, Any]:
    """A plain text."""
    return {"type": "plain_text", "text": words}


def words(**more: object) -> dict[str, Any]:
    """An input of words."""
    element = {"type": "plain_text_input", "action_id": "words"} | more
    return {"type": "input", "block_id": "what", "label": plain("What I learned"), "element": element}


def form(*blocks: dict[str, Any], **more: object) -> dict[str, Any]:
    """A form."""
    return {"type": "modal", "title": plain("Share"), "submit": plain("Send"), "blocks": [*blocks]} | more


async def test_a_form_opens_for_whoever_caused_it(client: AsyncWebClient, acme: Acme) -> None:
    """With what its inputs begin with."""
    trigger = acme.world.new_trigger(acme.ana)
    view = (await client.views_open(trigger_id=trigger, view=form(words(initial_value="A draft"))))["view"]
    assert acme.world.views[view["id"]].user == acme.ana
    assert view["state"]["values"] == {"what": {"words": {"type": "plain_text_input", "value": "A draft"}}}
    assert (view["root_view_id"], view["previous_view_id"], view["app_id"]) == (view["id"], None, acme.world.app.id)


async def test_a_trigger_lives_three_real_seconds_and_opens_one_form(
    client: AsyncWebClient, acme: Acme, refusal: Refusal
) -> None:
    """Then it is expired, or exchanged."""
    trigger = acme.world.new_trigger(acme.ana)
    late = acme.world.new_trigger(acme.ana)
    await client.views_open(trigger_id=trigger, view=form(words()))
    assert await refusal(client.views_open(trigger_id=trigger, view=form(words()))) == "exchanged_trigger_id"
    acme.world.clock.move(3.1)
    assert await refusal(client.views_open(trigger_id=late, view=form(words()))) == "expired_trigger_id"


async def test_a_bad_form_does_not_spend_the_trigger(client: AsyncWebClient, acme: Acme) -> None:
    """The reasons name each place."""
    trigger = acme.world.new_trigger(acme.ana)
    with pytest.raises(SlackApiError, match=r"must be less than 25 characters \[json-pointer:/view/title/text\]"):
        await client.views_open(trigger_id=trigger, view=form(words(), title=plain("x" * 25)))
    assert (await client.views_open(trigger_id=trigger, view=form(words())))["ok"]


async def test_forms_lie_three_deep_and_no_deeper(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """Each is pushed from the one below."""
    trigger = acme.world.new_trigger(acme.ana)
    views = [(await client.views_open(trigger_id=trigger, view=form(words())))["view"]]
    for _ in range(2):
        trigger = acme.world.new_trigger(acme.ana, view=views[-1]["id"])
        views.append((await client.views_push(trigger_id=trigger, view=form(words())))["view"])
    assert {view["root_view_id"] for view in views} == {views[0]["id"]}
    assert [view["previous_view_id"] for view in views] == [None, views[0]["id"], views[1]["id"]]
    trigger = acme.world.new_trigger(acme.ana, view=views[-1]["id"])
    assert await refusal(client.views_push(trigger_id=trigger, view=form(words()))) == "push_limit_reached"


async def test_an_update_keeps_what_was_entered(client: AsyncWebClient, acme: Acme) -> None:
    """Where block_id, action_id and type stayed; elsewhere the input begins anew."""
    trigger = acme.world.new_trigger(acme.ana)
    opened = (await client.views_open(trigger_id=trigger, view=form(words())))["view"]
    acme.world.views[opened["id"]].state["what"]["words"]["value"] = "Typed."
    kept = (await client.views_update(view_id=opened["id"], view=form(words(initial_value="Other"))))["view"]
    assert kept["state"]["values"]["what"]["words"]["value"] == "Typed."
    anew = (await client.views_update(view_id=opened["id"], view=form(words(action_id="more"))))["view"]
    assert anew["state"]["values"] == {"what": {"more": {"type": "plain_text_input", "value": None}}}


async def test_an_update_of_an_older_form_is_a_conflict(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """Each update has its hash; a closed form is not found."""
    trigger = acme.world.new_trigger(acme.ana)
    opened = (await client.views_open(trigger_id=trigger, view=form(words(), external_id="share-1")))["view"]
    newer = (await client.views_update(external_id="share-1", view=form(words()), hash=opened["hash"]))["view"]
    stale = client.views_update(view_id=opened["id"], view=form(words()), hash=opened["hash"])
    assert newer["hash"] != opened["hash"]
    assert await refusal(stale) == "hash_conflict"
    acme.world.views[opened["id"]].open = False
    assert await refusal(client.views_update(view_id=opened["id"], view=form(words()))) == "not_found"


async def test_only_the_form_that_was_named_changes(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """Ben's stays as it was; a form does not become a Home."""
    opened = [
        (await client.views_open(trigger_id=acme.world.new_trigger(who), view=form(words())))["view"]["id"]
        for who in (acme.ben, acme.ana)
    ]
    await client.views_update(view_id=opened[1], view=form(words(), private_metadata="", title=plain("Changed")))
    titles = [acme.world.views[view_id].content["title"]["text"] for view_id in opened]
    assert titles == ["Share", "Changed"]
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert await refusal(client.views_update(view_id=opened[1], view=home)) == "invalid_arguments"


async def test_an_external_id_names_one_form(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """A second open form with it is refused."""
    for expected in ("", "duplicate_external_id"):
        call = client.views_open(trigger_id=acme.world.new_trigger(acme.ana), view=form(words(), external_id="one"))
        if expected:
            assert await refusal(call) == expected
        else:
            await call


async def test_a_home_is_one_a_person(client: AsyncWebClient, acme: Acme, refusal: Refusal) -> None:
    """Published again it keeps its id; a manifest without a Home tab has none."""
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = (await client.views_publish(user_id=acme.ana, view=home))["view"]
    again = (await client.views_publish(user_id=acme.ana, view=home, hash=first["hash"]))["view"]
    assert first["id"] == again["id"] == acme.world.homes[acme.ana].id
    acme.world.app.manifest = {}
    assert await refusal(client.views_publish(user_id=acme.ana, view=home)) == "not_enabled"


async def test_a_view_of_more_than_250_kilobytes_is_too_large(
    client: AsyncWebClient, acme: Acme, refusal: Refusal
) -> None:
    """Whatever its blocks."""
    blocks = [{"type": "section", "text": plain("x" * 2600)} for _ in range(100)]
    call = client.views_open(trigger_id=acme.world.new_trigger(acme.ana), view=form(*blocks))
    assert await refusal(call) == "view_too_large"
