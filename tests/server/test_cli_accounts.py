"""`minwon accounts` and `minwon token` on a database, and a running node that hears of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from core.errors import BadInput, Refused
from core.faulty import Faulty
from core.home import open_home
from core.store.sql_store import open_store
from server.cli_accounts import accounts, token


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    monkeypatch.setenv("MINWON_HOME", str(tmp_path))
    return CliRunner()


def said(terminal: CliRunner, command: object, *words: str, typed: str = "") -> str:
    result = terminal.invoke(command, list(words), input=typed, catch_exceptions=False)  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    return result.stdout


async def kept(home: Path) -> tuple[int, list[str]]:
    """The revision that a node looks at, and who did what."""
    store = await open_store("", open_home(home))
    try:
        lines = await store.audit.walk()
        return await store.accounts.revision(), [f"{line.note.deed} {line.note.subject}" for line in lines]
    finally:
        await store.close()


def test_an_account_is_made_given_a_password_stopped_and_listed(terminal: CliRunner, tmp_path: Path) -> None:
    code = said(terminal, accounts, "add", "haneul", "--name", "김하늘", "--role", "agent", "--role", "admin").strip()
    assert len(code) == 19
    said(terminal, accounts, "password", "haneul", typed="봄여름가을겨울-2026\n")
    said(terminal, accounts, "unlock", "haneul")
    said(terminal, accounts, "totp-reset", "haneul")
    said(terminal, accounts, "disable", "haneul")
    (row,) = [msgspec.json.decode(line) for line in said(terminal, accounts, "list", "--json").splitlines()]
    assert (row["id"], row["roles"], row["state"], row["password"]) == ("haneul", ["agent", "admin"], "disabled", True)
    assert "disabled" in said(terminal, accounts, "list")
    said(terminal, accounts, "disable", "haneul", "--undo")
    assert len(said(terminal, accounts, "invite", "haneul").strip()) == 19
    revision, noted = asyncio.run(kept(tmp_path))
    assert revision >= 7, "every change is seen by a running node"
    assert noted == ["granted haneul"] * 7


@pytest.mark.parametrize(
    ("command", "words", "fault"),
    [
        (accounts, ["unlock", "nobody"], Refused),
        (accounts, ["add", "Bad Name", "--name", "x"], Faulty),
        (accounts, ["add", "good", "--name", "x", "--role", "queen"], BadInput),
        (token, ["make", "x", "--scope", "everything"], BadInput),
        (token, ["revoke", "x"], Refused),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    terminal: CliRunner, command: object, words: list[str], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        said(terminal, command, *words)


def test_tokens_are_made_listed_and_revoked(terminal: CliRunner) -> None:
    made = said(terminal, token, "make", "portal", "--scope", "records:read", "--days", "30").strip()
    assert made.startswith("mw_")
    listed = said(terminal, token, "list")
    assert "portal" in listed
    assert "records:read" in listed
    assert made not in listed + said(terminal, token, "list", "--json")
    said(terminal, token, "revoke", "portal")
    assert said(terminal, token, "list") == ""
