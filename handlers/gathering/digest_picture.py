"""The picture of a digest: how many were learned in each of the last weeks, as bars. Numbers in, a PNG out."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO

WIDTH, HEIGHT = 1200, 420
MARGIN = 40
GAP = 24
FLOOR = HEIGHT - 70
"""Where the bars stand, in pixels from above; below it are the weeks."""

PAPER, INK, BAR, NOW = "#ffffff", "#1d1c1d", "#9dbcae", "#2c5545"
TEXT_SIZE = 26

_PEN = ThreadPoolExecutor(1, "picture")
"""One after another: each thread that has ever drawn one keeps some 7 MB for good, and one takes a thirtieth of a second."""


async def draw(weeks: tuple[int, ...], *, first: str, last: str) -> bytes:
    """The same as `drawn`, while the event loop goes on."""
    return await asyncio.get_running_loop().run_in_executor(_PEN, partial(drawn, weeks, first=first, last=last))


def drawn(weeks: tuple[int, ...], *, first: str, last: str) -> bytes:
    """Bars for these numbers, the oldest on the left; `first` and `last` stand below the first and the last."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 -- once a month a pocket; every start would pay for it

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(TEXT_SIZE)
    room = FLOOR - MARGIN - TEXT_SIZE
    width = (WIDTH - 2 * MARGIN - GAP * (len(weeks) - 1)) / len(weeks)
    for place, many in enumerate(weeks):
        left = MARGIN + place * (width + GAP)
        height = room * many / max(*weeks, 1)
        colour = NOW if place == len(weeks) - 1 else BAR
        pen.rectangle((left, FLOOR - max(height, 2), left + width, FLOOR), fill=colour)
        if many:
            pen.text((left + width / 2, FLOOR - height - 8), f"{many:,}", fill=INK, font=font, anchor="mb")
    pen.text((MARGIN, FLOOR + 16), first, fill=INK, font=font, anchor="la")
    pen.text((WIDTH - MARGIN, FLOOR + 16), last, fill=INK, font=font, anchor="ra")
    file = BytesIO()
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=16).save(file, "PNG", optimize=True)
    return file.getvalue()
