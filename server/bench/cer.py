"""Character error rate of texts as a desk has them: numbers in digits, spaces and punctuation left out. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from server.measuring.scores import score
from stt.text import tidy


def error_rate(pairs: Iterable[tuple[str, str]]) -> float:
    """Characters that must be changed to make what was heard what was said (said, heard), in percent of the said."""
    return score((tidy(said), tidy(heard)) for said, heard in pairs).cer
