"""What people read of the bank of prompts, and of what is suggested to it."""

from __future__ import annotations

from storage.ids import PersonId
from storage.prompts.bank import OURS, OwnView, Prompt, themes

from .general import SAVE, safe

BANK_TITLE = "The bank"
BANK_ADD = "Add one of ours"
BANK_USE = "Schedule it"
BANK_TAKE, BANK_DECLINE = "Take it up", "Decline"
BANK_EDIT, BANK_RETIRE, BANK_BACK = "Edit", "Retire", "Bring back"
BANK_THEME = "Choose a theme"
OUR_OWN = "Our own"
SUGGESTED, RETIRED = "Suggested to us", "Retired"
BANK_EMPTY = "There is nothing here yet."
PROMPT_TITLE, PROMPT_TITLE_EDIT = "A prompt of ours", "Edit the prompt"
SUGGEST_TITLE = "Suggest a prompt"
SUGGEST_SUBMIT = "Suggest"
FIELD_QUESTION = "The question"
FIELD_QUESTION_HINT = "One question of under 25 words about something that happened lately, which two sentences answer."
FIELD_EXAMPLE = "An answer that somebody might give"
FIELD_USE = "When to use it"
SUGGESTED_THANKS = "Thank you. This pocket's leads hear of your question, and decide whether it is asked."
TAKEN = "It is in the bank now, on the shelf of your own."
DECLINED = "Declined. It stands among the retired ones of the bank, if you change your mind."


def theme_name(theme: str) -> str:
    """What a theme is called."""
    return themes()[theme].name if theme in themes() else OUR_OWN


def suggestion(found: OwnView) -> str:
    """What leads hear of a prompt that somebody suggests."""
    return f"<@{found.by}> suggests a prompt for <#{found.place.channel}>:\n{of_bank(found.prompt)}"


def prompt_changed_meanwhile(by: PersonId, now: Prompt) -> str:
    """The same of a prompt."""
    return (
        f"*<@{by}> changed this while you had it open, so yours is not saved yet.* Theirs says: _{safe(now.question)}_\n"
        f"Yours is below. *{SAVE}* puts it in its place."
    )


def shelves(suggested: int) -> dict[str, str]:
    """The shelves of the bank: its themes, and the pocket's own."""
    own = {OURS: OUR_OWN, "suggested": f"{SUGGESTED} ({suggested})", "retired": RETIRED}
    return {id: theme.name for id, theme in themes().items()} | own


def of_bank(prompt: Prompt) -> str:
    """A prompt as the bank shows it."""
    lines = [f"*{safe(prompt.question)}*"]
    if prompt.use:
        lines.append(f"When: {safe(prompt.use)}")
    if prompt.example:
        lines.append(f"For example: _{safe(prompt.example)}_")
    return "\n".join(lines)


def suggested_by(by: PersonId) -> str:
    """Who suggested it."""
    return f"Suggested by <@{by}>"


def theme_options() -> dict[str, str]:
    """The themes that one can choose from."""
    return {id: theme.name for id, theme in themes().items()} | {OURS: OUR_OWN}
