"""Where keys come from, and what is said where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import KeysConfig
from core.errors import ConfigError, KeyFault
from core.home import Home, open_home
from core.keyring import new_key
from core.master_keys import key_file, keyring_or_none, open_keyring, rotate


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def test_the_first_key_is_made_and_stays(home: Home) -> None:
    ring = open_keyring(KeysConfig(), home)
    path = key_file(KeysConfig(), home)
    assert path == home.root / "keys" / "master.keys"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert open_keyring(KeysConfig(), home).ids == ring.ids
    assert [entry.name for entry in path.parent.iterdir()] == ["master.keys"]


def test_rotation_keeps_the_old_ones_and_the_comments(home: Home) -> None:
    sealed = open_keyring(KeysConfig(), home).seal(b"secret", "x")
    first = open_keyring(KeysConfig(), home).newest
    second = rotate(KeysConfig(), home)
    ring = open_keyring(KeysConfig(), home)
    assert ring.ids == (second.id, first)
    assert ring.open(sealed, "x") == b"secret"
    text = key_file(KeysConfig(), home).read_text()
    assert text.count("# Master keys of minwon") == 1
    assert key_file(KeysConfig(), home).stat().st_mode & 0o777 == 0o600


def test_a_configured_file_is_never_made(home: Home, tmp_path: Path) -> None:
    config = KeysConfig(master_file=str(tmp_path / "city.keys"))
    with pytest.raises(KeyFault, match="cannot read the master keys"):
        open_keyring(config, home)
    ring = keyring_or_none(config, home)
    assert ring.ids == ()
    assert "city.keys" in ring.fault
    assert not (tmp_path / "city.keys").exists()


def test_a_file_open_to_others_is_refused(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "city.keys"
    path.write_text(new_key().text)
    path.chmod(0o640)
    config = KeysConfig(master_file=str(path))
    with pytest.raises(KeyFault, match="chmod 600"):
        open_keyring(config, home)
    path.chmod(0o600)
    assert len(open_keyring(config, home).ids) == 1


def test_an_empty_or_broken_file_is_said(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "city.keys"
    path.touch(0o600)
    with pytest.raises(KeyFault, match="holds no master key"):
        open_keyring(KeysConfig(master_file=str(path)), home)
    path.write_text("hunter2")
    with pytest.raises(KeyFault, match="key 1 is not base64") as refused:
        open_keyring(KeysConfig(master_file=str(path)), home)
    assert "hunter2" not in str(refused.value)


def test_keys_of_the_environment(home: Home) -> None:
    new, old = new_key(), new_key()
    config = KeysConfig(master=f"{new.text},{old.text}")
    assert open_keyring(config, home).ids == (new.id, old.id)
    assert not (home.root / "keys").exists()
    assert new.text not in repr(config)
    with pytest.raises(ConfigError, match="MINWON_KEYS_MASTER"):
        rotate(config, home)


def test_a_home_that_cannot_be_written(home: Home) -> None:
    home.keys.touch()
    with pytest.raises(KeyFault, match=r"set keys\.master_file"):
        open_keyring(KeysConfig(), home)
