"""Every surface that shows what people learned. A new one is a line here: how to reach it, and what it must show to whom.

They are reached by hand: whoever left a channel may have an old form or message before them still, and press what stands in it.
What shows nothing of learnings stands in `nothing.py`, with the reason; `test_named.py` lets nothing be left out.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.commands import search as searching
from handlers import words
from sandbox.records import Message, Person
from storage import ids
from storage.ids import PersonId, WorkspaceId

from . import carried, design
from .expected import (
    as_earned,
    as_evidence,
    at_home,
    author_of,
    both_questions,
    exported,
    its_author,
    its_name,
    its_prompts,
    learnings,
    of_an_import,
    of_others,
    own_at_most,
    own_learning,
    own_of_whom_is_found,
    the_pocket,
    the_question,
    to_leads,
    to_members,
    where_it_is,
    where_own_is,
)
from .sample import Sample, Shown
from .stage import Stage

NEVER = 9e12
"""When something was said that comes after all else; seconds since 1970, UTC."""

HELPED = (
    "INSERT INTO helps (workspace, learning, person, message_ts, emoji, event_ts, standing)"
    " SELECT workspace, :own, id, '', '', '9.9', :yes FROM people WHERE id LIKE 'U0HELPED%'"
)
"""A learning helped three people."""


async def suggested_topics(stage: Stage, who: Person, sample: Sample) -> str:
    """*Topics*, in the form to share."""
    return await stage.suggests(who, "topics", sample.channel.id)


async def suggested_pockets(stage: Stage, who: Person, sample: Sample) -> str:
    """*Pocket*, in the form to share."""
    return await stage.suggests(who, "pocket", sample.channel.id, sample.name)


async def details(stage: Stage, who: Person, sample: Sample) -> str:
    """*Add details*, under what was just shared."""
    return await stage.presses(who, "share.details", sample.own)


async def own_menu(stage: Stage, who: Person, sample: Sample) -> str:
    """A card's menu, for its author: all that it opens."""
    return "".join([await stage.presses(who, "card.menu", f"{deed}:{sample.own}") for deed in design.DEEDS])


async def others_menu(stage: Stage, who: Person, sample: Sample) -> str:
    """The same, for the pocket's leads."""
    return "".join([await stage.presses(who, "card.menu", f"{deed}:{sample.theirs}") for deed in design.DEEDS])


async def endorsing_menu(stage: Stage, who: Person, sample: Sample) -> str:
    """*Endorse its author*, in the same menu: what it says names the topics."""
    return await stage.presses(who, "card.menu", f"endorse:{sample.theirs}")


async def keep_form(stage: Stage, who: Person, sample: Sample) -> str:
    """*Keep this*, on a message that is kept already: the form has its topics; its words came from Slack."""
    message = Message(channel=sample.channel.id, ts=sample.source, user=who.id, text=sample.question or "x")
    return await stage.uses(who, "keep_this", message)


async def digest(stage: Stage, who: Person, sample: Sample) -> str:
    """`/outloud digest`."""
    return await stage.types(who, "/outloud", "digest", sample.channel)


async def export(stage: Stage, who: Person, sample: Sample) -> str:
    """*Export*, in a pocket's menu: what stands in the files."""
    return await stage.exports(who, sample.channel.id)


def _turn(sample: Sample) -> int:
    """By turns: which of two ways."""
    return ord(sample.name[-1]) % 2


async def similar(stage: Stage, who: Person, sample: Sample) -> str:
    """*Find similar*, on a message that has both topics among its words: what is shown besides these."""
    said = f"Of {sample.topic} and {sample.own_topic}"
    message = Message(channel=stage.note.channel, ts="9.999999", user=who.id, text=said)
    return (await stage.uses(who, "find_similar", message)).replace(said, "")


async def results(stage: Stage, who: Person, sample: Sample) -> str:
    """`/recall`, or *More* under its results, in turn: what Ana and the viewer shared there."""
    typed = f"from:<@{stage.slack.find_person('ana').id}> from:me in:<#{sample.channel.id}|{sample.name}>"
    if _turn(sample):
        return await stage.presses(who, "found.more", f"0:{typed}")
    return await stage.types(who, "/recall", typed, sample.channel)


async def as_operator(stage: Stage, who: Person, sample: Sample) -> str:
    """`outloud search --as` them: what is found there, without what was looked for."""
    person = ids.Person(WorkspaceId(stage.slack.world.team_id), PersonId(who.id))
    found = [
        json.loads(await searching.told(stage.desk, person, f"#{topic}", 10, as_json=True))
        for topic in (sample.topic, sample.own_topic)
    ]
    return json.dumps([[one["results"], one["corrected"], one["more"]] for one in found])


async def posted_here(stage: Stage, who: Person, sample: Sample) -> str:
    """*Post this here*, pressed where Ana alone is, of what she shared and of what the viewer did: what stands there then."""
    shown, lobby = "", stage.note.channel
    async with stage.one_post:
        for learning in (sample.theirs, sample.own):
            said = await stage.presses(who, "found.post", f"{learning}:{lobby}:")
            if json.dumps(words.finding.POSTED)[1:-1] in said:
                body = {"channel": lobby, "learning": learning, "person": who.id, "thread": ""}
                said += await stage.posts("show found", lobby, **body)
            shown += said
            stage.memory.run("DELETE FROM outbox WHERE kind = 'show found'")
            stage.memory.run("DELETE FROM deliveries WHERE id LIKE 'shown:%'")  # as if nobody had shown it there before
    return shown


async def aloud(stage: Stage, who: Person, sample: Sample) -> str:
    """The answer to a mention in some pocket, or to a direct message, in turn: of the same."""
    ana = stage.slack.find_person("ana").id
    typed = f"from:<@{ana}> from:me in:<#{sample.channel.id}|{sample.name}>"
    return await stage.asks_aloud(who, typed, directly=_turn(sample) == 0)


async def settings(stage: Stage, who: Person, sample: Sample) -> str:
    """*Settings*, in a pocket's menu."""
    return await stage.presses(who, "pocket.settings", sample.channel.id)


async def board(stage: Stage, who: Person, sample: Sample) -> str:
    """What an open board, or what a line scheduled, leads to, by turns: a schedule's preview, its form, where to copy it."""
    schedule, way = sample.round.replace("round", "schedule"), ord(sample.name[-1]) % 3
    if way == 1:
        return await stage.presses(who, "schedule.edit", schedule)
    return await stage.presses(who, "schedule.more", f"{'duplicate' if way else 'preview'}:{schedule}")


async def bank(stage: Stage, who: Person, sample: Sample) -> str:
    """*Edit*, of a prompt of the pocket's own in the bank."""
    return await stage.presses(who, "bank.edit", sample.round.replace("round", "prompt"))


async def kept(stage: Stage, who: Person, sample: Sample) -> str:
    """What an author hears of what is kept: the first time, and after that by the week."""
    told = "UPDATE learnings SET told_at = CASE WHEN id = :id THEN NULL ELSE 1.0 END WHERE author = :person"
    stage.memory.run(told, id=sample.own, person=who.id)
    with own_is_kept(stage, sample):
        return await stage.hears(who, "first kept") + await stage.hears(who, "kept this week")


@contextmanager
def own_is_kept(stage: Stage, sample: Sample) -> Iterator[None]:
    """The viewer's own learning was a message that somebody keeps."""
    source = "UPDATE learnings SET source_ts = :ts WHERE id = :id"
    keep = (
        "INSERT INTO keeps (workspace, channel, message_ts, person, emoji, event_ts, standing)"
        " SELECT workspace, channel, source_ts, 'U0OTHER', 'bulb', '9.5', :yes FROM learnings WHERE id = :id"
    )
    stage.memory.run(source, id=sample.own, ts=sample.source)
    stage.memory.run(keep, id=sample.own, yes=True)
    yield
    stage.memory.run("DELETE FROM keeps WHERE message_ts = :ts", ts=sample.source)  # no such message stands in Slack
    stage.memory.run(source, id=sample.own, ts=None)


async def of_own(stage: Stage, who: Person, sample: Sample) -> str:
    """What an author hears of what others do: an answer in its thread, a lead's edit."""
    answered = await stage.hears(who, "answered", learning=sample.own, ts="9.1", person="U0OTHER")
    return answered + await stage.hears(who, "edited", learning=sample.own)


async def asked_for_yes(stage: Stage, who: Person, sample: Sample) -> str:
    """Whether a message may be kept that is older than its pocket."""
    state = "UPDATE learnings SET state = :state, words = :words, why = :why WHERE id = :id"
    (said,) = stage.memory.rows("SELECT words, why FROM learnings WHERE id = :id", id=sample.own)
    stage.memory.run(state, state="asked", words="", why="", id=sample.own)  # it has none until there is a yes
    with own_is_kept(stage, sample):
        shown = await stage.hears(who, "asked for a yes", learning=sample.own, person="U0OTHER")
    stage.memory.run(state, state="live", id=sample.own, **said)
    return shown


async def of_a_keep(stage: Stage, who: Person, sample: Sample) -> str:
    """What a curator hears of what they kept: the first time, and when the last keep of it is gone."""
    first = await stage.posts("tell curator", who.id, learning=sample.theirs, person=who.id)
    return first + await stage.posts("ask curator", who.id, learning=sample.theirs, person=who.id)


async def of_a_round(stage: Stage, who: Person, sample: Sample) -> str:
    """What a round's lead hears, and who asked to be reminded."""
    news = await stage.hears(who, "silence", round=sample.round) + await stage.hears(
        who, "newcomers", round=sample.round
    )
    return news + await stage.posts("remind", who.id, round=sample.round, person=who.id)


async def answer_form(stage: Stage, who: Person, sample: Sample) -> str:
    """*Answer*, on the card of somebody's question, or under a prompt: the form shows what was asked."""
    shown = await stage.presses(who, "round.answer", sample.round.replace("round", "asks"))
    return shown + await stage.presses(who, "round.answer", sample.round)


async def who_knows(stage: Stage, who: Person, sample: Sample) -> str:
    """`/whoknows`, or *Who knows this?* in turn, with a topic of the channel's own: the reason is a learning, by its link."""
    if _turn(sample):
        return await stage.presses(who, "who.look", sample.topic)
    return await stage.types(who, "/whoknows", sample.topic, sample.channel)


async def who_earned(stage: Stage, who: Person, sample: Sample) -> str:
    """The same, where Ana said yes to what that learning earned."""
    ana = stage.slack.find_person("ana").id
    tag = (
        "INSERT INTO expert_tags (workspace, person, topic, earned_at, touched_at)"
        " SELECT id, :ana, :topic, 9, 9 FROM workspaces"
    )
    async with stage.one_home:  # there, it would be a topic that somebody stands for
        stage.memory.run(tag, ana=ana, topic=sample.topic)
        stage.memory.run(HELPED, own=sample.theirs, yes=True)
        said = await who_knows(stage, who, sample)
        stage.memory.run("DELETE FROM helps WHERE learning = :theirs", theirs=sample.theirs)
        stage.memory.run("DELETE FROM expert_tags WHERE topic = :topic", topic=sample.topic)
    return said


async def own_topics(stage: Stage, who: Person, sample: Sample) -> str:
    """What is suggested in the form of one's own topics, from what one shared, once its beginning is typed."""
    return await stage.suggests(who, "tags", sample.channel.id, sample.own_topic[:-1])


async def weekly_question(stage: Stage, who: Person, sample: Sample) -> str:
    """Whether somebody wants to be listed for a topic of a learning of theirs that helped three people."""
    stage.memory.run(HELPED, own=sample.own, yes=True)
    said = await stage.hears(who, "expert tags")
    stage.memory.run("DELETE FROM helps WHERE learning = :own", own=sample.own)
    return said


async def near_duplicate(stage: Stage, who: Person, sample: Sample) -> str:
    """What somebody hears who shares, in another pocket, the very words that Ana shared."""
    mine = f"close{who.id}"
    stage.memory.run(
        "INSERT INTO learnings"
        " (workspace, id, key, channel, author, words, why, kind, without_name, state, said_at, changed_at)"
        " SELECT workspace, :mine, :mine, :channel, :person, words, '', kind, :no, 'live', :at, 9 FROM learnings"
        " WHERE id = :theirs",
        mine=mine,
        channel=stage.note.channel,
        person=who.id,
        no=False,
        at=NEVER,
        theirs=sample.theirs,
    )
    shown = await stage.does("tell close", stage.note.channel, learning=mine)
    stage.memory.run("DELETE FROM learnings WHERE id = :mine", mine=mine)
    return shown


async def people_to_ask(stage: Stage, who: Person, sample: Sample) -> str:
    """*Ask people who know*, for a topic of the channel's own: whether Ana is named, who can only be known by what she shared."""
    shown = await stage.presses(who, "people.ask", f":{sample.topic}")
    return author_of(sample) if f"<@{stage.slack.find_person('ana').id}>" in shown else ""


async def asked_privately(stage: Stage, who: Person, sample: Sample) -> str:
    """What somebody hears who is asked something that belongs to the channel, and the form to answer it."""
    question = (
        "INSERT INTO asked_questions (workspace, id, asker, channel, words, asked_at, due_at)"
        " SELECT id, :id, 'U0OTHER', :channel, :words, 9, 99999999999 FROM workspaces"
    )
    person = (
        "INSERT INTO asked_people (workspace, question, person, turn, state)"
        " SELECT id, :id, :person, 0, 'asked' FROM workspaces"
    )
    id = f"{sample.channel.id}{who.id}"
    stage.memory.run(question, id=id, channel=sample.channel.id, words=sample.question)
    stage.memory.run(person, id=id, person=who.id)
    said = await stage.presses(who, "asked.answer", id)
    said += await stage.hears(who, "asked privately", question=id)
    stage.memory.run("DELETE FROM asked_people WHERE question = :id", id=id)
    stage.memory.run("DELETE FROM asked_questions WHERE id = :id", id=id)
    return said


async def home(stage: Stage, who: Person, sample: Sample) -> str:
    """The app's Home, where these are the newest of all, with those that stand beside them: each is looked for there once.

    Of every other pocket they are no lead.
    """
    if (shown := stage.homes.pop((who.id, sample.name), None)) is not None:
        return shown
    together = sample.together or (sample,)
    which = {f"id{at}": id for at, id in enumerate(id for one in together for id in (one.theirs, one.own))}
    those = f"id IN ({', '.join(f':{name}' for name in which)})"
    newer = f"UPDATE learnings SET said_at = said_at + :more WHERE {those}"  # noqa: S608 -- places for values
    newest = "SELECT MAX(said_at) AS at FROM learnings WHERE said_at < :at"
    oldest = f"SELECT MIN(said_at) AS at FROM learnings WHERE {those}"  # noqa: S608
    async with stage.one_home:
        (after,), (before,) = stage.memory.rows(newest, at=NEVER), stage.memory.rows(oldest, **which)
        more = max(after["at"], stage.desk.now()) + 1 - before["at"]
        led = [one.channel.id for one in together if _turn(one) and _leads_no_more(stage, who, one)]
        stage.memory.run(newer, more=more, **which)
        shown = await stage.does("refresh home", who.id, person=who.id)
        stage.memory.run(newer, more=-more, **which)
        for channel in led:
            stage.memory.run(LEAD, id=channel, who=who.id)
    stage.homes.update({(who.id, one.name): shown for one in together if one.name != sample.name})
    return shown


LEAD = "INSERT INTO leads (workspace, channel, person, since) SELECT id, :id, :who, 9 FROM workspaces"


def _leads_no_more(stage: Stage, who: Person, sample: Sample) -> bool:
    """Whether they were its lead."""
    those = "FROM leads WHERE channel = :id AND person = :who"
    was = stage.memory.rows(f"SELECT person {those}", id=sample.channel.id, who=who.id)
    stage.memory.run(f"DELETE {those}", id=sample.channel.id, who=who.id)
    return bool(was)


@dataclass(frozen=True)
class Surface:
    """`reach`: all that it shows somebody, about a channel. `shows`: which words of it must stand there, which not, which may.

    `names`: what of handlers/__init__.py it is. `carries`: whether words of people can stand in it, which are then looked at
    in test_words.py; others show names, topics, links. `is_file`: they stand in a file or a terminal, not in Slack.
    """

    name: str
    reach: Callable[[Stage, Person, Sample], Awaitable[str]]
    shows: Callable[[Sample, str], Shown]
    names: tuple[str, ...]
    carries: bool = True
    is_file: bool = False


SURFACES = (
    Surface("suggested topics", suggested_topics, learnings, ("topics",), carries=False),
    Surface("suggested pockets", suggested_pockets, its_name, ("pocket",), carries=False),
    Surface("details", details, own_learning, ("share.details",)),
    Surface("a card's menu, for its author", own_menu, own_learning, ("card.menu",)),
    Surface("a card's menu, for others", others_menu, to_leads, ("card.menu",)),
    Surface("a card's menu, to endorse", endorsing_menu, of_others, ("card.menu",), carries=False),
    Surface("the form to keep", keep_form, own_at_most, ("keep_this",)),
    Surface("digest, asked for", digest, of_others, ("/outloud",)),
    Surface("export", export, exported, ("pocket.export", "send export", "refuse export"), is_file=True),
    Surface("results", results, learnings, ("/recall", "found.more", "found.earlier")),
    Surface("results, as an operator sees them", as_operator, learnings, (), is_file=True),
    Surface("what was imported", carried.look, of_an_import, (), carries=False),  # the roads of the two above
    Surface("post this here", posted_here, to_members, ("found.post", "show found")),
    Surface("find similar", similar, learnings, ("find_similar",)),
    Surface("answers aloud", aloud, learnings, ("answer mention", "answer directly")),
    Surface("the form to answer a question", answer_form, both_questions, ("round.answer",)),
    Surface("settings", settings, the_pocket, ("pocket.settings",)),
    Surface("the board", board, its_prompts, ("schedule.more", "schedule.edit")),
    Surface("the bank", bank, its_prompts, ("bank.edit",)),
    Surface("news of what is kept", kept, where_own_is, ("first kept", "kept this week"), carries=False),
    Surface("news of one's own", of_own, where_own_is, ("answered", "edited")),
    Surface("a request for a yes", asked_for_yes, where_it_is, ("asked for a yes",), carries=False),
    Surface("news of a keep", of_a_keep, of_others, ("tell curator", "ask curator"), carries=False),
    Surface("near-duplicate", near_duplicate, as_evidence, ("tell close",), carries=False),
    Surface("who knows", who_knows, as_evidence, ("/whoknows", "who.look", "who_knows_this")),
    Surface("who knows, as earned", who_earned, as_earned, ("/whoknows", "who.look", "who_knows_this")),
    Surface("people to ask", people_to_ask, its_author, ("people.ask",), carries=False),
    Surface("a question to people", asked_privately, the_question, ("asked privately", "asked.answer")),
    Surface("one's own topics", own_topics, own_learning, ("tags",), carries=False),
    Surface(
        "the weekly question",
        weekly_question,
        own_of_whom_is_found,
        ("expert tags", "tag.yes", "tag.no"),
        carries=False,
    ),
    Surface("the app's Home", home, at_home, ("refresh home",)),
    Surface("news of a round", of_a_round, the_question, ("silence", "newcomers", "remind")),
)
