"""`minwon recordings`: keys moved, files verified."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.config import KeysConfig
from core.home import open_home
from core.keyring import Keyring
from core.master_keys import open_keyring, rotate
from core.store.recordings import Recording
from server.cli_recordings import recordings
from tests.server.recording.stage import RecordingStage, tone


async def _one(folder: Path, keyring: Keyring) -> Recording:
    async with RecordingStage(folder, keyring=keyring) as stage:
        call = await stage.talking()
        await call.say("caller", tone(2))
        [recording] = await stage.finished(call)
        return recording


def test_moved_and_verified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINWON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MINWON_RECORDING_FOLDER", str(tmp_path / "recordings"))
    home = open_home(tmp_path / "home")
    recording = asyncio.run(_one(tmp_path, open_keyring(KeysConfig(), home)))
    terminal = CliRunner()
    assert "1 recordings read, 0 are not" in terminal.invoke(recordings, ["verify"]).stdout
    key = rotate(KeysConfig(), home)
    assert f"1 recordings are under key {key.id}" in terminal.invoke(recordings, ["rekey"]).stdout
    assert '"moved":0' in terminal.invoke(recordings, ["rekey", "--json"]).stdout
    path = tmp_path / "recordings" / recording.file
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    found = terminal.invoke(recordings, ["verify", recording.recording_id])
    assert found.exit_code == 1
    assert "changed or cut off" in found.stdout
