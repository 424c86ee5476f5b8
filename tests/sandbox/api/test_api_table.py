"""Every method once refused as Slack is known to refuse it, and once carried out."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.api.table import METHODS
from sandbox.records import Upload
from tests.sandbox.api.acme import Acme, Ask

Args = dict[str, Any]

HOME = {"type": "home", "blocks": [{"type": "divider"}]}
FORM = {"type": "modal", "title": {"type": "plain_text", "text": "A form"}, "blocks": [{"type": "divider"}]}


def at(channel: str, **more: object) -> Callable[[Acme], Args]:
    """Arguments that name a channel of the workspace, by its name there."""
    return lambda acme: {"channel": getattr(acme, channel).id, **more}


def on_message(*, name: str = "timestamp", **more: object) -> Callable[[Acme], Args]:
    """Arguments that name a message of ana's in the pocket."""
    return lambda acme: {"channel": acme.pocket.id, name: acme.says().ts, **more}


def own_message(**more: object) -> Callable[[Acme], Args]:
    """Arguments that name a message of the bot's own."""
    return lambda acme: {
        "channel": acme.pocket.id,
        "ts": acme.world.post(acme.pocket.id, acme.bot, "A card.").ts,
        **more,
    }


def reacted(acme: Acme) -> Args:
    """Arguments that name a message the bot has reacted to."""
    args = on_message(name="timestamp")(acme)
    acme.world.react(args["channel"], args["timestamp"], acme.bot, "books")
    return args | {"name": "books"}


def pushed(acme: Acme) -> Args:
    """Arguments that lay a form on an open one."""
    first = acme.world.open_view(acme.world.new_trigger(acme.ana), FORM)
    return {"trigger_id": acme.world.new_trigger(acme.ana, view=first.id), "view": FORM}


def updated(acme: Acme) -> Args:
    """Arguments that change an open form."""
    return {"view_id": acme.world.open_view(acme.world.new_trigger(acme.ana), FORM).id, "view": FORM}


def connectable(acme: Acme) -> Args:
    """No arguments, but somebody serves sockets."""
    acme.world.socket_url = lambda: "wss://127.0.0.1/link"
    return {}


def uploaded(acme: Acme, content: bytes | None = b"who,when\n") -> Args:
    """A file that was uploaded, or (None) is to be."""
    acme.world.uploads["F1"] = Upload("F1", "learnings.csv", 9, "secret", content)
    return {"files": [{"id": "F1", "title": "Learnings"}]}


CARRIED_OUT: dict[str, Callable[[Acme], Args]] = {
    "api.test": lambda _: {"any": "thing"},
    "apps.connections.open": connectable,
    "auth.test": lambda _: {},
    "bots.info": lambda acme: {"bot": acme.world.app.bot_id},
    "chat.delete": own_message(),
    "chat.getPermalink": on_message(name="message_ts"),
    "chat.postEphemeral": lambda acme: {"channel": acme.pocket.id, "user": acme.ana, "text": "Only you."},
    "chat.postMessage": at("pocket", text="A card."),
    "chat.update": own_message(text="Another card."),
    "conversations.history": at("pocket"),
    "conversations.info": at("secret"),
    "conversations.join": at("elsewhere"),
    "conversations.list": lambda _: {"types": "public_channel,private_channel"},
    "conversations.members": at("pocket"),
    "conversations.open": lambda acme: {"users": acme.ana},
    "conversations.replies": on_message(name="ts"),
    "emoji.list": lambda _: {},
    "files.completeUploadExternal": uploaded,
    "files.getUploadURLExternal": lambda _: {"filename": "learnings.csv", "length": 9},
    "reactions.add": lambda acme: on_message()(acme) | {"name": "books"},
    "reactions.get": on_message(),
    "reactions.remove": reacted,
    "team.info": lambda _: {},
    "users.conversations": lambda acme: {"user": acme.ana},
    "users.info": lambda acme: {"user": acme.ana},
    "users.list": lambda _: {},
    "views.open": lambda acme: {"trigger_id": acme.world.new_trigger(acme.ana), "view": FORM},
    "views.publish": lambda acme: {"user_id": acme.ana, "view": HOME},
    "views.push": pushed,
    "views.update": updated,
}

REFUSED: list[tuple[str, Callable[[Acme], Args], str]] = [
    ("api.test", lambda _: {"error": "my_error"}, "my_error"),
    ("apps.connections.open", lambda _: {}, "internal_error"),
    ("auth.test", lambda _: {"verbose": 1}, "invalid_arguments"),
    ("bots.info", lambda _: {"bot": "B404"}, "bot_not_found"),
    ("chat.delete", on_message(name="ts"), "cant_delete_message"),
    ("chat.delete", at("pocket", ts="1700000000.000001"), "message_not_found"),
    ("chat.delete", at("hidden", ts="1700000000.000001"), "channel_not_found"),
    ("chat.getPermalink", at("pocket", message_ts="1700000000.000001"), "message_not_found"),
    ("chat.getPermalink", at("hidden", message_ts="1700000000.000001"), "channel_not_found"),
    ("chat.postEphemeral", at("pocket", user="U404", text="?"), "user_not_in_channel"),
    ("chat.postEphemeral", lambda acme: at("elsewhere", user=acme.ana, text="?")(acme), "not_in_channel"),
    ("chat.postEphemeral", lambda acme: at("attic", user=acme.ana, text="?")(acme), "is_archived"),
    ("chat.postEphemeral", lambda acme: at("pocket", user=acme.ana, text="x" * 4001)(acme), "msg_too_long"),
    ("chat.postMessage", at("elsewhere", text="Hi"), "not_in_channel"),
    ("chat.postMessage", at("hidden", text="Hi"), "channel_not_found"),
    ("chat.postMessage", lambda _: {"channel": "C404", "text": "Hi"}, "channel_not_found"),
    ("chat.postMessage", lambda _: {"text": "Hi"}, "channel_not_found"),
    ("chat.postMessage", at("attic", text="Hi"), "is_archived"),
    ("chat.postMessage", at("pocket"), "no_text"),
    ("chat.postMessage", at("pocket", text="  \n"), "no_text"),
    ("chat.postMessage", at("pocket", text="x" * 40_001), "msg_too_long"),
    ("chat.postMessage", at("pocket", text="Hi", thread_ts="1700000000.000001"), "thread_not_found"),
    ("chat.postMessage", at("pocket", text="Hi", blocks="[{"), "invalid_blocks_format"),
    ("chat.postMessage", at("pocket", text="Hi", blocks=[{"type": "nonsense"}]), "invalid_blocks"),
    ("chat.postMessage", at("pocket", text="Hi", metadata="nonsense"), "invalid_metadata_format"),
    ("chat.postMessage", at("pocket", text="Hi", metadata={"event_type": "x"}), "invalid_metadata_schema"),
    (
        "chat.postMessage",
        at("pocket", text="Hi", metadata={"event_type": "x", "event_payload": {"a": "x" * 16_000}}),
        "metadata_too_large",
    ),
    (
        "chat.postMessage",
        at("pocket", text="Hi", metadata={"event_type": "x", "event_payload": {}, "more": 1}),
        "invalid_metadata_format",
    ),
    (
        "chat.postMessage",
        at("pocket", text="Hi", metadata={"event_type": "a card", "event_payload": {}}),
        "invalid_metadata_schema",
    ),
    ("chat.postMessage", at("pocket", text="Hi", markdown_text="Hi"), "markdown_text_conflict"),
    ("chat.postMessage", at("pocket", markdown_text="x" * 12_001), "msg_too_long"),
    ("chat.postMessage", at("pocket", text="Hi", attachments="nonsense"), "invalid_attachments"),
    ("chat.postMessage", at("pocket", text=["Hi"]), "invalid_arguments"),
    ("chat.postMessage", at("pocket", text="Hi", reply_broadcast="maybe"), "invalid_arguments"),
    ("chat.postMessage", at("pocket", text="Hi", attachments=[{"text": "x"}] * 101), "too_many_attachments"),
    ("chat.postMessage", at("pocket", text="Hi", username="Somebody"), "missing_scope"),
    ("chat.postMessage", at("pocket", text="Hi", as_user=True), "as_user_not_supported"),
    ("chat.postMessage", at("pocket", text="Hi", colour="red"), "invalid_arguments"),
    ("chat.postMessage", lambda acme: {"channel": acme.bot, "text": "Hi"}, "cannot_dm_bot"),
    ("chat.update", on_message(name="ts", text="Hi"), "cant_update_message"),
    ("chat.update", own_message(), "no_text"),
    ("chat.update", own_message(text="x" * 4001), "msg_too_long"),
    ("chat.update", own_message(text="Hi", blocks=[{"type": "nonsense"}]), "invalid_blocks"),
    ("chat.update", at("pocket", ts="1700000000.000001", text="Hi"), "message_not_found"),
    ("conversations.history", at("elsewhere"), "not_in_channel"),
    ("conversations.history", at("hidden"), "channel_not_found"),
    ("conversations.history", at("pocket", oldest="yesterday"), "invalid_ts_oldest"),
    ("conversations.history", at("pocket", cursor="nonsense"), "invalid_cursor"),
    ("conversations.history", at("pocket", limit=1000), "invalid_limit"),
    ("conversations.info", at("hidden"), "channel_not_found"),
    ("conversations.join", at("secret"), "method_not_supported_for_channel_type"),
    ("conversations.join", at("attic"), "is_archived"),
    ("conversations.list", lambda _: {"types": "public"}, "invalid_types"),
    ("conversations.members", at("hidden"), "channel_not_found"),
    ("conversations.open", lambda _: {}, "users_list_not_supplied"),
    ("conversations.open", lambda _: {"users": "U404"}, "user_not_found"),
    ("conversations.open", at("pocket"), "method_not_supported_for_channel_type"),
    ("conversations.open", at("hidden"), "channel_not_found"),
    ("conversations.open", lambda acme: {"users": acme.bot}, "cannot_dm_bot"),
    ("conversations.open", lambda acme: {"users": f"{acme.ana},{acme.ben}"}, "missing_scope"),
    ("conversations.open", lambda acme: {"users": acme.ana, "prevent_creation": True}, "channel_not_found"),
    ("conversations.replies", at("pocket", ts="1700000000.000001"), "thread_not_found"),
    ("emoji.list", lambda _: {"page": 2}, "invalid_arguments"),
    ("files.completeUploadExternal", lambda _: {"files": [{"id": "F404"}]}, "file_not_found"),
    ("files.completeUploadExternal", lambda _: {"files": []}, "invalid_arguments"),
    ("files.completeUploadExternal", lambda acme: uploaded(acme, content=None), "file_not_found"),
    ("files.completeUploadExternal", lambda acme: uploaded(acme) | {"channel_id": acme.hidden.id}, "channel_not_found"),
    ("files.completeUploadExternal", lambda acme: uploaded(acme) | {"channel_id": acme.elsewhere.id}, "not_in_channel"),
    ("files.getUploadURLExternal", lambda _: {"filename": "learnings.csv"}, "invalid_arguments"),
    ("files.getUploadURLExternal", lambda _: {"filename": "learnings.csv", "length": 0}, "invalid_arguments"),
    ("files.getUploadURLExternal", lambda _: {"filename": "a", "length": 10**10}, "file_upload_size_restricted"),
    ("reactions.add", lambda acme: on_message()(acme) | {"name": "no such"}, "invalid_name"),
    ("reactions.add", reacted, "already_reacted"),
    ("reactions.add", at("pocket", name="books"), "no_item_specified"),
    ("reactions.add", at("pocket", name="books", timestamp="now"), "bad_timestamp"),
    ("reactions.add", at("pocket", name="books", timestamp="1700000000.000001"), "message_not_found"),
    ("reactions.add", at("attic", name="books", timestamp="1700000000.000001"), "message_not_found"),
    ("reactions.get", at("pocket", timestamp="1700000000.000001"), "message_not_found"),
    ("reactions.get", on_message(file="F1"), "file_not_found"),
    ("reactions.get", at("hidden", timestamp="1700000000.000001"), "channel_not_found"),
    ("reactions.remove", lambda acme: on_message()(acme) | {"name": "books"}, "no_reaction"),
    ("team.info", lambda _: {"team": "T404"}, "team_not_found"),
    ("users.conversations", lambda _: {"user": "U404"}, "user_not_found"),
    ("users.info", lambda _: {"user": "U404"}, "user_not_found"),
    ("users.list", lambda _: {"limit": "many"}, "invalid_arguments"),
    ("views.open", lambda _: {"trigger_id": "1.2.3", "view": FORM}, "invalid_trigger_id"),
    ("views.open", lambda _: {"view": FORM}, "invalid_arguments"),
    ("views.open", lambda acme: {"trigger_id": acme.world.new_trigger(acme.ana), "view": HOME}, "invalid_arguments"),
    ("views.publish", lambda _: {"user_id": "U404", "view": HOME}, "invalid_arguments"),
    ("views.publish", lambda acme: {"user_id": acme.ana, "view": FORM}, "invalid_arguments"),
    ("views.publish", lambda acme: {"user_id": acme.ana, "view": HOME, "hash": "old"}, "hash_conflict"),
    ("views.push", lambda acme: {"trigger_id": acme.world.new_trigger(acme.ana), "view": FORM}, "not_found"),
    ("views.update", lambda _: {"view_id": "V404", "view": FORM}, "not_found"),
    ("views.update", lambda acme: updated(acme) | {"hash": "old"}, "hash_conflict"),
    ("views.update", lambda _: {"view": FORM}, "invalid_arguments"),
]


def test_the_tables_name_every_method() -> None:
    """A new method needs a call that is carried out, and one that is refused."""
    assert set(CARRIED_OUT) == {method for method, _, _ in REFUSED} == set(METHODS)


def token_for(acme: Acme, method: str) -> str:
    """The token that the method takes."""
    return acme.world.app.bot_token if "bot" in METHODS[method].tokens else acme.world.app.app_token


@pytest.mark.parametrize("method", sorted(CARRIED_OUT))
async def test_a_right_call_is_carried_out(method: str, ask: Ask, acme: Acme) -> None:
    """Each method answers `ok`, and the call is noted without its token."""
    answer = await ask(method, CARRIED_OUT[method](acme), token_for(acme, method))
    assert answer["ok"], answer
    assert [(call.method, call.error, "token" in call.args) for call in acme.world.calls] == [(method, None, False)]


@pytest.mark.parametrize(("method", "args", "error"), REFUSED, ids=[f"{m}-{e}" for m, _, e in REFUSED])
async def test_a_wrong_call_is_refused_by_slacks_name(
    method: str, args: Callable[[Acme], Args], error: str, ask: Ask, acme: Acme
) -> None:
    """Each refusal has Slack's name, and nobody hears of anything."""
    given = args(acme)
    heard: list[object] = []
    acme.world.listeners.append(heard.append)
    answer = await ask(method, given, token_for(acme, method))
    assert (answer["ok"], answer["error"]) == (False, error)
    assert not heard


@pytest.mark.parametrize("method", sorted(name for name, method in METHODS.items() if method.scopes))
async def test_a_method_without_its_scope_is_refused(method: str, ask: Ask, acme: Acme) -> None:
    """`missing_scope` says what is needed and what is there."""
    acme.world.app.scopes -= set(METHODS[method].scopes)
    answer = await ask(method, CARRIED_OUT[method](acme))
    assert answer["error"] == "missing_scope"
    assert set(answer["needed"].split(",")) & set(METHODS[method].scopes)
    assert set(answer["provided"].split(",")) == acme.world.app.scopes


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_an_argument_nobody_knows_is_refused(method: str, ask: Ask, acme: Acme) -> None:
    """Only api.test takes any argument."""
    args = CARRIED_OUT[method](acme) | {"no_such_argument": "x"}
    answer = await ask(method, args, token_for(acme, method))
    assert answer.get("error") == (None if METHODS[method].open_ended else "invalid_arguments")


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_the_wrong_token_is_refused(method: str, ask: Ask, acme: Acme) -> None:
    """An unknown token is `invalid_auth`, none is `not_authed`, the other kind is `not_allowed_token_type`."""
    app = acme.world.app
    other = app.app_token if token_for(acme, method) == app.bot_token else app.bot_token
    answers = [await ask(method, CARRIED_OUT[method](acme), token) for token in ("xoxb-stolen", "", other)]
    for_both = "app" in METHODS[method].tokens and "bot" in METHODS[method].tokens
    without = None if "" in METHODS[method].tokens else "not_authed"
    expected = ["invalid_auth", without, None if for_both else "not_allowed_token_type"]
    assert [answer.get("error") for answer in answers] == expected
