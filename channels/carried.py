"""What becomes of a text on its way through the carriers, sign by sign: told before it is sent. Pure.

``channels.sms_text`` has the rules; here they are applied piece by piece, each with its place in what was written, so
that the desk can show which sign, where, and what the citizen will read instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal

import msgspec

from channels.sms_text import LMS_BYTES, SMS_BYTES, byte_length, written
from core.errors import BadInput

Fate = Literal["rewritten", "left_out", "refused"]
"""'rewritten' = the carriers have another sign for it; 'left_out' = decoration such as emoji; 'refused' = a letter that
no text message can carry (half a Hangul syllable, another script): with it the text is not sent."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that does not arrive as it was written."""

    start: int
    """Place in what was written, characters."""
    end: int
    """Place behind it."""
    sign: str
    """As it was written."""
    fate: Fate
    """What becomes of it."""
    becomes: str = ""
    """What is read instead."""


def changes(text: str) -> list[Change]:
    """All of them, in order; neighbours that are left out are one ('👨‍👩‍👧' is five signs of Unicode)."""
    found: list[Change] = []
    for start, end in _pieces(text):
        change = _change(text, start, end)
        if change is None:
            continue
        last = found[-1] if found else None
        if last is not None and last.end == start and last.fate == change.fate == "left_out":
            found[-1] = msgspec.structs.replace(last, end=end, sign=text[last.start : end])
        else:
            found.append(change)
    return found


def _change(text: str, start: int, end: int) -> Change | None:
    sign = text[start:end]
    plain = unicodedata.normalize("NFC", sign)
    try:
        carried = "".join(map(written, plain))
    except BadInput:
        return Change(start=start, end=end, sign=sign, fate="refused")
    if carried == plain or sign in ("\r", "\t", "\u00a0"):
        return None  # as it was, or a blank for a blank: nobody sees a difference
    return Change(start=start, end=end, sign=sign, fate="rewritten" if carried else "left_out", becomes=carried)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Places of signs as people see them: with what is written above and below, and Hangul syllables whole, of which
    some programs write the parts one by one (macOS)."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _belongs(text[place]):
            yield start, place
            start = place


def _belongs(sign: str) -> bool:
    """To the sign before it: an accent, or a vowel or a final consonant of Hangul."""
    return bool(unicodedata.combining(sign)) or "\u1160" <= sign <= "\u11ff"


def places_of_cuts(carried: str) -> tuple[int, int]:
    """How many characters of a carried text fit into 90 bytes (an SMS), and into 2000 (an LMS)."""
    return _fits(carried, SMS_BYTES), _fits(carried, LMS_BYTES)


def _fits(carried: str, limit: int) -> int:
    left = limit
    for place, sign in enumerate(carried):
        left -= byte_length(sign)
        if left < 0:
            return place
    return len(carried)
