"""What a C++ library said before it took its process with it: the one line of many that says why. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_TELLING: Final = ("ERROR", "ASSERT", ".cc:", "terminate called", "what():")
"""Kaldi writes 'ERROR (VoskAPI:...' or 'ASSERTION_FAILED (...', sherpa-onnx its source file, C++ the exception."""
_LONGEST: Final = 300


def why(lines: Iterable[str]) -> str:
    """The line, cut to a bearable length; '' when none tells."""
    return next((line.strip()[:_LONGEST] for line in lines if any(mark in line for mark in _TELLING)), "")
