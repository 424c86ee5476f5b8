"""What shows nothing that people learned, and why: beside `surfaces.py`, all of handlers/__init__.py stands in one of the two."""

from __future__ import annotations

OWN_INPUT = "It shows whoever typed something their own words, which came from nowhere yet, or asks for words."
OWN_DECISION = (
    "It does what one decides about one's own words or keeps, and answers with a sentence that names nothing."
)
SETTINGS = "It shows the pocket's own settings, in its channel, where Slack lets only members type, or, once asked, to its leads."
PROMPTS = "It shows prompts and schedules, to leads, or in the channel; no answer to any."
FROM_HOME = (
    "It opens, from Home, what a surface of its own shows, by the same function; or it asks for Home to be shown anew."
)
SENDS = "What was entered is checked and written; a sentence or a field's error comes back."
ASKS = "It asks Slack something, or changes a reaction, and says nothing."
OF_THE_CHANNEL = (
    "It names a channel to somebody by Slack's mention alone, which Slack resolves for those who may know it."
)
OWN_TOPICS = (
    "It shows one's own topics, by the same functions as what is suggested for them, at which the matrix looks."
)
TO_WHO_ASKED = (
    "It shows whoever asked people their own words, or an answer for them alone; or it does what one decides."
)
STANDS = "It shows what somebody said yes to being asked about, by the rule of who is found: test_endorsing.py."
POSTED = "It is posted into a channel, for all its members: test_posted.py."

NOTHING: dict[str, tuple[str, ...]] = {
    OWN_INPUT: (
        *("/share", "share_something", "why", "words", "draft.open", "draft.save", "draft.throw_away"),
        *(
            "unsaved.open",
            "unsaved.save",
            "unsaved.throw_away",
            "round.first",
            "give words back",
            "give first answer back",
            "taken away",
        ),
        "prompt.suggest",
        "question.ask",
        *("/askme", "askme.undo", "who.endorse", "endorse", "answer endorsement"),
    ),
    OWN_DECISION: (
        *("share.undo", "keep.form_undo", "keep.undo", "keep.stay", "keep.let_go", "kept.yes", "kept.no", "kept.undo"),
        *("kept.never", "kept.take_all_back", "kept.allow", "mine.take_back", "mine.allow", "pocket.not_mine"),
        *("card.helped", "found.helped", "card.bring_back", "round.remind", "round.forget", "confirm share"),
        *("question.answered", "question.reopen", "close.link", "close.unlink", "close.leave"),
        *("tag.stop", "tag.still", "who.unendorse", "who.write", "askme", "old tags"),
    ),
    SETTINGS: (
        "pocket.about",
        "pocket.start",
        "pocket.stop",
        "digest.when",
        "timezone",
        "confirm start",
        "offer pocket",
        "topics.undo",
    ),
    PROMPTS: (
        *("/prompts", "round.slower", "ask first", "zone", "region", "led_pocket"),
        *(
            "prompt missed",
            "prompt refused",
            "prompt suggested",
            "schedule set aside",
            "schedules rest",
            "schedules back",
        ),
        *("prompt.decline", "prompt.take", "schedules.resume"),
    ),
    FROM_HOME: ("home.again", "home.find", "home.help", "home.pocket", "home.share", "home.start", "home.throw_away"),
    SENDS: (
        *(
            "share",
            "details",
            "answer",
            "digest",
            "first",
            "schedule",
            "pause",
            "duplicate",
            "prompt",
            "suggest",
            "edit",
        ),
        *("outdate", "delete", "start", "keep", "settings", "ask", "ask_people", "answer_asked"),
    ),
    ASKS: (
        *("look", "mark", "look whom it helped", "ask who it helped", "list members", "list members again"),
        *("look at channel", "begin catching up", "catch up", "catch up thread", "check source", "check older"),
    ),
    OF_THE_CHANNEL: ("missed hours", "refuse keep", "refuse keep privately", "tell privately", "tell not shown"),
    STANDS: ("home.person",),
    OWN_TOPICS: ("askme.open", "askme.suggest", "askme.stand"),
    TO_WHO_ASKED: (
        *("confirm asked", "give asked answer", "say unanswered", "refresh asked"),
        *("asked.helped", "asked.leave", "asked.share", "asked.take_back", "asked.undo", "asked.decline"),
    ),
    POSTED: (
        "post card",
        "refresh card",
        "post round",
        "refresh round",
        "post digest",
        "draw digest",
        "announce pocket",
    ),
}
"""Each reason, and what it is a reason for. Whole families by how they begin: `bank.` and `schedule.` are prompts'."""

OF_THE_BOARD = (
    "It shows or changes prompts by the same road as the board's and the bank's surfaces: what takes a lead asks Slack first"
    " (storage/places/leads.py, docs/decisions/0196)."
)
FAMILIES = {"bank.": OF_THE_BOARD, "schedule.": OF_THE_BOARD}
"""Of the board and the bank: test_taken_out.py looks at each."""
