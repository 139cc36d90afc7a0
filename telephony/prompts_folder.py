"""Prompts as the worker plays them: 20 ms pieces of 8 kHz mono PCM, read once."""

from __future__ import annotations

import wave
from pathlib import Path

from core.audio import FRAME_BYTES, RATE
from core.errors import BadInput

FOLDER = Path(__file__).parent / "prompts"
HOLD_MUSIC = "hold"
"""What a party hears while the other holds."""

Clip = tuple[bytes, ...]


def load(folder: Path) -> dict[str, Clip]:
    """All prompts of a folder by name. ``BadInput`` names the file that cannot be played."""
    return {path.stem: clip_from(path) for path in sorted(folder.glob("*.wav"))}


def clip_from(path: Path) -> Clip:
    """A WAV file in pieces, the last one filled up with silence."""
    try:
        with wave.open(str(path), "rb") as file:
            shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            pcm = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadInput(f"{path.name} is no WAV file ({error}); write it as 8 kHz, mono, 16 bits") from error
    if shape != (RATE, 1, 2):
        raise BadInput(f"{path.name} has {shape[0]} Hz, {shape[1]} channels; write it as 8 kHz, mono, 16 bits")
    return tuple(pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for at in range(0, len(pcm), FRAME_BYTES))
