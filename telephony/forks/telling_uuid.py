"""A UUID that says whose voice comes with it, for AudioSocket, which has no other words.

It is made in the dialplan, of decimal digits, and is a proper UUID of the kind that RFC 9562 section 5.8 leaves to
the application (version 8):

    CCCCCCCC-CCCC-8See-8eee-NNNNNNNNNNNN

    C  the call: 12 digits, the same for both voices, as ``${EPOCH}`` and two of the channel's number
    S  whose voice: c = the caller's, a = the agent's
    e  the agent's extension, 5 digits, filled with f before it (``f2`` and ``107``: 2107)
    N  the caller's number, 12 digits, filled with f before it; all f = withheld

Any other UUID is the key of a call of which only the caller is heard.
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from core.events import Party, Speaker
from telephony.forks.said import Opened

_FORM: Final = re.compile(r"(?P<call>\d{12})8(?P<speaker>[ca])(?P<e2>[\df]{2})8(?P<e3>[\df]{3})(?P<number>[\df]{12})")
_FILLED: Final = re.compile(r"f*(\d*)")
_SPEAKERS: Final[dict[str, Speaker]] = {"c": "caller", "a": "agent"}


def opened_by(raw: bytes) -> Opened:
    """What these 16 bytes say of the stream."""
    digits = raw.hex()
    form = _FORM.fullmatch(digits)
    extension = _FILLED.fullmatch(form["e2"] + form["e3"]) if form else None
    number = _FILLED.fullmatch(form["number"]) if form else None
    if form is None or extension is None or number is None:
        return Opened(call=str(UUID(bytes=raw)), speakers=("caller",))
    return Opened(
        call=form["call"],
        speakers=(_SPEAKERS[form["speaker"]],),
        caller=Party(number=number[1]),
        agent=Party(number=extension[1]),
    )


def telling_uuid(call: str, speaker: Speaker, *, number: str = "", extension: str = "") -> UUID:
    """The UUID as a dialplan makes it. ``ValueError`` for a call that has not 12 digits."""
    key = "a" if speaker == "agent" else "c"
    filled = extension[-5:].rjust(5, "f")
    made = UUID(hex=f"{call}8{key}{filled[:2]}8{filled[2:]}{number[-12:].rjust(12, 'f')}")
    if opened_by(made.bytes).call != call:
        raise ValueError("a call has 12 digits, an extension at most 5, a number at most 12")
    return made
