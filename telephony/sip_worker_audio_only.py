"""A call is voices: no picture, and no text either."""

from __future__ import annotations

from typing import Any


def audio_only(options: Any, streams: int = 1) -> None:
    """Set a ``pj.CallSetting``. pjproject 2.16 learned real-time text (RFC 4103), offers it unless told not to, and
    takes two more ports for it; the wheel does not know the word."""
    options.audioCount = streams
    options.videoCount = 0
    if hasattr(options, "textCount"):
        options.textCount = 0
