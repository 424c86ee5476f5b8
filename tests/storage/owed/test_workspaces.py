"""What a workspace owes to Slack, no other sees or touches: down to the ids, its twin stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest
from sqlalchemy import Engine, text

import storage.owed
from storage.ids import MessageRef, Ts
from storage.owed import addressed, notices, outbox, pacing, quiet
from storage.owed.limits import Limit, Pace, Turn
from tests.storage import twins
from tests.storage.rooms import functions_with_a_session

OF_ALL_WORKSPACES = {
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
}
"""What the worker, the clock and the operator do for everybody at once."""

ONE_AT_A_TIME, PACE = (Limit("chat.postMessage C1", None),), Pace("one")


class Acts(twins.Acts):
    """Everything that is done there, in one workspace: each public function by its name."""

    @cached_property
    def telling(self) -> outbox.Errand:
        """The errand that tells ana what waits for her, leased."""
        due = [one for one in outbox.due(self.session, at=1e6) if one.workspace == self.workspace]
        return outbox.claim(self.session, [one for one in due if one.kind == notices.ERRAND], at=1e6, lease=30.0)[0]

    def errand(self) -> outbox.Errand:
        """An errand of this workspace, leased."""
        due = [one for one in outbox.due(self.session, at=1e6) if one.workspace == self.workspace]
        return outbox.claim(self.session, due[:1], at=1e6, lease=30.0)[0]

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana = self.session, self.workspace, self.place, self.ana
        return {
            "pacing.rest": lambda: pacing.rest(s, w, "chat.update", seconds=1.0, pace=PACE),
            "pacing.again": lambda: pacing.again(s, Turn(w, ONE_AT_A_TIME), lease="x", pace=PACE),
            "pacing.also": lambda: pacing.also(s, Turn(w, ONE_AT_A_TIME), pace=PACE),
            "pacing.release": lambda: pacing.release(s, self.telling, ONE_AT_A_TIME, ago=0.0, pace=PACE),
            "outbox.bodies_of": lambda: outbox.bodies_of(s, w, slot="check older:C1"),
            "outbox.withdraw": lambda: outbox.withdraw(s, w, slot="check older:C1"),
            "outbox.owe": lambda: outbox.owe(s, w, "mark", lane="C1", body={"learning": "x"}, slot="slot", at=9.0),
            "outbox.waits": self._confirmation_waits,
            "outbox.put_off": lambda: outbox.put_off(s, self.errand(), until=9.0, reason="later"),
            "outbox.holds": lambda: outbox.holds(s, self.errand()),
            "outbox.another_leased": lambda: outbox.another_leased(s, self.errand()),
            "outbox.has_successor": lambda: outbox.has_successor(s, w, self.errand().id),
            "outbox.leave_unknown": lambda: outbox.leave_unknown(s, self.errand(), until=9.0, reason="?"),
            "outbox.park": lambda: outbox.park(s, self.errand(), reason="no"),
            "outbox.done": lambda: outbox.done(s, self.errand()),
            "addressed.in_channel": lambda: addressed.in_channel(
                s, MessageRef(p, Ts("9.000008")), None, by=ana, at=1.0
            ),
            "addressed.directly": lambda: addressed.directly(s, MessageRef(p, Ts("9.000009")), None, by=ana, at=1.0),
            "quiet.may_hear": lambda: quiet.may_hear(s, ana, at=9.0),
            "quiet.may_post": lambda: quiet.may_post(s, p, at=9.0),
            "quiet.take_word": lambda: quiet.take_word(s, ana, "E1", at=9.0),
            "quiet.take_post": lambda: quiet.take_post(s, p, "E2", at=9.0),
            "quiet.posted": lambda: quiet.posted(s, w, "E2", at=9.0),
            "quiet.give_back": lambda: quiet.give_back(s, w, "E2"),
            "notices.tell": lambda: notices.tell(s, ana, "first kept", {}, at=9e5),
            "notices.rewrite": lambda: notices.rewrite(s, ana, "first kept", "", lambda body: body | {"learning": "x"}),
            "notices.waiting": lambda: notices.waiting(s, ana),
            "notices.hold": lambda: notices.hold(s, self.telling, at=9e5),
            "notices.held": lambda: notices.held(s, self.telling),
            "notices.narrow": lambda: notices.narrow(s, self.telling, to=notices.waiting(s, ana), gone=[], at=9e5),
            "notices.said": lambda: notices.said(s, self.telling, at=9e5),
            "notices.forget": lambda: notices.forget(s, self.telling),
        }

    def _confirmation_waits(self) -> bool:
        """Not any more: only the twin's does."""
        self.session.execute(
            text("DELETE FROM outbox WHERE workspace = :w AND kind = 'confirm share'"), {"w": self.workspace}
        )
        return outbox.waits(
            self.session, self.workspace, "confirm share", lane="C1", key="learning", value=self.shared.id
        )


def test_no_function_sees_or_touches_another_workspaces_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is called in one workspace, and does what it does there alone."""
    assert twins.seen_alone(engine, monkeypatch, Acts) | OF_ALL_WORKSPACES == functions_with_a_session(storage.owed)


def test_no_row_of_the_outbox_ever_holds_what_people_wrote(engine: Engine) -> None:
    """After every act that owes something: ids and our own words only, never theirs."""
    twins.assert_no_words_are_owed(engine, Acts)
