"""What Slack granted, as Outloud understands it when it starts."""

from __future__ import annotations

import pytest

from bot import manifest
from bot.scopes import WITHOUT, Grant
from sandbox.slack import Slack
from tests.bot.consulting import on_sqlite
from tests.conftest import Bot


def test_it_is_known_what_does_not_work_without_each_scope() -> None:
    """Each scope of the manifest, and no other."""
    needed, optional = manifest.scopes()
    assert set(WITHOUT) == needed | optional


def test_a_grant_is_held_to_the_manifest() -> None:
    """However the header is written."""
    needed, optional = manifest.scopes()
    listed = ", ".join(sorted(needed - {"commands"} | {"team:read"}))
    grant = Grant.of({"X-OAuth-Scopes": listed})
    assert grant is not None
    assert (grant.missing, grant.superfluous, grant.left_out) == (
        ("commands",),
        ("team:read",),
        tuple(sorted(optional)),
    )
    assert Grant.of({"Date": "today"}) is None


def test_an_optional_scope_is_neither_missing_nor_superfluous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it stands among the others, too, or not."""
    monkeypatch.setattr(manifest, "scopes", manifest.scopes.__wrapped__)  # it remembers those of the real one
    monkeypatch.setattr(manifest, "text", lambda: "oauth_config: {scopes: {bot: [a, b], bot_optional: [b, c]}}")
    for granted, left_out in (("a", ("b", "c")), ("a,b", ("c",)), ("a,b,c", ())):
        grant = Grant.of({"x-oauth-scopes": granted})
        assert grant is not None
        assert (grant.missing, grant.superfluous, grant.left_out) == ((), (), left_out)


@on_sqlite
@pytest.mark.usefixtures("slack")
async def test_the_bot_remembers_what_was_granted(bot: Bot) -> None:
    """For whoever answers in its name."""
    assert bot.outloud is not None
    introduction = bot.outloud._introduction  # noqa: SLF001 -- where it is kept
    assert introduction.installation is not None
    authorized = introduction.authorize(None, introduction.installation.workspace)
    assert authorized is not None
    assert set(authorized.bot_scopes or ()) == bot.slack.world.app.scopes


@on_sqlite
async def test_what_is_not_granted_is_logged_at_the_start(
    empty_slack: Slack, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """In a line that names the doctor; and Outloud starts all the same."""
    await bot.stop()
    assert "not granted" not in caplog.text
    empty_slack.world.app.scopes.discard("im:write")
    await bot.start()
    assert "not granted: im:write; `outloud doctor`" in caplog.text
