"""Who knows: `/askme`, `/whoknows`, endorsements, the weekly question, and what topics are called."""

from . import asking, askme, endorsing, topics, whoknows

__all__ = ["asking", "askme", "endorsing", "topics", "whoknows"]
