"""Renders the shipped prompts: ``python -m telephony.render_prompts [FOLDER]`` (needs espeak-ng).

The spoken ones by espeak-ng, whose output is free of any licence; the music is computed here and ours.
"""

from __future__ import annotations

import asyncio
import math
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.audio import RATE
from core.spoken import Speech, Voice, write_wav
from telephony.prompts_folder import FOLDER

SPOKEN = {
    "connecting": "상담사를 연결하고 있습니다. 잠시만 기다려 주십시오.",
    "closing": "지금은 모든 상담사가 통화 중입니다. 잠시 후 다시 전화해 주십시오.",
    "fault": "죄송합니다. 일시적인 장애로 전화를 연결할 수 없습니다. 잠시 후 다시 전화해 주십시오.",
}
"""Prompts of words alone: name and text."""
RECORDING = {
    "recording-notice": "안내드립니다. 정확한 상담을 위하여 통화 내용이 녹음될 수 있습니다.",
    "recording-consent": "정확한 상담을 위하여 통화 내용을 녹음하려고 합니다. "
    "동의하시면 1번, 원하지 않으시면 2번을 눌러 주세요.",
}
"""Of recordings, as the visual ARS says them in its languages (``ars/words``)."""
RECORDING_EN = {
    "recording-notice-en": "Please note: this call may be recorded so that you are advised correctly.",
    "recording-consent-en": "We would like to record this call so that you are advised correctly. "
    "If you agree, press 1; if you do not, press 2.",
}
"""For everybody whose language no voice here speaks."""
WAITING = "모든 상담사가 통화 중입니다. 순서대로 연결해 드리겠습니다. 잠시만 기다려 주십시오."
"""Said between two stretches of a soft tone; looped."""
_VOICE = Voice(pitch=45, speed=150)
_ENGLISH = Voice(name="en-us", pitch=45, speed=150)
_C, _D_MINOR = (523.25, 659.26, 783.99, 659.26), (587.33, 698.46, 880.0, 698.46)
_A_MINOR, _G = (440.0, 523.25, 659.26, 523.25), (392.0, 493.88, 587.33, 493.88)
"""Broken chords: quiet, and with nothing that a recogniser takes for speech."""
_NOTE_S = 0.6


def main() -> None:
    """Write every prompt into the folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(exist_ok=True)
    for name, text in (SPOKEN | RECORDING).items():
        _write(folder / f"{name}.wav", spoken(text) + silence(0.3))
    for name, text in RECORDING_EN.items():
        _write(folder / f"{name}.wav", spoken(text, _ENGLISH) + silence(0.3))
    _write(folder / "waiting.wav", spoken(WAITING) + silence(0.5) + music((*_C, *_D_MINOR) * 2) + silence(0.5))
    _write(folder / "hold.wav", music((*_C, *_D_MINOR) * 2))
    # For a queue whose position is spoken by the visual ARS between two rounds: no words, longer until it repeats.
    _write(folder / "music.wav", music((*_C, *_A_MINOR, *_D_MINOR, *_G) * 2))
    # The screen changed because it was touched: heard by who holds the phone at the ear.
    _write(folder / "ding.wav", notes([(1046.5, 0.12), (1318.51, 0.28)], loudness=2200, decay=9.0))


def spoken(text: str, voice: Voice = _VOICE) -> array[int]:
    """Speech at telephone bandwidth."""
    return array("h", asyncio.run(Speech().say(text, voice)).tobytes())


def music(frequencies: Sequence[float]) -> array[int]:
    """A few plucked notes."""
    return notes([(frequency, _NOTE_S) for frequency in frequencies], loudness=3500, decay=3.0)


def notes(played: Sequence[tuple[float, float]], *, loudness: int, decay: float) -> array[int]:
    """Notes of (Hz, seconds), each dying away; ``decay`` in nepers a second."""
    samples = array("h")
    for note, seconds in played:
        for index in range(int(seconds * RATE)):
            at = index / RATE
            fade = min(1.0, at / 0.02) * math.exp(-decay * at)
            tone = math.sin(2 * math.pi * note * at) + 0.3 * math.sin(4 * math.pi * note * at)
            samples.append(int(loudness * fade * tone))
    return samples


def silence(seconds: float) -> array[int]:
    """Nothing."""
    return array("h", bytes(2 * int(seconds * RATE)))


def _write(path: Path, samples: array[int]) -> None:
    write_wav(path, np.frombuffer(samples.tobytes(), np.int16))
    path.chmod(0o644)


if __name__ == "__main__":
    main()
