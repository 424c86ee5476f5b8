"""The whole road at once: many people at the same time, and a small export played twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy.orm import Session

from sandbox.records import Channel
from sandbox.slack import Slack
from storage.ids import WorkspaceId
from storage.owed import outbox
from tests.conftest import BY_EITHER_DOOR
from tests.memory import Memory
from tests.sights import cards


@BY_EITHER_DOOR
async def test_many_people_at_once_lose_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Forty shares and keeps in one go: each is answered, each stands once."""
    people = [slack.person(f"p{number}") for number in range(20)]
    for person in people:
        slack.world.join(pocket.id, person.id)
    messages = [await slack.says("ana", f"Message {number}", in_=pocket) for number in range(20)]
    acts = [
        *(
            slack.types(person, f"/share Learning {number} #t{number}", in_=pocket)
            for number, person in enumerate(people)
        ),
        *(slack.reacts(person, "bulb", message) for person, message in zip(people, messages, strict=True)),
    ]
    answers = await asyncio.gather(*acts)
    assert all("Shared" in answer.text for answer in answers if answer is not None)
    await memory.settled()
    assert len(memory.learnings()) == 40
    assert len(cards(slack, "ana", pocket)) == 20
    assert all(slack.sees("cleo").reactions(message)["books"] == ["outloud"] for message in messages)


async def test_no_words_ever_stand_in_the_outbox(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shared, detailed, kept, edited, refused, undone, given back: what is owed names ids."""
    owed_, owe = list[str](), outbox.owe

    def note(session: Session, workspace: WorkspaceId, kind: str, **more: Any) -> None:
        owed_.append(f"{kind} {more}")
        owe(session, workspace, kind, **more)

    monkeypatch.setattr(outbox, "owe", note)
    shown = (await slack.types("ben", "/share Canary one #canary", in_=pocket)).ephemeral
    assert shown is not None
    form = (await slack.presses("ben", "Add details", on=shown)).form
    assert form is not None
    await slack.submits("ben", form, {"why": "Canary two"})
    message = await slack.says("ana", "Canary three", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.edits("ana", message, "Canary four")
    await memory.settled()
    await slack.presses("ben", "Undo", on=shown)
    await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    await slack.reacts("ben", "bulb", await slack.says("ana", "Canary five", in_=pocket))
    slack.fails("chat.postMessage", "429", times=1, seconds=1)
    await slack.types("ben", "/share Canary six", in_=pocket)
    slack.world.archive(pocket.id, slack.find_person("ana").id)
    await memory.settled()
    kinds = {one.partition(" {")[0] for one in owed_}
    assert {"post card", "look", "tell privately", "refuse keep", "give words back"} <= kinds
    assert "canary" not in str(owed_).lower()
