"""Finding: `/recall`, and what is asked of Outloud by its name or directly. Only whoever asked sees the results."""

from .asked_aloud import ANSWER_DIRECTLY, ANSWER_MENTION, mentioned, written
from .closeness import TELL_CLOSE, left, linked, unlinked
from .commands import asked, similar
from .posting_here import SHOW_FOUND, TELL_NOT_SHOWN, pressed
from .results import helped, latest, leafed, looked_up

__all__ = [
    "ANSWER_DIRECTLY",
    "ANSWER_MENTION",
    "SHOW_FOUND",
    "TELL_CLOSE",
    "TELL_NOT_SHOWN",
    "asked",
    "helped",
    "latest",
    "leafed",
    "left",
    "linked",
    "looked_up",
    "mentioned",
    "pressed",
    "similar",
    "unlinked",
    "written",
]
