"""What an engineer reads of the master keys."""

from __future__ import annotations

from pathlib import Path

from core.config import KeysConfig
from core.home import Home, open_home
from core.keyring import new_key
from core.master_keys import open_keyring
from server.check_keys import key_findings


def test_none_yet(tmp_path: Path) -> None:
    home = Home(tmp_path)
    [(state, says)] = key_findings(KeysConfig(), home)
    assert state == "note"
    assert "made in" in says
    assert not list(tmp_path.iterdir())


def test_one_in_the_home_is_to_be_copied(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    key_id = open_keyring(KeysConfig(), home).newest
    [(state, says)] = key_findings(KeysConfig(), home)
    assert state == "note"
    assert key_id in says
    assert "keep a copy" in says


def test_a_configured_one_is_well(tmp_path: Path) -> None:
    keys = f"{new_key().text},{new_key().text}"
    [(state, says)] = key_findings(KeysConfig(master=keys), Home(tmp_path))
    assert state == "ok"
    assert "1 older, from the environment" in says


def test_a_missing_file_is_said_and_does_not_stop_the_node(tmp_path: Path) -> None:
    [(state, says)] = key_findings(KeysConfig(master_file=str(tmp_path / "gone")), Home(tmp_path))
    assert state == "note"
    assert "no call is recorded" in says
