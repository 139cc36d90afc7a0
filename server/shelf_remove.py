"""``minwon models remove``: what nobody uses leaves the shelf."""

from __future__ import annotations

from pathlib import Path

from core.config import Config
from core.errors import BadInput, Refused
from core.home import Home
from models.stocking import disk, place
from server.shelf_list import users


def removable(name: str, config: Config, home: Home) -> Path:
    """The folder of that model. Raises ``BadInput`` when it is not on the home's shelf, ``Refused`` when it is used."""
    folder = home.models / name
    if not name or "/" in name or name.startswith(".") or not folder.is_dir():
        raise BadInput(f"there is no model '{name}' in {home.models}; only what was fetched or imported can be removed")
    if used_by := users(config, home).get(folder.resolve()):
        raise Refused(f"{name} is used by {', '.join(used_by)}: change that setting first")
    return folder


def remove(folder: Path) -> None:
    """At once, as others see it: it is moved away before it is deleted."""
    with disk.told(folder.parent), place.staging(folder.parent) as staged:
        folder.rename(staged / folder.name)
