"""What every bench is given: a folder, voices, the speech model, a way to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from core.home import Home, open_home
from models import shelf
from models.shelf import ModelInfo
from server.demo.voice import VoiceBox


class Stage:
    """Lives for one run of ``minwon bench``; ``folder`` is removed afterwards."""

    def __init__(self, folder: Path, tell: Callable[[str], None], model: ModelInfo | None = None) -> None:
        self.folder = folder
        self.tell = tell
        """Shown as progress: 'calls 20'."""
        self.model = model or shelf.find()
        """What decodes."""

    def voices(self) -> VoiceBox:
        """Voices; what one bench has rendered is there for the next. Raises ``EnvironmentFault`` without espeak-ng."""
        return VoiceBox(self.folder / "voices")

    def fresh_home(self) -> Home:
        """An empty home folder for a node."""
        return open_home(mkdtemp(prefix="home-", dir=self.folder))
