"""Files: an address to upload to (files.getUploadURLExternal), and what was uploaded, shared (files.completeUploadExternal).

https://docs.slack.dev/messaging/working-with-files#upload
"""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from sandbox.quotas import Tier
from sandbox.records import Json, SlackError, Upload

from .access import joined
from .arguments import NUMBER, OBJECTS, STAMP, TEXT, needed, refused_as
from .method import Asked, Method

if TYPE_CHECKING:
    from sandbox.world import World

LARGEST_FILE = 1_000_000_000
"""Bytes: https://slack.com/help/articles/201330736"""


def get_upload_url(asked: Asked) -> Json:
    """An address that takes one file of this length. Raises `invalid_arguments`, `file_upload_size_restricted`."""
    length = asked.args["length"]
    if length <= 0:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] length must be more than 0"]})
    if length > LARGEST_FILE:
        raise SlackError("file_upload_size_restricted")
    upload = Upload(asked.world.new_id("F"), asked.text("filename"), length, token_hex(16))
    asked.world.uploads[upload.id] = upload
    return {"upload_url": f"{asked.world.base_url}/upload/{upload.secret}", "file_id": upload.id}


def complete_upload(asked: Asked) -> Json:
    """Share what was uploaded: with `channel_id`, there, as one message.

    Raises `invalid_arguments`, `file_not_found` for what was not uploaded, or was completed before, `channel_not_found`,
    `not_in_channel`, `is_archived`, `thread_not_found`.
    """
    world, wanted = asked.world, asked.args["files"]
    channel = joined(asked, asked.text("channel_id")) if asked.text("channel_id") else None
    uploads = [_uploaded(world, one) for one in wanted]
    if not uploads or len({upload.id for upload in uploads}) < len(uploads):
        raise SlackError("invalid_arguments")
    shapes = [
        {"id": upload.id, "name": upload.name, "title": one.get("title") or upload.name, "size": upload.length}
        | {"filetype": upload.name.rpartition(".")[2], "user": world.app.user}
        for upload, one in zip(uploads, wanted, strict=True)
    ]
    if channel:
        world.post(
            channel.id,
            world.app.user,
            asked.text("initial_comment"),
            thread_ts=asked.text("thread_ts"),
            subtype="file_share",
            files=shapes,
            bot_id=world.app.bot_id,
            app_id=world.app.id,
        )
    for upload in uploads:
        upload.is_complete = True
    return {"files": [{"id": shape["id"], "title": shape["title"]} for shape in shapes]}


def take_in(world: World, secret: str, content: bytes) -> None:
    """What arrives at an upload's address: once, and of the length that was said. Raises `SlackError`."""
    upload = next((one for one in world.uploads.values() if one.secret == secret), None)
    if upload is None or upload.content is not None:
        raise SlackError("file_not_found", status=404)
    if len(content) != upload.length:
        raise SlackError("length_mismatch", status=400)
    upload.content = content


def _uploaded(world: World, wanted: Json) -> Upload:
    upload = world.uploads.get(str(wanted.get("id")))
    if upload is None or upload.content is None or upload.is_complete:
        raise SlackError("file_not_found")
    return upload


METHODS = (
    Method(
        "files.getUploadURLExternal",
        get_upload_url,
        Tier.FOUR,
        {"filename": needed(TEXT), "length": needed(NUMBER), "alt_txt": TEXT, "snippet_type": TEXT},
        ("files:write",),
    ),
    Method(
        "files.completeUploadExternal",
        complete_upload,
        Tier.FOUR,
        {
            "files": needed(OBJECTS),
            "channel_id": TEXT,
            "initial_comment": TEXT,
            "thread_ts": refused_as(STAMP, "thread_not_found"),
        },
        ("files:write",),
    ),
)
