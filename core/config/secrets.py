"""Passwords: read from files of their own, never shown."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec
from msgspec.structs import replace

from core.config.section import Section
from core.config.sections import Config, PeerConfig
from core.config.smpp_rules import LONGEST
from core.errors import ConfigError

HIDDEN: Final = "********"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_SECRETS: Final = (
    ("forks", "token"),
    ("sms", "secret_key"),
    ("smpp", "password"),
    ("mail", "password"),
    ("oidc", "client_secret"),
    ("inbox", "secret"),
    ("inbox", "sinch_secret"),
)
"""Sections with a secret that stands in them, or in the file that ``NAME_file`` names."""
_S = TypeVar("_S", bound=Section)


def with_secrets(config: Config, folder: Path) -> Config:
    """Read the password files that the configuration names; relative ones lie in ``folder``. Private keys are not read,
    but others must not be able to."""
    register, store, tls = config.sip.register, config.store, config.sip.tls
    if tls is not None:
        _must_be_closed("sip.tls.key_file", folder / Path(tls.key_file).expanduser())
    if config.forks.key_file:
        _must_be_closed("forks.key_file", folder / Path(config.forks.key_file).expanduser())
    if register is not None:
        register = _with_secret(register, "password", "sip.register", folder)
        config = replace(config, sip=replace(config.sip, register=register))
    if store.password_file:
        password = _read("store.password_file", store.password_file, folder)
        config = replace(config, store=replace(store, url=_with_password(store.url, password)))
    config = replace(config, peers=tuple(_with_password_of(peer, folder) for peer in config.peers))
    for name, secret in _SECRETS:
        config = replace(config, **{name: _with_secret(getattr(config, name), secret, name, folder)})
    if config.keys.master_file and config.keys.master:
        raise ConfigError("keys has both master and master_file: keep master_file")
    smpp, longest = config.smpp, LONGEST["password"]
    if smpp.password_file and (len(smpp.password) > longest or not smpp.password.isascii()):
        raise ConfigError(f"smpp.password_file: SMPP carries at most {longest} letters of ASCII as a password")
    return config


def _with_password_of(peer: PeerConfig, folder: Path) -> PeerConfig:
    whose = f"peer '{peer.name}'"
    return _with_secret(peer, "password", whose, folder, key=f"password_file of {whose}")


def _with_secret(section: _S, name: str, whose: str, folder: Path, *, key: str = "") -> _S:
    """The section with its secret, from the file that ``NAME_file`` names if it names one. ``key``: that setting, in
    words."""
    file = getattr(section, f"{name}_file")
    if not file:
        return section
    if getattr(section, name):
        raise ConfigError(f"{whose} has both {name} and {name}_file: keep {name}_file")
    return replace(section, **{name: _read(key or f"{whose}.{name}_file", file, folder)})


def redacted(config: Config) -> dict[str, Any]:
    """What is in force, as plain dictionaries, with secrets hidden: for ``minwon check``."""
    shown: dict[str, Any] = msgspec.to_builtins(config)
    secrets = [(shown[name], secret) for name, secret in (*_SECRETS, ("keys", "master"))]
    secrets += [(agent, "password_hash") for agent in shown["agents"]]
    secrets += [(peer, "password") for peer in shown["peers"]]
    if shown["sip"]["register"] is not None:
        secrets.append((shown["sip"]["register"], "password"))
    for section, secret in secrets:
        section[secret] = HIDDEN if section[secret] else ""
    shown["store"]["url"] = hide_password(shown["store"]["url"])
    return shown


def hide_password(url: str) -> str:
    """A database address that may be shown: ``postgresql://minwon:********@db/minwon``."""
    parts = urlsplit(url)
    credentials, at, host = parts.netloc.rpartition("@")
    user, colon, _password = credentials.partition(":")
    return urlunsplit(parts._replace(netloc=f"{user}{colon}{HIDDEN}{at}{host}")) if colon else url


def _read(key: str, name: str, folder: Path) -> str:
    path = folder / Path(name).expanduser()
    try:
        _must_be_closed(key, path)
        password = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "not UTF-8 text"
        raise ConfigError(f"{key}: cannot read {path} ({reason})") from fault
    if not password:
        raise ConfigError(f"{key}: {path} is empty; write the password into it")
    return password


def _must_be_closed(key: str, path: Path) -> None:
    """Whether the file is there is for its reader to say."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if mode & _OTHERS:
        raise ConfigError(f"{key}: others may read {path}; run: chmod 600 {path}")


def _with_password(url: str, password: str) -> str:
    parts = urlsplit(url)
    credentials, at, host = parts.netloc.rpartition("@")
    if not at or ":" in credentials:
        raise ConfigError("store.password_file needs a user and no password in store.url: postgresql://user@host/name")
    return urlunsplit(parts._replace(netloc=f"{credentials}:{quote(password, safe='')}@{host}"))
