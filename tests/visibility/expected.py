"""What a surface must show to whom, and must not, by the table of the design (`design.py`)."""

from __future__ import annotations

from . import design
from .sample import Sample, Shown


def author_of(sample: Sample) -> str:
    """How it is noted that whoever shared there is named."""
    return f"author of {sample.topic}"


def its_author(sample: Sample, viewer: str) -> Shown:
    """It names who shared there, to whom may see what."""
    return {author_of(sample): design.may_see(sample.kind, viewer, is_author=False)}


def as_evidence(sample: Sample, viewer: str) -> Shown:
    """It shows that others learned something, by its link."""
    return {
        f"acme.example/{sample.topic}": design.may_see(sample.kind, viewer, is_author=False),
        sample.own_topic: False,
    }


def as_earned(sample: Sample, viewer: str) -> Shown:
    """It shows the same, and says that it helped others."""
    return as_evidence(sample, viewer) | {"helped others": design.may_see(sample.kind, viewer, is_author=False)}


def at_home(sample: Sample, viewer: str) -> Shown:
    """It shows one's own, by a menu that names it; and what others learned where one is, and what nobody there stands for."""
    return {
        sample.topic: design.is_offered(sample.kind, viewer),
        sample.own_topic: design.is_offered(sample.kind, viewer),
        sample.own: design.may_see(sample.kind, viewer, is_author=True),
    }


def learnings(sample: Sample, viewer: str) -> Shown:
    """It shows what was learned: others' and one's own."""
    return {
        sample.topic: design.may_see(sample.kind, viewer, is_author=False),
        sample.own_topic: design.may_see(sample.kind, viewer, is_author=True),
    }


def own_learning(sample: Sample, viewer: str) -> Shown:
    """It shows one's own alone."""
    return {sample.topic: False, sample.own_topic: design.may_see(sample.kind, viewer, is_author=True)}


def own_of_whom_is_found(sample: Sample, viewer: str) -> Shown:
    """The same; of another organisation, nobody is ever named as one to ask, and so nobody is asked whether they wish it."""
    sees = design.VIEWERS[viewer].is_ours and design.may_see(sample.kind, viewer, is_author=True)
    return {sample.topic: False, sample.own_topic: sees}


def own_at_most(sample: Sample, viewer: str) -> Shown:
    """The same, where the pocket is at work."""
    return {sample.topic: False, sample.own_topic: design.may_see(sample.kind, viewer, is_author=True) and None}


def exported(sample: Sample, viewer: str) -> Shown:
    """It holds what its lead may see; who has left leads it no more, as far as was heard, and none leads what is gone."""
    is_sure = design.VIEWERS[viewer].is_in and design.is_there(sample.kind)
    return {word: (True if is_sure else None) if sees else False for word, sees in learnings(sample, viewer).items()}


def to_members(sample: Sample, viewer: str) -> Shown:
    """It stands before a member who is in all channels: what all members see, if the viewer does; what else both see, may.

    Of what came from a closed channel Slack would have to be asked who else is in that: it is refused.
    """
    is_open, may_they = (
        design.READERS[sample.kind] == design.ALL,
        design.may_see(sample.kind, "member", is_author=False),
    )
    theirs, own = (design.may_see(sample.kind, viewer, is_author=mine) for mine in (False, True))
    return {
        sample.topic: theirs and (True if is_open else None),
        "acme.example/own": own and may_they and (True if is_open else None),
    }


def to_leads(sample: Sample, viewer: str) -> Shown:
    """It shows others', to whoever leads the pocket; who has left leads it no more, as far as was heard."""
    sees = design.may_see(sample.kind, viewer, is_author=False)
    return {sample.topic: (True if design.VIEWERS[viewer].is_in else None) if sees else False, sample.own_topic: False}


def of_others(sample: Sample, viewer: str) -> Shown:
    """It shows what was learned there by others."""
    return {sample.topic: design.may_see(sample.kind, viewer, is_author=False)}


def of_an_import(sample: Sample, viewer: str) -> Shown:
    """It shows what an export brought there, as if it had been shared there."""
    return {f"of{sample.imported}": design.may_see(sample.kind, viewer, is_author=False), sample.topic: False}


def the_pocket(sample: Sample, viewer: str) -> Shown:
    """It shows its leads what the pocket is for."""
    may_read, is_in = design.may_read(sample.kind, viewer), design.VIEWERS[viewer].is_in
    return {sample.purpose: (True if is_in else None) if may_read else False, sample.topic: False}


def its_prompts(sample: Sample, viewer: str) -> Shown:
    """It shows its leads what it asks."""
    may_read, is_in = design.may_read(sample.kind, viewer), design.VIEWERS[viewer].is_in
    return {sample.question: (True if is_in else None) if may_read else False, sample.topic: False}


def its_name(sample: Sample, viewer: str) -> Shown:
    """It shows the name of a pocket that one is in."""
    return {sample.name: design.is_offered(sample.kind, viewer), sample.topic: False}


def where_own_is(sample: Sample, viewer: str) -> Shown:
    """It says in which channel, to whoever may see it there."""
    return {f"<#{sample.channel.id}>": design.may_see(sample.kind, viewer, is_author=True), sample.topic: False}


def where_it_is(sample: Sample, viewer: str) -> Shown:
    """The same, to whoever may read the channel."""
    return {f"<#{sample.channel.id}>": design.may_read(sample.kind, viewer), sample.topic: False}


def both_questions(sample: Sample, viewer: str) -> Shown:
    """It shows what somebody asked, and what a prompt asked."""
    return of_others(sample, viewer) | {sample.question: design.may_read(sample.kind, viewer)}


def the_question(sample: Sample, viewer: str) -> Shown:
    """It shows what was asked."""
    return {sample.question: design.may_read(sample.kind, viewer), sample.topic: False}
