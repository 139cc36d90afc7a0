"""Recording as the node opens it: its folder, its writer, what finishes spools."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from core.config import Config, RecordingConfig
from core.home import Home
from core.keyring import Keyring
from core.store.contract import Store
from server.recording.recordings import Recordings, Tell
from server.recording.shelf import RecordingShelf


def folder_of(config: RecordingConfig, home: Home) -> Path:
    """Where recordings lie."""
    return Path(config.folder) if config.folder else home.root / "recordings"


def shelf_of(config: Config, home: Home, store: Store, keyring: Keyring) -> RecordingShelf:
    """The finished ones."""
    return RecordingShelf(folder_of(config.recording, home), store.recordings, keyring)


@asynccontextmanager
async def open_recordings(
    config: Config,
    home: Home,
    store: Store,
    keyring: Keyring,
    *,
    running: Callable[[], Collection[str]],
    tell: Tell,
) -> AsyncIterator[Recordings]:
    """Until the node closes; ``run`` is for whoever has side tasks. What is still open is finished by the next node."""
    shelf = shelf_of(config, home, store, keyring)
    recordings = Recordings(config.recording, shelf, store, running=running, tell=tell)
    recordings.begin()
    try:
        yield recordings
    finally:
        await recordings.close()
