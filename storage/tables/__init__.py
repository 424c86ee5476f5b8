"""The schema, as typed models. Every table leads its keys with the workspace; times are seconds since 1970, UTC.

Migrations make the tables (migrations/); a test holds the two to each other on both engines.
"""

from .asked import MAY_SHARE, AskedPerson, AskedQuestion
from .base import Base
from .channels import Channel, Lead, Membership, Pocket
from .digests import Digest
from .drafts import DraftRow
from .experts import Approach, Endorsement, ExpertTag, ExpertWish, TopicAlias
from .homes import HomeRow
from .learnings import KINDS, STATES, Earlier, Help, Keep, Learning, LearningTopic, Link, Outdated, Removal
from .notices import NoticeRow, Unasked
from .outbox import Owed
from .paces import Paced
from .people import Delivery, PersonRow, Workspace
from .prompts import Occurrence, OwnPrompt, Schedule
from .rounds import Answer, FirstAnswer, LeftOut, Reminder, Round
from .search import Corpus, Document, Term

__all__ = [
    "KINDS",
    "MAY_SHARE",
    "STATES",
    "Answer",
    "Approach",
    "AskedPerson",
    "AskedQuestion",
    "Base",
    "Channel",
    "Corpus",
    "Delivery",
    "Digest",
    "Document",
    "DraftRow",
    "Earlier",
    "Endorsement",
    "ExpertTag",
    "ExpertWish",
    "FirstAnswer",
    "Help",
    "HomeRow",
    "Keep",
    "Lead",
    "Learning",
    "LearningTopic",
    "LeftOut",
    "Link",
    "Membership",
    "NoticeRow",
    "Occurrence",
    "Outdated",
    "Owed",
    "OwnPrompt",
    "Paced",
    "PersonRow",
    "Pocket",
    "Reminder",
    "Removal",
    "Round",
    "Schedule",
    "Term",
    "TopicAlias",
    "Unasked",
    "Workspace",
]
