"""Prompts as the worker plays them: 8 kHz mono PCM in whole frames of 20 ms."""

from __future__ import annotations

import stat
import wave
from pathlib import Path
from typing import Final

from core.audio import FRAME_BYTES, RATE
from core.errors import BadInput

FOLDER = Path(__file__).parent / "prompts"
HOLD_MUSIC = "hold"
"""What a party hears while the other holds."""
LONGEST_S: Final = 600
"""Of one prompt, in seconds: 9.6 MB."""
_HEADERS: Final = 65_536
"""Bytes that a WAV file may have beside its samples."""

Clip = bytes
"""Samples; the length is a multiple of a frame's. (Cut while it plays: pieces would cost time when it is read.)"""


def load(folder: Path) -> dict[str, Clip]:
    """All prompts of a folder by name. ``BadInput`` names the file that cannot be played."""
    return {path.stem: clip_from(path) for path in sorted(folder.glob("*.wav"))}


def clip_from(path: Path) -> Clip:
    """A WAV file's samples, the last frame filled up with silence. ``OSError`` if it cannot be read."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise BadInput(f"{path.name} is no file")
    if about.st_size > LONGEST_S * RATE * 2 + _HEADERS:
        raise BadInput(f"{path.name} is longer than {LONGEST_S // 60} minutes; cut it, and let it be looped")
    try:
        with wave.open(str(path), "rb") as file:
            shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            pcm = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadInput(f"{path.name} is no WAV file ({error}); write it as 8 kHz, mono, 16 bits") from error
    if shape != (RATE, 1, 2):
        raise BadInput(f"{path.name} has {shape[0]} Hz, {shape[1]} channels; write it as 8 kHz, mono, 16 bits")
    return pcm + bytes(-len(pcm) % FRAME_BYTES)
