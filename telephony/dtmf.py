"""Key presses, once each, whatever way an exchange sends them (RFC 4733 events, SIP INFO of two kinds)."""

from __future__ import annotations

import re

from core.events import KeyMethod

DIGITS = frozenset("0123456789*#ABCD")
SAME_PRESS_S = 0.4
"""The same key by another method within this time is the same press: some exchanges send it both ways."""

_SIGNAL = re.compile(r"^\s*Signal\s*=\s*([0-9*#A-Da-d]+)", re.MULTILINE | re.IGNORECASE)
_NUMBERED = {"10": "*", "11": "#", "12": "A", "13": "B", "14": "C", "15": "D"}


def info_digit(content_type: str, body: str) -> str:
    """The key in an INFO request: ``application/dtmf-relay`` ('Signal=5') or ``application/dtmf`` ('5'); '' if none."""
    match content_type.split(";")[0].strip().lower():
        case "application/dtmf-relay":
            found = _SIGNAL.search(body)
            text = found[1] if found else ""
        case "application/dtmf":
            text = body.strip()
        case _:
            return ""
    digit = _NUMBERED.get(text, text).upper()
    return digit if digit in DIGITS else ""


class KeyFold:
    """Folds what belongs to one press of one phone's key."""

    def __init__(self) -> None:
        self._last: tuple[str, KeyMethod, float] | None = None

    def is_press(self, digit: str, method: KeyMethod, at: float) -> bool:
        """Whether this is a new press; ``at`` in seconds, never going back."""
        last = self._last
        if digit not in DIGITS:
            return False
        if last is not None and last[0] == digit and last[1] != method and at - last[2] < SAME_PRESS_S:
            return False
        self._last = (digit, method, at)
        return True
