"""The checker of what stands after a proof: it finds nothing where all is well, and each thing that may be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.engine import URL

from bench.prove import checker
from bench.prove.proof import Tally
from bench.prove.traffic import Share, Undo
from sandbox.records import Channel, Message
from sandbox.slack import Slack
from storage.refusals import Busy, Unsure
from tests.memory import Memory

pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # it is the checking that is tried, not SQL

TWIN = """
    INSERT INTO learnings (workspace, id, key, channel, author, kind, words, state, source_ts, link, said_at, changed_at)
    SELECT workspace, 'twin', 'twin', channel, author, kind, words, state, source_ts, link, said_at, changed_at
    FROM learnings WHERE source_ts IS NOT NULL"""
PARKED = """
    INSERT INTO outbox (workspace, id, kind, lane, body, state, due, owed_at)
    VALUES ('T0SANDBOX', 'x', 'mark', 'C', '{}', 'parked', 0, 0)"""

WORDS = "Locks are held until the commit."


@dataclass
class Stage:
    """A pocket in which ben shared, and kept a message of ana's: all is well there."""

    slack: Slack
    pocket: Channel
    memory: Memory
    url: str
    kept: Message
    share: Share

    def check(self) -> Tally:
        """What the checker finds."""
        tally = Tally("things")
        checker.check(self.slack, self.url, [self.pocket.id], [self.share], tally)
        return tally

    @property
    def card(self) -> Message:
        """The card of what ben shared."""
        return next(one for one in self.pocket.messages.values() if WORDS in self.slack.text_of(one))

    def post_again(self, message: Message) -> None:
        """Let one of the app's messages stand twice."""
        self.slack.world.post(message.channel, message.user, message.text, blocks=message.blocks, app_id=message.app_id)

    def say(self, channel: Channel, *words: str) -> None:
        """Let the app say something that it has no reason to."""
        for each in words:
            self.slack.world.post(channel.id, self.slack.app.id, each, app_id=self.slack.world.app.id)

    def tell_ben(self, *words: str, times: int = 1) -> None:
        """Let the app write something to ben alone."""
        self.say(self.slack.world.open_dm(self.share.person, self.slack.app.id), *words * times)

    def told(self) -> Message:
        """What ben heard of his first keep."""
        return next(iter(self.slack.world.open_dm(self.share.person, self.slack.app.id).messages.values()))

    def told_ana(self) -> Message:
        """What ana heard of words of hers."""
        ana = self.slack.find_person("ana").id
        return next(iter(self.slack.world.open_dm(ana, self.slack.app.id).messages.values()))


def refuse(share: Share) -> None:
    """Let ben have read that his share was not saved."""
    share.acknowledged, share.heard = False, Busy().words


def take_away(stage: Stage, *, undo: Undo) -> None:
    """Let what ben shared be gone, and how he wanted it undone be this."""
    stage.share.undo = undo
    stage.memory.run("DELETE FROM learnings WHERE source_ts IS NULL")


@pytest.fixture
async def stage(slack: Slack, pocket: Channel, memory: Memory, database_url: URL) -> Stage:
    """All is well."""
    kept = await slack.says("ana", "Readers go on while one writes.", in_=pocket)
    await slack.reacts("ben", "bulb", kept)
    answer = await slack.types("ben", f"/share {WORDS} #sql", in_=pocket)
    await memory.settled()
    ben = slack.find_person("ben").id
    share = Share(pocket.id, ben, WORDS, "sql", acknowledged="Shared." in answer.text, reached=True, heard=answer.text)
    return Stage(slack, pocket, memory, database_url.render_as_string(), kept, share)


def test_where_all_is_well_nothing_is_found(stage: Stage) -> None:
    """Nothing lost, doubled or wrong."""
    assert stage.check().faults == []


@pytest.mark.parametrize(
    ("spoil", "counted", "says"),
    [
        ("DELETE FROM learnings WHERE source_ts IS NOT NULL", "lost", "stands on {kept}, and it is not remembered"),
        ("DELETE FROM learnings WHERE source_ts IS NULL", "lost", "acknowledged: 0 learnings, 1 cards"),
        ("UPDATE learnings SET words = 'Other'", "wrong", "{kept} is remembered otherwise: words"),
        ("UPDATE learnings SET link = ''", "wrong", "{kept} is remembered otherwise: link"),
        ("UPDATE keeps SET person = 'U1'", "wrong", "{kept} is remembered otherwise: curators"),
        ("UPDATE keeps SET standing = FALSE", "wrong", "{kept} is remembered otherwise: curators"),
        ("UPDATE learnings SET source_ts = '1.000001' WHERE source_ts IS NOT NULL", "wrong", "no 💡 stands on it"),
        (TWIN, "doubled", "{kept} is remembered 2 times"),
        (TWIN.replace("NOT NULL", "NULL"), "doubled", "is remembered 2 times, and has 1 cards"),
        ("UPDATE learnings SET state = 'pending' WHERE source_ts IS NOT NULL", "wrong", "{kept} is still pending"),
        ("UPDATE learnings SET author = 'U1' WHERE source_ts IS NULL", "wrong", "another channel, author or topics"),
        ("DELETE FROM learning_topics", "wrong", "another channel, author or topics"),
        (PARKED, "wrong", "The outbox still holds «mark», parked"),
    ],
)
def test_what_is_wrong_in_the_database_is_found(stage: Stage, spoil: str, counted: str, says: str) -> None:
    """Each in its column of the table."""
    stage.memory.run(spoil)
    found = getattr(stage.check(), counted)
    assert any(says.format(kept=f"{stage.kept.channel} {stage.kept.ts}") in one for one in found), found


@pytest.mark.parametrize(
    ("spoil", "counted", "says"),
    [
        (lambda stage: stage.kept.reactions.pop("books"), "lost", "has no 📚"),
        (lambda stage: stage.kept.reactions.pop("bulb"), "wrong", "no 💡 stands on it"),
        (
            lambda stage: stage.card.reactions.update(books=[stage.slack.app.id]),
            "wrong",
            "has 📚, and is not remembered",
        ),
        (lambda stage: stage.post_again(stage.card), "doubled", "1 times, and has 2 cards"),
        (lambda stage: stage.pocket.messages.pop(stage.card.ts), "lost", "1 learnings, 0 cards"),
        (lambda stage: stage.post_again(stage.told()), "doubled", "was told 2 times what their first keep does"),
        (lambda stage: stage.told().blocks.clear(), "lost", "was never told what their first keep does"),
        (
            lambda stage: stage.say(stage.pocket, "Did you know?"),
            "doubled",
            "Outloud says what nobody accounts for: 'Did",
        ),
        (lambda stage: stage.say(stage.pocket, WORDS), "doubled", "1 times, and has 2 cards"),
        (
            lambda stage: stage.say(stage.slack.channel("elsewhere", members=["ana"]), WORDS),
            "doubled",
            f"In #elsewhere Outloud says what nobody accounts for: '{WORDS}'",
        ),
        (lambda stage: stage.tell_ben("Hours are missing.", times=2), "doubled", "told 2 times: 'Hours are missing.'"),
        (lambda stage: stage.tell_ben("One.", "Two."), "wrong", "told 2 things in a day that they did not ask for"),
        (lambda stage: stage.told_ana().blocks.clear(), "lost", "was never told that words of theirs were kept"),
        (
            lambda stage: stage.pocket.messages.pop(
                next(one.ts for one in stage.pocket.messages.values() if "made this" in one.text)
            ),
            "lost",
            "did not hear that it is a pocket",
        ),
        (lambda stage: take_away(stage, undo="asked"), "wrong", "is half done: 0 learnings, 1 cards"),
        (lambda stage: setattr(stage.share, "undo", "done"), "wrong", "was undone: 1 learnings, 1 cards"),
        (lambda stage: refuse(stage.share), "wrong", "“nothing was saved”, and yet 1 learnings, 1 cards"),
        (lambda stage: take_away(stage, undo="refused"), "lost", "was not to be undone: 0 learnings, 1 cards"),
        (lambda stage: setattr(stage.share, "acknowledged", False), "wrong", "nothing was tried"),
        (lambda stage: setattr(stage.share, "heard", "Something broke here."), "wrong", "told that something broke"),
        (lambda stage: setattr(stage.share, "words", "Others."), "wrong", "A learning stands that nobody shared"),
        (
            lambda stage: [
                stage.post_again(one) for one in list(stage.pocket.messages.values()) if "made this" in one.text
            ],
            "doubled",
            "heard 2 times that it is a pocket",
        ),
    ],
)
async def test_what_is_wrong_in_slack_is_found(
    stage: Stage, spoil: Callable[[Stage], object], counted: str, says: str
) -> None:
    """Each in its column of the table."""
    spoil(stage)
    found = getattr(stage.check(), counted)
    assert any(says in one for one in found), found


async def test_a_notice_waits_for_tomorrow_only_where_slack_shows_what_was_said_today(stage: Stage) -> None:
    """Whatever the bot's own tables say of it."""
    ana, said = stage.slack.find_person("ana").id, stage.told_ana()
    said.blocks.clear()
    stage.memory.run(
        "INSERT INTO notices (workspace, person, kind, body, owed_at, due)"
        " SELECT id, :ana, 'first kept', '{}', 1, 1 FROM workspaces",
        ana=ana,
    )
    assert stage.check().faults == []
    stage.slack.world.channel(said.channel).messages.clear()
    assert stage.check().lost == [f"{ana} was never told that words of theirs were kept."]


async def test_what_may_be_saved_may_stand(stage: Stage) -> None:
    """Who read so was not told that it is not; nor was who read nothing of the bot's."""
    stage.share.acknowledged = False
    for stage.share.heard in (Unsure().words, "/share failed because the app did not respond."):
        assert stage.check().faults == ["None of 1 shares was acknowledged: nothing was tried."]
