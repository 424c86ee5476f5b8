"""Two workspaces whose channels, people and messages have the same ids never see or touch each other's rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import cache, cached_property
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, Table, TextClause, text
from sqlalchemy.orm import Session

import storage
import storage.db
import storage.home
import storage.kept
import storage.learned
import storage.owed
import storage.places
from storage import deliveries, people, visibility, workspaces
from storage.home import showing
from storage.home import view as home_view
from storage.ids import ChannelId, LearningId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.kept import (
    consent,
    curators,
    importing,
    keep_forms,
    keeps,
    kept_answers,
    kept_errands,
    kept_news,
    sources,
)
from storage.kept.curators import Given
from storage.kept.files import FileLink
from storage.kept.importing import Carried
from storage.kept.keep_forms import FormKeep
from storage.kept.keeps import Look, Reaction
from storage.kept.sources import Shown
from storage.learned import cards, changes, discussion, drafts, earlier, helps, learnings, links, shown_here, topics
from storage.learned.drafts import NewDraft
from storage.learned.entries import NewLearning
from storage.learned.helps import Helped
from storage.owed import addressed, notices, outbox, pacing, quiet
from storage.owed.limits import Limit, Pace, Turn
from storage.people import Someone
from storage.places import (
    catching_up,
    channel_ids,
    channels,
    exports,
    gaps,
    leads,
    pocket_reactions,
    pocket_settings,
    pockets,
    reopened,
)
from storage.places.channels import ChannelFacts
from storage.places.pocket_reactions import PocketReactions
from storage.places.pocket_settings import PocketSettings
from storage.tables import Base
from tests.storage.rooms import functions_with_a_session
from tests.storage.rows import installation, open_workspace, viewer

ANA, BEN = PersonId("UANA"), PersonId("UBEN")
OURS, THEIRS = WorkspaceId("TOURS"), WorkspaceId("TTHEIRS")

ONE_AT_A_TIME, PACE = (Limit("chat.postMessage C1", None),), Pace("one")

OF_ALL_WORKSPACES = {
    "changes.forget_old",
    "channels.check",
    "database.reachable",
    "database.revision",
    "deliveries.forget_old",
    "exports.named",
    "exports.names",
    "drafts.forget_old",
    "earlier.forget_old",
    "notices.bring",
    "notices.dropped",
    "outbox.claim",
    "outbox.due",
    "outbox.next_due",
    "pacing.claim",
    "pacing.forget_old",
    "pacing.look",
    "pacing.take",
    "parking.drop",
    "parking.entries",
    "parking.retry",
    "parking.tally",
    "condition.condition",
    "workspaces.signs",
}
"""What the worker, the clock and the operator do for everybody at once."""

ROOMS = (storage, storage.db, storage.home, storage.kept, storage.learned, storage.owed, storage.places)
"""The others have tests of their own."""

WORDS = "The bakery's oven needs 20 minutes, swordfish."


class Acts:
    """Everything that storage can do, done in one workspace: each public function by its name."""

    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self.session = session
        self.workspace = workspace
        self.place = Place(workspace, ChannelId("C1"))
        self.ana, self.ben = Person(workspace, ANA), Person(workspace, BEN)
        self.message = MessageRef(self.place, Ts("1700000000.000100"))
        words = f"{WORDS} {workspace}"  # whatever is theirs says so
        self.new = NewLearning(
            key="form:1", place=self.place, words=words, why=words, topics=(f"swordfish {workspace}",)
        )
        self.ts = 10

    def live(self) -> None:
        """A pocket with a learning that was shared, one that was kept, and errands."""
        open_workspace(self.session, self.workspace)
        facts = ChannelFacts(f"learning-{self.workspace}", is_private=False)
        pockets.start(self.session, self.place, facts, by=self.ana, at=1.0)
        channels.listed(self.session, self.place, [ANA, BEN], asked_at=1.0)
        learnings.share(self.session, self.new, by=self.ana, here=True, tell=True, at=1.0)
        for key in ("2", "3"):
            drafts.save(self.session, replace(self.draft, key=key), by=self.ana, at=1.0)
        self.react(standing=True)
        self.look()

    def react(self, *, standing: bool) -> None:
        """Ben's keep of ana's message comes, or goes."""
        self.ts += 1
        reaction = Reaction(self.message, BEN, "bulb", Ts(f"17000000{self.ts}.000000"), standing, f"Ev{self.ts}")
        keeps.follow(self.session, reaction, at=1.0)

    def look(self) -> None:
        """The kept message is looked at."""
        keeps.looked(self.session, self.workspace, self.kept.id, self.seen, known=None, at=2.0)

    @property
    def seen(self) -> Look:
        """What the kept message says."""
        link = f"https://{self.workspace}.slack.com/p1"
        files = (FileLink(self.new.words, link),)
        return Look(author=ANA, words=self.new.words, link=link, by_person=True, files=files)

    @property
    def form_keep(self) -> FormKeep:
        """What ben leaves of it in the form."""
        pressed = Ts("1700000200.000000")
        return FormKeep(self.message, self.seen, "The bakery's oven", ("bread",), pressed, self.kept.words_ts)

    @property
    def shared(self) -> learnings.LearningView:
        """The learning that was shared."""
        found = learnings.find_by_key(self.session, self.workspace, "form:1")
        assert found
        return found

    @property
    def kept(self) -> learnings.LearningView:
        """The learning that was kept."""
        found = learnings.find_by_key(self.session, self.workspace, "message:C1:1700000000.000100")
        assert found
        return found

    @property
    def draft(self) -> NewDraft:
        """Something that was put aside."""
        return NewDraft(key="2", channel=self.place.channel, words=self.new.words)

    @property
    def shown(self) -> Shown:
        """The kept message, as Slack shows it."""
        return Shown(self.message, f"edited {self.workspace}", frozenset({Given(BEN, "bulb")}))

    @property
    def carried(self) -> Carried:
        """A message of ana's in an export, which ben reacted to."""
        given, ts = frozenset({Given(BEN, "bulb")}), Ts("1600000000.000100")
        return Carried(ts, None, replace(self.seen, helped=given), given, (Someone(ANA), Someone(BEN)))

    @property
    def gap(self) -> catching_up.Gap:
        """Something was missed."""
        return catching_up.Gap(self.place, 1.0, 2.0, Ts("1700000093.000000"), Ts("1600000000.000000"))

    def _owe_catching_up(self) -> None:
        pocket = pockets.find(self.session, self.place)
        assert pocket is not None
        catching_up.owe(self.session, pocket, self.gap.body, at=9.0)

    def _pulse(self) -> Ts | None:
        """Away for long."""
        gaps.pulse(self.session, self.workspace, at=1.0, heard=None, rhythm=gaps.Rhythm(), just_started=False)
        heard = Ts("1700000099.000000")
        return gaps.pulse(self.session, self.workspace, at=999.0, heard=heard, rhythm=gaps.Rhythm(), just_started=True)

    def errand(self) -> outbox.Errand:
        """An errand of this workspace, leased."""
        due = [one for one in outbox.due(self.session, at=1e6) if one.workspace == self.workspace]
        return outbox.claim(self.session, due[:1], at=1e6, lease=30.0)[0]

    @property
    def _shown_here(self) -> dict[str, str]:
        return {"learning": self.shared.id, "channel": self.place.channel, "thread": "", "person": self.ana.id}

    @cached_property
    def telling(self) -> outbox.Errand:
        """The errand that tells ana what waits for her, leased."""
        due = [one for one in outbox.due(self.session, at=1e6) if one.workspace == self.workspace]
        return outbox.claim(self.session, [one for one in due if one.kind == notices.ERRAND], at=1e6, lease=30.0)[0]

    def _kept_again(self, state: str, act: Callable[[], Any]) -> Any:
        """Do something with what ben keeps of ana's, which is in this state again, in spite of all that came before."""
        where = {"w": self.workspace, "id": self.kept.id, "state": state, "words": "w" if state == "live" else ""}
        again = "UPDATE learnings SET state = :state, words = :words, why = '', author = 'UANA', told_at = NULL"
        self.ts = min(self.ts, 90) + 1
        self.react(standing=True)
        self.session.execute(text(f"{again} WHERE workspace = :w AND id = :id"), where)
        return act()

    def _let_go(self) -> None:
        self.react(standing=False)
        self.session.execute(
            text("UPDATE learnings SET state = 'live', words = 'w' WHERE workspace = :w AND id = :id"),
            {"w": self.workspace, "id": self.kept.id},
        )
        kept_answers.stay(self.session, self.kept.id, by=self.ben)
        kept_answers.let_go(self.session, self.kept.id, by=self.ben, at=9.0)

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana, ben, m = self.session, self.workspace, self.place, self.ana, self.ben, self.message
        later, other = replace(self.new, words="Other words", topics=("other",)), PocketReactions(("star", "bulb"))
        inside = viewer(ana, channels=frozenset({p.channel}))
        guest = viewer(ben, "guest", channels=frozenset({p.channel}))
        return {
            "workspaces.find": lambda: workspaces.find(s, w),
            "workspaces.install": lambda: workspaces.install(s, replace(installation(w), name="x"), at=9.0),
            "people.introduce": lambda: people.introduce(s, w, [Someone(BEN, "Ben", is_bot=False)]),
            "people.names": lambda: people.names(s, w, [ANA, BEN]),
            "showing.opened": lambda: showing.opened(s, ana, at=9.0),
            "showing.touch": lambda: showing.touch(s, ana, at=9.0),
            "view.whom_to_ask": lambda: home_view.whom_to_ask(s, guest, at=9.0),
            "view.of": lambda: home_view.of(s, inside, at=9.0),
            "importing.judge": lambda: importing.judge(s, p, [self.carried]),
            "importing.remember": lambda: importing.remember(s, p, [self.carried], at=9.0),
            "curators.carried": lambda: curators.carried(s, [(m, Given(BEN, "star"))]),
            "kept_news.owe_each": lambda: kept_news.owe_each(s, w, {ANA: self.kept.id}, at=9.0),
            "people.meet": lambda: people.meet(s, Person(w, PersonId("UNEW"))),
            "people.hold": lambda: people.hold(s, Person(w, PersonId("UNEW"))),
            "people.never_keeps": lambda: people.never_keeps(s, ana),
            "people.set_never_keep": lambda: people.set_never_keep(s, ben, never=True),
            "people.heard": lambda: people.heard(s, ana, "keep"),
            "people.hears": lambda: people.hears(s, ben, "kept", at=9.0),
            "people.is_to_hear": lambda: people.is_to_hear(s, ana, "keep", at=9.0),
            "people.lose": lambda: people.lose(s, ben, at=9.0),
            "channels.know": lambda: channels.know(s, p, ChannelFacts("renamed", is_private=True), at=9.0),
            "channels.described": lambda: channels.described(s, p, ChannelFacts("asked", is_private=False), at=9.0),
            "gaps.described": lambda: gaps.described(s, p, ChannelFacts("asked", is_private=False), at=9.0),
            "channels.changed": lambda: channels.changed(s, p, in_doubt=False, at=9.0),
            "channels.is_archived": lambda: channels.is_archived(s, p),
            "channels.known": lambda: channels.known(s, p),
            "channels.membership": lambda: channels.membership(s, p, ben),
            "channels.follow": lambda: channels.follow(
                s, p, BEN, standing=False, event_ts=Ts("1700000099.000000"), at=9.0
            ),
            "channels.listed": lambda: channels.listed(s, p, [ANA, BEN], asked_at=99.0),
            "channels.owe_members": lambda: channels.owe_members(s, p, at=99.0),
            "channels.seen": lambda: channels.seen(s, p, Person(w, PersonId("UNEW")), at=9.5),
            "channels.rename": lambda: channels.rename(s, p, "renamed"),
            "channels.has_bot": lambda: channels.has_bot(s, p),
            "channels.out_since": lambda: channels.out_since(s, p),
            "channels.set_bot": lambda: channels.set_bot(s, p, there=False, event_ts=Ts("1700000099.000000")),
            "channels.was_invited": lambda: channels.was_invited(s, p, known=Ts("1700000100.000000")),
            "channels.name_of": lambda: channels.name_of(s, p),
            "pockets.joined": lambda: pockets.joined(s, p, event_ts=Ts("1700000101.000000"), at=9.0),
            "pockets.returned": lambda: pockets.returned(s, p, known=Ts("1700000102.000000"), at=9.0),
            "pockets.is_live": lambda: pockets.is_live(s, p),
            "pockets.require": lambda: pockets.require(s, p),
            "pockets.was_one": lambda: pockets.was_one(s, p),
            "pockets.require_share": lambda: pockets.require_share(s, p, ben),
            "pockets.enter": lambda: pockets.enter(s, p, ben, name="entered", at=9.0),
            "leads.of": lambda: leads.of(s, p),
            "leads.there": lambda: leads.there(s, p),
            "leads.to_stand_in_for": lambda: leads.to_stand_in_for(s, p, ben),
            "leads.instead_of": lambda: leads.instead_of(s, p, BEN, at=9.0),
            "leads.may": lambda: leads.may(s, p, ben),
            "leads.require": lambda: leads.require(s, p, ana),
            "leads.add": lambda: leads.add(s, p, ben, at=9.0),
            "leads.set_all": lambda: leads.set_all(s, p, (ANA, BEN), at=9.0),
            "pockets.require_none": lambda: pockets.require_none(s, replace(p, channel=ChannelId("CNONE"))),
            "pockets.seen_by": lambda: pockets.seen_by(s, p, ben),
            "pockets.led_by": lambda: pockets.led_by(s, p, ana),
            "pockets.offer": lambda: pockets.offer(s, replace(p, channel=ChannelId("CNONE")), ANA, at=9.0),
            "pockets.change": lambda: pockets.change(s, p, PocketSettings(noun="tip"), (ANA,), other, by=ana, at=9.0),
            "exports.head": lambda: exports.head(s, p),
            "exports.count": lambda: exports.count(s, p, None),
            "exports.is_unchecked": lambda: exports.is_unchecked(s, p, viewer(ana)),
            "exports.page": lambda: exports.page(s, p, None),
            "exports.owe": lambda: exports.owe(s, p, by=ana, at=9.0),
            "exports.owe_refusal": lambda: exports.owe_refusal(s, place=p, person=ANA, reason="scope", at=9.0),
            "pocket_reactions.of": lambda: pocket_reactions.of(s, p),
            "pocket_reactions.deed_of": lambda: pocket_reactions.deed_of(s, p, "bulb"),
            "pocket_reactions.deeds": lambda: pocket_reactions.deeds(s, m, BEN, "bulb", standing=False),
            "pocket_reactions.write": lambda: pocket_reactions.write(s, p, other),
            "pocket_settings.of": lambda: pocket_settings.of(s, p),
            "pocket_settings.noun_of": lambda: pocket_settings.noun_of(s, p),
            "pocket_settings.require_name": lambda: pocket_settings.require_name(s, p, without_name=True),
            "pocket_settings.half_lives": lambda: pocket_settings.half_lives(s, w),
            "pocket_settings.write": lambda: pocket_settings.write(
                s, p, PocketSettings(purpose="why", half_life=91), at=1.0
            ),
            "gaps.invited": lambda: gaps.invited(
                s, p, ANA, delivery="EvInvited", event_ts=Ts("1700000103.000000"), at=9.0
            ),
            "consent.never_keep_any": lambda: consent.never_keep_any(s, by=ben, at=9.0),
            "pockets.of_viewer": lambda: pockets.of_viewer(s, inside),
            "topics.of": lambda: topics.of(s, w, self.shared.id),
            "topics.suggest": lambda: topics.suggest(s, p, "", to=inside),
            "topics.add": lambda: topics.add(s, w, self.kept.id, ("added",)),
            "topics.replace": lambda: topics.replace(s, w, self.kept.id, ("replaced",)),
            "learnings.find": lambda: learnings.find(s, w, self.shared.id),
            "learnings.find_by_key": lambda: learnings.find_by_key(s, w, "form:1", lock=True),
            "learnings.find_by_card": lambda: learnings.find_by_card(s, m),
            "links.add": lambda: links.add(s, w, self.shared.id, self.kept.id, by=ANA, at=9.0),
            "links.of": lambda: links.of(s, w, self.kept.id),
            "links.of_each": lambda: links.of_each(s, w, [self.kept.id]),
            "links.forget": lambda: links.forget(s, w, self.kept.id, at=9.0),
            "changes.link": lambda: changes.link(s, self.shared.id, self.kept.id, by=ana, at=9.0),
            "changes.unlink": lambda: changes.unlink(s, self.shared.id, self.kept.id, by=ana, at=9.0),
            "changes.unlink_all": lambda: self._linked(lambda: changes.unlink_all(s, self.shared.id, by=ana, at=9.0)),
            "links.remove": lambda: self._linked(lambda: links.remove(s, w, self.kept.id, self.shared.id, at=9.0)),
            "links.owe_look": lambda: links.owe_look(s, p, self.shared.id, at=9.0),
            "learnings.change": lambda: learnings.change(s, self.shared, later, at=9.0, edited_by=BEN),
            "people.is_bot": lambda: people.is_bot(s, ben),
            "people.is_known_to_be": lambda: people.is_known_to_be(s, ben, bot=False),
            "helps.of_message": lambda: helps.of_message(s, m, lock=True),
            "helps.press": lambda: helps.press(s, self.shared.id, by=ben, event_ts=Ts("1700000020.0"), at=9.0),
            "helps.follow": lambda: helps.follow(s, Helped(m, BEN, "key", Ts("1700000021.0"), standing=True), at=9.0),
            "helps.most": lambda: helps.most(s, p, since=0.0, limit=9),
            "helps.count": lambda: helps.count(s, self.shared),
            "helps.counts": lambda: helps.counts(s, p, [self.shared.id]),
            "helps.seen": lambda: helps.seen(s, m, [Given(ANA, "key")], [], known=Ts("1700000030.0"), at=9.0),
            "helps.carried": lambda: helps.carried(s, m, self.kept.id, [Given(BEN, "key")], ask=True, at=9.0),
            "helps.is_person": lambda: helps.is_person(s, ben, bot=False, at=9.0),
            "helps.is_awaited": lambda: helps.is_awaited(s, MessageRef(p, Ts("1700000001.0"))),
            "helps.card_stands": lambda: helps.card_stands(s, m, at=9.0, late=True),
            "helps.newest": lambda: helps.newest(s, p),
            "helps.forget": lambda: helps.forget(s, w, self.shared.id),
            "discussion.answered": lambda: discussion.answered(
                s, MessageRef(p, Ts("1700000000.000300")), Ts("1700000000.000400"), by=ben, at=9.0
            ),
            "discussion.answered_by_form": lambda: discussion.answered_by_form(
                s, self.shared.id, LearningId("answer"), by=ben, shown=BEN, at=9.0
            ),
            "changes.changeable": lambda: changes.changeable(s, self.shared.id, by=ana),
            "changes.may_change": lambda: changes.may_change(s, self.shared, by=ben),
            "earlier.hold": lambda: earlier.hold(s, self.shared, at=9.0),
            "earlier.of": lambda: earlier.of(s, w, self.shared.id),
            "earlier.bring_back": self._bring_back,
            "changes.edit": lambda: changes.edit(s, self.shared.id, later, by=ana, at=9.0),
            "changes.outdate": lambda: changes.outdate(s, self.shared.id, "why", by=ana, at=9.0),
            "changes.out_of_date": lambda: changes.out_of_date(s, self.shared),
            "changes.renew": lambda: changes.renew(s, self.shared.id, by=ana, at=9.0),
            "changes.removed": lambda: changes.removed(s, w, self.shared.id),
            "changes.forget_removed": lambda: changes.forget_removed(s, w, self.shared.id),
            "visibility.sees": lambda: visibility.sees(s, inside, self.shared.id),
            "visibility.require": lambda: visibility.require(s, inside, self.shared.id),
            "visibility.require_place": lambda: visibility.require_place(s, inside, p),
            "visibility.needs": lambda: visibility.needs(s, viewer(ana, "guest"), visibility.in_channel(p)),
            "learnings.own": lambda: learnings.own(s, self.shared.id, by=ana),
            "learnings.share": lambda: learnings.share(s, later, by=ana, here=True, at=9.0),
            "learnings.edit": lambda: learnings.edit(s, self.shared.id, self.new, by=ana, at=9.0),
            "cards.stands": lambda: cards.stands(s, w, self.shared.id, ts=Ts("5.0"), at=9.0),
            "cards.is_owed": lambda: cards.is_owed(s, self.shared),
            "cards.owe_words_back": lambda: cards.owe_words_back(s, self.shared, reason="x", at=9.0),
            "learnings.owe_card_refresh": lambda: learnings.owe_card_refresh(s, self.shared, at=9.0),
            "drafts.save": lambda: drafts.save(s, self.draft, by=ana, at=9.0),
            "drafts.is_saved": lambda: drafts.is_saved(s, self.draft, by=ana),
            "drafts.of": lambda: drafts.of(s, ana),
            "drafts.own": lambda: drafts.own(s, "2", by=ana),
            "drafts.share": lambda: drafts.share(s, replace(self.new, key="form:2"), "2", by=ana, at=9.0),
            "drafts.throw_away": lambda: drafts.throw_away(s, "3", by=ana, at=9.0),
            "deliveries.first": lambda: deliveries.first(s, w, "Ev-of-both", at=9.0),
            "curators.of": lambda: curators.of(s, m),
            "curators.follow": lambda: curators.follow(
                s, m, ANA, "bulb", standing=True, event_ts=Ts("1700000050.000000")
            ),
            "curators.stands": lambda: curators.stands(s, m, ANA, event_ts=Ts("1700000050.000000")),
            "curators.withdraw": lambda: curators.withdraw(s, m, ANA, event_ts=Ts("1700000051.000000")),
            "keeps.is_older": lambda: keeps.is_older(s, MessageRef(p, Ts("1700000000.000100"))),
            "keeps.curators_of": lambda: keeps.curators_of(s, self.kept),
            "keeps.follow": lambda: self.react(standing=True),
            "keeps.take_back": lambda: keeps.take_back(
                s, self.kept.id, by=ben, event_ts=Ts("1700000060.000000"), at=9.0
            ),
            "keeps.looked": self._look_again,
            "keeps.may_be_kept": lambda: keeps.may_be_kept(s, w, self.seen),
            "keep_forms.offered": lambda: keep_forms.offered(s, m, by=ben, author=ANA),
            "keep_forms.keep": lambda: keep_forms.keep(s, self.form_keep, by=ben, at=9.0),
            "changes.delete": self._take_away,
            "consent.keep_no_more": lambda: consent.keep_no_more(s, self.kept, at=9.0),
            "consent.withhold_all": lambda: consent.withhold_all(s, by=ana, at=9.0),
            "consent.withhold": self._withhold,
            "consent.leave_out": lambda: consent.leave_out(s, self.kept, author=ana.id, at=9.0),
            "consent.never_keep": lambda: consent.never_keep(s, self.kept.id, by=ana, at=9.0),
            "consent.keep_again": lambda: consent.keep_again(s, by=ana, at=9.0),
            "curators.seen": lambda: curators.seen(s, m, [Given(ANA, "bulb")], known=Ts("1700000090.000000")),
            "kept_errands.owe_look": lambda: kept_errands.owe_look(s, m, self.kept.id, at=9.0),
            "kept_errands.owe_mark_at": lambda: kept_errands.owe_mark_at(s, p, self.kept.id, at=9.0),
            "kept_errands.owe_mark": lambda: kept_errands.owe_mark(s, self.kept, at=9.0),
            "kept_errands.owe_refusal": lambda: kept_errands.owe_refusal(s, m, BEN, at=9.0),
            "kept_errands.owe_words": lambda: kept_errands.owe_words(s, self.kept, BEN, at=9.0),
            "kept_errands.owe_private_refusal": lambda: kept_errands.owe_private_refusal(
                s, workspace=w, body={"channel": p.channel, "ts": m.ts, "person": BEN}, at=9.0
            ),
            "keeps.settle": lambda: keeps.settle(s, m, at=9.0),
            "sources.edited": lambda: sources.edited(s, m, "w", event_ts=Ts("1700000091.000000"), at=9.0),
            "sources.shown": lambda: sources.shown(s, [self.shown], known=Ts("1700000092.000000"), at=9.0),
            "sources.known_between": lambda: sources.known_between(s, p, after=Ts("0"), before=Ts("9")),
            "sources.known_among": lambda: sources.known_among(s, p, [m.ts]),
            "sources.next_older": lambda: sources.next_older(s, p, before=Ts("9")),
            "gaps.pulse": self._pulse,
            "gaps.limited": lambda: gaps.limited(s, w, minute=1.7e9, at=2e3, heard=None, rhythm=gaps.Rhythm()),
            "catching_up.read": lambda: catching_up.read(
                s, self.gap, catching_up.Page((self.shown,), (), (m.ts,), m.ts, Ts("9")), at=9.0
            ),
            "catching_up.read_thread": lambda: catching_up.read_thread(
                s, self.gap, m.ts, catching_up.Page((self.shown,)), at=9.0
            ),
            "catching_up.owe_thread": lambda: catching_up.owe_thread(s, p, m.ts, at=9.0),
            "catching_up.checked": lambda: catching_up.checked(s, self.gap, m, self.shown, at=9.0),
            "catching_up.go_on": lambda: catching_up.go_on(s, self.gap, m, at=9.0),
            "catching_up.missed": lambda: catching_up.missed(s, self.gap, at=9.0),
            "pockets.find": lambda: pockets.find(s, p),
            "pockets.all_with_bot": lambda: pockets.all_with_bot(s, w, after="", limit=9),
            "sources.newest": lambda: sources.newest(s, p),
            "curators.given": lambda: curators.given(s, m),
            "curators.told": lambda: curators.told(s, m),
            "gaps.joined": lambda: gaps.joined(s, p, event_ts=Ts("1700000111.000000"), at=9.0),
            "gaps.returned": lambda: gaps.returned(s, p, known=Ts("1700000112.000000"), at=9.0),
            "workspaces.heard": lambda: workspaces.heard(s, w),
            "catching_up.is_reading": lambda: catching_up.is_reading(s, p),
            "catching_up.as_known_now": lambda: catching_up.as_known_now(s, self.gap),
            "catching_up.begin": lambda: catching_up.begin(s, w, self.gap.body, at=9.0),
            "catching_up.owe": self._owe_catching_up,
            "pacing.rest": lambda: pacing.rest(s, w, "chat.update", seconds=1.0, pace=PACE),
            "pacing.again": lambda: pacing.again(s, Turn(w, ONE_AT_A_TIME), lease="x", pace=PACE),
            "pacing.also": lambda: pacing.also(s, Turn(w, ONE_AT_A_TIME), pace=PACE),
            "pacing.release": lambda: pacing.release(s, self.telling, ONE_AT_A_TIME, ago=0.0, pace=PACE),
            "outbox.bodies_of": lambda: outbox.bodies_of(s, w, slot="check older:C1"),
            "outbox.withdraw": lambda: outbox.withdraw(s, w, slot="check older:C1"),
            "sources.deleted": lambda: sources.deleted(s, m, event_ts=Ts("1700000113.000000"), at=9.0),
            "curators.forget": lambda: curators.forget(s, m),
            "curators.refuse": lambda: curators.refuse(s, m),
            "deliveries.seen": lambda: deliveries.seen(s, w, "Ev1"),
            "learnings.forget_words": lambda: learnings.forget_words(s, w, self.kept.id, state="taken back", at=9.0),
            "learnings.withdraw": lambda: learnings.withdraw(s, self.shared.id, by=ana, at=9.0),
            "outbox.owe": lambda: outbox.owe(s, w, "mark", lane="C1", body={"learning": "x"}, slot="slot", at=9.0),
            "outbox.waits": self._confirmation_waits,
            "outbox.put_off": lambda: outbox.put_off(s, self.errand(), until=9.0, reason="later"),
            "outbox.holds": lambda: outbox.holds(s, self.errand()),
            "outbox.another_leased": lambda: outbox.another_leased(s, self.errand()),
            "outbox.has_successor": lambda: outbox.has_successor(s, w, self.errand().id),
            "outbox.leave_unknown": lambda: outbox.leave_unknown(s, self.errand(), until=9.0, reason="?"),
            "outbox.park": lambda: outbox.park(s, self.errand(), reason="no"),
            "outbox.done": lambda: outbox.done(s, self.errand()),
            "pockets.stop": lambda: pockets.stop(s, p, by=ana, at=9.0),
            "pockets.left": lambda: pockets.left(s, p, event_ts=Ts("1700000098.000000"), at=9.5),
            "pockets.start": lambda: pockets.start(s, p, ChannelFacts("again", is_private=False), by=ben, at=10.0),
            "people.is_lost": lambda: people.is_lost(s, ben, at=9.0),
            "people.heard_at": lambda: people.heard_at(s, ana, "kept"),
            "kept_news.owe": lambda: kept_news.owe(s, self.kept.id, ana, at=9.0),
            "kept_news.untold": lambda: self._kept_again("live", lambda: kept_news.untold(s, ana)),
            "kept_news.told": lambda: kept_news.told(s, ana, [self.kept.id], at=9.0),
            "kept_answers.allow": lambda: self._kept_again(
                "asked", lambda: kept_answers.allow(s, self.kept.id, by=ana, at=9.0)
            ),
            "kept_answers.stay": lambda: self._kept_again("live", lambda: kept_answers.stay(s, self.kept.id, by=ben)),
            "kept_answers.let_go": self._let_go,
            "kept_errands.owe_question": lambda: kept_errands.owe_question(s, self.kept, BEN, at=9.0),
            "keeps.was_touched": lambda: keeps.was_touched(s, self.kept),
            "keeps.is_kept": lambda: keeps.is_kept(s, m),
            "keeps.look_again": lambda: keeps.look_again(s, self.kept, at=9.0),
            "curators.ever_kept": lambda: curators.ever_kept(s, m, BEN),
            "learnings.several": lambda: learnings.several(s, w, [self.shared.id, self.kept.id]),
            "topics.of_each": lambda: topics.of_each(s, w, [self.shared.id]),
            "visibility.reach": lambda: visibility.reach(s, inside, hopeful=True),
            "visibility.beyond": lambda: visibility.beyond(s, inside, hopeful=True),
            "visibility.may_be_shown": lambda: visibility.may_be_shown(s, p, p),
            "addressed.in_channel": lambda: addressed.in_channel(
                s, MessageRef(p, Ts("9.000008")), None, by=ana, at=1.0
            ),
            "addressed.directly": lambda: addressed.directly(s, MessageRef(p, Ts("9.000009")), None, by=ana, at=1.0),
            "shown_here.show": lambda: shown_here.show(s, self.shared.id, p, None, by=ana, at=1.0),
            "shown_here.withdraw": lambda: shown_here.withdraw(s, w, self._shown_here, reason="gone", at=1.0),
            "deliveries.forget": lambda: deliveries.forget(s, w, "Ev-of-both"),
            "reopened.look": lambda: reopened.look(s, p, at=9.0),
            "visibility.reads": lambda: visibility.reads(s, inside, p),
            "pockets.announced": lambda: pockets.announced(s, p, ts=Ts("1700000099.000000")),
            "quiet.may_hear": lambda: quiet.may_hear(s, ana, at=9.0),
            "quiet.may_post": lambda: quiet.may_post(s, p, at=9.0),
            "quiet.take_word": lambda: quiet.take_word(s, ana, "E1", at=9.0),
            "quiet.take_post": lambda: quiet.take_post(s, p, "E2", at=9.0),
            "quiet.posted": lambda: quiet.posted(s, w, "E2", at=9.0),
            "quiet.give_back": lambda: quiet.give_back(s, w, "E2"),
            "notices.tell": lambda: notices.tell(s, ana, "first kept", {}, at=9e5),
            "outbox.owe_one": lambda: outbox.owe_one(s, w, "tell privately", lane=ANA, body={}, at=9e5),
            "notices.waiting": lambda: notices.waiting(s, ana),
            "notices.hold": lambda: notices.hold(s, self.telling, at=9e5),
            "notices.held": lambda: notices.held(s, self.telling),
            "notices.narrow": lambda: notices.narrow(s, self.telling, to=notices.waiting(s, ana), gone=[]),
            "notices.said": lambda: notices.said(s, self.telling, at=9e5),
            "notices.forget": lambda: notices.forget(s, self.telling),
            "channels.deleted": lambda: channels.deleted(s, p),
            "pockets.gone": lambda: pockets.gone(s, p, at=11.0),
            "channel_ids.moved": lambda: channel_ids.moved(s, w, [p.channel]),
            "channel_ids.changed": lambda: channel_ids.changed(
                s, p, ChannelId("CNEW"), event_ts=Ts("1700000120.000000"), at=12.0
            ),
        }

    def _linked(self, act: Callable[[], Any]) -> Any:
        changes.link(self.session, self.shared.id, self.kept.id, by=self.ana, at=9.0)
        return act()

    def _look_again(self) -> None:
        self.ts = 70
        self.react(standing=True)
        self.look()

    def _confirmation_waits(self) -> bool:
        """Not any more: only the twin's does."""
        self.session.execute(
            text("DELETE FROM outbox WHERE workspace = :w AND kind = 'confirm share'"), {"w": self.workspace}
        )
        return outbox.waits(
            self.session, self.workspace, "confirm share", lane="C1", key="learning", value=self.shared.id
        )

    def _take_away(self) -> None:
        """Ben, who leads the pocket by now, deletes what ana shared."""
        mine = NewLearning(key="form:2", place=self.place, words=self.new.words)
        leads.add(self.session, self.place, self.ben, at=9.0)
        self.session.execute(text("UPDATE memberships SET standing = true WHERE workspace = :w"), {"w": self.workspace})
        self.session.execute(text("UPDATE channels SET has_bot = true WHERE workspace = :w"), {"w": self.workspace})
        id = learnings.share(self.session, mine, by=self.ana, here=True, at=9.0)
        changes.delete(self.session, id, by=self.ben, at=9.0)

    def _bring_back(self) -> None:
        earlier.hold(self.session, replace(self.shared, edited_by=None), at=9.0)
        earlier.bring_back(self.session, self.shared.id, by=self.ana, at=9.0)

    def _withhold(self) -> None:
        self.session.execute(
            text("UPDATE learnings SET state = 'live', words = 'w' WHERE workspace = :w AND id = :id"),
            {"w": self.workspace, "id": self.kept.id},
        )
        consent.withhold(self.session, self.kept.id, by=self.ana, at=9.0)


def rows(session: Session, workspace: WorkspaceId, *tables: str) -> dict[str, list[str]]:
    """All that is stored of a workspace, or in these tables of it."""
    found: dict[str, list[str]] = {table.name: [] for table in Base.metadata.sorted_tables}
    session.expire_all()
    for table, row in session.execute(_rows(session.get_bind().dialect.name, tables), {"w": workspace}):
        found[table].append(row)
    return {table: sorted(rows) for table, rows in found.items()}


@cache
def _rows(engine: str, tables: tuple[str, ...]) -> TextClause:
    """Of all tables in one go: it is asked after each act."""
    parts = []
    for table in (table for table in Base.metadata.sorted_tables if not tables or table.name in tables):
        column = "id" if table.name == "workspaces" else "workspace"
        whole = f'"{table.name}"::text' if engine == "postgresql" else _quoted(table)
        parts.append(f"""SELECT '{table.name}', {whole} FROM "{table.name}" WHERE "{column}" = :w""")  # noqa: S608 -- our own tables
    return text(" UNION ALL ".join(parts))


def _quoted(table: Table) -> str:
    return " || ',' || ".join(f'quote("{column.name}")' for column in table.columns)


class Ids:
    """Makes the same ids anew after each `restart`: twins that differ by their workspace alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.restart()
        for module in (learnings, keeps, importing):
            monkeypatch.setattr(module, "new_learning_id", lambda: LearningId(self.next()))
        monkeypatch.setattr(outbox, "uuid4", lambda: SimpleNamespace(hex=self.next()))

    def restart(self) -> None:
        """From the beginning."""
        self._numbers = itertools.count(1)

    def next(self) -> str:
        """The next one."""
        return f"id{next(self._numbers)}"


def test_no_function_sees_or_touches_another_workspaces_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is called in one workspace, and does what it does there alone; its twin, down to the ids, stays as it was."""
    ids = Ids(monkeypatch)
    alone, seen = dict[str, str](), set[str]()
    with Session(engine) as session:
        ours = Acts(session, OURS)
        ours.live()
        for name, act in ours.each().items():
            alone[name] = str(act())
    ids.restart()
    with Session(engine) as session:
        ours, theirs = Acts(session, OURS), Acts(session, THEIRS)
        ours.live()
        ids.restart()
        theirs.live()
        assert ours.shared.id == theirs.shared.id
        before = rows(session, THEIRS)
        for name, act in ours.each().items():
            assert str(act()) == alone[name], name
            assert rows(session, THEIRS) == before, name
            seen.add(name)
    assert seen | OF_ALL_WORKSPACES == functions_with_a_session(*ROOMS)


def test_no_row_of_the_outbox_ever_holds_what_people_wrote(engine: Engine) -> None:
    """After every act that owes something: ids and our own words only, never theirs."""
    with Session(engine) as session:
        acts = Acts(session, OURS)
        acts.live()
        for name, act in acts.each().items():
            act()
            assert "swordfish" not in str(rows(session, OURS, "outbox")["outbox"]), name
        assert "swordfish" not in str(rows(session, OURS, "deliveries")["deliveries"])
