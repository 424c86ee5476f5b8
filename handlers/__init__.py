"""What Outloud answers: the table of contents. One module per feature; `routing` registers what stands here, and no more.

A test holds this table and manifest.yml to each other. Every command, shortcut, button, form, suggestion and event that Slack
may deliver is named here with the function that answers it, and everything the outbox may owe with the duty that does it.
"""

from . import cards, catching_up, channel_life, following, keeping, sharing, starting, words
from .desk import Handler
from .duties import Duty

COMMANDS: dict[str, Handler] = {
    words.SHARE: sharing.asked,
    words.HOME: starting.asked,
}

ACTIONS: dict[str, Handler] = {
    "share.details": sharing.details_asked,
    "share.undo": sharing.undone,
    "keep.undo": keeping.keep_undone,
    "kept.undo": keeping.kept_undone,
    "kept.never": keeping.never,
    "kept.take_all_back": keeping.all_taken_back,
    "kept.allow": keeping.allowed_again,
}

FORMS: dict[str, Handler] = {
    "share": sharing.submitted,
    "details": sharing.details_submitted,
}

SUGGESTIONS: dict[str, Handler] = {
    "topics": sharing.suggest_topics,
    "pocket": sharing.suggest_pockets,
}

EVENTS: dict[str, Handler] = {
    "channel_left": starting.went,
    "channel_archive": channel_life.changed,
    "channel_deleted": channel_life.deleted,
    "channel_rename": channel_life.changed,
    "channel_shared": channel_life.changed,
    "channel_unarchive": channel_life.changed,
    "channel_unshared": channel_life.changed,
    "message": following.written,
    "message.channel_convert_to_private": channel_life.changed,
    "message.channel_convert_to_public": channel_life.changed,
    "message.message_changed": following.changed,
    "message.message_deleted": following.changed,
    "reaction_added": keeping.reacted,
    "reaction_removed": keeping.reacted,
    "member_joined_channel": starting.joined_or_left,
    "member_left_channel": starting.joined_or_left,
}

DUTIES: dict[str, Duty] = {
    "post card": cards.POST_CARD,
    "refresh card": cards.REFRESH_CARD,
    "give words back": cards.GIVE_BACK,
    "confirm share": sharing.CONFIRM,
    "look": keeping.LOOK,
    "mark": keeping.MARK,
    "tell curator": keeping.TELL_CURATOR,
    "tell author": keeping.TELL_AUTHOR,
    "refuse keep": keeping.REFUSE,
    "refuse keep privately": keeping.REFUSE_PRIVATELY,
    "announce pocket": starting.ANNOUNCE,
    "list members": starting.LIST_MEMBERS,
    "look at channel": channel_life.LOOK,
    "list members again": starting.LIST_MEMBERS_AGAIN,
    "begin catching up": catching_up.BEGIN,
    "catch up": catching_up.CATCH_UP,
    "catch up thread": catching_up.CATCH_UP_THREAD,
    "check source": catching_up.CHECK_SOURCE,
    "check older": catching_up.CHECK_OLDER,
    "tell of gap": catching_up.TELL_OF_GAP,
}
