"""The zip file of an export: what in it is refused before anything is read, and how its JSON is read a piece at a time."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, Self

from . import elements
from .elements import Malformed

LARGEST_FILE = 1024 * 1024 * 1024
"""Bytes, unpacked, that one file may claim: `users.json` of 100,000 people is a tenth of it."""

MOST_PACKED = 200
"""How many times smaller packing may have made a file: chats come to about ten, a bomb to a thousand."""

MOST_PACKED_IN_ALL = 100
"""The same, of all files together."""

SMALL = 1024 * 1024
"""Bytes, unpacked, below which it does not matter how well files were packed: of each, and of all that were packed too well."""

PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

DAMAGES = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)
"""What zipfile raises for what is damaged, encrypted, or packed in a way that it does not know."""


class BadExport(Exception):
    """The file is no Slack export that can be imported; the text says why."""


class Archive:
    """A zip file, open within `with`. Raises `BadExport` for what is no zip, and for what no export holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._packed: IO[bytes] | None = None
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise BadExport(f"{path} can't be read: {error.strerror or error}.") from None
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise BadExport(f"{path} is no zip file, or a damaged one. A Slack export is a zip file.") from None
        try:
            self._files = self._checked()
        except BadExport:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._packed is not None:  # whoever read it may have stopped midway
            self._packed.close()
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def within(self, folder: str) -> list[str]:
        """The files of a folder, by name."""
        return sorted(name for name in self._files if name.startswith(f"{folder}/") and name.count("/") == 1)

    def objects(self, name: str) -> Iterator[dict[str, Any]]:
        """The objects of a file that holds a list of them, one at a time. Raises `BadExport` as soon as it shows."""
        try:
            with self._zip.open(self._files[name]) as self._packed:
                yield from elements.objects(self._packed)
        except Malformed as error:
            raise BadExport(f"{self.path}: {name} is not as a Slack export has it: {error}") from None
        except DAMAGES as error:
            raise BadExport(f"{self.path}: {name} can't be unpacked: {error}.") from None

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            self._check(info)
            if info.filename in found:
                raise self._refuse(info, "stands in it twice")
            found[info.filename] = info
        self._check_all(found.values())
        return {name: info for name, info in found.items() if not info.is_dir()}

    def _check(self, info: zipfile.ZipInfo) -> None:
        """Raise `BadExport` for a file that Slack would not have packed so."""
        path, mode = PurePosixPath(info.orig_filename), info.external_attr >> 16
        if path.is_absolute() or ".." in path.parts or any(sign in info.orig_filename for sign in "\\\0:"):
            raise self._refuse(info, "would stand outside of it")
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise self._refuse(info, "is a link, or no file at all")
        if info.flag_bits & 1:
            raise self._refuse(info, "is encrypted")
        if info.compress_type not in PACKINGS:
            raise self._refuse(info, "is packed in a way that Slack does not use")
        if info.file_size > LARGEST_FILE:
            raise self._refuse(info, f"would unpack to more than {LARGEST_FILE // 2**20} MiB")
        if info.file_size > SMALL and _is_packed_too_well(info):
            raise self._refuse(info, f"would unpack to more than {MOST_PACKED} times its size")

    def _check_all(self, infos: Collection[zipfile.ZipInfo]) -> None:
        """Raise `BadExport` for what is a bomb in many small pieces, whatever else lies beside them."""
        unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
        bombs = sum(info.file_size for info in infos if _is_packed_too_well(info))
        if bombs > SMALL or unpacked > max(SMALL, MOST_PACKED_IN_ALL * packed):
            raise BadExport(
                f"{self.path} is not opened: its {len(infos):,} files would unpack to {unpacked / 2**20:,.0f} MiB, of "
                f"{packed / 2**20:,.1f} MiB as they are packed, and no export is packed so."
            )

    def _refuse(self, info: zipfile.ZipInfo, why: str) -> BadExport:
        return BadExport(f"{self.path} is not opened: {info.orig_filename[:100]!r} {why}.")


def _is_packed_too_well(info: zipfile.ZipInfo) -> bool:
    return info.file_size > MOST_PACKED * info.compress_size
