"""What somebody composed: the rich text that Slack's client sends beside a message's text.

The text says the same in mrkdwn, with entities; in rich text nothing is escaped. Source:
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block ("the output of the Slack client's WYSIWYG message composer, so
all messages sent by end-users will have this format"); how lists stand in the text: slack-go/slack pull request 1155.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING
from zlib import crc32

from .emoji import is_emoji
from .reading import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Json

PLAIN = re.compile(r"[^<&:*_~`\n•◦▪]*")
"""Text in which nothing can stand for anything else."""

FENCED = re.compile(r"```\n?(.*?)\n?```\n?", re.DOTALL)
ITEM = re.compile(r"(?P<indent>(?: {4})*)(?:(?P<bullet>[•◦▪]) |\d+\. )(?P<words>.*)")
QUOTED = re.compile(r"&gt; ?(.*)")
INLINE = re.compile(
    r"<(?P<angled>[^<>]+)>|:(?P<emoji>[\w+'-]+(?:::skin-tone-[2-6])?):|`(?P<code>[^`\n]+)`"
    r"|(?<!\w)\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)|(?<!\w)~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?!\w)"
)
STYLES = ("code", "bold", "italic", "strike")


def composed(text: str, *, at: str) -> list[Json]:
    """The blocks of a message with this text (mrkdwn), written at a `ts`; none where it says nothing."""
    return (
        [{"type": "rich_text", "block_id": f"{crc32(at.encode()):08x}"[:5], "elements": _parts(text)}] if text else []
    )


@lru_cache(maxsize=1024)
def _parts(text: str) -> list[Json]:
    if PLAIN.fullmatch(text) and not ITEM.match(text):
        return [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]
    found: list[Json] = []
    end = 0
    for fenced in FENCED.finditer(text):
        found += _of_lines(text[end : fenced.start()])
        found.append(
            {"type": "rich_text_preformatted", "elements": list(_inline(fenced[1], styled=False)), "border": 0}
        )
        end = fenced.end()
    return [*found, *_of_lines(text[end:])]


def _of_lines(text: str) -> Iterator[Json]:
    lines = text.splitlines(keepends=True)
    for kind, group in groupby(lines, _kind):
        together = list(group)
        if kind[0] == "list":
            yield _list(together, *kind[1:])
        elif kind[0] == "quote":
            words = "".join(QUOTED.sub(r"\1", line) for line in together).removesuffix("\n")
            yield {"type": "rich_text_quote", "elements": list(_inline(words))}
        else:
            yield {"type": "rich_text_section", "elements": list(_inline("".join(together)))}


def _kind(line: str) -> tuple[str, ...]:
    if item := ITEM.match(line):
        return "list", "bullet" if item["bullet"] else "ordered", str(len(item["indent"]) // 4)
    return ("quote",) if QUOTED.match(line) else ("section",)


def _list(lines: list[str], style: str, indent: str) -> Json:
    items = [match["words"] for line in lines if (match := ITEM.match(line))]
    sections = [{"type": "rich_text_section", "elements": list(_inline(words))} for words in items]
    return {"type": "rich_text_list", "elements": sections, "style": style, "indent": int(indent), "border": 0}


def _inline(text: str, *, styled: bool = True) -> Iterator[Json]:
    """The pieces of a line: what the signs of mrkdwn mean, and the text between them, as it was typed."""
    words, end = "", 0
    for match in INLINE.finditer(text):
        piece = _piece(match, styled=styled)
        if piece is None:
            continue
        words += text[end : match.start()]
        if words:
            yield {"type": "text", "text": _unescaped(words)}
        yield piece
        words, end = "", match.end()
    if words := words + text[end:]:
        yield {"type": "text", "text": _unescaped(words)}


def _piece(match: re.Match[str], *, styled: bool) -> Json | None:
    if match["angled"]:
        return _angled(match["angled"])
    if not styled:
        return None
    if match["emoji"]:
        return {"type": "emoji", "name": match["emoji"]} if is_emoji(match["emoji"], {}) else None
    style = next(style for style in STYLES if match[style])
    return {"type": "text", "text": _unescaped(match[style]), "style": {style: True}}


def _angled(inner: str) -> Json:
    target, _, label = inner.partition("|")
    sign, rest = target[:1], target[1:]
    if sign == "@":
        return {"type": "user", "user_id": rest}
    if sign == "#":
        return {"type": "channel", "channel_id": rest}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if sign == "!":
        return {"type": "broadcast", "range": rest}
    return {"type": "link", "url": _unescaped(target)} | ({"text": _unescaped(label)} if label else {})


def _unescaped(text: str) -> str:
    for entity, sign in ENTITIES:
        text = text.replace(entity, sign)
    return text
