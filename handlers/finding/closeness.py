"""Very close already: whoever shared hears, privately and after it, of what says nearly the same. They link the two, or undo."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import replace
from handlers.desk import Call, Desk
from handlers.duties import Later, Repeatable, tolerating
from handlers.payloads import PairPress
from handlers.slack import audience, viewing
from handlers.slack.reaching import CLOSED
from storage.ids import LearningId, Person
from storage.learned import changes, learnings
from storage.learned.learnings import LearningView
from storage.owed.outbox import Errand
from storage.places import pocket_settings
from storage.search import closeness
from storage.search.closeness import Nearest
from storage.visibility import Viewer

from .results import link_of


async def tell(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Tell whoever shared something what was there before it; nothing, where nothing is close that they may see now.

    Raises `Later`.
    """
    learning = await desk.db.read(learnings.find, errand.workspace, LearningId(errand.body["learning"]))
    if learning is None or not learning.is_live or learning.author is None:
        return
    person = Person(errand.workspace, learning.author)
    other = await _nearest(desk, person, learning.id, since=errand.owed_at)
    if other is None:
        return
    text = await _told(desk, person, other)
    with tolerating("user_not_in_channel", *CLOSED):
        await slack.chat_postEphemeral(
            channel=learning.place.channel,
            user=person.id,
            text=text,
            blocks=blocks.closeness.told(text, learning.id, other.id),
        )


async def linked(call: Call) -> None:
    """*Link the two*. Who may not see one of them any more hears that it is gone."""
    press = PairPress.of(call)
    await viewing.require(call.desk, press.person, press.learning, press.other)
    await call.write(changes.link, press.learning, press.other, by=press.person, at=call.desk.now())
    text = words.closeness.LINKED
    await replace(call, text, blocks.closeness.linked(text, press.learning, press.other))
    await call.ack()


async def unlinked(call: Call) -> None:
    """*Unlink*, under what says that they are linked. As above."""
    press = PairPress.of(call)
    await viewing.require(call.desk, press.person, press.learning, press.other)
    await call.write(changes.unlink, press.learning, press.other, by=press.person, at=call.desk.now())
    text = words.closeness.UNLINKED
    await replace(call, text, blocks.closeness.unlinked(text, press.learning, press.other))
    await call.ack()


async def left(call: Call) -> None:
    """*Leave it*: both stand, and nothing leads from one to the other."""
    await replace(call, words.closeness.LEFT)
    await call.ack()


TELL_CLOSE = Repeatable(tell, "chat.postEphemeral")


async def _nearest(desk: Desk, person: Person, learning: LearningId, *, since: float) -> LearningView | None:
    """What is close, as they may see it now.

    Raises `Later` while Slack does not say; ten minutes after it was owed (`since`), it is news no more.
    """
    now = desk.now()

    def look(session: Session, viewer: Viewer, hopeful: bool) -> Nearest:  # noqa: FBT001 -- as `viewing.found` calls it
        return closeness.nearest(session, viewer, learning, at=now, hopeful=hopeful)

    found = await viewing.found(desk, person, look, patience=viewing.UNHURRIED)
    if found.hit is None and found.could_not_check and desk.now() < since + audience.UNTIL:
        raise Later(desk.now() + viewing.AGAIN_AFTER)
    return found.hit.learning if found.hit else None


async def _told(desk: Desk, person: Person, other: LearningView) -> str:
    noun = await desk.db.read(pocket_settings.noun_of, other.place)
    who = words.closeness.author(other.author, is_own=other.author == person.id, name=other.author_name)
    days = (desk.now() - other.said_at) / blocks.finding.A_DAY
    return words.closeness.told(words.closeness.named(noun, await link_of(desk, other)), who, other.place.channel, days)
