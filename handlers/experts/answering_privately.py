"""Being asked privately: what one hears, the form to answer it, *Not this time*, and what becomes of the message."""

from __future__ import annotations

from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from handlers import blocks, words
from handlers.answers import replace
from handlers.desk import Call, Desk
from handlers.duties import Repeatable, Settle, tolerating
from handlers.notices import Notice, Said
from handlers.payloads import FormOrigin
from handlers.slack import viewing
from handlers.slack.reaching import CLOSED, NO_ACCESS, UNREACHABLE
from storage.experts import private_answers, private_questions, private_views
from storage.experts.private_views import AskedView
from storage.ids import AskedId, Person, PersonId, Ts
from storage.owed.notices import Waiting
from storage.owed.outbox import Errand

from .payloads import AskedPress, PrivateAnswerForm


async def wanted(desk: Desk, notice: Waiting) -> Said | None:
    """What somebody is asked, as things stand; where they can't be asked any more, the next best is instead."""
    id = AskedId(notice.body["question"])
    found = await desk.db.read(private_views.asked_of, id, notice.person)
    if found is None or not found.waits:
        return None
    if not found.may_hear or not await viewing.may_be_told(desk, notice, found.place):
        await desk.db.write(private_questions.pass_over, id, notice.person, at=desk.now())
        return None
    text = words.private_questions.wanted(found.asker, found.place.channel, words.moment(found.due_at))
    return Said(text, blocks.private_questions.wanted(text, found))


def stands(desk: Desk, notice: Waiting, ts: Ts) -> Settle:
    """They were told: it is remembered where, so that it can say what became of it."""
    id = AskedId(notice.body["question"])
    return partial(private_questions.stands, id=id, person=notice.person, ts=ts, at=desk.now())


async def form_asked(call: Call) -> None:
    """*Answer*: opens the form, which shows the question; to who may read its pocket still."""
    press = AskedPress.of(call)
    found = await call.desk.db.read(private_views.waiting_for, press.question, by=press.person)
    await viewing.require_place(call.desk, press.person, found.place)
    metadata = FormOrigin(key=found.id).model_dump_json(exclude_none=True)
    form = blocks.private_questions.answer_form(found, metadata=metadata)
    await call.slack.views_open(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def submitted(call: Call) -> None:
    """The form was sent. Of two at once the later hears so kindly, and has the words back."""
    form = PrivateAnswerForm.of(call)
    written, at = form.words or "", call.desk.now()
    is_first = await call.write(private_answers.answer, form.question, written, form.may_share, by=form.person, at=at)
    said = words.private_questions.ANSWERED if is_first else words.private_questions.TOO_LATE
    view = blocks.private_questions.answer_said(said, "" if is_first else written)
    await call.ack(response_action="update", view=view)


async def declined(call: Call) -> None:
    """*Not this time*."""
    press = AskedPress.of(call)
    await call.write(private_questions.decline, press.question, by=press.person, at=call.desk.now())
    await replace(call, words.private_questions.DECLINED)
    await call.ack()


async def refresh(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Let what stands in front of somebody say that it is over: no new message. What else the message says stays as it is."""
    person, id = Person(errand.workspace, PersonId(errand.body["person"])), AskedId(errand.body["question"])
    found = await desk.db.read(private_views.asked_of, id, person)
    if found is None or found.ts is None or found.waits:
        return
    with tolerating("message_not_found", *UNREACHABLE, *CLOSED, *NO_ACCESS):
        channel = (await slack.conversations_open(users=person.id))["channel"]["id"]
        page = await slack.conversations_history(
            channel=channel, oldest=found.ts, latest=found.ts, inclusive=True, limit=1
        )
        for message in page["messages"]:
            shown = _over(message.get("blocks") or [], found)
            if shown is not None:
                await slack.chat_update(channel=channel, ts=found.ts, text=message.get("text") or "", blocks=shown)


WANTED = Notice(wanted, stands=stands)
REFRESH = Repeatable(refresh, "chat.update")


def _over(before: list[blocks.Block], found: AskedView) -> list[blocks.Block] | None:
    """The message without what was asked; None: it does not stand in it."""
    first = blocks.bundles.named(before, blocks.private_questions.part_of(found.id))
    if not first:
        return None
    text = words.private_questions.over(found.ended, is_theirs=found.state == "answered", helped=found.helped)
    return blocks.bundles.replaced(before, first, [blocks.section(text)])
