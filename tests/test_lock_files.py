"""The lock files: complete, with hashes, of no particular index, and in agreement with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FILES = ["requirements.lock", "requirements-dev.lock"]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def entries(name: str) -> Iterator[tuple[Requirement, list[str]]]:
    """Each requirement of a lock file, and its hashes."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    for line in text.splitlines():
        what, *hashes = re.split(r"\s+(?=--hash=)", line.strip())
        yield Requirement(what), [each.strip() for each in hashes]


def pins(name: str) -> dict[str, list[Requirement]]:
    """The requirements of a lock file by name: one may be pinned differently for different Pythons."""
    found: dict[str, list[Requirement]] = {}
    for requirement, _ in entries(name):
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


@pytest.mark.parametrize("name", FILES)
def test_no_index_is_named(name: str) -> None:
    """Packages come from the index that pip is set to, here as anywhere."""
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"\bhttps?\b", text)
    assert not re.search(r"^\s*--(?!hash=)|^-", text, re.MULTILINE), "no option but hashes"


@pytest.mark.parametrize("name", FILES)
def test_every_entry_is_pinned_and_has_its_hashes(name: str) -> None:
    """So that nothing else than what was tested is ever installed."""
    found = list(entries(name))
    assert len(found) > 20
    for requirement, hashes in found:
        assert [spec.operator for spec in requirement.specifier] == ["=="], str(requirement)
        assert requirement.url is None
        assert hashes, str(requirement)
        assert all(HASH.fullmatch(each) for each in hashes), str(requirement)


@pytest.mark.parametrize(("name", "groups"), [("requirements.lock", []), ("requirements-dev.lock", ["dev"])], ids=str)
def test_a_lock_file_holds_what_the_project_asks_for(name: str, groups: list[str]) -> None:
    """By name, and in a version that satisfies it: where this fails, `make lock` was forgotten."""
    wanted = [*project()["project"]["dependencies"]]
    for group in groups:
        wanted += project()["dependency-groups"][group]
    locked = pins(name)
    for requirement in map(Requirement, wanted):
        found = locked.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement.name} is not in {name}"
        for each in found:
            (version,) = (spec.version for spec in each.specifier)
            assert requirement.specifier.contains(version, prereleases=True), f"{name}: {each}, wanted {requirement}"


def test_what_is_tested_is_what_runs() -> None:
    """Everything of the runtime's lock file stands in the developers' one too, in the same version."""
    runtime = {(str(requirement), tuple(hashes)) for requirement, hashes in entries("requirements.lock")}
    assert runtime <= {(str(requirement), tuple(hashes)) for requirement, hashes in entries("requirements-dev.lock")}
