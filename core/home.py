"""The home folder: all state of a node in one place (database, spool, sockets, fetched models, uploads)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from core.errors import EnvironmentFault

_PRIVATE = 0o700  # transcripts and sockets are nobody else's business


class Home(msgspec.Struct, frozen=True):
    """An opened home: its folders exist, belong to us and can be written."""

    root: Path
    """The folder itself; rooms may keep folders of their own below it."""

    @property
    def run(self) -> Path:
        """Sockets and process files of the running node."""
        return self.root / "run"

    @property
    def spool(self) -> Path:
        """Events that are not yet in the database."""
        return self.root / "spool"

    @property
    def attachments(self) -> Path:
        """Files of the consultation database's entries, made when the first comes."""
        return self.root / "attachments"

    @property
    def models(self) -> Path:
        """Speech models that were fetched, imported or made here; made when the first comes."""
        return self.root / "models"

    @property
    def keys(self) -> Path:
        """Keys of this site, 0700, made when the first is needed. They belong into the backup, apart from the data."""
        return self.root / "keys"

    @property
    def database(self) -> Path:
        """The SQLite file, where no other database is set."""
        return self.root / "minwon.sqlite3"


def platform_folder(environ: Mapping[str, str]) -> Path:
    """Where state lives when nobody says otherwise: ``$XDG_DATA_HOME/minwon``, else ``~/.local/share/minwon``."""
    data = environ.get("XDG_DATA_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    base = Path(data) if data.startswith("/") else Path("~/.local/share").expanduser()
    return base / "minwon"


def home_at(configured: str | Path = "") -> Home:
    """The home that would be opened, for those who only look; nothing is created. '' means the platform's folder."""
    return Home(Path(configured).expanduser().absolute() if str(configured) else platform_folder({}))


def open_home(configured: str | Path = "") -> Home:
    """Create what is missing, 0700, and make sure that we may write there.

    '' means the platform's folder. Raises ``EnvironmentFault`` with the way out.
    """
    home = home_at(configured)
    for folder in (home.root, home.run, home.spool):
        _private_folder(folder)
    return home


def _private_folder(folder: Path) -> None:
    way_out = "set MINWON_HOME (or node.home) to a folder that this user may write"
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as fault:
        raise EnvironmentFault(f"{folder} is not a folder: {way_out}", code="home") from fault
    except OSError as fault:
        raise EnvironmentFault(f"cannot create {folder} ({fault.strerror}): {way_out}", code="home") from fault
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EnvironmentFault(f"cannot write to {folder}: {way_out}", code="home")
