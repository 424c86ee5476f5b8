"""The file `.env`: settings for those who would rather not put them into the environment."""

from __future__ import annotations

import io
from pathlib import Path

from dotenv.parser import parse_stream


class UnreadableFile(Exception):
    """The file can't be used; the text says why and what to do, and repeats nothing of what stands in it."""


def read(path: Path) -> tuple[dict[str, str], list[str]]:
    """What `path` sets, by name, and one sentence for each line of it that sets nothing and is no comment.

    A file that is not there sets nothing. Quotes, `export `, a byte order mark and Windows line ends are understood;
    `$` stands for itself, because passwords hold it. Raises `UnreadableFile`.
    """
    values: dict[str, str] = {}
    faults = []
    for binding in parse_stream(io.StringIO(_text(path), newline="")):
        if binding.error or (binding.key is not None and binding.value is None):
            faults.append(
                f"{path.name}, line {_line(binding.original.string, binding.original.line)}, is not NAME=value."
            )
        elif binding.key is not None and binding.value is not None:
            values[binding.key] = binding.value
    return values, faults


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        text = "\0"
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UnreadableFile(
            f"{path.name} can't be read ({reason}). Make it a readable file, or take it away."
        ) from None
    if "\0" in text:
        raise UnreadableFile(f"{path.name} is not plain text. Save it again as UTF-8.")
    return text


def _line(statement: str, first: int) -> int:
    """The line that the words stand on: a statement begins with the empty lines before it."""
    return first + statement[: len(statement) - len(statement.lstrip())].count("\n")
