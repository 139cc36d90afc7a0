"""What several commands of the command line share: options, settings, JSON lines."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from core import config as configuration
from core import log
from core.config import Config, LogConfig

ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", metavar="FILE", help="Settings (TOML); without it the defaults.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line on stdout, nothing else.")]


def settings_of(path: Path | None, *, node: bool = False) -> Config:
    """The configuration in force; logging is set up by it."""
    config = configuration.load(path, os.environ)
    # A command that answers and ends speaks for itself; a node's life belongs into the log.
    quiet = LogConfig(level="warning", format=config.log.format)
    log.setup(config.log if node else quiet, config.node.name)
    return config


def put(value: Any) -> None:
    """One JSON line on stdout."""
    print(msgspec.json.encode(value, enc_hook=_path).decode(), flush=True)


def _path(value: Any) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no form in JSON")
