"""Passwords: read from files of their own, never shown."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from core.config.sections import Config, PeerConfig
from core.errors import ConfigError

HIDDEN: Final = "********"
SMPP_PASSWORD: Final = 8
"""Letters of an SMPP password (SMPP 3.4, 4.1.5)."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def with_secrets(config: Config, folder: Path) -> Config:
    """Read the password files that the configuration names; relative ones lie in ``folder``. Private keys are not read,
    but others must not be able to."""
    register, store, sms, tls = config.sip.register, config.store, config.sms, config.sip.tls
    if tls is not None:
        _must_be_closed("sip.tls.key_file", folder / Path(tls.key_file).expanduser())
    if config.forks.key_file:
        _must_be_closed("forks.key_file", folder / Path(config.forks.key_file).expanduser())
    if register is not None and register.password_file:
        if register.password:
            raise ConfigError("sip.register has both password and password_file: keep password_file")
        password = _read("sip.register.password_file", register.password_file, folder)
        register = msgspec.structs.replace(register, password=password)
        config = msgspec.structs.replace(config, sip=msgspec.structs.replace(config.sip, register=register))
    if store.password_file:
        password = _read("store.password_file", store.password_file, folder)
        store = msgspec.structs.replace(store, url=_with_password(store.url, password))
        config = msgspec.structs.replace(config, store=store)
    config = msgspec.structs.replace(config, peers=tuple(_with_password_of(peer, folder) for peer in config.peers))
    forks = config.forks
    if forks.token_file:
        if forks.token:
            raise ConfigError("forks has both token and token_file: keep token_file")
        token = _read("forks.token_file", forks.token_file, folder)
        config = msgspec.structs.replace(config, forks=msgspec.structs.replace(forks, token=token))
    if config.keys.master_file and config.keys.master:
        raise ConfigError("keys has both master and master_file: keep master_file")
    if sms.secret_key_file:
        if sms.secret_key:
            raise ConfigError("sms has both secret_key and secret_key_file: keep secret_key_file")
        secret_key = _read("sms.secret_key_file", sms.secret_key_file, folder)
        config = msgspec.structs.replace(config, sms=msgspec.structs.replace(sms, secret_key=secret_key))
    config = _with_password_of_the_message_centre(config, folder)
    config = _with_password_of_the_mail_server(config, folder)
    return _with_secrets_of_webhooks(_with_secret_of_the_provider(config, folder), folder)


def _with_secrets_of_webhooks(config: Config, folder: Path) -> Config:
    for name in ("secret", "sinch_secret"):
        inbox = config.inbox
        if file := getattr(inbox, f"{name}_file"):
            if getattr(inbox, name):
                raise ConfigError(f"inbox has both {name} and {name}_file: keep {name}_file")
            secret = _read(f"inbox.{name}_file", file, folder)
            config = msgspec.structs.replace(config, inbox=msgspec.structs.replace(inbox, **{name: secret}))
    return config


def _with_password_of_the_message_centre(config: Config, folder: Path) -> Config:
    smpp = config.smpp
    if not smpp.password_file:
        return config
    if smpp.password:
        raise ConfigError("smpp has both password and password_file: keep password_file")
    password = _read("smpp.password_file", smpp.password_file, folder)
    if len(password) > SMPP_PASSWORD or not password.isascii():
        raise ConfigError(f"smpp.password_file: SMPP carries at most {SMPP_PASSWORD} letters of ASCII as a password")
    return msgspec.structs.replace(config, smpp=msgspec.structs.replace(smpp, password=password))


def _with_password_of_the_mail_server(config: Config, folder: Path) -> Config:
    mail = config.mail
    if not mail.password_file:
        return config
    if mail.password:
        raise ConfigError("mail has both password and password_file: keep password_file")
    password = _read("mail.password_file", mail.password_file, folder)
    return msgspec.structs.replace(config, mail=msgspec.structs.replace(mail, password=password))


def _with_secret_of_the_provider(config: Config, folder: Path) -> Config:
    oidc = config.oidc
    if not oidc.client_secret_file:
        return config
    if oidc.client_secret:
        raise ConfigError("oidc has both client_secret and client_secret_file: keep client_secret_file")
    secret = _read("oidc.client_secret_file", oidc.client_secret_file, folder)
    return msgspec.structs.replace(config, oidc=msgspec.structs.replace(oidc, client_secret=secret))


def _with_password_of(peer: PeerConfig, folder: Path) -> PeerConfig:
    if not peer.password_file:
        return peer
    if peer.password:
        raise ConfigError(f"peer '{peer.name}' has both password and password_file: keep password_file")
    key = f"password_file of peer '{peer.name}'"
    return msgspec.structs.replace(peer, password=_read(key, peer.password_file, folder))


def redacted(config: Config) -> dict[str, Any]:
    """What is in force, as plain dictionaries, with secrets hidden: for ``minwon check``."""
    shown: dict[str, Any] = msgspec.to_builtins(config)
    register = shown["sip"]["register"]
    if register is not None:
        register["password"] = HIDDEN if register["password"] else ""
    for agent in shown["agents"]:
        agent["password_hash"] = HIDDEN if agent["password_hash"] else ""
    for peer in shown["peers"]:
        peer["password"] = HIDDEN if peer["password"] else ""
    shown["forks"]["token"] = HIDDEN if shown["forks"]["token"] else ""
    shown["sms"]["secret_key"] = HIDDEN if shown["sms"]["secret_key"] else ""
    shown["smpp"]["password"] = HIDDEN if shown["smpp"]["password"] else ""
    for name in ("secret", "sinch_secret"):
        shown["inbox"][name] = HIDDEN if shown["inbox"][name] else ""
    shown["mail"]["password"] = HIDDEN if shown["mail"]["password"] else ""
    shown["keys"]["master"] = HIDDEN if shown["keys"]["master"] else ""
    shown["oidc"]["client_secret"] = HIDDEN if shown["oidc"]["client_secret"] else ""
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
