"""What every bench is given: a folder, voices, a way to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from core.home import Home, open_home
from server.demo.voice import VoiceBox


class Stage:
    """Lives for one run of ``minwon bench``; ``folder`` is removed afterwards."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self.folder = folder
        self.tell = tell
        """Shown as progress: 'calls 20'."""

    def voices(self) -> VoiceBox:
        """Voices; what one bench has rendered is there for the next. Raises ``EnvironmentFault`` without espeak-ng."""
        return VoiceBox(self.folder / "voices")

    def fresh_home(self) -> Home:
        """An empty home folder for a node."""
        return open_home(mkdtemp(prefix="home-", dir=self.folder))
