"""Opus and FLAC by libsndfile (``soundfile``): its wheels bring both encoders, and it writes into any file-like object.

PyAV would bring FFmpeg (80 MB) for the same; ``opuslib`` and ``pyflac`` need the system's libraries. Opus (RFC 6716) in
Ogg (RFC 7845) takes a quarter of FLAC's room, and no ear hears the difference on a telephone line; FLAC (RFC 9639) is
the line's sound bit by bit, for those who may need it as evidence.
"""

from __future__ import annotations

from typing import Final, Literal, Protocol

import soundfile

from core.audio import RATE
from records.recording.timeline import Stereo

Codec = Literal["opus", "flac", "wav"]
CONTENT: Final[dict[Codec, str]] = {
    "opus": "audio/ogg; codecs=opus",
    "flac": "audio/flac",
    "wav": "audio/wav",
}
SUFFIX: Final[dict[Codec, str]] = {"opus": ".opus", "flac": ".flac", "wav": ".wav"}
SUFFIX_OF: Final = {CONTENT[codec]: suffix for codec, suffix in SUFFIX.items()}
"""The same by media type: what a file is called that is handed out."""
_FORMAT: Final[dict[Codec, tuple[str, str]]] = {
    "opus": ("OGG", "OPUS"),
    "flac": ("FLAC", "PCM_16"),
    "wav": ("WAV", "PCM_16"),
}
_LEVEL: Final[dict[Codec, float | None]] = {"opus": 0.95, "flac": 0.5, "wav": None}
"""libsndfile's scale; of Opus it is the bit rate, 256 to 6 kbit/s a channel."""


class File(Protocol):
    """What libsndfile needs of a file."""

    def read(self, count: int = -1, /) -> bytes: ...
    def write(self, data: bytes, /) -> int: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


class Encoder:
    """Stereo, 8 kHz. ``close`` writes the rest; the file stays open."""

    def __init__(self, file: File, codec: Codec) -> None:
        container, subtype = _FORMAT[codec]
        level = _LEVEL[codec]
        settings = {} if level is None else {"compression_level": level}
        self._sound = soundfile.SoundFile(file, "w", RATE, 2, subtype, format=container, **settings)

    def put(self, block: Stereo) -> None:
        """The next samples."""
        self._sound.write(block)

    def close(self) -> None:
        """No more come."""
        self._sound.close()


def decode(file: File, start_s: float = 0.0, seconds: float | None = None) -> Stereo:
    """The samples of a part."""
    with soundfile.SoundFile(file) as sound:
        sound.seek(min(round(start_s * RATE), sound.frames))
        count = -1 if seconds is None else round(seconds * RATE)
        samples: Stereo = sound.read(count, dtype="int16", always_2d=True)
        return samples
