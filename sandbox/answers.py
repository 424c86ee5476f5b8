"""What a person gets back from the app: words only they see, a message, a form, or Slack's word that it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import text_of

if TYPE_CHECKING:
    from .records import Channel, Ephemeral, Json, Message, Person, View
    from .world import World


class Answer:
    """What followed from something that `person` did; it is looked up anew each time, as it stands then."""

    def __init__(
        self,
        world: World,
        person: Person,
        *,
        channel: Channel | None = None,
        on: Message | Ephemeral | View | None = None,
    ) -> None:
        self.failed = ""
        """What Slack said instead, where the app did not take it."""
        self.error = ""
        """Slack's name for that, such as `operation_timeout` or `dispatch_failed`."""
        self.errors: dict[str, str] = {}
        """Of a form submitted: the block_id and what it says there; the client's own refusals too."""
        self._world, self._person, self._channel, self._on = world, person, channel, on
        self._whispered = {ephemeral.id for ephemeral in world.ephemerals}
        self._opened = set(world.views)
        self._posted = set(channel.messages) if channel else set()

    @property
    def ephemeral(self) -> Ephemeral | None:
        """The words only they see, as they stand now: new ones, else those they acted on, if still there."""
        theirs = [one for one in self._world.ephemerals if one.user == self._person.id]
        new = [one for one in theirs if one.id not in self._whispered]
        same = [one for one in theirs if one.id == getattr(self._on, "id", None)]
        return next(iter([*reversed(new), *same]), None)

    @property
    def message(self) -> Message | None:
        """The app's newest message in the channel since, if there is one."""
        if self._channel is None:
            return None
        app = self._world.app.user
        messages = self._channel.messages.values()
        new = [one for one in messages if one.user == app and one.ts not in self._posted]
        return new[-1] if new else None

    @property
    def form(self) -> View | None:
        """The form that opened, or else the one they acted in, if it is still open; of several the top one."""
        views = self._world.views.values()
        theirs = [view for view in views if view.user == self._person.id and view.open]
        new = [view for view in theirs if view.id not in self._opened]
        acted_in = [view for view in theirs if view is self._on]
        return next(iter([*reversed(new), *acted_in]), None)

    @property
    def closed(self) -> bool:
        """Of a form: whether it is closed now."""
        return getattr(self._on, "open", True) is False

    @property
    def text(self) -> str:
        """What they read: the words only they see, or else the app's message, or else nothing."""
        shown = self.ephemeral or self.message
        return text_of(shown, self._world) if shown else ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks of what they read."""
        shown = self.ephemeral or self.message
        return shown.blocks if shown else []

    def __str__(self) -> str:
        if self.failed:
            return self.failed
        form = self.form
        parts = [*(f"{block_id}: {words}" for block_id, words in self.errors.items()), self.text]
        parts += [text_of(form, self._world)] if form else []
        return "\n".join(part for part in parts if part) or "(nothing)"

    def __repr__(self) -> str:
        return f"<Answer to {self._person.name}: {self}>"
