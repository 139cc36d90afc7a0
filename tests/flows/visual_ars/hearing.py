"""What a telephone hears of the menu's voice: the sentences themselves, found in the sound of the line.

``Voice`` has every sentence of the menu as it was rendered; a piece of what the phone heard is looked for in all of
them (normalised cross-correlation, by FFT). G.711 and the network leave a sentence's shape alone, so a match is near 1
and anything else far below.
"""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from ars import voice
from ars.model import CLOSED, CODE, KEYED, OVER, SEARCH, TALK, Menu
from ars.prompts import Prompts
from ars.state import Stop, begin
from ars.view import Around
from ars.words import say
from core.audio import RATE
from core.events import now
from tests import patience

Samples = NDArray[np.float32]

SLICE: Final = RATE // 2
"""Samples that are looked up: half a second knows a sentence."""
HOP: Final = RATE // 4
ALIKE: Final = 0.7
"""Correlation above which it is that sentence."""
CLEAR: Final = 0.8
"""Another sentence that is as much alike leaves it open which one it is."""
_LOUD: Final = 200.0
"""Root mean square below which a slice is a pause."""
_UNSAID: Final = (CLOSED, CODE, OVER, SEARCH, TALK)
"""Screens at which the voice is silent, or which no flow comes to."""
NOTICES: Final = ("goodbye", "no_input", "no_match", "wrong_code")
"""What is said beside screens."""
KEYED_MOBILE: Final = "010-0000-1012"
"""What a caller keys who is asked for a mobile number."""
HEARS_S: Final = 25.0


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
        heads = [_halved(np.concatenate([sound, gap])) for sound in sounds.values()]
        self._ends = np.cumsum([len(head) for head in heads])
        known = np.concatenate(heads)
        self._size = 1 << int(np.ceil(np.log2(len(known) + SLICE)))
        self._spectrum = np.fft.rfft(known, self._size)
        squares = np.concatenate([[0.0], np.cumsum(known.astype(np.float64) ** 2)])
        long = SLICE // 2
        self._power = np.sqrt(np.maximum(squares[long:] - squares[:-long], 1.0))

    def sentence(self, piece: Samples) -> str:
        """The sentence that a slice is part of, '' if of none. A slice across two sentences may look like a third, so
        believe only what is found twice in a row."""
        loudness = float(np.sqrt(np.mean(piece**2)))
        if len(piece) != SLICE or loudness < _LOUD:
            return ""
        halved = _halved(piece)
        found = np.fft.irfft(self._spectrum * np.conj(np.fft.rfft(halved, self._size)), self._size)[: len(self._power)]
        alike = found / self._power / float(np.linalg.norm(halved))
        place = int(np.argmax(alike))
        known = int(np.searchsorted(self._ends, place, "right"))
        best = alike[place]
        alike[self._ends[known - 1] if known else 0 : self._ends[known]] = 0.0
        # Words that two sentences share tell neither.
        return self._texts[known] if best > ALIKE and alike.max() < CLEAR * best else ""

    def sentences(self, heard: Samples) -> list[str]:
        """What was said, in order."""
        said: list[str] = []
        before = ""
        for at in range(0, len(heard) - SLICE + 1, HOP):
            text = self.sentence(heard[at : at + SLICE])
            if text and text == before and (not said or said[-1] != text):
                said.append(text)
            before = text
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
        before = ""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    heard = ear.heard()
                    while at + SLICE <= len(heard):
                        # In a thread: the node lives on this loop.
                        text = await asyncio.to_thread(self.sentence, heard[at : at + SLICE])
                        at += HOP
                        if text and text == before:
                            told.append(text)
                            if wanted(text):
                                return at
                        before = text
                    await asyncio.sleep(patience.STEP_S)
        except TimeoutError:
            raise AssertionError(f"not said; heard were {list(dict.fromkeys(told))}") from None


async def voice_of(menu: Menu, prompts: Prompts) -> Voice:
    """Every sentence of the menu in Korean, as the node says it."""
    by_screen: dict[str, set[str]] = {}
    texts: dict[str, voice.Piece] = {}
    for number in (True, False):
        state = begin("", menu, now(), has_number=number)
        for piece in voice.speech(state, Around(), now(), notice=voice.HOW_TO_JOIN):
            texts[piece.text] = piece
        for screen in menu.screens:
            there = replace(state, trail=(Stop(id=screen),), field=-1)
            if screen in _UNSAID:
                continue
            keyed = [place for place, field in enumerate(menu.screens[screen].fields) if field.kind in KEYED]
            for field in (-1, *keyed):
                for piece in voice.speech(replace(there, field=field), Around(), now()):
                    texts[piece.text] = piece
                    by_screen.setdefault(screen, set()).add(piece.text)
    for notice in NOTICES:
        text = say("ko", f"notice.{notice}")
        texts[text] = voice.Piece(text=text, language="ko")
    for text in (say("ko", "voice.mobile_ask"), say("ko", "voice.mobile_read_back", number=voice.digits(KEYED_MOBILE))):
        texts[text] = voice.Piece(text=text, language="ko")
    sounds = {text: _read(await prompts.path(text, "ko", piece.name)) for text, piece in texts.items()}
    return Voice(sounds, {screen: frozenset(_own(screen, by_screen)) for screen in by_screen})


def _own(screen: str, said: dict[str, set[str]]) -> Iterable[str]:
    others = set().union(*(texts for name, texts in said.items() if name != screen))
    return said[screen] - others


def _halved(sound: Samples) -> Samples:
    """At 4 kHz: speech is known by less than half of its band, and is found in a fourth of the time."""
    even = sound[: len(sound) // 2 * 2]
    return even[::2] + even[1::2]


def _read(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
