"""A short tour, played with real requests: each step is what somebody did, and what they and others saw of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape

from .teller import NotAsTold, Teller

if TYPE_CHECKING:
    from .records import Message, View
    from .scene import Where
    from .slack import Slack

BERLIN = ZoneInfo("Europe/Berlin")
"""Where Ana, who leads the pocket, lives."""

QUIET = 0.5
"""Real seconds without a call after which the app is taken to have done what it was about to do."""

PNG = b"\x89PNG\r\n\x1a\n"
"""How a PNG begins (RFC 2083, 3.1)."""

LOOKS = 3
"""How often somebody looks into a menu before it is told that nothing is in it."""


async def start(tell: Teller) -> None:
    """A channel becomes a pocket."""
    tell.does("Ana", "types /outloud start in #learning, and says in its form what it is for")
    form = tell.form(await tell.slack.types("ana", "/outloud start", in_="learning"))
    tell.saw("Ana, in a form,", tell.slack.text_of(form), expected="What should be different in three weeks?")
    sent = await tell.slack.submits("ana", form, {"purpose": "Fewer surprises on release day", "noun": "TIL"})
    if not sent.closed:
        raise NotAsTold(f"The form stayed open: {sent.errors}")
    await tell.sees("cleo", "learning", "Fewer surprises on release day")


async def share(tell: Teller) -> None:
    """Somebody shares at once, and adds why."""
    line = "/share VACUUM rewrites the whole file, so SQLite needs twice the room for it. #sqlite"
    tell.does("Ben", f"types {line}")
    answer = await tell.slack.types("ben", line, in_="learning")
    tell.saw("Ben, and only he,", answer.text, expected="Shared")
    await tell.sees("cleo", "learning", "VACUUM rewrites")
    if answer.ephemeral is None:
        raise NotAsTold("Ben has nothing to press.")
    tell.does("Ben", "presses “Add details”, and says why it matters")
    form = tell.form(await tell.slack.presses("ben", "Add details", on=answer.ephemeral))
    await tell.slack.submits("ben", form, {"why": "Our nightly job died on a full disk."})
    await tell.sees("cleo", "learning", "full disk")


async def helped(tell: Teller) -> None:
    """Somebody says that it helped, and the card counts it without a name."""
    card = await tell.sees("cleo", "learning", "VACUUM rewrites")
    tell.does("Cleo", "presses “It helped me”")
    answer = await tell.slack.presses("cleo", "It helped me", on=card)
    tell.saw("Cleo, and only she,", answer.text, expected="it helped you")
    await tell.sees("ben", "learning", "helped 1")


async def share_without_a_name(tell: Teller) -> None:
    """The form, without a name, with a topic of the pocket's own."""
    tell.does("Cleo", "types /share, and fills the form in, without her name")
    form = tell.form(await tell.slack.types("cleo", "/share", in_="learning"))
    tell.saw("Cleo, in a form,", tell.slack.text_of(form), expected="Share a TIL")
    await tell.slack.suggests("cleo", form, "topics", "sql")
    entered = {
        "words": "I ran it on the wrong database. Now I read the prompt aloud first.",
        "topics": ["sqlite"],
        "name": "Without my name",
    }
    sent = await tell.slack.submits("cleo", form, entered)
    if not sent.closed:
        raise NotAsTold(f"The form stayed open: {sent.errors}")
    card = await tell.sees("ana", "learning", "read the prompt aloud")
    if "cleo" in tell.slack.text_of(card).lower():
        raise NotAsTold("Cleo's name stands on the card.")


async def keep(tell: Teller) -> None:
    """A reaction keeps what somebody said; both hear of it, the first time."""
    tell.does("Ben", "says in #learning: Use WAL mode, then readers go on while one writes.")
    message = await tell.slack.says("ben", "Use WAL mode, then readers go on while one writes.", in_="learning")
    tell.does("Ana", "reacts with 💡")
    await tell.slack.reacts("ana", "bulb", message)
    await tell.until(lambda: "books" in tell.slack.sees("cleo").reactions(message), "📚 on the message that was kept")
    tell.shows("Cleo", "📚 on Ben's message: it is kept")
    await tell.sees("ana", "privately", "You kept")
    note = await tell.sees("ben", "privately", "worth keeping")
    tell.does("Ben", "would rather not, and presses “Undo”")
    await tell.slack.presses("ben", "Undo", on=note)
    await tell.until(lambda: "books" not in tell.slack.sees("cleo").reactions(message), "the 📚 taken away again")
    tell.shows("Cleo", "no 📚 any more: Ben's no counts")


async def see_less(tell: Teller) -> None:
    """A guest sees what Slack would show them now: taken out of the channel, nothing of it, not even its topics."""
    tell.does("Gil", "who is a guest in #learning, types /recall vacuum")
    tell.saw("Gil, and only he,", await _found(tell, "gil", "vacuum", "learning"), expected="VACUUM rewrites")
    tell.does("Gil", "types /share, and looks for a topic")
    form = tell.form(await tell.slack.types("gil", "/share", in_="learning"))
    tell.saw("Gil, in the menu,", await _topics(tell, "gil", form), expected="sqlite")
    tell.does("Ana", "takes Gil out of #learning; the form is still open")
    await tell.slack.removes("ana", "gil", "learning")
    tell.does("Gil", "types /recall vacuum once more, to Outloud itself")
    direct = tell.slack.world.open_dm(tell.slack.find_person("gil").id, tell.slack.app.id)
    nothing = "Nothing that you may read speaks of"
    tell.saw("Gil", await _found(tell, "gil", "vacuum", direct), expected=nothing, proves="a guest who sees less")
    if offered := await _topics(tell, "gil", form):
        raise NotAsTold(f"Gil is still offered {offered}.")
    tell.shows("Gil, in the menu,", "nothing")
    form = tell.form(await tell.slack.types("ben", "/share", in_="learning"))
    tell.saw("Ben, a colleague, in the menu,", await _topics(tell, "ben", form), expected="sqlite")


async def _found(tell: Teller, who: str, words: str, where: Where) -> str:
    """What a search finds. It is asked again: what Slack does not say within a second is left out, and the answer says so."""
    for _ in range(LOOKS - 1):
        found = (await tell.slack.types(who, f"/recall {words}", in_=where)).text
        if "could not be checked" not in found:
            return found
    return (await tell.slack.types(who, f"/recall {words}", in_=where)).text


async def _topics(tell: Teller, who: str, form: View) -> str:
    """What the menu of topics offers. It is looked at again: what Slack does not say within a second is not offered."""
    for _ in range(LOOKS):
        if offered := await tell.slack.suggests(who, form, "topics", ""):
            return ", ".join(option["text"]["text"] for option in offered)
    return ""


async def find(tell: Teller) -> None:
    """What nobody has shared yet is asked of the pocket, answered, and found by whoever asks next."""
    tell.does("Cleo", "asks in #learning: @Outloud zebra crossings in staging?")
    await tell.slack.says("cleo", "@outloud zebra crossings in staging?", in_="learning")
    nothing = await tell.whispered("cleo", "Nothing that you may read speaks of", proves="nothing found")
    tell.does("Cleo", "presses “Ask this pocket”, and sends the form, her words in it")
    form = tell.form(await tell.slack.presses("cleo", "Ask this pocket", on=nothing))
    await tell.slack.submits("cleo", form, {})
    card = await tell.sees("ben", "learning", "Open question")
    tell.does("Ben", "answers in its thread")
    await tell.slack.says("ben", "They stripe the load: odd hosts first, then even ones.", in_="learning", thread=card)
    await tell.sees("cleo", "privately", "answered your question")
    tell.does("Cleo", "presses “Mark as answered”")
    await tell.slack.presses("cleo", "Mark as answered", on=card)
    await tell.sees("ben", "learning", "✅ Answered. One answered here.", proves="asked and answered")
    tell.does("Dan", "who is not in #learning, writes to Outloud: who stripes the load?")
    await tell.slack.says("dan", "who stripes the load?", in_=tell.slack.app)
    await tell.sees("dan", "privately", "odd hosts first")


async def search(tell: Teller) -> None:
    """What was shared is found again by whoever may read it, also with a typo: by now, its words are counted."""
    tell.does("Dan", "who is not in #learning, types /recall disk space vacuum, in #general")
    found = await _found(tell, "dan", "disk space vacuum", "general")
    tell.saw("Dan, and only he,", found, expected="VACUUM rewrites", proves="search")
    tell.does("Dan", "mistypes it: /recall vaccum")
    found = await _found(tell, "dan", "vaccum", "general")
    tell.saw("Dan, and only he,", found, expected="“vacuum” instead of “vaccum”", proves="a typo")
    if "VACUUM rewrites" not in found:
        raise NotAsTold("What was meant was not found.")


async def who_knows(tell: Teller) -> None:
    """People are found for what they say and what they shared, each with why; and not at all, if they rather would not."""
    tell.does("Cleo", "types /askme sqlite")
    answer = await tell.slack.types("cleo", "/askme sqlite", in_="learning")
    tell.saw("Cleo, and only she,", answer.text, expected="You can be asked about")
    tell.does("Ana", "types /whoknows sqlite")
    found = (await tell.slack.types("ana", "/whoknows sqlite", in_="learning")).ephemeral
    if found is None:
        raise NotAsTold("Nothing was answered.")
    tell.saw("Ana, and only she,", tell.slack.text_of(found), expected="@cleo: asks to be asked about")
    tell.does("Cleo", "chooses “Don't let me be found”, in the form that /askme opens")
    form = tell.form(await tell.slack.types("cleo", "/askme", in_="learning"))
    await tell.slack.submits("cleo", form, {"choices": ["hidden"]})
    tell.does("Ana", "asks the same again")
    found = (await tell.slack.types("ana", "/whoknows sqlite", in_="learning")).ephemeral
    if found is None or "@cleo" in tell.slack.text_of(found):
        raise NotAsTold("Cleo was found still.")
    tell.saw("Ana, and only she,", tell.slack.text_of(found), expected="sqlite")


async def refuse(tell: Teller) -> None:
    """Who has no right to is told so, kindly."""
    tell.does("Ben", "types /outloud stop, and is no lead")
    answer = await tell.slack.types("ben", "/outloud stop", in_="learning")
    tell.saw("Ben, and only he,", answer.text, expected="Only a lead")
    tell.does("Dan", "types /share in #general, where Outloud is not")
    elsewhere = await tell.slack.types("dan", "/share Nobody asked me", in_="general")
    tell.saw("Dan, and only he,", elsewhere.text, expected="/invite @Outloud")
    tell.does("Dan", "invites Outloud, and tries again; but nobody made #general a pocket")
    await tell.slack.invites("dan", tell.slack.app, "general")
    elsewhere = await tell.slack.types("dan", "/share Nobody asked me", in_="general")
    tell.saw("Dan, and only he,", elsewhere.text, expected="not a learning pocket")


async def ask(tell: Teller) -> None:
    """A lead schedules a prompt; the sandbox's clock comes to its day, and three people answer."""
    await _until(tell, "Monday morning", _next_monday(tell) + timedelta(hours=9))
    line = "/prompts weekly wed 10:00 What took you longer than it should have, lately?"
    tell.does("Ana", f"types {line}")
    answer = await tell.slack.types("ana", line, in_="learning")
    tell.saw("Ana, and only she,", answer.text, expected="Every Wednesday at 10:00")
    await _until(tell, "Tuesday, ten o'clock", _monday(tell) + timedelta(days=1, hours=10, seconds=5))
    question = await tell.sees("ana", "privately", "Yours first")
    tell.does("Ana", "presses “Write mine”")
    form = tell.form(await tell.slack.presses("ana", "Write mine", on=question))
    await tell.slack.submits("ana", form, {"words": "A typo in a hostname. I read it five times before I pinged it."})
    await _until(tell, "Wednesday, ten o'clock", _monday(tell) + timedelta(days=2, hours=10, seconds=5))
    prompt = await tell.sees("cleo", "learning", "What took you longer")
    await tell.answers("cleo", prompt, "A typo in a hostname")
    tell.does("Ben", "answers in the thread")
    reply = await tell.slack.says("ben", "Flaky tests: it was the clock of my laptop.", in_="learning", thread=prompt)
    await tell.until(lambda: "books" in tell.slack.sees("ana").reactions(reply), "📚 on Ben's answer")
    tell.shows("Ana", "📚 on Ben's answer: it is kept")
    tell.does("Cleo", "presses “Answer”, and answers without her name")
    form = tell.form(await tell.slack.presses("cleo", "Answer", on=prompt))
    entered = {"words": "Asking. I searched for two days for what Ben knew.", "name": "Without my name"}
    await tell.slack.submits("cleo", form, entered)
    await tell.answers("ana", prompt, "what Ben knew")


async def close(tell: Teller) -> None:
    """Two working days later the prompt carries what came; then the week's digest is posted."""
    tell.does("Ana", "types /outloud digest, and has it posted on Fridays")
    shown = (await tell.slack.types("ana", "/outloud digest", in_="learning")).ephemeral
    form = (await tell.slack.presses("ana", "When it is posted", on=shown)).form if shown else None
    if form is None:
        raise NotAsTold("No form opened.")
    await tell.slack.submits("ana", form, {"day": "Fridays", "time": "16:00"})
    await _until(tell, "Friday, a few minutes past ten", _monday(tell) + timedelta(days=4, hours=10, minutes=5))
    closed = await tell.sees("dan", "learning", "Three answered")
    if "cleo" in tell.slack.text_of(closed).lower():
        raise NotAsTold("Cleo's name stands in the prompt.")
    await _until(tell, "Friday, four o'clock", _monday(tell) + timedelta(days=4, hours=16, seconds=5))
    _shows_its_picture(tell, await tell.sees("ben", "learning", "What was asked, and answered"))


def _shows_its_picture(tell: Teller, digest: Message) -> None:
    """The digest carries a picture that Slack has whole, and that is told in words, too."""
    pictures = [block for block in digest.blocks if block["type"] == "image"]
    if not pictures:
        raise NotAsTold("The digest came without its picture.")
    content = tell.slack.world.uploads[pictures[0]["slack_file"]["id"]].content or b""
    if not content.startswith(PNG):
        raise NotAsTold("The digest's picture is no PNG.")
    tell.saw(
        "Ben, in a picture within that post,", pictures[0]["alt_text"], expected="in each of the last twelve weeks"
    )


def _monday(tell: Teller) -> datetime:
    """The Monday of this week, at midnight in Berlin, by the sandbox's clock."""
    now = datetime.fromtimestamp(tell.slack.clock.now(), BERLIN)
    return datetime.combine(now.date() - timedelta(days=now.weekday()), time(0), BERLIN)


def _next_monday(tell: Teller) -> datetime:
    return _monday(tell) + timedelta(days=7)


async def home(tell: Teller) -> None:
    """The app's own page, for one person."""
    tell.does("Ben", "opens Outloud's Home")
    await tell.slack.opens_home("ben")

    def found() -> str:
        page = tell.slack.sees("ben").home
        return tell.slack.text_of(page) if page else ""

    page = await tell.until(found, "Ben's Home")
    tell.saw("Ben, and only he,", page, expected="Helped by that, so far: one person.")


async def _until(tell: Teller, title: str, then: datetime) -> None:
    """Let the sandbox's clock come to a time, once the app has done what it was about to do."""
    calls = -1
    while calls != len(tell.slack.world.calls):
        calls = len(tell.slack.world.calls)
        await tell.slack.settled()
        await asyncio.sleep(QUIET)
    tell.console.print(f"   [yellow]{escape(title)}[/yellow]: the sandbox's clock comes to it")
    tell.slack.clock.move(max(0.0, then.timestamp() - tell.slack.clock.now()))


STEPS: tuple[tuple[str, Callable[[Teller], Awaitable[None]]], ...] = (
    ("Ana makes #learning a pocket", start),
    ("Ben shares something he learned", share),
    ("It helped Cleo, and the card says so", helped),
    ("Cleo shares without her name", share_without_a_name),
    ("Ana keeps what Ben said, and Ben decides about his words", keep),
    ("Gil, a guest, sees what Slack would show a guest", see_less),
    ("Nobody knows yet: Cleo asks the pocket, Ben answers, and Dan finds it", find),
    ("Ana finds out who knows, and Cleo would rather not be found", who_knows),
    ("Whoever has no right to is refused", refuse),
    ("Ana asks what took longer than it should, and three answer", ask),
    ("The round closes without a new post, and the week has its digest", close),
    ("Dan searches for what others learned, and finds it in spite of a typo", search),
    ("Ben opens Outloud's Home, and sees how many his words helped", home),
)


MUST_SHOW = ("search", "a typo", "nothing found", "asked and answered", "a guest who sees less")
"""What of finding the tour is there to show; a tour that does not is not as told, however well its steps go."""


def invitation(base_url: str) -> str:
    """What one can try by hand, while it stays up."""
    json = "-H 'content-type: application/json'"
    return (
        "It stays up; try it yourself from another terminal, and end it here with Ctrl-C:\n"
        f"  curl {base_url}/sandbox/sees/ana\n"
        f"  curl {base_url}/sandbox/types {json} "
        """-d '{"who": "ben", "line": "/share Something I learned #python", "channel": "learning"}'"""
    )


async def play(slack: Slack, console: Console) -> list[str]:
    """Play the whole tour. Returns what was not as told, a sentence each; the last, where there is any, is what it lacks."""
    tell = Teller(slack, console)
    for title, step in STEPS:
        await tell.step(title, step)
    lacks = [one for one in MUST_SHOW if one not in tell.proven]
    return [*tell.failures, *([f"It did not show: {', '.join(lacks)}."] if lacks else [])]
