"""What the caller hears of the menu: a speech, piece by piece, and music behind it. One task of the call.

``speak`` and ``hush`` replace each other at once; the end of a speech is told by ``on_end``. A piece that cannot be had
(no voice on this machine, a full disk) is left out: the page shows it all the same.
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
        self._music = False
        self._music_due = False
        self._turn = 0
        """Grows with every order, so that what was prepared for an older one is not played."""
        self._playing = ""
        """The prompt whose end is waited for; what sounds on while the next speech is prepared is not."""
        self._sounds = False
        """Something was given to the call to play since it was hushed."""
        self._due = asyncio.Event()
        self._speaking = False
        self.quiet = asyncio.Event()
        """Set while nothing is being said (music is nothing)."""
        self.quiet.set()

    @property
    def music(self) -> bool:
        """Whether music follows whatever is said."""
        return self._music

    @music.setter
    def music(self, on: bool) -> None:
        """Begins at once where nothing is being said; once begun, it ends with the next speech or ``hush``."""
        self._music = self._music_due = on
        self._due.set()

    def speak(self, pieces: Sequence[Piece]) -> None:
        """Say this instead of what is being said."""
        self._order(pieces)
        self._speaking = True
        self.quiet.clear()
        self._due.set()

    async def hush(self) -> None:
        """Silence at once, and no music until something was said; no end is told."""
        self._order(())
        self._speaking = self._music_due = False
        self.quiet.set()
        if self._sounds:
            self._sounds = False
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

    def _order(self, pieces: Sequence[Piece]) -> None:
        self._turn += 1
        self._left = deque(pieces)
        self._playing = ""  # its end is no business of the new order

    async def _go_on(self) -> None:
        if self._playing and self._playing != MUSIC:
            return
        turn = self._turn
        while self._left and turn == self._turn:
            path = await self._path(self._left.popleft())
            if path and turn == self._turn:
                await self._play(path)
                return
        if turn != self._turn:
            return
        said, self._speaking = self._speaking, False
        self.quiet.set()
        if self._music and self._playing != MUSIC and (said or self._music_due):
            self._music_due = False
            await self._play(MUSIC, loop=True)
        if said and turn == self._turn:
            self._on_end()

    async def _play(self, prompt: str, *, loop: bool = False) -> None:
        self._playing, self._sounds = prompt, True
        await self._call.play(prompt, loop=loop)

    async def _path(self, piece: Piece) -> str:
        try:
            return str(await self._voices.path(piece.text, piece.language, piece.name))
        except MinwonError as fault:
            log.warning("ear.no_voice", call_id=self._call.call_id, code=fault.code)
            return ""
