"""Two workspaces whose channels, people and messages have the same ids never see or touch each other's rows.

Here is what stands in storage itself, and what somebody's Home shows; each room has a `test_workspaces.py` of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

import storage
import storage.db
import storage.home
from storage import deliveries, people, visibility, workspaces
from storage.home import showing
from storage.home import view as home_view
from storage.ids import Person, PersonId
from storage.people import Someone
from tests.storage import twins
from tests.storage.rooms import functions_with_a_session
from tests.storage.rows import installation, viewer
from tests.storage.twins import ANA, BEN

OF_ALL_WORKSPACES = {
    "database.reachable",
    "database.revision",
    "deliveries.forget_old",
    "condition.condition",
    "workspaces.signs",
}
"""What the worker, the clock and the operator do for everybody at once."""


class Acts(twins.Acts):
    """Everything that storage itself can do, in one workspace: each public function by its name."""

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana, ben = self.session, self.workspace, self.place, self.ana, self.ben
        inside = viewer(self.ana, channels=frozenset({self.place.channel}))
        guest = viewer(self.ben, "guest", channels=frozenset({self.place.channel}))
        return {
            "workspaces.find": lambda: workspaces.find(s, w),
            "workspaces.install": lambda: workspaces.install(s, replace(installation(w), name="x"), at=9.0),
            "people.introduce": lambda: people.introduce(s, w, [Someone(BEN, "Ben", is_bot=False)]),
            "people.names": lambda: people.names(s, w, [ANA, BEN]),
            "showing.opened": lambda: showing.opened(s, ana, at=9.0),
            "showing.touch": lambda: showing.touch(s, ana, at=9.0),
            "view.whom_to_ask": lambda: home_view.whom_to_ask(s, guest, at=9.0),
            "view.of": lambda: home_view.of(s, inside, at=9.0),
            "people.meet": lambda: people.meet(s, Person(w, PersonId("UNEW"))),
            "people.hold": lambda: people.hold(s, Person(w, PersonId("UNEW"))),
            "people.never_keeps": lambda: people.never_keeps(s, ana),
            "people.set_never_keep": lambda: people.set_never_keep(s, ben, never=True),
            "people.heard": lambda: people.heard(s, ana, "keep"),
            "people.hears": lambda: people.hears(s, ben, "kept", at=9.0),
            "people.is_to_hear": lambda: people.is_to_hear(s, ana, "keep", at=9.0),
            "people.lose": lambda: people.lose(s, ben, at=9.0),
            "people.bots": lambda: people.bots(s, w, [ANA, BEN]),
            "people.is_bot": lambda: people.is_bot(s, ben),
            "people.is_known_to_be": lambda: people.is_known_to_be(s, ben, bot=False),
            "visibility.sees": lambda: visibility.sees(s, inside, self.shared.id),
            "visibility.require": lambda: visibility.require(s, inside, self.shared.id),
            "visibility.require_place": lambda: visibility.require_place(s, inside, p),
            "visibility.hangs_on_membership": lambda: visibility.hangs_on_membership(s, viewer(ana, "guest")),
            "visibility.needs": lambda: visibility.needs(s, viewer(ana, "guest"), visibility.in_channel(p)),
            "deliveries.first": lambda: deliveries.first(s, w, "Ev-of-both", at=9.0),
            "workspaces.heard": lambda: workspaces.heard(s, w),
            "deliveries.seen": lambda: deliveries.seen(s, w, "Ev1"),
            "people.is_lost": lambda: people.is_lost(s, ben, at=9.0),
            "people.heard_at": lambda: people.heard_at(s, ana, "kept"),
            "visibility.reach": lambda: visibility.reach(s, inside, hopeful=True),
            "visibility.beyond": lambda: visibility.beyond(s, inside, hopeful=True),
            "visibility.may_be_shown": lambda: visibility.may_be_shown(s, p, p),
            "deliveries.forget": lambda: deliveries.forget(s, w, "Ev-of-both"),
            "visibility.reads": lambda: visibility.reads(s, inside, p),
        }


def test_no_function_sees_or_touches_another_workspaces_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is called in one workspace, and does what it does there alone."""
    assert twins.seen_alone(engine, monkeypatch, Acts) | OF_ALL_WORKSPACES == functions_with_a_session(
        storage, storage.db, storage.home
    )


def test_no_row_of_the_outbox_ever_holds_what_people_wrote(engine: Engine) -> None:
    """After every act that owes something: ids and our own words only, never theirs."""
    twins.assert_no_words_are_owed(engine, Acts)
