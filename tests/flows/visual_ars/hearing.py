"""What a telephone hears of the menu's voice: the sentences themselves, found in the sound of the line.

``Voice`` has every sentence of the menu as it was rendered; a piece of what the phone heard is looked for in all of
them (normalised cross-correlation, by FFT). G.711 and the network leave a sentence's shape alone, so a match is near 1
and anything else far below.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from ars import voice
from ars.menu import Stop, begin
from ars.model import KEYED, Menu
from ars.prompts import Prompts
from ars.view import Around
from core.audio import RATE
from core.events import now
from tests import patience

Samples = NDArray[np.float32]

SLICE: int = RATE // 2
"""Samples that are looked up: half a second knows a sentence."""
ALIKE: float = 0.7
"""Correlation above which it is that sentence."""
_LOUD: float = 200.0
"""Root mean square below which a slice is a pause."""
HEARS_S: float = 25.0


class Ear(Protocol):
    """Somebody's telephone at the ear."""

    def heard(self) -> Samples:
        """All that was heard so far, 8 kHz."""


class Recording:
    """The ear of a softphone that records into a file: it can be read while it grows."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def heard(self) -> Samples:
        """See ``Ear``."""
        data = self.path.read_bytes()[44:] if self.path.exists() else b""
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32)


class Voice:
    """The menu's sentences and the screens that they belong to."""

    def __init__(self, sounds: dict[str, Samples], screens: dict[str, frozenset[str]]) -> None:
        """``sounds``: by sentence. ``screens``: the sentences that are said on one screen alone."""
        self._screens = screens
        self._texts = list(sounds)
        gap = np.zeros(SLICE, np.float32)
        self._ends = np.cumsum([len(sound) + SLICE for sound in sounds.values()])
        self._all = np.concatenate([part for sound in sounds.values() for part in (sound, gap)])
        self._size = 1 << int(np.ceil(np.log2(len(self._all) + SLICE)))
        self._spectrum = np.fft.rfft(self._all, self._size)
        squares = np.concatenate([[0.0], np.cumsum(self._all.astype(np.float64) ** 2)])
        self._power = np.sqrt(np.maximum(squares[SLICE:] - squares[:-SLICE], 1.0))

    def sentence(self, piece: Samples) -> str:
        """The sentence that a slice is part of, '' if of none."""
        loudness = float(np.sqrt(np.mean(piece**2)))
        if len(piece) != SLICE or loudness < _LOUD:
            return ""
        found = np.fft.irfft(self._spectrum * np.conj(np.fft.rfft(piece, self._size)), self._size)[: len(self._power)]
        alike = found / self._power / float(np.linalg.norm(piece))
        place = int(np.argmax(alike))
        return self._texts[int(np.searchsorted(self._ends, place, "right"))] if alike[place] > ALIKE else ""

    def sentences(self, heard: Samples, step: int = SLICE // 2) -> list[str]:
        """What was said, in order; each sentence once."""
        said: list[str] = []
        for at in range(0, len(heard) - SLICE + 1, step):
            text = self.sentence(heard[at : at + SLICE])
            if text and (not said or said[-1] != text):
                said.append(text)
        return said

    def screens_in(self, heard: Samples) -> list[str]:
        """The screens whose own sentences were said, in order."""
        found: list[str] = []
        for text in self.sentences(heard):
            screen = next((name for name, own in self._screens.items() if text in own), "")
            if screen and (not found or found[-1] != screen):
                found.append(screen)
        return found

    async def until_on(self, screen: str, ear: Ear, since: int = 0, within_s: float = HEARS_S) -> int:
        """Wait until that screen is being read to the ear; returns the sample at which it was known.

        ``since``: only what was heard after this sample counts.
        """
        assert self._screens.get(screen), f"nothing is said on {screen} alone"
        return await self.until_said(lambda text: text in self._screens[screen], ear, since, within_s)

    async def until_said(
        self, wanted: Callable[[str], bool], ear: Ear, since: int = 0, within_s: float = HEARS_S
    ) -> int:
        """Wait until such a sentence is said; returns the sample at which it was known."""
        at = since
        told: list[str] = []

        def known() -> bool:
            nonlocal at
            heard = ear.heard()
            while at + SLICE <= len(heard):
                text = self.sentence(heard[at : at + SLICE])
                at += SLICE // 2
                told.extend([text] if text else [])
                if text and wanted(text):
                    return True
            return False

        try:
            await patience.until(known, within_s)
        except TimeoutError:
            raise AssertionError(f"not said; heard were {list(dict.fromkeys(told))}") from None
        return at


async def voice_of(menu: Menu, prompts: Prompts) -> Voice:
    """Every sentence of the menu in Korean, as the node says it."""
    by_screen: dict[str, set[str]] = {}
    texts: dict[str, voice.Piece] = {}
    for number in (True, False):
        state = begin("", menu, now(), has_number=number)
        for screen in menu.screens:
            there = replace(state, trail=(Stop(id=screen),), field=-1)
            keyed = [place for place, field in enumerate(menu.screens[screen].fields) if field.kind in KEYED]
            for field in (-1, *keyed):
                for piece in voice.speech(replace(there, field=field), Around(), now()):
                    texts[piece.text] = piece
                    by_screen.setdefault(screen, set()).add(piece.text)
    sounds = {text: _read(await prompts.path(text, "ko", piece.name)) for text, piece in texts.items()}
    return Voice(sounds, {screen: frozenset(_own(screen, by_screen)) for screen in by_screen})


def _own(screen: str, said: dict[str, set[str]]) -> Iterable[str]:
    others = set().union(*(texts for name, texts in said.items() if name != screen))
    return said[screen] - others


def _read(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
