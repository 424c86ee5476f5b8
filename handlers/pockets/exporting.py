"""Export: a lead gets what their pocket learned, as files in their direct message."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import blocks, words
from handlers.answers import whisper
from handlers.desk import Call, Desk
from handlers.duties import Message, Post, Repeatable, Settle, error_code
from handlers.payloads import PocketPress
from handlers.slack import viewing
from handlers.slack.reaching import UNREACHABLE, forgo
from handlers.slack.silence import SILENCE
from handlers.slack.uploading import upload
from storage import visibility
from storage.ids import ChannelId, Person, PersonId, Place
from storage.owed.outbox import Errand
from storage.places import exports, leads
from storage.places.exports import Head
from storage.visibility import Viewer

from . import export_files
from .standing import whoever_leads

NAMED_AT_MOST = 50
"""People whose names are asked of Slack for one export: half of what it allows in a minute. Others are named by their ids."""

AT_ONCE = 5
"""Of them, at once."""

A_PAGE = 200
"""Messages that are looked through at once."""

CLOCKS_APART = 300
"""Seconds by which the clocks of Slack's own machines may differ."""


async def asked(call: Call) -> None:
    """*Export*, in a pocket's menu."""
    press = PocketPress.of(call)
    await call.write(exports.owe, press.place, by=press.person, at=call.desk.now())
    await whisper(call, words.exports.COMING)
    await call.ack()


async def send(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Make both files, and let them stand in the direct message, as one message."""
    person = Person(errand.workspace, PersonId(errand.body["person"]))
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    refuse = partial(exports.owe_refusal, place=place, person=person.id, at=desk.now())
    viewer = await viewing.of(desk, person, visibility.in_channel(place))
    if await desk.db.read(exports.is_unchecked, place, viewer):
        raise TimeoutError  # Slack says it later
    if viewer.is_nobody or not await desk.db.read(leads.may, place, await whoever_leads(desk, place, person)):
        return partial(refuse, reason="lead")
    many = await desk.db.read(exports.count, place, viewer)
    if many > exports.MOST_IN_SLACK:
        return partial(refuse, reason="large")
    try:
        channel = str((await slack.conversations_open(users=person.id))["channel"]["id"])
        if not (errand.unknown and await _stand(slack, channel, errand)):
            files = [
                await _upload(slack, name, text) for name, text in await _files(desk, slack, errand, viewer, place)
            ]
            comment = words.exports.sent(place.channel, many)
            await slack.files_completeUploadExternal(files=files, channel_id=channel, initial_comment=comment)
    except SlackApiError as error:
        if error_code(error) in UNREACHABLE:
            return None
        if error_code(error) == "missing_scope":
            return partial(refuse, reason="scope")
        raise
    return None


async def refuse(desk: Desk, errand: Errand) -> Message:
    """What a lead hears whose export can't be sent."""
    head = await desk.db.read(exports.head, Place(errand.workspace, ChannelId(errand.body["channel"])))
    text = words.exports.refused(head.name, errand.body["reason"])
    return Message(errand.body["person"], text, [blocks.section(text)])


async def names_of(slack: AsyncWebClient, people: Collection[PersonId]) -> dict[PersonId, str]:
    """What Slack calls these people; of whom it does not say, nothing."""
    turns, found = asyncio.Semaphore(AT_ONCE), dict[PersonId, str]()

    async def ask(person: PersonId) -> None:
        async with turns:
            try:
                user = (await slack.users_info(user=person))["user"]
            except SILENCE:
                return
        profile = user.get("profile") or {}
        found[person] = profile.get("display_name") or user.get("real_name") or user.get("name") or person

    await asyncio.gather(*(ask(person) for person in people))
    return found


SEND = Repeatable(send, "files.completeUploadExternal", looks=True)
REFUSE = Post(refuse, instead=forgo)


async def _files(
    desk: Desk, slack: AsyncWebClient, errand: Errand, viewer: Viewer, place: Place
) -> list[tuple[str, str]]:
    """The names and texts of both. Their names say which errand they are of, so that an earlier try's can be found."""
    head, after, found = await desk.db.read(exports.head, place), None, list[exports.Exported]()
    while page := await desk.db.read(exports.page, place, viewer, after=after):
        found += page
        after = page[-1].at
    people = dict.fromkeys(person for one in found for person in sorted(export_files.mentioned(one)))
    names = await names_of(slack, list(people)[:NAMED_AT_MOST])
    rows = "".join(export_files.csv_entry(one, head, names) for one in found)
    text = "".join(export_files.markdown_entry(one, head, names) for one in found)
    stem = _stem(head, errand)
    return [
        (f"{stem}.md", export_files.markdown_head(head) + text),
        (f"{stem}.csv", export_files.csv_head() + rows),
    ]


def _stem(head: Head, errand: Errand) -> str:
    return f"{head.name}-{errand.id[:8]}"


async def _upload(slack: AsyncWebClient, name: str, text: str) -> dict[str, str | None]:
    """Bring one to Slack, where nobody sees it yet. Raises what `upload` raises."""
    return {"id": await upload(slack, name, text.encode()), "title": name}


async def _stand(slack: AsyncWebClient, channel: str, errand: Errand) -> bool:
    """Whether an earlier try has sent them: all that was said there since is looked through, and a little before."""
    since = f"{max(0.0, float(errand.after_ts or 0) - CLOCKS_APART):.6f}"
    cursor = ""
    while True:
        said = await slack.conversations_history(channel=channel, limit=A_PAGE, oldest=since, cursor=cursor)
        files = [file for message in said["messages"] for file in message.get("files") or ()]
        if any(f"-{errand.id[:8]}." in str(file.get("name")) for file in files):
            return True
        cursor = (said.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return False
