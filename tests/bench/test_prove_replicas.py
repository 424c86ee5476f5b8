"""replicas: that a prompt or a digest which was never posted, or twice, is found."""

from __future__ import annotations

from bench.prove import replicas
from bench.prove.paced import Look, Paced
from bench.prove.proof import Tally
from sandbox.records import Call
from sandbox.slack import Slack
from tests.sandbox.librarian import MANIFEST


def test_each_prompt_and_digest_stands_once() -> None:
    """In its own room; what another room is asked is nothing to it."""
    slack = Slack(MANIFEST)
    rooms = [slack.channel(f"room-{number}") for number in range(2)]
    digest = replicas.DIGEST.format(rooms[0].id)
    for room, words in ((0, replicas.ASKED.format(0)), (0, digest), (0, digest), (1, replicas.ASKED.format(0))):
        slack.world.post(rooms[room].id, slack.app.id, words)
    tally = Tally("kills and pauses")
    replicas.asked_once(slack, rooms, tally)
    assert tally.doubled == [f"#room-0: «{digest}» was posted 2 times."]
    asked, told = replicas.ASKED.format(1), replicas.DIGEST.format(rooms[1].id)
    assert tally.lost == [f"#room-1: «{asked}» was never posted.", f"#room-1: «{told}» was never posted."]


def test_what_waited_too_shortly_to_be_judged_is_no_proof() -> None:
    """Of the posts in a workspace something is promised: it must have been seen. The short form does not ask for it."""
    tally = Tally("kills and pauses")
    paced = Paced(Slack(MANIFEST), "", 1.0)
    paced.judge(tally, of_use=False)
    assert tally.wrong == []
    paced.judge(tally, of_use=True)
    assert tally.wrong == ["Posts in a workspace waited for 0 s, too shortly to be judged: nothing was tried."]


def test_too_little_use_and_too_many_calls_are_found() -> None:
    """Nine tenths are wanted of what is allowed, and Slack may never have to say no."""
    tally = Tally("kills and pauses")
    slack = Slack(MANIFEST)
    paced = Paced(slack, "", 1.0)
    lanes = frozenset(f"C{number}" for number in range(20))
    paced.looks = [Look(at, 0, lanes, frozenset()) for at in (0.0, 60.0)]
    slack.world.calls.append(Call("conversations.replies", {}, error="ratelimited", at=0.0))
    paced.judge(tally, of_use=True)
    assert tally.wrong == [
        "Slack said 1 times that conversations.replies came too often.",
        "Only 0 of 300 posts in a workspace were made while more waited.",
    ]
