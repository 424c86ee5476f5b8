"""Slack exports: the project's own small one, and all that is none."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import export
from sandbox.export import BadExport, Export

SMALL = Path(__file__).with_name("small_export")

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Zips the small export, with other files in place of its own, or without (None)."""

    def zip_it(changes: dict[str, Any] | None = None) -> Path:
        files = {path.relative_to(SMALL).as_posix(): path.read_bytes() for path in SMALL.rglob("*.json")}
        for name, content in (changes or {}).items():
            if content is None:
                del files[name]
            else:
                files[name] = content if isinstance(content, bytes) else json.dumps(content).encode()
        path = tmp_path / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path

    return zip_it


def test_messages_come_in_order_of_time_over_all_channels(pack: Pack) -> None:
    """Each with its channel, threads and reactions as they are."""
    with Export(pack()) as opened:
        played = list(opened.messages())
        assert opened.count_messages() == len(played) == 30
    times = [message.time for _, message in played]
    assert times == sorted(times)
    assert [channel.name for channel, _ in played[:4]] == ["tips", "random", "tips", "random"]
    kept = [message for _, message in played if any(one.name.startswith("bulb") for one in message.reactions)]
    assert len(kept) == 6
    assert [len(message.reactions[0].users) for message in kept] == [1, 2, 1, 1, 1, 1]


def test_people_and_channels_are_read_at_once(pack: Pack) -> None:
    """The workspace that most are of is home; a zone that is null is none."""
    with Export(pack()) as opened:
        assert [person.name for person in opened.people] == ["ana", "ben", "cleo", "dan", "gil", "pia"]
        assert opened.home_team() == "T0SMALL01"
        assert opened.people[3].tz == ""
        assert [(channel.name, channel.is_general) for channel in opened.channels] == [
            ("tips", False),
            ("random", True),
        ]


def test_private_channels_are_read_from_groups(pack: Pack) -> None:
    """As Slack exports them for owners."""
    group = {"id": "C0SECRET01", "name": "secret", "members": ["U0ANA00001"]}
    message = {"type": "message", "user": "U0ANA00001", "text": "Hush.", "ts": "1767258000.000001"}
    with Export(pack({"groups.json": [group], "secret/2026-01-01.json": [message]})) as opened:
        assert [(channel.name, channel.is_private) for channel in opened.channels][-1] == ("secret", True)
        assert opened.count_messages() == 31


def test_a_thread_is_known_by_the_message_that_began_it(pack: Pack) -> None:
    """Where its replies don't say that they are some, as in older exports."""
    first, second = "1600000001.000100", "1600090001.000100"
    began = {"ts": first, "user": "U1", "text": "Begins.", "replies": [{"user": "U1", "ts": second}, None]}
    days = {"tips/2020-09-13.json": [began], "tips/2020-09-14.json": [{"ts": second, "user": "U1", "text": "Replies."}]}
    with Export(pack(days)) as opened:
        threads = {message.ts: message.thread_ts for _, message in opened.messages()}
    assert (threads[first], threads[second]) == ("", first)


def test_a_message_that_comes_twice_is_one(pack: Pack) -> None:
    """Some exports repeat what a thread also told the channel."""
    message = {"type": "message", "user": "U0ANA00001", "text": "Twice.", "ts": "1767258000.000001"}
    with Export(pack({"random/2026-01-09.json": [message, message]})) as opened:
        assert opened.count_messages() == 31


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"users.json": None}, r"has no users\.json, so it is no Slack export"),
        ({"channels.json": None}, r"has no channels\.json"),
        ({"users.json": b"[{]"}, r"users\.json is not as a Slack export has it: Invalid JSON"),
        ({"users.json": {"ana": 1}}, r"users\.json is not as a Slack export has it"),
        (
            {"channels.json": [{"id": "C1"}]},
            r"channels\.json is not as a Slack export has it at 0\.name: Field required",
        ),
        ({"../evil.json": []}, "names a file outside of itself"),
        ({"/etc/evil.json": []}, "names a file outside of itself"),
        ({"tips\\..\\..\\evil.json": []}, "names a file outside of itself"),
    ],
)
def test_a_broken_export_is_refused_with_a_sentence(pack: Pack, changes: dict[str, Any], sentence: str) -> None:
    """Before anything of it is played."""
    with pytest.raises(BadExport, match=sentence):
        Export(pack(changes))


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (b"\xff\xfe", "Invalid JSON"),
        ([{"type": "message", "text": "When?"}], r"at 0\.ts: Field required"),
        ([{"type": "message", "text": "When?", "ts": "soon"}], r"at 0\.ts: String should match"),
    ],
)
def test_a_broken_day_is_refused_when_it_is_read(pack: Pack, day: object, sentence: str) -> None:
    """With the file's name."""
    with (
        Export(pack({"tips/2026-01-02.json": day})) as opened,
        pytest.raises(BadExport, match=f"tips/2026-01-02.json is not as a Slack export has it.*{sentence}"),
    ):
        opened.count_messages()


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    """Another file, a cut one, none."""
    other = tmp_path / "export.zip"
    other.write_text("no zip")
    with pytest.raises(BadExport, match="is not a zip file"):
        Export(other)
    with pytest.raises(BadExport, match="cannot be read: No such file"):
        Export(tmp_path / "nothing.zip")


def test_a_damaged_zip_is_refused(pack: Pack) -> None:
    """Its directory stands, but a file in it does not."""
    path = pack({"users.json": [{"id": "U1", "name": "x" * 5000}]})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("users.json").header_offset
    content[start + 60 : start + 70] = b"\xff" * 10
    path.write_bytes(content)
    with pytest.raises(BadExport, match=r"users\.json"):
        Export(path)


def test_a_bomb_is_not_opened(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one large file, nor many that are large together."""
    path = pack({"tips/2026-01-04.json": b"[" + b" " * 2_000_000 + b"]"})
    monkeypatch.setattr(export, "LARGEST_FILE", 1_000_000)
    with Export(path) as opened, pytest.raises(BadExport, match=r"tips/2026-01-04\.json would unpack to more than"):
        opened.count_messages()
    monkeypatch.setattr(export, "LARGEST_EXPORT", 1_500_000)
    with pytest.raises(BadExport, match="would unpack to more than"):
        Export(path)
