"""What is done from Home: all that the commands do, by the same functions."""

from __future__ import annotations

from handlers import blocks, finding, prompting, words
from handlers.answers import show_form
from handlers.desk import Call
from handlers.gathering import digesting
from handlers.learned import sharing
from handlers.payloads import AnyPress, DraftPress, FindPress, HomePocketPress
from handlers.pockets import leading
from handlers.slack import viewing
from storage import markup
from storage.home import showing
from storage.learned import drafts


async def explained(call: Call) -> None:
    """*What else there is*."""
    await show_form(call, words.pockets.home_help())
    await call.ack()


async def found(call: Call) -> None:
    """Words were typed, and Enter: what `/recall` finds, in a form. Nothing typed is what it says to that."""
    press = FindPress.of(call)
    typed = markup.escape(press.typed.strip())  # a command's text is in Slack's markup
    said = await (finding.looked_up(call.desk, press.person, typed) if typed else finding.latest(call, press.person))
    await show_form(call, said.text, said.blocks)
    await call.ack()


async def looked_again(call: Call) -> None:
    """*Look again*, where Slack did not say in time what they may see."""
    await call.desk.db.write(showing.opened, AnyPress.of(call).person, at=call.desk.now())
    await call.ack()


async def thrown_away(call: Call) -> None:
    """*Throw away*, beside a draft: the page that is made anew says that it is gone."""
    press = DraftPress.of(call)
    await call.write(drafts.throw_away, press.key, by=press.person, at=call.desk.now())
    await call.ack()


async def pocket_chosen(call: Call) -> None:
    """Something in a pocket's menu. Raises `NotAPocket` for whoever can't read it any more."""
    press = HomePocketPress.of(call)
    await viewing.require_place(call.desk, press.person, press.place)
    match press.deed:
        case blocks.home.SHARE:
            await sharing.open_form(call, press.person, press.trigger_id, wanted=press.place.channel)
        case blocks.home.LEARNED:
            text, shown = await digesting.shown_to(call, press.person, press.place, with_form=False)
            await show_form(call, text, shown)
            await call.ack()
        case blocks.home.ASKED:
            text = await prompting.open_board(call, press.person, press.place, press.trigger_id)
            if text:
                await show_form(call, text, [blocks.section(part) for part in blocks.together(text.split("\n"))])
            await call.ack()
        case blocks.home.SUGGEST:
            await prompting.shelves.open_suggestion(call, press.place, press.trigger_id)
        case blocks.home.SETTINGS:
            await leading.settings_asked(call, press)
        case blocks.home.ABOUT:
            await show_form(call, *await leading.about(call, press.person, press.place, in_form=True))
            await call.ack()
        case _:
            await show_form(call, words.NOT_UNDERSTOOD)
            await call.ack()
