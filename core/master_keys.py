"""Where master keys are kept: a file of the configuration, the environment, or the home folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from core.config import KeysConfig
from core.errors import BadInput, ConfigError, EnvironmentFault, KeyFault
from core.home import Home
from core.keyring import Keyring, MasterKey, new_key, read_keys
from core.site_key import site_key

_NAME: Final = "master.keys"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_HEADER: Final = (
    "# Master keys of minwon, the newest first. Whoever has them opens all recordings: keep a copy, locked.\n"
)


def key_file(config: KeysConfig, home: Home) -> Path:
    """The file whose keys count, where they are not in the environment."""
    return Path(config.master_file) if config.master_file else home.keys / _NAME


def open_keyring(config: KeysConfig, home: Home) -> Keyring:
    """The keys in force. Where none are configured, one is made in the home folder.

    ``KeyFault`` with the way out: the file is missing, unreadable, empty or open to others.
    """
    if config.master:
        return Keyring(_read("keys.master", config.master))
    path = key_file(config, home)
    if not config.master_file and not path.exists():
        _make_first(path)
    return Keyring(_of_file(path))


def keyring_or_none(config: KeysConfig, home: Home) -> Keyring:
    """As :func:`open_keyring`; with a fault, a ring without keys that says why: calls go on without their recording."""
    try:
        return open_keyring(config, home)
    except KeyFault as fault:
        return Keyring((), fault=str(fault))


def rotate(config: KeysConfig, home: Home) -> MasterKey:
    """Put a new key before the others; it seals from the node's next start on."""
    if config.master:
        raise ConfigError("the keys come from MINWON_KEYS_MASTER: put what `minwon keys make` prints before the others")
    open_keyring(config, home)  # complains of a broken file before anything is written
    path = key_file(config, home)
    key = new_key()
    _replace(path, _HEADER + key.text + "\n" + path.read_text("utf-8").removeprefix(_HEADER))
    return key


def _of_file(path: Path) -> list[MasterKey]:
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "not UTF-8 text"
        raise KeyFault(f"cannot read the master keys in {path} ({reason}): bring the file back") from fault
    if mode & _OTHERS:
        raise KeyFault(f"others may read the master keys; run: chmod 600 {path}")
    return _read(str(path), text)


def _read(where: str, text: str) -> list[MasterKey]:
    try:
        keys = read_keys(text)
    except BadInput as fault:
        raise KeyFault(f"{where}: {fault}") from None
    if not keys:
        raise KeyFault(f"{where} holds no master key: `minwon keys make` prints one")
    return keys


def _make_first(path: Path) -> None:
    """Two processes that start at once end with the same key."""
    try:
        site_key(path, "key", lambda: (_HEADER + new_key().text + "\n").encode())
    except EnvironmentFault as fault:
        raise KeyFault(f"{fault}, or set keys.master_file") from fault


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.touch(0o600)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as fault:
        fresh.unlink(missing_ok=True)
        raise KeyFault(f"cannot write {path} ({fault.strerror}): nothing was changed") from fault
