"""Settings: what is found, what is refused and in which words, and that no secret is ever repeated."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest import mock
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot import settings
from bot.settings import BadSettings, DatabaseSettings, Settings

TOKEN = "xoxb-123-456-abcDEF"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
GOOD = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}

Environment = Callable[..., None]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and an environment without a setting."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Environment:
    """Set what is given over good settings."""

    def put(**values: str) -> None:
        for name, value in (GOOD | values).items():
            monkeypatch.setenv(name, value)

    return put


@contextmanager
def only(values: Mapping[str, str]) -> Iterator[None]:
    """An environment that holds nothing else: for properties, which share no fixture between examples."""
    with mock.patch.dict(os.environ, values, clear=True):
        yield


def refusal() -> BadSettings:
    """What `load` refuses with."""
    with pytest.raises(BadSettings) as caught:
        settings.load()
    return caught.value


def test_a_token_and_a_signing_secret_are_enough(environment: Environment) -> None:
    """Everything else has a default that a newcomer can run with."""
    environment()
    found = settings.load()
    assert found.slack_bot_token.get_secret_value() == TOKEN
    assert found.slack_signing_secret.get_secret_value() == SECRET
    assert found.slack_api_url == "https://slack.com/api/"
    assert found.database_url.get_secret_value() == "sqlite:///outloud.db"
    assert (found.host, found.port, found.log_level, found.slack_pace) == ("127.0.0.1", 3000, "info", 1.0)


def test_the_figures_never_share_the_front_doors_port(environment: Environment) -> None:
    """That one may be public."""
    environment(PORT="3001", METRICS_PORT="3001")
    (problem,) = refusal().problems
    assert problem.startswith("METRICS_PORT is the same as PORT")


def test_everything_that_is_wrong_is_told_at_once(environment: Environment) -> None:
    """One line each, in a steady order, with the name, what is wrong and what to do."""
    wrong = {"SLACK_BOT_TOKEN": " ", "SLACK_SIGNING_SECRET": "two words", "SLACK_API_URL": "http://slack.com/api/"}
    wrong |= {
        "SLACK_APP_TOKEN": "xoxb-1",
        "SLACK_PACE": "fast",
        "SLACK_CLOCK": "a sundial",
        "DATABASE_URL": "mysql://u:p@h/d",
        "HOST": "http://x",
        "PORT": "0",
        "METRICS_PORT": "none",
    }
    environment(**wrong, LOG_LEVEL="loud")
    problems = refusal().problems
    assert [line.split()[0] for line in problems] == [name.upper() for name in settings.ADVICE]
    assert str(refusal()).count("\n") == len(problems)
    assert problems[0].startswith(
        "SLACK_BOT_TOKEN is missing. It stands at https://api.slack.com/apps, your app, OAuth"
    )
    assert problems[1].startswith("SLACK_APP_TOKEN must start with xapp-")
    assert problems[2].startswith("SLACK_SIGNING_SECRET holds a space")


def test_an_app_token_does_instead_of_a_signing_secret(environment: Environment) -> None:
    """Socket Mode has nothing that is signed; both together are no fault, neither is."""
    environment(SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN="xapp-1-2")
    found = settings.load()
    assert found.slack_app_token is not None
    assert (found.slack_app_token.get_secret_value(), found.slack_signing_secret.get_secret_value()) == ("xapp-1-2", "")
    assert "xapp-1-2" in found.secrets
    environment(SLACK_SIGNING_SECRET=SECRET, SLACK_APP_TOKEN="xapp-1-2")
    settings.load()
    environment(SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN="")
    (problem,) = refusal().problems
    assert problem.startswith("SLACK_SIGNING_SECRET is missing. It stands at")


def test_a_bad_app_token_is_the_only_thing_told(environment: Environment) -> None:
    """Whoever gave one, however bad, means Socket Mode: the signing secret is not asked for."""
    environment(SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN="xoxb-1-2")
    (problem,) = refusal().problems
    assert problem.startswith("SLACK_APP_TOKEN must start with xapp-")


def test_every_setting_has_its_advice() -> None:
    """A setting that is added without advice would make its own refusal fail."""
    assert set(settings.ADVICE) == set(Settings.model_fields)


@pytest.mark.parametrize("token", ["xoxp-1-2", "xapp-1-2", "", "   ", "xoxb-1 2", "xoxb-é", "xoxb-1\x07"])
def test_what_is_no_bot_token_is_refused(environment: Environment, token: str) -> None:
    """Slack's other tokens, blanks, and what a bad copy leaves behind."""
    environment(SLACK_BOT_TOKEN=token)
    (problem,) = refusal().problems
    assert problem.startswith("SLACK_BOT_TOKEN ")


def test_a_database_address_that_would_fail_later_is_refused_now(environment: Environment) -> None:
    """In a sentence that says what is wrong with it, and what a good one looks like."""
    environment(DATABASE_URL="sqlite://outloud.db")
    (problem,) = refusal().problems
    assert problem.startswith("DATABASE_URL needs three slashes before the file's name")
    assert problem.endswith(settings.ADVICE["database_url"])


def test_the_place_of_a_database_can_be_shown(environment: Environment) -> None:
    """Without what its address holds besides."""
    environment(DATABASE_URL="postgres://ana:hunter2@db/outloud")
    found = settings.load()
    assert found.database_url.get_secret_value() == "postgresql+psycopg://ana:hunter2@db/outloud"
    assert found.database_place == "postgresql://db/outloud"


def test_all_secrets_are_named_for_the_log(environment: Environment) -> None:
    """The log hides them wherever they turn up."""
    environment(DATABASE_URL="postgres://ana:hunter2@db/outloud")
    assert set(settings.load().secrets) == {TOKEN, SECRET, "hunter2"}
    assert settings.load_database().secrets == ("hunter2",)


def test_the_token_goes_nowhere_in_the_open(environment: Environment) -> None:
    """Plain http is for a sandbox on this machine."""
    environment(SLACK_API_URL="http://slack.com/api/")
    assert refusal().problems[0].startswith("SLACK_API_URL must begin with https://, or the token")
    environment(SLACK_API_URL="http://127.0.0.1:8000/api")
    assert settings.load().slack_api_url == "http://127.0.0.1:8000/api/"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "3000.5", "3e3x"])
def test_a_port_is_a_number_that_a_port_can_have(environment: Environment, port: str) -> None:
    """From 1 to 65535."""
    environment(PORT=port)
    assert refusal().problems == ("PORT is malformed. Give a whole number from 1 to 65535.",)


def test_a_host_that_is_something_else_is_refused(environment: Environment) -> None:
    """Some shells and package managers set HOST to something of their own."""
    environment(HOST="x86_64-conda-linux-gnu")
    assert refusal().problems[0].startswith("HOST is not an address to listen on.")


@pytest.mark.parametrize("pace", ["0.5", "0", "-1", "nan", "inf", "fast"])
def test_a_pace_is_one_or_more(environment: Environment, pace: str) -> None:
    """Slower than Slack allows is no use, and what is no number is none."""
    environment(SLACK_PACE=pace, SLACK_API_URL="http://127.0.0.1:8000/api/")
    assert refusal().problems[0].startswith("SLACK_PACE is malformed.")


def test_only_a_sandbox_may_be_hurried(environment: Environment) -> None:
    """Slack's own rates are Slack's; a sandbox on this machine has a clock that can run faster."""
    environment(SLACK_PACE="100")
    assert refusal().problems[0].startswith("SLACK_PACE may be more than 1 only where SLACK_API_URL is on this machine")
    environment(SLACK_PACE="100", SLACK_API_URL="http://localhost:8000/api/")
    assert settings.load().slack_pace == 100.0


def test_only_a_sandboxes_clock_is_followed(environment: Environment) -> None:
    """Slack's time is everybody's: where the clock is moved, Slack is not."""
    sandbox, slack = "http://127.0.0.1:8000/sandbox/clock", "http://127.0.0.1:8000/api/"
    for clock, url in ((sandbox, ""), ("https://clock.example.org/", slack)):
        environment(SLACK_CLOCK=clock, SLACK_API_URL=url)
        assert refusal().problems[0].startswith("SLACK_CLOCK may be given only where it and SLACK_API_URL are on this")
    environment(SLACK_CLOCK=sandbox, SLACK_API_URL=slack)
    assert settings.load().slack_clock == sandbox


def test_a_blank_counts_as_missing(environment: Environment, elsewhere: Path) -> None:
    """An empty value falls back to `.env`, or to the default, as if it was not there."""
    (elsewhere / ".env").write_text("PORT=3001\nHOST=\n")
    environment(PORT="", HOST="  ", LOG_LEVEL="")
    found = settings.load()
    assert (found.port, found.host, found.log_level) == (3001, "127.0.0.1", "info")


def test_the_environment_goes_before_the_file(environment: Environment, elsewhere: Path) -> None:
    """Whoever sets a variable for one run means that run."""
    (elsewhere / ".env").write_text("PORT=3001\nLOG_LEVEL=debug\n")
    environment(PORT="3002")
    found = settings.load()
    assert (found.port, found.log_level) == (3002, "debug")


def test_a_file_is_read_as_people_write_it(elsewhere: Path) -> None:
    """A byte order mark, Windows line ends, quotes, `export`, comments, other names, a `$` that is no variable."""
    lines = [
        f"\ufeffexport SLACK_BOT_TOKEN='{TOKEN}'",
        "# for Outloud",
        f'slack_signing_secret = "{SECRET}"  # of the app',
        "DATABASE_URL=postgresql://u:${x}$y@h/d",
        "SOMETHING_ELSE=1",
        "",
    ]
    (elsewhere / ".env").write_bytes("\r\n".join(lines).encode())
    found = settings.load()
    assert found.slack_bot_token.get_secret_value() == TOKEN
    assert found.slack_signing_secret.get_secret_value() == SECRET
    assert unquote(found.database_url.get_secret_value()) == "postgresql+psycopg://u:${x}$y@h/d"


def test_a_line_of_the_file_that_sets_nothing_is_named(environment: Environment, elsewhere: Path) -> None:
    """By its number, never by what stands there: it may be half a token."""
    environment()
    (elsewhere / ".env").write_text(f"PORT=3001\n\n{TOKEN}\n'{SECRET}\n")
    assert refusal().problems == (
        ".env, line 3, is not NAME=value.",
        ".env, line 4, is not NAME=value.",
    )


@pytest.mark.parametrize("content", [b"PORT=\xff\xfe", "PORT=3001".encode("utf-16")])
def test_a_file_that_is_no_text_has_its_sentence(environment: Environment, elsewhere: Path, content: bytes) -> None:
    """Some editors and shells write UTF-16."""
    environment(PORT="0")
    (elsewhere / ".env").write_bytes(content)
    told = refusal().problems
    assert told[0] == ".env is not plain text. Save it again as UTF-8."
    assert told[1].startswith("PORT "), "the rest is told all the same"


def test_a_file_that_cannot_be_read_has_its_sentence(environment: Environment, elsewhere: Path) -> None:
    """A container that mounts a file which is not there gets a folder of that name."""
    environment()
    (elsewhere / ".env").mkdir()
    told = refusal().problems
    assert told == (".env can't be read (is a directory). Make it a readable file, or take it away.",)


def test_a_command_on_the_database_needs_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """`outloud migrate` runs where no token is, and tells what is wrong with what it does need."""
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h/d")
    found = settings.load_database()
    assert type(found) is DatabaseSettings
    assert found.database_url.get_secret_value() == "postgresql+psycopg://u:p@h/d"
    monkeypatch.setenv("DATABASE_URL", "oracle://u:p@h/d")
    monkeypatch.setenv("SLACK_API_URL", "nonsense")
    with pytest.raises(BadSettings) as caught:
        settings.load_database()
    assert [line.split()[0] for line in caught.value.problems] == ["DATABASE_URL"]


printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)


@given(tail=printable, secret=printable, password=printable)
def test_no_secret_shows_in_settings(tail: str, secret: str, password: str) -> None:
    """Neither in a repr, nor as text, nor where settings are turned into data for a log."""
    url = f"postgresql://outloud:{quote(password, safe='')}@db/outloud"
    with only({"SLACK_BOT_TOKEN": f"xoxb-{tail}", "SLACK_SIGNING_SECRET": secret, "DATABASE_URL": url}):
        found = settings.load()
    assert found.database_url.get_secret_value().startswith("postgresql+psycopg://outloud:")
    shown = f"{found!r} {found} {found.model_dump_json()} {found.model_dump()} {vars(found)} {found.database_place}"
    known = repr(found.model_copy(update=dict.fromkeys(("slack_bot_token", "slack_signing_secret"), SecretStr("x"))))
    for hidden in (tail, secret, password, quote(password, safe="")):
        assert hidden not in shown or hidden in known


@given(
    values=st.dictionaries(
        st.sampled_from([name.upper() for name in Settings.model_fields]),
        st.text(st.characters(exclude_characters="\0", exclude_categories=()), min_size=8).filter(
            lambda text: (
                text not in str(settings.ADVICE) and text.lower() not in " ".join(settings.Settings.model_fields)
            )
        )
        | printable.map(lambda text: f"postgresql://outloud:{text}@h:x/d")
        | printable.map(lambda text: f"xoxp-{text}")
        | printable.map(lambda text: f"https://u:{text}@slack.com/"),
    )
)
def test_no_refusal_repeats_a_value(values: dict[str, str]) -> None:
    """Whatever stands in whichever setting: settings load, or are refused without a word of it, traceback and all."""
    usable = {name: value for name, value in values.items() if _fits_an_environment(value)}
    refused = None
    with only(usable):
        try:
            settings.load()
        except BadSettings as error:
            refused = error
    if refused is None:
        return
    assert refused.__context__ is None, "a traceback would lead back to the values"
    shown = "".join(traceback.format_exception(refused)) + repr(refused)
    for value in usable.values():
        assert value not in shown
        assert value.strip() not in shown or not value.strip() or value.strip() in str(settings.ADVICE)


def _fits_an_environment(value: str) -> bool:
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True
