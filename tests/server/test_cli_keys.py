"""`minwon keys`: made, listed, rotated."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.keyring import read_keys
from server.cli_keys import keys


def test_keys_are_made_listed_and_rotated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINWON_HOME", str(tmp_path))
    terminal = CliRunner()
    assert len(read_keys(terminal.invoke(keys, ["make"]).stdout)) == 1
    first = terminal.invoke(keys, ["list"]).stdout.split()[0]
    said = terminal.invoke(keys, ["rotate"]).stdout
    assert "minwon recordings rekey" in said
    lines = terminal.invoke(keys, ["list"]).stdout.splitlines()
    assert [line.split()[1] for line in lines] == ["seals", "opens"]
    assert lines[1].startswith(first)
    assert '"seals":false' in terminal.invoke(keys, ["list", "--json"]).stdout
