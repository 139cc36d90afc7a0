"""What several commands of the command line share: options, settings, JSON lines."""

from __future__ import annotations

import os
import pwd
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from core import config as configuration
from core import log
from core.config import Config, LogConfig
from core.home import Home, open_home
from server.city_time import live_in

if TYPE_CHECKING:
    from core.store.sql_store import SqlStore

ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", metavar="FILE", help="Settings (TOML); without it the defaults.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line on stdout, nothing else.")]


def settings_of(path: Path | None, *, node: bool = False) -> Config:
    """The configuration in force; logging and the clock's zone are set up by it."""
    config = configuration.load(path, os.environ)
    live_in(config.statistics.timezone)
    # A command that answers and ends speaks for itself; a node's life belongs into the log.
    quiet = LogConfig(level="warning", format=config.log.format)
    log.setup(config.log if node else quiet, config.node.name)
    return config


@asynccontextmanager
async def store_of(settings: Config) -> AsyncIterator[tuple[SqlStore, Home]]:
    """The store of a configuration and its home folder; closed at the end."""
    from core.store.sql_store import open_store

    home = open_home(settings.node.home)
    store = await open_store(settings.store.url, home)
    try:
        yield store, home
    finally:
        await store.close()


def by_whom() -> str:
    """As the audit log names whoever sits at this machine: not what the environment says, and never an account."""
    return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"


def put(value: Any) -> None:
    """One JSON line on stdout."""
    print(msgspec.json.encode(value, enc_hook=_path).decode(), flush=True)


def _path(value: Any) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no form in JSON")
