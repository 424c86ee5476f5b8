"""Who may see what: every kind of viewer and every class of channel, by a table that stands here and nowhere in the code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from storage import visibility
from storage.ids import ChannelId, LearningId, Person, PersonId, Place, WorkspaceId
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.places import pockets
from storage.places.channels import ChannelFacts
from storage.tables import Learning
from storage.visibility import Kind, Viewer
from tests.storage.rows import open_workspace
from tests.storage.rows import viewer as viewing

OURS, THEIRS = WorkspaceId("TOURS"), WorkspaceId("TTHEIRS")
PLACE = Place(OURS, ChannelId("C1"))
AUTHOR, OTHER = PersonId("UAUTHOR"), PersonId("UOTHER")

CHANNELS = {
    "public": "",
    "public, archived": "is_archived",
    "public, the bot left": "NOT has_bot",
    "private": "is_private",
    "private, archived": "is_private is_archived",
    "made private after sharing": "is_private",
    "made private, which nobody told": "is_private NOT is_known",
    "made public again": "",
    "shared out": "is_shared",
    "shared out, private": "is_shared is_private",
    "private, the bot left": "is_private NOT has_bot",
    "shared out, the bot left": "is_shared NOT has_bot",
    "deleted": "is_deleted NOT is_known NOT has_bot",
    "kind unknown": "NOT is_known",
}
"""What is remembered of a channel of each class."""

ALL, INSIDE, NOBODY_ELSE = "all full members, and whoever is in it", "whoever is in it", "its author alone"
READERS = {
    "public": ALL,
    "public, archived": ALL,
    "public, the bot left": ALL,
    "private": INSIDE,
    "private, archived": INSIDE,
    "made private after sharing": INSIDE,
    "made private, which nobody told": NOBODY_ELSE,
    "made public again": ALL,
    "shared out": INSIDE,
    "shared out, private": INSIDE,
    "private, the bot left": NOBODY_ELSE,
    "shared out, the bot left": NOBODY_ELSE,
    "deleted": NOBODY_ELSE,
    "kind unknown": NOBODY_ELSE,
}
"""Who may read what was learned there (the design's table, row by row)."""

IN = frozenset({PLACE.channel})
VIEWERS: dict[str, tuple[Kind, bool, frozenset[ChannelId] | None]] = {
    "member, in it": ("member", True, IN),
    "member, not in it": ("member", True, frozenset()),
    "member who left a minute ago": ("member", True, frozenset({ChannelId("C2")})),
    "member, over quota": ("member", True, None),
    "guest, in it": ("guest", True, IN),
    "guest, not in it": ("guest", True, frozenset()),
    "guest, over quota": ("guest", True, None),
    "external, in it": ("external", True, IN),
    "external, not in it": ("external", True, frozenset()),
    "look-up failed": ("unknown", True, IN),
    "deactivated": ("member", False, IN),
    "deactivated guest": ("guest", False, IN),
}
"""A viewer of each kind: what Slack says of them, whether they are active, and which channels they are in."""


def may_see(channel: str, viewer: str, *, is_author: bool) -> bool:
    """The design, in words."""
    kind, is_active, channels = VIEWERS[viewer]
    if not is_active or kind == "unknown":
        return False
    readers, is_in = READERS[channel], bool(channels) and PLACE.channel in (channels or ())
    if readers == NOBODY_ELSE:
        return is_author
    return is_in or (readers == ALL and kind == "member")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """The same pocket in two workspaces, with a learning each."""
    with Session(engine) as session:
        for workspace in (OURS, THEIRS):
            place, author = Place(workspace, PLACE.channel), Person(workspace, AUTHOR)
            open_workspace(session, workspace)
            pockets.start(session, place, ChannelFacts("c", is_private=False), by=author, at=1.0)
            new = NewLearning(key="form:1", place=place, words="w", topics=("t",))
            learnings.share(session, new, by=author, here=True, at=1.0)
        yield session


def make(session: Session, channel: str) -> None:
    """Let the channel be of a class, in our workspace; in theirs it stays public."""
    flags = CHANNELS[channel].replace("NOT ", "NOT_").split()
    for flag in flags:
        value = "false" if flag.startswith("NOT_") else "true"
        name = flag.removeprefix("NOT_")
        session.execute(text(f"UPDATE channels SET {name} = {value} WHERE workspace = 'TOURS'"))  # noqa: S608


@pytest.mark.parametrize("channel", CHANNELS)
def test_everybody_sees_what_slack_would_show_them_and_no_more(session: Session, channel: str) -> None:
    """Each viewer, as the author and as somebody else; in the listing, for the one learning, and in what is left open."""
    make(session, channel)
    for name, (kind, is_active, channels) in VIEWERS.items():
        for who in (AUTHOR, OTHER):
            viewer = viewing(Person(OURS, who), kind, is_active=is_active, channels=channels)
            expected = may_see(channel, name, is_author=who == AUTHOR)
            of_others = select(Learning.id).where(visibility.visible_of_others(viewer))
            assert bool(session.scalars(of_others).all()) is (expected and who != AUTHOR), (channel, name)
            found = session.scalars(select(Learning).where(visibility.visible(viewer))).all()
            cell = f"{channel} / {name}{' / author' if who == AUTHOR else ''}"
            assert [one.workspace for one in found] == ([OURS] if expected else []), cell
            id = session.scalars(select(Learning.id).where(Learning.workspace == OURS)).one()
            assert visibility.sees(session, viewer, LearningId(id)) is expected, cell


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_could_not_be_asked_in_time_is_said_to_be_open(session: Session, channel: str) -> None:
    """Where Slack did not say which channels a viewer is in: what they would see if they were in it, and did not."""
    make(session, channel)
    for name, (kind, is_active, channels) in VIEWERS.items():
        viewer = viewing(Person(OURS, OTHER), kind, is_active=is_active, channels=channels)
        found = session.scalars(select(Learning.id).where(visibility.unchecked(viewer))).all()
        inside = name.replace("over quota", "in it")
        expected = (
            channels is None
            and may_see(channel, inside, is_author=False)
            and not may_see(channel, name, is_author=False)
        )
        assert bool(found) is expected, f"{channel} / {name}"


def test_what_slack_said_too_long_ago_of_a_channel_opens_it_to_nobody(session: Session) -> None:
    """A public one may have been made private since, which nobody told: only who is in it sees what came from it."""
    person = Person(OURS, OTHER)
    now = Viewer(person, "member", since=100.0, until=200.0)
    for described_at, is_open in ((None, False), (99.0, False), (100.0, True), (200.0, True), (201.0, False)):
        session.execute(text("UPDATE channels SET described_at = :at WHERE workspace = 'TOURS'"), {"at": described_at})
        for viewer in (now, replace(now, channels=frozenset()), replace(now, channels=IN)):
            found = session.scalars(select(Learning.id).where(visibility.visible(viewer))).all()
            assert bool(found) is (is_open or viewer.channels == IN), f"{described_at} / {viewer}"
            open_still = session.scalars(select(Learning.id).where(visibility.unchecked(viewer))).all()
            assert bool(open_still) is not bool(found), f"{described_at} / {viewer}"
            asked = visibility.needs(session, viewer, visibility.in_channel(PLACE))
            assert asked.kinds == ((PLACE,) if not found else ()), f"{described_at} / {viewer}"


@pytest.mark.parametrize("channel", CHANNELS)
def test_slack_is_asked_where_somebody_is_only_if_it_matters(session: Session, channel: str) -> None:
    """Of a member, where a channel is not open to all; of guests and externals, always; of nobody, where there is nothing."""
    make(session, channel)
    for kind in ("member", "guest", "external", "unknown"):
        viewer = viewing(Person(OURS, OTHER), kind)
        asked = visibility.needs(session, viewer, visibility.in_channel(PLACE)).memberships
        by_readers = {ALL: kind in ("guest", "external"), INSIDE: kind != "unknown", NOBODY_ELSE: False}
        assert asked is by_readers[READERS[channel]], f"{channel} / {kind}"
        elsewhere = Place(OURS, ChannelId("CNONE"))
        assert not visibility.needs(session, viewer, visibility.in_channel(elsewhere))


@pytest.mark.parametrize("state", ["taken back", "withheld", "pending", "deleted"])
def test_what_is_no_learning_any_more_is_shown_to_nobody(session: Session, state: str) -> None:
    """Its author neither."""
    session.execute(text("UPDATE learnings SET state = :state, words = '', why = ''"), {"state": state})
    viewer = viewing(Person(OURS, AUTHOR), "member", channels=IN)
    assert session.scalars(select(Learning).where(visibility.visible(viewer))).all() == []
