"""A small made-up workspace to try an app in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .slack import Slack


def settle_in(slack: Slack) -> None:
    """Let Acme's people move in: four colleagues, a guest, a partner; two channels, one with the app in it."""
    slack.person("ana", real_name="Ana Anders", admin=True)
    slack.person("ben", real_name="Ben Berger")
    slack.person("cleo", real_name="Cleo Costa", tz="America/New_York")
    slack.person("dan", real_name="Dan Dumont")
    slack.person("gil", real_name="Gil Gomez", guest="single")
    slack.person("pia", real_name="Pia Petit", external=True)
    slack.channel("general", general=True, members=["ana", "ben", "cleo", "dan"], app=False)
    slack.channel("learning", members=["ana", "ben", "cleo", "gil"])
