"""Words that hold a sentence together and say nothing of what it is about: what has no more of a question does not answer it.

English ones, as the endings are that `tokens` knows: pronouns, auxiliaries, prepositions, conjunctions and question words, in the
spirit of Snowball's list (snowballstem.org/algorithms/english/stop.txt). Longer lists hold "key", "index" and "test".
"""

from __future__ import annotations

from collections.abc import Iterable

from . import tokens

_ENGLISH = """
a an the this that these those there here
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself
it its itself they them their theirs themselves one ones someone somebody something anyone anybody anything
everyone everybody everything nobody nothing
am is are was were be been being have has had having do does did doing done can could may might must shall should will would
don't doesn't didn't can't couldn't won't wouldn't shouldn't isn't aren't wasn't weren't haven't hasn't hadn't
i'm you're he's she's it's we're they're i've you've we've they've you'd they'd you'll they'll that's there's
what's who's where's how's when's why's let's
what which who whom whose when where why how whether
and or nor but if then else because as until while than so though although whereas since
of at by for with about against between into through during before after above below to from up down in out on off over under
again further once per via within without
all any both each few more most other some such no not only own same too very just also ever
"""

TERMS = frozenset(tokens.terms(_ENGLISH))


def all_but(terms: Iterable[str]) -> frozenset[str]:
    """Those of the terms that say something; all of them, where none does."""
    found = frozenset(terms)
    return found - TERMS or found
