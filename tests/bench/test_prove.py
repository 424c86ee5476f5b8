"""`make prove`: which proofs are run, the table that it ends with, and when it is a failure."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from bench import community
from bench.prove import __main__ as command
from bench.prove.proof import CantProve, Proof, Tally, Trial
from bench.prove.proofs import PROOFS
from sandbox.export import Export


def proof(name: str, tally: Tally | Exception) -> Proof:
    """A proof that finds what is given, or breaks off with it."""

    async def run(trial: Trial) -> Tally:
        trial.advance(0.5)
        assert Export(trial.export).count_messages() == 300
        if isinstance(tally, Exception):
            raise tally
        return tally

    return Proof(name, run)


def prove(monkeypatch: pytest.MonkeyPatch, *proofs: Proof, only: str = "", engine: str = "") -> int:
    """Run these proofs, in their short form. Returns the exit code."""
    monkeypatch.setattr(command, "PROOFS", proofs)
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(typer.Exit) as ended:
        command.main(only=only, export=None, engine=engine, seed=1, short=True)
    return ended.value.exit_code


def test_a_row_for_each_proof_and_engine(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What, how many tried, lost, doubled, wrong, seconds."""
    assert prove(monkeypatch, proof("one", Tally("kills", tried=1200)), proof("two", Tally("faults", tried=7))) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["what", "engine", "door", "tried", "lost", "doubled", "wrong", "seconds"]
    assert [row.split()[:7] for row in rows] == [
        ["one", "sqlite", "http", "1,200", "0", "0", "0"],
        ["one", "postgresql", "http", "1,200", "0", "0", "0"],
        ["two", "sqlite", "http", "7", "0", "0", "0"],
        ["two", "postgresql", "http", "7", "0", "0", "0"],
    ]


@pytest.mark.parametrize("kind", ["lost", "doubled", "wrong"])
def test_whatever_did_not_hold_is_said_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    """A sentence for each, below the table."""
    tally = Tally("kills", tried=1, **{kind: ["A card is gone."]})
    assert prove(monkeypatch, proof("one", tally), engine="sqlite") == 1
    assert "one, sqlite, http: A card is gone." in capsys.readouterr().out


def test_a_proof_that_breaks_off_fails_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what stopped it, in its row."""
    assert prove(monkeypatch, proof("one", RuntimeError("No power.")), proof("two", Tally("x")), engine="sqlite") == 1
    shown = capsys.readouterr().out
    assert "broke off: RuntimeError: No power." in shown
    assert "two   sqlite" in shown


@pytest.mark.parametrize(("in_ci", "code"), [("true", 1), ("", 0)])
def test_what_this_machine_lacks_is_said_and_fails_only_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_ci: str, code: int
) -> None:
    """In a line of the table."""
    monkeypatch.setenv("CI", in_ci)
    assert prove(monkeypatch, proof("one", CantProve("No PostgreSQL here.")), engine="postgresql") == code
    assert "No PostgreSQL here." in capsys.readouterr().out


def test_one_proof_can_be_run_and_one_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusal names those that are there."""
    proofs = proof("one", Tally("x")), proof("two", Tally("x"))
    assert prove(monkeypatch, *proofs, only="two", engine="sqlite") == 0
    assert "one" not in capsys.readouterr().out
    with pytest.raises(typer.BadParameter, match="There is no proof called three, but: one, two"):
        command.main(only="three", export=None, engine="", seed=1, short=True)


def test_the_proofs_have_names_of_their_own() -> None:
    """Each is one row, on each engine."""
    assert len({one.name for one in PROOFS}) == len(PROOFS)


def test_a_made_up_community_is_the_same_for_the_same_seed_and_a_tenth_of_it_is_kept(tmp_path: Path) -> None:
    """An export as Slack's: people, channels, threads, a bot, and 💡 of all kinds."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        community.write(tmp_path / name, seed=seed)
    with Export(tmp_path / "a") as one, Export(tmp_path / "b") as same, Export(tmp_path / "c") as other:
        messages = [message for _, message in one.messages()]
        assert messages == [message for _, message in same.messages()]
        assert messages != [message for _, message in other.messages()]
    kept = [one for one in messages if any(each.name.startswith("bulb") for each in one.reactions)]
    assert len(messages) == 3000
    assert 250 < len(kept) < 350
    assert len({one.text for one in messages}) == 3000
    assert any(one.bot_id for one in kept)
    assert any(one.thread_ts and one.thread_ts != one.ts for one in kept)
