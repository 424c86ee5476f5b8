"""Who knows: `/askme`, `/whoknows`, endorsements, the weekly question, what topics are called, and questions to people."""

from . import answering_privately, asking, asking_people, askme, endorsing, hearing_answers, profile, topics, whoknows

__all__ = [
    "answering_privately",
    "asking",
    "asking_people",
    "askme",
    "endorsing",
    "hearing_answers",
    "profile",
    "topics",
    "whoknows",
]
