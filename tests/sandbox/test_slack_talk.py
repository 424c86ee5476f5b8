"""What people write, and what each of them sees of it."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.elements import Impossible
from sandbox.records import SlackError
from sandbox.slack import Slack
from tests.sandbox.parrot import Parrot


async def test_a_message_says_what_slacks_client_makes_of_it(slack: Slack) -> None:
    """Signs escaped, people, channels and broadcasts as ids, addresses in angles; `raw` is left alone."""
    ben, channel = slack.find_person("ben"), slack.find_channel("learning")
    typed = "a < b & c > d: @ben in #learning, @here @nobody me@ben.io https://x.io/?a=1&b=2."
    message = await slack.says("ana", typed, in_="learning")
    assert message.text == (
        f"a &lt; b &amp; c &gt; d: <@{ben.id}> in <#{channel.id}|learning>, <!here> @nobody me@ben.io "
        "<https://x.io/?a=1&amp;b=2>."
    )
    assert slack.text_of(message) == typed
    assert (await slack.says("ana", "<!channel>", in_="learning", raw=True)).text == "<!channel>"


async def test_threads_edits_and_deletions_are_seen_and_heard(slack: Slack, parrot: Parrot) -> None:
    """A reply to a reply goes to the thread; the app hears each change."""
    root = await slack.says("ana", "How?", in_="learning")
    reply = await slack.says("ben", "So.", in_="learning", thread=root)
    again = await slack.says("ana", "Ah.", in_="learning", thread=reply, broadcast=True)
    await slack.edits("ben", reply, "So & so.")
    assert [slack.text_of(one) for one in slack.sees("ana").thread(root)] == ["So & so.", "Ah."]
    await slack.deletes("ana", again)
    assert slack.sees("ben").texts("learning") == ["How?", "So & so."]
    subtypes = [body["event"].get("subtype", "") for body in parrot.heard]
    assert subtypes == ["", "", "thread_broadcast", "message_changed", "message_deleted"]
    with pytest.raises(SlackError, match="cant_update_message"):
        await slack.edits("ana", reply, "Mine now.")


async def test_a_file_is_a_message_too(slack: Slack, parrot: Parrot) -> None:
    """Of the subtype that Slack gives it."""
    message = await slack.says("ana", "", in_="learning", files=["plan.pdf"])
    assert slack.text_of(message) == "[file: plan.pdf]"
    assert parrot.heard[0]["event"]["subtype"] == "file_share"
    [file] = parrot.heard[0]["event"]["files"]
    assert file["permalink"] == f"https://{slack.world.domain}.slack.com/files/{message.user}/{file['id']}/plan.pdf"


async def test_reactions_come_and_go_by_name(slack: Slack) -> None:
    """As a reader sees them."""
    message = await slack.says("ana", "Good.", in_="learning")
    await slack.reacts("ben", ":bulb:", message)
    await slack.reacts("ana", "bulb", message)
    await slack.unreacts("ben", "bulb", message)
    assert slack.sees("ben").reactions(message) == {"bulb": ["ana"]}
    assert slack.sees("cleo").reactions(message) == {}


async def test_everybody_sees_only_what_slack_would_show_them(slack: Slack) -> None:
    """Public channels all full members; guests and externals only their own; private ones only members."""
    slack.person("dan", external=True)
    slack.channel("secret", private=True, members=["ana"])
    for where in ("learning", "secret", "attic"):
        await slack.says("ana", f"In {where}.", in_=where)
    seen = {
        who: [words for words in ("learning", "secret", "attic") if f"In {words}." in slack.sees(who)]
        for who in ("ana", "ben", "cleo", "dan")
    }
    assert seen == {"ana": ["learning", "secret", "attic"], "ben": ["learning", "attic"], "cleo": ["attic"], "dan": []}
    await slack.deactivates("ben")
    assert slack.sees("ben").channels == []
    with pytest.raises(Impossible, match="ben is deactivated"):
        await slack.says("ben", "Still here?", in_="learning")


async def test_people_come_and_go(slack: Slack, parrot: Parrot) -> None:
    """A guest needs an invitation; who is not there invites nobody; the app hears of each."""
    with pytest.raises(Impossible, match="cleo cannot join #learning"):
        await slack.joins("cleo", "learning")
    with pytest.raises(Impossible, match="cleo is not in #learning"):
        await slack.invites("cleo", "ben", "learning")
    await slack.invites("ana", "cleo", "learning")
    await slack.leaves("cleo", "learning")
    await slack.archives("ana", "learning")
    heard = [body["event"] for body in parrot.heard if body["event"]["type"] != "message"]
    assert [event["type"] for event in heard] == ["member_joined_channel", "member_left_channel", "channel_archive"]
    assert heard[0]["inviter"] == slack.find_person("ana").id
    with pytest.raises(SlackError, match="is_archived"):
        await slack.says("ana", "Too late.", in_="learning")


async def test_what_the_app_writes_is_seen_where_it_belongs(slack: Slack) -> None:
    """A direct message by its reader; blocks as lines; a Home at home."""
    client = AsyncWebClient(token=slack.world.app.bot_token, base_url=slack.api_url)
    ana = slack.find_person("ana")
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Today"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"by <@{ana.id}> &amp; <https://x.io|others>"}]},
        {"type": "divider"},
    ]
    await client.chat_postMessage(channel=ana.id, text="Hello", blocks=blocks)
    await client.views_publish(user_id=ana.id, view={"type": "home", "blocks": blocks[:1]})
    sight = slack.sees("ana")
    assert [slack.text_of(message) for message in sight.dms] == ["Today\nby @ana & others\n---"]
    assert sight.home
    assert slack.text_of(sight.home) == "Today"
    assert "Home\n  Today" in str(sight)
    assert slack.sees("ben").dms == []
    assert [call.method for call in slack.calls("views.publish")] == ["views.publish"]


async def test_names_that_mean_nobody_say_so(slack: Slack) -> None:
    """In a sentence."""
    with pytest.raises(Impossible, match="There is nobody called zoe here"):
        slack.sees("zoe")
    with pytest.raises(Impossible, match="There is no channel called nowhere here"):
        await slack.says("ana", "Hello", in_="nowhere")
    with pytest.raises(ValueError, match="already somebody called ana"):
        slack.person("ana")
