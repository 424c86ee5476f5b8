"""The papers: what they name is there, and what is there is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import settings
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
PAPERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = {name.upper() for name in Settings.model_fields}


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """`.env.example`, in a working directory and an environment that hold nothing else."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return (ROOT / ".env.example").read_text()


def load(text: str) -> Settings:
    """What a `.env` of this text gives."""
    Path(".env").write_text(text)
    return settings.load()


def test_the_example_of_settings_is_missing_the_secrets_and_nothing_else(example: str) -> None:
    """Copied as it is, it is refused for exactly those two."""
    with pytest.raises(settings.BadSettings) as refused:
        load(example)
    assert [line.split()[0] for line in refused.value.problems] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]


def test_the_example_of_settings_shows_each_with_its_default(example: str) -> None:
    """With the secrets filled in, every line made to count changes nothing."""
    filled = example.replace("BOT_TOKEN=\n", "BOT_TOKEN=xoxb-1-2-abc\n").replace(
        "SECRET=\n", "SECRET=8f742231b10e8888\n"
    )
    everything = re.sub(r"^#(?=[A-Z_]+=)", "", filled, flags=re.MULTILINE)
    assert set(re.findall(r"^([A-Z_]+)=", everything, re.MULTILINE)) == NAMES
    assert load(everything) == load(filled)


IN_WORDS = {"SLACK_SIGNING_SECRET": "required over HTTP", "SLACK_APP_TOKEN": "none", "METRICS_PORT": "none"}
"""Settings without a default value: of the first two, each makes the other unnecessary."""


def test_the_operators_page_describes_every_setting_with_its_default() -> None:
    """In its table, and no other."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", (ROOT / "docs/operators.md").read_text(), re.MULTILINE)
    defaults = {name.upper(): field for name, field in Settings.model_fields.items()}
    assert {name for name, _ in rows} == NAMES
    for name, shown in rows:
        default = defaults[name]
        if default.is_required():
            assert shown == "required"
        elif name in IN_WORDS:
            assert shown == IN_WORDS[name]
        else:
            value = default.default
            value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
            assert shown == f"`{value:g}`" if isinstance(value, float) else shown == f"`{value}`"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_file_that_a_paper_names_is_there(paper: Path) -> None:
    """A page that names what has moved leads nowhere."""
    named = set(
        re.findall(
            r"(?<![\w/.])((?:bot|handlers|storage|migrations|sandbox|tests|docs|bench)/[\w./*-]*[\w*])",
            paper.read_text(),
        )
    )
    missing = sorted(name for name in named if not list(ROOT.glob(name)))
    assert not missing


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_target_that_a_paper_names_is_there(paper: Path) -> None:
    """`make something` can be typed as it stands."""
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"(?:^|`)(?:[A-Z]+=\S+ )?make ([a-z]+)", paper.read_text(), re.MULTILINE))
    assert not {name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)}


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_is_short_has_one_sentence_to_quote_and_says_what_holds_it(page: Path) -> None:
    """Context, the decision in bold, what it costs, the tests."""
    text = page.read_text()
    assert len(text.splitlines()) <= 40
    assert len(re.findall(r"^\*\*[^*]+\.\*\*$", text, re.MULTILINE)) == 1
    assert re.search(r"^Held by: .*tests/", text, re.MULTILINE | re.DOTALL)


def test_the_license_is_the_one_that_the_package_names() -> None:
    """MIT, in the file and in pyproject.toml."""
    assert (ROOT / "LICENSE").read_text().startswith("MIT License\n\nCopyright (c) 2026 Outloud contributors\n")
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text()


def test_the_change_that_contributing_shows_applies_to_the_code_as_it_is() -> None:
    """Each line that it takes away stands once in one of the files that it names."""
    paper = (ROOT / "CONTRIBUTING.md").read_text()
    named = [ROOT / name for name in set(re.findall(r"`((?:handlers|tests)/[\w/]+\.py)`", paper))]
    lines = [line for path in named for line in path.read_text().splitlines()]
    taken_away = re.findall(r"^-( .*)$", "".join(re.findall(r"```diff\n(.*?)```", paper, re.DOTALL)), re.MULTILINE)
    assert len(taken_away) == 2
    assert [lines.count(line) for line in taken_away] == [1, 1]
