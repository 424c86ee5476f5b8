"""What Slack makes of the body of an acknowledgement, after the same checks as for any message or form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .api.responses import respond
from .blocks import check_errors, check_options, check_view
from .elements import Impossible
from .records import SlackError

if TYPE_CHECKING:
    from .parcels import Reply
    from .records import Channel, Json, Person, View
    from .world import World


def show_reply(world: World, reply: Reply, person: Person, channel: Channel) -> None:
    """Show what the app answered a command with: text as it is, JSON as a message, nothing for an empty body.

    https://docs.slack.dev/interactivity/implementing-slash-commands#responding_immediate_response

    Raises `SlackError` where a message like that would be refused.
    """
    content = reply.json() if reply.is_json else {"text": reply.body.strip()}
    if content is None:
        raise SlackError("invalid_command_response")
    if not any(content.get(part) for part in ("text", "blocks", "attachments")):
        return
    secret = world.new_response_url(person.id, channel.id)
    try:
        respond(world, secret, content)
    finally:
        del world.response_urls[secret]


def follow_reply(world: World, form: View, reply: Reply, trigger_id: str) -> None:
    """Do with a submitted form what the app answered: close it, or follow its `response_action`.

    https://docs.slack.dev/surfaces/modals#handling_submissions

    Raises `SlackError` where the answer is nothing that Slack understands, or may not be.
    """
    content = reply.json() if reply.body.strip() else {}
    if content is None:
        raise SlackError("invalid_response")
    action = content.get("response_action", "" if not content else "unknown")
    if action == "":
        form.open = False
    elif action == "clear":
        close_all(world, form)
    elif action == "update":
        world.update_view(_checked_view(content.get("view")), view_id=form.id)
    elif action == "push":
        world.push_view(trigger_id, _checked_view(content.get("view")))
    elif action == "errors":
        form.errors = _checked_errors(form, content.get("errors"))
    else:
        raise SlackError("invalid_response_action")


def close_all(world: World, form: View) -> list[View]:
    """Close a form and all that lie with it in one stack; they are returned, the top one first."""
    closed = [view for view in world.views.values() if view.root_id == form.root_id and view.open]
    for view in closed:
        view.open = False
    return closed[::-1]


def read_options(reply: Reply) -> list[Json]:
    """The options that the app suggests, those in groups too. Raises `Impossible` with what is wrong with them."""
    content = reply.json()
    if wrong := check_options(content):
        raise Impossible(f"The choices could not be loaded: {'; '.join(wrong)}")
    groups = (content or {}).get("option_groups") or []
    return [*((content or {}).get("options") or []), *(option for group in groups for option in group["options"])]


def _checked_view(content: Any) -> Json:  # noqa: ANN401 -- whatever the app sent
    wrong = check_view(content) if isinstance(content, dict) else ["must be an object"]
    if wrong:
        raise SlackError("invalid_view", response_metadata={"messages": wrong})
    return dict(content)


def _checked_errors(form: View, errors: Any) -> dict[str, str]:  # noqa: ANN401 -- whatever the app sent
    if wrong := check_errors(form.content, errors):
        raise SlackError("invalid_errors", response_metadata={"messages": wrong})
    return dict(errors)
