"""What an engineer reads of recordings."""

from __future__ import annotations

from pathlib import Path

from core.config import RecordingConfig
from core.home import Home
from server.check_recording import recording_findings

ON = RecordingConfig(start="always", floor_mb=50)


def test_off_is_well(tmp_path: Path) -> None:
    [(state, says)] = recording_findings(RecordingConfig(), Home(tmp_path))
    assert state == "ok"
    assert "not recorded" in says


def test_room_and_whose_disk(tmp_path: Path) -> None:
    (state, says), (other, advice) = recording_findings(ON, Home(tmp_path))
    assert (state, other) == ("ok", "note")
    assert "hours of talk" in says
    assert "a disk of its own" in advice
    assert not list(tmp_path.iterdir())


def test_no_room_no_notice_no_spools(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "spool").mkdir(parents=True)
    (tmp_path / "elsewhere" / "spool" / "rec-1.broken").touch()
    config = RecordingConfig(start="always", notice=False, folder=str(tmp_path / "elsewhere"), floor_mb=10**9)
    says = " ".join(line for _state, line in recording_findings(config, Home(tmp_path / "home")))
    assert "no call is recorded until there is room" in says
    assert "the law wants it told" in says
    assert "1 spools" in says
    assert "a disk of its own" not in says
