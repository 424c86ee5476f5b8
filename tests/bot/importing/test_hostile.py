"""What is no export is refused with its reason, and leaves nothing behind."""

from __future__ import annotations

import hashlib
import json
import stat
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.commands.failing import Failure
from bot.importing import elements, shapes
from bot.importing.elements import Malformed
from tests.bot.consulting import on_sqlite
from tests.bot.importing.conftest import Import
from tests.bot.importing.packing import CHANNELS, PEOPLE, said, zipped
from tests.memory import Memory

GOOD = said("1600000001.000100", "UANA", "Good.", kept=["UBEN"])
WHOLE: dict[str, Any] = {
    "users.json": [*PEOPLE],
    "channels.json": [*CHANNELS],
    "learning/2020-09-13.json": [GOOD],
}
DAY = "learning/2020-09-14.json"
LINK = zipfile.ZipInfo("learning/link.json")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16


def _day(content: Any) -> dict[str, Any]:
    return {**WHOLE, DAY: content}


def _days(many: int, content: Any) -> dict[str, Any]:
    """As many day files, each of them small."""
    return {**WHOLE, **{f"learning/2021-{day // 28 + 1:02}-{day % 28 + 1:02}.json": content for day in range(many)}}


def _message(**wrong: Any) -> dict[str, Any]:
    return _day([GOOD | {"ts": "1600090000.000100"} | wrong])


BALLAST = "".join(hashlib.sha256(b"%d" % part).hexdigest() for part in range(3000))
"""What hardly packs: beside it, a bomb is small."""

FILES: dict[str, tuple[dict[str, Any], str]] = {
    "outside": ({**WHOLE, "../evil.json": []}, "would stand outside of it"),
    "absolute": ({**WHOLE, "/etc/evil.json": []}, "would stand outside of it"),
    "backslash": ({**WHOLE, "..\\evil.json": []}, "would stand outside of it"),
    "bomb": (_day("[" + " " * 30_000_000 + "]"), "more than 200 times its size"),
    "bombs": (_days(300, "[" + " " * (2**20 - 2) + "]"), "its 303 files would unpack to 300 MiB, of 0.3 MiB"),
    "bombs beside ballast": (
        {**_days(2, "[" + " " * (2**20 - 2) + "]"), "random/2020-09-14.json": [{"text": BALLAST}]},
        "its 6 files would unpack to",
    ),
    "well packed in all": (_days(100, json.dumps([{**GOOD, "text": "x" * 10_000}] * 3)), "its 103 files would"),
    "no people": ({"channels.json": [*CHANNELS]}, "has no users.json in it"),
    "no list": (_day({"a": 1}), "does not begin with a list"),
    "no objects": (_day([1]), "element 0 of its list is no object"),
    "broken": (_day('[{"ts": "1'), "element 0 of its list is no JSON"),
    "cut": (_day(json.dumps([GOOD])[:-1]), "its list is broken behind element 0"),
    "comma": (_day(json.dumps([GOOD])[:-1] + ",]"), "ends with a comma"),
    "behind": (_day("[] []"), "something stands behind its list"),
    "deep": (_day("[" + '{"a":' * 100_000), "nested too deeply"),
    "number": (_day('[{"a": ' + "9" * 5000 + "}]"), "too long a number"),
    "encoding": (_day(b'[{"text": "\xff"}]'), "not written in UTF-8"),
    "no time": (_message(ts=None), "ts of element 0"),
    "odd time": (_message(ts="1600000001.1"), "ts of element 0"),
    "odd digits": (_message(ts="١٦٠٠٠٩٠٠٠٠.000100"), "ts of element 0"),
    "within": (_message(replies=[{"text": "x", "ts": "1"}]), "ts of element 0"),
    "future": (_message(ts="9999999999.000100"), "of the future"),
    "edited later": (_message(edited={"ts": "9999999999.000100"}), "of the future"),
    "text": (_message(text={"a": "b"}), "text of element 0"),
    "long": (_message(text="x" * 200_001), "text of element 0"),
    "author": (_message(user="U1'; --"), "user of element 0"),
    "reactions": (_message(reactions=[{"name": "bulb", "users": "UANA"}]), r"reactions.0.users of element 0"),
    "name": ({**WHOLE, "users.json": [{"id": "U1", "name": "n" * 401}]}, "name of element 0"),
    "names": (
        {**WHOLE, "users.json": [{"id": "U1", "profile": {"real_name": BALLAST}}] * 5},
        "profile.real_name",
    ),
    "name beside a message": (
        _message(user_profile={"display_name": "n" * 401}),
        "user_profile.display_name of element 0",
    ),
    "people": ({**WHOLE, "users.json": [{"name": "x"}]}, "id of element 0"),
}


@on_sqlite
@pytest.mark.parametrize(("files", "why"), FILES.values(), ids=FILES)
def test_it_is_refused(run: Import, memory: Memory, tmp_path: Path, files: dict[str, Any], why: str) -> None:
    """Though what comes before it is good."""
    with pytest.raises(Failure, match=why) as refused:
        run(zipped(tmp_path / "e.zip", files))
    assert str(refused.value).endswith("Nothing was imported.")
    assert len(str(refused.value)) < 600
    assert not any((memory.learnings(state=None), memory.rows("SELECT * FROM keeps"), memory.outbox()))
    assert [path.name for path in tmp_path.iterdir() if "db" not in path.name] == ["e.zip"]


@on_sqlite
def test_whoever_is_listed_without_end_is_not_held(
    run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People and channels are held while it is read: of neither is there any number."""
    monkeypatch.setattr(shapes, "MOST_LISTED", len(PEOPLE) - 1)
    with pytest.raises(Failure, match=r"users.json lists more than 4, which no export does\. Nothing was imported\."):
        run(zipped(tmp_path / "e.zip", WHOLE))


def test_spaces_cost_next_to_nothing() -> None:
    """A sign a time, these would take half a minute."""
    began = time.process_time()
    assert list(elements.objects(BytesIO(b"[" + b" " * 30_000_000 + b"{}]"))) == [{}]
    assert time.process_time() - began < 2


def _twice(archive: zipfile.ZipFile) -> None:
    archive.writestr("users.json", "[]")


ODD: dict[str, tuple[Callable[[zipfile.ZipFile], None], str]] = {
    "link": (lambda archive: archive.writestr(LINK, "/etc/passwd"), "is a link"),
    "twice": (_twice, "stands in it twice"),
    "packing": (lambda archive: archive.writestr("a.json", "[]", zipfile.ZIP_LZMA), "does not use"),
}


@on_sqlite
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_slack_would_not_make_is_refused(run: Import, memory: Memory, tmp_path: Path) -> None:
    """Links, doubles, other packings, damage, encryption; no zip, and no file at all."""
    for name, (then, why) in ODD.items():
        with pytest.raises(Failure, match=why):
            run(zipped(tmp_path / f"{name}.zip", WHOLE, then))
    good = zipped(tmp_path / "good.zip", WHOLE).read_bytes()
    (tmp_path / "damaged.zip").write_bytes(good.replace(b"learning/2020", b"learning/2021", 1))
    at = good.index(b"PK\x03\x04", 4)
    (tmp_path / "flipped.zip").write_bytes(good[: at - 9] + bytes(9) + good[at:])
    (tmp_path / "locked.zip").write_bytes(_encrypted(good))
    (tmp_path / "text.zip").write_text("PK")
    for file, why in (
        ("damaged.zip", "can't be unpacked"),
        ("flipped.zip", "can't be unpacked"),
        ("locked.zip", "is encrypted"),
        ("text.zip", "is no zip file"),
        ("nowhere.zip", "No such file"),
    ):
        with pytest.raises(Failure, match=why):
            run(tmp_path / file)
    assert memory.learnings(state=None) == []


def _encrypted(good: bytes) -> bytes:
    """With the flag that says so, in the directory at its end."""
    at = good.index(b"PK\x01\x02") + 8
    return good[:at] + b"\x01" + good[at + 1 :]


OBJECTS = st.lists(st.dictionaries(st.text(max_size=5), st.recursive(st.none() | st.text(), st.lists, max_leaves=3)))


@examples(max_examples=15)
@given(OBJECTS, st.integers(1, 40), st.sampled_from([None, 2]))
def test_a_list_is_read_as_json_reads_it(objects: list[dict[str, Any]], size: int, indent: int | None) -> None:
    """Wherever the pieces end that it arrives in."""
    file = _InPieces(json.dumps(objects, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass"), size)
    assert list(elements.objects(file)) == objects


def test_one_object_has_a_limit() -> None:
    """Else it would have to be held in memory."""
    with pytest.raises(Malformed, match="too large"):
        list(elements.objects(BytesIO(b'[{"a": "' + b"x" * (elements.LARGEST + 10) * 2 + b'"}]')))


class _InPieces(BytesIO):
    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self._size = size

    def read(self, _size: int | None = -1) -> bytes:
        return super().read(self._size)
