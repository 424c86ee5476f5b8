"""What places remember of a workspace, no other sees or touches: down to the ids, its twin stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

import storage.places
from storage.ids import ChannelId, Person, PersonId, Ts
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
from storage.places.pocket_changes import Led
from storage.places.pocket_reactions import PocketReactions
from storage.places.pocket_settings import PocketSettings
from tests.storage import twins
from tests.storage.rooms import functions_with_a_session
from tests.storage.rows import viewer
from tests.storage.twins import ANA, BEN

OF_ALL_WORKSPACES = {
    "channels.check",
    "exports.named",
    "exports.names",
}
"""What the worker, the clock and the operator do for everybody at once."""


class Acts(twins.Acts):
    """Everything that is done there, in one workspace: each public function by its name."""

    @property
    def gap(self) -> catching_up.Gap:
        """Something was missed."""
        return catching_up.Gap(self.place, 1.0, 2.0, Ts("1700000093.000000"), Ts("1600000000.000000"))

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana, ben, m = self.session, self.workspace, self.place, self.ana, self.ben, self.message
        other = PocketReactions(("star", "bulb"))
        inside = viewer(self.ana, channels=frozenset({self.place.channel}))
        return {
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
            "pockets.change": lambda: pockets.change(
                s, p, Led(PocketSettings(noun="tip"), (ANA,), other), by=ana, at=9.0
            ),
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
                s, p, PocketSettings(purpose="why", half_life=91), at=9.0
            ),
            "gaps.invited": lambda: gaps.invited(s, p, ANA, event_ts=Ts("1700000103.000000"), at=9.0),
            "pockets.of_viewer": lambda: pockets.of_viewer(s, inside),
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
            "gaps.joined": lambda: gaps.joined(s, p, event_ts=Ts("1700000111.000000"), at=9.0),
            "gaps.returned": lambda: gaps.returned(s, p, known=Ts("1700000112.000000"), at=9.0),
            "catching_up.is_reading": lambda: catching_up.is_reading(s, p),
            "catching_up.as_known_now": lambda: catching_up.as_known_now(s, self.gap),
            "catching_up.begin": lambda: catching_up.begin(s, w, self.gap.body, at=9.0),
            "catching_up.owe": self._owe_catching_up,
            "pockets.stop": lambda: pockets.stop(s, p, by=ana, at=9.0),
            "pockets.left": lambda: pockets.left(s, p, event_ts=Ts("1700000098.000000"), at=9.5),
            "pockets.start": lambda: pockets.start(s, p, ChannelFacts("again", is_private=False), by=ben, at=10.0),
            "reopened.look": lambda: reopened.look(s, p, at=9.0),
            "pockets.announced": lambda: pockets.announced(s, p, ts=Ts("1700000099.000000")),
            "channels.deleted": lambda: channels.deleted(s, p),
            "pockets.gone": lambda: pockets.gone(s, p, at=11.0),
            "channel_ids.moved": lambda: channel_ids.moved(s, w, [p.channel]),
            "channel_ids.changed": lambda: channel_ids.changed(
                s, p, ChannelId("CNEW"), event_ts=Ts("1700000120.000000"), at=12.0
            ),
        }

    def _owe_catching_up(self) -> None:
        pocket = pockets.find(self.session, self.place)
        assert pocket is not None
        catching_up.owe(self.session, pocket, self.gap.body, at=9.0)

    def _pulse(self) -> Ts | None:
        """Away for long."""
        gaps.pulse(self.session, self.workspace, at=1.0, heard=None, rhythm=gaps.Rhythm(), just_started=False)
        heard = Ts("1700000099.000000")
        return gaps.pulse(self.session, self.workspace, at=999.0, heard=heard, rhythm=gaps.Rhythm(), just_started=True)


def test_no_function_sees_or_touches_another_workspaces_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is called in one workspace, and does what it does there alone."""
    assert twins.seen_alone(engine, monkeypatch, Acts) | OF_ALL_WORKSPACES == functions_with_a_session(storage.places)


def test_no_row_of_the_outbox_ever_holds_what_people_wrote(engine: Engine) -> None:
    """After every act that owes something: ids and our own words only, never theirs."""
    twins.assert_no_words_are_owed(engine, Acts)
