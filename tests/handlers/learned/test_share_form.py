"""Share by the form: what it offers, what it refuses at which field, and that no words are lost."""

from __future__ import annotations

import copy

import pytest

from sandbox.records import Channel, View
from sandbox.slack import Slack
from tests.again import again, last, send
from tests.conftest import BY_EITHER_DOOR
from tests.memory import Memory
from tests.sights import CONTROLS, cards


@pytest.fixture
async def form(slack: Slack, pocket: Channel) -> View:
    """The form to share, open before ben."""
    opened = await slack.types("ben", "/share", in_=pocket)
    assert opened.form is not None
    return opened.form


@BY_EITHER_DOOR
async def test_the_form_shares_what_was_entered(slack: Slack, pocket: Channel, form: View, memory: Memory) -> None:
    """Words, why, topics, kind and name: all stand in the learning and on its one card."""
    typed = await slack.suggests("ben", form, "topics", "#Incident review")
    entered = {
        "words": "Rotate keys before the holidays.",
        "why": "Nobody is there to do it then.",
        "topics": [typed[-1]["value"]],
        "kind": "Idea",
    }
    sent = await slack.submits("ben", form, entered)
    assert sent.closed, sent.errors
    await memory.settled()
    (learning,) = memory.learnings()
    assert (learning.words, learning.why) == (entered["words"], entered["why"])
    assert (learning.topics, learning.kind, learning.without_name) == (("incident-review",), "idea", False)
    (card,) = cards(slack, "ana", pocket)
    assert "by @ben  ·  Idea ·  #incident-review" in card


async def test_whoever_shared_by_the_form_can_undo_it_too(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """The same private words come as after the command."""
    await slack.submits("ben", form, {"words": "Too early"})
    await memory.settled()
    (shown,) = [one for one in slack.sees("ben").ephemerals if "Shared" in one.text]
    await slack.presses("ben", "Undo", on=shown)
    await memory.settled()
    assert cards(slack, "ana", pocket) == []


async def test_without_a_name_nobody_sees_who_it_was(slack: Slack, pocket: Channel, form: View, memory: Memory) -> None:
    """Neither the card, nor its notification, nor anything else in Slack tells."""
    await slack.submits("ben", form, {"words": "I was wrong about caching", "name": "Without my name"})
    await memory.settled()
    (learning,) = memory.learnings()
    assert learning.without_name
    (card,) = [one for one in slack.sees("cleo").channel(pocket) if "caching" in one.text]
    ben = slack.find_person("ben").id
    assert ben not in card.text + str(card.blocks) + str(card.metadata)
    assert "by somebody in this pocket" in slack.text_of(card)


async def test_a_form_that_says_nothing_of_the_name_shares_nothing(slack: Slack, form: View, memory: Memory) -> None:
    """A name is never guessed: it could not be taken back."""
    await slack.submits("ben", form, {"words": "fine"})
    payload = last(slack, "view_submission")
    payload["view"]["private_metadata"] = payload["view"]["private_metadata"].replace('"key":"', '"key":"x')
    del payload["view"]["state"]["values"]["name"]
    answer = (await send(slack, "view_submission", payload)).json()
    assert answer is not None
    assert "whether your name stands" in answer["errors"]["name"]
    assert len(memory.learnings()) == 1


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("Learning", "shared a learning"),
        ("Question", "asked a question"),
        ("Idea", "shared an idea"),
        ("Story", "told a story"),
        ("Working on", "told what they are working on"),
    ],
)
async def test_a_notification_says_what_kind_it_is(  # noqa: PLR0917 -- fixtures and cases
    slack: Slack, pocket: Channel, form: View, memory: Memory, kind: str, says: str
) -> None:
    """A question is not announced as a learning."""
    await slack.submits("ben", form, {"words": "Which is it?", "kind": kind})
    await memory.settled()
    ben = slack.find_person("ben").id
    assert f"<@{ben}> {says}: Which is it?" in [one.text for one in slack.sees("ana").channel(pocket)]


@BY_EITHER_DOOR
async def test_topics_of_the_pocket_are_suggested_and_new_ones_too(slack: Slack, pocket: Channel, form: View) -> None:
    """The most used come first; what is typed is offered as new, unless it is there already."""
    for words in ("/share one #python", "/share two #python #pytest", "/share three #go"):
        await slack.types("cleo", words, in_=pocket)
    offered = await slack.suggests("ben", form, "topics", "Py")
    assert [one["text"]["text"] for one in offered] == ["python", "pytest", "py (new)"]
    assert [one["value"] for one in await slack.suggests("ben", form, "topics", " #PYTHON ")] == ["python"]
    assert [one["value"] for one in await slack.suggests("ben", form, "topics", "")] == ["python", "go", "pytest"]
    assert await slack.suggests("ben", form, "topics", "?!") == []


async def test_topics_of_another_pocket_are_not_suggested(slack: Slack, form: View) -> None:
    """What is talked about elsewhere stays there."""
    other = slack.channel("payroll", members=("dan",))
    await slack.types("dan", "/outloud start Learn together", in_=other)
    await slack.types("dan", "/share Salaries rise #payrise", in_=other)
    assert [one["text"]["text"] for one in await slack.suggests("ben", form, "topics", "pay")] == ["pay (new)"]


async def test_only_pockets_that_one_is_in_are_offered(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """By name; a channel that is no pocket, and a pocket of others, are not among them."""
    second, foreign = slack.channel("ops", members=("ben",)), slack.channel("secret", members=("dan",))
    slack.channel("lunch", members=("ben",))
    await slack.types("ben", "/outloud start Learn together", in_=second)
    await slack.types("dan", "/outloud start Learn together", in_=foreign)
    await memory.settled()
    assert [one["text"]["text"] for one in await slack.suggests("ben", form, "pocket", "")] == ["#learning", "#ops"]
    assert [one["text"]["text"] for one in await slack.suggests("ben", form, "pocket", "#OP")] == ["#ops"]
    await slack.submits("ben", form, {"words": "Elsewhere", "pocket": "#ops"})
    await memory.settled()
    assert len(cards(slack, "ben", second)) == 1
    assert cards(slack, "ana", pocket) == []


async def test_a_pocket_that_ended_meanwhile_leaves_the_form_open_with_its_words(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """The reason stands at the pocket; nothing that was typed is gone."""
    await slack.types("ana", "/outloud stop", in_=pocket)
    sent = await slack.submits("ben", form, {"words": "All this for nothing?"})
    assert not sent.closed
    assert list(sent.errors) == ["pocket"]
    assert "no learning pocket any more" in sent.errors["pocket"]
    assert "All this for nothing?" in slack.text_of(form)
    await slack.types("ana", "/outloud start Learn together", in_=pocket)
    assert (await slack.submits("ben", form, {})).closed
    assert [one.words for one in memory.learnings()] == ["All this for nothing?"]


async def test_whoever_left_the_channel_can_no_longer_share_there(slack: Slack, pocket: Channel, form: View) -> None:
    """The form stays open and says so."""
    await slack.leaves("ben", pocket)
    sent = await slack.submits("ben", form, {"words": "From outside"})
    assert "not in that channel" in sent.errors["pocket"]


async def test_a_form_sent_twice_shares_once(slack: Slack, pocket: Channel, form: View, memory: Memory) -> None:
    """A double click: both are answered as done."""
    await slack.submits("ben", form, {"words": "Once"})
    assert (await again(slack, "view_submission")).status == 200
    await memory.settled()
    assert len(memory.learnings()) == 1
    assert len(cards(slack, "ana", pocket)) == 1


async def test_the_same_form_with_changed_words_is_an_edit(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """A form whose first answer was lost may be corrected and sent again: the words that count are the last."""
    await slack.submits("ben", form, {"words": "First"})
    payload = last(slack, "view_submission")
    payload["view"]["state"]["values"]["words"]["words"]["value"] = "Second"
    assert (await send(slack, "view_submission", payload)).status == 200
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Second"]
    assert [text.splitlines()[0] for text in cards(slack, "ana", pocket)] == ["Second"]


@BY_EITHER_DOOR
async def test_a_failure_inside_keeps_the_form_open_and_says_so(
    slack: Slack, form: View, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks: the words stay where they are."""
    monkeypatch.setattr("storage.learned.topics.add", _broken)
    sent = await slack.submits("ben", form, {"words": "Precious words"})
    assert not sent.closed
    assert "nothing was saved" in sent.errors["words"]
    assert memory.learnings(state=None) == []
    monkeypatch.undo()
    assert (await slack.submits("ben", form, {})).closed


CAN_NOT_BE_SAVED: tuple[tuple[str, dict[str, object], str], ...] = (
    ("words", {"value": "   \n\t "}, "no words in it yet"),
    ("words", {"value": "\u200b\u200f"}, "no words in it yet"),
    ("words", {"value": None}, "no words in it yet"),
    ("words", {"value": "a" * 3001}, "3001 characters"),
    ("words", {"value": "a" * 40_000}, "40000 characters"),
    ("why", {"value": "b" * 3001}, "3001 characters"),
    ("kind", {"selected_option": {"value": "gossip"}}, "Choose what kind"),
    ("topics", {"selected_options": [{"value": f"t{n}"} for n in range(50)]}, "50 topics"),
    ("topics", {"selected_options": [{"value": "x" * 61}]}, "too long"),
    ("topics", {"selected_options": [{"value": " ## "}]}, "can't be a topic"),
    ("name", {"selected_option": None}, "whether your name stands"),
    ("name", {"selected_option": {"value": "anon"}}, "whether your name stands"),
    ("pocket", {"selected_option": {"value": "C0NOWHERE"}}, "not a learning pocket"),
)
"""A field, what stands in it, and what is said of that."""


async def test_what_can_not_be_saved_is_said_at_its_field(slack: Slack, form: View, memory: Memory) -> None:
    """Also what Slack's own client would have stopped."""
    await slack.submits("ben", form, {"words": "fine"})
    sent = last(slack, "view_submission")
    sent["view"]["private_metadata"] = sent["view"]["private_metadata"].replace('"key":"', '"key":"x')
    for block, change, says in CAN_NOT_BE_SAVED:
        payload = copy.deepcopy(sent)
        payload["view"]["state"]["values"][block][block].update(change)
        reply = await send(slack, "view_submission", payload)
        assert reply.status == 200, (block, says)
        answer = reply.json()
        assert answer is not None, (block, says)
        assert answer["response_action"] == "errors"
        assert says in answer["errors"][block]
        assert "`" not in answer["errors"][block]
        assert len(memory.learnings()) == 1, (block, says)


@pytest.mark.parametrize(
    "words",
    [
        "👩🏽‍🚀🎉",
        "שלום, עולם — למדתי משהו",
        "كلمات من اليمين إلى اليسار",
        "<!channel> <@U123> <#C1|x> <https://a.b|c>",
        "```\nSELECT 1 < 2 && 3 > 2;\n```",
        "a\x00b",
        "half a character: \ud83d",
        "&amp; &lt;broken &entity; &",
        "x" * 3000,
        "& " * 1500,
    ],
)
async def test_any_text_can_be_shared_and_is_shown_as_it_was_typed(
    slack: Slack, pocket: Channel, form: View, memory: Memory, words: str
) -> None:
    """What no database can hold is left out or marked; all else stands as it is."""
    await slack.submits("ben", form, {"words": "placeholder"})
    payload = last(slack, "view_submission")
    payload["view"]["state"]["values"]["words"]["words"]["value"] = words
    assert (await send(slack, "view_submission", payload)).json() is None
    await memory.settled()
    (learning,) = memory.learnings()
    assert learning.words == words.replace("\x00", "").replace("\ud83d", "\ufffd").strip()
    assert memory.outbox() == []
    (card,) = [one for one in slack.sees("ana").channel(pocket) if one.blocks and "made this" not in one.text]
    shown = "".join(block["text"]["text"] for block in card.blocks if block["type"] == "section")
    assert shown == learning.words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert all(block["text"]["verbatim"] for block in card.blocks if block["type"] == "section")
    assert CONTROLS.sub("", slack.text_of(card)).endswith("by @ben")


def _broken(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("broken on purpose")
