"""Every method of the Web API that the sandbox has, and how a call of one is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.records import Call, Json, SlackError

from . import apps, auth, chat, conversations, files, history, reactions, users, views
from .method import Argument, Asked, Method, invalid_arguments, ratelimited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.world import World

FAMILIES = (apps, auth, chat, conversations, files, history, reactions, users, views)

METHODS: dict[str, Method] = {method.name: method for family in FAMILIES for method in family.METHODS}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: an HTTP status, its headers, and the JSON body."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def call(world: World, name: str, args: Mapping[str, Any], token: str, *, fault: str | None = None) -> Answer:
    """Answer a call of `name` with what came in a form, a query or a JSON body.

    It is noted in `world.calls`, with the `fault` that strikes it.
    """
    headers = {"x-oauth-scopes": ",".join(sorted(world.app.scopes))}
    try:
        answer = Answer({"ok": True} | _run(world, name, args, token), headers=headers)
    except SlackError as error:
        answer = _refusal(error, headers)
    world.calls.append(Call(name, dict(args), answer.body.get("error"), world.clock.now(), fault))
    return answer


def _refusal(error: SlackError, headers: dict[str, str]) -> Answer:
    body = {"ok": False, "error": error.code} | error.more
    if "retry_after" not in error.more:
        return Answer(body, headers=headers)
    body.pop("retry_after")
    return Answer(body, 429, headers | {"retry-after": str(error.more["retry_after"])})


def _run(world: World, name: str, args: Mapping[str, Any], token: str) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    asked = Asked(world, method, {}, _kind(world, method, token))
    _take(asked)
    if method.scopes:
        asked.need(*method.scopes)
    return method.run(Asked(world, method, _read(asked, args), asked.token))


def _kind(world: World, method: Method, token: str) -> str:
    """Which token it is. Raises `not_authed`, `invalid_auth`, `account_inactive`, `not_allowed_token_type`."""
    kinds = {world.app.bot_token: "bot", world.app.app_token: "app", "": ""}
    kind = kinds.get(token)
    if kind is None:
        raise SlackError("invalid_auth")
    if kind and not world.app.installed:
        raise SlackError("account_inactive")
    if kind not in method.tokens:
        raise SlackError("not_allowed_token_type" if kind else "not_authed")
    return kind


def _take(asked: Asked) -> None:
    if wait := asked.world.quotas.take(asked.method.name, asked.method.tier):
        raise ratelimited(wait)


def _read(asked: Asked, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the method wants them. Raises what each argument says, or `invalid_arguments`."""
    known = asked.method.arguments
    if args.get("team_id", asked.world.team_id) not in ("", None, asked.world.team_id):
        raise SlackError("team_access_not_granted")
    given = {name: value for name, value in args.items() if value is not None and name != "team_id"}
    unknown = sorted(given.keys() - known.keys())
    if unknown and not asked.method.open_ended:
        raise invalid_arguments(*[f"unknown argument: {name} (see {asked.method.page})" for name in unknown])
    read = {name: value for name, value in given.items() if name in unknown}
    for name, argument in known.items():
        if given.get(name, "") != "":
            read[name] = _value(name, argument, given[name])
        elif argument.missing:
            raise _missing(name, argument)
    return read


def _missing(name: str, argument: Argument) -> SlackError:
    if argument.missing == "invalid_arguments":
        return invalid_arguments(f"missing required field: {name}")
    return SlackError(argument.missing)


def _value(name: str, argument: Argument, value: object) -> object:
    try:
        return argument.read(value)
    except ValueError as error:
        told = f"{error} [json-pointer:/{name}]"
        if argument.malformed == "invalid_arguments":
            raise invalid_arguments(told) from None
        raise SlackError(argument.malformed, response_metadata={"messages": [f"[ERROR] {told}"]}) from None
