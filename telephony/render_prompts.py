"""Renders the shipped prompts: ``python -m telephony.render_prompts [FOLDER]`` (needs espeak-ng and sox).

The spoken ones by espeak-ng, whose output is free of any licence; the music is computed here and ours.
"""

from __future__ import annotations

import math
import subprocess
import sys
import wave
from array import array
from pathlib import Path
from tempfile import TemporaryDirectory

from core.audio import RATE
from telephony.prompts_folder import FOLDER

SPOKEN = {
    "connecting": "상담사를 연결하고 있습니다. 잠시만 기다려 주십시오.",
    "closing": "지금은 모든 상담사가 통화 중입니다. 잠시 후 다시 전화해 주십시오.",
    "fault": "죄송합니다. 일시적인 장애로 전화를 연결할 수 없습니다. 잠시 후 다시 전화해 주십시오.",
}
"""Prompts of words alone: name and text."""
WAITING = "모든 상담사가 통화 중입니다. 순서대로 연결해 드리겠습니다. 잠시만 기다려 주십시오."
"""Said between two stretches of a soft tone; looped."""
_LOUDNESS_DB = -16
_NOTES = (523.25, 659.26, 783.99, 659.26, 587.33, 698.46, 880.0, 698.46)
"""C major and D minor, broken: quiet, and with nothing that a recogniser takes for speech."""
_NOTE_S = 0.6


def main() -> None:
    """Write every prompt into the folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(exist_ok=True)
    for name, text in SPOKEN.items():
        _write(folder / f"{name}.wav", spoken(text) + silence(0.3))
    _write(folder / "waiting.wav", spoken(WAITING) + silence(0.5) + music(2) + silence(0.5))
    _write(folder / "hold.wav", music(2))


def spoken(text: str) -> array[int]:
    """Korean speech at telephone bandwidth."""
    with TemporaryDirectory() as folder:
        raw, out = Path(folder) / "raw.wav", Path(folder) / "out.wav"
        subprocess.run(["espeak-ng", "-v", "ko", "-s", "150", "-p", "45", "-w", str(raw), text], check=True)
        shape = ["-r", str(RATE), "-c", "1", "-b", "16"]
        subprocess.run(
            ["sox", "-D", str(raw), *shape, str(out), "sinc", "250-3400", "norm", str(_LOUDNESS_DB + 12)], check=True
        )
        with wave.open(str(out), "rb") as file:
            return array("h", file.readframes(file.getnframes()))


def music(times: int) -> array[int]:
    """A few plucked notes, again and again."""
    samples = array("h")
    for note in _NOTES * times:
        for index in range(int(_NOTE_S * RATE)):
            at = index / RATE
            fade = min(1.0, at / 0.02) * math.exp(-3.0 * at)
            tone = math.sin(2 * math.pi * note * at) + 0.3 * math.sin(4 * math.pi * note * at)
            samples.append(int(3500 * fade * tone))
    return samples


def silence(seconds: float) -> array[int]:
    """Nothing."""
    return array("h", bytes(2 * int(seconds * RATE)))


def _write(path: Path, samples: array[int]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


if __name__ == "__main__":
    main()
