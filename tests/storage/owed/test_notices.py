"""What somebody is owed unasked: it waits, goes out together, and is said exactly once."""

from __future__ import annotations

from sqlalchemy import text

from storage import people
from storage.ids import Person
from storage.owed import notices, outbox, parking, quiet
from storage.owed.outbox import Errand
from storage.owed.quiet import DAY
from tests.storage.kept_message import ANA, BEN, SAID, Pocket

NOW = 1_800_000_000.0


def ana_of(pocket: Pocket) -> Person:
    """Who hears all of it here."""
    return Person(pocket.workspace, ANA)


def tell(pocket: Pocket, kind: str, *, about: str = "", at: float = NOW, not_before: float | None = None) -> None:
    """Ana is owed a word."""
    notices.tell(pocket.session, ana_of(pocket), kind, {"of": kind}, at=at, about=about, not_before=not_before)


def errands(pocket: Pocket, *, at: float = NOW, lease: float = 30.0) -> list[Errand]:
    """The messages that are due, leased."""
    due = [one for one in outbox.due(pocket.session, at=at) if one.workspace == pocket.workspace]
    return outbox.claim(pocket.session, due, at=at, lease=lease) if due else []


def kinds(found: list[notices.Waiting]) -> list[str]:
    """What they are about."""
    return [one.kind for one in found]


def say(pocket: Pocket, errand: Errand, *, at: float = NOW) -> list[str]:
    """Its message is sent, and holds all that may be said. What that was."""
    held = notices.hold(pocket.session, errand, at=at)
    assert notices.narrow(pocket.session, errand, to=held, gone=[], at=NOW)
    notices.said(pocket.session, errand, at=at)
    outbox.done(pocket.session, errand)
    return kinds(held)


def test_what_waits_goes_out_together_and_the_rest_a_day_later(pocket: Pocket) -> None:
    """One message for two words; what comes after it waits until its day is over, and for the minute's tick then."""
    tell(pocket, "a")
    tell(pocket, "b", at=NOW + 1)
    (errand,) = errands(pocket, at=NOW + 2)
    assert say(pocket, errand, at=NOW + 2) == ["a", "b"]
    tell(pocket, "c", at=NOW + 3)
    assert errands(pocket, at=NOW + 4) == []
    assert kinds(notices.waiting(pocket.session, ana_of(pocket))) == ["c"]
    notices.bring(pocket.session, at=NOW + DAY + 1)
    assert errands(pocket, at=NOW + DAY + 1) == []
    for _ in range(2):
        notices.bring(pocket.session, at=NOW + DAY + 2)
    (errand,) = errands(pocket, at=NOW + DAY + 2)
    assert say(pocket, errand, at=NOW + DAY + 2) == ["c"]
    assert notices.waiting(pocket.session, ana_of(pocket)) == []


def test_of_one_thing_one_word_waits(pocket: Pocket) -> None:
    """Of two things, two."""
    for about in ("x", "x", "y"):
        tell(pocket, "a", about=about)
    assert len(notices.waiting(pocket.session, ana_of(pocket))) == 2


def test_what_is_not_to_be_said_yet_waits(pocket: Pocket) -> None:
    """And goes out with what comes before its time only when it is due."""
    tell(pocket, "later", not_before=NOW + 3 * DAY)
    assert errands(pocket) == []
    tell(pocket, "now")
    (errand,) = errands(pocket)
    assert say(pocket, errand) == ["now"]
    notices.bring(pocket.session, at=NOW + 3 * DAY)
    (errand,) = errands(pocket, at=NOW + 3 * DAY)
    assert say(pocket, errand, at=NOW + 3 * DAY) == ["later"]


def test_what_a_message_holds_is_settled_by_it_and_nothing_else_is(pocket: Pocket) -> None:
    """It may have been said: what is owed meanwhile, also of the same thing, waits for the next message."""
    tell(pocket, "a")
    (errand,) = errands(pocket, lease=0.0)
    held = notices.hold(pocket.session, errand, at=NOW)
    notices.narrow(pocket.session, errand, to=held, gone=[], at=NOW)
    tell(pocket, "a", at=NOW + 1)
    tell(pocket, "b", at=NOW + 2)
    assert kinds(notices.held(pocket.session, errand)) == ["a"]
    notices.said(pocket.session, errand, at=NOW + 3)  # it was found
    outbox.done(pocket.session, errand)
    assert kinds(notices.waiting(pocket.session, ana_of(pocket))) == ["a", "b"]


def test_a_second_message_of_the_same_day_says_nothing_and_loses_nothing(pocket: Pocket) -> None:
    """Two processes may owe one at once: the rule is held at the moment of sending."""
    tell(pocket, "a")
    (first,) = errands(pocket)
    tell(pocket, "b")
    (second,) = errands(pocket)
    assert kinds(notices.hold(pocket.session, second, at=NOW)) == ["a", "b"]
    assert notices.hold(pocket.session, first, at=NOW) == []
    outbox.done(pocket.session, first)
    assert kinds(notices.held(pocket.session, second)) == ["a", "b"]


def test_where_there_is_nothing_to_say_nobodys_day_is_used_up(pocket: Pocket) -> None:
    """What is needless goes, what did not fit waits."""
    tell(pocket, "needless")
    tell(pocket, "too long")
    (errand,) = errands(pocket)
    held = notices.hold(pocket.session, errand, at=NOW)
    assert notices.narrow(pocket.session, errand, to=[], gone=held[:1], at=NOW)
    outbox.done(pocket.session, errand)
    assert kinds(notices.waiting(pocket.session, ana_of(pocket))) == ["too long"]
    assert quiet.may_hear(pocket.session, ana_of(pocket), at=NOW)


def test_a_second_message_with_nothing_left_to_say_uses_up_nobodys_day(pocket: Pocket) -> None:
    """The first one found that all of it was needless."""
    tell(pocket, "needless")
    (first,) = errands(pocket)
    tell(pocket, "needless")
    (second,) = errands(pocket)
    held = notices.hold(pocket.session, first, at=NOW)
    assert notices.narrow(pocket.session, first, to=[], gone=held, at=NOW)
    assert notices.hold(pocket.session, second, at=NOW) == []
    assert quiet.may_hear(pocket.session, ana_of(pocket), at=NOW)


def test_what_came_while_there_was_nothing_to_say_is_owed_at_once(pocket: Pocket) -> None:
    """Also of the same thing: its turn was taken meanwhile. What is left over, and what is not due, waits for the minute."""
    for kind in ("needless", "unknown"):
        tell(pocket, kind)
    (errand,) = errands(pocket)
    needless, unknown = notices.hold(pocket.session, errand, at=NOW)
    tell(pocket, "needless", at=NOW + 1)
    tell(pocket, "later", not_before=NOW + DAY)
    assert errands(pocket, at=NOW + 2) == []
    assert notices.narrow(pocket.session, errand, to=[], gone=[needless], at=NOW + 2)
    outbox.done(pocket.session, errand)
    (again,) = errands(pocket, at=NOW + 2)
    assert kinds(notices.hold(pocket.session, again, at=NOW + 2)) == ["needless", unknown.kind]
    assert notices.narrow(pocket.session, again, to=[], gone=[needless], at=NOW + 2)
    assert errands(pocket, at=NOW + 3) == []  # it would go round for ever


def test_where_it_is_too_soon_nothing_is_owed_anew(pocket: Pocket) -> None:
    """It would go round for ever."""
    tell(pocket, "a")
    (first,) = errands(pocket)
    tell(pocket, "b")
    (second,) = errands(pocket)
    assert say(pocket, first) == ["a", "b"]
    tell(pocket, "c")
    assert notices.hold(pocket.session, second, at=NOW) == []
    outbox.done(pocket.session, second)
    assert errands(pocket) == []


def test_whoever_lost_the_lease_changes_nothing(pocket: Pocket) -> None:
    """A process that stood still: what it would hold is another's to say by now."""
    tell(pocket, "a")
    (slow,) = errands(pocket, lease=0.0)
    notices.hold(pocket.session, slow, at=NOW)
    (other,) = errands(pocket, at=NOW + 1)
    assert other.unknown
    assert notices.hold(pocket.session, slow, at=NOW + 1) == []
    assert not notices.narrow(pocket.session, slow, to=[], gone=[], at=NOW)
    assert kinds(notices.held(pocket.session, other)) == ["a"]


def test_an_operator_who_drops_a_message_drops_what_it_holds(pocket: Pocket) -> None:
    """It stands in Slack: that is what dropping says."""
    tell(pocket, "a")
    (errand,) = errands(pocket)
    notices.hold(pocket.session, errand, at=NOW)
    outbox.park(pocket.session, errand, reason="?", unknown=True)
    parking.drop(pocket.session, [errand.id])
    assert notices.waiting(pocket.session, ana_of(pocket)) == []
    assert not quiet.may_hear(pocket.session, ana_of(pocket), at=NOW)


def test_what_was_owed_anew_outlives_a_dropped_message(pocket: Pocket) -> None:
    """Owed once more while a message held it that is parked now: dropping that says nothing of the second."""
    tell(pocket, "a")
    (errand,) = errands(pocket)
    notices.hold(pocket.session, errand, at=NOW)
    outbox.park(pocket.session, errand, reason="?", unknown=True)
    notices.tell(pocket.session, ana_of(pocket), "a", {"of": "anew"}, at=NOW + 1)
    parking.drop(pocket.session, None)
    assert [one.body for one in notices.waiting(pocket.session, ana_of(pocket))] == [{"of": "anew"}]
    notices.bring(pocket.session, at=NOW + DAY + 1)
    assert len(errands(pocket, at=NOW + DAY + 1)) == 1


def test_a_parked_message_keeps_its_turn_only_where_it_may_have_been_said(pocket: Pocket) -> None:
    """What surely was not said holds back nothing but itself; retried, it takes its turn like any other."""
    tell(pocket, "a")
    (errand,) = errands(pocket)
    notices.hold(pocket.session, errand, at=NOW)
    outbox.park(pocket.session, errand, reason="msg_too_long")
    assert quiet.may_hear(pocket.session, ana_of(pocket), at=NOW)
    tell(pocket, "b", at=NOW + 1)
    (other,) = errands(pocket, at=NOW + 1)
    assert say(pocket, other, at=NOW + 1) == ["b"]
    parking.retry(pocket.session, None, at=NOW + 2)
    (again,) = errands(pocket, at=NOW + 2)
    assert notices.hold(pocket.session, again, at=NOW + 2) == []
    assert kinds(notices.waiting(pocket.session, ana_of(pocket))) == ["a"]
    outbox.park(pocket.session, again, reason="?", unknown=True)
    assert not quiet.may_hear(pocket.session, ana_of(pocket), at=NOW + 3)


def test_who_can_not_be_written_to_is_owed_nothing_for_a_week(pocket: Pocket) -> None:
    """There is nobody to tell."""
    tell(pocket, "a")
    (errand,) = errands(pocket)
    notices.hold(pocket.session, errand, at=NOW)
    people.lose(pocket.session, ana_of(pocket), at=NOW)
    notices.forget(pocket.session, errand)
    tell(pocket, "b")
    assert notices.waiting(pocket.session, ana_of(pocket)) == []
    tell(pocket, "c", at=NOW + 8 * DAY)
    assert kinds(notices.waiting(pocket.session, ana_of(pocket))) == ["c"]


def test_a_notice_holds_ids_only(pocket: Pocket) -> None:
    """What others kept of ana's is owed to her by its id."""
    pocket.reacts(BEN, 1)
    pocket.looks()
    rows = pocket.session.execute(text("SELECT body FROM notices WHERE workspace = :w"), {"w": pocket.workspace}).all()
    assert len(rows) == 1
    assert SAID.words not in str(rows)
