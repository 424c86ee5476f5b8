"""Drawing the next question: a deck, from which nothing is drawn twice before all was drawn once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random


def draw(
    deck: Sequence[str], cards: Iterable[str], *, shuffled: bool, seed: str, last: str = ""
) -> tuple[str, list[str]]:
    """The next of `cards`, and the deck that is left. What was taken out of `cards` since is not drawn; what is new is.

    `seed` makes a shuffle come out the same when it is done again, as for a preview. `last` was drawn the time before: a new
    deck does not begin with it. Raises `LookupError` where there are no cards.
    """
    cards = list(dict.fromkeys(cards))
    if not cards:
        raise LookupError("There is nothing to draw from.")
    left = [card for card in deck if card in cards]
    if not left:
        left = _shuffle(cards, seed, last) if shuffled else list(cards)
    return left[0], left[1:]


def _shuffle(cards: list[str], seed: str, last: str) -> list[str]:
    mixed = list(cards)
    Random(seed).shuffle(mixed)  # noqa: S311 -- which question comes next is no secret
    if mixed[0] == last and len(mixed) > 1:
        mixed.append(mixed.pop(0))
    return mixed


def added(
    deck: Sequence[str], before: Iterable[str], now: Iterable[str], *, shuffled: bool, seed: str, has_begun: bool
) -> list[str]:
    """The deck of a list that a lead changed: what is new is asked in this round of it, too, where it stands in the list.

    `has_begun`: something was drawn from it ever.
    """
    if not has_begun:
        return []  # it begins with the whole list anyway
    new = set(now) - set(before)
    kept = [card for card in dict.fromkeys(now) if card in set(deck) | new]
    if not shuffled:
        return kept
    in_order = [card for card in deck if card in set(kept)]
    rest = [card for card in kept if card not in set(in_order)]
    Random(seed).shuffle(rest)  # noqa: S311
    return in_order + rest
