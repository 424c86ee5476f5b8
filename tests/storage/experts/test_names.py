"""What topics are called: a lead's names are their pocket's to take back, and tell nothing of another's."""

from __future__ import annotations

import pytest

from storage.experts import names
from storage.experts.refusals import NamedElsewhere, NoSuchAlias
from storage.ids import ChannelId, Person, Place
from storage.places import pockets
from storage.places.channels import ChannelFacts
from tests.storage.kept_message import ANA, BEN, Pocket


def test_a_lead_of_another_pocket_neither_reads_nor_undoes_a_name(pocket: Pocket) -> None:
    """They hear that it is named, not what it is called; and what they may not undo is no name in their eyes."""
    session, here = pocket.session, pocket.message.place
    ana, ben = Person(pocket.workspace, ANA), Person(pocket.workspace, BEN)
    there = Place(pocket.workspace, ChannelId("C2"))
    pockets.start(session, there, ChannelFacts("vault", is_private=True), by=ben, at=1.0)
    names.merge(session, there, ["zeus"], "layoffs", by=ben, at=1.0)
    for into in ("python", "layoffs"):
        with pytest.raises(NamedElsewhere) as refused:
            names.merge(session, here, ["zeus"], into, by=ana, at=2.0)
        assert "layoffs" not in refused.value.words
    with pytest.raises(NoSuchAlias):
        names.separate(session, here, "zeus", by=ana)
    assert names.called(session, pocket.workspace, ["zeus"]) == {"zeus": "layoffs"}
    names.separate(session, there, "zeus", by=ben)
    assert names.called(session, pocket.workspace, ["zeus"]) == {"zeus": "zeus"}
