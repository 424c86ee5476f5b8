"""The people's acts over HTTP, for programs in other languages: `POST /sandbox/says` and its like, `GET /sandbox/sees/ana`.

A request's body is JSON, as below; so is every answer. What cannot be done is answered 4xx with `{"error": sentence}`.
Messages are named by `{"channel": …, "ts": …}`, words that only one person sees and forms by their `id`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import acts, app_acts, fault_acts
from .elements import Impossible
from .reading import text_of
from .records import SlackError
from .shapes import message_json, view_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .records import Json
    from .slack import Slack


ACTS: Sequence[type[acts.Act]] = (
    acts.Person,
    acts.Channel,
    acts.Says,
    acts.Edits,
    acts.Deletes,
    acts.Reacts,
    acts.Unreacts,
    acts.Joins,
    acts.Leaves,
    acts.Invites,
    acts.Removes,
    acts.Archives,
    acts.Unarchives,
    acts.Shares,
    acts.Renames,
    acts.Converts,
    acts.Deactivates,
    app_acts.Types,
    app_acts.Presses,
    app_acts.Uses,
    app_acts.Submits,
    app_acts.Fills,
    app_acts.Closes,
    app_acts.Suggests,
    app_acts.Clock,
    app_acts.App,
    fault_acts.Fails,
    fault_acts.Mends,
)


def control_routes(slack: Slack) -> list[Route]:
    """The routes of all acts, and of what can be looked at."""

    async def sees(request: Request) -> Response:
        try:
            return JSONResponse(sight_json(slack, request.path_params["person"]))
        except Impossible as error:
            return _refused(str(error), 404)

    async def calls(request: Request) -> Response:
        found = slack.calls(request.query_params.get("method"))
        return JSONResponse({"calls": [asdict(one) for one in found]})

    async def deliveries(request: Request) -> Response:
        kind = request.query_params.get("kind")
        found = [one for one in slack.courier.deliveries if kind in (None, one.kind)]
        shown = [{"kind": one.kind, "name": one.name, "state": one.state, "status": one.status} for one in found]
        return JSONResponse({"deliveries": shown})

    async def faults(_: Request) -> Response:
        return JSONResponse(fault_acts.faults_json(slack))

    async def clock(_: Request) -> Response:
        return JSONResponse({"now": slack.clock.now(), "speed": slack.clock.speed})

    looks = {
        "/sandbox/clock": clock,
        "/sandbox/sees/{person}": sees,
        "/sandbox/calls": calls,
        "/sandbox/deliveries": deliveries,
        "/sandbox/faults": faults,
    }
    return [
        *(Route(f"/sandbox/{act.__name__.lower()}", _doing(slack, act), methods=["POST"]) for act in ACTS),
        *(Route(path, look, methods=["GET"]) for path, look in looks.items()),
    ]


def _doing(slack: Slack, act: type[acts.Act]) -> Any:  # noqa: ANN401 -- an endpoint
    async def do(request: Request) -> Response:
        try:
            todo = act.model_validate_json(await request.body() or b"{}")
            return JSONResponse(await todo.carry_out(slack))
        except ValidationError as error:
            return _refused("; ".join(f"{_path(fault['loc'])}: {fault['msg']}" for fault in error.errors()), 400)
        except SlackError as error:
            return _refused(f"Slack refuses this: {error.code}", 409)
        except (Impossible, ValueError) as error:
            return _refused(str(error), 409)

    return do


def sight_json(slack: Slack, who: str) -> Json:
    """What somebody sees: as text, and part by part. Raises `Impossible`."""
    sight = slack.sees(who)
    channels = {}
    for channel in sight.channels:
        messages = [message_json(slack.world, message) for message in sight.channel(channel)]
        channels[channel.id] = {"name": channel.name, "messages": messages}
    return {
        "text": str(sight),
        "channels": channels,
        "ephemerals": [
            {"id": one.id, "channel": one.channel, "text": text_of(one, slack.world), "blocks": one.blocks}
            for one in sight.ephemerals
        ],
        "form": view_json(sight.form, world=slack.world) if sight.form else None,
        "home": view_json(sight.home, world=slack.world) if sight.home else None,
    }


def _path(loc: tuple[int | str, ...]) -> str:
    return ".".join(map(str, loc)) or "the body"


def _refused(sentence: str, status: int) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)
