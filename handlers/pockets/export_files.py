"""A pocket's export as text: Markdown to read, CSV for a spreadsheet. Pure functions, a piece at a time.

What people wrote stands there as words: no formula for a spreadsheet, no heading, link or tag for Markdown.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers import words
from storage import markup
from storage.ids import PersonId
from storage.places.exports import Exported, Head

Names = Mapping[PersonId, str]
"""What people are called; whoever is not in it is named by their id."""

COLUMNS = ("when", "who", "kind", "words", "why", "topics", "helped", "link")

BOM = "\ufeff"
"""By which spreadsheets know that it is UTF-8."""

_SIGNS = re.compile(r"([\\`*_\[\]<>|~#{}])")
_BEGINS = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))")
_FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")


def csv_head() -> str:
    """The first line."""
    return BOM + _row(COLUMNS)


def csv_entry(one: Exported, head: Head, names: Names) -> str:
    """One learning: one row. Times are ISO 8601, in the pocket's timezone."""
    when = _local(one, head).isoformat(timespec="seconds")
    said = (
        when,
        who(one, names),
        kind(one, head),
        plain(one, names),
        one.why,
        " ".join(one.topics),
        str(one.helped),
        one.link,
    )
    return _row([when, *(disarmed(text) for text in said[1:])])


def markdown_head(head: Head) -> str:
    """The title, and what the pocket is for."""
    aim = f"_{words.exports.AIM}_ {escaped(head.purpose)}\n\n" if head.purpose else ""
    return f"# {escaped(f'#{head.name}')}\n\n{aim}"


def markdown_entry(one: Exported, head: Head, names: Names) -> str:
    """One learning, with all that is known of it."""
    author = escaped(who(one, names) or words.exports.SOMEBODY)
    title = f"## {_local(one, head):%Y-%m-%d} · {escaped(kind(one, head))} · {author}\n\n"
    why = f"**{words.cards.WHY}**\n\n{_quoted(one.why)}\n" if one.why else ""
    about = [" ".join(escaped(f"#{topic}") for topic in one.topics), words.exports.helped(one.helped), _link(one.link)]
    last = " · ".join(filter(None, about))
    return f"{title}{_quoted(plain(one, names))}\n{why}" + (f"{last}\n\n" if last else "")


def who(one: Exported, names: Names) -> str:
    """Its author's name; empty where none stands with it."""
    return names.get(one.author, one.author) if one.author else ""


def kind(one: Exported, head: Head) -> str:
    """As this pocket calls it."""
    return words.sharing.kind_names(head.noun).get(one.kind, one.kind)


def plain(one: Exported, names: Names) -> str:
    """Its words without Slack's own signs: mentions by name, links with their address."""
    return markup.plain(one.words, names) if one.is_slacks else one.words


def mentioned(one: Exported) -> set[PersonId]:
    """Whose names it takes to write it down."""
    told = markup.people(one.words) if one.is_slacks else []
    return {id for id in (*told, one.author) if id}


def disarmed(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{text}" if _FORMULA.match(text) else text


def escaped(text: str) -> str:
    """One line of words that Markdown shows as they are."""
    signed = _SIGNS.sub(r"\\\1", text.replace("&", "&amp;"))
    begun = _BEGINS.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", signed)
    indent = len(begun) - len(begun.lstrip())
    return "\u00a0" * indent + begun[indent:]


def _quoted(text: str) -> str:
    """Line for line, as a quotation: whatever stands in it ends with it."""
    return "".join(f"> {escaped(line)}  \n" for line in text.splitlines() or [""])


def _link(link: str) -> str:
    return f"<{link}>" if re.fullmatch(r"https://[^\s<>]+", link) else ""


def _local(one: Exported, head: Head) -> datetime:
    return datetime.fromtimestamp(one.at.said_at, UTC).astimezone(ZoneInfo(head.timezone))


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
