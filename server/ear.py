"""What the caller hears of the menu: a speech, piece by piece, and music behind it. One task of the call.

``speak`` and ``hush`` take effect at once and replace each other; the end of a speech is told by ``on_end``. A piece
that cannot be had (no voice on this machine, a full disk) is left out: the page shows it all the same.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from ars.model import Language
from ars.voice import Piece
from core.errors import MinwonError
from core.log import get_logger
from telephony.contract import Call

log = get_logger("server.ear")

MUSIC = "music"
"""Prompt for those who wait."""


class Voices(Protocol):
    """Where sentences become files: ``ars.prompts.Prompts``."""

    async def path(self, text: str, language: Language, name: str = "") -> object:
        """The WAV file's path."""


class Ear:
    """One per call that has a visit. ``run`` is its task."""

    def __init__(self, call: Call, voices: Voices, on_end: Callable[[], None]) -> None:
        self._call = call
        self._voices = voices
        self._on_end = on_end
        self._left: deque[Piece] = deque()
        self._then_music = False
        self._turn = 0
        """Grows with every order, so that what was prepared for an older one is not played."""
        self._playing = ""
        self._due = asyncio.Event()
        self._speaking = False
        self.quiet = asyncio.Event()
        """Set while nothing is being said (music is nothing)."""
        self.quiet.set()

    def speak(self, pieces: Sequence[Piece], *, then_music: bool = False) -> None:
        """Say this instead of what is being said; ``then_music``: and music after it."""
        self._order(pieces, then_music)
        self._speaking = True
        self.quiet.clear()
        self._due.set()

    async def hush(self) -> None:
        """Silence at once; no end is told."""
        was_on = bool(self._playing)
        self._order((), False)
        self._speaking = False
        self.quiet.set()
        if was_on:
            await self._call.stop_prompt()

    def prompt_done(self, prompt: str) -> None:
        """A prompt was played to its end."""
        if prompt and prompt == self._playing:
            self._playing = ""
            self._due.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            await self._go_on()

    def _order(self, pieces: Sequence[Piece], then_music: bool) -> None:
        self._turn += 1
        self._left = deque(pieces)
        self._then_music = then_music

    async def _go_on(self) -> None:
        turn = self._turn
        while self._left and turn == self._turn:
            path = await self._path(self._left.popleft())
            if path and turn == self._turn:
                self._playing = path
                await self._call.play(path)
                return
        if turn != self._turn or not self._speaking:
            return
        self._speaking = False
        self.quiet.set()
        if self._then_music:
            self._playing = MUSIC
            await self._call.play(MUSIC, loop=True)
        self._on_end()

    async def _path(self, piece: Piece) -> str:
        try:
            return str(await self._voices.path(piece.text, piece.language, piece.name))
        except MinwonError as fault:
            log.warning("ear.no_voice", call_id=self._call.call_id, code=fault.code)
            return ""
